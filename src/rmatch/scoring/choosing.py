"""Whether every pair of a programme is scored, or each person's candidates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rmatch.programme import Programme
from rmatch.scoring.protocol import Criterion, Rule
from rmatch.scoring.scores import Scores
from rmatch.scoring.scoring import score

if TYPE_CHECKING:
    from rmatch.scoring.candidate_scores import CandidateScores

EVERY_PAIR = 2**25
"""Up to so many pairs of people all are scored, unless candidates are asked for."""

DEFAULT = 50
"""Candidates for each person of a larger programme."""


def score_programme(
    programme: Programme, *, criteria: Iterable[Criterion] = (), rules: Iterable[Rule] = ()
) -> Scores | CandidateScores:
    """Score a programme: every pair, or as many candidates for each person as its settings say.

    Where they say nothing, ``DEFAULT`` candidates in programmes of more than ``EVERY_PAIR`` pairs.

    Args:
        programme: The people and settings.
        criteria: Criteria of your own.
        rules: Rules of your own.

    Raises:
        InputError: as ``score``.
        ValueError: as ``score`` and ``score_candidates``.
    """
    per_person = candidates_of(programme)
    if per_person is None:
        return score(programme, criteria=criteria, rules=rules)
    from rmatch.scoring.candidates import score_candidates

    return score_candidates(programme, per_person, criteria=criteria, rules=rules)


def candidates_of(programme: Programme) -> int | None:
    """How many candidates everybody has; ``None`` where every pair is scored."""
    said = programme.settings.candidates
    if said == "all":
        return None
    if said is not None:
        return said
    pairs = len(programme.mentors) * len(programme.mentees)
    return DEFAULT if pairs > EVERY_PAIR else None


def with_candidates(programme: Programme, candidates: int | str | None) -> Programme:
    """The programme with this many candidates in its settings; as it is where none are said.

    Raises:
        InputError: neither a number from 1 to 10 000 nor ``all``.
    """
    if candidates is None or candidates == programme.settings.candidates:
        return programme
    settings = programme.settings.replace(candidates=candidates)
    # Nothing that is checked between people hangs on this setting.
    return programme.model_copy(update={"settings": settings})
