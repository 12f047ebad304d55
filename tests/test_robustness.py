"""How far a matching hangs on the weights, against plain loops over the public functions."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import best
from rmatch import examples
from rmatch import instance as arrays
from rmatch.errors import InfeasibleError
from rmatch.explaining import weight_ranges
from rmatch.explaining.robustness_words import robustness_text
from rmatch.explaining.weight_case import Outcome, Until, WeightCase, outcome_under
from rmatch.explaining.weight_changes import drawn
from rmatch.explaining.weight_records import (
    Change,
    PairRobustness,
    Robustness,
    Step,
    WeightRange,
)
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.scoring.people import People, Side
from rmatch.scoring.reweighing import UNIT, instance_under, weights_of
from rmatch.scoring.statements import stated_instance
from rmatch.solution import Level
from rmatch.solving.backbone import weight_free
from rmatch.solving.clock import Clock
from rmatch.solving.jobs import done_jobs
from rmatch.solving.rivals import Challenge, beats, challenge
from rmatch.testing import programmes
from shown import in_full

ARRAYS = ("mentor", "mentee", "score", "mentor_score", "mentee_score", "mentor_rank", "mentee_rank")


def under(programme: Programme, weights: dict[str, int]) -> Programme:
    """The programme with other weights, as a coordinator would set them."""
    everything = {**programme.settings.all_weights, **weights}
    changed = programme.settings.model_copy(update={"weights": everything})
    return programme.model_copy(update={"settings": changed})


@dataclass(frozen=True)
class Tea:
    """A criterion of somebody's own: pairs on the diagonal drink the same tea."""

    name: str = "tea"
    weight: int = 20
    side: str = "mentor"

    def values(self, people: People, side: Side) -> np.ndarray:
        """(n, m)."""
        del side
        return (10_000 * np.eye(*people.shape, dtype=np.int64)).astype(np.int16)


def rivals(**changed: object) -> Programme:
    """Two and two: topics are for the diagonal, choices against it."""
    return Programme(
        mentors=[
            {"id": "M1", "wants": ["wellbeing"], "choices": [["S2"]]},
            {"id": "M2", "wants": ["faith"], "choices": [["S1"]]},
        ],
        mentees=[
            {"id": "S1", "offers": ["wellbeing"]},
            {"id": "S2", "offers": ["faith"]},
        ],
        settings=rmatch.Settings(**{"strategy": "best_score", **changed}),
    )


@pytest.fixture(scope="module")
def matching() -> Matching:
    """Topics win, for they weigh a little more."""
    return rmatch.solve(rivals(weights={"choice": 30, "topics": 33}))


@pytest.fixture(scope="module")
def found(matching: Matching) -> Robustness:
    """Computed once, one job after another."""
    return matching.robustness(draws=8)


# --------------------------------------------------------------------------- scoring under weights


@pytest.mark.fuzz
@settings(max_examples=60)
@given(
    programme=in_full(programmes(max_side=3, filled=("goals", "experience", "meeting"))),
    weights=st.dictionaries(
        st.sampled_from(sorted(rmatch.Settings().all_weights)), st.integers(1, 40)
    ),
    factors=st.lists(st.integers(0, 3), min_size=12, max_size=12),
)
def test_other_weights_score_as_the_settings_would(
    programme: Programme, weights: dict[str, int], factors: list[int]
) -> None:
    """The bonus among them; a weight that becomes 0 is as good as none."""
    scores = rmatch.score(under(programme, weights), criteria=[Tea()])
    assume(scores.points.size)
    moved = {n: w * k for (n, w), k in zip(weights_of(scores).items(), factors, strict=False)}
    moved = {**weights_of(scores), **moved}
    again = rmatch.score(under(programme, {**weights, **moved}), criteria=[Tea()])
    try:
        expected = stated_instance(again)
    except InfeasibleError:
        with pytest.raises(InfeasibleError):
            instance_under(scores, {name: UNIT * weight for name, weight in moved.items()})
        return
    got = instance_under(scores, {name: UNIT * weight for name, weight in moved.items()})
    for name in ARRAYS:
        assert np.array_equal(getattr(got, name), getattr(expected, name)), name


