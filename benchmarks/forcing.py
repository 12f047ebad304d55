"""Instances whose largest matchings force one to seven blocking pairs.

    python benchmarks/forcing.py cohort:50:10 lists:200:0.15    # searches again, and prints seeds

Two kinds: ``cohort:n:percent`` are mentoring-like cohorts (``cohorts.py``) in which vetoes leave
few pairs, ``lists:n:p2`` random lists with few ties in which a tenth of the pairs is acceptable
(``generators.smti`` with p1 = 0.9). Seeds were tried in order from 0 with the objectives ``pairs``
and ``stability``, and the first ten kept whose fewest blocking pairs were proved to be 1 to 7: by
rmatch in five seconds, else by HiGHS in a minute (``peers.py``).

Nobody's own choices are vetoed, so that more pairs of a cohort are acceptable than its per cent:
about 15 % of 50:10 and 4.5 % of 200:3. At 200 a side with 10 % (11 % in fact) none of the first 24
seeds forces any, hence the smaller share there, and the random lists.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Mapping

import rmatch
from cohorts import mentoring_like
from formulation import question_of
from generators import smti
from peers import ask, check
from rmatch.solving import solve

FORCED = range(1, 8)
SECONDS, PEER_SECONDS = 5.0, 60.0
WANTED = 10
LISTS_P1 = 0.9

FEWEST: Mapping[str, Mapping[int, int]] = {
    "cohort:50:10": {1: 2, 4: 2, 5: 4, 6: 3, 8: 1, 9: 2, 12: 3, 13: 3, 14: 1, 16: 1},
    "cohort:200:3": {0: 3, 2: 2, 3: 3, 4: 3, 5: 3, 6: 2, 8: 4, 9: 1, 10: 4, 11: 3},
    "lists:200:0.15": {0: 2, 6: 1, 8: 1, 9: 1, 11: 1, 12: 1, 13: 1, 15: 1, 18: 1, 19: 1},
}
"""Per class the seeds found, and the fewest blocking pairs of each."""


def forcing(label: str, seed: int) -> rmatch.Instance:
    """An instance of the class ``label``, as in :data:`FEWEST`."""
    kind, n, rest = label.split(":")
    if kind == "lists":
        return smti(int(n), LISTS_P1, float(rest), seed)
    return rmatch.score(mentoring_like(int(n), seed, int(rest) / 100)).instance


def fewest_blocking(instance: rmatch.Instance) -> int | None:
    """The fewest blocking pairs of a largest matching; ``None`` where neither proves it."""
    solution = solve(instance, ("pairs", "stability"), time_limit=SECONDS)
    if solution.levels[-1].proved:
        return solution.levels[-1].value
    question = question_of(instance, solution)
    answer = ask("highs", question, PEER_SECONDS)
    check("highs", question, answer, solution)
    return answer.value(question) if answer.status == "optimal" else None


def search(label: str) -> Iterator[tuple[int, int]]:
    """The seeds that force some, with how many."""
    for seed in itertools.count():
        fewest = fewest_blocking(forcing(label, seed))
        print(f"  {label}, seed {seed}: {fewest}", file=sys.stderr, flush=True)
        if fewest is not None and fewest in FORCED:
            yield seed, fewest


if __name__ == "__main__":
    for name in sys.argv[1:] or FEWEST:
        print(name, dict(itertools.islice(search(name), WANTED)), flush=True)
