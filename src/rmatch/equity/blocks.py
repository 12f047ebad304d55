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


def large_groups(groups: Mapping[str, People], minimum: int) -> Blocks:
    """Show the groups of ``minimum`` people and more, all others together.

    While these are fewer than ``minimum``, the smallest group shown joins them, and all of its
    size: were one of equals taken by its name, a reader who knows how this works could tell which
    sizes that excludes. One more joins where they have ``minimum`` - 1 people each: no small groups
    could have more, so that their sum would tell the size of every one. In the end every group may
    have joined.
    """

    def large_together(some: Sequence[People]) -> bool:
        sizes = [len(people) for people in some]
        return sum(sizes) >= minimum and any(size != minimum - 1 for size in sizes)

    shown = {name: people for name, people in groups.items() if len(people) >= minimum}
    rest = [people for name, people in groups.items() if name not in shown]
    while rest and shown and not large_together(rest):
        shown, joining = _without_smallest(shown)
        rest += joining
    return Blocks(shown, _union(rest))


def coarser(blocks: Blocks, acceptable: Callable[[Blocks], bool]) -> Blocks:
    """Put the smallest groups shown to the rest until all is ``acceptable``, or one block."""
    while len(blocks.parts) > 1 and not acceptable(blocks):
        shown, joining = _without_smallest(blocks.shown)
        blocks = Blocks(shown, _union([blocks.rest, *joining]))
    return blocks


def _union(some: Iterable[People]) -> People:
    """Everybody in any of them."""
    return frozenset[int]().union(*some)


def _without_smallest(shown: Mapping[str, People]) -> tuple[dict[str, People], list[People]]:
    """The larger groups, and those of the smallest size."""
    fewest = min(map(len, shown.values()))
    larger = {name: people for name, people in shown.items() if len(people) > fewest}
    return larger, [people for people in shown.values() if len(people) == fewest]
