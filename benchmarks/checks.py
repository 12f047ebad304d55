"""Nobody is believed: each answer is counted again from its pairs, apart from whoever gave it.

An illegal matching, or one that is better than what rmatch proved best, stops the run. One that
falls short of what its peer claims is a finding, which is kept beside the figures and shown.
"""

from __future__ import annotations

import numpy as np

from formulation import blocking, is_legal
from peers import DisagreementError
from problems import Posed, chosen_of
from sessions import Reply

LEVELS = {"assignment": ("pairs", "score"), "ties": ("pairs",)}
"""What is made most of, in order; of the other tasks something else is claimed."""


def counted(posed: Posed, reply: Reply) -> tuple[int, int, int]:
    """Pairs, total score and blocking pairs of an answer.

    Raises:
        ValueError: it names a pair that is not acceptable, or gives somebody too many partners.
    """
    chosen = chosen_of(posed, reply.pairs)
    if None in chosen:
        raise ValueError(f"{chosen.count(None)} pairs that are not acceptable")
    picked = np.array(chosen, dtype=np.int64)
    if not is_legal(posed.instance, picked):
        raise ValueError("more partners than places, or a pair twice")
    score = int(posed.instance.score[picked].sum())
    return len(picked), score, len(blocking(posed.instance, picked))


def findings(posed: Posed, peer: str, theirs: Reply, ours: Reply) -> list[str]:
    """What is wrong with a peer's answer, in words.

    Raises:
        DisagreementError: rmatch cannot be right: the peer did better than a proved optimum, or
            rmatch's own answer is illegal, unstable or not proved optimal.
    """
    task = posed.problem["task"]
    best = _ours(posed, ours)
    try:
        found = counted(posed, theirs)
    except ValueError as error:
        return [f"{peer} is illegal: {error}"]
    said = []
    if task in ("marriage", "ties", "hospital") and found[2]:
        said.append(f"{peer} claims stability with {found[2]} blocking pairs")
    if task == "marriage" and set(theirs.pairs) != set(ours.pairs):
        # With strict lists the best stable matching of the side that proposes is unique.
        said.append(f"{peer} has another mentor-optimal matching")
    if task in LEVELS and not said:
        said += _short(peer, task, found, best)
    if task == "people" and found[0] < best[0]:
        said.append(f"{peer} makes {found[0]} pairs of {best[0]} possible")
    return said


def _ours(posed: Posed, ours: Reply) -> tuple[int, int, int]:
    try:
        best = counted(posed, ours)
    except ValueError as error:
        raise DisagreementError(f"rmatch is illegal: {error}") from error
    if posed.problem["task"] in ("marriage", "ties") and best[2]:
        raise DisagreementError(f"rmatch claims stability with {best[2]} blocking pairs")
    return best


def _short(
    peer: str, task: str, found: tuple[int, int, int], best: tuple[int, int, int]
) -> list[str]:
    width = len(LEVELS[task])
    if found[:width] > best[:width]:
        raise DisagreementError(f"{task}: {peer} has {found[:width]}, rmatch {best[:width]}")
    if found[:width] < best[:width]:
        values = f"{found[:width]} where {best[:width]} is possible"
        return [f"{peer} claims an optimum and has {values} ({', '.join(LEVELS[task])})"]
    return []
