"""The backbone: pairs that every optimal matching holds, and pairs that only some of them hold.

Optimal means best through the levels before the tie-break. Where those are linear and no quota
binds, the residual graph of the flow tells at once. Else the search is asked, again and again, for
an optimal matching with as much news as possible: pairs not met so far in any, and pairs missing
that were in all so far. When there is provably no news, all is known. So a few searches do what one
for each pair would.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.errors import TimeLimitError
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen
from rmatch.solving import components
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Search
from rmatch.solving.steps import Make
from rmatch.solving.terms import Terms, pair_terms

TIE_BREAK = "tie_break"

WITHOUT_WEIGHTS = frozenset({"pairs", "people", "priority", "prices", "warnings"})
"""Levels that look at neither scores nor ranks."""

PairIds = tuple[str, str]
"""Mentor id, mentee id."""


@dataclass(frozen=True, slots=True)
class Backbone:
    """Which pairs all optimal matchings have in common; pairs are (mentor id, mentee id), sorted.

    Attributes:
        every: Pairs in every optimal matching.
        some: Pairs in at least one optimal matching, and not in all.
        undecided: Pairs of which it is not known in which of these they belong, or in none; empty
            where it is proved.
        proved: Whether nothing is undecided.
        levels: The levels that a matching must be best in to be optimal: those of the order before
            its tie-break.
        weight_free: Pairs in every matching that is best through the levels before the first that
            looks at scores or ranks: whatever the criteria weigh, they are made. ``None`` where
            that is not known, or where scores decide which pairs are acceptable.
    """

    every: tuple[PairIds, ...]
    some: tuple[PairIds, ...]
    undecided: tuple[PairIds, ...]
    proved: bool
    levels: tuple[str, ...]
    weight_free: tuple[PairIds, ...] | None


def backbone(
    instance: Instance,
    order: Sequence[str],
    seed: int = 0,
    *,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
) -> Backbone:
    """The pairs that all matchings have in common which are optimal but for the tie-break.

    Args:
        instance: The problem.
        order: Names of the levels; those from ``tie_break`` on are left out.
        seed: Of lots on the way; the answer is the same for all of them.
        time_limit: Seconds after which the rest is left undecided.
        cancel: Set it from another thread to stop early.

    Raises:
        InfeasibleError: pairs that must be made or hard quotas cannot all hold.
        TypeError: ``cancel`` is no event.
        ValueError: a time limit below 0.
    """
    levels = before_tie_break(order)
    clock = checked_clock(time_limit, cancel)
    parts = components.parts_of(instance, levels)
    sorted_out = [_sorted_out(part.instance, levels, seed, clock) for part in parts]
    whole = _Pairs.together(instance, parts, sorted_out)
    return Backbone(
        every=ids_of(instance, whole.every),
        some=ids_of(instance, whole.some),
        undecided=ids_of(instance, whole.undecided),
        proved=not whole.undecided.any(),
        levels=levels,
        weight_free=None if whole.weight_free is None else ids_of(instance, whole.weight_free),
    )


def weight_free(
    instance: Instance,
    order: Sequence[str],
    seed: int = 0,
    *,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
) -> tuple[PairIds, ...] | None:
    """The pairs that no scores and no ranks can change; see ``Backbone``.

    Args:
        instance: The problem.
        order: Names of the levels.
        seed: Of lots on the way.
        time_limit: Seconds after which the answer is ``None``: not known.
        cancel: Set it from another thread to stop early.
    """
    levels = _without_weights(before_tie_break(order))
    clock = checked_clock(time_limit, cancel)
    masks = []
    parts = components.parts_of(instance, levels)
    for part in parts:
        try:
            search = Search(part.instance, seed, clock)
        except TimeLimitError:
            return None
        mask = _in_all(search) if _settled(search, levels) else None
        if mask is None:
            return None
        masks.append(mask)
    return ids_of(instance, _spread(instance, [part.pairs for part in parts], masks))


def before_tie_break(order: Sequence[str]) -> tuple[str, ...]:
    """The levels before ``tie_break``: after it nothing is left to choose."""
    names = tuple(order)
    return names[: names.index(TIE_BREAK)] if TIE_BREAK in names else names


def ids_of(instance: Instance, which: BoolArray | Chosen) -> tuple[PairIds, ...]:
    """Pairs of an instance, by mask or by sorted index, as ids."""
    index = np.asarray(which)
    index = np.flatnonzero(index) if index.dtype == bool else index.astype(np.int64)
    return tuple(
        (instance.mentor_ids[instance.mentor[k]], instance.mentee_ids[instance.mentee[k]])
        for k in index.tolist()
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Masks over the pairs of an instance; see ``Backbone``."""

    every: BoolArray
    some: BoolArray
    undecided: BoolArray
    weight_free: BoolArray | None

    @classmethod
    def together(
        cls, instance: Instance, parts: Sequence[components.Part], found: Sequence[_Pairs]
    ) -> _Pairs:
        """Those of the whole: an optimum is an optimum of every part, in all combinations."""
        index = [part.pairs for part in parts]
        free = [one.weight_free for one in found if one.weight_free is not None]
        return cls(
            every=_spread(instance, index, [one.every for one in found]),
            some=_spread(instance, index, [one.some for one in found]),
            undecided=_spread(instance, index, [one.undecided for one in found]),
            weight_free=_spread(instance, index, free) if len(free) == len(found) else None,
        )


