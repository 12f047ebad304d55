"""The built-in rules: which pairs break them, and which cannot be checked (docs/scoring.md, 1).

Each is a function of people and cells. Its facts are prepared once for everybody; what it gives
broadcasts to the cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np

from rmatch.instance import BoolArray
from rmatch.programme import Conflict, Participant, Programme
from rmatch.programme.reference import GRADES, SPECIALTIES
from rmatch.programme.settings import Severity
from rmatch.programme.text import fold
from rmatch.programme.ties import FAILED_ENDS
from rmatch.scoring.cells import Cells
from rmatch.scoring.dates import add_months
from rmatch.scoring.facts import (
    Held,
    PairValues,
    Sets,
    Small,
    any_of,
    equal,
    fact,
    layers,
    lone,
    missing,
    named_pairs,
    sets_of,
)
from rmatch.scoring.people import SIDES, Codes, People
from rmatch.scoring.verdict import Verdict, both, but, either

Check = Callable[[People, Cells], Verdict]


@dataclass(frozen=True, slots=True)
class BuiltInRule:
    """A built-in rule: a function with its code and the severity the settings give it."""

    code: str
    severity: Severity
    function: Check

    def check(self, people: People, cells: Cells) -> Verdict:
        """Which of the cells break it, and for which it cannot be known; to be broadcast."""
        return self.function(people, cells)


# Declared ----------------------------------------------------------------------------------------


@fact
def declared(people: People, code: str) -> PairValues:
    """Pairs with a conflict of this code that has not lapsed when the programme starts."""
    programme = people.programme
    return named_pairs(
        people,
        (
            people.pair_index(conflict.mentor, conflict.mentee)
            for conflict in programme.conflicts
            if conflict.rule == code and applies(conflict, programme)
        ),
    )


def applies(conflict: Conflict, programme: Programme) -> bool:
    """Whether a conflict still holds on the programme's first day, its look-back included."""
    starts = programme.settings.starts
    if conflict.until is None or starts is None:
        return True
    last = add_months(conflict.until, programme.settings.lookbacks.get(conflict.rule, 0))
    return starts <= last


# Computed from fields ----------------------------------------------------------------------------


def same_person(people: People, cells: Cells) -> Verdict:
    """Both e-mails given and equal."""
    return Verdict.certain(equal(_emails(people), cells).true)


@fact
def _emails(people: People) -> Codes:
    return people.codes(lambda person: fold(person.email) if person.email else None)


def line_manager(people: People, cells: Cells) -> Verdict:
    """One manages the other; unknown where the mentor's manager was not said."""
    return Verdict(_managed(people).named(cells), cells.mentor(_manager_unsaid(people)))


@fact
def _managed(people: People) -> PairValues:
    return named_pairs(
        people,
        (
            people.pair_index(person.id, person.line_manager)
            for person in people.programme.people
            if person.line_manager
        ),
    )


@fact
def _manager_unsaid(people: People) -> BoolArray:
    return people.flags("mentor", lambda person: person.line_manager is None)


def management_chain(people: People, cells: Cells) -> Verdict:
    """One is two or more steps above the other; unknown where the chain leaves the cohort."""
    pairs, open_ended = _chains(people)
    employers = equal(people.employers, cells)
    possible = either(employers.true, employers.unknown)
    return Verdict(pairs.named(cells), both(cells.mentor(open_ended), possible))


@fact
def _chains(people: People) -> tuple[PairValues, BoolArray]:
    """Pairs of whom one is above the other, and (n,) mentors whose chain goes on outside."""
    pairs = []
    open_ended = []
    for mentor in people.mentors:
        chain, ends_outside = _chain(people.programme, mentor)
        pairs += [people.pair_index(mentor.id, above) for above in chain[1:]]
        open_ended.append(ends_outside)
    for mentee in people.mentees:
        chain, _ = _chain(people.programme, mentee)
        pairs += [people.pair_index(mentee.id, above) for above in chain[1:]]
    return named_pairs(people, pairs), np.array(open_ended, dtype=bool)


def _chain(programme: Programme, person: Participant) -> tuple[list[str], bool]:
    """Ids above a person as far as the cohort knows, and whether the chain goes on outside."""
    above: list[str] = []
    seen = {person.id}
    current = person
    while True:
        manager = current.line_manager
        if manager is None or (manager and manager not in programme.by_id):
            return above, True
        if not manager or manager in seen:
            return above, False
        above.append(manager)
        seen.add(manager)
        current = programme.by_id[manager]


def same_manager(people: People, cells: Cells) -> Verdict:
    """Both report to the same manager."""
    alike = equal(_managers(people), cells)
    none = _no_manager(people)
    has_none = either(cells.mentor(none[0]), cells.mentee(none[1]))
    return Verdict(but(alike.true, has_none), but(alike.unknown, has_none))


