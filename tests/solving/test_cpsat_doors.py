"""Both doors to CP-SAT, the documented ``cp_model`` and the helper beneath it, say the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from test_against_brute_force import DEFAULT, SMALL, assert_best

from rmatch.instance import Instance
from rmatch.solving import cpsat, solve
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.model import Goal, Model, Row


@pytest.fixture(params=["0", "1"], ids=["helper", "cp_model"])
def _door(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMATCH_CP_MODEL", request.param)


def small_model() -> Model:
    """Exactly one of three, the second not without the fourth."""
    model = Model()
    model.new(4)
    model.exactly_one.append([0, 1, 2])
    model.clauses.append([~1, 3])
    model.rows.append(Row([0, 3], [1, 1], None, 1))
    return model


@pytest.mark.usefixtures("_door")
def test_the_least_value_is_found_and_proved() -> None:
    """The cheapest of three, with its bound equal to its value."""
    goal = Goal([0, 1, 2, 3], [5, 1, 4, 2])
    answer = cpsat.minimise(small_model(), goal, Clock())
    assert answer.proved
    assert answer.bound == 3
    assert answer.values == [0, 1, 0, 1]


@pytest.mark.usefixtures("_door")
def test_a_bounded_objective_and_a_hint_change_no_answer() -> None:
    """Known bounds and a start only help."""
    model = small_model()
    model.hint = {0: False, 1: False, 2: True, 3: False}
    goal = Goal([0, 1, 2, 3], [5, 1, 4, 2], at_least=1, at_most=4)
    answer = cpsat.minimise(model, goal, Clock())
    assert (answer.proved, answer.bound) == (True, 3)


@pytest.mark.usefixtures("_door")
def test_what_cannot_be_is_proved_impossible() -> None:
    """An empty clause holds in no solution."""
    model = small_model()
    model.clauses.append([])
    answer = cpsat.minimise(model, None, Clock())
    assert (answer.values, answer.proved) == (None, True)


@pytest.mark.usefixtures("_door")
def test_any_solution_will_do_without_a_goal() -> None:
    """The first solution that keeps everything."""
    answer = cpsat.minimise(small_model(), None, Clock())
    assert answer.proved
    assert answer.values is not None
    assert sum(answer.values[:3]) == 1


@pytest.mark.usefixtures("_door")
def test_no_time_is_no_answer() -> None:
    """Nothing is claimed where the time was up before the start."""
    answer = cpsat.minimise(small_model(), None, Clock(limit=0.0))
    assert (answer.values, answer.proved, answer.bound) == (None, False, None)


@given(instance=SMALL)
def test_by_cp_model_it_is_the_best_of_all_matchings(instance: Instance) -> None:
    """The fallback solves whole instances to the same optimum."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RMATCH_CP_MODEL", "1")
        assert_best(instance, DEFAULT, solve(instance))


@pytest.mark.usefixtures("_door")
def test_a_solver_stopped_before_it_began_bounds_nothing() -> None:
    """Stopped in the middle of loading, CP-SAT calls 0 its bound, which a maximum may well pass."""
    chance = np.random.default_rng(0)
    model = Model()
    size = 3_000
    model.new(size)
    for _ in range(600):
        some = chance.choice(size, 40, replace=False).tolist()
        model.rows.append(Row(some, chance.integers(1, 99, 40).tolist(), None, 900))
    goal = Goal(range(size), (-chance.integers(1, 99, size)).tolist(), -1_000_000)
    for limit in (0.03, 0.06, 0.12):
        clock = Clock(limit=limit)
        try:
            answer = cpsat.minimise(model, goal, clock)
        except OutOfTimeError:
            continue
        assert answer.bound is not None
        assert answer.bound < -10_000
