"""What is different between two matchings, as records: pairs, people, and what it goes back to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from rmatch.reporting.frames import frame

if TYPE_CHECKING:
    import pandas as pd

PairIds: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a pair: what it is worth to the person, and how high the partner stands."""

    score: float
    rank: int
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A matching as the diff sees it.

    Attributes:
        people: Id → places, mentors first.
        mentors: Ids of the mentors.
        pairs: (mentor, mentee) → its score and both sides.
        excluded: Codes of what excludes a pair of people who are there; empty where it is allowed.
        stated: Pairs that must be made.
        otherwise: Since an earlier matching: what differs in what was asked, in words.
        over: Pairs that were declined or had ended, by what was decided.
    """

    people: Mapping[str, int]
    mentors: frozenset[str]
    pairs: Mapping[PairIds, tuple[float, Half, Half]]
    excluded: Callable[[str, str], tuple[str, ...]]
    stated: frozenset[PairIds] = frozenset()
    otherwise: tuple[str, ...] = ()
    over: frozenset[PairIds] = frozenset()


class ChangeKind(StrEnum):
    """What happened to somebody."""

    MOVED = "moved"
    """Another partner, or one more or fewer."""
    MATCHED = "matched"
    """A partner, and none before."""
    UNMATCHED = "unmatched"
    """No partner any more."""
    JOINED = "joined"
    """Not there before; with or without a partner now."""
    WITHDREW = "withdrew"
    """Not there any more."""


class CauseKind(StrEnum):
    """What came from outside."""

    WITHDREW = "withdrew"
    EXCLUDED = "excluded"
    """An old pair is not allowed any more."""
    OVER = "over"
    """An old pair had ended, by what was decided."""
    STATED = "stated"
    """A new pair must be made, and did not have to be."""
    ALLOWED = "allowed"
    """A new pair was not allowed before."""
    PLACES = "places"
    """Fewer places than there were partners, or more partners than there were places."""
    JOINED = "joined"
    REBALANCED = "rebalanced"
    """Nothing of these: other answers, weights or settings."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a chain of changes began.

    Attributes:
        kind: What it was.
        people: Whom it concerns: one person, the two of a pair, or nobody.
        codes: Of what excludes the pair now, or did before.
        places: How many there were, and are.
        otherwise: What differs in what was asked, in words, where it was nothing else.
    """

    kind: CauseKind
    people: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    places: tuple[int, int] | None = None
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for one person.

    Attributes:
        person: Who.
        kind: What happened to them.
        before: Their partners before.
        after: Their partners now.
        lost: What they gave up, partner by partner.
        gained: What they got.
        cause: What it goes back to.
    """

    person: str
    kind: ChangeKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    lost: tuple[tuple[str, Half], ...]
    gained: tuple[tuple[str, Half], ...]
    cause: Cause


@dataclass(frozen=True, slots=True)
class Chain:
    """Changes that hang together, in the order in which one led to the next.

    Attributes:
        causes: What came from outside.
        steps: (is new, pair) from the first cause on, each beside somebody of one before it
            wherever there is one.
    """

    causes: tuple[Cause, ...]
    steps: tuple[tuple[bool, PairIds], ...]


Fate = Literal["kept", "broken", "ended", "excluded", "new"]
"""What became of a pair."""


@dataclass(frozen=True, slots=True)
class Diff:
    """What is different, pair by pair and person by person; ``str()`` says it in words.

    Attributes:
        kept: Pairs of both matchings.
        broken: Old pairs of two people who are still there, still allowed, and not made now.
        ended: Old pairs of whom somebody is not there any more, or that had ended by decision.
        excluded: Old pairs of two people who are still there that are not allowed any more.
        made: New pairs.
        changes: One for everybody to whom something happened, mentors first.
        chains: How the changes hang together.
        scores: Every pair's score, the new one where it is in both.
    """

    kept: tuple[PairIds, ...]
    broken: tuple[PairIds, ...]
    ended: tuple[PairIds, ...]
    excluded: tuple[PairIds, ...]
    made: tuple[PairIds, ...]
    changes: tuple[Change, ...]
    chains: tuple[Chain, ...]
    scores: Mapping[PairIds, float] = field(default_factory=dict, repr=False, hash=False)
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    @property
    def fates(self) -> Mapping[PairIds, Fate]:
        """What became of every pair of either matching."""
        groups: tuple[tuple[Fate, tuple[PairIds, ...]], ...] = (
            ("kept", self.kept),
            ("broken", self.broken),
            ("ended", self.ended),
            ("excluded", self.excluded),
            ("new", self.made),
        )
        return {pair: fate for fate, pairs in groups for pair in pairs}

    def to_frame(self, by: Literal["person", "pair"] = "person") -> pd.DataFrame:
        """One row for everybody to whom something happened, or for every pair that was or is.

        Raises:
            ValueError: ``by`` is neither.
        """
        if by == "person":
            return frame([_person_record(change) for change in self.changes], _PERSON_COLUMNS)
        if by != "pair":
            raise ValueError(f"by is {by!r}; it can be 'person' or 'pair'")
        return frame(
            [
                {"mentor": pair[0], "mentee": pair[1], "score": self.scores[pair], "change": fate}
                for pair, fate in self.fates.items()
            ],
            _PAIR_COLUMNS,
        )


_PAIR_COLUMNS = ("mentor", "mentee", "score", "change")
_PERSON_COLUMNS = (
    *("person", "change", "before", "after", "lost", "gained", "score_lost", "score_gained"),
    *("reason", "reason_people", "reason_codes"),
)


def _person_record(change: Change) -> dict[str, object]:
    return {
        "person": change.person,
        "change": change.kind.value,
        "before": "; ".join(change.before),
        "after": "; ".join(change.after),
        "lost": "; ".join(person for person, _ in change.lost),
        "gained": "; ".join(person for person, _ in change.gained),
        "score_lost": sum(half.score for _, half in change.lost) if change.lost else None,
        "score_gained": sum(half.score for _, half in change.gained) if change.gained else None,
        "reason": change.cause.kind.value,
        "reason_people": "; ".join(change.cause.people),
        "reason_codes": "; ".join(change.cause.codes),
    }
