"""Rmatch, by the same harness as its peers: from arrays in memory to a proved matching."""

from __future__ import annotations

from typing import Any

import numpy as np
from harness import Answer, Problem, Way, serve

import rmatch
from rmatch import Instance, Participant, Programme
from rmatch.solving import solve


def _from_scores(problem: Problem) -> Instance:
    scores = np.array(problem["score"], dtype=float)
    return Instance.from_scores(np.nan_to_num(scores).astype(np.int64), ~np.isnan(scores))


def _from_orders(problem: Problem) -> Instance:
    mine, theirs = np.array(problem["mentors"]), np.array(problem["mentees"])
    n = len(mine)
    return Instance.from_pairs(
        *np.divmod(np.arange(n * n), n),
        np.argsort(mine, axis=1).ravel(),
        np.argsort(theirs, axis=1).T.ravel(),
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(n, dtype=np.int64),
        stated=True,
    )


def from_ties(problem: Problem) -> Instance:
    """An instance from both sides' lists with ties."""
    return Instance.from_rankings(
        problem["mentors"],
        problem["mentees"],
        mentor_capacity=problem["mentor_capacity"],
        mentee_capacity=problem["mentee_capacity"],
    )


def _pairs(instance: Instance, chosen: Any) -> list[tuple[int, int]]:
    picked = np.array(chosen, dtype=np.int64)
    mentors, mentees = instance.mentor[picked].tolist(), instance.mentee[picked].tolist()
    return list(zip(mentors, mentees, strict=True))


def _levels(*levels: str) -> Any:
    def answer(instance: Instance) -> Answer:
        solution = solve(instance, levels)
        return Answer(_pairs(instance, solution.chosen), solution.status)

    return answer


def _propose(instance: Instance) -> Answer:
    solution = solve(instance, strategy="deferred_acceptance")
    return Answer(_pairs(instance, solution.chosen), "stable")


def _people(problem: Problem) -> Programme:
    return Programme(
        mentors=[Participant(**person) for person in problem["mentors"]],
        mentees=[Participant(**person) for person in problem["mentees"]],
    )


def _score_and_match(programme: Programme) -> Answer:
    matching = rmatch.solve(programme, strategy="best_score")
    mentors = {person.id: k for k, person in enumerate(programme.mentors)}
    mentees = {person.id: k for k, person in enumerate(programme.mentees)}
    pairs = [(mentors[pair.mentor], mentees[pair.mentee]) for pair in matching.pairs]
    return Answer(pairs, matching.status)


WAYS = {
    "assignment": Way(_from_scores, _levels("pairs", "score")),
    "marriage": Way(_from_orders, _propose),
    "ties": Way(from_ties, _levels("stability", "pairs")),
    "people": Way(_people, _score_and_match),
}


def _warm_up() -> None:
    """Solve something tiny, so that nothing is loaded while time is taken."""
    lists = {"mentors": [[0, 1], [1, 0]], "mentees": [[0, 1], [1, 0]]}
    groups = {side: [[[0, 1]], [[0, 1]]] for side in lists}
    ones = {"mentor_capacity": [1, 1], "mentee_capacity": [1, 1]}
    people = [{"id": "M1"}], [{"id": "S1"}]
    for task, problem in {
        "assignment": {"score": [[1, 2], [2, 1]]},
        "marriage": lists,
        "ties": groups | ones,
        "people": dict(zip(lists, people, strict=True)),
    }.items():
        WAYS[task].solve(WAYS[task].build(problem))


if __name__ == "__main__":
    _warm_up()
    serve("rmatch", WAYS)
