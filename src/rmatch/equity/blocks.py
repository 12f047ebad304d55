"""Which groups of people may be shown: each large enough, and so is all that remains of them.

Small groups are not left blank, they are put together, so that subtracting what is shown from a
total gives only that one block, which is large enough itself (primary and secondary suppression by
recoding: Hundepool et al., *Statistical Disclosure Control*, 2012, chapters 4 and 5).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def blocks_of(groups: Mapping[str, People], fit: Callable[[People], bool]) -> Blocks:
    """Show the groups that are ``fit``, and put the others together until they are fit as one.

    While they are not, the smallest group shown joins them; in the end that may be every group.
    """
    shown = {name: people for name, people in groups.items() if fit(people)}
    rest = frozenset[int]().union(*(p for name, p in groups.items() if name not in shown))
    while rest and shown and not fit(rest):
        smallest = min(shown, key=lambda name: (len(shown[name]), name))
        rest |= shown.pop(smallest)
    return Blocks(shown, rest)