@fact
def _managers(people: People) -> Codes:
    return people.codes(lambda p: None if p.line_manager is None else fold(p.line_manager))


@fact
def _no_manager(people: People) -> tuple[BoolArray, ...]:
    return tuple(people.flags(side, lambda p: p.line_manager == "") for side in SIDES)


def supervised(people: People, cells: Cells) -> Verdict:
    """The mentee is among the mentor's supervisors; unknown where the list was not given."""
    return Verdict(_supervisors(people).named(cells), cells.mentor(_supervisors_unsaid(people)))


@fact
def _supervisors(people: People) -> PairValues:
    return named_pairs(
        people,
        (
            people.pair_index(mentor.id, name)
            for mentor in people.mentors
            for name in mentor.supervisors or ()
        ),
    )


@fact
def _supervisors_unsaid(people: People) -> BoolArray:
    return people.flags("mentor", lambda person: person.supervisors is None)


def same_department(people: People, cells: Cells) -> Verdict:
    """One employer and one department; one specialty where a department is missing."""
    department = equal(people.departments, cells)
    specialty = equal(people.specialties, cells)
    gap = department.unknown
    # Nothing is true where it is unknown, so "where" is an "or".
    alike = Verdict(
        either(department.true, both(gap, specialty.true)), both(gap, specialty.unknown)
    )
    return equal(people.employers, cells) & alike


def same_employer(people: People, cells: Cells) -> Verdict:
    """One employer."""
    return equal(people.employers, cells)


def same_programme_region(people: People, cells: Cells) -> Verdict:
    """One specialty and one deanery."""
    return equal(people.specialties, cells) & equal(people.deaneries, cells)


def no_seniority(people: People, cells: Cells) -> Verdict:
    """The mentee is not senior to the mentor by the least gap."""
    mentor, mentee = cells.mentor(people.levels[0]), cells.mentee(people.levels[1])
    least = people.programme.settings.min_level_gap
    unknown = either(mentor < 0, mentee < 0)
    return Verdict(but(mentee < mentor + least, unknown), unknown)


def mode_infeasible(people: People, cells: Cells) -> Verdict:
    """No way of meeting in common, or no half-day in common."""
    apart, modes_unsaid = _apart(modes_held(people), people, cells, "modes")
    busy, slots_unsaid = _apart(slots_held(people), people, cells, "availability")
    return Verdict(either(apart, busy), either(modes_unsaid, slots_unsaid))


def _apart(held: Sets, people: People, cells: Cells, field: str) -> tuple[BoolArray, BoolArray]:
    """Which pairs are known to share nothing of a field, and of which that is not known."""
    mentor, mentee = missing(people, cells, field)
    unsaid = either(mentor != 0, mentee != 0)
    return ~either(held.any_shared(cells), unsaid), unsaid


@fact
def modes_held(people: People) -> Sets:
    """Ways of meeting."""
    return sets_of(people, lambda person: person.modes)


@fact
def slots_held(people: People) -> Sets:
    """Half-days that suit."""
    return sets_of(people, lambda person: person.availability)


def next_rotation(people: People, cells: Cells) -> Verdict:
    """The mentor's next post is in the mentee's department and starts within the programme."""
    employers = _next_employers(people)
    applicable = cells.mentor((employers[0] >= 0) & _starting_in_time(people))
    verdict = equal(employers, cells) & _next_department(people, cells)
    return Verdict(both(verdict.true, applicable), both(verdict.unknown, applicable))


@fact
def _next_employers(people: People) -> Codes:
    def key(person: Participant) -> str | None:
        mentor = person.id in people.mentor_index
        employer = person.next_post_employer if mentor else person.employer
        return fold(employer) if employer else None

    return people.codes(key)


def _next_department(people: People, cells: Cells) -> Verdict:
    departments, specialties = _next_departments(people)
    true = either(equal(departments, cells).true, equal(specialties, cells).true)
    said = cells.mentor(people.has("mentor", "next_post_department"))
    known = cells.mentee(people.has("mentee", "department") | people.has("mentee", "specialty"))
    return Verdict(true, ~both(said, known))


@fact
def _next_departments(people: People) -> tuple[Codes, Codes]:
    """The mentors' next departments beside the mentees' departments, and beside specialties."""

    def department(person: Participant) -> str | None:
        mentor = person.id in people.mentor_index
        name = person.next_post_department if mentor else person.department
        return fold(name) if name else None

    def specialty(person: Participant) -> str | None:
        if person.id not in people.mentor_index:
            return person.specialty
        name = person.next_post_department
        return SPECIALTIES.find(name) if name else None

    return people.codes(department), people.codes(specialty)


@fact
def _starting_in_time(people: People) -> BoolArray:
    return people.flags("mentor", lambda person: _starts_in_time(person, people.programme))


