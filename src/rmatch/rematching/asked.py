"""What differs in what was asked of two matchings, beside who was there: settings and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rmatch.explaining.rule_words import public_code
from rmatch.explaining.wording import listed
from rmatch.programme import Programme, Settings
from rmatch.programme.merging import differences
from rmatch.programme.settings import DEFAULT_WEIGHTS, default_severities

_TOLD_APART = (
    "standing_pairs",
    "max_changes",
    "weights",
    "rules",
    "objectives",
    "strategy",
    "seed",
)
"""Settings that are not told by name: what was there before is no wish, and the others have words
of their own."""
_PLAIN = (int, str, float)
_STATED = {
    "must_pair": "other pairs must be made",
    "must_not_pair": "other pairs must not be made",
    "minimum_load": "other least numbers of partners",
    "maximum_load": "other greatest numbers of partners",
    "load_price": "other prices of loads",
}
"""Settings whose own names say too little."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a matching was made from.

    Attributes:
        programme: The people and settings; ``None`` for an instance made without people.
        order: The names of the levels.
        seed: Of the tie-break.
    """

    programme: Programme | None
    order: tuple[str, ...]
    seed: int


def what_differs(new: Asked, old: Asked) -> tuple[str, ...]:
    """Settings with their values, where these are numbers or words; people by id and field."""
    return tuple(_differs(new, old))


def _differs(new: Asked, old: Asked) -> Iterator[str]:
    if new.programme is not None and old.programme is not None:
        yield from _settings(new.programme.settings, old.programme.settings)
        yield from _answers(new.programme, old.programme)
    if _levels(new) != _levels(old):
        yield f"the levels are {', '.join(_levels(new))} instead of {', '.join(_levels(old))}"
    if new.seed != old.seed:
        yield f"seed {new.seed} instead of {old.seed}"


def _levels(asked: Asked) -> list[str]:
    """Without the level that a repair brings with it."""
    return [name for name in asked.order if name != "changes"]


def _settings(new: Settings, old: Settings) -> Iterator[str]:
    weights = ({**DEFAULT_WEIGHTS, **old.weights}, {**DEFAULT_WEIGHTS, **new.weights})
    yield from (f"weight of {line}" for line in _table(*weights))
    rules: list[dict[str, Any]] = [{**default_severities(), **one.rules} for one in (old, new)]
    public = [{public_code(code): how for code, how in one.items()} for one in rules]
    yield from (f"rule {line}" for line in _table(*public))
    for name in Settings.model_fields:
        before, now = getattr(old, name), getattr(new, name)
        if name in _TOLD_APART or before == now:
            continue
        plain = isinstance(before, _PLAIN) and isinstance(now, _PLAIN)
        yield f"{name} {now} instead of {before}" if plain else _STATED.get(name, f"other {name}")


def _table(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *now)):
        if before.get(name, 0) != now.get(name, 0):
            yield f"{name} {now.get(name, 0)} instead of {before.get(name, 0)}"


def _answers(new: Programme, old: Programme) -> Iterator[str]:
    """Whose answers changed, by field and never by value; who came or left is told elsewhere."""
    for one in differences(new, old):
        if one.what != "changed":
            continue
        fields = [name for name in one.fields if not name.startswith("settings.")]
        if fields:
            yield f"other {listed(fields)}" + (f" of {one.person}" if one.person else "")
