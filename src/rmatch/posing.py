"""What is to be solved: the arrays with everything stated, and the order of the levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.instance import Instance, Stability
from rmatch.programme import (
    Constraint,
    MustNotPair,
    MustPair,
    Programme,
    Standing,
    Statement,
    Waiver,
)
from rmatch.programme.stating import checked, stating
from rmatch.scoring import PairScores, score_programme
from rmatch.scoring.statements import AnyStatement, Rows, apply, parts_of
from rmatch.solution import Progress, Solution
from rmatch.solving import feasible, solve
from rmatch.solving.clock import Clock
from rmatch.solving.strategies import Strategy, is_algorithm

if TYPE_CHECKING:
    from concurrent.futures import Executor

CHANGES = "changes"
PRICES = "prices"
_BEFORE_PRICES = "stability"
_BEFORE_CHANGES = ("pairs", "people", "priority")
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
    scores: PairScores | None = None

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

    def has_standing(self) -> bool:
        """Whether pairs were made before."""
        return bool(self.bare.standing.any()) or any(
            isinstance(one, Standing) for one in self.statements
        )

    def why_infeasible(self, found: InfeasibleError, clock: Clock) -> InfeasibleError:
        """The error with a minimal set and a relaxation, as far as there is time for it."""
        from rmatch.explaining.infeasible import explained

        try:
            better = explained(
                self.bare, self.statements, lambda one: feasible(one, clock), self.scores
            )
        except TimeLimitError:
            return found
        return found if better is None else better


def solved(
    posed: Posed,
    order: tuple[str, ...],
    *,
    strategy: str | None,
    seed: int,
    clock: Clock,
    progress: Callable[[Progress], None] | None = None,
    algorithm: Strategy | None = None,
    executor: Executor | None = None,
) -> tuple[Instance, Solution]:
    """What is solved, and what comes out.

    Args:
        posed: The problem.
        order: Names of the levels.
        strategy: Where it is an algorithm, that makes the matching, and the levels are counted.
        seed: Of the tie-break.
        clock: How long it may take, and who may stop it.
        progress: Called now and then; see ``rmatch.solve``.
        algorithm: What goes by the strategy's name here, instead of what is registered.
        executor: Where to solve parts that share nobody; see ``rmatch.solve``.

    Raises:
        InfeasibleError: what is stated cannot all hold; names a minimal set, and what to change.
        LostWorkerError: a part ended the process that solved it, twice.
        StrategyError: the strategy of another package is broken.
        TimeLimitError: the time was up before a matching was found that keeps what is stated.
    """
    try:
        instance = posed.instance()
        if strategy is not None and is_algorithm(strategy):
            from rmatch.solving.by_algorithm import solve_by

            return instance, solve_by(
                strategy, instance, order, seed=seed, clock=clock, strategy=algorithm
            )
        solution = solve(
            instance,
            order,
            seed=seed,
            time_limit=clock.limit,
            cancel=clock.cancel,
            progress=progress,
            executor=executor,
        )
    except InfeasibleError as error:
        found = error
    else:
        return instance, solution
    # Outside the except block, so that the solver's own list of statements is not chained to it.
    raise posed.why_infeasible(found, clock)


def pose(
    source: Instance | PairScores,
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
    if isinstance(source, PairScores):
        programme = stating(source.programme, constraints, stability)
        scores = _scores_of(programme, source)
        settings = programme.settings
        return Posed(scores.instance, settings.statements, settings.stability, scores)
    bare, own = parts_of(source)
    chosen = source.stability if stability is None else stability
    if bare.stability != chosen:
        bare = bare.replace(stability=chosen)
    return Posed(bare, (*own, *_without_waivers(constraints)), chosen)


def _scores_of(programme: Programme, source: PairScores) -> PairScores:
    """The scores of a programme that differs from theirs in what is stated alone."""
    if programme.settings.waivers == source.programme.settings.waivers:
        # What else is stated is no part of the scores, so they stay as they are.
        return source.stating(programme)
    criteria, rules = source.custom
    return score_programme(programme, criteria=criteria, rules=rules)


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


def levels_for(posed: Posed, order: tuple[str, ...], *, named: bool) -> tuple[str, ...]:
    """The levels in which what is stated is looked at too: broken pairs, and prices.

    Args:
        posed: The problem.
        order: The names of the levels.
        named: Whether somebody chose them one by one: then none is added.

    Raises:
        ValueError: they were named without ``prices``, and a statement has one.
    """
    if posed.has_standing() and not named:
        order = with_changes(order)
    if posed.has_prices():
        order = with_prices(order, named=named)
    return order


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


def with_changes(order: tuple[str, ...]) -> tuple[str, ...]:
    """An order of levels in which as few pairs as possible are broken.

    Right after what decides how many have a partner: whoever has met makes room for those who have
    nobody, and is not parted for anybody's wish.
    """
    if CHANGES in order:
        return order
    names = (_BEFORE_PRICES, PRICES, *_AFTER_PRICES)
    at = next((k for k, name in enumerate(order) if name in names), len(order))
    at = max((k + 1 for k, name in enumerate(order) if name in _BEFORE_CHANGES), default=at)
    return (*order[:at], CHANGES, *order[at:])


def _first_after(order: tuple[str, ...]) -> int:
    return next((k for k, name in enumerate(order) if name in _AFTER_PRICES), len(order))