def test_the_bonus_counts_points_and_so_is_told_the_unit() -> None:
    """Half of what was asked for at a weight of 10.1 points: 5.05 points more, by plain words."""
    programme = Programme(
        mentors=[{"id": "M1", "consent_matching": True, "experience_offered": ["race"]}],
        mentees=[
            {"id": "S1", "consent_matching": True, "experience_wanted": ["race", "disability"]}
        ],
        settings=rmatch.Settings(weights={"experience": 10}),
    )
    scores = rmatch.score(programme)
    plain = {name: UNIT * weight for name, weight in weights_of(scores).items()}
    before = instance_under(scores, {**plain, "experience": 0}).mentee_score[0]
    after = instance_under(scores, {**plain, "experience": 10_100}).mentee_score[0]
    assert after - before == 505


# ----------------------------------------------------------------------------- all weights at once


def test_changes_are_the_same_on_every_machine() -> None:
    """Pinned: another machine, another Python, the order of the criteria make no difference."""
    weights = {"choice": 33_000, "topics": 33_000, "place": 6_000, "off": 0}
    first = drawn(weights, 10, 0, 0)
    assert first == drawn(dict(reversed(weights.items())), 10, 0, 0)
    assert first == {"choice": 31_691, "topics": 35_379, "place": 5_614, "off": 0}


def test_changes_keep_within_the_per_cent_and_reach_its_ends() -> None:
    """Whole thousandths from nine tenths to eleven tenths, all of them; nothing comes from 0."""
    moved = {drawn({"a": 30}, 10, draw, 1)["a"] for draw in range(200)}
    assert moved == set(range(27, 34))
    assert {drawn({"a": 0}, 100, draw, 1)["a"] for draw in range(9)} == {0}


@pytest.mark.parametrize("name", ["east-of-england", "rivals"])
def test_shares_are_those_of_solving_again_by_hand(name: str, matching: Matching) -> None:
    """Every change as settings that anybody could write, solved from the start."""
    if name != "rivals":
        matching = rmatch.solve(examples.path(name))
    programme = matching.programme
    assert programme is not None
    found = matching.robustness(changes=(60, 10), draws=3, seed=5)
    weights = {name: 1_000 * w for name, w in programme.settings.all_weights.items() if w}
    made = [(pair.mentor, pair.mentee) for pair in matching.pairs]
    assert [(pair.mentor, pair.mentee) for pair in found.pairs] == made
    assert [change.percent for change in found.changes] == [10, 60]
    for change in found.changes:
        same = 0
        stayed = dict.fromkeys(made, 0)
        for draw in range(3):
            moved = drawn(weights, change.percent, draw, 5)
            again = rmatch.solve(under(programme, moved))
            pairs = {(pair.mentor, pair.mentee) for pair in again.pairs}
            same += pairs == set(made)
            for pair in pairs & set(made):
                stayed[pair] += 1
        assert (change.draws, change.solved, change.same, change.impossible) == (3, 3, same, 0)
        assert [pair.stayed[change.percent] for pair in found.pairs] == list(stayed.values())


def test_what_cannot_hold_under_other_weights_is_told_apart() -> None:
    """A pair that must be made, and scores just enough as things are."""
    programme = rivals(minimum_score=50, weights={"choice": 30, "topics": 33})
    matching = rmatch.solve(programme, constraints=[rmatch.MustPair("M1", "S1")])
    found = matching.robustness(changes=(50,), draws=12)
    (change,) = found.changes
    assert 0 < change.impossible < change.solved == change.draws == 12
    assert all(pair.stayed[50] <= change.solved - change.impossible for pair in found.pairs)
    assert all(pair.weight_free is None for pair in found.pairs)
    assert matching.backbone().weight_free is None
    assert found.complete
    assert "What is stated cannot hold at all in" in str(found)


