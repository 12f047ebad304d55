"""People with one profile: where they work, which group of specialties they are in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.scoring.criteria import PLACE_VALUES
from rmatch.scoring.lots import Lots
from rmatch.scoring.people import People, Side
from rmatch.scoring.protocol import TOP

MOST_CELLS = 1_024
"""With more cells than this bases are left out, and then deaneries: somebody walks them all."""


@dataclass(frozen=True, eq=False)
class Profiles:
    """The people of one side by profile; −1 is missing.

    Attributes:
        group: (n,) specialty groups.
        deanery: (n,) deaneries.
        base: (n,) bases.
        in_person: (n,) who can meet in person.
        virtual: (n,) who can meet on screen.
        wishes: (n,) 0 for whoever asks for another specialty group, 1 for the same, 2 for neither.
    """

    group: IntArray
    deanery: IntArray
    base: IntArray
    in_person: BoolArray
    virtual: BoolArray
    wishes: npt.NDArray[np.int8]

    @classmethod
    def of(cls, people: People, side: Side) -> Profiles:
        """Those of a side."""
        at = 0 if side == "mentor" else 1
        default = people.programme.settings.specialty
        asked = [person.pref_attrs.specialty or default for person in people.side(side)]
        number = {"different": 0, "same": 1}
        return cls(
            np.asarray(people.groups[at], dtype=np.int64),
            np.asarray(people.deaneries[at], dtype=np.int64),
            np.asarray(people.bases[at], dtype=np.int64),
            people.flags(side, lambda person: "in_person" in person.modes),
            people.flags(side, lambda person: "virtual" in person.modes),
            np.array([number.get(mode, 2) for mode in asked], dtype=np.int8),
        )

    def classes(self) -> IntArray:
        """(n,) a number for each profile: people with one number see all cells alike."""
        table = np.stack(
            [
                self.group,
                self.deanery,
                self.base,
                self.in_person.astype(np.int64),
                self.virtual.astype(np.int64),
                self.wishes.astype(np.int64),
            ]
        )
        return _numbered(table)


@dataclass(frozen=True, eq=False)
class ProfileCells:
    """Partners in cells of one profile each.

    Attributes:
        cell: (m,) the cell of each partner.
        group: (cells,) its specialty group.
        deanery: (cells,) its deanery; −2 where cells are not by deanery.
        base: (cells,) its base; −2 likewise.
    """

    cell: IntArray
    group: IntArray
    deanery: IntArray
    base: IntArray

    @property
    def count(self) -> int:
        """How many cells."""
        return len(self.group)

    @classmethod
    def of(cls, partners: Profiles, lots: Lots) -> ProfileCells:
        """The cells of a side, in an order by lot."""
        left_out = np.full_like(partners.base, -2)
        finest = [partners.group, partners.deanery, partners.base]
        for keys in (finest, [*finest[:2], left_out], [finest[0], left_out, left_out]):
            cells = cls._by(np.stack(keys), lots)
            if cells.count <= MOST_CELLS:
                break
        return cells

    @classmethod
    def _by(cls, keys: IntArray, lots: Lots) -> ProfileCells:
        number = _numbered(keys)
        count = int(number.max(initial=-1)) + 1
        # By the least lot in them, so that the order of people in the file is no matter.
        least = np.full(count, np.iinfo(np.uint64).max, dtype=np.uint64)
        np.minimum.at(least, number, lots)
        place = np.empty(count, dtype=np.int64)
        place[np.argsort(least, kind="stable")] = np.arange(count)
        cell = place[number]
        _, first = np.unique(cell, return_index=True)
        group, deanery, base = keys[:, first]
        return cls(cell, group, deanery, base)

    def values(self, chooser: Profiles, at: int, weights: tuple[int, int]) -> IntArray:
        """(cells,) what specialty and place are worth to one person, if the partner can meet.

        Args:
            chooser: The profiles of the person's side.
            at: Which person.
            weights: Of the criteria ``specialty`` and ``place``.
        """
        return weights[0] * self._specialty(chooser, at) + weights[1] * self._place(chooser, at)

    def _specialty(self, chooser: Profiles, at: int) -> IntArray:
        own, wish = int(chooser.group[at]), int(chooser.wishes[at])
        if own < 0 or wish == 2:
            return np.full(self.count, TOP // 2, dtype=np.int64)
        fits = (self.group == own) == (wish == 1)
        return np.where(self.group < 0, TOP // 2, np.where(fits, TOP, 0))

    def _place(self, chooser: Profiles, at: int) -> IntArray:
        far = PLACE_VALUES["virtual"] if chooser.virtual[at] else PLACE_VALUES["in_person"]
        values = np.full(self.count, far, dtype=np.int64)
        if chooser.in_person[at]:
            values[_same(self.deanery, chooser.deanery[at])] = PLACE_VALUES["same_deanery"]
            values[_same(self.base, chooser.base[at])] = PLACE_VALUES["same_base"]
        return values


def _same(codes: IntArray, own: np.int64) -> BoolArray:
    return np.asarray((codes == own) & (own >= 0))


def _numbered(keys: IntArray) -> IntArray:
    """(n,) equal columns of (fields, n) keys have equal numbers."""
    if keys.shape[1] == 0:
        return np.zeros(0, dtype=np.int64)
    _, number = np.unique(keys, axis=1, return_inverse=True)
    return np.asarray(number, dtype=np.int64).reshape(-1)
