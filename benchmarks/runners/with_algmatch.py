"""``algmatch``: stable marriage, or hospital–residents where lists are short.

Its one call also checks its matching for stability.
"""

from __future__ import annotations

from typing import Any

from algmatch import HospitalResidentsProblem, StableMarriageProblem
from harness import Answer, Problem, Way, serve


def _marriage(problem: Problem) -> Any:
    # Its numbers start at 1.
    sides = [
        {i + 1: [j + 1 for j in row] for i, row in enumerate(problem[side])}
        for side in ("mentors", "mentees")
    ]
    return StableMarriageProblem(
        dictionary={"men": sides[0], "women": sides[1]}, optimised_side="men"
    )


def _married(problem: Any) -> Answer:
    found = problem.get_stable_matching()
    if found is None:
        return Answer([], "failed", note="it says that its own matching is unstable")
    sides = found["man_sided"].items()
    return Answer([(int(m[1:]) - 1, int(w[1:]) - 1) for m, w in sides if w], "stable")


def _hospital(problem: Problem) -> Any:
    residents = {i + 1: [j + 1 for j in row] for i, row in enumerate(problem["mentors"])}
    places = problem["mentee_capacity"]
    hospitals = {
        j + 1: {"capacity": places[j], "preferences": [i + 1 for i in row]}
        for j, row in enumerate(problem["mentees"])
    }
    given = {"residents": residents, "hospitals": hospitals}
    return HospitalResidentsProblem(dictionary=given, optimised_side="residents")


def _placed(problem: Any) -> Answer:
    found = problem.get_stable_matching()
    if found is None:
        return Answer([], "failed", note="it says that its own matching is unstable")
    sides = found["resident_sided"].items()
    return Answer([(int(r[1:]) - 1, int(h[1:]) - 1) for r, h in sides if h], "stable")


if __name__ == "__main__":
    serve("algmatch", {"marriage": Way(_marriage, _married), "hospital": Way(_hospital, _placed)})
