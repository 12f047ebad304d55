"""A claim, and what was recomputed to hold against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rmatch.audit.claim import Claim, ClaimedPair
from rmatch.audit.evidence import Weighed, weigh_cut, weigh_prices
from rmatch.audit.outcome import Outcome
from rmatch.audit.recompute import PairFacts
from rmatch.audit.report import Finding
from rmatch.audit.size import Improvement, improvement_of


class Points(Protocol):
    """Points by criterion, where they are known."""

    @property
    def criteria(self) -> tuple[str, ...]:
        """Criteria that a breakdown must have."""

    def knows(self, criterion: str) -> bool:
        """Whether this criterion's points can be told."""

    def breakdown(
        self, mentor: str, mentee: str, criteria: Iterable[str] | None = None
    ) -> dict[str, tuple[int | None, int | None]]:
        """Points per criterion for mentor and mentee."""


@dataclass(frozen=True)
class Case:
    """What every check looks at."""

    claim: Claim
    points: Points
    outcome: Outcome

    @property
    def known_pairs(self) -> Iterator[tuple[ClaimedPair, PairFacts]]:
        """The claimed pairs of known people, with what is true of them."""
        for claimed in self.claim.pairs:
            facts = self.outcome.pairs.get((claimed.mentor, claimed.mentee))
            if facts is not None:
                yield claimed, facts

    @cached_property
    def cut(self) -> Weighed | None:
        """The cut that is claimed, if any, and what it comes to."""
        return weigh_cut(self.claim, self.outcome)

    @cached_property
    def prices(self) -> Weighed | None:
        """The prices that are claimed, if any, and what they come to."""
        return weigh_prices(self.claim, self.outcome)

    @cached_property
    def improvement(self) -> Improvement | None:
        """How more pairs could be made."""
        return improvement_of(self.outcome)


Check = Callable[[Case], Iterator[Finding]]
