"""``rmatch demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_golden import assert_golden

import rmatch


def test_the_demo_reads_as_agreed(call: Any) -> None:
    called = call("demo")
    assert (called.code, called.err) == (0, "")
    assert "14 pairs, 0 unmatched, 0 blocking pairs, optimal, audit ok" in called.out
    assert_golden("demo", called.out)


def test_the_other_example_reads_as_agreed(call: Any) -> None:
    called = call("demo", "--example", "two-trusts")
    assert called.code == 0
    assert_golden("demo_two_trusts", called.out)


def test_the_demo_writes_nothing(call: Any, tmp_path: Path) -> None:
    call("demo")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_example_is_a_wrong_call_that_lists_the_known(call: Any) -> None:
    called = call("demo", "--example", "nowhere")
    assert (called.code, called.out) == (2, "")
    assert all(name in called.err for name in rmatch.examples.names())


@pytest.mark.usefixtures("_failing_audit")
def test_a_demo_that_fails_its_audit_shows_no_pairs(call: Any) -> None:
    called = call("demo")
    assert (called.code, called.out) == (1, "")
    assert "illegal pair: M01 – S04" in called.err
