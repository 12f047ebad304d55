"""Statements made in code, put where those of the Settings are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rmatch.programme.cohort import Programme
from rmatch.programme.references import ReferenceIndex
from rmatch.programme.settings import Stability
from rmatch.programme.statements import (
    Constraint,
    Load,
    MustNotPair,
    MustPair,
    Quota,
    Waiver,
)


def stating(
    programme: Programme, constraints: Iterable[Constraint], stability: Stability | None = None
) -> Programme:
    """The programme with more statements in its settings; as any argument, they go before those.

    A load of somebody whose load the settings limit, and a quota of a name that they have, replace
    what the settings say.

    Raises:
        InputError: somebody is not in the programme, or not on that side; no such stability; or a
            rule that can never be waived.
        TypeError: something is no statement.
        ValueError: two loads of one person, or two quotas of one name.
    """
    given = checked(constraints)
    changes: dict[str, Any] = {} if stability is None else {"stability": stability}
    if given:
        changes |= _merged(programme, given)
    if not changes:
        return programme
    # Not model_copy: what is given is to be checked as if it had stood in the settings.
    fields = {
        name: getattr(programme.settings, name) for name in type(programme.settings).model_fields
    }
    return programme.replace(settings=type(programme.settings)(**{**fields, **changes}))


def checked(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """The constraints as a tuple, all of them statements.

    Raises:
        TypeError: something is no statement.
    """
    if isinstance(constraints, Constraint | str | Mapping):
        raise TypeError("constraints must be a list of statements")
    given = tuple(constraints)
    for one in given:
        if not isinstance(one, Constraint):
            raise TypeError(
                "constraints are MustPair, MustNotPair, Load, Quota or Waiver of rmatch, "
                f"not {type(one).__name__}"
            )
    return given


def _merged(programme: Programme, given: tuple[Constraint, ...]) -> dict[str, Any]:
    """The fields of the settings with what is given in them."""
    settings = programme.settings
    loads = _loads(programme, [one for one in given if isinstance(one, Load)])
    tables: dict[str, dict[str, int]] = {}
    for name, field in _TABLES.items():
        kept = {p: limit for p, limit in getattr(settings, name).items() if p not in loads}
        new = {person: getattr(load, field) for person, load in loads.items()}
        tables[name] = kept | {person: limit for person, limit in new.items() if limit}
        if field == "maximum":
            tables[name] |= {person: limit for person, limit in new.items() if limit == 0}
    return {
        "must_pair": (*settings.must_pair, *_pairs(given, MustPair)),
        "must_not_pair": (*settings.must_not_pair, *_pairs(given, MustNotPair)),
        "waivers": (*settings.waivers, *_waivers(given)),
        "quotas": settings.quotas | _quotas([one for one in given if isinstance(one, Quota)]),
        **tables,
    }


_TABLES = {"minimum_load": "minimum", "maximum_load": "maximum", "load_price": "price"}


def _pairs(
    given: tuple[Constraint, ...], kind: type[MustPair | MustNotPair]
) -> list[tuple[str, str]]:
    return [(one.mentor, one.mentee) for one in given if isinstance(one, kind)]


def _waivers(given: tuple[Constraint, ...]) -> list[tuple[str, str, str]]:
    return [(one.mentor, one.mentee, one.rule) for one in given if isinstance(one, Waiver)]


def _loads(programme: Programme, given: list[Load]) -> dict[str, Load]:
    """Loads by the id of the person, however they are named."""
    index = ReferenceIndex(programme.people)
    loads: dict[str, Load] = {}
    for load in given:
        person = index.resolve(load.person)
        if person in loads:
            raise ValueError("constraints limit the load of one person twice; give one Load")
        loads[person] = load
    return loads


def _quotas(given: list[Quota]) -> dict[str, Quota]:
    quotas = {quota.name: quota for quota in given}
    if len(quotas) < len(given):
        raise ValueError("constraints hold two quotas of one name; give each its own")
    return quotas
