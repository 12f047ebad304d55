"""Why, and why not: every answer against looking at every matching."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import WANTED, Best, Problem, best, blocking, matchings
from fuzzing import fuzzed
from rmatch.explaining import why_not as asking
from rmatch.explaining.participant_words import NEUTRAL
from rmatch.explaining.why_not import Reason, WhyNot
from rmatch.explaining.why_not_words import why_not_text
from rmatch.instance import Instance, Quota
from rmatch.matching import Matching
from rmatch.posing import with_prices
from rmatch.solving.counterfactual import Counterfactual, counterfactual
from rmatch.solving.search import Search
from rmatch.testing import instances, programmes
from shown import in_full

SMALL = in_full(
    st.one_of(
        instances(max_side=3, max_capacity=2, constrained=True),
        instances(max_side=4, max_capacity=1, constrained=True),
        instances(max_side=4, max_capacity=1),
    )
)
NAMES = sorted(WANTED)
DEFAULT = ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break")
ORDERS = st.one_of(
    st.just(DEFAULT),
    st.permutations(NAMES).flatmap(
        lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
    ),
)


def solved(instance: Instance, objectives: tuple[str, ...]) -> Matching | None:
    """The matching, or ``None`` where what is stated cannot hold."""
    if any(quota.price is not None for quota in instance.quotas) and "prices" not in objectives:
        objectives = (*objectives, "prices")
    try:
        return rmatch.solve(instance, objectives=objectives)
    except rmatch.InfeasibleError:
        return None


def best_with(instance: Instance, pair: tuple[int, int], order: tuple[str, ...]) -> Best | None:
    """The best of all matchings that hold a pair, which excuses no blocking pair."""
    row = [int(key == pair) for key in zip(instance.mentor, instance.mentee, strict=True)]
    must = Quota("the pair", row, [0] * instance.n_mentors, [0] * instance.n_mentees, minimum=1)
    return best(instance.replace(quotas=(*instance.quotas, must)), order)


def first_difference(made: Best, forced: Best) -> str | None:
    return next((n for n, v in made.levels.items() if forced.levels[n] != v), None)


@fuzzed
@given(instance=SMALL, objectives=ORDERS)
def test_every_why_not_agrees_with_brute_force(
    instance: Instance, objectives: tuple[str, ...]
) -> None:
    """Reason, level and amount, for every pair of people; alternatives are legal and verified."""
    matching = solved(instance, objectives)
    if matching is None:
        return
    made = best(instance, matching.order)
    assert made is not None
    for i, mentor in enumerate(instance.mentor_ids):
        for j, mentee in enumerate(instance.mentee_ids):
            told = matching.why_not(mentor, mentee, finish=None)
            assert_agrees(matching, made, (i, j), told)


def assert_agrees(matching: Matching, made: Best, pair: tuple[int, int], told: WhyNot) -> None:
    instance = matching.instance
    assert matching.why_not(told.mentee, told.mentor, finish=None).reason is told.reason
    assert str(told)
    if instance.index_of(*pair) is None:
        assert told.reason is Reason.EXCLUDED
        assert told.alternative is None
        return
    if (told.mentor, told.mentee) in {(p.mentor, p.mentee) for p in matching.pairs}:
        assert told.reason is Reason.MATCHED
        return
    forced = best_with(instance, pair, matching.order)
    if forced is None:
        assert told.reason in (Reason.NO_PLACE, Reason.STATED)
        assert told.alternative is None
        assert_has_no_room(instance, pair, told)
        return
    level = first_difference(made, forced)
    assert told.level == level
    assert told.reason == (Reason.TIE_BREAK if level is None else Reason(level))
    assert told.is_exact
    if level is not None:
        assert (told.made, told.forced) == (made.levels[level], forced.levels[level])
    assert_alternative(matching, forced, told)


def assert_has_no_room(instance: Instance, pair: tuple[int, int], told: WhyNot) -> None:
    """Places that are none, or held, are told from statements that clash."""
    bare = instance.replace(quotas=())
    assert (told.reason is Reason.NO_PLACE) == (best_with(bare, pair, ("pairs",)) is None)
    if told.reason is Reason.NO_PLACE:
        assert told.full
    else:
        assert told.clashing
        assert set(told.clashing) <= {quota.statement for quota in instance.quotas} | {
            f"must_pair {instance.mentor_ids[instance.mentor[k]]} "
            f"{instance.mentee_ids[instance.mentee[k]]}"
            for k in instance.forced.nonzero()[0]
        }


def assert_alternative(matching: Matching, forced: Best, told: WhyNot) -> None:
    other = told.alternative
    assert other is not None
    assert other.verify().ok
    pairs = {(pair.mentor, pair.mentee) for pair in other.pairs}
    made = {(pair.mentor, pair.mentee) for pair in matching.pairs}
    assert (told.mentor, told.mentee) in pairs
    assert {name: other.solution.objectives[name] for name in matching.order} == forced.levels
    assert set(told.gained) == pairs - made
    assert set(told.lost) == made - pairs
    assert set(told.blocking) == set(other.blocking_pairs) - set(matching.blocking_pairs)
    assert set(told.left_out) == set(other.unmatched) - set(matching.unmatched)
    problem = Problem(matching.instance)
    places = {
        (matching.instance.mentor_ids[i], matching.instance.mentee_ids[j]): (i, j)
        for i, j in problem.pairs
    }
    found = blocking(problem, tuple(sorted(places[pair] for pair in pairs)))
    assert {places[pair] for pair in other.blocking_pairs} == set(found)


@settings(max_examples=40, deadline=None)
@given(programme=in_full(programmes(max_side=4)))
def test_every_why_not_of_people_has_words_for_every_audience(programme: Any) -> None:
    matching = rmatch.solve(programme)
    neutral = {
        audience: {
            str(matching.why_not(m.id, s.id, audience))
            for m in programme.mentors
            for s in programme.mentees
            if audience == "participant" or (m.id, s.id) not in made_pairs(matching)
        }
        for audience in ("participant", "panel")
    }
    assert neutral["participant"] <= {NEUTRAL}
    assert len(neutral["panel"]) <= 1
    for mentor in programme.mentors:
        for mentee in programme.mentees:
            told = matching.why_not(mentor.id, mentee.id)
            assert str(told)
            assert "veto" not in f"{told} {told!r}"
            if told.alternative is not None:
                assert told.alternative.verify().ok
            auditor = matching.why_not(mentor.id, mentee.id, "auditor")
            assert mentor.id not in str(auditor).split()
            assert mentee.id not in str(auditor).split()


def made_pairs(matching: Matching) -> set[tuple[str, str]]:
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


@pytest.fixture(scope="module")
def east() -> Matching:
    return rmatch.solve(rmatch.examples.path("east-of-england"))


def test_an_excluded_pair_says_what_it_would_have_scored(east: Matching) -> None:
    told = east.why_not("M01", "S03")
    assert east.scores is not None
    assert told.reason is Reason.EXCLUDED
    assert told.excluded_by == ("previous_pair",)
    assert told.score == int(east.scores.points[east.scores.locate("M01", "S03")]) / 100
    assert "would have scored 25.9" in str(told)


def test_a_pair_that_must_not_be_made_is_told_as_stated() -> None:
    programme = rmatch.load(rmatch.examples.path("east-of-england"))
    matching = rmatch.solve(programme, constraints=[rmatch.MustNotPair("M04", "S11")])
    told = matching.why_not("M04", "S11")
    assert told.excluded_by == ("must_not_pair",)
    assert "Stated: not to be paired" in str(told)


def test_a_place_held_for_a_pair_that_must_be_made_is_told() -> None:
    programme = rmatch.load(rmatch.examples.path("east-of-england"))
    matching = rmatch.solve(programme, constraints=[rmatch.MustPair("M04", "S02")])
    told = matching.why_not("M04", "S11")
    assert (told.reason, told.held) == (Reason.NO_PLACE, ("M04",))
    first, *_ = str(told).splitlines()
    # S11 has a partner as well, who need not be theirs.
    assert {one.person for one in told.full} == {"M04", "S11"}
    assert first == (
        "M04 and S11 cannot be paired: every place of M04 is held by a pair that must be made."
    )


def test_statements_that_clash_with_a_pair_are_named() -> None:
    instance = Instance.from_rankings([[[0, 1]], [[0, 1]]], [[[0, 1]], [[0, 1]]])
    quota = Quota("one each", [0, 1, 1, 0], [0, 0], [0, 0], minimum=2)
    matching = rmatch.solve(instance.replace(quotas=(quota,)))
    told = matching.why_not("M0", "S0")
    assert (told.reason, told.clashing) == (Reason.STATED, ("one each",))
    assert "this cannot all hold: one each" in str(told)


def test_an_unproved_matching_says_so_where_a_better_one_is_known(east: Matching) -> None:
    """Built by hand: the matching without one of its pairs, its levels left open."""
    chosen = east.solution.chosen[1:]
    levels = tuple(
        dataclasses.replace(level, value=value, bound=None, proof="open")
        for level, value in zip(
            east.solution.levels,
            [13, 26, 2, 0, 5, 0, 0],
            strict=True,
        )
    )
    solution = dataclasses.replace(
        east.solution,
        chosen=chosen,
        levels=levels,
        status="feasible",
        certificate=type(east.solution.certificate)(),
    )
    worse = dataclasses.replace(east, solution=solution)
    pair = east.pairs[0]
    told = worse.why_not(pair.mentor, pair.mentee)
    assert told.reason is Reason.UNPROVED
    assert (told.made, told.forced) == (13, 14)
    assert "was not proved to be the best, and one with this pair is better" in str(told)
    assert "Such a matching: " in str(told)
    assert told.alternative is not None


def test_chance_is_not_called_a_draw() -> None:
    """Only a level draws between equals."""
    equals = Instance.from_rankings(mentors=[[[0, 1]], [[0, 1]]], mentees=[[[0, 1]], [[0, 1]]])
    for order, words in (
        (("pairs", "tie_break"), "the draw between equals decided"),
        (("pairs",), "no level draws between equals, so it is chance"),
    ):
        matching = rmatch.solve(equals, objectives=order)
        told = [str(matching.why_not("M0", mentee)) for mentee in ("S0", "S1")]
        assert sum(words in text for text in told) == 1


@pytest.mark.parametrize(
    ("reason", "values", "parts", "words"),
    [
        (
            Reason.PRIORITY,
            (3, 1),
            {"carried_over": ("M1", "M2")},
            "2 fewer of those carried over would have a partner: 1 instead of 3 "
            "(M1, M2 would have none).",
        ),
        (
            Reason.STABILITY,
            (1, 2),
            {"blocking": (("M1", "S1"), ("M2", "S2"))},
            "there would be 1 more blocking pair, 2 instead of 1 (new: M1 with S1, M2 with S2).",
        ),
        (Reason.STABILITY, (0, 1), {"blocking": (("M1", "S1"),)}, "1 more blocking pair: M1 with"),
        (
            Reason.SCORE,
            (1000, 320),
            {},
            "the total score of the pairs would be 6.8 lower: 3.2 instead of 10.0.",
        ),
        (
            Reason.RANK_MAXIMAL,
            ((3,), (2, 1)),
            {},
            "the ranks got would be worse: 2 first, 1 second instead of 3 first.",
        ),
        (
            Reason.PAIRS,
            (9, 8),
            {"left_out": tuple(f"M{k}" for k in range(9))},
            "(M0, M1, M2, M3, M4, M5 and 3 more would have none)",
        ),
    ],
)
def test_a_reason_reads_as_one_sentence(
    reason: Reason, values: tuple[Any, Any], parts: dict[str, Any], words: str
) -> None:
    """Every number is said with what it was, and nobody is left out unsaid."""
    made, forced = values
    facts = WhyNot("M0", "S0", reason, level=reason.value, made=made, forced=forced, **parts)
    text = why_not_text(facts, for_people=True)
    assert text.startswith("If M0 and S0 were paired, ")
    assert words in text


def test_without_time_the_reason_is_left_open(east: Matching) -> None:
    told = east.why_not("M01", "S01", time_limit=0.0)
    assert told.reason is Reason.UNPROVED
    assert "not settled" in str(told)


def test_a_price_that_is_not_settled_is_told_with_what_it_is_at_least(east: Matching) -> None:
    """The clock ends the deciding level after its bound is known."""

    def cut_short(*given: Any, **options: Any) -> Counterfactual:
        found = counterfactual(*given, **options)
        at = found.decides
        assert at is not None
        level = found.levels[at]
        assert isinstance(level.bound, int)
        looser = dataclasses.replace(level, bound=level.bound - 1)
        return dataclasses.replace(found, levels=(*found.levels[:at], looser, *found.levels[at:]))

    with mock.patch.object(asking, "counterfactual", cut_short):
        told = east.why_not("M01", "S01")
        lost = east.why_not("M01", "S06")
    assert (told.reason, told.amount, told.at_least) == (Reason.STABILITY, 2, 1)
    assert not told.is_exact
    assert "2 more blocking pairs" in str(told)
    assert "by at least 1 in any" in str(told)
    assert lost.reason is Reason.UNPROVED  # of one more at most it is not known that it costs


def test_a_price_that_was_not_settled_is_not_called_exact(east: Matching) -> None:
    """Neither where nothing was known in time, nor where a level was reached and left open."""
    told = east.why_not("M01", "S01", time_limit=0.0)
    assert not told.is_exact
    assert " exact no " in str(east.why_not("M01", "S01", "auditor", time_limit=0.0))
    with mock.patch.object(Search, "most", return_value=None):
        told = east.why_not("M01", "S01", finish=0)
    assert told.alternative is not None
    assert (told.reason, told.level, told.is_exact) == (Reason.UNPROVED, "pairs", False)


def test_which_statements_clash_is_looked_for_within_the_time() -> None:
    """That they do is known before that, and said."""
    instance = Instance.from_rankings([[[0, 1]], [[0, 1]]], [[[0, 1]], [[0, 1]]])
    quota = Quota("one each", [0, 1, 1, 0], [0, 0], [0, 0], minimum=2)
    matching = rmatch.solve(instance.replace(quotas=(quota,)))
    cancel = threading.Event()

    def impossible(*_: object, **__: object) -> Counterfactual:
        cancel.set()
        return Counterfactual((), (), None, possible=False)

    with mock.patch.object(asking, "counterfactual", impossible):
        told = matching.why_not("M0", "S0", cancel=cancel)
    assert (told.reason, told.clashing) == (Reason.STATED, ())
    assert "what you have stated cannot all hold" in str(told)


def test_wrong_limits_are_said(east: Matching) -> None:
    """As in solving."""
    with pytest.raises(ValueError, match="time_limit"):
        east.why_not("M01", "S01", time_limit=-1)
    with pytest.raises(TypeError, match="cancel"):
        east.backbone(cancel=True)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="time_limit"):
        east.backbone(time_limit=-1)
    with pytest.raises(ValueError, match="time_limit"):
        east.robustness(time_limit=-1)


def test_the_two_may_be_named_either_way_round_and_must_be_known(east: Matching) -> None:
    assert east.why_not("S03", "M01").mentor == "M01"
    for pair in (("M01", "M02"), ("S01", "S02"), ("M01", "nobody"), ("nobody", "S01")):
        with pytest.raises(KeyError):
            east.why_not(*pair)
    with pytest.raises(ValueError, match="unknown audience"):
        east.why_not("M01", "S01", "everybody")


def test_why_is_for_pairs_that_are_made(east: Matching) -> None:
    with pytest.raises(ValueError, match="are not matched; ask why_not"):
        east.why("M01", "S01")


@settings(max_examples=60, deadline=None)
@given(programme=in_full(programmes(max_side=5)))
def test_the_points_of_a_why_add_up(programme: Any) -> None:
    """By criterion to the side's score, for the partner and for the best and median alternative."""
    matching = rmatch.solve(programme)
    assert matching.scores is not None
    for pair in matching.pairs:
        told = matching.why(pair.mentor, pair.mentee)
        assert str(told)
        assert (told.score, told.mentor, told.mentee) == (pair.score, pair.mentor, pair.mentee)
        for side, score, rank in zip(
            told.sides,
            (pair.mentor_score, pair.mentee_score),
            (pair.mentor_rank, pair.mentee_rank),
            strict=True,
        ):
            assert (side.score, side.rank) == (score, rank)
            assert_adds_up(side.score, [one.points for one in side.criteria])
            for option, name in ((side.best, "best"), (side.median, "median")):
                if option is not None:
                    points = [getattr(one, name) for one in side.criteria]
                    assert_adds_up(option.score, points)
                    assert not {(side.person, option.id), (option.id, side.person)} & made_pairs(
                        matching
                    )


def assert_adds_up(score: float, points: list[float]) -> None:
    """But for the rounding of every criterion, and the cap of the bonus."""
    total = sum(points)
    assert score == pytest.approx(min(100.0, total), abs=0.01 * len(points) + 0.02)


def test_best_and_median_are_of_those_they_did_not_get() -> None:
    instance = Instance.from_rankings(
        [[[0], [1], [2], [3], [4]]], [[[0]], [[0]], [[0]], [[0]], [[0]]], mentor_capacity=[1]
    )
    matching = rmatch.solve(instance, objectives=("stability", "pairs"))
    side = matching.why("M0", "S0").sides[0]
    assert side.best is not None
    assert side.median is not None
    assert (side.best.id, side.median.id) == ("S1", "S2")
    assert (side.allowed, side.rank) == (5, 1)


def test_prices_are_a_level_like_others() -> None:
    assert "prices" in with_prices(DEFAULT, named=False)
    assert {reason.value for reason in Reason} >= set(WANTED)


def test_the_oracle_knows_more_than_one_matching() -> None:
    instance = Instance.from_rankings([[[0, 1]]], [[[0]], [[0]]])
    assert len(list(matchings(Problem(instance)))) == 3
