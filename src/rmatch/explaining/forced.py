"""What forcing one pair comes to, by solving again: in this thread, or in somebody's executor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from enum import IntEnum

from rmatch.instance import Instance
from rmatch.properties.welfare import value_of
from rmatch.solution import Value
from rmatch.solving.clock import Clock
from rmatch.solving.counterfactual import (
    Counterfactual,
    counterfactual,
    decided_by_stability,
    pair_required,
)
from rmatch.solving.objectives import REGISTRY

CHUNKS = 32
"""Into so many pieces of work pairs are divided at most: the instance is sent with each."""

TOGETHER = 0.5
"""The share of the time in which pairs are settled together before each is solved for."""

POLL_SECONDS = 0.05
"""How long a cancelled wait for an executor may go on unawares."""


class CellState(IntEnum):
    """What is known of forcing a pair."""

    MADE = 0
    """It is made already."""
    COMPUTED = 1
    """Its price is exact, as far as ``known`` tells."""
    EXCLUDED = 2
    """It is not acceptable."""
    IMPOSSIBLE = 3
    """What is stated, or places that are held, leave no room for it."""
    OPEN = 4
    """Not computed: the time was up, or a solve was not proved."""


@dataclass(frozen=True, slots=True)
class Question:
    """A matching whose pairs and non-pairs are asked about; small enough to be sent around.

    Attributes:
        instance: What was solved.
        levels: The names of the levels up to the tie-break, which is left out.
        made: Indices of the pairs made.
        seed: Of the tie-break.
        proved: Whether the matching is proved the best at these levels.
    """

    instance: Instance
    levels: tuple[str, ...]
    made: tuple[int, ...]
    seed: int
    proved: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What forcing a pair comes to.

    ``cost`` is by how much each level gets worse, from the first to the last that is known; of a
    vector it is the change at its first entry that changes, which ``entry`` tells (−1: a number).
    """

    state: CellState
    cost: tuple[int, ...] = ()
    entry: int = -1


Told = Callable[[int], None]
"""Called with the number of pairs that were answered just now."""


def priced_levels(order: Sequence[str]) -> tuple[str, ...]:
    """The levels that a price is given at: those before the tie-break, which is nobody's price."""
    last = "tie_break"
    return tuple(order[: order.index(last)] if last in order else order)


def answer(question: Question, pair: int, clock: Clock) -> Answer:
    """Solve again with one pair forced, up to the level that decides."""
    if clock.is_over:
        return Answer(CellState.OPEN)
    found = counterfactual(
        question.instance,
        question.levels,
        question.made,
        pair_required(pair),
        seed=question.seed,
        time_limit=clock.left,
        finish=0,
        cancel=clock.cancel,
    )
    return answer_of(question, found)


def settled_together(
    question: Question, passed: int, pairs: Sequence[int], clock: Clock
) -> Iterator[tuple[int, Counterfactual]]:
    """Those of some pairs that the level after the first ones decides, where that is stability.

    Args:
        question: What is asked.
        passed: At so many levels, from the first, none of these pairs changes anything.
        pairs: Which pairs.
        clock: Looked at now and then.
    """
    levels = question.levels
    if question.proved and levels[passed : passed + 1] == ("stability",):
        yield from decided_by_stability(
            question.instance,
            levels,
            question.made,
            pairs,
            seed=question.seed,
            clock=clock.part(TOGETHER),
        )


def answer_of(question: Question, found: Counterfactual) -> Answer:
    """What a matching that has the pair tells of its price."""
    if not found.possible:
        return Answer(CellState.OPEN if found.possible is None else CellState.IMPOSSIBLE)
    count = len(question.levels) if found.decides is None else found.decides + 1
    levels = found.levels[:count]
    if not all(level.proved for level in levels):
        return Answer(CellState.OPEN)
    changes = [
        worse_by(
            level.name,
            value_of(level.name, question.instance, question.made, question.seed),
            level.value,
        )
        for level in levels
    ]
    entry = -1 if found.decides is None else changes[-1][1]
    return Answer(CellState.COMPUTED, tuple(change for change, _ in changes), entry)


def worse_by(name: str, made: Value, forced: Value) -> tuple[int, int]:
    """By how much a level is worse, and at which entry of a vector (−1: a number, or nowhere)."""
    sign = 1 if REGISTRY[name].sense == "max" else -1
    if isinstance(made, int) and isinstance(forced, int):
        return sign * (made - forced), -1
    assert isinstance(made, tuple)  # noqa: S101 - values of one level are of one kind
    assert isinstance(forced, tuple)  # noqa: S101 - as above
    changes = (
        (sign * (before - after), entry)
        for entry, (before, after) in enumerate(zip(made, forced, strict=True))
        if before != after
    )
    return next(changes, (0, -1))


# Many ---------------------------------------------------------------------------------------------


def answers(
    question: Question, pairs: Sequence[int], clock: Clock, executor: Executor | None, told: Told
) -> Iterator[tuple[int, Answer]]:
    """The answer of every pair that there was time for.

    With an executor the work is divided among it, and what it fails to do, because a worker died or
    it takes no more work, is done here. Of an executor that is stopped early, work that has begun
    goes on until its own time limit; its answers are not waited for.
    """
    left = list(pairs)
    if executor is not None:
        waiting, left = _submitted(question, left, clock, executor)
        for chunk, found in _collected(waiting, clock):
            if found is None:
                left += chunk
            else:
                yield from found
                told(len(chunk))
    for pair in left:
        if clock.is_over:
            return
        yield pair, answer(question, pair, clock)
        told(1)


Chunk = list[int]
Found = list[tuple[int, Answer]]


def _submitted(
    question: Question, pairs: Sequence[int], clock: Clock, executor: Executor
) -> tuple[dict[Future[Found], Chunk], Chunk]:
    """The work that an executor took, and the pairs of what it did not take."""
    count = min(CHUNKS, len(pairs))
    until = None if clock.left is None else time.time() + clock.left
    taken: dict[Future[Found], Chunk] = {}
    left: Chunk = []
    for chunk in (list(pairs[start::count]) for start in range(count)):
        try:
            taken[executor.submit(answer_chunk, question, chunk, until)] = chunk
        except RuntimeError:  # shut down, or broken: BrokenExecutor is one too
            left += chunk
    return taken, left


def _collected(
    waiting: dict[Future[Found], Chunk], clock: Clock
) -> Iterator[tuple[Chunk, Found | None]]:
    """What the executor found, as it comes; ``None`` for work that failed."""
    try:
        while waiting and not clock.is_over:
            done, _ = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                failed = future.cancelled() or future.exception() is not None
                yield waiting.pop(future), None if failed else future.result()
    finally:
        for future in waiting:
            future.cancel()


def answer_chunk(question: Question, pairs: Sequence[int], until: float | None) -> Found:
    """The answers of some pairs, in a worker; ``until`` is a time of day, in seconds."""
    clock = Clock(None if until is None else max(0.0, until - time.time()))
    return [(pair, answer(question, pair, clock)) for pair in pairs]
