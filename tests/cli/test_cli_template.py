"""``rmatch template``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import rmatch


def test_the_template_is_written_and_loads(call: Any, tmp_path: Path) -> None:
    called = call("template", "cohort.xlsx")
    assert (called.code, called.err) == (0, "")
    assert "rmatch check cohort.xlsx" in called.out
    assert len(rmatch.load(tmp_path / "cohort.xlsx").mentors) == 0


def test_a_file_is_replaced_only_when_forced(call: Any, tmp_path: Path) -> None:
    path = tmp_path / "cohort.xlsx"
    path.write_bytes(b"mine")
    called = call("template", path)
    assert (called.code, called.out, path.read_bytes()) == (1, "", b"mine")
    assert "--force" in called.err
    assert call("template", path, "--force").code == 0
    assert path.read_bytes() != b"mine"


def test_an_example_is_written_as_a_workbook_that_loads(call: Any, tmp_path: Path) -> None:
    """``--example`` gives a cohort to practise on, the same as the shipped one."""
    called = call("template", "cohort.xlsx", "--example", "east-of-england")
    assert (called.code, called.err) == (0, "")
    assert called.out == (
        "Wrote cohort.xlsx: the example east-of-england, all of it invented\n\n"
        "Next:\n  rmatch check cohort.xlsx\n"
    )
    shipped = rmatch.load(rmatch.examples.path("east-of-england"))
    assert rmatch.load(tmp_path / "cohort.xlsx") == shipped


def test_an_example_replaces_no_file_unasked(call: Any, tmp_path: Path) -> None:
    """A file that is there stands, as with the empty workbook."""
    path = tmp_path / "cohort.xlsx"
    path.write_bytes(b"mine")
    assert call("template", path, "--example", "two-trusts").code == 1
    assert path.read_bytes() == b"mine"


def test_an_unknown_example_lists_the_known(call: Any, tmp_path: Path) -> None:
    """A wrong name is a wrong call, and nothing is written."""
    called = call("template", "cohort.xlsx", "--example", "nowhere")
    assert called.code == 2
    assert all(name in called.err for name in rmatch.examples.names())
    assert list(tmp_path.iterdir()) == []


def test_the_name_must_be_that_of_a_workbook(call: Any) -> None:
    called = call("template", "cohort.csv")
    assert called.code == 2
    assert ".xlsx" in called.err


def test_a_folder_that_does_not_exist_is_said(call: Any) -> None:
    called = call("template", "nowhere/cohort.xlsx")
    assert called.code == 1
    assert "nowhere" in called.err
    assert "Traceback" not in called.err


def test_a_missing_library_names_its_pip_command(call: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    called = call("template", "cohort.xlsx")
    assert called.code == 2
    assert "pip install 'rmatch[coordinator]'" in called.err


@pytest.mark.parametrize("command", ["demo", "template", "check", "solve", "explain"])
def test_every_command_has_help_within_80_columns(call: Any, command: str) -> None:
    called = call(command, "--help")
    assert called.code == 0
    assert max(map(len, called.out.splitlines())) <= 80
