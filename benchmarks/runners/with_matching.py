"""``matching``: stable marriage for complete strict lists, hospital–resident for others.

Its games are copied person by person, which recurses along the preference lists: from some size
on Python's limit is reached. That is noted, and the run is made again with the limit raised.
"""

from __future__ import annotations

import sys
import threading
import warnings
from typing import Any

from harness import Answer, Problem, Way, serve
from matching.games import HospitalResident, StableMarriage

RAISED = 1_000_000
STACK = 512 * 2**20

warnings.simplefilter("ignore")  # it warns of people whom nobody lists
_notes: list[str] = []


def _deep(build: Any, *given: Any) -> Any:
    """The game, built with the limit as it comes if that will do."""
    if not _notes:
        try:
            return build(*given)
        except RecursionError:
            _notes.append("RecursionError as it comes; timed with the recursion limit raised")
    built: list[Any] = []
    sys.setrecursionlimit(RAISED)
    threading.stack_size(STACK)
    thread = threading.Thread(target=lambda: built.append(build(*given)))
    thread.start()
    thread.join()
    return built[0]


def _marriage(problem: Problem) -> Any:
    mine, theirs = (dict(enumerate(problem[side])) for side in ("mentors", "mentees"))
    return _deep(StableMarriage.create_from_dictionaries, mine, theirs)


def _married(game: Any) -> Answer:
    solved = game.solve(optimal="suitor")
    pairs = [(int(str(a)), int(str(b))) for a, b in solved.items()]
    return Answer(pairs, "stable", note="; ".join(_notes))


def _hospital(problem: Problem) -> Any:
    residents = {f"m{i}": [f"s{j}" for j in row] for i, row in enumerate(problem["mentors"]) if row}
    hospitals = {f"s{j}": [f"m{i}" for i in row] for j, row in enumerate(problem["mentees"]) if row}
    places = {f"s{j}": problem["mentee_capacity"][j] for j, row in enumerate(problem["mentees"])}
    capacities = {name: places[name] for name in hospitals}
    return _deep(HospitalResident.create_from_dictionaries, residents, hospitals, capacities)


def _placed(game: Any) -> Answer:
    solved = game.solve(optimal="resident")
    pairs = [(int(str(r)[1:]), int(str(h)[1:])) for h, all_of in solved.items() for r in all_of]
    return Answer(pairs, "stable", note="; ".join(_notes))


if __name__ == "__main__":
    serve("matching", {"marriage": Way(_marriage, _married), "hospital": Way(_hospital, _placed)})
