"""What every strategy, and every peer that takes the cohort, gives people.

The same generated cohorts for all; every figure is counted from the pairs by the same code, which
is not the solver's. Differences to the default are paired: cohort by cohort, then their mean.

python benchmarks/quality.py            # all cohorts
python benchmarks/quality.py pairs_14   # one kind
python benchmarks/quality.py --quick    # a few of each
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import rmatch
from checks import counted
from contenders import CONTENDERS, Contender
from problems import Posed, assignment, hospital, people, ties
from protocol import RESULTS, Options, keep, options_of
from quality_tables import tables
from rmatch import Instance, Programme
from rmatch.generating import generate, smti
from rmatch.solving import solve
from rmatch.solving.strategies import strategy_names
from sessions import Reply, Session

LEXIMIN_LIMIT, QUICK_LEXIMIN_LIMIT = 10.0, 1.0
"""Seconds for leximin, which may stop before its proof; that is noted below the table."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Cohort:
    """A generated cohort: its instance, and its people where there are any."""

    instance: Instance
    programme: Programme | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """Cohorts of one shape; how many in full and in the quick run, which leaves out slow ones."""

    title: str
    make: Callable[[int], Cohort]
    many: int
    few: int


def _preset(name: str) -> Callable[[int], Cohort]:
    def make(seed: int) -> Cohort:
        programme = generate(name, seed=seed)
        return Cohort(rmatch.score(programme).instance, programme)

    return make


KINDS: Mapping[str, Kind] = {
    "pairs_14": Kind("14 mentors, 14 mentees, generated", _preset("pairs_14"), 100, 10),
    "pairs_41_of_81": Kind("81 mentors, 41 mentees, generated", _preset("pairs_41_of_81"), 20, 0),
    "smti": Kind(
        "Gent–Prosser, 20 a side, p1 = 0.7, p2 = 0.5 (no scores)",
        lambda seed: Cohort(smti(20, 0.7, 0.5, seed)),
        100,
        10,
    ),
}
"""Every kind of cohort by name."""


def main(argv: Sequence[str]) -> None:
    """Run the cohorts that were asked for, print the tables, write the figures and plot."""
    options = options_of(argv, __doc__, tuple(KINDS), ("pairs_14", "smti"))
    rows: list[Row] = []
    for label in options.labels:
        if not _count(label, options):
            print(f"  {label}: not in the quick run")
            continue
        cohorts = [KINDS[label].make(seed) for seed in range(_count(label, options))]
        rows += [{"cohort": label} | row for row in _rows(cohorts, options)]
        print(f"  {label}: {len(cohorts)} cohorts", flush=True)
    print("\n".join(tables(rows, {label: kind.title for label, kind in KINDS.items()})))
    print(keep("quality", rows, options))
    if not options.smoke:
        from quality_plots import save_plot  # noqa: PLC0415 - altair is for the plot only

        print(f"drawn to {save_plot(rows, RESULTS / 'quality.svg')}")


def _count(label: str, options: Options) -> int:
    kind = KINDS[label]
    return 2 if options.smoke else kind.few if options.quick else kind.many


def _rows(cohorts: Sequence[Cohort], options: Options) -> Iterator[Row]:
    best = [best_total(cohort.instance) for cohort in cohorts]
    short = QUICK_LEXIMIN_LIMIT if options.quick or options.smoke else LEXIMIN_LIMIT
    for name in strategy_names():
        limit = short if name == "leximin" else options.limit
        for seed, cohort in enumerate(cohorts):
            solution = solve(cohort.instance, strategy=name, seed=seed, time_limit=limit)
            chosen = np.array(solution.chosen, dtype=np.int64)
            pairs = zip(
                cohort.instance.mentor[chosen].tolist(),
                cohort.instance.mentee[chosen].tolist(),
                strict=True,
            )
            posed = Posed({}, cohort.instance)
            reply = Reply("answered", tuple(pairs), solution.status)
            yield _row(f"rmatch {name}", seed, posed, reply, best[seed])
    for contender in CONTENDERS.values():
        for pose, title in ways(contender, cohorts[0]):
            replies = _replies(contender, pose, cohorts, options)
            for seed, (posed, reply) in enumerate(replies):
                yield _row(title, seed, posed, reply, best[seed])


def ways(contender: Contender, cohort: Cohort) -> Iterator[tuple[Callable[[Cohort], Posed], str]]:
    """How a peer can take such a cohort: the problem it is posed, and what it is then called."""
    name = contender.name
    if "assignment" in contender.tasks and cohort.instance.score.any():
        yield lambda one: assignment(one.instance), f"{name}: assignment"
    if "ties" in contender.tasks:
        yield lambda one: ties(one.instance), f"{name}: stable, most pairs"
    if "hospital" in contender.tasks:
        yield lambda one: hospital(one.instance), f"{name}: stable, ties broken by score"
    if "people" in contender.tasks and cohort.programme is not None:
        yield _people, f"{name}: by its own rules"


def _people(cohort: Cohort) -> Posed:
    if cohort.programme is None:
        raise ValueError("an instance has no people")
    return people(cohort.programme, cohort.instance)


def _replies(
    contender: Contender,
    pose: Callable[[Cohort], Posed],
    cohorts: Sequence[Cohort],
    options: Options,
) -> Iterator[tuple[Posed, Reply]]:
    """A peer on every cohort, up to the first that it has no answer for."""
    posed = pose(cohorts[0])
    with Session(contender, posed.problem, options.cap, make=not options.smoke) as session:
        for cohort in cohorts:
            posed = pose(cohort)
            reply = session.run(posed.problem)
            yield posed, reply
            if reply.status != "answered":
                return


def _row(who: str, seed: int, posed: Posed, reply: Reply, best: int) -> Row:
    row: Row = {"who": who, "seed": seed, "status": reply.status, "claim": reply.claim}
    blank = dict.fromkeys(("pairs", "blocking", "score", "loss", "unmatched"), "")
    if reply.status != "answered":
        return row | blank | {"note": reply.note}
    try:
        pairs, score, blocking = counted(posed, reply)
    except ValueError as error:
        return row | blank | {"status": "illegal", "note": str(error)}
    instance = posed.instance
    people_matched = sum(len({pair[side] for pair in _people_of(posed, reply)}) for side in (0, 1))
    return row | {
        "pairs": pairs,
        "blocking": blocking,
        "score": score,
        "loss": f"{1 - score / best:.6f}" if best else "",
        "unmatched": instance.n_mentors + instance.n_mentees - people_matched,
        "note": reply.note,
    }


def _people_of(posed: Posed, reply: Reply) -> list[tuple[int, int]]:
    """Mentor and mentee of each pair, where a mentee may have had several columns."""
    whose = posed.columns
    return [(i, j if whose is None else whose[j]) for i, j in reply.pairs]


def best_total(instance: Instance) -> int:
    """The greatest total score of any matching, however few pairs: scipy's word, not rmatch's."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - loads in 0.8 s

    if not instance.score.any():
        return 0
    rows = assignment(instance).problem["score"]
    table = np.array([[0 if score is None else score for score in row] for row in rows])
    return int(table[linear_sum_assignment(table, maximize=True)].sum())


if __name__ == "__main__":
    main(sys.argv[1:])
