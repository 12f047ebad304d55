"""What the matching came to for each person: the only facts about them that the report counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal, get_args

from rmatch.explaining.records import Pair

SideName = Literal["mentors", "mentees"]
SIDES: tuple[SideName, ...] = get_args(SideName)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person's.

    Attributes:
        matched: Whether they have a partner.
        stated: Whether they stated choices.
        got: Whether a partner of theirs is one of these.
        score: The mean of their own side's score over their pairs; ``None`` without a partner.
    """

    matched: bool
    stated: bool
    got: bool
    score: float | None


def outcomes(
    side: SideName, ids: Sequence[str], pairs: Sequence[Pair], stated: Collection[str]
) -> tuple[Outcome, ...]:
    """Everybody's outcome on one side, in the order of ``ids``."""
    theirs = _pairs_by_person(side, pairs)
    return tuple(_outcome(theirs.get(one, []), stated=one in stated) for one in ids)


def _pairs_by_person(
    side: SideName, pairs: Sequence[Pair]
) -> Mapping[str, list[tuple[float, bool]]]:
    """Own side's score of each pair, and whether the partner was chosen."""
    theirs: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    for pair in pairs:
        if side == "mentors":
            theirs[pair.mentor].append((pair.mentor_score, pair.mentor_stated))
        else:
            theirs[pair.mentee].append((pair.mentee_score, pair.mentee_stated))
    return theirs


def _outcome(pairs: Sequence[tuple[float, bool]], *, stated: bool) -> Outcome:
    return Outcome(
        matched=bool(pairs),
        stated=stated,
        got=stated and any(chosen for _, chosen in pairs),
        score=fmean(score for score, _ in pairs) if pairs else None,
    )
