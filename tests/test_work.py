"""Counted work stays what it was: no clock, so a loop too many is seen on any machine.

``work_figures.txt`` holds a figure for each case and kind. More than it fails, and so does much
less, so that the figures stay tight. To accept what is counted now:
``RMATCH_ACCEPT_WORK=1 pytest -n 0 tests/test_work.py``, and say in the commit why it changed.

Left out is what CP-SAT and the linear solvers do inside: OR-Tools tells steps and conflicts, but
they are its versions', not ours. Nothing else had to be: whatever is random is seeded, nothing runs
in threads, and no case comes near a time limit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from rmatch.solving import solve
from rmatch.work import KINDS, count, counting
from work_cases import (
    CASES,
    Case,
    Job,
    assigning,
    best_score,
    default_levels,
    dense_instance,
    proposing,
    scoring,
    sparse_instance,
)

FIGURES = Path(__file__).parent / "work_figures.txt"
BETWEEN = " | "

TIGHT = 0.8
"""Less than this share of the figure asks for a lower one."""

LOOSE = 1.25
"""So much off, further, may work be that a linear program leads (``Case.is_exact``)."""

ACCEPT = "RMATCH_ACCEPT_WORK"


def figures() -> dict[str, Counter[str]]:
    """The committed figures of each case, by kind."""
    found: dict[str, Counter[str]] = {}
    for line in FIGURES.read_text(encoding="utf-8").splitlines():
        case, kind, figure = line.split(BETWEEN)
        found.setdefault(case, Counter())[kind] = int(figure)
    return found


def accept(case: str, work: Mapping[str, int]) -> None:
    """Write what was counted for one case among the figures, and leave those of unknown cases."""
    known = figures() if FIGURES.exists() else {}
    known[case] = Counter({kind: work[kind] for kind in KINDS if work.get(kind)})
    lines = [
        f"{name}{BETWEEN}{kind}{BETWEEN}{figure}"
        for name in CASES
        for kind, figure in known.get(name, {}).items()
    ]
    FIGURES.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def faults(case: str, work: Counter[str], known: Counter[str], room: float = 1.0) -> list[str]:
    """What grew, and what shrank so far that its figure says nothing any more."""
    found = []
    for kind in KINDS:
        now, figure = work[kind], known[kind]
        if now > figure * room:
            times = f"{now / figure:.2f} times as many" if figure else "not counted before"
            found.append(f"{case}: {kind} ({KINDS[kind]}) grew from {figure} to {now}, {times}")
        elif now < figure * TIGHT / room:
            found.append(
                f"{case}: {kind} ({KINDS[kind]}) fell from {figure} to {now}: lower the figure"
            )
    return found


@pytest.mark.parametrize("name", CASES)
def test_work_is_what_it_was(name: str) -> None:
    """A case takes no more work than its figures, and not so much less that they are too high."""
    case = CASES[name]
    work = case.work()
    if os.environ.get(ACCEPT) == "1":
        accept(name, work)
    room = 1.0 if case.is_exact else LOOSE
    wrong = faults(name, work, figures().get(name, Counter()), room)
    how = f"If it is meant: {ACCEPT}=1 pytest -n 0 {Path(__file__).name}, and say why."
    assert not wrong, "\n".join([*wrong, how])


def test_every_figure_is_of_a_case() -> None:
    """A case that is gone leaves no figures behind, and all cases have some."""
    assert set(figures()) == set(CASES)


def test_every_kind_is_held_by_a_case() -> None:
    """Whatever is counted somewhere is counted in one of the cases."""
    assert set(KINDS) == {kind for known in figures().values() for kind in known}


def test_what_grew_is_said() -> None:
    """The message names the case, the kind in words, both figures and their ratio."""
    told = faults("some case", Counter(arcs=30), Counter(arcs=20))
    assert told == ["some case: arcs (their arcs together) grew from 20 to 30, 1.50 times as many"]


def test_work_that_is_new_is_said() -> None:
    """A kind that a case did not have before has no ratio."""
    told = faults("some case", Counter(flows=1), Counter())
    assert len(told) == 1
    assert told[0].endswith("grew from 0 to 1, not counted before")


def test_work_that_fell_asks_for_a_lower_figure() -> None:
    """Below four fifths the figure would let work grow unseen."""
    assert faults("c", Counter(arcs=16), Counter(arcs=20)) == []
    assert faults("c", Counter(arcs=15), Counter(arcs=20))[0].endswith("lower the figure")


def test_floating_point_has_room() -> None:
    """Where a linear program leads, a quarter more passes and more than that does not."""
    assert faults("c", Counter(rows=25), Counter(rows=20), LOOSE) == []
    assert len(faults("c", Counter(rows=26), Counter(rows=20), LOOSE)) == 1
    assert faults("c", Counter(rows=13), Counter(rows=20), LOOSE) == []
    assert len(faults("c", Counter(rows=12), Counter(rows=20), LOOSE)) == 1


def test_counts_follow_no_hashes() -> None:
    """Two processes whose strings hash otherwise count the same."""
    text = (
        "from work_cases import default_levels, scoring, Case; from functools import partial; "
        "jobs = partial(scoring, 200, 20), partial(default_levels, 30); "
        "print([sorted(Case(job).work().items()) for job in jobs])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", text],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert "scored" in told.pop()


# ----------------------------------------------------------------------------------------- counting


def test_nobody_counts_unasked() -> None:
    """What is done outside is not added, nor what another one counts within."""
    count(arcs=1)
    with counting() as outer:
        count(arcs=2)
        with counting() as inner:
            count(arcs=4)
    count(arcs=8)
    assert (outer["arcs"], inner["arcs"]) == (2, 4)


def test_a_kind_is_known() -> None:
    """A slip of the pen is told, by who counts."""
    with counting(), pytest.raises(KeyError, match="arks"):
        count(arks=1)


def test_counting_changes_no_matching() -> None:
    """The same pairs come out, counted or not."""
    instance = sparse_instance(200)
    with counting():
        counted = solve(instance, ("pairs", "score"))
    assert counted.chosen == solve(instance, ("pairs", "score")).chosen


# ------------------------------------------------------------------------------------------- growth

Make = Callable[[int], Job]

LISTS = (500, 1_000, 2_000, 4_000)
TABLES = (250, 500, 1_000)
SMALL = (20, 40, 80)

GROWTH: Mapping[str, tuple[Make, tuple[int, ...], dict[str, tuple[float, float]]]] = {
    "pairs and score, lists of 50": (
        partial(best_score, sparse_instance),
        LISTS,
        {"arcs": (0.9, 1.25), "priced": (0.8, 1.4), "flows": (-0.3, 0.3)},
    ),
    "deferred acceptance, lists of 50": (
        partial(proposing, sparse_instance),
        LISTS,
        {"proposals": (0.9, 1.3), "proposal_rounds": (0.2, 0.9)},
    ),
    "assign, dense": (
        assigning,
        TABLES,
        {"cells": (1.7, 2.2), "arcs": (0.9, 1.5), "priced": (0.9, 1.9)},
    ),
    "deferred acceptance, dense": (
        partial(proposing, dense_instance),
        (100, 200, 400),
        {"proposals": (1.5, 2.2)},
    ),
    "score, dense": (scoring, (50, 100, 200), {"scored": (1.99, 2.01)}),
    "score, 10 candidates": (
        lambda n: scoring(n, 10),
        (250, 500, 1_000),
        {"scored": (0.9, 1.2), "judged": (0.9, 1.7), "indexed": (1.0, 2.0)},
    ),
    "default levels": (
        default_levels,
        SMALL,
        {"arcs": (1.5, 2.4), "walked": (1.5, 2.4), "models": (-1.0, 1.0)},
    ),
}
"""How to make it, for which people a side, and between which exponents each kind grows."""


@pytest.mark.parametrize("name", GROWTH)
def test_work_grows_with_size_as_it_should(name: str) -> None:
    """The exponent b of work ≈ a · n**b stays between limits: about 1 for lists, 2 for tables."""
    make, sizes, limits = GROWTH[name]
    works = [Case(partial(make, size)).work() for size in sizes]
    for kind, (low, high) in limits.items():
        counts = [work[kind] for work in works]
        exponent = float(np.polyfit(np.log(sizes), np.log(counts), 1)[0])
        assert low <= exponent <= high, f"{kind} of {name}: {counts} for {sizes}, n^{exponent:.2f}"
