"""The one door to CP-SAT.

Models are filled in as protos through ``cp_model_helper``, which is what ``cp_model`` is built on:
it needs no pandas, starts in a fifteenth of the time and is filled in bulk. It is undocumented, so
it is used in this file only, ortools is bounded in ``pyproject.toml``, and ``cp_model`` is the
fallback (``RMATCH_CP_MODEL=1`` forces it; tests run both).
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

from rmatch.solving.clock import Clock
from rmatch.solving.model import Answer, Goal, Model, Row

_NO_LIMIT = 2**62

TINY, LARGE = 700, 2_500
"""Variables between which more than one round of presolve saves more time than it takes."""


Watch = Callable[[int], None]
"""Told of every better bound while CP-SAT is at it."""


def minimise(
    model: Model,
    goal: Goal | None,
    clock: Clock,
    watch: Watch | None = None,
    effort: float | None = None,
) -> Answer:
    """The least value of ``goal`` over ``model``; any solution where there is no goal.

    ``effort`` is CP-SAT's deterministic time after which it is left at what was found.

    One worker with the LP at full strength (``max_lp``): deterministic, and hundreds of times
    faster at proving stable matchings than the default portfolio on few cores.
    """
    if clock.is_over:
        return Answer(None, proved=False, bound=None)
    if _must_fall_back():
        return _solve_with_cp_model(model, goal, clock, effort)
    return _solve_with_helper(model, goal, clock, watch, effort)


def _must_fall_back() -> bool:
    if os.environ.get("RMATCH_CP_MODEL") == "1":
        return True
    try:
        from ortools.sat.python import cp_model_helper
    except ImportError:
        return True
    return not (
        hasattr(cp_model_helper, "SolveWrapper")
        and hasattr(cp_model_helper, "CpModelProto")
        and hasattr(cp_model_helper.CpModelProto, "variables")
    )


def _set_parameters(parameters: Any, clock: Clock, size: int, effort: float | None) -> None:
    parameters.num_workers = 1
    parameters.random_seed = 0
    parameters.catch_sigint_signal = False
    parameters.symmetry_level = 0  # looked for in every model, found in none that matters: 6 %
    parameters.subsolvers.extend(["max_lp"])
    if effort is not None:
        parameters.max_deterministic_time = effort
    if not TINY <= size <= LARGE:
        parameters.max_presolve_iterations = 1
    seconds = clock.left
    if seconds is not None:
        parameters.max_time_in_seconds = seconds


# Through cp_model_helper --------------------------------------------------------------------------


def _solve_with_helper(
    model: Model, goal: Goal | None, clock: Clock, watch: Watch | None, effort: float | None
) -> Answer:
    from ortools.sat.python import cp_model_helper

    helper: Any = cp_model_helper
    proto = _proto_of(model, goal, helper)
    clock.check()
    parameters = helper.SatParameters()
    _set_parameters(parameters, clock, model.size, effort)
    wrapper = helper.SolveWrapper()
    wrapper.set_parameters(parameters)
    if watch is not None and goal is not None:
        told = watch
        wrapper.add_best_bound_callback(lambda bound: told(_told_bound(bound, goal)))
    with clock.stopping(wrapper.stop_search):
        response = wrapper.solve(proto)
    return _answer(
        status=response.status,
        names=helper.CpSolverStatus,
        values=lambda: list(response.solution)[: model.size],
        bound=lambda: response.best_objective_bound,
        goal=goal,
    )


def _proto_of(model: Model, goal: Goal | None, helper: Any) -> Any:
    proto = helper.CpModelProto()
    for variable in range(model.size):
        proto.variables.add().domain.extend(model.ranges.get(variable, (0, 1)))
    constraints = proto.constraints
    for literals in model.clauses:
        constraints.add().bool_or.literals.extend(literals)
    for literals in model.exactly_one:
        constraints.add().exactly_one.literals.extend(literals)
    for row in model.rows:
        linear = constraints.add().linear
        linear.vars.extend(row.variables)
        linear.coeffs.extend(row.weights)
        linear.domain.extend(_domain(row))
    for variable, value in model.hint.items():
        proto.solution_hint.vars.append(variable)
        proto.solution_hint.values.append(int(value))
    if goal is not None:
        proto.objective.vars.extend(goal.variables)
        proto.objective.coeffs.extend(goal.weights)
        if goal.at_least is not None or goal.at_most is not None:
            proto.objective.domain.extend(
                _domain(Row(goal.variables, goal.weights, goal.at_least, goal.at_most))
            )
    return proto


def _domain(row: Row) -> tuple[int, int]:
    return (
        -_NO_LIMIT if row.low is None else row.low,
        _NO_LIMIT if row.high is None else row.high,
    )


# Through cp_model ---------------------------------------------------------------------------------


def _solve_with_cp_model(
    model: Model, goal: Goal | None, clock: Clock, effort: float | None
) -> Answer:
    from ortools.sat.python import cp_model

    module: Any = cp_model
    built, variables = _cp_model_of(model, goal, module)
    solver = module.CpSolver()
    _set_parameters(solver.parameters, clock, model.size, effort)
    with clock.stopping(solver.stop_search):
        status = solver.solve(built)
    return _answer(
        status=status,
        names=module,
        values=lambda: [int(solver.value(variable)) for variable in variables],
        bound=lambda: solver.best_objective_bound,
        goal=goal,
    )


def _cp_model_of(model: Model, goal: Goal | None, cp_model: Any) -> tuple[Any, list[Any]]:
    built = cp_model.CpModel()
    variables = [
        built.new_int_var(*model.ranges[variable], "")
        if variable in model.ranges
        else built.new_bool_var("")
        for variable in range(model.size)
    ]

    def literal(index: int) -> Any:
        return variables[index] if index >= 0 else ~variables[~index]

    def total(indices: Any, weights: Any) -> Any:
        return cp_model.LinearExpr.weighted_sum([variables[k] for k in indices], list(weights))

    for literals in model.clauses:
        built.add_bool_or([literal(k) for k in literals])
    for literals in model.exactly_one:
        built.add_exactly_one([literal(k) for k in literals])
    for row in model.rows:
        built.add_linear_constraint(total(row.variables, row.weights), *_domain(row))
    for variable, value in model.hint.items():
        built.add_hint(variables[variable], value)
    if goal is not None:
        expression = total(goal.variables, goal.weights)
        limits = Row(goal.variables, goal.weights, goal.at_least, goal.at_most)
        built.add_linear_constraint(expression, *_domain(limits))
        built.minimize(expression)
    return built, variables


# What it said -------------------------------------------------------------------------------------


def _answer(
    status: Any,
    names: Any,
    values: Callable[[], list[int]],
    bound: Callable[[], float],
    goal: Goal | None,
) -> Answer:
    if status == names.MODEL_INVALID:
        raise AssertionError("CP-SAT refused the model; please report this as a bug in rmatch")
    if status == names.INFEASIBLE:
        return Answer(None, proved=True, bound=None)
    found = values() if status in (names.OPTIMAL, names.FEASIBLE) else None
    if goal is None:
        return Answer(found, found is not None, None)
    if status == names.OPTIMAL and found is not None:
        return Answer(found, True, goal.value(found))
    if found is None:  # stopped before it began, it calls 0 its bound
        return Answer(None, False, goal.at_least)
    return Answer(found, False, _whole_bound(bound(), goal))


def _told_bound(bound: float, goal: Goal) -> int:
    whole = _whole_bound(bound, goal)
    return -_NO_LIMIT if whole is None else whole


def _whole_bound(bound: float, goal: Goal) -> int | None:
    """The proven lower bound as an integer; CP-SAT reports it as a double."""
    if not math.isfinite(bound) or abs(bound) >= _NO_LIMIT:
        return goal.at_least
    # The scale at which doubles were added up.
    size = abs(bound) + sum(map(abs, goal.weights))
    whole = math.ceil(bound - max(1e-6, size * 2.0**-50))
    return whole if goal.at_least is None else max(whole, goal.at_least)
