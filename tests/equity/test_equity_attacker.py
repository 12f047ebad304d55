"""An attacker who knows everything but the answers cannot work out what is withheld.

They hold the published report, know how many people of the side had which outcome (who has a
partner is known to the panel), which answers the form offered, the minimum and the very algorithm.
By brute force they list every table of answers that would have been published in just this way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from itertools import product

import pytest
from equity_tables import (
    GOT,
    MATCHED,
    MISSED,
    UNMATCHED,
    Table,
    compositions,
    people_shown,
    report_of,
    tables,
)

from rmatch.equity import measures
from rmatch.equity.people import Outcome
from rmatch.equity.records import Row, Withheld

LABELS = ("A", "B", "C")
MINIMUM = 3

CASES = [
    ((MATCHED,), (9,)),
    ((MATCHED, UNMATCHED), (5, 1)),
    ((MATCHED, UNMATCHED), (6, 3)),
    ((MATCHED, UNMATCHED), (6, 6)),
    ((MATCHED, UNMATCHED), (8, 1)),
    ((GOT, MISSED), (6, 6)),
    ((GOT, MISSED, UNMATCHED), (3, 3, 3)),
    ((GOT, MISSED, MATCHED), (3, 4, 2)),
]


Report = tuple[Row, ...] | Withheld


@cache
def published(kinds: tuple[Outcome, ...], totals: tuple[int, ...]) -> dict[Report, list[Table]]:
    """Report → every table that comes out as this report."""
    found: defaultdict[Report, list[Table]] = defaultdict(list)
    with pytest.MonkeyPatch.context() as patch:
        # An interval follows from its counts, so that it tells the attacker nothing more.
        patch.setattr(measures, "rate_interval", lambda _count, _of: (0.0, 0.0))
        for table in tables(totals, len(LABELS)):
            found[report_of(table, kinds, LABELS, MINIMUM)].append(table)
    return dict(found)


def hidden(report: Report) -> list[int]:
    """The answers somebody may have given and that are not shown by themselves."""
    if not isinstance(report, Withheld) and not any(row.pooled for row in report):
        return []  # everybody is in a group shown: nobody gave any other answer
    return [k for k, label in enumerate(LABELS) if label not in people_shown(report)]


@pytest.mark.parametrize(("kinds", "totals"), CASES)
def test_a_group_not_shown_has_two_possible_sizes(
    kinds: tuple[Outcome, ...], totals: tuple[int, ...]
) -> None:
    """Of no answer in "all others" does the number of people follow, nor that nobody gave it."""
    for report, candidates in published(kinds, totals).items():
        for k in hidden(report):
            sizes = {sum(counts[k] for counts in table) for table in candidates}
            assert len(sizes) > 1, (report, LABELS[k])


@pytest.mark.parametrize("others", [3, 4])
def test_with_answers_enough_on_the_form_a_group_may_have_any_small_size(others: int) -> None:
    """Every number from nobody to one less than the minimum is possible, for every such answer."""
    labels = ("A", "B", "C", "D", "E", "F", "G", "shown")
    reports = {
        sizes: report_of(((*sizes, 6),), (MATCHED,), labels, MINIMUM)
        for sizes in compositions(others, 7)
    }
    pooled = {report: set() for report in reports.values() if "shown" in people_shown(report)}
    for sizes, report in reports.items():
        if len(people_shown(report)) == 1 and report in pooled:
            pooled[report].add(sizes[0])
    assert any(pooled.values())
    assert all(sizes >= set(range(MINIMUM)) for sizes in pooled.values() if sizes)


@pytest.mark.parametrize(("kinds", "totals"), CASES)
def test_an_outcome_not_shown_has_two_possible_numbers(
    kinds: tuple[Outcome, ...], totals: tuple[int, ...]
) -> None:
    """Of no group, whose rate is withheld, does the number of any outcome follow."""
    for report, candidates in published(kinds, totals).items():
        withheld = [
            k
            for k, label in enumerate(LABELS)
            if label in people_shown(report) and not _is_told(report, label, kinds)
        ]
        for k, outcome in product((*hidden(report), *withheld), range(len(totals))):
            numbers = {table[outcome][k] for table in candidates}
            assert len(numbers) > 1, (report, LABELS[k], outcome)


def test_a_figure_is_shown_for_all_groups_or_for_none() -> None:
    """Nine of eighteen matched: were B's 3 of 7 shown, none of A could be."""
    report = report_of(((0, 3, 6), (3, 4, 2)), (MATCHED, UNMATCHED), LABELS, MINIMUM)
    assert not isinstance(report, Withheld)
    assert [row.people for row in report] == [3, 7, 8]
    assert all(row.match_rate is row.mean_score is None for row in report)


def _is_told(report: Report, label: str, kinds: Sequence[Outcome]) -> bool:
    """Whether some rate of the group is shown; all others have a number that is not theirs."""
    if len(set(kinds)) == 1:
        return label in people_shown(report)
    rows = () if isinstance(report, Withheld) else report
    return any(
        row.group == label and (_says(row.match_rate) or row.choice_rate is not None)
        for row in rows
    )


def _says(figure: measures.Figure | None) -> bool:
    """Whether a match rate is more than that of a side where all, or none, have a partner."""
    return figure is not None and figure.value not in (0.0, 100.0)


@pytest.mark.parametrize(("kinds", "totals"), CASES)
def test_every_number_shown_and_every_remainder_is_large(
    kinds: tuple[Outcome, ...], totals: tuple[int, ...]
) -> None:
    """What is shown, and what subtracting it from a total gives, counts enough people or nobody."""
    for report in published(kinds, totals):
        rows = () if isinstance(report, Withheld) else report
        assert all(row.people >= MINIMUM for row in rows)
        assert not rows or sum(row.people for row in rows) == sum(totals)
        matched = sum(n for kind, n in zip(kinds, totals, strict=True) if kind.matched)
        _assert_large([row.match_rate for row in rows], matched, sum(totals))
        got = sum(n for kind, n in zip(kinds, totals, strict=True) if kind.got)
        stated = sum(n for kind, n in zip(kinds, totals, strict=True) if kind.stated)
        _assert_large([row.choice_rate for row in rows], got, stated)


def _assert_large(figures: Sequence[measures.Figure | None], count: int, of: int) -> None:
    shown = [(round(f.value * f.of / 100), f.of) for f in figures if f is not None]
    if not shown:
        return
    rest = (count - sum(c for c, _ in shown), of - sum(n for _, n in shown))
    for yes, everyone in (*shown, *([rest] if rest[1] else ())):
        assert yes >= MINIMUM or count == 0
        assert everyone - yes >= MINIMUM or count == of


def test_the_attacker_is_not_beaten_by_nothing_being_shown() -> None:
    """The tests above see reports that show groups and rates, and reports that do not."""
    reports = [r for kinds, totals in CASES for r in published(kinds, totals)]
    rows = [row for r in reports if not isinstance(r, Withheld) for row in r]
    assert any(isinstance(r, Withheld) for r in reports)
    assert any(_says(row.match_rate) for row in rows)
    assert any(row.match_rate is None for row in rows)
    assert any(row.choice_rate is not None for row in rows)
    assert any(row.pooled for row in rows)
    assert any(not row.pooled for row in rows)
