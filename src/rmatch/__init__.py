"""rmatch: a matching engine for reciprocal mentoring.

>>> import rmatch
>>> matching = rmatch.solve(rmatch.examples.path("east-of-england"))
>>> len(matching.pairs), matching.status
(14, 'optimal')
"""

from __future__ import annotations

from rmatch import examples
from rmatch.api import load, score, solve
from rmatch.audit import Audit
from rmatch.errors import (
    InfeasibleError,
    InputError,
    MissingExtraError,
    Problem,
    RmatchError,
    RunFolderError,
)
from rmatch.explaining.explanation import Explanation
from rmatch.explaining.records import Pair, Question
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import (
    Conflict,
    LeadershipRole,
    Participant,
    PastPair,
    Programme,
    Settings,
)
from rmatch.scoring import Criterion, Rule, Scores
from rmatch.solution import Solution

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "Conflict",
    "Criterion",
    "Explanation",
    "InfeasibleError",
    "InputError",
    "Instance",
    "LeadershipRole",
    "Matching",
    "MissingExtraError",
    "Pair",
    "Participant",
    "PastPair",
    "Problem",
    "Programme",
    "Question",
    "RmatchError",
    "Rule",
    "RunFolderError",
    "Scores",
    "Settings",
    "Solution",
    "__version__",
    "examples",
    "load",
    "score",
    "solve",
]
