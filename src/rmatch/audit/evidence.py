"""Certificates weighed with plain loops: what they allow at most, and what was made.

Where the two are the same, nothing better is possible; docs/certificates.md has the proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rmatch.audit.claim import Claim, ClaimedPrices
from rmatch.audit.declared import IdPair
from rmatch.audit.gains import Gain, gain_of, nothing
from rmatch.audit.left import Left
from rmatch.audit.objectives import TIE_BREAK
from rmatch.audit.outcome import Outcome

Vector = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a certificate allows at most and what the pairs made come to, or why it is none.

    Both beside the pairs that must be made.
    """

    allowed: Vector = ()
    reached: Vector = ()
    senseless: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing better is possible."""
        return not self.senseless and self.allowed == self.reached


def weigh_cut(claim: Claim, outcome: Outcome) -> Weighed | None:
    """Places of the people covered, and acceptable pairs without any; against the pairs made."""
    left = outcome.left
    if claim.cut is None or left is None:
        return None
    strangers = [person for person in claim.cut if person not in left.places]
    if strangers:
        return Weighed(senseless=f"{strangers[0]} is not in this programme")
    covered = frozenset(claim.cut)
    beside = sum(1 for m, s in left.pairs if m not in covered and s not in covered)
    allowed = sum(left.places[person] for person in covered) + beside
    return Weighed((allowed,), (len(left.made),))


def weigh_prices(claim: Claim, outcome: Outcome) -> Weighed | None:
    """What matchings can be worth at these prices; against what the pairs made are worth."""
    left, prices = outcome.left, claim.prices
    if prices is None or left is None:
        return None
    if TIE_BREAK in prices.levels and claim.tie_break_seed is None:
        return None  # what a pair has drawn cannot be known
    senseless = _senseless(claim, prices, left)
    if senseless:
        return Weighed(senseless=senseless)
    gains = [gain_of(level, outcome, claim.tie_break_seed) for level in prices.levels]
    known = [gain for gain in gains if gain is not None]
    if len(known) < len(gains):
        return Weighed(senseless="prices cannot prove all of these levels")
    return Weighed(_allowed(left, known, prices.of), _reached(left, known))


def _senseless(claim: Claim, prices: ClaimedPrices, left: Left) -> str:
    """What makes these no prices of the levels claimed, if anything does."""
    order = iter(claim.order)
    if not prices.levels or not all(level in order for level in prices.levels):
        return "the levels are not those claimed, in their order"
    if prices.of.keys() != left.places.keys():
        return "not everybody has one, or somebody who is not in this programme has"
    if any(len(vector) != len(prices.levels) for vector in prices.of.values()):
        return "not everybody has one for every level"
    return ""


def _allowed(left: Left, gains: Sequence[Gain], price: Mapping[str, Vector]) -> Vector:
    """All places at their prices, first ones with what a partner is worth, if more than nothing.

    And beside them what pairs are worth beyond the prices of both their places.
    """
    zero = (0,) * len(gains)
    total = list(zero)
    for person, places in left.places.items():
        further = price[person]
        worth = _firsts(left, gains, person)
        first = tuple(a + b for a, b in zip(worth, further, strict=True))
        if places > 0 and first > zero:
            _add(total, first)
        if places > 1 and further > zero:
            _add(total, (value * (places - 1) for value in further))
    for mentor, mentee in _worth_more(left, gains, price):
        _add(total, (gain.pair((mentor, mentee)) for gain in gains))
        _add(total, (-value for value in price[mentor]))
        _add(total, (-value for value in price[mentee]))
    return tuple(total)


def _worth_more(left: Left, gains: Sequence[Gain], price: Mapping[str, Vector]) -> list[IdPair]:
    """Pairs worth more than their two places cost, compared from the left: level by level."""
    more: list[IdPair] = []
    tied: Sequence[IdPair] = left.pairs
    for at, gain in enumerate(gains):
        cost = {person: vector[at] for person, vector in price.items()}
        if gain.pair is nothing and not any(cost.values()):
            continue  # all are still tied: the usual case, and a pass over every pair saved
        worth, still = gain.pair, []
        for pair in tied:
            beyond = worth(pair) - cost[pair[0]] - cost[pair[1]]
            if beyond > 0:
                more.append(pair)
            elif beyond == 0:
                still.append(pair)
        tied = still
    return more


def _firsts(left: Left, gains: Sequence[Gain], person: str) -> Vector:
    """What somebody's first partner is worth; those who must have one gain no more by others."""
    return tuple(gain.person.get(person, 0) if person in left.new else 0 for gain in gains)


def _reached(left: Left, gains: Sequence[Gain]) -> Vector:
    total = [0] * len(gains)
    for pair in left.made:
        _add(total, (gain.pair(pair) for gain in gains))
    for person in {person for pair in left.made for person in pair}:
        _add(total, _firsts(left, gains, person))
    return tuple(total)


def _add(total: list[int], values: Iterable[int]) -> None:
    for at, value in enumerate(values):
        total[at] += value
