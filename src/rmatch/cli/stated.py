"""What options say of people, as values: ``M01:S04`` is a pair, ``S04:2`` a number of places."""

from __future__ import annotations

from collections.abc import Iterable

from rmatch.cli.failures import refuse_call

MENTOR_MENTEE = "MENTOR:MENTEE"
ID_NUMBER = "ID:N"


def pairs_of(option: str, texts: Iterable[str] | None) -> list[tuple[str, str]]:
    """Pairs, the mentor first; anything else is a mistake in the call."""
    return [_pair(option, text) for text in texts or ()]


def places_of(option: str, texts: Iterable[str] | None) -> dict[str, int]:
    """Whose → how many places; the number may stand behind ``=`` as well."""
    return dict(_places(option, text) for text in texts or ())


def _pair(option: str, text: str) -> tuple[str, str]:
    mentor, _, mentee = (part.strip() for part in text.partition(":"))
    if not mentor or not mentee or ":" in mentee:
        refuse_call(f"{option} {text} is not two people: write {option} M01:S06.")
    return mentor, mentee


def _places(option: str, text: str) -> tuple[str, int]:
    sign = max(":=", key=text.rfind)
    person, _, number = (part.strip() for part in text.rpartition(sign))
    if not person or not number.isascii() or not number.isdigit():
        refuse_call(f"{option} {text} names no whole number: write {option} S05:2.")
    return person, int(number)
