"""What breaking pairs buys: every point the best that so many can buy, by looking at them all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from diff_oracle import events
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import WANTED, Problem, changes, matchings
from rmatch.rematching.rematch import Events
from rmatch.rematching.trade_off import TradeOff
from rmatch.testing import programmes


@st.composite
def happened(draw: st.DrawFn) -> tuple[rmatch.Matching, Events]:
    """A matching of a small programme and what happened to it."""
    try:
        old = rmatch.solve(draw(programmes(max_side=3)))
    except rmatch.InfeasibleError:
        old = rmatch.solve(rmatch.Programme(mentors=[], mentees=[]))
    return old, draw(events(old))


def curve(old: rmatch.Matching, what: Events) -> TradeOff:
    return old.trade_off(
        withdrawn=what.withdrawn,
        joined=what.joined,
        keep=what.keep,
        forbid=what.forbid,
        conflicts=what.conflicts,
        capacity=what.capacity,
    )


def by_hand(old: rmatch.Matching, what: Events, cap: int) -> set[tuple[str, str]] | None:
    """The best pairs with so many broken at most; ``None`` where nothing can hold."""
    try:
        # The same arrays with nothing capped; how few pairs can be broken is not looked at here.
        problem = Problem(old.after(what).instance, old.seed)
    except rmatch.InfeasibleError:
        return None
    left = [one for one in matchings(problem) if changes(problem, one) <= cap]
    for name in (level for level in old.order if level != "changes"):
        measure, choose = WANTED[name]
        values = [measure(problem, one) for one in left]
        if values:
            wanted = choose(values)
            left = [one for one, value in zip(left, values, strict=True) if value == wanted]
    mentors, mentees = problem.ids
    return {(mentors[i], mentees[j]) for i, j in left[0]} if left else None


@given(happened())
@settings(max_examples=60, deadline=None)
def test_every_point_is_the_best_with_at_most_so_many_broken(
    case: tuple[rmatch.Matching, Events],
) -> None:
    old, what = case
    try:
        found = curve(old, what)
    except rmatch.InfeasibleError:
        assert by_hand(old, what, 99) is None
        return
    assert found.is_whole
    assert sorted([*found.infeasible, *(one.at_most for one in found.points)]) == list(
        range(found.points[-1].at_most + 1)
    )
    for point in found.points:
        pairs = {(pair.mentor, pair.mentee) for pair in point.matching.pairs}
        assert pairs == by_hand(old, what, point.at_most)
        assert point.broken <= point.at_most
        assert (point.pairs, point.blocking) == (len(pairs), len(point.matching.blocking_pairs))
    for cap in found.infeasible:
        assert by_hand(old, what, cap) is None


@pytest.fixture(scope="module")
def trusts() -> rmatch.Matching:
    return rmatch.solve(rmatch.examples.path("two-trusts"))


@pytest.fixture(scope="module")
def drawn(trusts: rmatch.Matching) -> TradeOff:
    return trusts.trade_off(withdrawn=["S06", "M06"])


def test_the_table(drawn: TradeOff) -> None:
    assert str(drawn).splitlines() == [
        "broken,                         blocking  to look",
        "at most  broken  pairs  people     pairs       at   score",
        "───────  ──────  ─────  ──────  ────────  ───────  ──────",
        "      0       0     36      62         2        9  1533.6",
        "      1       1     36      62         0        9  1537.2",
        "Breaking more pairs buys nothing more.",
    ]
    assert drawn._repr_html_().count("<tr>") == 3
    frame = drawn.to_frame()
    assert frame["blocking"].tolist() == [2, 0]
    assert "matching" not in frame


def test_a_total_score_is_told_in_hundredths(trusts: rmatch.Matching) -> None:
    """Adding floats one by one leaves 1513.6999999999998, which is no score."""
    points = trusts.trade_off(withdrawn=["S10"]).points
    assert any(sum(p.score for p in one.matching.pairs) != one.score for one in points)
    assert [one.score for one in points] == [
        one.matching.objectives["score"] / 100 for one in points
    ]


def test_numbers_that_cannot_be_kept_are_said(trusts: rmatch.Matching) -> None:
    found = trusts.trade_off(keep=[("M01", "S10")])
    assert found.infeasible == (0, 1)
    assert "With at most 0 or 1 broken, what must hold cannot." in str(found)


def test_what_can_never_hold_is_an_error(trusts: rmatch.Matching) -> None:
    with pytest.raises(rmatch.InfeasibleError, match="must_pair M01 S26"):
        trusts.trade_off(keep=[("M01", "S26")])


def test_without_time_the_curve_says_that_it_ends(trusts: rmatch.Matching) -> None:
    found = trusts.trade_off(withdrawn=["S06"], time_limit=0)
    assert (found.points, found.is_whole) == ((), False)
    assert "The time was up" in str(found)
    assert found.to_frame().columns[0] == "at_most"


def test_a_missing_altair_names_its_pip_command(
    drawn: TradeOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(rmatch.MissingExtraError, match=r"pip install 'rmatch\[plot\]'"):
        drawn.plot()


def marks(chart: Any) -> Iterator[tuple[str, str]]:
    """(kind of mark, field upwards) of every layer of every panel."""
    for panel in chart["vconcat"]:
        for layer in panel["layer"]:
            yield layer["mark"]["type"], layer["encoding"]["y"]["field"]


def test_the_chart_has_a_panel_a_measure_and_a_label_a_point(drawn: TradeOff) -> None:
    pytest.importorskip("altair", reason="altair is not installed: pip install 'rmatch[plot]'")
    chart = drawn.plot().to_dict()
    assert [*marks(chart)] == [
        (mark, field)
        for field in ("pairs", "blocking", "score")
        for mark in ("line", "point", "text")
    ]
