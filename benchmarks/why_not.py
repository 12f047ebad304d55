"""Why-nots: seconds for one, with its reason proved, under the default objectives.

    python benchmarks/why_not.py                     # the example in full; 50 and 100 a side
    python benchmarks/why_not.py 100 --seeds 3       # thirty random pairs of each of three cohorts

Beside it, what one would do without it: state the pair as a quota and solve the whole programme
again, to the end, with ``--cap`` seconds for each; on the first three pairs of a cohort. Both must
name the same level, unless the cap ended the other.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence

import rmatch
from cohorts import mentoring_like
from protocol import Options, keep, median_and_worst, options_of
from rmatch.instance import Quota

LABELS = ("east-of-england", "50", "100")
SMOKE = ("14",)
PAIRS = 30


def cohorts(label: str, seeds: int) -> Iterator[tuple[int, rmatch.Programme]]:
    """An example cohort, or mentoring-like ones of a size, by seed."""
    if not label.isdigit():
        yield 0, rmatch.load(rmatch.examples.path(label))
        return
    for seed in range(seeds):
        yield seed, mentoring_like(int(label), seed)


def asked(
    matching: rmatch.Matching, label: str, seed: int, options: Options
) -> list[tuple[str, str]]:
    """Every pair of people of an example, else some at random."""
    instance = matching.instance
    every = [(m, s) for m in instance.mentor_ids for s in instance.mentee_ids]
    if not label.isdigit():
        return every
    draw = random.Random(f"why not {label} {seed}")
    return draw.sample(every, 3 if options.smoke else PAIRS)


def again(matching: rmatch.Matching, told: rmatch.WhyNot, cap: float) -> tuple[str | None, float]:
    """The level that decides, by solving the whole with a quota; ``None`` where time was up."""
    instance = matching.instance
    pair = instance.index_of(
        instance.mentor_ids.index(told.mentor), instance.mentee_ids.index(told.mentee)
    )
    row = [int(k == pair) for k in range(instance.n_pairs)]
    quota = Quota("pair", row, [0] * instance.n_mentors, [0] * instance.n_mentees, minimum=1)
    started = time.perf_counter()
    other = rmatch.solve(
        instance.replace(quotas=(quota,)), objectives=matching.order, time_limit=cap
    )
    seconds = time.perf_counter() - started
    for made, forced in zip(matching.solution.levels, other.solution.levels, strict=True):
        if not forced.proved:
            return None, seconds
        if made.value != forced.value:
            return made.name, seconds
    return "none", seconds


def run(
    label: str, seed: int, programme: rmatch.Programme, options: Options
) -> list[dict[str, object]]:
    """A row a why-not."""
    matching = rmatch.solve(programme)
    rows = []
    for at, (mentor, mentee) in enumerate(asked(matching, label, seed, options)):
        started = time.perf_counter()
        told = matching.why_not(mentor, mentee)
        seconds = time.perf_counter() - started
        if told.alternative is not None and not told.alternative.verify().ok:
            raise SystemExit(f"{label} {seed} {mentor} {mentee}: the audit refuses the alternative")
        level, peer = None, None
        if told.level is not None and at < 3:
            level, peer = again(matching, told, options.cap)
        if level is not None and level != told.level:
            raise SystemExit(f"{label} {seed} {mentor} {mentee}: {told.level} or {level}")
        rows.append(
            {
                "cohort": label,
                "seed": seed,
                "mentor": mentor,
                "mentee": mentee,
                "reason": told.reason.value,
                "amount": told.amount,
                "seconds": round(seconds, 4),
                "seconds_again": None if peer is None else round(peer, 4),
                "again_proved": None if peer is None else level is not None,
            }
        )
    return rows


def main(argv: Sequence[str]) -> None:
    """Run every cohort and print the table."""
    options = options_of(argv, __doc__, LABELS, SMOKE)
    rmatch.solve(mentoring_like(6, 0)).why_not("M0000", "S0001")
    rows: list[dict[str, object]] = []
    print(
        f"{'cohort':>16} {'asked':>6} {'in all s':>9} {'median s':>9} {'worst s':>8} {'ratio':>7}"
    )
    for label in options.labels:
        mine = [
            row
            for seed, programme in cohorts(label, options.seeds)
            for row in run(label, seed, programme, options)
        ]
        rows += mine
        seconds = [float(str(row["seconds"])) for row in mine]
        median, worst = median_and_worst(seconds)
        ratios = [
            float(str(row["seconds_again"])) / float(str(row["seconds"]))
            for row in mine
            if row["seconds_again"] is not None
        ]
        ratio = f"{median_and_worst(ratios)[0]:.1f}" if ratios else "–"
        print(
            f"{label:>16} {len(mine):>6} {sum(seconds):>9.2f} {median:>9.3f} {worst:>8.2f} "
            f"{ratio:>7}",
            flush=True,
        )
    print(keep("why_not", rows, options))


if __name__ == "__main__":
    main(sys.argv[1:])
