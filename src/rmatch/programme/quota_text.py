"""A quota as one short sentence: "at most 3 mentees per employer, price 10"."""

from __future__ import annotations

import re
from typing import Any, Literal, Protocol

from rmatch.programme.attributes import attribute_name
from rmatch.programme.reference import normalise

Counted = Literal["pairs", "mentors", "mentees"]

FORMS = (
    "at least 4 pairs with different deanery",
    "exactly 2 pairs with same base",
    "at most 3 pairs with mentee employer North Trust",
    "at most 3 pairs per mentee employer",
    "between 2 and 5 mentors with specialty_group dental",
    "at most 3 mentees per employer",
    "at least 10 mentees",
)
"""An example of every form; each may end in ", price 10"."""

_SENTENCE = re.compile(
    r"""\s*
    (?: between \s+ (?P<low>\d+) \s+ and \s+ (?P<high>\d+)
      | (?P<word> at\s+least | at\s+most | exactly) \s+ (?P<limit>\d+) )
    \s+ (?P<count>pair|mentor|mentee)s?
    (?: \s+ (?P<kind>\S.*?) )?
    (?: \s*,\s* price \s+ (?P<price>\d+) )?
    \s*""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_KIND = re.compile(
    r"(?P<link>with|per)\s+(?:(?P<whose>mentor|mentee)(?:'s)?\s+)?(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_RELATION = re.compile(
    r"(?:the\s+)?(?P<relation>same|different)\s+(?P<attribute>\S.*)", re.IGNORECASE | re.DOTALL
)
_BROKEN_PRICE = re.compile(r",\s*price\b", re.IGNORECASE)
_PLAIN = re.compile(r"[^\s\",](?:[^\",]*[^\s\",])?", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)


class _Quota(Protocol):
    """What is read of a quota."""

    @property
    def count(self) -> Counted: ...
    @property
    def minimum(self) -> int: ...
    @property
    def maximum(self) -> int | None: ...
    @property
    def price(self) -> int | None: ...
    @property
    def attribute(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...
    @property
    def per(self) -> str | None: ...
    @property
    def same(self) -> str | None: ...
    @property
    def different(self) -> str | None: ...
    @property
    def whose(self) -> str | None: ...


def sentence(quota: _Quota) -> str:
    """The quota as a sentence; :func:`read_sentence` reads the same quota from it."""
    price = "" if quota.price is None else f", price {quota.price}"
    return f"{_limits(quota)}{_kind(quota)}{price}"


def _limits(quota: _Quota) -> str:
    low, high = quota.minimum, quota.maximum
    noun = quota.count.removesuffix("s") if (low if high is None else high) == 1 else quota.count
    return f"{limits_in_words(low, high)} {noun}"


def limits_in_words(low: int, high: int | None) -> str:
    """Two limits as the sentence says them."""
    if high is None:
        return f"at least {low}"
    if low == high:
        return f"exactly {low}"
    return f"between {low} and {high}" if low else f"at most {high}"


def _kind(quota: _Quota) -> str:
    whose = f"{quota.whose} " if quota.whose else ""
    if quota.per:
        return f" per {whose}{quota.per}"
    if quota.same or quota.different:
        return f" with same {quota.same}" if quota.same else f" with different {quota.different}"
    if quota.attribute:
        return f" with {whose}{quota.attribute} {_quoted(quota.value or '')}"
    return ""


def _quoted(value: str) -> str:
    """A value such that nothing in it can be taken for a part of the sentence."""
    if _PLAIN.fullmatch(value):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def read_sentence(text: str) -> dict[str, Any]:
    """The fields of the quota that a sentence says.

    Raises:
        ValueError: it says none; lists the forms.
    """
    found = _SENTENCE.fullmatch(text)
    if found is None:
        raise ValueError(f"is not a quota; {forms()}")
    fields: dict[str, Any] = {"count": f"{found['count'].lower()}s", **_read_limits(found)}
    if found["price"]:
        fields["price"] = int(found["price"])
    if found["kind"]:
        fields |= _read_kind(found["kind"], fields["count"])
    return fields


def forms() -> str:
    """Every legal form, by example."""
    return f"write for example: {'; '.join(FORMS)} (each with or without: , price 10)"


def _read_limits(found: re.Match[str]) -> dict[str, int]:
    if found["low"]:
        return {"minimum": int(found["low"]), "maximum": int(found["high"])}
    word, limit = " ".join(found["word"].lower().split()), int(found["limit"])
    names = {"at least": ("minimum",), "at most": ("maximum",), "exactly": ("minimum", "maximum")}
    return dict.fromkeys(names[word], limit)


def _read_kind(text: str, count: Counted) -> dict[str, str]:
    """The fields of what follows "pairs", "mentors" or "mentees"."""
    found = _KIND.fullmatch(text)
    if found is None:
        raise ValueError(f"has something after {count} that is neither per … nor with …; {forms()}")
    whose = {"whose": found["whose"].lower()} if found["whose"] else {}
    if _BROKEN_PRICE.search(_QUOTED.sub("", text)):
        raise ValueError("has a price that is not a whole number; end it in: , price 10")
    if found["link"].lower() == "per":
        return {"per": attribute_name(found["rest"]), **whose}
    relation = None if whose else _RELATION.fullmatch(found["rest"])
    if relation is not None:
        return {relation["relation"].lower(): attribute_name(relation["attribute"])}
    attribute, value = _attribute_and_value(found["rest"])
    return {"attribute": attribute, "value": value, **whose}


def _attribute_and_value(text: str) -> tuple[str, str]:
    """An attribute's name of one word or two, the longest that is known, and the rest."""
    words = [(found.end(), found.group()) for found in re.finditer(r"\S+", text)][:2]
    # A second word of nothing but punctuation belongs to the value.
    ends = [end for end, word in words if normalise(word)]
    for end in reversed(ends):
        try:
            attribute = attribute_name(text[:end])
        except ValueError:
            continue
        return attribute, _value(attribute, text[end:].strip())
    attribute_name(words[0][1])
    raise AssertionError("a name that is known was not found")  # pragma: no cover


def _value(attribute: str, text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    value = quoted[1].replace('""', '"') if quoted else text
    if not value:
        raise ValueError(f"names no value of {attribute}: write it behind {attribute}")
    return value
