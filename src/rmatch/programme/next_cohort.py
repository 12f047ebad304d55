"""The next cohort: who is carried over, and what is remembered of this one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rmatch.programme.cohort import Programme
from rmatch.programme.leaving import without
from rmatch.programme.participant import Participant
from rmatch.programme.settings import PERSON_TABLES, WAIVERS, Settings
from rmatch.programme.ties import Conflict, EndReason, PastPair

PairIds = tuple[str, str]
COMPLETED: EndReason = "completed"


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


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided since a matching was made, as far as the next cohort must know it.

    Attributes:
        ended: Pairs that were declined or are over, and how.
        under_way: Pairs that were approved or went further, and are not over.
        ruled_out: Pairs that may not be made: forbidden, or with a hard conflict.
        withdrawn: Who left.
        forbidden: Pairs that a coordinator forbade.
        conflicts: Conflicts that came out.
        places: Id → the number of places they have since.
    """

    ended: Mapping[PairIds, EndReason] = field(default_factory=dict)
    under_way: frozenset[PairIds] = frozenset()
    ruled_out: frozenset[PairIds] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    forbidden: tuple[PairIds, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


def next_programme(
    programme: Programme,
    matching: Matched,
    *,
    decided: Decided | None = None,
    ended: Mapping[PairIds, EndReason] | None = None,
    withdrawn: Iterable[str] = (),
    stay: Iterable[str] = (),
) -> Programme:
    """The programme of the next cohort, to which new people are then added.

    Whoever has no partner at the end is carried over, with priority: nobody was found for them, or
    all their pairs were declined or ended before their time. Whoever has one leaves, unless they
    stay. Every pair goes into the history, so that it is not made again; so do those that failed.
    Conflicts, vetoes and pairs that must not be made are kept, of those who leave as ``dormant``.
    Pairs, loads and waivers that were stated for this cohort, and its dates, are left behind.

    Args:
        programme: The programme that was matched.
        matching: Its matching, as it stands at the end.
        decided: What was decided meanwhile: ``rmatch.rematching.cohort_end.decided(ledger)``.
        ended: How pairs ended, before what was decided; ``completed`` where nothing is said.
        withdrawn: Who is not carried over though they have no partner.
        stay: Who has a partner and takes part again.

    Raises:
        KeyError: nobody has one of these ids.
    """
    withdrawn, stay = frozenset(withdrawn), frozenset(stay)
    known = decided or Decided()
    ends = {**known.ended, **(ended or {})}
    _check_known(programme, (*withdrawn, *stay, *(p for pair in ended or () for p in pair)))
    left_early = {*withdrawn, *(p for p in known.withdrawn if p in programme.by_id)}
    ran = _ran(matching, known, ends)
    had_partner = {person for pair in ran for person in pair} & set(programme.by_id)
    left = without(programme, (had_partner - stay) | left_early)
    past: dict[PairIds, EndReason] = {**dict.fromkeys(ran, COMPLETED), **ends}
    forbid, asleep = _forbidden(left, known.forbidden)
    return left.replace(
        mentors=tuple(_carried(one, had_partner, known.places) for one in left.mentors),
        mentees=tuple(_carried(one, had_partner, known.places) for one in left.mentees),
        history=(*left.history, *_new_history(left.history, past)),
        # Dormant first: those of two people who are here wake at once.
        dormant=tuple(dict.fromkeys((*left.dormant, *known.conflicts, *asleep))),
        settings=_settings(left.settings, forbid),
        notices=(),
    )


def _check_known(programme: Programme, people: Iterable[str]) -> None:
    for person in people:
        programme.by_id[person]


def _ran(matching: Matched, known: Decided, ends: Mapping[PairIds, EndReason]) -> list[PairIds]:
    """Pairs that lasted: those under way, and those made that nothing speaks against."""
    made = [(pair.mentor, pair.mentee) for pair in matching.pairs]
    return [
        pair
        for pair in dict.fromkeys((*made, *sorted(known.under_way)))
        if ends.get(pair, COMPLETED) == COMPLETED
        and (
            pair in known.under_way
            or not (pair in known.ruled_out or known.withdrawn.intersection(pair))
        )
    ]


def _new_history(
    history: Iterable[PastPair], past: Mapping[PairIds, EndReason]
) -> Iterator[PastPair]:
    known = set(history)
    for (mentor, mentee), how in past.items():
        record = PastPair(mentor=mentor, mentee=mentee, ended=how)
        if record not in known:
            yield record


def _forbidden(
    left: Programme, forbidden: Iterable[PairIds]
) -> tuple[list[PairIds], list[Conflict]]:
    """Of the pairs that were forbidden, those of two people who are here, and the others."""
    mentors, mentees = {p.id for p in left.mentors}, {p.id for p in left.mentees}
    here: list[PairIds] = []
    aside: list[Conflict] = []
    for mentor, mentee in forbidden:
        if mentor in mentors and mentee in mentees:
            here.append((mentor, mentee))
        else:
            aside.append(Conflict(mentor=mentor, mentee=mentee))
    return here, aside


def _carried(
    person: Participant, had_partner: Collection[str], places: Mapping[str, int]
) -> Participant:
    """With priority who has no partner; without it who has one, and stays."""
    capacity = places.get(person.id, person.capacity)
    carried = person.id not in had_partner and capacity > 0
    return person.replace(carried_over=carried, capacity=capacity)


_OF_ONE_COHORT: Mapping[str, Any] = {
    **dict.fromkeys(("starts", "ends", "induction_deadline", "max_changes")),
    **dict.fromkeys(("must_pair", "standing_pairs", "frozen_pairs", WAIVERS), ()),
    **{name: {} for name in PERSON_TABLES},
}
"""What the settings of the next cohort begin with."""


def _settings(settings: Settings, forbid: Iterable[PairIds]) -> Settings:
    """The settings without dates and without what was stated for this cohort alone."""
    forbidden = tuple(dict.fromkeys((*settings.must_not_pair, *forbid)))
    return settings.replace(**_OF_ONE_COHORT, must_not_pair=forbidden)