def _starts_in_time(person: Participant, programme: Programme) -> bool:
    start, ends = person.next_post_start, programme.settings.ends
    return not (start is not None and ends is not None and start > ends)


def training_incomplete(people: People, cells: Cells) -> Verdict:
    """Induction was not done by the deadline, where one is set."""
    if people.programme.settings.induction_deadline is None:
        return Verdict.certain(lone(cells))
    mentor, mentee = _inductions(people)
    own, other = cells.mentor(mentor), cells.mentee(mentee)
    return Verdict(either(own == 1, other == 1), either(own < 0, other < 0))


@fact
def _inductions(people: People) -> tuple[Small, ...]:
    """Of everybody 1 where induction was late, 0 in time or no deadline, −1 not said."""
    deadline = people.programme.settings.induction_deadline
    return tuple(
        np.array([_induction(person.training_done, deadline) for person in side], dtype=np.int8)
        for side in (people.mentors, people.mentees)
    )


def _induction(done: date | None, deadline: date | None) -> int:
    if deadline is None:
        return 0
    return -1 if done is None else int(done > deadline)


def previous_pair(people: People, cells: Cells) -> Verdict:
    """The two were a pair in an earlier cohort."""
    return Verdict.certain(_earlier_pairs(people).named(cells))


@fact
def _earlier_pairs(people: People) -> PairValues:
    programme = people.programme
    found = [people.pair_index(pair.mentor, pair.mentee) for pair in programme.history]
    for person in programme.people:
        if person.prior_experience:
            found += [people.pair_index(person.id, p) for p in person.prior_experience.partners]
    return named_pairs(people, found)


def failed_pair(people: People, cells: Cells) -> Verdict:
    """The two were a pair that ended early, over a concern, or with "not again"."""
    return Verdict.certain(_failed_pairs(people).named(cells))


@fact
def _failed_pairs(people: People) -> PairValues:
    return named_pairs(
        people,
        (
            people.pair_index(pair.mentor, pair.mentee)
            for pair in people.programme.history
            if pair.ended in FAILED_ENDS
        ),
    )


def veto(people: People, cells: Cells) -> Verdict:
    """Either would rather not be paired with the other."""
    return Verdict.certain(_vetoes(people).named(cells))


@fact
def _vetoes(people: People) -> PairValues:
    return _named_in(people, lambda person: person.vetoes)


def confidential(people: People, cells: Cells) -> Verdict:
    """Either declared a conflict; unknown until both have said that they declared all."""
    mentor, mentee = _unconfirmed(people)
    unsaid = either(cells.mentor(mentor), cells.mentee(mentee))
    return Verdict(_confidential_pairs(people).named(cells), unsaid)


@fact
def _confidential_pairs(people: People) -> PairValues:
    return _named_in(people, lambda person: person.conflicts)


@fact
def _unconfirmed(people: People) -> tuple[BoolArray, ...]:
    """Who of either side has not said that they declared everybody."""
    return tuple(
        people.flags(side, lambda person: person.conflicts_confirmed is not True) for side in SIDES
    )


def _named_in(people: People, names: Callable[[Participant], Iterable[str]]) -> PairValues:
    return named_pairs(
        people,
        (
            people.pair_index(person.id, name)
            for person in people.programme.people
            for name in names(person)
        ),
    )


def coordinator_self(people: People, cells: Cells) -> Verdict:
    """One of the two is a coordinator of this programme."""
    mentor, mentee = _coordinators(people)
    return Verdict.certain(either(cells.mentor(mentor), cells.mentee(mentee)))


@fact
def _coordinators(people: People) -> tuple[BoolArray, ...]:
    names = {fold(name) for name in people.programme.settings.coordinators}
    return tuple(people.flags(side, lambda person: fold(person.id) in names) for side in SIDES)


# From roles whose scope names the mentor ---------------------------------------------------------


def held_over(people: People, cells: Cells, roles: tuple[str, ...]) -> Verdict:
    """The mentee holds one of ``roles`` over this mentor, named in its scope by id.

    Unknown where the role has no scope and the mentor has not confirmed their conflicts.
    """
    named, unscoped = _held_over(people, roles)
    unconfirmed = _unconfirmed(people)[0]
    return Verdict(named.named(cells), both(cells.mentor(unconfirmed), cells.mentee(unscoped)))


@fact
def _held_over(people: People, roles: tuple[str, ...]) -> tuple[PairValues, BoolArray]:
    """The pairs that scopes name, and (m,) mentees with such a role without a scope."""
    unscoped = np.zeros(people.shape[1], dtype=bool)
    rows = {fold(person.id): i for i, person in enumerate(people.mentors)}
    named = []
    for j, scope in _scopes(people, roles):
        if not scope:
            unscoped[j] = True
        elif scope in rows:
            named.append((rows[scope], j))
    return named_pairs(people, named), unscoped


