"""Decisions for tests: the moments they are taken at, the way a pair goes, series of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

import rmatch
from rmatch.rematching.decisions import Accept, Approve, Decision, Offer, Start

if TYPE_CHECKING:
    from hypothesis.stateful import RuleBasedStateMachine

WHEN = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)


def moment(number: int = 0) -> datetime:
    """WHEN and so many hours."""
    return WHEN + timedelta(hours=number)


def made(matching: rmatch.Matching) -> set[tuple[str, str]]:
    """The pairs by id."""
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


def way_to_active(mentor: str, mentee: str) -> tuple[Decision, ...]:
    """Every step of a pair, from proposed to active."""
    pair = (mentor, mentee)
    return (
        *(Approve(*pair, acknowledged=True), Offer(*pair, "both")),
        *(Accept(*pair, "mentor"), Accept(*pair, "mentee"), Start(*pair)),
    )


def decide_all(matching: rmatch.Matching, folder: Path, *decisions: Decision) -> None:
    """Decisions by AB in the ledger of the matching's run."""
    for decision in decisions:
        matching.record(folder, decision, who="AB", when=WHEN)


def run_machine(machine: type[RuleBasedStateMachine], examples: int) -> None:
    """The same series of a dozen steps every time."""
    case = machine.TestCase()
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    case.runTest()
