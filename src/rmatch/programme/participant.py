"""A participant: one mentor or mentee, with everything their form says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from rmatch.programme.records import Record
from rmatch.programme.reference import (
    CHARACTERISTICS,
    DEANERIES,
    GRADES,
    ROLES,
    SPECIALTIES,
    TOPICS,
    AmbiguousValueError,
    UnknownValueError,
    Vocabulary,
)

Mode = Literal["virtual", "in_person"]
Preference = Literal["same", "different", "none"]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("am", "pm", "eve")
SLOTS: tuple[str, ...] = tuple(f"{day}_{part}" for day in DAYS for part in PARTS)
"""The 21 half-day slots of a week, ``mon_am`` to ``sun_eve``."""
MAX_WANTS = 5


def _resolver(vocabulary: Vocabulary) -> AfterValidator:
    def resolve(text: str) -> str:
        if text in vocabulary:
            return text
        try:
            return vocabulary.resolve(text)
        except UnknownValueError as error:
            hint = f" (did you mean {', '.join(error.suggestions)}?)" if error.suggestions else ""
            raise ValueError(f"{error}{hint}") from None
        except AmbiguousValueError as error:
            raise ValueError(str(error)) from None

    return AfterValidator(resolve)


def _ordered_set(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _slots(values: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [value for value in values if value not in SLOTS]
    if unknown:
        raise ValueError("has a slot that is not one of mon_am, mon_pm, mon_eve … sun_eve")
    return tuple(slot for slot in SLOTS if slot in values)


def _none_to_empty(value: Any) -> Any:
    return () if value is None else value


Grade = Annotated[str, _resolver(GRADES)]
Specialty = Annotated[str, _resolver(SPECIALTIES)]
Deanery = Annotated[str, _resolver(DEANERIES)]
Topic = Annotated[str, _resolver(TOPICS)]
Characteristic = Annotated[str, _resolver(CHARACTERISTICS)]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_none_to_empty), AfterValidator(_ordered_set)]
Topics = Annotated[tuple[Topic, ...], BeforeValidator(_none_to_empty), AfterValidator(_ordered_set)]
Characteristics = Annotated[
    tuple[Characteristic, ...], BeforeValidator(_none_to_empty), AfterValidator(_ordered_set)
]
Slots = Annotated[tuple[str, ...], BeforeValidator(_none_to_empty), AfterValidator(_slots)]


class LeadershipRole(Record):
    """An education or leadership role, with what it covers.

    ``scope`` is what the role is held over, parts separated by ``/``: a training programme for a
    TPD, ``region/school`` for a Head of School, an employer for a DME. Blank means the holder's
    own.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("role", "scope")

    role: Annotated[str, _resolver(ROLES)]
    scope: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The scope's parts, blanks dropped."""
        return tuple(part.strip() for part in self.scope.split("/") if part.strip())


class PriorExperience(Record):
    """Whether someone took part before, and with whom."""

    before: bool
    partners: Texts = ()


class PreferredAttributes(Record):
    """Wishes about a partner's specialty, level, employer or location, and nothing else."""

    specialty: Preference | None = None
    level: Preference | None = None
    employer: Preference | None = None
    location: Preference | None = None


class Period(Record):
    """Days from ``start`` to ``end``, both included."""

    start: date
    end: date


def _distinct_choices(groups: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    names = [name for group in groups for name in group]
    if len(names) != len(set(names)):
        raise ValueError("names somebody twice")
    return tuple(group for group in groups if group)


class Participant(Record):
    """One mentor or mentee. Only ``id`` is required; the repr tells nothing else.

    The fields are those of ``reference/form_fields.csv``; blank is ``None``, or an empty tuple
    where "none" and "not said" make no difference. ``line_manager=""`` and ``supervisors=()`` mean
    that there is none, ``None`` that it was not said. Vocabulary fields hold ids of the shipped
    tables and accept aliases. ``choices`` are tie groups, best first.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("id",)

    id: Text
    name: Text | None = None
    email: Text | None = None
    grade: Grade | None = None
    leadership_roles: Annotated[tuple[LeadershipRole, ...], BeforeValidator(_none_to_empty)] = ()
    specialty: Specialty | None = None
    training_programme: Text | None = None
    employer: Text | None = None
    department: Text | None = None
    deanery: Deanery | None = None
    base: Text | None = None
    modes: Annotated[
        tuple[Mode, ...],
        BeforeValidator(_none_to_empty),
        AfterValidator(lambda modes: tuple(m for m in get_args(Mode) if m in modes)),
    ] = ()
    availability: Slots = ()
    capacity: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    line_manager: str | None = None
    supervisors: tuple[Text, ...] | None = None
    conflicts: Texts = ()
    line_manager_ok: bool | None = None
    wants: Annotated[Topics, Field(max_length=MAX_WANTS)] = ()
    offers: Topics = ()
    experience_offered: Characteristics = ()
    experience_wanted: Characteristics = ()
    choices: Annotated[
        tuple[tuple[Text, ...], ...],
        BeforeValidator(_none_to_empty),
        AfterValidator(_distinct_choices),
    ] = ()
    pref_attrs: PreferredAttributes = PreferredAttributes()
    language: Texts = ()
    style: Text | None = None
    interests: Texts = ()
    prior_experience: PriorExperience | None = None
    carried_over: bool = False
    consent_matching: bool | None = None
    eligibility_confirmed: bool | None = None
    next_post_employer: Text | None = None
    next_post_department: Text | None = None
    next_post_start: date | None = None
    unavailable_periods: Annotated[tuple[Period, ...], BeforeValidator(_none_to_empty)] = ()
    conflicts_confirmed: bool | None = None
    vetoes: Texts = ()
    privacy_notice_version: Text | None = None
    consent_share: Texts = ()
    training_done: date | None = None
    extra: dict[str, str] = Field(default_factory=dict)
    """Columns opted in for a custom criterion, as text; never a protected characteristic."""


NEVER_KEPT = ("gmc_gdc_no", "motivation", "access_needs")
"""Form fields that loading drops on purpose."""

ELSEWHERE = ("side", "monitoring")
"""Form fields elsewhere: the sheet gives the side, monitoring has a file of its own."""
