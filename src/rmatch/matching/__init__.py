"""The matching: what a person holds in their hand. Forwards to the rooms that do the work.

A file each for what is asked of it; a room is loaded by the method that needs it, so that making a
matching loads none of the rooms for questions about one.
"""

from __future__ import annotations

from dataclasses import dataclass

from rmatch.matching.changed import Changed
from rmatch.matching.compared import Compared
from rmatch.matching.kept import Kept
from rmatch.matching.proved import Proved
from rmatch.matching.questioned import Questioned
from rmatch.matching.shown import Shown

__all__ = ["Matching"]


@dataclass(frozen=True, eq=False, repr=False)
class Matching(Questioned, Proved, Changed, Compared, Shown, Kept):
    """A matching with everything needed to show, question, check and keep it.

    Attributes:
        instance: The arrays that were solved.
        solution: What solving came to: levels with bounds, seconds.
        order: The names of the objectives, in order.
        strategy: The strategy that gave them, or ``None``.
        seed: Of the tie-break.
        scores: Where every point came from; ``None`` for an instance made without people.
    """
