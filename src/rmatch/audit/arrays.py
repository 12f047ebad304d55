"""The audit of an instance that was made without people: from its rows alone, with plain loops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rmatch.audit.case import Case
from rmatch.audit.claim import Claim
from rmatch.audit.declared import IdPair
from rmatch.audit.outcome import outcome_of
from rmatch.audit.recompute import PairFacts
from rmatch.audit.report import Audit
from rmatch.audit.roster import Roster
from rmatch.audit.stated import NOTHING_STATED, Stated
from rmatch.audit.verdict import verdict

UNLISTED = "unlisted"
"""The code under which a pair is excluded that the instance does not list."""

TAKEN = "ranks, scores, capacities and acceptable pairs are taken as given: there are no people"


@dataclass(frozen=True, slots=True)
class ListedPair:
    """An acceptable pair of an instance, as it was given."""

    mentor: str
    mentee: str
    mentor_rank: int
    mentee_rank: int
    score: int
    mentor_score: int
    mentee_score: int
    warned: bool


class _Listed(dict[IdPair, PairFacts]):
    """Facts of the listed pairs; every other pair is excluded."""

    def __missing__(self, pair: IdPair) -> PairFacts:
        return PairFacts((UNLISTED,), (), (), 0, 0, 0, 0, 0, False, False)


class _AsGiven:
    """Stands where the recomputed programme would: nothing here can be recomputed."""

    criteria: tuple[str, ...] = ()

    def knows(self, criterion: str) -> bool:
        """No criterion is known."""
        del criterion
        return False

    def breakdown(
        self, mentor: str, mentee: str, criteria: Iterable[str] | None = None
    ) -> dict[str, tuple[int | None, int | None]]:
        """No points are known."""
        del mentor, mentee, criteria
        return {}


def audit_arrays(
    roster: Roster, listed: Iterable[ListedPair], claim: Claim, stated: Stated = NOTHING_STATED
) -> Audit:
    """Fault what ``claim`` gets wrong about an instance, whose rows are taken as given.

    Checked: legality, what was stated, capacities, scores, ranks, unmatched, blocking pairs, every
    level's value, and whether a larger matching exists.
    """
    pairs = _Listed(((pair.mentor, pair.mentee), _facts(pair)) for pair in listed)
    case = Case(claim, _AsGiven(), outcome_of(roster, pairs, stated, claim.id_pairs))
    return verdict(case, TAKEN)


def _facts(pair: ListedPair) -> PairFacts:
    return PairFacts(
        excluded=(),
        warned=("warned",) if pair.warned else (),
        questions=(),
        mentor_score=pair.mentor_score,
        mentee_score=pair.mentee_score,
        score=pair.score,
        mentor_rank=pair.mentor_rank,
        mentee_rank=pair.mentee_rank,
        mentor_stated=True,
        mentee_stated=True,
    )
