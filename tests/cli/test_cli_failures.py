"""Errors in words and in JSON, with their exit codes."""

from __future__ import annotations

import json

import pytest
import typer

from rmatch.cli.failures import failures_told
from rmatch.cli.problems import problems_text
from rmatch.errors import (
    InfeasibleError,
    InputError,
    MissingExtraError,
    Place,
    Problem,
    RmatchError,
    RunFolderError,
)

ERRORS = [
    (InfeasibleError(["M1 – S1 is forced", "M1 – S1 is forbidden"]), "infeasible", 1),
    (InputError([Problem("is missing")]), "input", 1),
    (MissingExtraError("openpyxl", "coordinator", "This"), "missing_extra", 2),
    (RunFolderError("run is damaged"), "run_folder", 1),
    (RmatchError("something else"), "rmatch", 1),
]


@pytest.mark.parametrize(("error", "kind", "code"), ERRORS, ids=[kind for _, kind, _ in ERRORS])
def test_every_error_has_a_kind_words_and_an_exit_code(
    error: RmatchError, kind: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for as_json in (True, False):
        with pytest.raises(typer.Exit) as left, failures_told(as_json=as_json):
            raise error
        assert left.value.exit_code == code
        assert left.value.__suppress_context__
        captured = capsys.readouterr()
        if as_json:
            document = json.loads(captured.out)
            assert (document["schema_version"], document["error"]["kind"]) == (1, kind)
            assert captured.err == ""
        else:
            assert captured.out == ""
            assert captured.err.strip()


def test_what_clashes_is_listed_for_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), failures_told(as_json=True):
        raise InfeasibleError(["a", "b"])
    assert json.loads(capsys.readouterr().out)["error"]["statements"] == ["a", "b"]


def test_a_mistake_in_the_program_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), failures_told():
        _ = 1 // 0


def test_problems_are_grouped_by_sheet_and_those_of_no_file_stand_alone() -> None:
    problems = [
        Problem("is empty", Place("c.xlsx", "Mentors")),
        Problem("is missing", Place("c.xlsx", "Mentees", 3, "id")),
        Problem("is blank", Place("c.xlsx", "Mentors", 2, "id", "M1")),
        Problem("is nowhere"),
    ]
    assert problems_text(problems).splitlines() == [
        "  - is nowhere",
        "c.xlsx, sheet Mentors:",
        "  - is empty",
        "  - row 2, column id (M1): is blank",
        "c.xlsx, sheet Mentees:",
        "  - row 3, column id: is missing",
    ]
