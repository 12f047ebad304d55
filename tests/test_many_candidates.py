"""Very many candidates: verified by columns, bounded over all pairs, shown in part."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rmatch
from rmatch.audit import FindingKind as Kind
from rmatch.certificate import Certificate
from rmatch.explaining import score_bound as bounding
from rmatch.generating import CohortShape, generate
from rmatch.matching.by_columns import with_columns
from rmatch.scoring import scoring
from rmatch.testing import programmes

FORTY = CohortShape(mentors=40, mentees=35, deaneries=4, specialties=8)
SQUARE = CohortShape(mentors=30, mentees=30, deaneries=4, specialties=8, mentee_capacity=(1.0,))
LEVELS = ("pairs", "score")
NOTHING = rmatch.Audit(ok=True, findings=(), notes=())


def best_score(programme: rmatch.Programme, places_of: rmatch.Instance) -> int:
    """The most that any matching of some people scores, by trying every set of pairs."""
    instance = rmatch.score(programme, candidates="all").instance
    best = 0
    mentors, mentees = places_of.mentor_capacity, places_of.mentee_capacity
    places = int(min(mentors.sum(), mentees.sum()))
    for size in range(1, min(places, instance.n_pairs) + 1):
        for some in combinations(range(instance.n_pairs), size):
            chosen = list(some)
            loads = (
                np.bincount(instance.mentor[chosen], minlength=instance.n_mentors),
                np.bincount(instance.mentee[chosen], minlength=instance.n_mentees),
            )
            if (loads[0] <= mentors).all() and (loads[1] <= mentees).all():
                best = max(best, int(instance.score[chosen].sum()))
    return best


# Verified by columns ------------------------------------------------------------------------------


def test_levels_of_candidates_are_checked_to_be_best_by_columns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Prices and cut hold over all candidate pairs, and the notes say so."""
    monkeypatch.setattr("rmatch.matching.proved.MOST_AUDITED", 10)
    matching = rmatch.solve(generate(FORTY, 4), candidates=3, objectives=LEVELS)
    audit = matching.verify()
    assert audit.ok
    assert audit.notes[1:] == (
        "checked to be best among the candidate pairs as scored, without a solver: pairs, score",
    )


def test_a_worse_matching_is_no_best_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair fewer, with every figure counted right, is not what the proofs allow."""
    monkeypatch.setattr("rmatch.matching.proved.MOST_AUDITED", 10)
    matching = rmatch.solve(generate(FORTY, 4), candidates=3, objectives=LEVELS)
    solution = matching.solution
    chosen = solution.chosen[1:]
    values = len(chosen), int(matching.instance.score[list(chosen)].sum())
    levels = tuple(
        dataclasses.replace(level, value=value, bound=value)
        for level, value in zip(solution.levels, values, strict=True)
    )
    worse = dataclasses.replace(
        matching, solution=dataclasses.replace(solution, chosen=chosen, levels=levels)
    )
    audit = worse.verify()
    assert not audit.ok
    assert {finding.kind for finding in audit.findings} == {Kind.FALSE_BY_COLUMNS}
    assert not [note for note in audit.notes if note.startswith("checked to be best")]


def test_blocking_pairs_are_counted_by_columns() -> None:
    """A number of blocking pairs that is claimed and is another is a finding."""
    matching = rmatch.solve(generate(FORTY, 4), candidates=3, objectives=("pairs", "stability"))
    solution = matching.solution
    levels = tuple(
        dataclasses.replace(level, value=level.value + 1, bound=None)
        if level.name == "stability" and isinstance(level.value, int)
        else level
        for level in solution.levels
    )
    wrong = dataclasses.replace(solution, levels=levels)
    assert with_columns(NOTHING, matching.instance, solution).ok
    (finding,) = with_columns(NOTHING, matching.instance, wrong).findings
    assert "pairs block, not" in str(finding)


# A bound over all pairs ---------------------------------------------------------------------------


@given(
    programme=programmes(max_side=3),
    k=st.sampled_from([1, 2, 99]),
    reached=st.booleans(),
    priced=st.booleans(),
)
def test_no_matching_scores_more_than_the_bound(
    programme: rmatch.Programme, k: int, reached: bool, priced: bool
) -> None:
    """Neither with all mentors looked at nor with none, with prices or without."""
    try:
        matching = rmatch.solve(programme, candidates=k, objectives=LEVELS)
    except rmatch.InfeasibleError:
        return
    if not priced:
        bare = dataclasses.replace(matching.solution, certificate=Certificate())
        matching = dataclasses.replace(matching, solution=bare)
    found = matching.score_bound(time_limit=None if reached else 0)
    assert found.total == matching.objectives["score"]
    assert found.looked_at == (len(programme.mentors) if reached else 0)
    assert found.bound >= best_score(programme, matching.instance)


@pytest.mark.parametrize("candidates", ["all", 30])
def test_prices_of_every_pair_leave_no_gap(candidates: object) -> None:
    """Where all pairs were looked at and everybody is matched, the bound is the score."""
    matching = rmatch.solve(generate(SQUARE, 2), candidates=candidates, objectives=LEVELS)  # type: ignore[arg-type]
    assert matching.score_bound().gap == 0


def test_few_candidates_leave_a_gap_that_covers_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lists of one lose is no more than the gap, however the mentors are cut into blocks."""
    programme = generate(SQUARE, 2)
    matching = rmatch.solve(programme, candidates=1, objectives=LEVELS)
    best = rmatch.solve(programme, candidates="all", objectives=LEVELS).objectives["score"]
    whole = matching.score_bound()
    monkeypatch.setattr(scoring, "BLOCK", 64)
    assert matching.score_bound() == whole
    assert isinstance(best, int)
    assert whole.total <= best <= whole.bound


