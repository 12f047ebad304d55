"""The documents of a run beside what is erased from it while they are made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import rmatch
from rmatch import examples
from rmatch.errors import RunFolderError
from rmatch.matching import Matching
from rmatch.rematching.erasing import erase
from rmatch.reports.documents import write_documents
from rmatch.run_folder import DOCUMENTS, LETTERS_FOLDER, documents_in


@pytest.fixture(scope="module")
def east() -> Matching:
    """Everybody has a partner."""
    return rmatch.solve(examples.path("east-of-england"))


def written(matching: Matching, run: Path) -> None:
    """All documents, with nothing solved for them."""
    write_documents(matching, run, time_limit=0)


def test_nothing_is_written_of_somebody_who_was_erased_since(
    east: Matching, tmp_path: Path
) -> None:
    """The matching was read before; what is read again afterwards has its documents."""
    run = east.save(tmp_path / "run")
    erase(run, "M01")
    with pytest.raises(RunFolderError, match="load it again"):
        written(east, run)
    assert documents_in(run) == ()
    written(Matching.load(run), run)
    assert documents_in(run) == DOCUMENTS


def test_documents_written_while_somebody_is_erased_do_not_stay(
    east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither those before the erasure nor those after it."""
    run = east.save(tmp_path / "run")
    letters = Matching.letters

    def erased_meanwhile(matching: Matching, folder: Path, **options: Any) -> Path:
        erase(run, "M01")
        return letters(matching, folder, **options)

    monkeypatch.setattr(Matching, "letters", erased_meanwhile)
    with pytest.raises(RunFolderError, match="load it again"):
        written(east, run)
    assert documents_in(run) == ()


def test_letters_are_never_written_where_a_link_leads(east: Matching, tmp_path: Path) -> None:
    """Erasing would remove the link and leave the letters."""
    run, elsewhere = east.save(tmp_path / "run"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (run / LETTERS_FOLDER).symlink_to(elsewhere)
    written(east, run)
    assert list(elsewhere.iterdir()) == []
    assert not (run / LETTERS_FOLDER).is_symlink()
