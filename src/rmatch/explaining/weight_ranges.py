"""How far one weight may move, the others as they are, before another matching is better.

From the weight as it is outwards, in growing steps, to the first weight at which a better matching
is found; then inwards to a thousandth; then over the way there once more. Every better matching
that is found is kept as a rival and shows at other weights, without solving, that the matching is
not best there; so only weights that no rival excludes are solved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rmatch.explaining.weight_case import Pairs, Until, WeightCase, indices_of
from rmatch.explaining.weight_records import LIMIT
from rmatch.instance import Instance, IntArray
from rmatch.solving.backbone import before_tie_break, ids_of
from rmatch.solving.clock import Clock
from rmatch.solving.rivals import beats, challenge, is_legal

_STEPS_DOWN = (875, 750, 500, 0)
_STEPS_UP = (1_125, 1_250, 1_500, 2_000, 4_000, 1_000 * LIMIT)
"""Thousandths of the weight at which it is looked first."""

_PARTS, _SOLVED = 32, 8
"""Once there is an end, the way to it is looked at again at its 32nds, every eighth by solving."""

EndKind = Literal["found", "edge", "open"]
"""``found``: not best one thousandth further; ``edge``: best at 0, or at the limit, and not looked
further; ``open``: the time was up."""


@dataclass(frozen=True, slots=True)
class End:
    """The furthest weight, in thousandths, at which the matching is known to be best."""

    weight: int
    kind: EndKind


def find_end(
    case: WeightCase, criterion: str, up: bool, rivals: Iterable[Pairs], until: Until
) -> End:
    """Look for the end of the range of one weight, upwards or downwards.

    Args:
        case: The programme and its matching, which is best under the weights as they are.
        criterion: Whose weight.
        up: In which direction.
        rivals: Other matchings that may be better somewhere.
        until: When to leave it open.
    """
    judge = _Judge(case, criterion, rivals, until.clock())
    start = case.weights[criterion]
    end = _outwards(judge, start, _STEPS_UP if up else _STEPS_DOWN)
    while end.kind != "open":
        nearer = _before_gaps(judge, start, end)
        if nearer == end:
            break
        end = nearer
    return end


def _outwards(judge: _Judge, start: int, steps: Iterable[int]) -> End:
    """The end before the first step, in thousandths of the weight, that is too far."""
    best = start
    for weight in (start * step // 1_000 for step in steps):
        verdict = judge.is_best(weight)
        if verdict is None:
            return End(best, "open")
        if not verdict:
            return _between(judge, best, weight)
        best = weight
    return End(best, "edge")


def _before_gaps(judge: _Judge, start: int, end: End) -> End:
    """The same end, or a nearer one before a weight at which the matching turns out not best.

    The best weights need not be an interval. So the way to the end is looked at again: some weights
    on it are solved, and more are put to the rivals known by now.
    """
    best = start
    for part in range(1, _PARTS):
        weight = start + (end.weight - start) * part // _PARTS
        solved = part % _SOLVED == 0
        verdict = judge.is_best(weight) if solved else not judge.is_beaten(weight)
        if verdict is None:
            return End(best, "open")
        if not verdict:
            return _between(judge, best, weight)
        if solved:
            best = weight
    return end


def _between(judge: _Judge, best: int, beaten: int) -> End:
    """The end between a weight at which the matching is best and one at which it is beaten."""
    while True:
        weight = _last_unbeaten(judge, best, beaten)
        if weight == best:
            return End(best, "found")
        verdict = judge.is_best(weight)
        if verdict is None:
            return End(best, "open")
        if verdict:
            return End(weight, "found")
        beaten = weight


def _last_unbeaten(judge: _Judge, unbeaten: int, beaten: int) -> int:
    """By halving: a weight that no rival excludes, though one excludes the next."""
    while abs(beaten - unbeaten) > 1:
        middle = (unbeaten + beaten) // 2
        if judge.is_beaten(middle):
            beaten = middle
        else:
            unbeaten = middle
    return unbeaten


class _Judge:
    """Says of any weight of one criterion whether the matching is best there."""

    def __init__(
        self, case: WeightCase, criterion: str, rivals: Iterable[Pairs], clock: Clock
    ) -> None:
        self._case = case
        self._criterion = criterion
        self._rivals = list(rivals)
        self._clock = clock
        self._levels = before_tie_break(case.order)

    def is_best(self, weight: int) -> bool | None:
        """Whether no matching is better; ``None`` where the time was up."""
        posed = self._posed(weight)
        if posed is None or self._is_beaten(*posed):
            return False
        instance, made = posed
        found = challenge(instance, self._levels, made, self._case.seed, self._clock)
        if found.rival is not None:
            self._rivals.append(frozenset(ids_of(instance, found.rival)))
            return False
        return True if found.settled else None

    def is_beaten(self, weight: int) -> bool:
        """Whether a rival is known to be better, or the matching is not even possible."""
        posed = self._posed(weight)
        return posed is None or self._is_beaten(*posed)

    def _posed(self, weight: int) -> tuple[Instance, IntArray] | None:
        """The problem, and the matching there; ``None`` where it cannot be made."""
        instance = self._case.instance({**self._case.weights, self._criterion: weight})
        if instance is None:
            return None
        made = indices_of(instance, self._case.made)
        return None if made is None or not is_legal(instance, made) else (instance, made)

    def _is_beaten(self, instance: Instance, made: IntArray) -> bool:
        """The latest rival first: it comes from the nearest weight."""
        for rival in reversed(self._rivals):
            other = indices_of(instance, rival)
            if (
                other is not None
                and is_legal(instance, other)
                and beats(instance, self._levels, other, made, self._case.seed)
            ):
                return True
        return False
