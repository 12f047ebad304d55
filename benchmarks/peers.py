"""What a user would pick instead: the same level by plain CP-SAT and by HiGHS.

Both get the rows of ``formulation.py``, with the values of the levels before given to them, and
both are timed without building the model. CP-SAT runs as it comes (``cp_model``, default
parameters, as many workers as cores), HiGHS as it comes with ortools (``math_opt``, which
cannot set its threads: one on a machine of two cores), with a gap of 0, where its default would
call 0.01 % optimal. Each gets a time limit.
"""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from formulation import LEAST, Question, is_legal, value
from rmatch import Solution
from rmatch.solution import Level

MAX_TERMS = 10_000_000
"""Larger models are not built: they would not fit beside another on a small machine."""


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """What a peer said: ``optimal``, ``feasible``, ``unknown``, ``infeasible`` or ``too large``."""

    status: str
    chosen: list[int] | None
    seconds: float

    def value(self, question: Question) -> int | None:
        """What its matching is worth, counted from the pairs."""
        if self.chosen is None:
            return None
        return value(question.level, question.instance, np.array(self.chosen, dtype=np.int64))


class DisagreementError(SystemExit):
    """A peer and rmatch cannot both be right; the run stops."""


def cp_sat(question: Question, cap: float) -> PeerAnswer:
    """The level by ``ortools.sat.python.cp_model`` with default parameters."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - loads pandas

    module: Any = cp_model
    model = module.CpModel()
    variables = [model.new_bool_var("") for _ in range(question.size)]

    def total(indices: list[int], weights: list[int]) -> Any:
        return module.LinearExpr.weighted_sum([variables[k] for k in indices], weights)

    for row in question.rows():
        low = module.INT32_MIN if row.low is None else row.low
        high = module.INT32_MAX if row.high is None else row.high
        model.add_linear_constraint(total(row.variables, row.weights), low, high)
    goal = total(question.objective.variables, question.objective.weights)
    (model.minimize if question.sense == "min" else model.maximize)(goal)
    solver = module.CpSolver()
    solver.parameters.max_time_in_seconds = cap
    started = time.perf_counter()
    status = solver.solve(model)
    seconds = time.perf_counter() - started
    name = solver.status_name(status).lower()
    if name not in ("optimal", "feasible"):
        return PeerAnswer(name, None, seconds)
    pairs = variables[: question.instance.n_pairs]
    return PeerAnswer(name, [k for k, x in enumerate(pairs) if solver.value(x)], seconds)


def highs(question: Question, cap: float) -> PeerAnswer:
    """The level by HiGHS, as a mixed-integer program through ``ortools.math_opt``."""
    from ortools.math_opt.python import mathopt  # noqa: PLC0415 - loads in 0.4 s

    module: Any = mathopt
    model = module.Model()
    variables = [model.add_binary_variable() for _ in range(question.size)]
    for row in question.rows():
        posted = model.add_linear_constraint(
            lb=-math.inf if row.low is None else row.low,
            ub=math.inf if row.high is None else row.high,
        )
        for index, weight in zip(row.variables, row.weights, strict=True):
            posted.set_coefficient(variables[index], weight)
    model.objective.is_maximize = question.sense == "max"
    for index, weight in zip(question.objective.variables, question.objective.weights, strict=True):
        model.objective.set_linear_coefficient(variables[index], weight)
    parameters = module.SolveParameters(
        time_limit=datetime.timedelta(seconds=cap), relative_gap_tolerance=0.0
    )
    started = time.perf_counter()
    result = module.solve(model, module.SolverType.HIGHS, params=parameters)
    seconds = time.perf_counter() - started
    status = _status_of(result.termination.reason, module.TerminationReason)
    if not result.has_primal_feasible_solution():
        return PeerAnswer(status, None, seconds)
    values = result.variable_values(variables[: question.instance.n_pairs])
    return PeerAnswer(status, [k for k, x in enumerate(values) if x > 0.5], seconds)


def _status_of(reason: Any, reasons: Any) -> str:
    names = {
        reasons.OPTIMAL: "optimal",
        reasons.FEASIBLE: "feasible",
        reasons.INFEASIBLE: "infeasible",
    }
    return names.get(reason, "unknown")


PEERS: Mapping[str, Callable[[Question, float], PeerAnswer]] = {"cpsat": cp_sat, "highs": highs}
"""Every peer by the name that its columns carry."""


def ask(name: str, question: Question, cap: float) -> PeerAnswer:
    """A peer's answer, where its model can be built at all."""
    if not question.is_posable or terms_of(question) > MAX_TERMS:
        return PeerAnswer("too large", None, math.nan)
    return PEERS[name](question, cap)


def terms_of(question: Question) -> int:
    """About how many terms the stability rows have: half of both lists, for each pair."""
    instance = question.instance
    return sum(
        int((np.bincount(owner, minlength=1) ** 2).sum()) // 2
        for owner in (instance.mentor, instance.mentee)
    )


def check(peer: str, question: Question, answer: PeerAnswer, solution: Solution) -> None:
    """Stop the run where a peer and rmatch contradict each other.

    Raises:
        DisagreementError: the peer's matching is illegal or breaks what is held; it proved another
            value than rmatch did; it beats a bound of rmatch; or it says that there is no matching.
    """
    ours = solution.levels[-1]
    theirs = answer.value(question)
    problem = None
    if answer.status == "infeasible":
        problem = "says that there is no such matching"
    elif theirs is not None and not _keeps_all(question, answer):
        problem = "has a matching that breaks what is held"
    elif theirs is not None and _is_better(question, theirs, ours.bound):
        problem = f"found {theirs}, beyond the bound {ours.bound}"
    elif (
        answer.status == "optimal" and theirs != ours.value and not _is_open(question, theirs, ours)
    ):
        problem = f"proved {theirs}, rmatch has {ours.value}"
    if problem is not None:
        raise DisagreementError(f"{question.level} of {question.instance!r}: {peer} {problem}")


def _is_open(question: Question, theirs: int | None, ours: Level) -> bool:
    """Whether rmatch stopped short of an optimum that a peer proved, which is no contradiction."""
    return not ours.proved and theirs is not None and _is_better(question, theirs, ours.value)


def _keeps_all(question: Question, answer: PeerAnswer) -> bool:
    chosen = np.array(answer.chosen, dtype=np.int64)
    kept = all(
        not _is_worse(name, value(name, question.instance, chosen), held)
        for name, held in question.held.items()
    )
    return kept and is_legal(question.instance, chosen)


def _is_worse(level: str, one: int, other: int) -> bool:
    return one > other if level in LEAST else one < other


def _is_better(question: Question, one: int, other: int | None) -> bool:
    return other is not None and (one < other if question.sense == "min" else one > other)
