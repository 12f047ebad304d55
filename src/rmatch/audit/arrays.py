"""The audit of an instance that was made without people: from its rows alone, with plain loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.checks import CHECKS, Case
from rmatch.audit.claim import Claim
from rmatch.audit.declared import IdPair
from rmatch.audit.made import made_of
from rmatch.audit.objectives import Outcome
from rmatch.audit.recompute import PairFacts
from rmatch.audit.report import Audit
from rmatch.audit.roster import Roster
from rmatch.audit.stability import blocking_pairs
from rmatch.audit.verdict import level_notes

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


@dataclass(frozen=True, slots=True)
class _AsGiven:
    """Stands where the recomputed programme would: nothing here can be recomputed."""

    pairs: Mapping[IdPair, PairFacts]
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


def audit_arrays(roster: Roster, listed: Iterable[ListedPair], claim: Claim) -> Audit:
    """Fault what ``claim`` gets wrong about an instance, whose rows are taken as given.

    Checked: legality, capacities, scores, ranks, unmatched, blocking pairs, every level's value,
    and whether a larger matching exists.
    """
    pairs = _Listed(((pair.mentor, pair.mentee), _facts(pair)) for pair in listed)
    made = made_of(roster, ((pair.mentor, pair.mentee) for pair in claim.pairs))
    case = Case(claim, _AsGiven(pairs), Outcome(roster, pairs, made, blocking_pairs(pairs, made)))
    findings = tuple(finding for check in CHECKS for finding in check(case))
    return Audit(not findings, findings, (TAKEN, *level_notes(claim)))


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
