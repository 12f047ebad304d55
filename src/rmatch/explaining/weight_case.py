"""One scored programme under any weights: what is to be solved there, and what comes of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.instance import Instance, IntArray
from rmatch.scoring import Scores
from rmatch.scoring.reweighing import UNIT, instance_under, weights_of
from rmatch.solving import solve
from rmatch.solving.backbone import PairIds, ids_of
from rmatch.solving.clock import Clock

Pairs = frozenset[PairIds]
"""A matching by ids: weights may change which pairs are acceptable, and so their indices."""


@dataclass(frozen=True)
class WeightCase:
    """What stays as it is while weights are changed; goes to other processes as it stands.

    Attributes:
        scores: The people, with the values of every criterion.
        order: The names of the levels.
        seed: Of the tie-break.
        made: The matching in question.
    """

    scores: Scores
    order: tuple[str, ...]
    seed: int
    made: Pairs

    @property
    def weights(self) -> dict[str, int]:
        """The weights as they are, in thousandths."""
        return {name: UNIT * weight for name, weight in weights_of(self.scores).items()}

    def instance(self, weights: Mapping[str, int]) -> Instance | None:
        """The problem under other weights; ``None``: a pair that must be made scores too low."""
        try:
            return instance_under(self.scores, weights)
        except InfeasibleError:
            return None


@dataclass(frozen=True, slots=True)
class Until:
    """When a job must end, wherever it runs; by the wall clock, which processes share."""

    moment: float | None = None
    cancel: threading.Event | None = None

    def clock(self) -> Clock:
        """A clock for what is left of the time."""
        left = None if self.moment is None else max(0.0, self.moment - time.time())
        return Clock(left, self.cancel)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the programme comes to under other weights.

    Attributes:
        pairs: The matching; ``None`` where it is not known, or there is none.
        impossible: What is stated cannot hold under these weights.
    """

    pairs: Pairs | None
    impossible: bool = False


def outcome_under(case: WeightCase, weights: Mapping[str, int], until: Until) -> Outcome:
    """Solve the whole programme under other weights, in thousandths."""
    instance = case.instance(weights)
    if instance is None:
        return Outcome(None, impossible=True)
    clock = until.clock()
    try:
        solution = solve(
            instance, case.order, seed=case.seed, time_limit=clock.limit, cancel=clock.cancel
        )
    except InfeasibleError:
        return Outcome(None, impossible=True)
    except TimeLimitError:
        return Outcome(None)
    if solution.status != "optimal":
        return Outcome(None)
    return Outcome(frozenset(ids_of(instance, solution.chosen)))


def indices_of(instance: Instance, pairs: Pairs) -> IntArray | None:
    """Sorted indices of pairs; ``None`` where one of them is not acceptable."""
    rows = {person: i for i, person in enumerate(instance.mentor_ids)}
    columns = {person: j for j, person in enumerate(instance.mentee_ids)}
    found = [instance.index_of(rows[mentor], columns[mentee]) for mentor, mentee in pairs]
    known = [index for index in found if index is not None]
    return np.array(sorted(known), dtype=np.int64) if len(known) == len(found) else None
