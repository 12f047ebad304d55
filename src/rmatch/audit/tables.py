"""A criterion's values over all pairs, with the mean that stands for what is not stated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from rmatch.audit.alike import values_of
from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.points import LOOKS_AT, VALUES
from rmatch.audit.rules import World

GivenValues = Callable[[str, str], tuple[int | None, int | None]]
Rows = Sequence[Sequence[int | None]]


@dataclass(frozen=True, slots=True)
class Given:
    """What the audit cannot recompute and takes as given.

    ``criteria``: name → (weight, side ``"mentor"``, ``"mentee"`` or ``"both"``, values by mentor id
    and mentee id: for the mentor, for the mentee; ``None`` is missing). ``rules``: code →
    (severity, the pairs that break it). ``unknown``: code → the pairs for which it cannot be known.
    """

    criteria: Mapping[str, tuple[int, str, GivenValues]] = field(default_factory=dict)
    rules: Mapping[str, tuple[str, frozenset[IdPair]]] = field(default_factory=dict)
    unknown: Mapping[str, frozenset[IdPair]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One criterion on one side: a row for each of its people, and the mean of what is known.

    Rows of people who are alike may be one list.
    """

    rows: Rows
    mean: int

    def value(self, person: int, partner: int) -> int:
        """The points of a pair, the mean where nothing is stated."""
        stated = self.rows[person][partner]
        return self.mean if stated is None else stated

    def weighted(self, weight: int) -> list[list[int]]:
        """Every value times ``weight``, the mean where nothing is stated."""
        known = {
            id(row): [weight * (self.mean if value is None else value) for value in row]
            for row in self.rows
        }
        return [known[id(row)] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Table:
    """One criterion: its weight, and a column for each side it serves."""

    name: str
    weight: int
    mentor: Column | None
    mentee: Column | None


def built_in(world: World, name: str) -> Table:
    """The table of a built-in criterion."""
    value, looks_at = partial(VALUES[name], world.settings), LOOKS_AT[name]
    for_mentors = values_of(value, world.mentors, world.mentees, looks_at)
    for_mentees = values_of(value, world.mentees, world.mentors, looks_at)
    weight = world.settings.all_weights[name]
    return Table(name, weight, _column(for_mentors), _column(for_mentees))


def taken(world: World, name: str, given: tuple[int, str, GivenValues]) -> Table:
    """The table of a criterion whose values are taken as given."""
    weight, side, values = given
    both = [[values(m.id, s.id) for s in world.mentees] for m in world.mentors]
    return Table(
        name,
        weight,
        _column([[pair[0] for pair in row] for row in both]) if side != "mentee" else None,
        _column([[row[j][1] for row in both] for j in range(len(world.mentees))])
        if side != "mentor"
        else None,
    )


def _column(rows: Rows) -> Column:
    stated = {id(row): [value for value in row if value is not None] for row in rows}
    sums = {key: (sum(values), len(values)) for key, values in stated.items()}
    total = sum(sums[id(row)][0] for row in rows)
    return Column(rows, mean(total, sum(sums[id(row)][1] for row in rows)))


def mean(total: int, count: int) -> int:
    """The mean rounded to the nearest; 5 000 of nothing."""
    return (2 * total + count) // (2 * count) if count else 5_000


def weighted_mean(weighted: Sequence[tuple[int, int]]) -> int:
    """The mean of (weight, value) rounded to the nearest; 0 without weight."""
    whole = sum(weight for weight, _ in weighted)
    total = sum(weight * value for weight, value in weighted)
    return (2 * total + whole) // (2 * whole) if whole else 0


def rounded_means(totals: Iterable[int], whole: int) -> list[int]:
    """Each of ``totals`` by ``whole``, rounded to the nearest; 0 where ``whole`` is 0."""
    if not whole:
        return [0 for _ in totals]
    return [(2 * total + whole) // (2 * whole) for total in totals]


def positions(people: Sequence[Facts]) -> dict[str, int]:
    """Each person's row or column by id."""
    return {person.id: number for number, person in enumerate(people)}
