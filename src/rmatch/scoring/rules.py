"""The built-in rules: which pairs break them, and which cannot be checked (docs/scoring.md, 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray
from rmatch.programme import Conflict, Participant, Programme
from rmatch.programme.reference import GRADES, SPECIALTIES
from rmatch.programme.settings import Severity
from rmatch.programme.text import fold
from rmatch.programme.ties import FAILED_ENDS
from rmatch.scoring.dates import add_months
from rmatch.scoring.people import SIDES, People
from rmatch.scoring.verdict import Verdict, equal, pairs_mask

Check = Callable[[People], Verdict]


@dataclass(frozen=True, slots=True)
class BuiltInRule:
    """A built-in rule: a function with its code and the severity the settings give it."""

    code: str
    severity: Severity
    function: Check

    def check(self, people: People) -> Verdict:
        """Which pairs break it, and for which it cannot be known."""
        return self.function(people)


# Declared ----------------------------------------------------------------------------------------


def declared(people: People, code: str) -> BoolArray:
    """Pairs with a conflict of this code that has not lapsed when the programme starts."""
    programme = people.programme
    found = [
        people.pair_index(conflict.mentor, conflict.mentee)
        for conflict in programme.conflicts
        if conflict.rule == code and applies(conflict, programme)
    ]
    return pairs_mask(people.shape, filter(None, found))


def applies(conflict: Conflict, programme: Programme) -> bool:
    """Whether a conflict still holds on the programme's first day, its look-back included."""
    starts = programme.settings.starts
    if conflict.until is None or starts is None:
        return True
    last = add_months(conflict.until, programme.settings.lookbacks.get(conflict.rule, 0))
    return starts <= last


# Computed from fields ----------------------------------------------------------------------------


def same_person(people: People) -> Verdict:
    """Both e-mails given and equal."""
    codes = people.codes(lambda person: fold(person.email) if person.email else None)
    return Verdict.where(equal(*codes).true)


def line_manager(people: People) -> Verdict:
    """One manages the other; unknown where the mentor's manager was not said."""
    names = [
        people.pair_index(person.id, person.line_manager)
        for person in people.programme.people
        if person.line_manager
    ]
    true = pairs_mask(people.shape, filter(None, names))
    blank = people.flags("mentor", lambda person: person.line_manager is None)
    return Verdict(true, blank[:, None] & ~true)


def management_chain(people: People) -> Verdict:
    """One is two or more steps above the other; unknown where the chain leaves the cohort."""
    pairs = []
    open_ended = []
    for mentor in people.mentors:
        chain, ends_outside = _chain(people.programme, mentor)
        pairs += [people.pair_index(mentor.id, above) for above in chain[1:]]
        open_ended.append(ends_outside)
    for mentee in people.mentees:
        chain, _ = _chain(people.programme, mentee)
        pairs += [people.pair_index(mentee.id, above) for above in chain[1:]]
    true = pairs_mask(people.shape, filter(None, pairs))
    employers = equal(*people.employers)
    possible = employers.true | employers.unknown
    return Verdict(true, np.array(open_ended, dtype=bool)[:, None] & possible & ~true)


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


def same_manager(people: People) -> Verdict:
    """Both report to the same manager."""
    codes = people.codes(lambda p: None if p.line_manager is None else fold(p.line_manager))
    alike = equal(*codes)
    has_none = [people.flags(side, lambda p: p.line_manager == "") for side in SIDES]
    neither_has_none = ~(has_none[0][:, None] | has_none[1][None, :])
    return Verdict(alike.true & neither_has_none, alike.unknown & neither_has_none)


def supervised(people: People) -> Verdict:
    """The mentee is among the mentor's supervisors; unknown where the list was not given."""
    named = (
        people.pair_index(mentor.id, name)
        for mentor in people.mentors
        for name in mentor.supervisors or ()
    )
    true = pairs_mask(people.shape, filter(None, named))
    blank = people.flags("mentor", lambda person: person.supervisors is None)
    return Verdict(true, np.broadcast_to(blank[:, None], people.shape) & ~true)


def same_department(people: People) -> Verdict:
    """One employer and one department; one specialty where a department is missing."""
    department = equal(*people.departments)
    specialty = equal(*people.specialties)
    alike = Verdict(
        np.where(department.unknown, specialty.true, department.true),
        np.where(department.unknown, specialty.unknown, department.unknown),
    )
    return equal(*people.employers) & alike


