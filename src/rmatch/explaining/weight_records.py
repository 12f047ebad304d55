"""What is found of how far a matching hangs on the weights: plain frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rmatch.scoring.frame import frame_of

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 10
"""So many times a weight is how far up it is looked."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far it has got: of how many solves or searches of one kind so many are done."""

    task: str
    done: int
    of: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Change:
    """All weights moved by up to so many per cent, again and again.

    Attributes:
        percent: How far each weight was moved at most.
        draws: How many such changes were asked for.
        solved: How many of them were solved, to proof, or shown to be impossible.
        same: In how many of those every pair stayed, and no other was made.
        impossible: In how many of those what is stated cannot hold at all: there nothing stayed.
    """

    percent: int
    draws: int
    solved: int
    same: int
    impossible: int


@dataclass(frozen=True, slots=True)
class PairRobustness:
    """How far one made pair hangs on the weights.

    Attributes:
        mentor: Id.
        mentee: Id.
        weight_free: Whether the pair is made whatever the criteria weigh; ``None``: not known. It
            is proved where it is true; where it is false, some weights or ranks might change it.
        stayed: Per cent → in how many of the changes solved the pair was made too.
    """

    mentor: str
    mentee: str
    weight_free: bool | None
    stayed: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class WeightRange:
    """The weights of one criterion, the others as they are, at which the matching stays optimal.

    It is optimal at ``low``, at ``high`` and at every weight between them that was tested, through
    the levels before the tie-break; a thousandth beyond an end that was found, it is not.

    Attributes:
        criterion: Its name.
        weight: As it is.
        low: The lowest such weight, to 0.001; 0 where it is optimal there.
        high: The highest; ``None``: no end was found up to ``limit``.
        limit: How far up it was looked.
        low_open: Whether the time was up before the lower end was found: it may be lower.
        high_open: Likewise: it may be higher.
    """

    criterion: str
    weight: int
    low: float
    high: float | None
    limit: int
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Robustness:
    """How far a matching hangs on the weights; ``str()`` says it in words.

    Attributes:
        pairs: The made pairs, in the order of the mentors.
        changes: What became of the matching when all weights were moved, least moves first.
        ranges: For each criterion that weighs something, how far its weight may move; ``None``
            where the matching itself is not proved optimal, so that there is nothing to keep.
        complete: Whether everything was computed.
        text: The words.
    """

    pairs: tuple[PairRobustness, ...]
    changes: tuple[Change, ...]
    ranges: tuple[WeightRange, ...] | None
    complete: bool
    text: str = field(default="", repr=False)

    def __repr__(self) -> str:
        changes = ", ".join(
            f"{c.same} of {c.solved} to {c.percent} % the same" for c in self.changes
        )
        return f"Robustness({len(self.pairs)} pairs{'; ' if changes else ''}{changes})"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from rmatch.explaining.robustness_html import robustness_html

        return robustness_html(self)

    def to_frame(self) -> pd.DataFrame:
        """One row per pair: ids, ``weight_free``, ``stayed_10`` of ``solved_10`` and so on."""
        columns = [
            name for c in self.changes for name in (f"stayed_{c.percent}", f"solved_{c.percent}")
        ]
        return frame_of(
            (self._row(pair) for pair in self.pairs), ["mentor", "mentee", "weight_free", *columns]
        )

    def _row(self, pair: PairRobustness) -> dict[str, object]:
        row: dict[str, object] = {
            "mentor": pair.mentor,
            "mentee": pair.mentee,
            "weight_free": pair.weight_free,
        }
        for change in self.changes:
            row[f"stayed_{change.percent}"] = pair.stayed[change.percent]
            row[f"solved_{change.percent}"] = change.solved
        return row
