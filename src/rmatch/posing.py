"""What is to be solved: the arrays with everything stated, and the order of the levels."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.explaining.infeasible import explained
from rmatch.instance import Instance, Stability
from rmatch.programme import Constraint, MustNotPair, MustPair, Programme, Statement, Waiver
from rmatch.programme.stating import checked, stating
from rmatch.scoring import Scores, score
from rmatch.scoring.statements import AnyStatement, Rows, apply, parts_of
from rmatch.solving import feasible
from rmatch.solving.clock import Clock

PRICES = "prices"
_BEFORE_PRICES = "stability"
_AFTER_PRICES = ("warnings", "score", "tie_break")


@dataclass(frozen=True)
class Posed:
    """A problem with its statements apart.

    Attributes:
        bare: The arrays with nothing stated in them.
        statements: In the order stated.
        stability: Which pairs block.
        scores: Where the arrays came from; ``None`` for an instance made without people.
    """

    bare: Instance
    statements: tuple[AnyStatement, ...]
    stability: Stability
    scores: Scores | None = None

    def instance(self) -> Instance:
        """The arrays to be solved.

        Raises:
            InfeasibleError: pairs must be made that are not acceptable.
            ValueError: a statement that makes no sense of an instance without people.
        """
        programme = None if self.scores is None else self.scores.programme
        stated = apply(self.bare, self.statements, programme)
        same = stated.stability == self.stability
        return stated if same else stated.replace(stability=self.stability)

    def has_prices(self) -> bool:
        """Whether a statement may be broken at a price."""
        return any(_has_price(one) for one in self.statements)

    def why_infeasible(self, found: InfeasibleError, clock: Clock) -> InfeasibleError:
        """The error with a minimal set and a relaxation, as far as there is time for it."""
        try:
            better = explained(
                self.bare, self.statements, lambda one: feasible(one, clock), self.scores
            )
        except TimeLimitError:
            return found
        return found if better is None else better


def pose(
    source: Instance | Scores,
    constraints: Iterable[Constraint] = (),
    stability: Stability | None = None,
) -> Posed:
    """The problem of an instance, or of scored people, with more statements.

    Those of people go into their settings, where a saved run and the audit find them.

    Raises:
        InputError: a statement names somebody who is not there, or waives what cannot be waived;
            or there is no such stability.
        TypeError: a constraint is no statement.
        ValueError: two loads of one person or two quotas of one name; for an instance, a waiver,
            or no such stability.
    """
    if isinstance(source, Scores):
        programme = stating(source.programme, constraints, stability)
        scores = _scores_of(programme, source)
        settings = programme.settings
        return Posed(scores.instance, settings.statements, settings.stability, scores)
    bare, own = parts_of(source)
    chosen = source.stability if stability is None else stability
    return Posed(bare.replace(stability=chosen), (*own, *_without_waivers(constraints)), chosen)


def _scores_of(programme: Programme, source: Scores) -> Scores:
    """The scores of a programme that differs from theirs in what is stated alone."""
    if programme.settings.waivers == source.programme.settings.waivers:
        # What else is stated is no part of the scores, so they stay as they are.
        return dataclasses.replace(source, programme=programme)
    criteria, rules = source.custom
    return score(programme, criteria=criteria, rules=rules)


def _without_waivers(constraints: Iterable[Constraint]) -> tuple[Statement, ...]:
    """The constraints of an instance, which has no rules that could be waived."""
    given = checked(constraints)
    kept = tuple(one for one in given if not isinstance(one, Waiver))
    if len(kept) < len(given):
        raise ValueError(
            "an Instance has no people and no rules, so nothing can be waived: "
            "make the pair acceptable in its arrays, or solve the programme"
        )
    return kept


def _has_price(one: AnyStatement) -> bool:
    if isinstance(one, MustPair | MustNotPair):
        return False
    if isinstance(one, Rows):
        return any(quota.price is not None for quota in one.quotas)
    return one.price is not None


def with_prices(order: tuple[str, ...], *, named: bool) -> tuple[str, ...]:
    """An order of levels in which prices are looked at.

    Args:
        order: The names of the levels.
        named: Whether somebody chose them one by one: then none is added.

    Raises:
        ValueError: they were named, without ``prices``.
    """
    if PRICES in order:
        return order
    if named:
        raise ValueError(
            "a statement has a price, and the objectives do not name the level prices: "
            "add it, or take the price away to make the statement hold"
        )
    at = order.index(_BEFORE_PRICES) + 1 if _BEFORE_PRICES in order else _first_after(order)
    return (*order[:at], PRICES, *order[at:])


def _first_after(order: tuple[str, ...]) -> int:
    return next((k for k, name in enumerate(order) if name in _AFTER_PRICES), len(order))
