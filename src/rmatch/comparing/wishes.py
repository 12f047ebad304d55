"""Metrics of whether people got whom they named."""

from __future__ import annotations

import numpy as np

from rmatch.comparing.people import Side, mentees, mentors, share, sides
from rmatch.comparing.records import Outcome


def first_choice(outcome: Outcome) -> float | None:
    """Of the people who named somebody they may have, the share who got a first choice."""
    return _got(outcome, most=1)


def any_choice(outcome: Outcome) -> float | None:
    """Of the people who named somebody they may have, the share who got any of their choices."""
    return _got(outcome, most=None)


def mentor_choice_rank(outcome: Outcome) -> float | None:
    """The mean number, from 1, of the choice that was met, over pairs whose mentor named them."""
    return _mean_choice(mentors(outcome))


def mentee_choice_rank(outcome: Outcome) -> float | None:
    """The mean number, from 1, of the choice that was met, over pairs whose mentee named them."""
    return _mean_choice(mentees(outcome))


def _got(outcome: Outcome, most: int | None) -> float | None:
    """The share who got a choice whose number is not above the most."""
    found, among = [], []
    for side in sides(outcome):
        named = side.choice > 0
        met = side.made & named
        found.append(side.any_of(met if most is None else met & (side.choice <= most)))
        among.append(side.any_of(named) & side.has_place)
    return share(np.concatenate(found), np.concatenate(among))


def _mean_choice(side: Side) -> float | None:
    met = side.choice[side.made & (side.choice > 0)]
    return int(met.sum()) / len(met) if len(met) else None
