"""The solution: what solving an instance came to, as a plain frozen record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rmatch.certificate import Certificate

Value: TypeAlias = int | tuple[int, ...]
"""What a level comes to: a number, or a vector that is compared entry by entry from the left."""

Status = Literal["optimal", "feasible"]

Proof = Literal["cut", "prices", "counted", "floor", "rotations", "reported", "open"]
"""How a level was proved.

``cut`` and ``prices``: by the certificate. ``counted``: no pair blocks. ``floor``: nothing at all
could be better. These can be checked without a solver. ``rotations``: by a minimum cut among the
rotations of strict preferences; ``reported``: by CP-SAT, an LP, or a flow with no certificate; of
both we have the solver's word. ``open``: not proved.
"""


@dataclass(frozen=True, slots=True)
class Level:
    """One objective of the lexicographic order and how far it was proved.

    ``bound`` is what no matching can beat, given the levels before; ``proved`` is ``value ==
    bound``. The bound of a vector that was not proved to its end is the part that was, and the
    bound of the next entry. ``proof`` says how it was proved.
    """

    name: str
    value: Value
    bound: Value | None
    seconds: float
    proof: Proof = "reported"

    @property
    def proved(self) -> bool:
        """Whether no matching is better at this level, given the levels before it."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Progress:
    """How far solving has got, told while it goes on.

    ``best`` is the level's value at the best matching so far and ``bound`` what no matching can
    beat, ``None`` where not known yet; ``seconds`` since solving began.
    """

    level: str
    best: Value | None
    bound: Value | None
    seconds: float


TOO_LARGE = "too many pairs to prove more"
"""What ``Solution.method`` ends with where no more time would have brought a proof."""


def status_of(levels: Iterable[Level]) -> Status:
    """``optimal`` only when every level is proved."""
    return "optimal" if all(level.proved for level in levels) else "feasible"


@dataclass(frozen=True, slots=True)
class Solution:
    """A matching as indices of the instance's acceptable pairs, with the levels it was proved at.

    ``status`` is ``optimal`` only when every level is proved; otherwise ``feasible``: the best
    matching that was found within the time, or for so many pairs. ``method`` says what it was made
    by, and what befell it, after commas. ``certificate`` is the evidence that anyone can check.
    """

    chosen: tuple[int, ...]
    status: Status
    levels: tuple[Level, ...]
    seconds: float
    method: str
    certificate: Certificate = field(default=Certificate(), repr=False)

    @property
    def objectives(self) -> Mapping[str, Value]:
        """Every level's value, in order."""
        return {level.name: level.value for level in self.levels}

    @property
    def is_beyond_proof(self) -> bool:
        """Whether an open level is open for the number of pairs, and not for want of time."""
        return TOO_LARGE in self.method.split(", ")
