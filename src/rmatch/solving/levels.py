"""The levels of one instance in order, each proved and then held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rmatch.certificate import Certificate
from rmatch.instance import Instance
from rmatch.properties.welfare import value_of
from rmatch.solution import Level, Solution, status_of
from rmatch.solving.certifying import certificate_of, proof_of
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Report, Search


def solve_levels(
    instance: Instance, names: Sequence[str], seed: int, clock: Clock, progress: Report | None
) -> Solution:
    """The lexicographically best matching of an instance, all of it at once.

    Raises:
        InfeasibleError: what is stated cannot all hold.
        TimeLimitError: the time was up before any matching was found that keeps it.
    """
    objectives = [REGISTRY[name] for name in names]
    search = Search(instance, seed, clock, progress)
    search.foresee(objectives)
    records = [search.optimise(objective) for objective in objectives]
    chosen = search.matching
    levels = [
        replace(record, value=value_of(record.name, instance, chosen, seed)) for record in records
    ]
    certificate = certificate_of(instance, chosen, levels, search.priced, seed)
    return Solution(
        chosen=tuple(chosen.tolist()),
        status=status_of(levels),
        levels=with_proofs(instance, levels, certificate),
        certificate=certificate,
        seconds=clock.elapsed,
        method=search.method,
    )


def with_proofs(
    instance: Instance, levels: Sequence[Level], certificate: Certificate
) -> tuple[Level, ...]:
    """The levels, with how each was proved."""
    return tuple(replace(level, proof=proof_of(instance, level, certificate)) for level in levels)
