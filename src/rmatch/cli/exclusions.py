"""How many pairs each rule excludes, and who is left with nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rmatch.explaining.rule_words import public_code
from rmatch.programme.settings import MINIMUM_SCORE
from rmatch.scoring import PairScores, Scores


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What the rules leave of all pairs.

    ``by_rule`` counts pairs by the code that the coordinator may see, most first; a pair that
    several rules exclude counts under each. Where only candidates were scored, ``allowed`` is
    ``None`` and nothing is counted by rule.
    """

    possible: int
    allowed: int | None
    by_rule: Mapping[str, int]
    without_anyone: tuple[str, ...]


def exclusions(scores: PairScores) -> Exclusions:
    """Count them."""
    if not isinstance(scores, Scores):
        return _of_candidates(scores)
    programme, acceptable = scores.programme, scores.acceptable
    alone = [p.id for p, row in zip(programme.mentors, acceptable, strict=True) if not row.any()]
    alone += [p.id for p, row in zip(programme.mentees, acceptable.T, strict=True) if not row.any()]
    counts = _by_code(scores)
    return Exclusions(
        possible=acceptable.size,
        allowed=int(acceptable.sum()),
        by_rule=dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        without_anyone=tuple(alone),
    )


def _of_candidates(scores: PairScores) -> Exclusions:
    """Only who is left with nobody: the pairs in no list were not looked at."""
    instance = scores.instance
    ends = (instance.mentor, instance.mentor_ids), (instance.mentee, instance.mentee_ids)
    alone = [
        ids[k] for index, ids in ends for k in np.setdiff1d(np.arange(len(ids)), index).tolist()
    ]
    return Exclusions(instance.n_mentors * instance.n_mentees, None, {}, tuple(alone))


def _by_code(scores: Scores) -> dict[str, int]:
    """Confidential rules are counted together, as they are shown."""
    hard = scores.rules.hard
    masks: dict[str, int] = {}
    for place, code in enumerate(scores.rules.codes):
        shown = public_code(code)
        masks[shown] = masks.get(shown, 0) | 1 << place
    counts = {code: int(np.count_nonzero(hard & mask)) for code, mask in masks.items()}
    counts[MINIMUM_SCORE] = int(np.count_nonzero((hard == 0) & ~scores.acceptable))
    return {code: count for code, count in counts.items() if count}
