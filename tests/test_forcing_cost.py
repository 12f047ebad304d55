"""The price of forcing each pair, and the cheapest alternatives, as a user gets them."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import WANTED, Pair, Problem, Value, matchings
from fuzzing import fuzzed
from made_by_hand import matching_of
from rmatch import Instance, Matching
from rmatch.explaining.forced import CellState, worse_by
from rmatch.reporting.forcing import ForcingCost
from rmatch.solving import with_each
from rmatch.solving.objectives import REGISTRY
from rmatch.testing import instances

LEVELS = tuple(name for name in REGISTRY if name != "tie_break")
ORDERS = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=4, unique=True).map(tuple)
DEFAULT = ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break")


def solved(instance: Instance, order: tuple[str, ...]) -> Matching | None:
    """The matching, or none where the statements cannot hold or have no level for their price."""
    try:
        return rmatch.solve(instance, objectives=order)
    except (rmatch.InfeasibleError, ValueError):
        return None


def best_with_each(
    instance: Instance, order: tuple[str, ...]
) -> dict[Pair, tuple[Value, ...] | None]:
    """The best values among matchings with each pair, by looking; none where there is none."""
    problem = Problem(instance)
    every = [
        (set(made), [WANTED[name][0](problem, made) for name in order])
        for made in matchings(problem)
    ]
    best: dict[Pair, tuple[Value, ...] | None] = {}
    for pair in problem.pairs:
        left = [values for made, values in every if pair in made]
        for at, name in enumerate(order):
            top = WANTED[name][1]([values[at] for values in left]) if left else None
            left = [values for values in left if values[at] == top]
        best[pair] = tuple(left[0]) if left else None
    return best


@fuzzed
@given(instances(max_side=3, constrained=True), ORDERS)
def test_every_price_is_that_of_the_best_matching_with_the_pair(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Any levels in any order, quotas, pairs that must be made: exact as far as it is known."""
    matching = solved(instance, order)
    if matching is None:
        return
    cells = matching.forcing_cost()
    made = {(pair.mentor, pair.mentee) for pair in matching.pairs}
    ids = instance.mentor_ids, instance.mentee_ids
    best = best_with_each(instance, order)
    for i, mentor in enumerate(ids[0]):
        for j, mentee in enumerate(ids[1]):
            found, values = cells.of(mentor, mentee), best.get((i, j))
            if (mentor, mentee) in made:
                assert found.state == CellState.MADE
                assert not any(found.price.values())
            elif (i, j) not in best:
                assert found.state == CellState.EXCLUDED
            elif values is None:
                assert found.state == CellState.IMPOSSIBLE
            else:
                assert found.state == CellState.COMPUTED
                changes = [
                    (name, *worse_by(name, matching.objectives[name], value))
                    for name, value in zip(order, values, strict=True)
                ]
                first = next((change for change in changes if change[1]), (None, 0, -1))
                assert found.decides == first[0]
                assert (-1 if found.entry is None else found.entry) == first[2]
                assert first[0] is None or first[0] in found.price
                assert list(found.price.items()) == [
                    (name, cost) for name, cost, _ in changes[: len(found.price)]
                ]
                assert first[1] >= 0


@settings(max_examples=40)
@given(instances(max_side=4), ORDERS, st.integers(1, 3))
def test_alternatives_are_the_cheapest_of_all(
    instance: Instance, order: tuple[str, ...], k: int
) -> None:
    """Stopping early changes nothing: they are the first of everybody's prices in order."""
    matching = rmatch.solve(instance, objectives=order)
    cells = matching.forcing_cost()
    for person in (*instance.mentor_ids[:1], *instance.mentee_ids[-1:]):
        found = matching.alternatives(person, k)
        everybody = matching.alternatives(person, 99)
        assert list(found) == list(everybody)[:k]
        assert found.unsettled == ()
        keys = []
        for one in everybody:
            pair = (person, one.partner) if person[0] == "M" else (one.partner, person)
            price = cells.of(*pair)
            assert (price.price, price.decides, price.entry) == (one.price, one.decides, one.entry)
            position = len(order) if one.decides is None else order.index(one.decides)
            entry = 0 if one.entry is None else one.entry
            amount = one.price[one.decides] if one.decides else 0
            keys.append((-position, -entry, amount))
        assert keys == sorted(keys)
        count = np.count_nonzero(
            cells.state == CellState.COMPUTED, axis=1 if person[0] == "M" else 0
        )
        assert len(everybody) == count[0 if person[0] == "M" else -1]


