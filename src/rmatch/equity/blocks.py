"""Which groups of people may be shown: each large enough, and so is all that remains of them.

Small groups are not left blank, they are put together, so that subtracting what is shown from a
total gives only that one block, which is large enough itself (primary and secondary suppression by
recoding: Hundepool et al., *Statistical Disclosure Control*, 2012, chapters 4 and 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

People = frozenset[int]


@dataclass(frozen=True, slots=True)
class Blocks:
    """A partition of one side's people.

    Attributes:
        shown: Group → its people.
        rest: Everybody else, as one block; empty where there is nobody.
    """

    shown: Mapping[str, People]
    rest: People

    @property
    def parts(self) -> tuple[People, ...]:
        """All blocks, the rest last."""
        return (*self.shown.values(), *([self.rest] if self.rest else ()))


def blocks_of(
    groups: Mapping[str, People],
    fit: Callable[[People], bool],
    together: Callable[[Sequence[People]], bool],
) -> Blocks:
    """Show the groups that are ``fit``, and put all others together.

    While these are not fit ``together``, the smallest group shown joins them, and all of its size:
    were one of equals taken by its name, a reader who knows how this works could tell which sizes
    that excludes. In the end every group may have joined.
    """
    shown = {name: people for name, people in groups.items() if fit(people)}
    rest = [people for name, people in groups.items() if name not in shown]
    while rest and shown and not together(rest):
        shown, joining = _without_smallest(shown)
        rest += joining
    return Blocks(shown, union(rest))


def coarser(blocks: Blocks, acceptable: Callable[[Blocks], bool]) -> Blocks:
    """Put the smallest groups shown to the rest until all is ``acceptable``, or one block."""
    while len(blocks.parts) > 1 and not acceptable(blocks):
        shown, joining = _without_smallest(blocks.shown)
        blocks = Blocks(shown, union([blocks.rest, *joining]))
    return blocks


def union(some: Iterable[People]) -> People:
    """Everybody in any of them."""
    return frozenset[int]().union(*some)


def _without_smallest(shown: Mapping[str, People]) -> tuple[dict[str, People], list[People]]:
    """The larger groups, and those of the smallest size."""
    fewest = min(map(len, shown.values()))
    larger = {name: people for name, people in shown.items() if len(people) > fewest}
    return larger, [people for people in shown.values() if len(people) == fewest]


def large_groups(groups: Mapping[str, People], minimum: int) -> Blocks:
    """Show the groups of ``minimum`` people and more, all others together.

    Of several groups of ``minimum`` - 1 people each the sum is the largest that small groups can
    have, so that it would tell the size of every one; then one more joins.
    """

    def together(some: Sequence[People]) -> bool:
        sizes = [len(people) for people in some]
        return sum(sizes) >= minimum and any(size != minimum - 1 for size in sizes)

    return blocks_of(groups, lambda people: len(people) >= minimum, together)
