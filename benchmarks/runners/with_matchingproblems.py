"""``matchingproblems`` by PuLP and CBC: stable with ties, then the largest.

It reads an instance from a file; writing that file is part of building. CBC gets one thread.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from harness import Answer, Problem, Way, serve
from matchingproblems.solver import Solver

_folder = tempfile.TemporaryDirectory()


def _list(groups: Any) -> str:
    shown = []
    for group in groups:
        people = " ".join(str(k + 1) for k in group)
        shown.append(f"({people})" if len(group) > 1 else people)
    return " ".join(shown)


def _build(problem: Problem) -> Any:
    mentors, mentees = problem["mentors"], problem["mentees"]
    lines = [f"{len(mentors)} {len(mentees)}"]
    lines += [f"{i + 1}: {_list(groups)}" for i, groups in enumerate(mentors)]
    places = problem["mentee_capacity"]
    lines += [f"{j + 1}: 0: {places[j]}: {_list(groups)}" for j, groups in enumerate(mentees)]
    path = Path(_folder.name) / "instance.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return Solver(["-f", str(path), "-na", "2", "-twopl", "-stab", "-maxsize", "1"])


def _solve(solver: Any) -> Answer:
    solver.solve(msg=False, threads=1)
    if solver.model.pulp_status != "Optimal":
        return Answer([], "failed", note=f"it says {solver.model.pulp_status}")
    pairs = [
        (pair.studentID - 1, pair.projectID - 1)
        for row in solver.model.pairs
        for pair in row
        if pair.lp_var.varValue > 0.5
    ]
    return Answer(pairs, "optimal")


if __name__ == "__main__":
    serve("matchingproblems", {"ties": Way(_build, _solve)})