def same_employer(people: People) -> Verdict:
    """One employer."""
    return equal(*people.employers)


def same_programme_region(people: People) -> Verdict:
    """One specialty and one deanery."""
    return equal(*people.specialties) & equal(*people.deaneries)


def no_seniority(people: People) -> Verdict:
    """The mentee is not senior to the mentor by the least gap."""
    mentor, mentee = people.levels
    known = (mentor >= 0)[:, None] & (mentee >= 0)[None, :]
    gap = mentee[None, :] - mentor[:, None]
    return Verdict(known & (gap < people.programme.settings.min_level_gap), ~known)


def mode_infeasible(people: People) -> Verdict:
    """No way of meeting in common, or no half-day in common."""
    meet = people.both_meet("in_person") | people.both_meet("virtual")
    modes, slots = people.both_have("modes"), people.both_have("availability")
    true = (modes & ~meet) | (slots & (people.shared_slots == 0))
    return Verdict(true, ~true & ~(modes & slots))


def next_rotation(people: People) -> Verdict:
    """The mentor's next post is in the mentee's department and starts within the programme."""
    mentor, mentee = people.codes(_rotation_employer(people))
    employer = equal(mentor, mentee)
    rotating = (mentor >= 0)[:, None]
    starts = people.flags("mentor", lambda person: _starts_in_time(person, people.programme))
    applicable = rotating & starts[:, None]
    verdict = employer & _rotation_department(people)
    return Verdict(verdict.true & applicable, verdict.unknown & applicable)


def _rotation_employer(people: People) -> Callable[[Participant], str | None]:
    def key(person: Participant) -> str | None:
        mentor = person.id in people.mentor_index
        employer = person.next_post_employer if mentor else person.employer
        return fold(employer) if employer else None

    return key


def _rotation_department(people: People) -> Verdict:
    def department(person: Participant) -> str | None:
        mentor = person.id in people.mentor_index
        name = person.next_post_department if mentor else person.department
        return fold(name) if name else None

    def specialty(person: Participant) -> str | None:
        if person.id not in people.mentor_index:
            return person.specialty
        name = person.next_post_department
        return SPECIALTIES.find(name) if name else None

    true = equal(*people.codes(department)).true | equal(*people.codes(specialty)).true
    said = people.has("mentor", "next_post_department")[:, None]
    known = (people.has("mentee", "department") | people.has("mentee", "specialty"))[None, :]
    return Verdict(true, ~(said & known))


def _starts_in_time(person: Participant, programme: Programme) -> bool:
    start, ends = person.next_post_start, programme.settings.ends
    return not (start is not None and ends is not None and start > ends)


def training_incomplete(people: People) -> Verdict:
    """Induction was not done by the deadline, where one is set."""
    deadline = people.programme.settings.induction_deadline
    if deadline is None:
        return Verdict.where(np.zeros(people.shape, dtype=bool))
    mentor, mentee = (
        np.array([_induction(person.training_done, deadline) for person in side], dtype=np.int64)
        for side in (people.mentors, people.mentees)
    )
    late = (mentor == 1)[:, None] | (mentee == 1)[None, :]
    blank = (mentor < 0)[:, None] | (mentee < 0)[None, :]
    return Verdict(late, blank & ~late)


def _induction(done: date | None, deadline: date) -> int:
    return -1 if done is None else int(done > deadline)


def previous_pair(people: People) -> Verdict:
    """The two were a pair in an earlier cohort."""
    programme = people.programme
    found = [people.pair_index(pair.mentor, pair.mentee) for pair in programme.history]
    for person in programme.people:
        if person.prior_experience:
            found += [people.pair_index(person.id, p) for p in person.prior_experience.partners]
    return Verdict.where(pairs_mask(people.shape, filter(None, found)))


def failed_pair(people: People) -> Verdict:
    """The two were a pair that ended early, over a concern, or with "not again"."""
    found = (
        people.pair_index(pair.mentor, pair.mentee)
        for pair in people.programme.history
        if pair.ended in FAILED_ENDS
    )
    return Verdict.where(pairs_mask(people.shape, filter(None, found)))


def veto(people: People) -> Verdict:
    """Either would rather not be paired with the other."""
    return Verdict.where(_named_in(people, lambda person: person.vetoes))


def confidential(people: People) -> Verdict:
    """Either declared a conflict; unknown until both have said that they declared all."""
    true = _named_in(people, lambda person: person.conflicts)
    mentor, mentee = (
        people.flags(side, lambda person: person.conflicts_confirmed is not True)
        for side in ("mentor", "mentee")
    )
    return Verdict(true, (mentor[:, None] | mentee[None, :]) & ~true)