def arcp_panel(people: People, cells: Cells) -> Verdict:
    """The mentee sits on the ARCP panel of the mentor's training programme."""
    training = _training(people)
    unconfirmed = _unconfirmed(people)[0]

    def check(of: Cells, facts: Mapping[str, Small]) -> Verdict:
        scope = of.mentee(facts["scope"])
        true = either(of.mentor(training.programme) == scope, of.mentor(training.id) == scope)
        asked = np.where(scope >= 0, of.mentor(training.unknown), ~of.mentor(training.outside))
        return Verdict(true, both(of.mentor(unconfirmed), asked))

    return any_of(cells, _scopes_of(people, ("arcp_panel",)), check)


def tpd_own_programme(people: People, cells: Cells) -> Verdict:
    """The mentee directs the mentor's training programme."""
    training = _training(people)

    def check(of: Cells, facts: Mapping[str, Small]) -> Verdict:
        scope = of.mentee(facts["scope"])
        asked = np.where(scope >= 0, of.mentor(training.unknown), ~of.mentor(training.outside))
        return Verdict(of.mentor(training.programme) == scope, asked)

    return any_of(cells, _scopes_of(people, ("tpd", "foundation_tpd")), check)


@fact
def _scopes_of(people: People, roles: tuple[str, ...]) -> tuple[Held, ...]:
    """The scopes of such roles as codes of texts, −1 without a scope."""
    texts = _training(people).texts
    entries = (
        (j, {"scope": texts.get(scope, _NOBODYS) if scope else _UNSCOPED})
        for j, scope in _scopes(people, roles)
    )
    return layers(people, entries, {"scope": _UNSCOPED})


_UNSCOPED = -1
_NO_PROGRAMME = -2
_NOBODYS = 2**30
"""Codes that no text has: a scope left blank, a mentor without a programme, a text of nobody's."""


@dataclass(frozen=True, slots=True, eq=False)
class _Training:
    """What scopes are compared with, of every mentor.

    Attributes:
        texts: Codes of folded texts.
        programme: (n,) the training programmes.
        id: (n,) the ids.
        outside: (n,) who is known to be outside training.
        unknown: (n,) of whom the programme is not known, though they may have one.
    """

    texts: Mapping[str, int]
    programme: Small
    id: Small
    outside: BoolArray
    unknown: BoolArray


@fact
def _training(people: People) -> _Training:
    texts: dict[str, int] = {}
    programmes = [fold(person.training_programme or "") for person in people.mentors]
    ids = [fold(person.id) for person in people.mentors]
    codes = [
        np.array(
            [texts.setdefault(text, len(texts)) if text else _NO_PROGRAMME for text in own],
            dtype=np.int32,
        )
        for own in (programmes, ids)
    ]
    return _Training(
        texts=texts,
        programme=codes[0],
        id=codes[1],
        outside=people.flags("mentor", _outside_training),
        unknown=people.flags(
            "mentor", lambda person: not person.training_programme and not _outside_training(person)
        ),
    )


def _scopes(people: People, roles: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(mentee index, folded scope, "" if blank) of every one of ``roles`` that is held."""
    wanted = set(roles)
    for j, person in enumerate(people.mentees):
        for held in person.leadership_roles:
            if held.role in wanted:
                yield j, fold(held.scope) if held.parts else ""


def _outside_training(person: Participant) -> bool:
    return person.grade is not None and GRADES[person.grade]["is_training"] == "0"


def _educational_supervisor(people: People, cells: Cells) -> Verdict:
    roles = ("educational_supervisor", "academic_supervisor", "gp_trainer")
    return supervised(people, cells) | held_over(people, cells, roles)


def _over(*roles: str) -> Check:
    return partial(held_over, roles=roles)


COMPUTED: Mapping[str, Check] = {
    "self": same_person,
    "line_manager": line_manager,
    "management_chain": management_chain,
    "same_manager": same_manager,
    "educational_supervisor": _educational_supervisor,
    "clinical_supervisor": _over("clinical_supervisor"),
    "appraiser": _over("appraiser"),
    "psw_case": _over("psw_case_manager"),
    "examiner_pending": _over("examiner"),
    "arcp_panel": arcp_panel,
    "tpd_own_programme": tpd_own_programme,
    "same_department": same_department,
    "same_employer": same_employer,
    "same_programme_region": same_programme_region,
    "no_seniority": no_seniority,
    "mode_infeasible": mode_infeasible,
    "next_rotation": next_rotation,
    "training_incomplete": training_incomplete,
    "previous_pair": previous_pair,
    "failed_pair": failed_pair,
    "veto": veto,
    "confidential": confidential,
    "coordinator_self": coordinator_self,
}
"""Rules with something to compute; every code of ``rules.csv`` can also be declared."""
