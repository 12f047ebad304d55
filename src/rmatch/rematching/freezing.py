"""Which pairs that are not to be moved can stay: legal first, then as many as there are places."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from rmatch.errors import InfeasibleError, Place, Problem
from rmatch.explaining.rule_words import public_code
from rmatch.explaining.why_not import excluded_by
from rmatch.instance import BoolArray, Instance
from rmatch.programme import Load
from rmatch.properties.feasibility import is_matching
from rmatch.rematching.naming import PairIds
from rmatch.rematching.rematch import Case
from rmatch.scoring import PairScores
from rmatch.scoring.statements import apply
from rmatch.solving import solve

_MOST = ("pairs", "score", "tie_break")


def frozen_scores(case: Case, scores: PairScores, seed: int) -> PairScores:
    """The scores of a case with what can stay stated, and a notice for every pair that cannot.

    Args:
        case: What was to stay.
        scores: Of its programme.
        seed: Decides between pairs for which there are too few places, all else being equal.
    """
    wanted = tuple(dict.fromkeys((*(p for g in case.frozen for p in g), *case.inherited)))
    if not wanted:
        return scores
    legal = {pair for pair in wanted if not _excluded(scores, pair)}
    groups = [[p for p in group if p in legal] for group in (*case.frozen, case.inherited)]
    stay = _fitting(scores.including(legal), groups, seed)
    notices = [_not_allowed(scores, pair) for pair in wanted if pair not in legal]
    notices += [_no_place(pair) for pair in wanted if pair in legal and pair not in stay]
    programme = scores.programme
    settings = programme.settings
    inherited = [pair for pair in case.inherited if pair in stay]
    must = tuple(dict.fromkeys((*inherited, *settings.must_pair)))
    frozen = {pair for group in case.frozen for pair in group}
    stated = programme.replace(
        settings=settings.replace(
            must_pair=must, frozen_pairs=tuple(pair for pair in stay if pair in frozen)
        ),
        notices=(*programme.notices, *notices),
    )
    return scores.stating(stated)


def _excluded(scores: PairScores, pair: PairIds) -> tuple[str, ...]:
    return excluded_by(scores, pair, reveal=False)


def _fitting(
    scores: PairScores, groups: Sequence[Sequence[PairIds]], seed: int
) -> tuple[PairIds, ...]:
    """As many of the pairs as there are places for, earlier groups before later ones."""
    loads = [one for one in scores.programme.settings.statements if isinstance(one, Load)]
    instance = apply(scores.instance, loads).replace(quotas=())
    held = np.zeros(instance.n_pairs, dtype=bool)
    for group in groups:
        held = _more(instance, held, _mask(instance, group), seed)
    return tuple(
        (instance.mentor_ids[instance.mentor[k]], instance.mentee_ids[instance.mentee[k]])
        for k in np.flatnonzero(held).tolist()
    )


def _mask(instance: Instance, pairs: Collection[PairIds]) -> BoolArray:
    """(E,) which of the acceptable pairs these are."""
    rows = {person: i for i, person in enumerate(instance.mentor_ids)}
    columns = {person: j for j, person in enumerate(instance.mentee_ids)}
    mask = np.zeros(instance.n_pairs, dtype=bool)
    for mentor, mentee in pairs:
        mask[instance.index_of(rows[mentor], columns[mentee])] = True
    return mask


def _more(instance: Instance, held: BoolArray, wanted: BoolArray, seed: int) -> BoolArray:
    """The pairs held, and as many as possible of those wanted."""
    both: BoolArray = held | wanted
    if is_matching(instance, tuple(np.flatnonzero(both).tolist())):
        return both
    within = np.flatnonzero(both)
    small = instance.only(both).replace(forced=held[both])
    try:
        solution = solve(small, _MOST, seed=seed)
    except InfeasibleError:  # pragma: no cover - what is held was a matching before
        return held
    chosen = np.zeros_like(both)
    chosen[within[list(solution.chosen)]] = True
    return chosen


def _not_allowed(scores: PairScores, pair: PairIds) -> Problem:
    codes = ", ".join(dict.fromkeys(public_code(code) for code in _excluded(scores, pair)))
    return _told(pair, f"was to stay, and is not allowed any more: {codes}")


def _no_place(pair: PairIds) -> Problem:
    return _told(pair, "was to stay, and one of them has too few places now")


def _told(pair: Iterable[str], message: str) -> Problem:
    place = Place(person=" with ".join(pair))
    return Problem(message, place, severity="warning")