def _named_in(people: People, names: Callable[[Participant], Iterable[str]]) -> BoolArray:
    found = (
        people.pair_index(person.id, name)
        for person in people.programme.people
        for name in names(person)
    )
    return pairs_mask(people.shape, filter(None, found))


def coordinator_self(people: People) -> Verdict:
    """One of the two is a coordinator of this programme."""
    coordinators = {fold(name) for name in people.programme.settings.coordinators}
    mentor, mentee = (
        people.flags(side, lambda person: fold(person.id) in coordinators)
        for side in ("mentor", "mentee")
    )
    return Verdict.where(mentor[:, None] | mentee[None, :])


# From roles whose scope names the mentor ---------------------------------------------------------


def held_over(people: People, roles: Iterable[str]) -> Verdict:
    """The mentee holds one of ``roles`` over this mentor, named in its scope by id.

    Unknown where the role has no scope and the mentor has not confirmed their conflicts.
    """
    wanted = set(roles)
    true = np.zeros(people.shape, dtype=bool)
    unscoped = np.zeros(people.shape[1], dtype=bool)
    rows = {fold(person.id): i for i, person in enumerate(people.mentors)}
    for j, scope in _scopes(people, wanted):
        if not scope:
            unscoped[j] = True
        elif scope in rows:
            true[rows[scope], j] = True
    return Verdict(true, _unconfirmed(people)[:, None] & unscoped[None, :] & ~true)


def arcp_panel(people: People) -> Verdict:
    """The mentee sits on the ARCP panel of the mentor's training programme."""
    true = np.zeros(people.shape, dtype=bool)
    unknown = np.zeros(people.shape, dtype=bool)
    programmes = _training_programmes(people)
    ids = np.array([fold(person.id) for person in people.mentors], dtype=object)
    blank = _training_unknown(people)
    outside = people.flags("mentor", _outside_training)
    for j, scope in _scopes(people, {"arcp_panel"}):
        true[:, j] |= ((programmes == scope) | (ids == scope)) & bool(scope)
        unknown[:, j] |= _unconfirmed(people) & (blank if scope else ~outside)
    return Verdict(true, unknown & ~true)


def tpd_own_programme(people: People) -> Verdict:
    """The mentee directs the mentor's training programme."""
    true = np.zeros(people.shape, dtype=bool)
    unknown = np.zeros(people.shape, dtype=bool)
    programmes = _training_programmes(people)
    blank = _training_unknown(people)
    outside = people.flags("mentor", _outside_training)
    for j, scope in _scopes(people, {"tpd", "foundation_tpd"}):
        true[:, j] |= (programmes == scope) & bool(scope)
        unknown[:, j] |= blank if scope else ~outside
    return Verdict(true, unknown & ~true)


def _scopes(people: People, roles: set[str]) -> Iterator[tuple[int, str]]:
    """(mentee index, folded scope, "" if blank) of every one of ``roles`` that is held."""
    for j, person in enumerate(people.mentees):
        for held in person.leadership_roles:
            if held.role in roles:
                yield j, fold(held.scope) if held.parts else ""


def _unconfirmed(people: People) -> BoolArray:
    return people.flags("mentor", lambda person: person.conflicts_confirmed is not True)


def _training_programmes(people: People) -> npt.NDArray[np.object_]:
    return np.array([fold(p.training_programme or "") for p in people.mentors], dtype=object)


def _outside_training(person: Participant) -> bool:
    return person.grade is not None and GRADES[person.grade]["is_training"] == "0"


def _training_unknown(people: People) -> BoolArray:
    return people.flags(
        "mentor", lambda person: not person.training_programme and not _outside_training(person)
    )


COMPUTED: Mapping[str, Check] = {
    "self": same_person,
    "line_manager": line_manager,
    "management_chain": management_chain,
    "same_manager": same_manager,
    "educational_supervisor": lambda people: (
        supervised(people)
        | held_over(people, ("educational_supervisor", "academic_supervisor", "gp_trainer"))
    ),
    "clinical_supervisor": lambda people: held_over(people, ("clinical_supervisor",)),
    "appraiser": lambda people: held_over(people, ("appraiser",)),
    "psw_case": lambda people: held_over(people, ("psw_case_manager",)),
    "examiner_pending": lambda people: held_over(people, ("examiner",)),
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
