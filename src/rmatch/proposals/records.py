"""What a coordinator's own pairs come to beside the matching, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from rmatch.solution import Value

if TYPE_CHECKING:
    from rmatch.matching import Matching

PairIds: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PutIn:
    """A pair that the coordinator put in.

    Attributes:
        mentor: Id.
        mentee: Id.
        broken: Codes of what it breaks: hard rules (vetoes and confidential ones read
            ``confidential`` unless revealed), the coordinator's own word, the ledger's.
        score: 0–100 (the given integer for an instance made without people, ``None`` where that
            has none).
        mentor_rank: Of the mentee in the mentor's eyes; ``None`` where the pair is excluded.
        mentee_rank: Likewise.
        mentor_stated: Whether that rank was stated.
        mentee_stated: Likewise.
        warned: Codes of the warn rules it breaks.
        unchecked: Codes of the hard rules that cannot be checked for want of facts.
        blocking: Pairs with one of the two that block now and did not before.
    """

    mentor: str
    mentee: str
    broken: tuple[str, ...] = ()
    score: float | None = None
    mentor_rank: int | None = None
    mentee_rank: int | None = None
    mentor_stated: bool = False
    mentee_stated: bool = False
    warned: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    blocking: tuple[PairIds, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A pair of the matching that the coordinator took out.

    ``decided`` is how far it was by the ledger, where it was approved or further. The others are
    as in ``PutIn``.
    """

    mentor: str
    mentee: str
    score: float
    mentor_rank: int
    mentee_rank: int
    mentor_stated: bool = False
    mentee_stated: bool = False
    decided: str | None = None


@dataclass(frozen=True, slots=True)
class Overrun:
    """Somebody with more partners than places."""

    person: str
    partners: tuple[str, ...]
    places: int


@dataclass(frozen=True, slots=True)
class LevelChange:
    """What a level comes to before and after; ``None`` where it cannot be counted.

    ``better`` says which of the two is: 1 the one after, −1 the one before, 0 neither.
    """

    name: str
    before: Value | None
    after: Value | None
    better: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """What the proposal would come to without one of its moves.

    Attributes:
        legal: Whether nothing would be broken then.
        levels: Each level as proposed (``before``) and without the move (``after``).
        blocking: Pairs that block as proposed and would not then.
    """

    legal: bool
    levels: tuple[LevelChange, ...]
    blocking: tuple[PairIds, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """Changes that hang together, because they have people in common: a swap is one move.

    Attributes:
        taken_out: Pairs of the matching that are gone.
        put_in: Pairs that were not made.
        left: Who had a partner and has none now.
        gained: Who had none and has one now.
        overruns: Whose places are not enough.
        undone: What undoing this move alone would give; ``None`` where there is no other.
    """

    taken_out: tuple[TakenOut, ...]
    put_in: tuple[PutIn, ...]
    left: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    overruns: tuple[Overrun, ...] = ()
    undone: Undone | None = None

    @property
    def breaks(self) -> bool:
        """Whether it breaks a hard rule, somebody's word or places."""
        return bool(self.overruns) or any(pair.broken for pair in self.put_in)


@dataclass(frozen=True, slots=True)
class EditedPairs:
    """What pairs that somebody edited come to beside a matching; ``str()`` says it in words.

    Attributes:
        pairs: (mentor, mentee) ids of all of them, in the order of the mentors.
        moves: What is different from the matching.
        broken: Statements that must hold and do not.
        over: Pairs that were left as they are, and that the ledger rules out by now: somebody
            withdrew, or declined. They count as made, as they do in the matching.
        unkept: Statements with a price → by how much they are off, in the matching and now, where
            that is different.
        levels: Each level in the matching and now, without the tie-break. Where pairs are not
            allowed, the others are counted, and no place that those hold is free; where somebody
            has more partners than places nothing is.
        blocking_new: Pairs that block now and did not.
        blocking_gone: Pairs that did and do not now.
        matching: The edited pairs as a matching, its levels counted and not claimed to be best;
            ``None`` where something is broken.
    """

    pairs: tuple[PairIds, ...]
    moves: tuple[Move, ...]
    broken: tuple[str, ...] = ()
    over: tuple[PairIds, ...] = ()
    unkept: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    levels: tuple[LevelChange, ...] = ()
    blocking_new: tuple[PairIds, ...] = ()
    blocking_gone: tuple[PairIds, ...] = ()
    matching: Matching | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    @property
    def legal(self) -> bool:
        """Whether nothing is broken: no hard rule, no place, no statement that must hold."""
        return not self.broken and not any(move.breaks for move in self.moves)

    @property
    def put_in(self) -> tuple[PutIn, ...]:
        """The pairs that were put in, move by move."""
        return tuple(pair for move in self.moves for pair in move.put_in)

    @property
    def taken_out(self) -> tuple[TakenOut, ...]:
        """The pairs that were taken out, move by move."""
        return tuple(pair for move in self.moves for pair in move.taken_out)

    @property
    def left(self) -> tuple[str, ...]:
        """Who had a partner and has none now."""
        return tuple(person for move in self.moves for person in move.left)

    @property
    def gained(self) -> tuple[str, ...]:
        """Who had none and has one now."""
        return tuple(person for move in self.moves for person in move.gained)

    @property
    def overruns(self) -> tuple[Overrun, ...]:
        """Who has more partners than places."""
        return tuple(overrun for move in self.moves for overrun in move.overruns)
