"""Making the report: answers joined to outcomes, side by side, characteristic by characteristic."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rmatch.equity.blocks import Blocks, People, coarser, large_groups
from rmatch.equity.exposure import exposes
from rmatch.equity.intervals import open_stats
from rmatch.equity.measures import MEASURES, Measure, Outcomes, where
from rmatch.equity.people import SideName, outcomes
from rmatch.equity.reading import NOT_STATED, MonitoringTable, read_answers
from rmatch.equity.records import EVERYONE, OTHERS, Equity, Figure, Row, Withheld
from rmatch.explaining.records import Pair

LEAST = 3
"""Of two people each would read the other's answer."""
_POOL = ""
"""Stands for all groups too small by themselves; no answer is empty."""


def equity_report(
    monitoring: MonitoringTable,
    sides: Mapping[SideName, Sequence[str]],
    pairs: Sequence[Pair],
    stated: Collection[str],
    *,
    minimum: int,
) -> Equity:
    """How the matching came out for groups of people.

    Args:
        monitoring: The table of answers (:func:`~rmatch.equity.reading.read_answers`).
        sides: Everybody's id, side by side.
        pairs: The pairs made.
        stated: Ids of those who stated choices.
        minimum: Fewer people than this are counted nowhere.

    Raises:
        InputError: the table cannot be used.
        MissingExtraError: scipy is not installed.
        TypeError: ``minimum`` is no whole number.
        ValueError: ``minimum`` is less than 3.
    """
    if not isinstance(minimum, int):
        raise TypeError(f"minimum must be a whole number, not {minimum!r}")
    if minimum < LEAST:
        raise ValueError(f"minimum must be at least {LEAST}: of fewer, people know each other's")
    open_stats()
    answers = read_answers(monitoring, [one for ids in sides.values() for one in ids])
    rows: list[Row] = []
    withheld: list[Withheld] = []
    for side, ids in sides.items():
        made = _Side(side, outcomes(side, ids, pairs, stated), minimum)
        rows.append(made.everyone())
        for name in answers.characteristics:
            given = answers.given[name]
            groups = _groups([given.get(one, NOT_STATED) for one in ids])
            found = made.characteristic(name, groups)
            rows.extend(found) if isinstance(found, tuple) else withheld.append(found)
    return Equity(minimum, tuple(rows), tuple(withheld), answers.notices)


def _groups(answers: Sequence[str]) -> dict[str, People]:
    """Answer → its people, by label: an order by size would tell of sizes."""
    members: dict[str, set[int]] = {}
    for k, answer in enumerate(answers):
        members.setdefault(answer, set()).add(k)
    labels = sorted(members, key=lambda label: (label == NOT_STATED, label.casefold(), label))
    return {label: frozenset(members[label]) for label in labels}


@dataclass(slots=True)
class _Side:
    """One side's rows; remembers what was shown, so that nothing later gives more away."""

    side: SideName
    outcomes: Outcomes
    minimum: int
    counted: list[tuple[People, ...]] = field(default_factory=list)
    """The blocks of every characteristic shown."""
    classed: dict[tuple[str, str], list[tuple[People, ...]]] = field(default_factory=dict)
    """Of each measure's class, the blocks whose part of it is shown."""

    @property
    def _all(self) -> People:
        return frozenset(range(len(self.outcomes)))

    def everyone(self) -> Row:
        """The row of the whole side: no answer is in it."""
        figures = {
            measure.name: measure.figure(self.outcomes, self._all)
            for measure in MEASURES
            if len(where(self.outcomes, measure.counts)) >= self.minimum
        }
        return self._row(None, EVERYONE, self._all, figures)

    def characteristic(self, name: str, groups: Mapping[str, People]) -> tuple[Row, ...] | Withheld:
        """Its rows, or why there are none."""
        blocks = large_groups(groups, self.minimum)
        if len(blocks.parts) < 2:
            return Withheld(self.side, name, "few")
        blocks = coarser(blocks, self._may_be_counted)
        if len(blocks.parts) < 2:
            return Withheld(self.side, name, "crossed")
        self.counted.append(blocks.parts)
        named = dict(blocks.shown) | ({_POOL: blocks.rest} if blocks.rest else {})
        figures = {measure.name: self._figures(measure, named) for measure in MEASURES}
        return tuple(
            self._row(name, group, people, {m: found.get(group) for m, found in figures.items()})
            for group, people in named.items()
        )

    def _may_be_counted(self, blocks: Blocks) -> bool:
        return not exposes(self._all, [*self.counted, blocks.parts], self.minimum)

    def _figures(self, measure: Measure, groups: Mapping[str, People]) -> dict[str, Figure]:
        """The figure of every group, or of none.

        Were some shown and others withheld, a reader who knows why a figure is withheld could work
        out what it is: of two groups that share six people, eight of one fail only with all six.
        """
        classes = {name: c for name, c in measure.classes(self.outcomes).items() if c}
        if not all(self._is_fit(measure, classes.values(), people) for people in groups.values()):
            return {}
        parts = tuple(groups.values())
        before = {name: self.classed.setdefault((measure.name, name), []) for name in classes}
        if any(
            exposes(members, [*before[name], parts], self.minimum)
            for name, members in classes.items()
        ):
            return {}
        for earlier in before.values():
            earlier.append(parts)
        return {group: measure.figure(self.outcomes, people) for group, people in groups.items()}

    def _is_fit(self, measure: Measure, classes: Collection[People], people: People) -> bool:
        """Whether every class, of those that somebody on this side is in, is large enough here."""
        large = bool(classes) and all(len(people & c) >= self.minimum for c in classes)
        return large and not measure.tells(self.outcomes, people)

    def _row(
        self, name: str | None, group: str, people: People, figures: Mapping[str, Figure | None]
    ) -> Row:
        return Row(
            side=self.side,
            characteristic=name,
            group=OTHERS if group == _POOL else group,
            pooled=group == _POOL,
            people=len(people),
            match_rate=figures.get("match_rate"),
            choice_rate=figures.get("choice_rate"),
            mean_score=figures.get("mean_score"),
        )
