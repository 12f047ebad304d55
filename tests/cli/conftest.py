"""The command line called in this process, and the runs that several tests read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rmatch
from rmatch.audit import Audit
from rmatch.audit.report import Finding, FindingKind
from rmatch.cli.app import app
from rmatch.matching import Matching


@dataclass(frozen=True)
class Called:
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Stdout as the one JSON document it must be."""
        return dict(json.loads(self.out))


def call(*arguments: object) -> Called:
    """``rmatch`` with these arguments; any exception but an exit is the test's failure."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Called(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(name="call")
def _call() -> Any:
    return call


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run folder of each example."""
    folder = tmp_path_factory.mktemp("runs")
    made = {}
    for name in rmatch.examples.names():
        made[name] = rmatch.solve(rmatch.examples.path(name)).save(folder / name)
    return made


@pytest.fixture
def _failing_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "M01 – S04 may not be paired: line_manager"
    finding = Finding(FindingKind.ILLEGAL_PAIR, ("M01", "S04"), None, None, message)
    monkeypatch.setattr(Matching, "verify", lambda _: Audit(False, (finding,), ()))
