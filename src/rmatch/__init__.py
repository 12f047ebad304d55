"""rmatch: a matching engine for reciprocal mentoring.

>>> import rmatch
>>> matching = rmatch.solve(rmatch.examples.path("east-of-england"))
>>> len(matching.pairs), matching.status
(14, 'optimal')

Every public name is loaded when it is first used, so that ``import rmatch`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rmatch import examples
    from rmatch.api import load, rematch, score, solve
    from rmatch.audit import Audit
    from rmatch.comparing import Comparison, Metric, compare, price_of_stability
    from rmatch.equity import Equity
    from rmatch.errors import (
        DecisionError,
        InfeasibleError,
        InputError,
        LostWorkerError,
        MissingExtraError,
        Problem,
        RmatchError,
        RunFolderError,
        StrategyError,
        TimeLimitError,
        UnknownPersonError,
    )
    from rmatch.explaining.alternatives import Alternatives
    from rmatch.explaining.explanation import Explanation
    from rmatch.explaining.forced import CellState
    from rmatch.explaining.records import Pair, Question
    from rmatch.explaining.why import Why
    from rmatch.explaining.why_not import Reason, WhyNot
    from rmatch.instance import Instance
    from rmatch.io import load_pairs
    from rmatch.matching import Matching
    from rmatch.programme import (
        Conflict,
        LeadershipRole,
        Load,
        MustNotPair,
        MustPair,
        Participant,
        PastPair,
        Programme,
        Quota,
        Settings,
        Waiver,
    )
    from rmatch.reporting.forcing import ForcingCost
    from rmatch.scoring import CandidateScores, Criterion, Rule, Scores
    from rmatch.solution import Progress, Solution
    from rmatch.solving.dense import Assignment, assign
    from rmatch.solving.strategies import Strategy

__version__ = "0.1.0"

__all__ = [
    "Alternatives",
    "Assignment",
    "Audit",
    "CandidateScores",
    "CellState",
    "Comparison",
    "Conflict",
    "Criterion",
    "DecisionError",
    "Equity",
    "Explanation",
    "ForcingCost",
    "InfeasibleError",
    "InputError",
    "Instance",
    "LeadershipRole",
    "Load",
    "LostWorkerError",
    "Matching",
    "Metric",
    "MissingExtraError",
    "MustNotPair",
    "MustPair",
    "Pair",
    "Participant",
    "PastPair",
    "Problem",
    "Programme",
    "Progress",
    "Question",
    "Quota",
    "Reason",
    "RmatchError",
    "Rule",
    "RunFolderError",
    "Scores",
    "Settings",
    "Solution",
    "Strategy",
    "StrategyError",
    "TimeLimitError",
    "UnknownPersonError",
    "Waiver",
    "Why",
    "WhyNot",
    "__version__",
    "assign",
    "compare",
    "examples",
    "load",
    "load_pairs",
    "price_of_stability",
    "rematch",
    "score",
    "solve",
]

_HOMES = {
    "rmatch.api": ("load", "rematch", "score", "solve"),
    "rmatch.audit": ("Audit",),
    "rmatch.comparing": ("Comparison", "Metric", "compare", "price_of_stability"),
    "rmatch.equity": ("Equity",),
    "rmatch.errors": (
        "DecisionError",
        "InfeasibleError",
        "InputError",
        "LostWorkerError",
        "MissingExtraError",
        "Problem",
        "RmatchError",
        "RunFolderError",
        "StrategyError",
        "TimeLimitError",
        "UnknownPersonError",
    ),
    "rmatch.explaining.alternatives": ("Alternatives",),
    "rmatch.explaining.explanation": ("Explanation",),
    "rmatch.explaining.forced": ("CellState",),
    "rmatch.explaining.records": ("Pair", "Question"),
    "rmatch.explaining.why": ("Why",),
    "rmatch.explaining.why_not": ("Reason", "WhyNot"),
    "rmatch.instance": ("Instance",),
    "rmatch.io": ("load_pairs",),
    "rmatch.matching": ("Matching",),
    "rmatch.programme": (
        "Conflict",
        "LeadershipRole",
        "Load",
        "MustNotPair",
        "MustPair",
        "Participant",
        "PastPair",
        "Programme",
        "Quota",
        "Settings",
        "Waiver",
    ),
    "rmatch.reporting.forcing": ("ForcingCost",),
    "rmatch.scoring": ("CandidateScores", "Criterion", "Rule", "Scores"),
    "rmatch.solution": ("Progress", "Solution"),
    "rmatch.solving.dense": ("Assignment", "assign"),
    "rmatch.solving.strategies": ("Strategy",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name == "examples":
        return import_module("rmatch.examples")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'rmatch' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
