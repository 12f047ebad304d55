"""What must hold between the people of a programme; every problem found at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeVar

from rmatch.errors import Place, Problem
from rmatch.programme.participant import Participant, PriorExperience
from rmatch.programme.references import ReferenceIndex
from rmatch.programme.text import fold
from rmatch.programme.ties import Conflict, PastPair

R = TypeVar("R", Conflict, PastPair)
Cohort = tuple[
    tuple[Participant, ...], tuple[Participant, ...], tuple[Conflict, ...], tuple[PastPair, ...]
]


def check_cohort(
    mentors: Sequence[Participant],
    mentees: Sequence[Participant],
    conflicts: Sequence[Conflict],
    history: Sequence[PastPair],
    dormant: Sequence[Conflict] = (),
) -> list[Problem]:
    """Every problem between people; a problem's place names the person and the field."""
    return [
        *_id_problems(mentors, mentees),
        *_reference_problems(mentors, mentees),
        *_record_problems(mentors, mentees, conflicts, history, dormant),
    ]


def _id_problems(
    mentors: Sequence[Participant], mentees: Sequence[Participant]
) -> Iterator[Problem]:
    sides = [Counter(fold(person.id) for person in side) for side in (mentors, mentees)]
    for counter, side in zip(sides, (mentors, mentees), strict=True):
        seen: set[str] = set()
        for person in side:
            key = fold(person.id)
            if counter[key] > 1 and key in seen:
                yield _id_problem(person, "is the id of more than one person")
            seen.add(key)
    for person in mentees:
        if fold(person.id) in sides[0]:
            yield _id_problem(person, "is the id of a mentor and of a mentee; ids must differ")


def _id_problem(person: Participant, message: str) -> Problem:
    place = Place(column="id", person=person.id)
    return Problem(message, place, value=person.id, shown=True)


def _reference_problems(
    mentors: Sequence[Participant], mentees: Sequence[Participant]
) -> Iterator[Problem]:
    index = ReferenceIndex([*mentors, *mentees])
    for side, others in ((mentors, mentees), (mentees, mentors)):
        other_ids = {person.id for person in others}
        for person in side:
            for column, text in _strict_references(person):
                yield from _check_reference(index, other_ids, person, column, text)
            yield from _repeated_choices(index, person)
            for column, text in _open_references(person):
                if len(index.candidates(text)) > 1:
                    yield _ambiguous(person.id, column, text)


def _repeated_choices(index: ReferenceIndex, person: Participant) -> Iterator[Problem]:
    """Choices that mean somebody chosen already, by another of their names."""
    seen: set[str] = set()
    for group in person.choices:
        for text in group:
            found = index.candidates(text)
            if len(found) == 1 and found[0] in seen:
                place = Place(column="choices", person=person.id)
                yield Problem("names somebody who is chosen already", place, value=text)
            seen.update(found if len(found) == 1 else ())


def _strict_references(person: Participant) -> Iterator[tuple[str, str]]:
    """References that must name somebody of the other side."""
    for group in person.choices:
        yield from (("choices", text) for text in group)
    yield from (("vetoes", text) for text in person.vetoes)
    yield from (("conflicts", text) for text in person.conflicts)


def _open_references(person: Participant) -> Iterator[tuple[str, str]]:
    """References that may name somebody outside the cohort."""
    if person.line_manager:
        yield "line_manager", person.line_manager
    yield from (("supervisors", text) for text in person.supervisors or ())
    if person.prior_experience:
        yield from (("prior_experience", text) for text in person.prior_experience.partners)


def _check_reference(
    index: ReferenceIndex, other_ids: set[str], person: Participant, column: str, text: str
) -> Iterator[Problem]:
    found = index.candidates(text)
    place = Place(column=column, person=person.id)
    if len(found) > 1:
        yield _ambiguous(person.id, column, text)
    elif not found:
        yield Problem("names somebody who is not in the programme", place, value=text)
    elif found[0] not in other_ids:
        yield Problem("names somebody of the same side", place, value=text)


def _ambiguous(person: str, column: str, text: str) -> Problem:
    message = "names somebody whom more than one person matches; write the id"
    return Problem(message, Place(column=column, person=person), value=text)


def _record_problems(
    mentors: Sequence[Participant],
    mentees: Sequence[Participant],
    conflicts: Sequence[Conflict],
    history: Sequence[PastPair],
    dormant: Sequence[Conflict],
) -> Iterator[Problem]:
    index = ReferenceIndex([*mentors, *mentees])
    sides = {"mentor": {p.id for p in mentors}, "mentee": {p.id for p in mentees}}
    for number, conflict in enumerate(conflicts, start=1):
        for column, ids in sides.items():
            text = getattr(conflict, column)
            problem = _record_problem(index, ids, column, text, may_be_outside=False)
            if problem:
                yield problem.at(Place(sheet="Conflicts", row=number, column=column))
    for sheet, records in (("History", history), ("Dormant", dormant)):
        for number, record in enumerate(records, start=1):
            for column, ids in sides.items():
                text = getattr(record, column)
                problem = _record_problem(index, ids, column, text, may_be_outside=True)
                if problem:
                    yield problem.at(Place(sheet=sheet, row=number, column=column))


def _record_problem(
    index: ReferenceIndex, ids: set[str], column: str, text: str, *, may_be_outside: bool
) -> Problem | None:
    found = index.candidates(text)
    if len(found) > 1:
        return Problem("matches more than one person; write the id", value=text)
    if not found:
        return (
            None if may_be_outside else Problem(f"is not a {column} of this programme", value=text)
        )
    if found[0] not in ids and not may_be_outside:
        return Problem(f"is in the programme, but not as a {column}", value=text)
    return None


def resolve_references(
    mentors: Sequence[Participant],
    mentees: Sequence[Participant],
    conflicts: Sequence[Conflict],
    history: Sequence[PastPair],
) -> Cohort:
    """The same cohort with every reference to one of its people written as that person's id."""
    index = ReferenceIndex([*mentors, *mentees])
    return (
        tuple(_resolved_person(index, person) for person in mentors),
        tuple(_resolved_person(index, person) for person in mentees),
        tuple(_resolved_record(index, record) for record in conflicts),
        tuple(_resolved_record(index, record) for record in history),
    )


def _resolved_person(index: ReferenceIndex, person: Participant) -> Participant:
    resolve = index.resolve
    changes = {
        "choices": tuple(tuple(resolve(text) for text in group) for group in person.choices),
        "vetoes": tuple(dict.fromkeys(map(resolve, person.vetoes))),
        "conflicts": tuple(dict.fromkeys(map(resolve, person.conflicts))),
        "line_manager": resolve(person.line_manager)
        if person.line_manager
        else person.line_manager,
        "supervisors": (
            None if person.supervisors is None else tuple(map(resolve, person.supervisors))
        ),
        "prior_experience": _resolved_experience(index, person.prior_experience),
    }
    changed = {name: value for name, value in changes.items() if value != getattr(person, name)}
    return person.model_copy(update=changed) if changed else person


def _resolved_experience(
    index: ReferenceIndex, experience: PriorExperience | None
) -> PriorExperience | None:
    if experience is None:
        return None
    return experience.model_copy(
        update={"partners": tuple(map(index.resolve, experience.partners))}
    )


def _resolved_record(index: ReferenceIndex, record: R) -> R:
    ends = {"mentor": index.resolve(record.mentor), "mentee": index.resolve(record.mentee)}
    return record.model_copy(update=ends)
