"""Ranks: stated choices first, then everyone else by bands of the side score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Rank(NamedTuple):
    """1 is best; 0 is unacceptable. Stated, or inferred from scores."""

    rank: int
    stated: bool


UNACCEPTABLE = Rank(0, stated=False)


def ranks_of(
    choice_group: Mapping[str, int], acceptable: Sequence[tuple[str, int]], indifference: int
) -> dict[str, Rank]:
    """The rank of each acceptable partner, given as (id, side score)."""
    grid = 100 * indifference if indifference else 1
    places = {
        partner: _place(choice_group.get(partner), score // grid) for partner, score in acceptable
    }
    dense = {
        place: Rank(rank, place[0] == 0)
        for rank, place in enumerate(sorted(set(places.values())), start=1)
    }
    return {partner: dense[place] for partner, place in places.items()}


def _place(group: int | None, band: int) -> tuple[int, int]:
    """Sorts stated choices by group before the others by band, highest first."""
    return (1, -band) if group is None else (0, group)
