"""A programme: one cohort, its people, conflicts, history and settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field

from rmatch.errors import Problem
from rmatch.programme.checking import check_cohort, resolve_references
from rmatch.programme.dormancy import awake
from rmatch.programme.participant import Participant
from rmatch.programme.records import Record
from rmatch.programme.settings import Settings
from rmatch.programme.stated_people import limit_faults, person_faults, resolved_settings
from rmatch.programme.ties import Conflict, EndReason, PastPair

if TYPE_CHECKING:
    from rmatch.programme.merging import Difference, LateForms
    from rmatch.programme.next_cohort import Decided, Matched


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value


class Programme(Record):
    """One cohort, frozen: mentors, mentees, conflicts, history and settings.

    References between people (choices, vetoes, conflicts, supervisors, managers, statements in the
    settings) are resolved to ids on construction, by id, then e-mail, then exact name. Raises
    ``InputError`` with every problem: ids that are not unique, references that are ambiguous or, in
    choices, vetoes, conflicts and statements, unknown.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ()

    mentors: Annotated[tuple[Participant, ...], BeforeValidator(_tuple)] = ()
    mentees: Annotated[tuple[Participant, ...], BeforeValidator(_tuple)] = ()
    conflicts: Annotated[tuple[Conflict, ...], BeforeValidator(_tuple)] = ()
    history: Annotated[tuple[PastPair, ...], BeforeValidator(_tuple)] = ()
    dormant: Annotated[tuple[Conflict, ...], BeforeValidator(_tuple)] = ()
    """Conflicts with somebody who is not here; each holds again once both are: see ``dormancy``."""
    settings: Settings = Settings()
    notices: tuple[Problem, ...] = Field(default=(), exclude=True)
    """What loading noticed without refusing: unknown columns, empty sheets, one-sided conflicts."""

    def _check(self) -> list[Problem]:
        sides = (self.mentors, self.mentees)
        found = check_cohort(*sides, self.conflicts, self.history, self.dormant)
        found += [fault.problem for fault in person_faults(*sides, self.settings)]
        return found or limit_faults(*sides, self.settings)

    def _settle(self) -> Self:
        resolved = resolve_references(self.mentors, self.mentees, self.conflicts, self.history)
        for name, value in zip(
            ("mentors", "mentees", "conflicts", "history"), resolved, strict=True
        ):
            object.__setattr__(self, name, value)
        conflicts, dormant = awake(self.mentors, self.mentees, self.conflicts, self.dormant)
        object.__setattr__(self, "conflicts", conflicts)
        object.__setattr__(self, "dormant", dormant)
        settings = resolved_settings(self.mentors, self.mentees, self.settings)
        object.__setattr__(self, "settings", settings)
        return self

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same cohort; what loading noticed on the way is no part of it."""
        if not isinstance(other, Programme):
            return NotImplemented
        names = [name for name in type(self).model_fields if name != "notices"]
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def __hash__(self) -> int:
        return hash(tuple(person.id for person in self.people))

    def __repr__(self) -> str:
        return (
            f"Programme({len(self.mentors)} mentors, {len(self.mentees)} mentees, "
            f"{len(self.conflicts)} conflicts, {len(self.history)} earlier pairs)"
        )

    def __str__(self) -> str:
        from rmatch.programme.showing import programme_text

        return programme_text(self)

    def _repr_html_(self) -> str:
        from rmatch.programme.showing import programme_html

        return programme_html(self)

    @cached_property
    def by_id(self) -> Mapping[str, Participant]:
        """Everyone, by id."""
        return {person.id: person for person in self.people}

    @property
    def people(self) -> Iterator[Participant]:
        """Everyone, mentors first."""
        yield from self.mentors
        yield from self.mentees

    def next(
        self,
        matching: Matched,
        *,
        decided: Decided | None = None,
        ended: Mapping[tuple[str, str], EndReason] | None = None,
        withdrawn: Iterable[str] = (),
        stay: Iterable[str] = (),
    ) -> Programme:
        """The next cohort: see :func:`rmatch.programme.next_cohort.next_programme`.

        Whoever has no partner is carried over with priority; every pair goes into the history.
        """
        from rmatch.programme.next_cohort import next_programme

        return next_programme(
            self, matching, decided=decided, ended=ended, withdrawn=withdrawn, stay=stay
        )

    def merge(self, late: LateForms) -> Programme:
        """This programme with late forms in it: see :func:`rmatch.programme.merging.merged`."""
        from rmatch.programme.merging import merged

        return merged(self, late)

    def changes_since(self, old: Programme) -> tuple[Difference, ...]:
        """What changed since an earlier state, by id and field, never by value."""
        from rmatch.programme.merging import differences

        return differences(self, old)