def test_a_bound_says_how_much_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time is up half-way, the text has the mentors looked at and the bound is looser."""
    matching = rmatch.solve(generate(SQUARE, 2), candidates=3, objectives=LEVELS)
    monkeypatch.setattr(scoring, "BLOCK", 300)
    ticks = iter(range(99))
    monkeypatch.setattr(bounding.time, "monotonic", lambda: next(ticks))
    found = matching.score_bound(time_limit=2)
    assert "The pairs of 10 of 30 mentors were looked at" in str(found)
    monkeypatch.undo()
    assert found.bound > matching.score_bound().bound


def test_an_instance_has_no_other_pairs() -> None:
    """Without people there is nobody but the instance's pairs to bound anything over."""
    matching = rmatch.solve(rmatch.Instance.from_scores([[3, 1], [1, 3]]))
    with pytest.raises(ValueError, match="no pairs but its own"):
        matching.score_bound()


# Shown in part ------------------------------------------------------------------------------------


def test_very_many_pairs_are_shown_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first and last ten pairs are printed, how many are not, and how to see them."""
    matching = rmatch.solve(generate(FORTY, 4), candidates=3, objectives=LEVELS)
    monkeypatch.setattr("rmatch.matching.shown.MOST_SHOWN", 25)
    left_out = len(matching.pairs) - 20
    assert f"… {left_out} pairs left out: to_text() has all of them …" in str(matching)
    assert matching.pairs[9].mentor in str(matching)
    assert len(matching.to_text().splitlines()) == len(str(matching).splitlines()) + left_out - 1


def test_very_many_people_without_a_partner_are_counted() -> None:
    """Ten of them are named, and how many there are besides."""
    matching = rmatch.solve(rmatch.Instance.from_scores(np.ones((40, 1), dtype=int).tolist()))
    text = " ".join(matching.to_text(most=20).split())
    assert "and 29 more: to_text() has all of them" in text


def test_breakdowns_in_bulk_are_those_of_single_pairs() -> None:
    """Whether candidates or every pair were scored, one call says what many would."""
    programme = generate(FORTY, 4)
    for scores in (rmatch.score(programme), rmatch.score(programme, candidates=3)):
        pairs = [(m.id, s.id) for m in programme.mentors[:5] for s in programme.mentees[:4]]
        assert scores.breakdowns(pairs) == [scores.breakdown(*pair) for pair in pairs]
        assert scores.contributions_of(pairs) == [scores.contributions(*pair) for pair in pairs]
