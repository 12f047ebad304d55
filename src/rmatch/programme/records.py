"""The base of rmatch's frozen records: a repr that tells only the id, errors that tell no input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from rmatch.errors import InputError, Place, Problem

VOCABULARY_FIELDS = ("grade", "specialty", "deanery", "role", "rule")
"""Fields whose values may stand in messages: they name nobody and nothing private."""


class Record(BaseModel):
    """A frozen pydantic model that raises ``InputError`` and shows only what may be logged."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        validate_default=True,
        defer_build=True,  # what is checked when it is first made costs nothing to import
    )

    shown_fields: ClassVar[tuple[str, ...]] = ()
    """Fields whose values may stand in messages and in the repr."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        return iter([(name, getattr(self, name)) for name in self.shown_fields])

    def __setattr__(self, name: str, value: object) -> None:
        # Pydantic's own refusal repeats the value, which may be somebody's name.
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be changed")

    def replace(self, **changes: Any) -> Self:
        """This record with some fields changed, checked again."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**fields, **changes})

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} cannot be removed")

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """As pydantic's, with text that is no JSON an ``InputError`` too."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError:
            pass
        raise InputError([Problem("is not JSON")])

    @model_validator(mode="wrap")
    @classmethod
    def _report_as_input_error(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            record = handler(data)
            problems = record._check()
            if not problems:
                return record._settle()
        except ValidationError as error:
            problems = problems_of(error, person=_person_of(data))
        # Raised outside the except block, so that pydantic's error (it can hold a person's row) is
        # not chained to ours.
        raise InputError(problems)

    def _check(self) -> list[Problem]:
        """What is wrong between fields that are each right."""
        return []

    def _settle(self) -> Self:
        """The record in its final form, once nothing is wrong with it."""
        return self


def _person_of(data: object) -> str | None:
    person = data.get("id") if isinstance(data, dict) else None
    return person if isinstance(person, str) else None


def problems_of(error: ValidationError, person: str | None) -> list[Problem]:
    """Pydantic's findings as problems; values stay out of the messages."""
    problems = []
    for finding in error.errors(include_url=False, include_context=True):
        column = str(finding["loc"][0]) if finding["loc"] else None
        value = finding.get("input")
        problems.append(
            Problem(
                message=_message(finding["msg"]),
                place=Place(column=column, person=person),
                value=None if value is None else str(value),
                shown=column in VOCABULARY_FIELDS and isinstance(value, str),
            )
        )
    return problems


def _message(text: str) -> str:
    message = text.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
