"""What a comparison holds: metrics, and what each came to for every matching that was made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rmatch.instance import Instance, IntArray

Better = Literal["more", "less", "neither"]
"""Which way a metric is better; ``neither`` where that is for people to judge."""

Unit = Literal["count", "share", "score", "rank", "index", "seconds"]
"""What a number counts. A ``share`` is from 0 to 1 and shown as per cent, as is a loss; a ``score``
is in hundredths where people were scored, and shown as people see it; an ``index`` has no unit."""

Ended = Literal["optimal", "feasible", "infeasible", "failed", "not run"]
"""How a run ended: as the solution's status, or what is stated cannot hold, or an error is told, or
the time of the whole comparison was up before it began."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A matching as metrics see it: arrays only.

    Attributes:
        instance: What was matched.
        chosen: (K,) indices of the pairs that were made, ascending.
        mentor_choice: (E,) which of the mentor's own choices the mentee of each pair is, from 1;
            0 where the mentor did not name them.
        mentee_choice: (E,) the same on the other side.
        best_score: The greatest total score that any legal matching reaches, however few pairs it
            has, or what cannot be beaten where that was not proved; ``None`` if not known.
    """

    instance: Instance
    chosen: IntArray
    mentor_choice: IntArray
    mentee_choice: IntArray
    best_score: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "chosen", np.asarray(self.chosen, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Metric:
    """One number that says something of a matching.

    Attributes:
        name: As in frames: a word with underscores.
        label: As people read it, above a column or beside a row.
        meaning: One sentence: what exactly is counted.
        better: Which way is better.
        unit: What it is in.
        measure: The number for a matching; ``None`` where it has no meaning (a mean of nothing).
    """

    name: str
    label: str
    meaning: str
    better: Better
    unit: Unit
    measure: Callable[[Outcome], float | None] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Run:
    """One strategy on one case with one seed.

    Attributes:
        case: The name of the cohort or instance.
        seed: Of ties and lots.
        strategy: Its name in this comparison.
        ended: How it ended.
        values: Metric's name → its value; empty unless a matching was made.
        seconds: How long solving took, without scoring and checking; no part of equality.
        note: What should be known of it: why there is no matching, what was left out or repaired.
            Ids, never names.
        points: Whether scores are hundredths of what people see.
    """

    case: str
    seed: int
    strategy: str
    ended: Ended
    values: Mapping[str, float | None]
    seconds: float | None = field(default=None, compare=False)
    note: str = ""
    points: bool = False