def test_a_pair_that_no_weight_can_change_is_said_to_be_so() -> None:
    """Everybody must have a partner, and M1 can only have S1."""
    programme = Programme(
        mentors=[{"id": "M1", "vetoes": ["S2", "S3"]}, {"id": "M2"}, {"id": "M3"}],
        mentees=[{"id": "S1"}, {"id": "S2"}, {"id": "S3"}],
    )
    matching = rmatch.solve(programme)
    assert matching.backbone().weight_free == (("M1", "S1"),)
    found = matching.robustness(draws=2)
    assert [pair.weight_free for pair in found.pairs] == [True, False, False]
    assert "M1–S1 does not depend on the weights\n" in str(found)


# ------------------------------------------------------------------------------- each weight alone


def is_best(matching: Matching, weights: dict[str, int]) -> bool:
    """Whether solving from the start, under weights in thousandths, finds nothing better."""
    programme = matching.programme
    assert programme is not None
    order = matching.order[: matching.order.index("tie_break")]
    instance = rmatch.score(under(programme, weights)).instance
    answer = best(instance, order)
    assert answer is not None
    made = {(pair.mentor, pair.mentee) for pair in matching.pairs}
    return made in [_named(instance, one) for one in answer.matchings]


def _named(instance: Instance, pairs: tuple[tuple[int, int], ...]) -> set[tuple[str, str]]:
    return {(instance.mentor_ids[i], instance.mentee_ids[j]) for i, j in pairs}


def assert_ends(matching: Matching, found: Robustness) -> None:
    """Best at both ends by the oracle, and not a thousandth further."""
    assert matching.programme is not None
    weights = {n: 1_000 * w for n, w in matching.programme.settings.all_weights.items() if w}
    assert found.ranges is not None
    assert [one.criterion for one in found.ranges] == list(weights)
    for one in found.ranges:
        low = round(1_000 * one.low)
        assert is_best(matching, {**weights, one.criterion: low})
        assert low == 0 or not is_best(matching, {**weights, one.criterion: low - 1})
        high = 1_000 * one.limit if one.high is None else round(1_000 * one.high)
        assert is_best(matching, {**weights, one.criterion: high})
        assert one.high is None or not is_best(matching, {**weights, one.criterion: high + 1})
        assert low <= 1_000 * one.weight <= high
        assert not one.low_open
        assert not one.high_open


def test_the_ends_of_a_range_by_looking_at_every_matching(
    matching: Matching, found: Robustness
) -> None:
    """Choice may weigh as much as topics, and topics as little as choice: a tie is no loss."""
    assert_ends(matching, found)
    ranges = {one.criterion: one for one in found.ranges or ()}
    assert 30 < (ranges["choice"].high or 0) < 33.1
    assert (ranges["choice"].low, ranges["topics"].high) == (0.0, None)


@pytest.mark.fuzz
@settings(max_examples=15)
@given(
    programme=in_full(programmes(max_side=3, filled=("goals", "meeting", "choices"))),
    strategy=st.sampled_from(("stable", "best_score")),
)
def test_the_ends_of_any_programme(programme: Programme, strategy: str) -> None:
    """Stability moves with the bands that people rank by, and is part of it."""
    plain = rmatch.Settings(indifference=5, weights={"topics": 7, "availability": 5, "choice": 3})
    programme = programme.model_copy(update={"settings": plain})
    matching = rmatch.solve(programme, strategy=strategy)
    assert_ends(matching, matching.robustness(changes=(40,), draws=1))


def test_custom_criteria_have_weights_too() -> None:
    """Tea and choice pull apart."""
    matching = rmatch.solve(rivals(weights={"topics": 0, "choice": 10}), criteria=[Tea()])
    found = matching.robustness(changes=(), draws=1)
    assert found.changes == ()
    ranges = {one.criterion: one for one in found.ranges or ()}
    assert ranges["tea"].weight == 20
    assert 0 < ranges["tea"].low < 20
    assert ranges["tea"].high is None


def test_a_matching_that_is_not_proved_has_no_range(matching: Matching) -> None:
    """There is no optimum known that it could stay."""
    levels = matching.solution.levels
    first = Level(levels[0].name, levels[0].value, None, 0.0)
    open_ = replace(matching.solution, levels=(first, *levels[1:]), status="feasible")
    found = replace(matching, solution=open_).robustness(draws=1)
    assert found.ranges is None
    assert not found.complete
    assert "the matching is not proved optimal" in str(found)


