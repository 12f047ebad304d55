"""What is said of a matching that an algorithm made: never that levels or the time decided it."""

from __future__ import annotations

from pathlib import Path

import pytest

import rmatch
from rmatch.explaining.why_not import Reason
from rmatch.matching import Matching

EAST = rmatch.examples.path("east-of-england")


@pytest.fixture(scope="module")
def greedy() -> Matching:
    """Three pairs short of what is possible."""
    return rmatch.solve(EAST, strategy="greedy")


def test_the_levels_are_said_to_be_counted(greedy: Matching) -> None:
    """In text and in a notebook, without a word of what was not reached."""
    for text in (str(greedy), greedy._repr_html_()):
        assert "Made by greedy, and counted afterwards at these levels" in text
        assert "not reached" not in text


def test_a_repair_is_told_to_whoever_reads(tmp_path: Path) -> None:
    """What an algorithm is known for need not hold any more, as that none of its pairs blocks."""
    few = rmatch.Quota(name="few", maximum=3)
    found = rmatch.solve(EAST, strategy="deferred_acceptance", constraints=[few])
    words = "ade by deferred_acceptance, repaired to keep what is stated, "
    page = found.to_html(tmp_path / "panel.html", time_limit=0).read_text()
    for text in (str(found), found._repr_html_(), page):
        assert words in text


def test_why_not_compares_and_says_that_no_level_decided(greedy: Matching) -> None:
    """With a pair that was not made a better matching is known: unproved, and by how much."""
    told = greedy.why_not("M01", "S01")
    assert told.reason is Reason.UNPROVED
    assert not told.is_exact
    assert (told.level, told.made, told.forced) == ("pairs", 11, 14)
    assert str(told).startswith("The matching was made by greedy, which does not go by levels")
    assert told.alternative is not None
    assert told.alternative.algorithm is None
    assert told.alternative.verify().ok


def test_who_has_no_partner_is_not_told_to_wait_longer(greedy: Matching) -> None:
    """More time would change nothing; a strategy that proves its levels would."""
    text = str(greedy.explain("M04"))
    assert "made by greedy, which does not look for the most people matched" in text
    assert "The strategy best_score would match M04." in text
    assert "more time" not in text
    assert "Solving again" not in text


def test_reports_do_not_blame_the_time(greedy: Matching, tmp_path: Path) -> None:
    """A panel reads which strategy was used, and that a better matching may exist."""
    page = greedy.to_html(tmp_path / "panel.html", time_limit=0).read_text()
    assert "made by greedy, not proved the best" in page
    assert "which does not go by aims" in page
    assert "The time was up" not in page


def test_a_saved_run_knows_its_algorithm(greedy: Matching, tmp_path: Path) -> None:
    """Strategy, method and levels come back; what was edited by hand is nobody's algorithm."""
    loaded = Matching.load(greedy.save(tmp_path / "run"))
    assert (loaded.strategy, loaded.algorithm) == ("greedy", "greedy")
    assert loaded.objectives == greedy.objectives
    edited = greedy.check_pairs([(pair.mentor, pair.mentee) for pair in greedy.pairs[1:]]).matching
    assert edited is not None
    assert edited.algorithm is None


def test_a_changed_programme_is_matched_by_the_same_algorithm(greedy: Matching) -> None:
    """A what-if and a rematch, which breaks no pair that it need not break."""
    assert greedy.what_if(settings={"seed": 3}).algorithm == "greedy"
    other = greedy.what_if(settings={"strategy": "best_score"})
    assert (other.algorithm, len(other.pairs)) == (None, 14)
    gone = greedy.pairs[0].mentor
    later = rmatch.rematch(greedy, withdrawn=[gone])
    assert later.algorithm == "greedy"
    assert later.objectives["changes"] == 0
    kept = {(pair.mentor, pair.mentee) for pair in greedy.pairs[1:]}
    assert kept <= {(pair.mentor, pair.mentee) for pair in later.pairs}


def test_a_rematch_without_time_breaks_no_pair_for_want_of_it(greedy: Matching) -> None:
    """What stands is kept before anything is looked for."""
    gone = greedy.pairs[0].mentor
    later = rmatch.rematch(greedy, withdrawn=[gone], time_limit=0)
    assert later.objectives["changes"] == 0
    assert later.verify().ok


def test_other_questions_are_answered_by_the_levels(greedy: Matching) -> None:
    """What breaking pairs would buy, and what every good matching holds, need a proof."""
    curve = greedy.trade_off(withdrawn=[greedy.pairs[0].mentor])
    assert all(point.matching.algorithm is None for point in curve.points)
    assert max(len(point.matching.pairs) for point in curve.points) == 13


def test_weights_are_not_blamed_for_what_an_algorithm_did(greedy: Matching) -> None:
    """Under any weights the best matching is another one: the question makes no sense."""
    with pytest.raises(ValueError, match="greedy does not look for the best matching"):
        greedy.robustness(draws=1)
    assert len(greedy.backbone().every) > len(greedy.pairs)


def test_the_settings_name_an_algorithm() -> None:
    """As they name any strategy."""
    programme = rmatch.load(EAST)
    settings = programme.settings.model_copy(update={"strategy": "boston"})
    assert rmatch.solve(programme.replace(settings=settings)).algorithm == "boston"
