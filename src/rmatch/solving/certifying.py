"""The evidence for what was proved, in a form that is checked without a solver.

Built from the finished matching and the prices of the flows; the audit checks it by code of its
own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rmatch.certificate import Certificate, Cut, Prices
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import loads, mask_of, places_left, undecided
from rmatch.solution import Level, Proof, Value
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.steps import Make


def certificate_of(
    instance: Instance,
    chosen: IntArray,
    levels: Sequence[Level],
    priced: Sequence[tuple[str, IntArray]],
    seed: int,
) -> Certificate:
    """The evidence for the levels that are proved.

    Args:
        instance: The problem.
        chosen: The finished matching.
        levels: With their final values, in order.
        priced: The sums that flows have settled, with the prices of their networks.
        seed: Of the tie-break.
    """
    most_pairs = any(level.name == "pairs" and level.proved for level in levels)
    return Certificate(
        cut=minimum_cut(instance, chosen) if most_pairs else None,
        prices=_prices(instance, chosen, levels, priced, seed),
    )


def proof_of(instance: Instance, level: Level, certificate: Certificate) -> Proof:
    """How a level was proved: by the plainest evidence there is."""
    if not level.proved:
        return "open"
    if level.name == "pairs" and certificate.cut is not None:
        return "cut"
    if level.value == unbeatable(instance, level.name):
        return "counted" if level.name == "stability" else "floor"
    if certificate.prices is not None and level.name in certificate.prices.levels:
        return "prices"
    return level.proof


def unbeatable(instance: Instance, level: str) -> Value | None:
    """What nothing at all can be better than, where that is plain to see."""
    if level in ("changes", "stability", "prices", "warnings", "side_equal"):
        return 0
    if level == "people":
        return instance.n_mentors + instance.n_mentees
    if level == "priority":
        return int(instance.mentor_priority.sum() + instance.mentee_priority.sum())
    return None


# The cut ------------------------------------------------------------------------------------------


def minimum_cut(instance: Instance, chosen: IntArray) -> Cut | None:
    """Who covers the most pairs possible, or ``None`` where more pairs are possible than chosen.

    Covered are the mentors whom no alternating path from a mentor with a free place reaches, and
    the mentees whom one does. If none of those has a place left, all covered people are full, no
    pair made has two of them, and every acceptable pair without one is made.
    """
    places = places_left(instance)
    open_ = undecided(instance)
    made = mask_of(instance, chosen) & open_
    taken = loads(instance, np.flatnonzero(made))
    from_mentors, from_mentees = _reached(instance, open_ & ~made, made, places[0] > taken[0])
    if np.any(from_mentees & (places[1] > taken[1])):
        return None
    return Cut(
        mentors=tuple(np.flatnonzero(~from_mentors & (places[0] > 0)).tolist()),
        mentees=tuple(np.flatnonzero(from_mentees).tolist()),
    )


def _reached(
    instance: Instance, free: BoolArray, made: BoolArray, start: BoolArray
) -> tuple[BoolArray, BoolArray]:
    """Mentors and mentees on paths of free and made pairs in turn, from some mentors on."""
    mentors, mentees = start.copy(), np.zeros(instance.n_mentees, dtype=bool)
    out = instance.mentor[free], instance.mentee[free]
    back = instance.mentor[made], instance.mentee[made]
    while True:
        mentees[out[1][mentors[out[0]]]] = True
        more = mentors.copy()
        more[back[0][mentees[back[1]]]] = True
        if np.array_equal(more, mentors):
            return mentors, mentees
        mentors = more


# Prices -------------------------------------------------------------------------------------------


def _prices(
    instance: Instance,
    chosen: IntArray,
    levels: Sequence[Level],
    priced: Sequence[tuple[str, IntArray]],
    seed: int,
) -> Prices | None:
    """Prices of the sums at the flow's optimum, up to the first that is not a level by itself.

    Levels between them that are none of the flow's do no harm: what holds them is one matching
    more or less among those that the prices bound.
    """
    certified = _sums(levels, priced)
    if not certified:
        return None
    both = [_of_places(instance, price) for _, price in priced[: len(certified)]]
    mentors, mentees = (np.stack(side, axis=1) for side in zip(*both, strict=True))
    _raise_to_pairs(instance, _gains(instance, chosen, certified, seed), mentors, mentees)
    return Prices(
        levels=tuple(name for name, _ in certified),
        mentors=tuple(map(tuple, mentors.tolist())),
        mentees=tuple(map(tuple, mentees.tolist())),
    )


def _sums(
    levels: Sequence[Level], priced: Sequence[tuple[str, IntArray]]
) -> list[tuple[str, Make]]:
    """The levels that are priced, with their terms."""
    proved = {level.name for level in levels if level.proved}
    found: list[tuple[str, Make]] = []
    for name, _ in priced:
        make = REGISTRY[name].make
        if make is None or name not in proved:
            break
        found.append((name, make))
    return found


def _gains(
    instance: Instance, chosen: IntArray, certified: Sequence[tuple[str, Make]], seed: int
) -> tuple[IntArray, IntArray]:
    """The pairs made that need not be, and (pairs, levels) what each is worth."""
    made = np.flatnonzero(mask_of(instance, chosen) & undecided(instance))
    return made, np.stack([make(instance, made, seed).pair for _, make in certified], axis=1)


def _raise_to_pairs(
    instance: Instance, gains: tuple[IntArray, IntArray], mentors: IntArray, mentees: IntArray
) -> None:
    """Let the one place of somebody cost what their pair is worth beyond both prices.

    It comes to the same, and where everybody has one place no pair is worth more than its places.
    """
    made, worth = gains
    for side, owner, places in zip(
        (mentors, mentees),
        (instance.mentor[made], instance.mentee[made]),
        places_left(instance),
        strict=True,
    ):
        beyond = worth - mentors[instance.mentor[made]] - mentees[instance.mentee[made]]
        raised = np.flatnonzero(_above_zero(beyond) & (places[owner] == 1))
        side[owner[raised]] += beyond[raised]


def _above_zero(vectors: IntArray) -> BoolArray:
    """(rows,) whether the first entry of a row that is not 0 is above it."""
    rows, first = np.arange(len(vectors)), np.argmax(vectors != 0, axis=1)
    above: BoolArray = vectors[rows, first] > 0
    return above


def _of_places(instance: Instance, price: IntArray) -> tuple[IntArray, IntArray]:
    """(n,), (m,): prices of places from the prices of a network's nodes.

    A place of a mentor costs the way from the source to them, one of a mentee the way from them to
    the sink. The way back, from the sink to the source, costs nothing unless one side is full: then
    that side's places bear it.
    """
    n, m = instance.n_mentors, instance.n_mentees
    source, sink = price[n + m], price[n + m + 1]
    mentors, mentees = price[:n] - source, sink - price[n : n + m]
    places = places_left(instance)
    if places[0].sum() <= places[1].sum():
        mentors = mentors + (source - sink)
    else:
        mentees = mentees + (source - sink)
    return np.where(places[0] > 0, mentors, 0), np.where(places[1] > 0, mentees, 0)