def test_nobody_cheaper_is_passed_over(small: Matching) -> None:
    """Where prices are solved for one by one, a later rank may well be cheaper."""
    for person in (*small.instance.mentor_ids, *small.instance.mentee_ids):
        everybody = list(small.alternatives(person, 99))
        assert [list(small.alternatives(person, k)) for k in (1, 2)] == [
            everybody[:1],
            everybody[:2],
        ]


# --------------------------------------------------------------------------------------- executors


class Refusing(Executor):
    """Takes no work: it was shut down."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # type: ignore[override]
        raise RuntimeError("cannot schedule new futures after shutdown")


class Failing(ThreadPoolExecutor):
    """Every other piece of work is lost with its worker."""

    count = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.count += 1
        return super().submit(lost if self.count % 2 else fn, *args, **kwargs)


def lost(*_: object) -> None:
    """A worker dies."""
    raise EOFError


def processes() -> Executor:
    """Two of them, started afresh."""
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


@pytest.fixture(scope="module")
def small() -> Matching:
    """Six a side by the default order."""
    draw = np.random.RandomState(3)
    ranks = [[[int(j)] for j in draw.permutation(6)] for _ in range(12)]
    instance = Instance.from_rankings(ranks[:6], ranks[6:], score=draw.randint(0, 50, (6, 6)))
    return rmatch.solve(instance)


def same(left: ForcingCost, right: ForcingCost) -> bool:
    """Whether all arrays agree."""
    names = ("cost", "known", "state", "decides", "entry")
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in names)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in large cohorts: nothing is settled for many pairs at once."""
    monkeypatch.setattr(with_each, "SMALL", 0)


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.parametrize("start", [processes, ThreadPoolExecutor, Failing, Refusing])
def test_an_executor_changes_nothing(small: Matching, start: Callable[[], Executor]) -> None:
    """Other processes, threads, lost workers or one that takes nothing: the same, none missing."""
    seen: list[tuple[int, int]] = []
    with start() as executor:
        found = small.forcing_cost(
            executor=executor, time_limit=300, progress=lambda *now: seen.append(now)
        )
    assert same(found, small.forcing_cost())
    assert seen == sorted(seen)
    assert seen[-1] == (30, 30)


@pytest.mark.usefixtures("one_by_one")
def test_an_executor_that_is_busy_is_not_waited_for(small: Matching) -> None:
    """At the time limit, or when somebody cancels, what did not come is open."""
    hold, cancel = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as executor:
        executor.submit(hold.wait)
        found = small.forcing_cost(executor=executor, time_limit=0.2)
        cancel.set()
        stopped = small.forcing_cost(executor=executor, cancel=cancel)
        hold.set()
    for cells in (found, stopped):
        assert np.count_nonzero(cells.state == CellState.OPEN) > 0
        assert "not computed: the time was up" in str(cells)


# ------------------------------------------------------------------------------------------- words


def test_without_time_nothing_is_priced_and_that_is_said(small: Matching) -> None:
    """Open is not free: no price is known, and the frame has holes and no noughts."""
    cells = small.forcing_cost(time_limit=0)
    assert np.count_nonzero(cells.state == CellState.OPEN) == 30
    assert "30 pairs not computed" in str(cells)
    frame = cells.to_frame()
    assert frame[frame["state"] == "open"]["cost_pairs"].isna().all()
    found = small.alternatives("M0", time_limit=0)
    assert (len(found), len(found.unsettled)) == (0, 5)
    assert "Not settled in the time" in str(found)


def by_scores(order: tuple[str, ...] = ("pairs", "score")) -> Matching:
    """Three mentors and two mentees, one pair of whom is not acceptable."""
    acceptable = np.array([[1, 1], [1, 1], [0, 1]], dtype=bool)
    instance = Instance.from_scores([[9, 5], [7, 6], [0, 4]], acceptable)
    return rmatch.solve(instance, objectives=order)


def test_words_and_frame_of_a_small_one() -> None:
    """Counts by the level that decides, and one row a pair."""
    cells = by_scores(("pairs", "score", "tie_break")).forcing_cost()
    assert cells.levels == ("pairs", "score")
    assert str(cells) == "\n".join(
        [
            "What forcing a pair costs, 3 mentors × 2 mentees, by the first level that",
            "changes:",
            "        2  made already",
            "        0  no level changes",
            "        3  score: worse by 2 to 3",
            "        1  not acceptable",
        ]
    )
    assert repr(cells) == "ForcingCost(3 × 2, 3 computed)"
    frame = cells.to_frame()
    assert list(frame.columns) == [
        *("mentor", "mentee", "state", "decides", "entry", "cost_pairs", "cost_score"),
    ]
    assert frame["state"].tolist() == [
        *("made", "computed", "computed", "made", "excluded", "computed"),
    ]
    assert frame["cost_score"].fillna(-1).tolist() == [0, 3, 3, 0, -1, 2]
    with pytest.raises(KeyError):
        cells.of("M0", "M1")


