"""What people have that a quota may count: categories, no private facts, no free answers."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rmatch.programme.participant import Participant
from rmatch.programme.reference import (
    DEANERIES,
    GRADES,
    ROLES,
    SPECIALTIES,
    SPECIALTY_GROUPS,
    AmbiguousValueError,
    UnknownValueError,
    Vocabulary,
    normalise,
)
from rmatch.programme.text import fold


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: what a person has of it, and which values there are.

    Attributes:
        name: As quotas write it.
        held: A person's values as written or as ids; none where it is blank.
        vocabulary: The values it may take; ``None`` for texts, which are compared folded.
        words: Instead of a vocabulary, the few values there are.
    """

    name: str
    held: Callable[[Participant], tuple[str, ...]]
    vocabulary: Vocabulary | None = None
    words: tuple[str, ...] = ()

    @property
    def is_free_text(self) -> bool:
        """Whether its values are whatever people wrote: such values stay out of messages."""
        return self.vocabulary is None and not self.words

    def keys(self, person: Participant) -> frozenset[str]:
        """A person's values such that equal ones are equal."""
        return frozenset(map(self.key, self.held(person)))

    def key(self, value: str) -> str:
        """A value such that equal ones are equal."""
        return fold(value) if self.is_free_text else value

    def resolve(self, text: str) -> str:
        """The value that a text means.

        Raises:
            ValueError: none, or more than one; says which there are or which are nearest.
        """
        if self.words:
            return self._word(text)
        if self.vocabulary is None or text in self.vocabulary:
            return text
        problem = ""
        try:
            return self.vocabulary.resolve(text)
        except UnknownValueError as error:
            problem = f"{error}{did_you_mean(error.suggestions)}"
        except AmbiguousValueError as error:
            problem = str(error)
        raise ValueError(f"names a value that {problem}{self._hint(text)}")

    def _hint(self, text: str) -> str:
        """That a group of specialties was written for a specialty."""
        group = SPECIALTY_GROUPS.find(text) if self.vocabulary is SPECIALTIES else None
        return f"; for the whole group write specialty_group {group}" if group else ""

    def _word(self, text: str) -> str:
        found = {normalise(word): word for word in self.words}.get(normalise(text))
        if found is None:
            known = " or ".join(self.words)
            raise ValueError(f"names a value that {self.name} does not have: write {known}")
        return found


def _field(name: str, vocabulary: Vocabulary | None = None) -> Attribute:
    def held(person: Participant) -> tuple[str, ...]:
        value = getattr(person, name)
        return (value,) if value else ()

    return Attribute(name, held, vocabulary)


def _group(person: Participant) -> tuple[str, ...]:
    return (SPECIALTIES[person.specialty]["group"],) if person.specialty else ()


ATTRIBUTES: Mapping[str, Attribute] = {
    attribute.name: attribute
    for attribute in (
        _field("grade", GRADES),
        Attribute("leadership_roles", lambda p: tuple(r.role for r in p.leadership_roles), ROLES),
        _field("specialty", SPECIALTIES),
        Attribute("specialty_group", _group, SPECIALTY_GROUPS),
        _field("training_programme"),
        _field("employer"),
        _field("department"),
        _field("deanery", DEANERIES),
        _field("base"),
        Attribute("modes", lambda p: p.modes, words=("virtual", "in_person")),
        Attribute(
            "carried_over", lambda p: ("yes" if p.carried_over else "no",), words=("yes", "no")
        ),
    )
}
"""Every attribute by name. What is private, free text or special category data is not here."""


_ALSO = {"role": "leadership_roles", "roles": "leadership_roles", "mode": "modes"}


def attribute_name(text: str) -> str:
    """The attribute that a text names, in any case, with spaces or underscores.

    Raises:
        ValueError: none that a quota may be over; lists them all, and the nearest.
    """
    known = {normalise(name): name for name in ATTRIBUTES} | _ALSO
    found = known.get(normalise(text))
    if found is not None:
        return found
    near = difflib.get_close_matches(normalise(text), known, n=1)
    hint = did_you_mean(tuple(known[match] for match in near))
    raise ValueError(
        f"names something that no quota can be over{hint}; quotas can be over {_listed()}"
    )


def _listed() -> str:
    return ", ".join(sorted(ATTRIBUTES))


def did_you_mean(suggestions: tuple[str, ...]) -> str:
    """The nearest values, in brackets; nothing where there are none."""
    return f" (did you mean {', '.join(suggestions)}?)" if suggestions else ""
