"""A decision as the fields of a JSON object, and back, strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from rmatch.errors import DecisionError
from rmatch.rematching.decisions import KINDS, Decision


def fields_of(decision: Decision) -> dict[str, Any]:
    """What a line of the ledger holds of the decision: texts, numbers, lists, nothing else."""
    return {field.name: _plain(getattr(decision, field.name)) for field in fields(decision)}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def decision_of(kind: str, given: Mapping[str, Any]) -> Decision:
    """The decision again.

    Raises:
        ValueError: there is no such kind, or its fields are not these.
    """
    if kind not in KINDS:
        raise ValueError("no such kind of decision")
    names = {field.name for field in fields(KINDS[kind])}
    if set(given) != names:
        raise ValueError("other fields than such a decision has")
    try:
        return KINDS[kind](**{name: _read(name, value) for name, value in given.items()})
    except (DecisionError, TypeError):
        raise ValueError("a field holds what it cannot hold") from None


def _read(name: str, value: Any) -> Any:
    if name == "until" and value is not None:
        return date.fromisoformat(value)
    return _frozen(value)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
