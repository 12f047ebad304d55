"""The price of stability: the best total score with at most so many blocking pairs, however many.

From the right: the best score there is, and the fewest blocking pairs at it; then the best with one
blocking pair fewer, and so on to the fewest there can be (ε-constraint; Haimes, Lasdon and Wismer,
1971). Each is one search with the number of blocking pairs capped, which starts from the best known
matching with so few and is bounded by what was proved with more. Where nobody stops it, every point
that no other beats takes one search, and each of them is proved.

Under a time limit a search gets a share of what is left. One that is not proved leaves a bound, and
the next halves the widest stretch that is open, so that the whole curve is seen coarsely first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rmatch.errors import TimeLimitError
from rmatch.instance import Instance, IntArray
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.welfare import score
from rmatch.solution import Level, Progress, Value
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY, Objective
from rmatch.solving.search import Report, Search
from rmatch.solving.steps import Steps

SHARES = (1 / 8, 1 / 4, 1 / 2)
"""Of the time that is left, what one search gets; more once every stretch was tried."""

FEWEST_SHARE, COUNTED_SHARE = 2 / 3, 1 / 4
"""Likewise for the fewest blocking pairs, without which the curve has no beginning, and then for
the fewest at the best score, which the searches between would find as well."""


@dataclass(frozen=True, slots=True)
class Step:
    """The best matching that is known with so few blocking pairs.

    Attributes:
        chosen: Indices of its pairs.
        blocking: How many pairs block it.
        at_most: The largest number of blocking pairs with which nothing better is known; for the
            last step its own, though it stands for any number.
        score: Its total score.
        is_proved: Whether none that so few pairs block scores more.
        bound: What no matching with at most ``at_most`` blocking pairs can beat; ``None`` where
            nothing is known.
    """

    chosen: tuple[int, ...]
    blocking: int
    at_most: int
    score: int
    is_proved: bool
    bound: int | None

    @property
    def is_closed(self) -> bool:
        """Whether none scores more with at most ``at_most`` blocking pairs either."""
        return self.score == self.bound


@dataclass(frozen=True, slots=True)
class StabilityPrice:
    """The steps from few blocking pairs to many, with what is proved.

    Attributes:
        steps: Blocking pairs and scores both rise.
        fewest: No matching has fewer blocking pairs, given the levels before.
        levels: Of the matching with the fewest: those before, ``stability`` and ``score``.
        seconds: How long it took.
    """

    steps: tuple[Step, ...]
    fewest: int
    levels: tuple[Level, ...]
    seconds: float


def price_of_stability(
    instance: Instance, before: Sequence[str], *, clock: Clock, report: Report | None = None
) -> StabilityPrice:
    """The best total score for every number of blocking pairs, with earlier levels at their best.

    Args:
        instance: The problem.
        before: Names of the levels that are settled first, none of them ``stability``.
        clock: How long it may take.
        report: Called with the level, best, bound and seconds so far.

    Raises:
        InfeasibleError: what is stated cannot all hold.
        TimeLimitError: the time was up before the earlier levels were settled.
    """
    search = Search(instance, 0, clock, report)
    held = [search.optimise(REGISTRY[name]) for name in before]
    if not all(level.proved for level in held):
        raise TimeLimitError(f"the time was up before {', '.join(before)} were settled")
    known = _Known(instance)
    known.take(search.matching)
    ends = _ends(search, known, clock, report)
    _between(search, known, clock, report)
    fewest = ends[0].bound
    return StabilityPrice(
        steps=known.steps(),
        fewest=fewest if isinstance(fewest, int) else 0,
        levels=(*held, *ends),
        seconds=clock.elapsed,
    )


class _Known:
    """The matchings found so far, and what cannot be beaten with so few blocking pairs."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._found: dict[int, tuple[int, IntArray]] = {}
        """Blocking pairs → the best score with exactly so many, and the matching."""
        self._bounds: dict[int, int] = {}

    def take(self, chosen: IntArray) -> int:
        """Remember a matching if none with so many blocking pairs is better; their number."""
        blocking = len(blocking_pairs(self._instance, chosen))
        worth = score(self._instance, chosen)
        if blocking not in self._found or worth > self._found[blocking][0]:
            self._found[blocking] = worth, chosen
        return blocking

    def limit(self, most: int, bound: Value | None) -> None:
        """No matching with at most so many blocking pairs scores more; ``None`` says nothing."""
        if isinstance(bound, int):
            self._bounds[most] = min(bound, self._bounds.get(most, bound))

    def bound(self, most: int) -> int | None:
        """What is known for so many: what cannot be beaten with more cannot with fewer."""
        return min((bound for cap, bound in self._bounds.items() if cap >= most), default=None)

    def steps(self) -> tuple[Step, ...]:
        """Every matching that none with as few blocking pairs beats."""
        best: list[tuple[int, int, IntArray]] = []
        for blocking in sorted(self._found):
            worth, chosen = self._found[blocking]
            if not best or worth > best[-1][1]:
                best.append((blocking, worth, chosen))
        ends = [blocking - 1 for blocking, _, _ in best[1:]]
        steps = [
            self._step(blocking, worth, chosen, most)
            for (blocking, worth, chosen), most in zip(best[:-1], ends, strict=True)
        ]
        return (*steps, self._step(*best[-1], self._instance.n_pairs))

    def _step(self, blocking: int, worth: int, chosen: IntArray, most: int) -> Step:
        """One of them; no more pairs can block than there are, so the last shows its own number."""
        return Step(
            chosen=tuple(chosen.tolist()),
            blocking=blocking,
            at_most=blocking if most == self._instance.n_pairs else most,
            score=worth,
            is_proved=worth == self.bound(blocking),
            bound=self.bound(most),
        )