def test_weights_as_large_as_settings_allow() -> None:
    """A million is moved by a quarter and looked at to ten times: nothing overflows."""
    matching = rmatch.solve(rivals(weights={"choice": 900_000, "topics": 1_000_000}))
    found = matching.robustness(draws=4)
    assert found.complete
    topics = next(one for one in found.ranges or () if one.criterion == "topics")
    assert 899_000 < topics.low < 901_000
    assert topics.high is None


# --------------------------------------------------------------------------------- time and places


def test_without_time_nothing_is_guessed(matching: Matching) -> None:
    """What was not computed is marked so, and said."""
    found = matching.robustness(draws=3, time_limit=0)
    assert [(change.solved, change.draws) for change in found.changes] == [(0, 3), (0, 3)]
    assert all(one.low_open and one.high_open for one in found.ranges or ())
    assert all(one.low == one.high == one.weight for one in found.ranges or ())
    assert not found.complete
    assert "All weights changed by up to 10 %: not looked at, the time was up." in str(found)
    assert "the weight of topics was not looked at (now 33): the time was up" in str(found)


def test_an_event_ends_it_like_a_time_limit(matching: Matching) -> None:
    """Set on the way, by whoever follows the progress."""
    event = threading.Event()
    steps: list[Step] = []

    def follow(step: Step) -> None:
        steps.append(step)
        if len(steps) == 2:
            event.set()

    found = matching.robustness(draws=3, cancel=event, progress=follow)
    assert [change.solved for change in found.changes] == [2, 0]
    assert not found.complete
    assert [(step.task, step.done, step.of) for step in steps] == [
        ("changes of up to 10 %", 1, 3),
        ("changes of up to 10 %", 2, 3),
    ]
    assert "1 more not solved in the time." in str(found)


def test_threads_give_the_same_answer(matching: Matching, found: Robustness) -> None:
    """Jobs are the same, wherever they run."""
    with ThreadPoolExecutor(2) as executor:
        assert matching.robustness(draws=8, executor=executor) == found


def test_processes_give_the_same_answer(matching: Matching, found: Robustness) -> None:
    """A criterion that cannot be sent anywhere is no hindrance: its values are in the scores."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        assert matching.robustness(draws=8, executor=executor) == found


def dies(*_: object) -> None:
    """A solve that a fault in foreign code ends, with its process."""
    os._exit(3)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_a_solve_that_ends_every_worker_is_not_computed(
    matching: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest stands, and is said not to be complete."""
    monkeypatch.setattr("rmatch.explaining.robustness.outcome_under", dies)
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        found = matching.robustness(changes=(25,), draws=2, executor=executor)
    (change,) = found.changes
    assert (change.draws, change.solved, found.complete) == (2, 0, False)
    assert found.ranges is not None


def test_what_runs_in_an_executor_is_not_waited_for() -> None:
    """The time is up while a job hangs: the others' results are kept."""
    go_on = threading.Event()
    clock = Clock(0.2)
    with ThreadPoolExecutor(2) as executor:
        jobs = [lambda: 1, lambda: int(go_on.wait(30)), lambda: 3]
        results = done_jobs(jobs, clock, executor, lambda _: None)
        go_on.set()
    assert results == [1, None, 3]


def test_a_job_cancelled_by_the_executor_is_not_done() -> None:
    """Whoever owns the executor may shut it down."""
    go_on = threading.Event()
    executor = ThreadPoolExecutor(1)
    executor.submit(go_on.wait, 30)

    def shut(done: int) -> None:
        del done

    stopper = threading.Timer(
        0.1, lambda: (executor.shutdown(False, cancel_futures=True), go_on.set())
    )
    stopper.start()
    assert done_jobs([lambda: 1], Clock(), executor, shut) == [None]
    stopper.join()


