"""What a coordinator states: pairs that must or must not be made, loads, quotas."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from rmatch.errors import InputError, Place, Problem
from rmatch.programme.attributes import ATTRIBUTES, attribute_name
from rmatch.programme.participant import Text
from rmatch.programme.quota_text import Counted, forms, read_sentence, sentence
from rmatch.programme.records import Record

MOST = 1_000_000
"""No limit and no price is larger: solvers add them up in 64 bits."""

LONGEST_SHOWN = 80
"""A sentence that is longer is no quota, and what it is may be private."""

Limit = Annotated[int, Field(ge=0, le=MOST)]
Price = Annotated[int, Field(ge=1, le=MOST)]
AttributeName = Annotated[str, AfterValidator(attribute_name)]


class MustPair(Record):
    """Two people who must be paired, named by id, e-mail or exact name."""

    mentor: Text
    mentee: Text

    def __init__(self, mentor: str, mentee: str) -> None:
        given = {"mentor": mentor, "mentee": mentee}
        super().__init__(**given)

    @property
    def id(self) -> str:
        """What messages call it."""
        return f"must_pair {self.mentor} {self.mentee}"


class MustNotPair(Record):
    """Two people who must not be paired, for no reason that anybody has to give."""

    mentor: Text
    mentee: Text

    def __init__(self, mentor: str, mentee: str) -> None:
        given = {"mentor": mentor, "mentee": mentee}
        super().__init__(**given)

    @property
    def id(self) -> str:
        """What messages call it."""
        return f"must_not_pair {self.mentor} {self.mentee}"


class Waiver(Record):
    """One rule that does not count for one pair, because a coordinator says so.

    The two are named by id, e-mail or exact name, the rule by its code. The settings refuse rules
    that can never be waived; every other rule still holds for the pair.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("rule",)

    mentor: Text
    mentee: Text
    rule: Text

    def __init__(self, mentor: str, mentee: str, rule: str) -> None:
        given = {"mentor": mentor, "mentee": mentee, "rule": rule}
        super().__init__(**given)

    @property
    def id(self) -> str:
        """What messages call it."""
        return f"waiver {self.mentor} {self.mentee} {self.rule}"


class Load(Record):
    """How many partners one person gets, at least and at most (never more than their capacity).

    With a ``price`` the limits need not hold: every partner too few or too many costs that much at
    the level ``prices``.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("minimum", "maximum", "price")

    person: Text
    minimum: Limit = 0
    maximum: Limit | None = None
    price: Price | None = None

    def __init__(
        self,
        person: str,
        minimum: int = 0,
        maximum: int | None = None,
        price: int | None = None,
    ) -> None:
        given = {"person": person, "minimum": minimum, "maximum": maximum, "price": price}
        super().__init__(**given)

    def _check(self) -> list[Problem]:
        return limit_problems(self.minimum, self.maximum)

    @property
    def id(self) -> str:
        """What messages call it."""
        return f"load {self.person}"


class Quota(Record):
    """How many pairs are made, or how many mentors or mentees get a partner, of some kind.

    At most one kind: ``attribute`` and ``value`` (people who have it), ``per`` (each of its values
    by itself, as it occurs on that side), ``same`` or ``different`` (pairs of whom both are known).
    For pairs, ``whose`` says on whose side ``value`` or ``per`` is looked up. People are counted
    once, however many partners they have. A ``price`` as in :class:`Load`.

    >>> str(Quota(name="dental", count="mentors", minimum=2, attribute="specialty_group",
    ...           value="Dental"))
    'at least 2 mentors with specialty_group dental'
    >>> Quota.parse("spread", "at most 3 mentees per employer").per
    'employer'
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("name",)

    name: Text
    count: Counted = "pairs"
    minimum: Limit = 0
    maximum: Limit | None = None
    price: Price | None = None
    attribute: AttributeName | None = None
    value: Text | None = None
    per: AttributeName | None = None
    same: AttributeName | None = None
    different: AttributeName | None = None
    whose: Literal["mentor", "mentee"] | None = None

    @field_validator("value", mode="after")
    @classmethod
    def _known_value(cls, value: str | None, info: ValidationInfo) -> str | None:
        attribute = info.data.get("attribute")
        if value is None or attribute is None:
            return value
        return ATTRIBUTES[attribute].resolve(value)

    def _check(self) -> list[Problem]:
        return [
            *limit_problems(self.minimum, self.maximum),
            *(Problem(message, Place(column=column)) for column, message in self._faults()),
        ]

    def _faults(self) -> list[tuple[str, str]]:
        """What does not go together, by field."""
        kinds = [k for k in ("attribute", "per", "same", "different") if getattr(self, k)]
        faults = []
        if self.minimum == 0 and self.maximum is None:
            faults.append(("minimum", "states no limit: give minimum, maximum or both"))
        if len(kinds) > 1:
            faults.append((kinds[1], f"cannot be given together with {kinds[0]}"))
        if (self.attribute is None) != (self.value is None):
            faults.append(("value", "goes with attribute: give both or neither"))
        if self.count != "pairs" and (self.same or self.different):
            faults.append(("count", "can only be pairs where same or different is given"))
        looks_up = self.count == "pairs" and bool(self.attribute or self.per)
        if looks_up and self.whose is None:
            faults.append(("whose", self._ask_whose()))
        if not looks_up and self.whose is not None:
            faults.append(("whose", "is only for pairs with an attribute's value or per attribute"))
        return faults

    def _ask_whose(self) -> str:
        link, name = ("per", self.per) if self.per else ("with", self.attribute)
        return f"does not say whose {name}: write {link} mentor {name} or {link} mentee {name}"

    @property
    def id(self) -> str:
        """What messages call it."""
        return f"quota {self.name}"

    def __str__(self) -> str:
        return sentence(self)

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """The quota of that name that a sentence says.

        Raises:
            InputError: it says none; the problem lists the forms, or what is wrong within one.
        """
        problem = ""
        try:
            fields = read_sentence(text)
        except ValueError as error:
            problem = str(error)
        if problem:
            place = Place(column=f"quotas.{name}")
            raise InputError(
                [Problem(problem, place, value=text, shown=len(text) <= LONGEST_SHOWN)]
            )
        return cls.model_validate({"name": name, **fields})


def limit_problems(minimum: int, maximum: int | None) -> list[Problem]:
    """That the minimum is above the maximum."""
    if maximum is None or minimum <= maximum:
        return []
    message = f"is above the maximum: {minimum} is more than {maximum}"
    return [Problem(message, Place(column="minimum"))]


Statement = MustPair | MustNotPair | Load | Quota
"""Anything that a coordinator states, and a matching must keep or pay for."""

Constraint = Statement | Waiver
"""Anything that may be given beside the settings: a waiver allows more, and can break nothing."""


def as_quota(name: str, given: Any) -> Quota:
    """A quota from a quota, a sentence or its fields.

    Raises:
        InputError: it says none.
        ValueError: it is neither, or a quota of another name.
    """
    if isinstance(given, str):
        return Quota.parse(name, given)
    if isinstance(given, dict):
        given = Quota.model_validate({"name": name, **given})
    if not isinstance(given, Quota):
        raise ValueError(f"is not a quota; {forms()}")
    if given.name != name:
        raise ValueError("holds a quota of another name")
    return given
