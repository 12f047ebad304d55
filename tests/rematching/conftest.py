"""Runs that several tests copy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from small_runs import small_programme

import rmatch


@pytest.fixture(scope="session")
def small() -> rmatch.Matching:
    """The small programme, solved once."""
    return rmatch.solve(small_programme())


@pytest.fixture(scope="session")
def template(small: rmatch.Matching, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its run folder, not to be written to."""
    return small.save(tmp_path_factory.mktemp("small") / "run")


@pytest.fixture
def run(template: Path, tmp_path: Path) -> Path:
    """A run folder of one's own."""
    return Path(shutil.copytree(template, tmp_path / "run"))


@pytest.fixture
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for the disk: no power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def pair(small: rmatch.Matching) -> tuple[str, str]:
    """The first pair that was made."""
    return small.pairs[0].mentor, small.pairs[0].mentee
