"""Every command that a tutorial or how-to shows is run, in order, and prints what is shown.

A page is followed from an empty folder. Beside its ``console`` blocks these comments, which a
reader does not see, do what the text around them tells the reader to do:

- ``<!-- cell: cohort.xlsx, Mentors, M04, grade: ST44 -->`` writes a cell of a workbook;
- ``<!-- file: mapping.toml -->`` keeps the block below it under that name;
- ``<!-- run: rmatch solve cohort.xlsx -->`` runs what an earlier page left behind.

In what is shown, ``…`` stands for anything within a line, and alone for any lines. Where nothing is
shown, nothing is compared. A block marked ``fails`` ends in a failure, one marked ``no-run`` is not
run and starts with a comment that gives the reason.
"""

from __future__ import annotations

import json
import logging
import re
import runpy
import shlex
import tomllib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

import rmatch
from rmatch.cli.app import app

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    path for name in ("tutorials", "howto") for path in (ROOT / "docs" / name).glob("*.md")
)
COORDINATOR = ROOT / "docs" / "tutorials" / "coordinator.md"
DEVELOPER = ROOT / "docs" / "tutorials" / "developer.md"

STEP = re.compile(
    r"^<!-- (?P<what>cell|file|run): (?P<how>.+?) -->$"
    r"|^```(?P<info>[^\n`]*)\n(?P<code>.*?)^```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
CELL = re.compile(r"(?P<file>\S+), (?P<sheet>\w+), (?P<row>\S+), (?P<column>\w+): (?P<value>.*)")


@dataclass(frozen=True)
class Command:
    """A command of a block, and what the page shows below it."""

    text: str
    shown: str
    fails: bool = False


# -------------------------------------------------------------------------------- reading the pages


def commands_of(info: str, code: str) -> list[Command]:
    """The ``$`` lines of a console block, each with the lines up to the next."""
    marks = info.split()
    if marks[:1] != ["console"] or "no-run" in marks:
        return []
    parts = re.split(r"^\$ (.+)\n", code, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block starts with a command, not {parts[0]!r}"
    texts, shown = parts[1::2], parts[2::2]
    last = len(texts) - 1
    return [
        Command(text, below, fails="fails" in marks and k == last)
        for k, (text, below) in enumerate(zip(texts, shown, strict=True))
    ]


def matches(shown: str, printed: str) -> bool:
    """Whether a page's lines are what was printed, but for ``…`` and spaces at a line's end."""
    wanted = "".join(
        r"(?:.*\n)*?"
        if line.strip() == "…"
        else ".*?".join(map(re.escape, line.rstrip().split("…"))) + r"\n"
        for line in shown.strip("\n").splitlines()
    )
    lines = [line.rstrip() for line in printed.strip("\n").splitlines()]
    return re.fullmatch(wanted, "".join(f"{line}\n" for line in lines)) is not None


# ----------------------------------------------------------------------------------- following them


def run_command(command: Command) -> None:
    """One ``rmatch`` command in this process; what it prints on either stream is compared."""
    name, *arguments = shlex.split(command.text, comments=True)
    assert name == "rmatch", f"only rmatch is run here: {command.text}"
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert (result.exit_code != 0) == command.fails, f"$ {command.text}\n{result.output}"
    if command.shown.strip():
        told = f"$ {command.text}\nprinted\n{result.output}\nthe page shows\n{command.shown}"
        assert matches(command.shown, result.output), told


def write_cell(how: str) -> None:
    """Put a value into somebody's row of a workbook, or into a new row where there is none."""
    cell = CELL.fullmatch(how)
    assert cell, how
    book = openpyxl.load_workbook(cell["file"])
    sheet = book[cell["sheet"]]
    column = [heading.value for heading in sheet[1]].index(cell["column"])
    ids = [str(row[0].value) for row in sheet.iter_rows()]
    if cell["row"] not in ids:
        sheet.append([cell["row"]])
        ids.append(cell["row"])
    sheet.cell(ids.index(cell["row"]) + 1, column + 1, cell["value"])
    book.save(cell["file"])


def steps_of(page: Path) -> Iterator[re.Match[str]]:
    """The comments and blocks of a page, in order."""
    return STEP.finditer(page.read_text(encoding="utf-8"))


def follow(page: Path) -> list[str]:
    """Do all that a page says, in the present folder; returns the commands that were run."""
    done, keep_as = [], None
    for step in steps_of(page):
        if step["what"] == "cell":
            write_cell(step["how"])
        elif step["what"] == "file":
            keep_as = step["how"]
        elif step["what"] == "run":
            run_command(Command(step["how"], ""))
        elif keep_as is not None:
            Path(keep_as).write_text(step["code"], encoding="utf-8")
            keep_as = None
        else:
            for command in commands_of(step["info"], step["code"]):
                run_command(command)
                done.append(command.text)
    return done


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_can_be_followed(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an empty folder, every command works and prints what the page shows."""
    monkeypatch.chdir(tmp_path)
    follow(page)


def test_the_coordinators_tutorial_shows_its_commands() -> None:
    """The test above is not passed by finding nothing, and nothing but installing is left out."""
    run, left_out = [], []
    for step in steps_of(COORDINATOR):
        if (step["info"] or "").startswith("console"):
            run += [command.text for command in commands_of(step["info"], step["code"])]
            if "no-run" in step["info"]:
                left_out += re.findall(r"^\$ (.+)$", step["code"], re.MULTILINE)
    assert {text.split()[1] for text in run} >= {
        *("template", "check", "solve", "explain", "approve", "letters", "rematch")
    }
    assert left_out
    assert all("-m pip install" in text for text in left_out)


def test_what_is_installed_is_offered() -> None:
    """The extras that a page installs are extras of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for page in PAGES:
        for extras in re.findall(r"rmatch\[([\w,]+)\]", page.read_text(encoding="utf-8")):
            assert set(extras.split(",")) <= set(project["optional-dependencies"]), page.name


def test_a_block_that_is_not_run_says_why() -> None:
    """A block marked ``no-run`` starts with a comment that gives the reason."""
    for page in PAGES:
        for step in steps_of(page):
            if "no-run" in (step["info"] or "").split():
                assert re.match(r"# .{10,}", step["code"]), page.name


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a  \nb\n\n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\n", "a\n", True),
        ("2  … approved\n", "2  2026-09-01 09:30 approved\n", True),
        ("a\nc\n", "a\nb\nc\n", False),
        ("a … b\n", "a\nb\n", False),
        ("a\n", "a\nb\n", False),
        ("a.b\n", "axb\n", False),
    ],
)
def test_what_is_shown_is_compared_line_by_line(shown: str, printed: str, same: bool) -> None:
    """Only ``…`` and spaces at the end of a line may differ."""
    assert matches(shown, printed) is same


# ----------------------------------------------------------------------------- the developer's page


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The service of the developer's tutorial, called without a server."""
    monkeypatch.chdir(tmp_path)
    follow(DEVELOPER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the test client, about what stands behind it
        from fastapi.testclient import TestClient
    module = runpy.run_path("app.py")
    return TestClient(module["app"])


def posted(name: str) -> dict[str, Any]:
    """An example cohort as a client would post it."""
    programme = rmatch.load(rmatch.examples.path(name))
    content = json.loads(programme.model_dump_json())
    return {key: content[key] for key in ("mentors", "mentees", "conflicts", "history")}


def test_the_service_answers_with_the_matching(client: Any) -> None:
    """A cohort posted as JSON comes back as the matching that the library makes of it."""
    answer = client.post("/matchings", json=posted("two-trusts"))
    assert answer.status_code == 200
    assert answer.json() == rmatch.solve(rmatch.load(**posted("two-trusts"))).to_dict()


def test_the_service_lists_every_problem(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is wrong comes back as a list with places; the log has nobody's name."""
    caplog.set_level(logging.DEBUG)
    cohort = {
        "mentors": [{"id": "M1", "name": "Asha Bell", "grade": "ST44"}],
        "mentees": [{"id": "S1", "choices": "Asha Bull"}],
    }
    answer = client.post("/matchings", json=cohort)
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert [(one["person"], one["column"]) for one in problems] == [
        ("M1", "grade"),
        ("S1", "choices"),
    ]
    assert problems[0]["suggestions"] == ["Specialty Training Year 4"]
    assert "a cohort with 2 problems" in caplog.text
    assert "Asha" not in caplog.text + answer.text


def test_the_service_says_what_cannot_hold(client: Any) -> None:
    """Statements that clash are a conflict, with their names."""
    cohort = posted("two-trusts")
    mentor, other = (person["id"] for person in cohort["mentors"][:2])
    mentee = cohort["mentees"][0]["id"]
    stated = f"{mentor} with {mentee}; {other} with {mentee}"
    answer = client.post(
        "/matchings", json={**cohort, "settings": {"must_pair": stated, "must_not_pair": stated}}
    )
    assert answer.status_code == 409
    assert f"must_pair {mentor} {mentee}" in answer.json()["problem"]


def test_the_service_reads_no_file_of_its_own(client: Any, tmp_path: Path) -> None:
    """A path in the place of a table is refused."""
    (tmp_path / "mentors.csv").write_text("id\nM1\n", encoding="utf-8")
    answer = client.post("/matchings", json={"mentors": "mentors.csv", "mentees": []})
    assert answer.status_code == 422