def _ends(
    search: Search, known: _Known, clock: Clock, report: Report | None
) -> tuple[Level, Level]:
    """The best score there is and the fewest blocking pairs, each with the best of the other.

    The levels ``stability`` and ``score`` of the matching with the fewest.
    """
    right = search.fork(clock, report)
    best = right.optimise(REGISTRY["score"])
    known.limit(search.instance.n_pairs, best.bound)
    if known.take(right.matching) == 0:
        return Level("stability", 0, 0, 0.0, "counted"), best
    left = search.fork(clock.part(FEWEST_SHARE), report)
    fewest, worth = (left.optimise(REGISTRY[name]) for name in ("stability", "score"))
    blocking = known.take(left.matching)
    if fewest.proved:
        known.limit(blocking, worth.bound)
    if best.proved and worth.value != best.value:
        counted = right.fork(clock.part(COUNTED_SHARE), report)
        counted.optimise(REGISTRY["stability"])
        known.take(counted.matching)
    return fewest, worth


def _between(search: Search, known: _Known, clock: Clock, report: Report | None) -> None:
    """Settle the steps between the ends, as far as there is time."""
    for share in SHARES:
        tried: set[int] = set()
        while not clock.is_over:
            most = _next(known.steps(), tried)
            if most is None:
                break
            tried.add(most)
            _settle(search, known, most, clock.part(share), report)


def _next(steps: Sequence[Step], tried: set[int]) -> int | None:
    """The number of blocking pairs to look at next: the end of the widest stretch that is open.

    Its middle where the end was tried; ``None`` where nothing is open that was not.
    """
    is_open = [step for step in steps[:-1] if not step.is_closed]
    for step in sorted(is_open, key=lambda one: one.blocking - one.at_most):
        for most in (step.at_most, (step.blocking + step.at_most) // 2):
            if most not in tried:
                return most
    return None


def _settle(search: Search, known: _Known, most: int, clock: Clock, report: Report | None) -> None:
    """The best score with at most so many blocking pairs."""
    start = [step for step in known.steps() if step.blocking <= most][-1]
    capped = search.fork(clock, None if report is None else _named(report, most))
    capped.cap_blocking(most, start.chosen)
    level = capped.optimise(_score_up_to(known.bound(most)))
    known.take(capped.matching)
    known.limit(most, level.bound)


def _named(report: Report, most: int) -> Report:
    """Progress that says with how many blocking pairs."""

    def told(now: Progress) -> None:
        report(replace(now, level=f"score with at most {most} blocking"))

    return told


def _score_up_to(bound: int | None) -> Objective:
    """The level ``score``, of which it is known already what it cannot exceed."""
    level = REGISTRY["score"]
    make = level.make
    assert make is not None  # noqa: S101 - it is one linear sum

    def settle(steps: Steps) -> Value | None:
        room = None if bound is None else bound - score(steps.instance, steps.matching)
        gap = steps.most(make, room=room)
        return None if gap is None else score(steps.instance, steps.matching) + gap

    return replace(level, settle=settle)
