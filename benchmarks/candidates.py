"""Candidate lists: how many of the best partners they hold, and what is lost by looking at no more.

    python benchmarks/candidates.py                  # 1 000 and 3 000 a side; 10, 25 and 50 each
    python benchmarks/candidates.py 3000:50 --seeds 3

Recall is the share of each person's k best partners, by their own points over every pair, whom the
lists hold; partners of equal points count alike. The loss is that of the largest total score of a
largest matching, by scipy over all allowed pairs and over the candidates.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

import rmatch
from protocol import keep, options_of
from rmatch.generating import CohortShape, generate

LABELS = ("1000:10", "1000:25", "1000:50", "3000:10", "3000:25", "3000:50")
SMOKE = ("30:3",)

_PAIR = 10.0**8
"""What one pair more is worth: beyond any total score here, and exact in a double."""


def best_total(scores: rmatch.Scores, allowed: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """(pairs, total score) of the best largest matching among the allowed pairs."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - loads in 0.8 s

    places = [person.capacity for person in scores.programme.mentees]
    column = np.repeat(np.arange(len(places)), places)
    row = np.repeat(
        np.arange(scores.shape[0]), [person.capacity for person in scores.programme.mentors]
    )
    worth = np.where(allowed, _PAIR + scores.points, 0.0)[np.ix_(row, column)]
    made = linear_sum_assignment(worth, maximize=True)
    kept = worth[made] > 0
    return int(kept.sum()), int((worth[made][kept] - _PAIR).sum())


def recall(own: npt.NDArray[np.int32], listed: npt.NDArray[np.bool_], k: int) -> float:
    """Share of places (a row per person) held by somebody as good as in the true lists."""
    k = min(k, own.shape[1])
    least = np.maximum(0, np.sort(own, axis=1)[:, -k])
    good = own >= least[:, None]
    wanted = np.minimum(k, good.sum(axis=1))
    return float(np.minimum(wanted, (good & listed).sum(axis=1)).sum() / max(1, wanted.sum()))


def measured(label: str, seed: int) -> dict[str, object]:
    """One size, one number of candidates, one cohort."""
    n, k = map(int, label.split(":"))
    shape = CohortShape(mentors=n, mentees=n, deaneries=12, specialties=50, employers=12)
    programme = generate(shape, seed)
    every = rmatch.score(programme, candidates="all")
    started = time.process_time()
    scores = rmatch.score(programme, candidates=k)
    seconds = time.process_time() - started
    listed = np.zeros(every.points.shape, dtype=bool)
    listed[scores.rows, scores.columns] = True
    sides = (
        (every.mentor_points, every.acceptable, listed),
        (
            every.mentee_points.T,
            every.acceptable.T,
            listed.T,
        ),
    )
    found = [recall(np.where(free, own, -1), held, k) for own, free, held in sides]
    best, among = best_total(every, every.acceptable), best_total(every, listed)
    return {
        "class": f"{n} a side, {k} candidates",
        "seed": seed,
        "pairs_a_person": round(len(scores.rows) / n, 1),
        "recall_mentors": round(found[0], 4),
        "recall_mentees": round(found[1], 4),
        "pairs_lost": best[0] - among[0],
        "loss_per_cent": round(100 * (1 - among[1] / max(1, best[1])), 4),
        "seconds": round(seconds, 2),
    }


def main(argv: Sequence[str]) -> None:
    """Measure every class and print a line for each cohort."""
    options = options_of(argv, __doc__, LABELS, SMOKE)
    rows = []
    for label in options.labels:
        for seed in range(options.seeds):
            rows.append(measured(label, seed))
            print(rows[-1], flush=True)
    print(keep("candidates", rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