class Broken(ThreadPoolExecutor):
    """Loses every other job with its worker, and takes no more after the third."""

    count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.count += 1
        if self.count > 3:
            raise BrokenExecutor
        return super().submit(lost if self.count % 2 else fn, *args, **kwargs)


def lost() -> None:
    """A worker dies."""
    raise BrokenExecutor


def test_what_a_broken_executor_loses_is_done_here() -> None:
    """The results are the same, none is missing, and progress never goes back."""
    told: list[int] = []
    with Broken(2) as executor:
        jobs = [partial(int, text) for text in "12345"]
        assert done_jobs(jobs, Clock(), executor, told.append) == [1, 2, 3, 4, 5]
    assert told == sorted(told)
    assert told[-1] == 5


def test_an_error_of_a_job_is_not_hidden() -> None:
    """Wherever it runs."""
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="invalid literal"):
        done_jobs([partial(int, "x")], Clock(), executor, lambda _: None)


# ------------------------------------------------------------------------------------------- shown


def test_it_reads_as_a_coordinator_would_say_it(found: Robustness) -> None:
    """The whole first, then pairs, then weights."""
    assert (
        str(found)
        == """\
All weights changed by up to 10 %: the whole matching stayed in 6 of 8,
  on average 1.5 of its 2 pairs.
All weights changed by up to 25 %: the whole matching stayed in 4 of 8,
  on average 1.0 of its 2 pairs.

Moved, most often first:
  M1–S1 moved in 2 of 8 changes of up to 10 % and in 4 of 8 of up to 25 %
  M2–S2 moved in 2 of 8 changes of up to 10 % and in 4 of 8 of up to 25 %

The other weights as they are, this matching was best at every weight tried:
  the weight of choice may lie between 0 and 33.010 (now 30)
  the weight of topics may lie between 29.991 and at least 330 (now 33)
  the weight of availability may lie between 0 and at least 140 (now 14)
  the weight of specialty may lie between 0 and at least 80 (now 8)
  the weight of place may lie between 0 and at least 60 (now 6)
  the weight of interests may lie between 0 and at least 60 (now 6)
  At least: it was not looked beyond 10 times what the weight is."""
    )


def test_pairs_that_stayed_are_listed_together() -> None:
    """In lines that fit a page; what was not solved, or found no end, is said."""
    pairs = tuple(PairRobustness(f"M{k}", f"S{k}", None, {5: 2}) for k in range(12))
    ranges = (
        WeightRange("topics", 8, 4.5, 8.0, 80, low_open=True),
        WeightRange("place", 6, 3.0, 6.75, 60, low_open=True, high_open=True),
    )
    found = Robustness(pairs, (Change(5, 3, 2, 2, 0),), ranges, complete=False)
    assert robustness_text(found) == (
        """\
All weights changed by up to 5 %: the whole matching stayed in 2 of 2.
  1 more not solved in the time.

Stayed in 2 of 2 changes of up to 5 %:
  M0–S0, M1–S1, M2–S2, M3–S3, M4–S4, M5–S5, M6–S6, M7–S7, M8–S8, M9–S9, M10–S10,
  M11–S11

The other weights as they are, this matching was best at every weight tried:
  the weight of topics may lie between 4.500 or less and 8 (now 8); the time was up
  the weight of place may lie between 3 or less and 6.750 or more (now 6); the time was up"""
    )


def test_a_frame_has_a_row_for_each_pair(matching: Matching, found: Robustness) -> None:
    """With how many changes stand behind each number."""
    frame = found.to_frame()
    assert list(frame.columns) == [
        *("mentor", "mentee", "weight_free"),
        *("stayed_10", "solved_10", "stayed_25", "solved_25"),
    ]
    assert frame["mentor"].tolist() == [pair.mentor for pair in matching.pairs]
    assert frame["solved_25"].tolist() == [8, 8]


