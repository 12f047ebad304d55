"""Several what-ifs side by side: what each comes to at every level, and how many pairs change."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rmatch.errors import InfeasibleError
from rmatch.explaining.level_words import meaning, number, vector
from rmatch.markup import card, note, table
from rmatch.properties.welfare import value_of
from rmatch.reporting.frames import frame
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import WIDTH, fitted
from rmatch.solution import Value

if TYPE_CHECKING:
    import pandas as pd

    from rmatch.matching import Matching

AS_IT_IS = "as it is"
"""What the matching is called that the others are compared with."""
WIDEST_NAME = 16
"""Where names stand above columns, they are folded at so many characters."""


@dataclass(frozen=True, slots=True, repr=False)
class Scenarios:
    """Matchings beside a first one; ``str()`` and a notebook show a table.

    Where a row a matching would be too wide, the text has a row a level.

    Attributes:
        first: The matching that was there, and still is.
        matchings: Name → the best matching of each scenario that can be kept.
        infeasible: Name → what cannot hold together, for those that cannot.
    """

    first: Matching
    matchings: Mapping[str, Matching]
    infeasible: Mapping[str, InfeasibleError] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Matching:
        return self.matchings[name]

    def __repr__(self) -> str:
        return f"Scenarios({len(self.matchings)} matchings, {len(self.infeasible)} infeasible)"

    def __str__(self) -> str:
        header, rows = self._table()
        upright = _plain(header, rows)
        if _width(upright) > WIDTH:
            upright = min(upright, _plain(*_turned(header, rows)), key=_width)
        return "\n".join([upright, *map(fitted, self._notes())])

    def _repr_html_(self) -> str:
        header, rows = self._table()
        numbers = range(1, len(header))
        beside = table("Beside the matching as it is", header, rows, right=numbers)
        return card("What if", beside, *map(note, self._notes()))

    def to_frame(self) -> pd.DataFrame:
        """One row for the first matching and each scenario: levels, pairs gone and new.

        Where a scenario cannot be kept, its numbers are missing and ``status`` is ``infeasible``.
        """
        records: list[dict[str, object]] = [
            {
                "scenario": name,
                "status": one.status,
                **{level: _counted(one, level) for level in self._levels},
                "pairs_gone": len(_ids(self.first) - _ids(one)),
                "pairs_new": len(_ids(one) - _ids(self.first)),
            }
            for name, one in self._all.items()
        ]
        records += [{"scenario": name, "status": "infeasible"} for name in self.infeasible]
        return frame(records, ["scenario", "status", *self._levels, "pairs_gone", "pairs_new"])

    @property
    def _all(self) -> dict[str, Matching]:
        return {AS_IT_IS: self.first, **self.matchings}

    @property
    def _levels(self) -> list[str]:
        """Every level that any of them has, in order."""
        return list(dict.fromkeys(name for one in self._all.values() for name in one.objectives))

    def _table(self) -> tuple[list[str], list[list[str]]]:
        """A row a matching, a column a level."""
        levels = self._levels
        return ["what if", *levels, "pairs\ngone", "pairs\nnew"], [
            [
                name if one.status == "optimal" else f"{name} (not proved)",
                *(_value(one, level) for level in levels),
                *(("", "") if one is self.first else self._moved(one)),
            ]
            for name, one in self._all.items()
        ]

    def _moved(self, one: Matching) -> tuple[str, str]:
        before, now = _ids(self.first), _ids(one)
        return str(len(before - now)), str(len(now - before))

    def _notes(self) -> list[str]:
        """What the columns are, where their names do not say it, and what cannot hold."""
        stability = self.first.instance.stability
        told = [f"{name}: {meaning(name, stability)}" for name in self._levels if name != "pairs"]
        return [
            f"{'; '.join(told)}.",
            *(f"{name}: {error}." for name, error in self.infeasible.items()),
        ]


def _plain(header: list[str], rows: list[list[str]]) -> str:
    return text_table(header, rows, right=frozenset(range(1, len(header))), width=WIDTH)


def _width(text: str) -> int:
    return max(map(len, text.split("\n")))


def _turned(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """A row a level and a column a matching: narrow, however many levels there are."""
    names = ["\n".join(textwrap.wrap(row[0], WIDEST_NAME)) for row in rows]
    levels = [
        [name.replace("\n", " "), *(row[k] for row in rows)]
        for k, name in enumerate(header[1:], start=1)
    ]
    return [header[0], *names], levels


def _ids(matching: Matching) -> set[tuple[str, str]]:
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


def _value(matching: Matching, level: str) -> str:
    """A level's value as people see it."""
    value, for_people = _counted(matching, level), matching.programme is not None
    if isinstance(value, tuple):
        return vector(level, value, for_people=for_people)
    return number(level, value, for_people=for_people)


def _counted(matching: Matching, level: str) -> Value:
    """A level's value, counted from the pairs where the matching was made without the level."""
    if level in matching.objectives:
        return matching.objectives[level]
    return value_of(level, matching.instance, matching.solution.chosen, matching.seed)
