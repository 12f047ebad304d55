"""The next cohort: who is carried over, and what is remembered of this one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from rmatch.programme.cohort import Programme
from rmatch.programme.leaving import without
from rmatch.programme.participant import Participant
from rmatch.programme.settings import PAIR_LISTS, PERSON_TABLES, Settings
from rmatch.programme.ties import EndReason, PastPair


class Paired(Protocol):
    """Two ids, as in the pairs of a matching."""

    @property
    def mentor(self) -> str:
        """Id of the mentor."""

    @property
    def mentee(self) -> str:
        """Id of the mentee."""


class Matched(Protocol):
    """What is needed of a matching."""

    @property
    def pairs(self) -> Collection[Paired]:
        """The pairs."""

    @property
    def unmatched(self) -> Collection[str]:
        """Ids of those without a partner."""


def next_programme(
    programme: Programme,
    matching: Matched,
    *,
    ended: Mapping[tuple[str, str], EndReason] | None = None,
    withdrawn: Iterable[str] = (),
    stay: Iterable[str] = (),
) -> Programme:
    """The programme of the next cohort, to which new people are then added.

    Whoever had no partner is carried over, with priority; whoever had one leaves, unless they stay.
    Every pair goes into the history, so that it is not made again; so do those that failed. What
    was stated about this cohort (pairs, loads) and its dates are left behind.

    Args:
        programme: The programme that was matched.
        matching: Its matching, as it ended.
        ended: How pairs ended; ``completed`` where nothing is said.
        withdrawn: Who is not carried over though they had no partner.
        stay: Who had a partner and takes part again.

    Raises:
        KeyError: nobody has one of these ids.
    """
    ends = ended or {}
    pairs = [(pair.mentor, pair.mentee) for pair in matching.pairs]
    had_partner = {person for pair in pairs for person in pair}
    leave = (had_partner - frozenset(stay)) | frozenset(withdrawn)
    left = without(programme, leave)
    unmatched = frozenset(matching.unmatched)
    past = [
        PastPair(mentor=mentor, mentee=mentee, ended=ends.get((mentor, mentee), "completed"))
        for mentor, mentee in dict.fromkeys((*pairs, *ends))
    ]
    return left.replace(
        mentors=tuple(_carried(one, unmatched) for one in left.mentors),
        mentees=tuple(_carried(one, unmatched) for one in left.mentees),
        history=(*left.history, *past),
        settings=_settings(left.settings),
    )


def _carried(person: Participant, unmatched: Collection[str]) -> Participant:
    """With priority who had no partner; without it who had one, and stays."""
    fields = {name: getattr(person, name) for name in type(person).model_fields}
    carried = person.id in unmatched and person.capacity > 0
    return type(person)(**{**fields, "carried_over": carried})


_OF_ONE_COHORT = {"starts": None, "ends": None, "induction_deadline": None, "max_changes": None}


def _settings(settings: Settings) -> Settings:
    """The settings without dates and without what was stated about single people."""
    fields = {name: getattr(settings, name) for name in Settings.model_fields}
    empty: dict[str, Any] = dict.fromkeys((*PAIR_LISTS, "waivers"), ())
    empty |= {name: {} for name in PERSON_TABLES}
    return Settings(**{**fields, **_OF_ONE_COHORT, **empty})