def test_its_repr_counts(found: Robustness) -> None:
    """And its card has a row for each of them."""
    assert repr(found).startswith("Robustness(2 pairs; ")
    card = found._repr_html_()
    assert all(f"{pair.mentor} – {pair.mentee}</th>" in card for pair in found.pairs)


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"changes": (0,)}, "whole per cents from 1 to 100"),
        ({"changes": (10.5,)}, "whole per cents"),
        ({"changes": (10, 10)}, "names a per cent twice"),
        ({"draws": 0}, "draws must be an integer from 1"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(
    matching: Matching, given_: dict[str, object], words: str
) -> None:
    """Before anything is solved."""
    with pytest.raises(ValueError, match=words):
        matching.robustness(**given_)  # type: ignore[arg-type]


def test_an_instance_without_people_has_no_weights() -> None:
    """Its backbone it has."""
    matching = rmatch.solve(Instance.from_scores([[5, 3], [4, 4]]))
    with pytest.raises(ValueError, match="has no weights to change"):
        matching.robustness()
    assert matching.backbone().every == (("M0", "S0"), ("M1", "S1"))
    assert matching.backbone().proved


def test_a_case_says_what_cannot_be_posed() -> None:
    """A pair that must be made has to be acceptable first."""
    scores = rmatch.solve(
        rivals(minimum_score=40), constraints=[rmatch.MustPair("M1", "S1")]
    ).scores
    assert scores is not None
    case = WeightCase(scores, ("pairs",), 0, frozenset())
    assert case.instance(case.weights) is not None
    assert case.instance({**case.weights, "topics": 0}) is None


# ----------------------------------------------------------------------- what happens in the middle


def quota(minimum: int) -> rmatch.Instance:
    """Two and two, with a number of pairs that must be reached."""
    nobody = np.zeros(2, dtype=np.int64)
    row = arrays.Quota("q", np.ones(4, dtype=np.int64), nobody, nobody, minimum=minimum)
    return Instance.from_scores([[5, 3], [4, 4]]).replace(quotas=(row,))


def test_a_challenge_finds_the_first_level_that_could_be_better() -> None:
    """Fewer pairs, a blocking pair, a lower score; and nothing better than the best."""
    instance = Instance.from_scores([[5, 3], [4, 4]])
    levels = ("pairs", "stability", "score")
    for made in ([0], [1, 2]):
        index = np.array(made, dtype=np.int64)
        found = challenge(instance, levels, index, 0, Clock())
        assert found.rival is not None
        assert len(found.rival) == 2
        assert found.settled
        assert beats(instance, levels, found.rival, index, 0)
        assert not beats(instance, levels, index, found.rival, 0)
    best_one = np.array([0, 3], dtype=np.int64)
    found = challenge(instance, levels, best_one, 0, Clock())
    assert found.rival is None
    assert found.settled
    assert not beats(instance, levels, best_one, best_one, 0)


@pytest.mark.parametrize("instance", [quota(1), Instance.from_scores([[5, 3], [4, 4]])])
def test_a_challenge_without_time_settles_nothing(instance: Instance) -> None:
    """Whether there was time for a first matching or not."""
    found = challenge(instance, ("score",), np.array([0, 3], dtype=np.int64), 0, Clock(0))
    assert (found.rival, found.settled) == (None, False)


def test_without_time_no_pair_is_said_to_be_free_of_the_weights() -> None:
    """Nor where not even a first matching was found."""
    assert weight_free(quota(1), ("pairs",), time_limit=0) is None
    assert weight_free(Instance.from_scores([[5]]), ("pairs",), time_limit=0) is None
    assert weight_free(quota(1), ("pairs", "score")) == ()


def test_an_outcome_is_known_or_said_not_to_be() -> None:
    """Out of time with and without a matching; impossible where a quota cannot hold."""
    late = Until(moment=0.0)
    for minimum, until, expected in (
        (1, late, Outcome(None)),
        (9, Until(), Outcome(None, impossible=True)),
        (0, late, Outcome(None)),
    ):
        quotas = {"q": rmatch.Quota(name="q", minimum=minimum)} if minimum else {}
        scores = rmatch.score(rivals(quotas=quotas))
        case = WeightCase(scores, ("pairs", "score", "tie_break"), 0, frozenset())
        assert outcome_under(case, case.weights, until) == expected


@pytest.mark.parametrize("settled", range(3))
def test_a_range_that_ran_out_of_time_ends_where_it_was_proved(
    matching: Matching, monkeypatch: pytest.MonkeyPatch, settled: int
) -> None:
    """Upwards from 30: 33.75 is too much, then it is looked between; or nothing was proved."""
    scores = matching.scores
    assert scores is not None
    made = frozenset((pair.mentor, pair.mentee) for pair in matching.pairs)
    case = WeightCase(scores, matching.order, 0, made)
    asked: list[int] = []

    def some(*given_: object) -> Challenge:
        asked.append(1)
        late = len(asked) > settled
        return Challenge(None, settled=False) if late else challenge(*given_)  # type: ignore[arg-type]

    monkeypatch.setattr(weight_ranges, "challenge", some)
    end = weight_ranges.find_end(case, "choice", True, (), Until())
    assert end.kind == "open" if settled < 2 else end.kind in ("open", "found")
    assert 30_000 <= end.weight <= 33_010
    frozen = weight_ranges.find_end(case, "choice", False, (), Until())
    assert frozen == weight_ranges.End(30_000, "open")


class Gradual:
    """A judge whose rivals each show a little more of what is beaten."""

    def __init__(self, last: int, sign: int) -> None:
        self.last, self.sign, self.solved = last, sign, 0
        self.shown: list[int] = []

    def is_beaten(self, weight: int) -> bool:
        """From where the rivals so far are better."""
        return any(self.sign * weight >= self.sign * start for start in self.shown)

    def is_best(self, weight: int) -> bool:
        """By solving, which finds a rival a third of the way nearer to the truth."""
        self.solved += 1
        over = self.sign * (weight - self.last)
        if over > 0:
            self.shown.append(self.last + self.sign * max(1, 2 * over // 3))
        return over <= 0


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("last", [0, 1, 2, 57, 998, 999])
def test_an_end_is_found_though_every_rival_shows_only_part(sign: int, last: int) -> None:
    """Also where it is the weight as it is; never solved more often than there were rivals."""
    judge = Gradual(5_000 + sign * last, sign)
    beaten = 5_000 + sign * 1_000
    assert not judge.is_best(beaten)
    end = weight_ranges._between(judge, 5_000, beaten)  # type: ignore[arg-type]
    assert end == weight_ranges.End(5_000 + sign * last, "found")
    assert judge.solved <= 2 + len(judge.shown)


class Gapped(Gradual):
    """Best up to a gap, and again behind it; what was solved there shows the whole gap."""

    def is_best(self, weight: int) -> bool:
        """Only solving finds the gap."""
        if self.last < weight < self.last + 300:
            self.shown.append(self.last + 1)
            return False
        return True


@pytest.mark.parametrize("kind", ["found", "edge"])
@pytest.mark.parametrize("last", [5_001, 5_230, 5_480, 5_700])
def test_a_gap_on_the_way_is_the_end(last: int, kind: weight_ranges.EndKind) -> None:
    """A quarter, a half and three quarters of the way are solved before an end is believed."""
    judge: Any = Gapped(last, 1)
    far = weight_ranges.End(6_000, kind)
    assert weight_ranges._before_gaps(judge, 5_000, far) == weight_ranges.End(last, "found")


def test_a_way_without_gaps_leads_to_its_end() -> None:
    """And without time, it is known as far as it was solved."""
    judge: Any = Gapped(9_000, 1)
    far = weight_ranges.End(6_000, "found")
    assert weight_ranges._before_gaps(judge, 5_000, far) == far
    judge.is_best = lambda weight: None if weight > 5_300 else True
    assert weight_ranges._before_gaps(judge, 5_000, far) == weight_ranges.End(5_250, "open")


def test_where_nothing_weighs_there_is_nothing_to_move() -> None:
    """All weights 0: no range, and the same matching again and again."""
    weights = dict.fromkeys(rmatch.Settings().all_weights, 0)
    found = rmatch.solve(rivals(weights=weights)).robustness(draws=2)
    assert found.ranges == ()
    assert found.complete
    assert str(found).endswith("M1–S1, M2–S2") or str(found).endswith("M1–S2, M2–S1")