def _spread(instance: Instance, index: Sequence[IntArray], masks: Sequence[BoolArray]) -> BoolArray:
    whole = np.zeros(instance.n_pairs, dtype=bool)
    for pairs, mask in zip(index, masks, strict=True):
        whole[pairs] = mask
    return whole


def _sorted_out(instance: Instance, levels: Sequence[str], seed: int, clock: Clock) -> _Pairs:
    """The pairs of one part, after its levels are settled."""
    nothing = np.zeros(instance.n_pairs, dtype=bool)
    try:
        search = Search(instance, seed, clock)
    except TimeLimitError:
        return _Pairs(instance.forced, nothing, ~instance.forced, None)
    first = _without_weights(levels)
    proved = _settled(search, first)
    weight_free = _in_all(search) if proved else None
    held = instance.forced if weight_free is None else weight_free
    if not (proved and _settled(search, levels[len(first) :])):
        return _Pairs(held, nothing, search.possible & ~held, weight_free)
    always, never, known = _met(search)
    some = search.possible & ~always & ~never
    if known:
        return _Pairs(always, some, nothing, weight_free)
    return _Pairs(held, some, (always | never) & ~held, weight_free)


def _without_weights(levels: Sequence[str]) -> Sequence[str]:
    """The levels before the first that looks at scores or ranks."""
    looks = [at for at, name in enumerate(levels) if name not in WITHOUT_WEIGHTS]
    return levels[: looks[0]] if looks else levels


def _settled(search: Search, levels: Sequence[str]) -> bool:
    """Settle levels up to the first that cannot be proved; whether there is none."""
    return all(search.optimise(REGISTRY[name]).proved for name in levels)


def _in_all(search: Search) -> BoolArray | None:
    """(E,) the pairs that all matchings hold which keep the levels so far, if that is known."""
    always, _, known = _met(search, also_some=False)
    return always if known else None


def _met(search: Search, *, also_some: bool = True) -> tuple[BoolArray, BoolArray, bool]:
    """Pairs in all optimal matchings and, of those possible, in none that was met; if it is known.

    Where it is not, they are those of the matchings that were met.

    Args:
        search: Everything is settled there.
        also_some: Whether to look for all that occur in some; else only for those in all.
    """
    always = _mask(search)
    varying = search.varying
    if varying is not None:
        return always & ~varying, ~always & ~varying, True
    never = search.possible & ~always
    if not also_some:
        never[:] = False
    while True:
        gap = search.ask(_news(always, never))
        met = _mask(search)
        if not np.any(always & ~met) and not np.any(never & met):
            return always, never, gap == 0
        always, never = always & met, never & ~met


def _mask(search: Search) -> BoolArray:
    mask = np.zeros(search.instance.n_pairs, dtype=bool)
    mask[search.matching] = True
    return mask


def _news(always: BoolArray, never: BoolArray) -> Make:
    """What a matching would tell: pairs in it that were never, and missing that were always."""

    def make(instance: Instance, among: IntArray, seed: int) -> Terms:
        del seed
        return pair_terms(instance, never[among].astype(np.int64) - always[among])

    return make
