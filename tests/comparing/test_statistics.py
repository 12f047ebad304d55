"""Intervals: published values, coverage on data whose truth is known, and scipy's own answer."""

from __future__ import annotations

import sys

import numpy as np
import pytest

pytest.importorskip("scipy", reason="scipy is not installed: pip install 'rmatch[compare]'")

import rmatch
from rmatch.comparing.statistics import FEWEST, mean_intervals, share_interval


def test_a_share_has_the_published_interval() -> None:
    """81 of 263 has 0.2527 to 0.3676 (Newcombe 1998, table I), as has 0 of 20 its 0 to 0.1684."""
    assert share_interval(81, 263) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert share_interval(15, 148) == pytest.approx((0.0578, 0.1617), abs=5e-5)
    assert share_interval(0, 20) == pytest.approx((0.0, 0.1684), abs=5e-5)


def test_a_row_has_the_interval_that_scipy_gives_it_alone() -> None:
    """Rows that share what is drawn are no different from rows of their own."""
    from scipy import stats

    rows = np.random.default_rng(1).gamma(2.0, size=(3, 25))
    for row, found in zip(rows, mean_intervals(rows), strict=True):
        alone = stats.bootstrap(
            (row,), np.mean, n_resamples=9_999, batch=500, rng=np.random.default_rng(2027)
        ).confidence_interval
        assert found == pytest.approx((alone.low, alone.high), abs=1e-8)


def test_intervals_hold_the_mean_about_as_often_as_they_say() -> None:
    """Of a thousand samples of 40 from a skew distribution, 92 to 97 % hold its mean."""
    rows = np.random.default_rng(7).exponential(size=(1_000, 40))
    low, high = mean_intervals(rows).T
    assert 0.92 <= np.mean((low <= 1) & (high >= 1)) <= 0.97


def test_units_that_are_all_equal_have_a_point() -> None:
    """A strategy that always makes 14 pairs makes 14 pairs; those beside it keep their interval."""
    rows = np.array([[14.0] * 12, [*[14.0] * 11, 13.0]])
    equal, other = mean_intervals(rows)
    assert equal.tolist() == [14.0, 14.0]
    assert other[0] < 14 - 1 / 12 <= other[1] <= 14


def test_few_units_have_no_interval() -> None:
    """Nine cohorts say too little; ten have one."""
    rows = np.random.default_rng(3).normal(size=(2, FEWEST))
    assert np.isnan(mean_intervals(rows[:, 1:])).all()
    assert not np.isnan(mean_intervals(rows)).any()


def test_the_same_rows_have_the_same_interval_every_time() -> None:
    """What is drawn comes from a fixed seed, whatever else is in the table."""
    rows = np.random.default_rng(4).normal(size=(5, 30))
    assert mean_intervals(rows)[2].tolist() == pytest.approx(mean_intervals(rows[2:3])[0].tolist())


def test_without_scipy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lacks scipy reads what to install."""
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(rmatch.MissingExtraError, match=r"rmatch\[compare\]"):
        mean_intervals(np.arange(10.0)[None, :])