def test_alternatives_of_a_small_one() -> None:
    """Cheapest first, with both ranks and the price."""
    found = by_scores().alternatives("S1")
    assert [(one.partner, one.price["score"], one.decides) for one in found] == [
        ("M2", 2, "score"),
        ("M0", 3, "score"),
    ]
    assert (
        str(found).splitlines()[0] == "Whom else S1 could have, cheapest for the programme first:"
    )
    assert "score worse by 2" in str(found)
    assert str(by_scores().alternatives("M2", 1)).count("score worse by") == 1
    lonely = rmatch.solve(Instance.from_scores([[1]]), objectives=("pairs",))
    assert str(lonely.alternatives("M0")) == "M0 could have nobody else."
    with pytest.raises(KeyError):
        found = by_scores().alternatives("M7")
    with pytest.raises(ValueError, match="k must be"):
        by_scores().alternatives("M0", 0)


def test_a_matching_that_is_not_the_best_is_compared_as_it_is() -> None:
    """What is better with a pair has a price below nothing, and words that say why."""
    instance = by_scores().instance
    made = matching_of(instance, [(0, 1), (1, 0)], ("pairs", "score"), bounds={"score": 15})
    cells = made.forcing_cost()
    assert cells.of("M0", "S0").price == {"pairs": 0, "score": -3}
    assert cells.of("M2", "S1").price == {"pairs": 0, "score": -1}
    assert "score: better than what was made, which is not proved" in str(cells)
    assert "not proved the best" in str(cells)
    assert [one.partner for one in made.alternatives("M0")] == ["S0"]
    assert "score better by 3" in str(made.alternatives("M0"))


def test_wrong_arguments_are_said(small: Matching) -> None:
    """As in solving."""
    with pytest.raises(ValueError, match="time_limit"):
        small.forcing_cost(time_limit=-1)
    with pytest.raises(TypeError, match="cancel"):
        small.forcing_cost(cancel=True)  # type: ignore[arg-type]


def test_people_are_shown_ids_and_scores_of_a_hundred() -> None:
    """No name is in words or frame; a choice they stated is marked."""
    matching = rmatch.solve(rmatch.examples.path("east-of-england"), strategy="best_score")
    cells, found = matching.forcing_cost(), matching.alternatives("M03")
    assert matching.programme is not None
    names = [person.name for person in matching.programme.people if person.name]
    shown = f"{cells}{found}{cells.to_frame().to_csv()}{list(found)}"
    assert names
    assert not any(name in shown for name in names)
    assert any(one.own_stated for one in found)
    assert 0 <= found[0].score <= 100


@pytest.mark.parametrize("order", [("tie_break",), ("pairs",), DEFAULT])
@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0)])
def test_nobody_on_a_side_is_ordinary_input(shape: tuple[int, int], order: tuple[str, ...]) -> None:
    """There is nothing to price, and arrays and words say so."""
    instance = Instance.from_scores(np.zeros(shape, dtype=np.int64))
    matching = rmatch.solve(instance, objectives=order)
    cells = matching.forcing_cost()
    assert cells.state.shape == shape
    assert len(cells.to_frame()) == 0
    assert str(cells).count("made already") == 1
    for person in (*instance.mentor_ids, *instance.mentee_ids):
        assert str(matching.alternatives(person)) == f"{person} could have nobody else."


def test_the_tie_break_alone_costs_nothing() -> None:
    """Without levels before it every acceptable pair is free."""
    cells = by_scores(("tie_break",)).forcing_cost()
    assert cells.levels == ()
    assert "3  no level changes" in str(cells)


def test_results_survive_another_process_and_a_notebook(small: Matching) -> None:
    """They are plain data, and shown as they are told."""
    cells, found = small.forcing_cost(), small.alternatives("M1")
    assert same(pickle.loads(pickle.dumps(cells)), cells)  # noqa: S301 - our own bytes
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - as above
    assert (again, again.person, again.text) == (found, "M1", str(found))
    assert again._repr_html_() == found._repr_html_()
    assert found.person in found._repr_html_()
    assert "made already</td>" in cells._repr_html_()
