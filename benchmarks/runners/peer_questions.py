"""Stable with ties, most pairs, for plain CP-SAT and HiGHS: the rows of ``formulation.py``."""

from __future__ import annotations

from typing import Any

from harness import Answer, Way
from with_rmatch import from_ties

from formulation import Question
from peers import PEERS


def ties(peer: str, cap: float) -> Way:
    """How a peer is asked for the most pairs of a stable matching."""

    def solve(question: Any) -> Answer:
        answer = PEERS[peer](question, cap)
        if answer.status != "optimal" or answer.chosen is None:
            return Answer([], "capped", answer.seconds)
        instance = question.instance
        pairs = [(int(instance.mentor[k]), int(instance.mentee[k])) for k in answer.chosen]
        return Answer(pairs, "optimal", answer.seconds)

    return Way(lambda problem: Question(from_ties(problem), "pairs", {"stability": 0}), solve)
