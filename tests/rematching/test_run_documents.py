"""Documents in a run folder: they go with the pairs and the people that they tell of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from small_runs import ERASED_ID, ERASED_NAME, everything, small_programme

import rmatch
from rmatch.errors import RunFolderError
from rmatch.rematching.erasing import erase, purge
from rmatch.run_folder import DOCUMENTS, LETTERS_FOLDER, REPORT_FILE, documents_in


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A run with every document, each telling of the person who is to be erased."""
    run = rmatch.solve(small_programme(ends=date(2026, 7, 31))).save(tmp_path / "run")
    for name in DOCUMENTS:
        if name == LETTERS_FOLDER:
            (run / name).mkdir()
            (run / name / "M1.md").write_text(ERASED_NAME)
        else:
            (run / name).write_text(ERASED_NAME)
    return run


def test_documents_go_with_who_is_erased(told: Path) -> None:
    """They are removed, said to be, and nobody's name is left in any byte."""
    assert erase(told, ERASED_ID).removed == DOCUMENTS
    assert documents_in(told) == ()
    assert ERASED_NAME.encode() not in everything(told)


def test_documents_are_purged(told: Path) -> None:
    """What is left of a purged run tells of nobody."""
    done = purge(told, before=date(2026, 8, 1))
    assert done.purged == (told,)
    assert done.untouched == ()
    assert documents_in(told) == ()


def test_documents_of_the_pairs_before_go_when_a_run_is_replaced(told: Path) -> None:
    """No report of other pairs is left beside the new ones."""
    rmatch.Matching.load(told).save(told, force=True)
    assert documents_in(told) == ()


def test_a_run_is_not_replaced_where_somebody_put_a_file_among_the_letters(told: Path) -> None:
    """It would be lost; the message names it."""
    (told / LETTERS_FOLDER / "phone list.docx").write_text("keep me")
    with pytest.raises(RunFolderError, match=r"phone list\.docx"):
        rmatch.Matching.load(told).save(told, force=True)
    assert documents_in(told) == DOCUMENTS


def test_a_link_is_removed_and_not_what_it_leads_to(run: Path, tmp_path: Path) -> None:
    """A document that is a link elsewhere goes; the file elsewhere stays."""
    elsewhere = tmp_path / "elsewhere.html"
    elsewhere.write_text("mine")
    (run / REPORT_FILE).symlink_to(elsewhere)
    erase(run, ERASED_ID)
    assert documents_in(run) == ()
    assert elsewhere.read_text() == "mine"
