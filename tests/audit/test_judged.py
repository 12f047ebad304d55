"""Pairs that are judged one by one are judged as the recomputation of all pairs judges them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmatch.audit import recompute
from rmatch.audit.judged import judged_pairs
from rmatch.generating import generate
from rmatch.programme import Programme
from rmatch.testing import programmes


def means_of(programme: Programme) -> dict[tuple[str, str], int]:
    """The means of the dense recomputation, read where nothing is stated."""
    recomputed = recompute(programme)
    means: dict[tuple[str, str], int] = {}
    for pair in recomputed.pairs:
        points = recomputed.breakdown(*pair)
        for name, side in recomputed.not_stated(*pair):
            value = points[name][side == "mentee"]
            assert value is not None
            means[name, side] = value
    return means


@given(programmes())
def test_judged_one_by_one_as_all_at_once(programme: Programme) -> None:
    """With the same means, a pair has the same codes, scores and points as among all pairs."""
    recomputed = recompute(programme)
    found = dict(judged_pairs(programme, recomputed.pairs, means_of(programme)))
    assert found.keys() == recomputed.pairs.keys()
    for pair, one in found.items():
        true = recomputed.pairs[pair]
        facts = one.facts
        assert (facts.excluded, facts.warned, facts.questions, facts.waived) == (
            true.excluded,
            true.warned,
            true.questions,
            true.waived,
        )
        assert (facts.score, facts.mentor_score, facts.mentee_score) == (
            true.score,
            true.mentor_score,
            true.mentee_score,
        )
        assert one.breakdown == recomputed.breakdown(*pair)


@given(st.integers(0, 20))
def test_a_mean_counts_where_nothing_is_stated_alone(seed: int) -> None:
    """Other means change the score of a pair only where something is not stated."""
    programme = generate("pairs_14", seed=seed)
    recomputed, means = recompute(programme), means_of(programme)
    other = dict.fromkeys(means, 0)
    for pair, one in judged_pairs(programme, recomputed.pairs, other):
        missing = recomputed.not_stated(*pair)
        if not missing:
            assert one.facts.score == recomputed.pairs[pair].score
        for name, side in missing:
            assert one.breakdown[name][side == "mentee"] == 0


def test_strangers_are_left_out() -> None:
    """A pair of somebody who is not in the programme is not judged."""
    programme = generate("pairs_14", seed=1)
    pair = programme.mentors[0].id, programme.mentees[0].id
    asked = [pair, ("nobody", pair[1]), (pair[1], pair[0])]
    assert [found for found, _ in judged_pairs(programme, asked, means_of(programme))] == [pair]


def test_a_mean_that_is_not_given_is_missed() -> None:
    """Nothing is guessed where a mean would be needed and was not given."""
    programme = generate("pairs_14", seed=1)
    recomputed = recompute(programme)
    pair = next(pair for pair in recomputed.pairs if recomputed.not_stated(*pair))
    with pytest.raises(KeyError):
        dict(judged_pairs(programme, [pair], {}))
