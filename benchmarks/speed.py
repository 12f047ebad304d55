"""Speed beside peers: the same problems at growing sizes, rmatch and its peers by turns.

For each task, size and seed three rounds: rmatch, then each peer, all in processes of their own
that already hold the problem. A ratio is the peer's seconds over those of rmatch of the same
round; the median is shown. A peer that took longer than the cap, building included, is not asked
for larger sizes.

python benchmarks/speed.py                    # every task at every size, three seeds
python benchmarks/speed.py marriage --cap 20  # one task
python benchmarks/speed.py --quick            # one seed, a short cap
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from checks import findings
from contenders import CONTENDERS, OURS, Contender
from problems import Posed
from protocol import RESULTS, Options, keep, options_of
from sessions import Reply, Session
from speed_tables import tables
from speed_tasks import SIZES, TASKS, Task

ROUNDS = 3
LONG = 2.0
"""Seconds of rmatch after which the quick run leaves it at one round."""
SMOKE_SIZES = (5,)
QUICK_TASKS = tuple(label for label in TASKS if label != "random_costs")
Row = dict[str, object]


def main(argv: Sequence[str]) -> None:
    """Run the tasks that were asked for, print the tables, write figures and plot."""
    options = options_of(argv, __doc__, tuple(TASKS), tuple(TASKS))
    rows: list[Row] = []
    found: list[Row] = []
    for label in (
        QUICK_TASKS if options.quick and options.labels == tuple(TASKS) else options.labels
    ):
        _run_task(label, options, rows, found)
    print("\n".join(tables(rows, found, options)))
    if found:
        print(keep("speed_findings", found, options))
    print(keep("speed", rows, options))
    if not options.smoke:
        from speed_plots import save_plot  # noqa: PLC0415 - altair is for the plot only

        print(f"drawn to {save_plot(rows, RESULTS / 'speed.svg')}")


def _run_task(label: str, options: Options, rows: list[Row], found: list[Row]) -> None:
    task = TASKS[label]
    out: dict[str, str] = {}  # contender -> why it is not asked any more
    for n in SMOKE_SIZES if options.smoke else SIZES:
        for seed in range(options.peer_seeds):
            posed = task.make(n, seed)
            at = {"task": label, "n": n, "seed": seed}
            mine, wrong = _run_problem(task, posed, options, out)
            rows += [at | row for row in mine]
            found += [at | one for one in wrong]
        print(f"  {label} {n}: {_in_short(rows, label, n)}", flush=True)
        out |= _beyond(rows, label, n, out)
        if OURS.name in out:
            break


def _run_problem(
    task: Task, posed: Posed, options: Options, out: dict[str, str]
) -> tuple[list[Row], list[Row]]:
    """Every contender on one problem: rows of times, and what was wrong with answers."""
    rows = [_not_asked(one, out[one.name]) for one in task.contenders if one.name in out]
    wrong: list[Row] = []
    with contextlib.ExitStack() as stack:
        path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "problem.json"
        path.write_text(json.dumps(posed.problem), "utf-8")
        ours = stack.enter_context(Session(OURS, path, options.limit, make=False))
        theirs = {
            one: stack.enter_context(Session(one, path, options.cap, make=not options.smoke))
            for one in task.contenders
            if one.name not in out
        }
        for number in range(ROUNDS):
            mine = ours.run()
            rows.append(_row(OURS, ours, number, mine, None))
            if mine.status != "answered":
                break  # there is nothing to compare with, and the table says so
            for contender, session in theirs.items():
                reply = session.run()
                rows.append(_row(contender, session, number, reply, mine))
                wrong += _wrong(contender, posed, reply, mine)
            if options.quick and (mine.solve or 0.0) > LONG:
                break
    order = [OURS.name, *CONTENDERS]
    rows.sort(key=lambda row: order.index(str(row["contender"])))
    return rows, [one for place, one in enumerate(wrong) if one not in wrong[:place]]


def _wrong(contender: Contender, posed: Posed, reply: Reply, mine: Reply) -> list[Row]:
    if reply.status != "answered":
        return []
    said = findings(posed, contender.name, reply, mine)
    return [{"contender": contender.name, "finding": text} for text in said]


def _row(
    contender: Contender, session: Session, number: int, reply: Reply, ours: Reply | None
) -> Row:
    answered = reply.status == "answered"
    row = _blank(contender) | {
        "version": session.version,
        "round": number,
        "status": reply.status,
        "note": reply.note,
    }
    if not answered or reply.solve is None or reply.build is None or reply.peak_mib is None:
        return row
    row |= {
        "build_seconds": f"{reply.build:.6f}",
        "solve_seconds": f"{reply.solve:.6f}",
        "peak_mib": f"{reply.peak_mib:.0f}",
        "load": f"{os.getloadavg()[0]:.1f}",
    }
    if ours is not None and ours.solve is not None and ours.build is not None:
        row["ratio"] = f"{reply.solve / max(ours.solve, 1e-6):.4g}"
        whole = (reply.solve + reply.build) / max(ours.solve + ours.build, 1e-6)
        row["ratio_with_building"] = f"{whole:.4g}"
    return row


def _blank(contender: Contender) -> Row:
    columns = ("version", "round", "status", "build_seconds", "solve_seconds", "ratio")
    more = ("ratio_with_building", "peak_mib", "load", "note")
    return {"contender": contender.name} | dict.fromkeys((*columns, *more), "")


def _not_asked(contender: Contender, reason: str) -> Row:
    return _blank(contender) | {"status": "not asked", "note": reason}


def _beyond(rows: Sequence[Row], label: str, n: int, out: dict[str, str]) -> dict[str, str]:
    """Who is not asked for larger sizes, and why."""
    more = {}
    for row in rows:
        name = str(row["contender"])
        if (row["task"], row["n"]) == (label, n) and name not in out:
            if row["status"] in ("capped", "failed"):
                more[name] = f"{row['status']} at {n}"
            elif row["status"] == "absent":
                more[name] = str(row["note"])
    return more


def _in_short(rows: Sequence[Row], label: str, n: int) -> str:
    mine = [row for row in rows if (row["task"], row["n"]) == (label, n)]
    last = {str(row["contender"]): row for row in mine}
    return ", ".join(
        f"{name} {row['solve_seconds'] or row['status']}" for name, row in last.items()
    )


if __name__ == "__main__":
    main(sys.argv[1:])
