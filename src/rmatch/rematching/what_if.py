"""Another programme to look at beside the first: what if this were forbidden, waived, weighed?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias, TypeVar

from rmatch.errors import InputError, Place, Problem
from rmatch.programme import Participant, Programme, Settings, Waiver
from rmatch.programme.settings import default_severities, is_confidential, is_waivable
from rmatch.scoring import Criterion, Rule
from rmatch.scoring.unknown import unknown_names

PairIds: TypeAlias = tuple[str, str]
Custom: TypeAlias = tuple[Sequence[Criterion], Sequence[Rule]]
R = TypeVar("R", Programme, Settings, Participant)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What would be different.

    Attributes:
        keep: Pairs that must be made.
        forbid: Pairs that must not be.
        waive: Codes of rules that would not count at all, or ``Waiver`` for single pairs.
        weights: Criterion → another weight.
        capacity: Id → another number of places.
        settings: Any other settings, by name.
    """

    keep: Sequence[PairIds] = ()
    forbid: Sequence[PairIds] = ()
    waive: Sequence[str | Waiver] = ()
    weights: Mapping[str, int] = field(default_factory=dict)
    capacity: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


def scenarios_of(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Scenario]:
    """Scenarios by name, from the arguments of ``what_if`` by name.

    Raises:
        TypeError: one of them says something that ``what_if`` does not take.
    """
    known = [one.name for one in fields(Scenario)]
    for name, arguments in given.items():
        for word in arguments:
            if word not in known:
                raise TypeError(f"scenario {name!r} says {word!r}; it can say {', '.join(known)}")
    return {name: Scenario(**arguments) for name, arguments in given.items()}


def all_changed(
    programme: Programme, scenarios: Mapping[str, Scenario], custom: Custom = ((), ())
) -> dict[str, Programme]:
    """The programme of every scenario.

    Raises:
        InputError: as ``changed``; every problem of every scenario, with the scenario's name.
    """
    made: dict[str, Programme] = {}
    problems: list[Problem] = []
    for name, scenario in scenarios.items():
        try:
            made[name] = changed(programme, scenario, custom)
        except InputError as error:
            problems += [
                one.at(replace(one.place, file=f"scenario {name}")) for one in error.problems
            ]
    if problems:
        raise InputError(problems)
    return made


def changed(programme: Programme, scenario: Scenario, custom: Custom = ((), ())) -> Programme:
    """The programme with what would be different; the one given stays as it is.

    Args:
        programme: As it is.
        scenario: What would be different.
        custom: Criteria and rules beside the built-in ones, as the programme is scored with.

    Raises:
        InputError: a rule, a setting or a person that is not there, a rule that can never be
            waived, or whatever else a programme refuses; all of it at once.
    """
    problems = list(_unknown(scenario, programme))
    people = {
        side: tuple(_people(getattr(programme, side), scenario.capacity, problems))
        for side in ("mentors", "mentees")
    }
    settings = _settings(programme.settings, scenario, problems)
    made = _replaced(programme, {**people, "settings": settings}, problems)
    problems += unknown_names(settings, *custom)
    if problems:
        raise InputError(dict.fromkeys(problems))
    return made


def _settings(settings: Settings, scenario: Scenario, problems: list[Problem]) -> Settings:
    """The settings with what would be different; problems are added to the list."""
    own = {name: value for name, value in scenario.settings.items() if _is_setting(name)}
    given = _replaced(settings, own, problems)
    codes = [code for code in scenario.waive if isinstance(code, str) and _can_be_waived(code)]
    waivers = [one for one in scenario.waive if not isinstance(one, str)]
    merged: dict[str, Any] = {
        "must_pair": (*given.must_pair, *map(tuple, scenario.keep)),
        "must_not_pair": (*given.must_not_pair, *map(tuple, scenario.forbid)),
        "waivers": (*given.waivers, *waivers),
        "rules": {**given.rules, **dict.fromkeys(codes, "off")},
        "weights": {**given.weights, **scenario.weights},
    }
    return _replaced(given, merged, problems)


def _replaced(record: R, changes: Mapping[str, Any], problems: list[Problem]) -> R:
    """The record with the changes; where it refuses them, with those that it takes one by one.

    So what comes afterwards is looked at as well, and every problem told at once.
    """
    try:
        return record.replace(**changes)
    except InputError as error:
        problems += error.problems
    for name, value in changes.items():
        with suppress(InputError):
            record = record.replace(**{name: value})
    return record


def _unknown(scenario: Scenario, programme: Programme) -> Iterator[Problem]:
    """What is not there, and rules that can never be waived."""
    known = default_severities()
    for code in scenario.waive:
        if isinstance(code, str) and not _can_be_waived(code):
            yield Problem(_why_not(code, known), Place(column="waive"), value=code, shown=True)
    for person in scenario.capacity:
        if person not in programme.by_id:
            place = Place(column="capacity")
            yield Problem("is nobody of this programme", place, value=person, shown=True)
    for name in scenario.settings:
        if not _is_setting(name):
            yield Problem("is not a setting", Place(column="settings"), value=name, shown=True)


def _is_setting(name: str) -> bool:
    return name in Settings.model_fields


def _can_be_waived(code: str) -> bool:
    return code in default_severities() and is_waivable(code) and not is_confidential(code)


def _why_not(code: str, known: Mapping[str, str]) -> str:
    return "can never be waived" if code in known else "is not a rule"


def _people(
    people: Iterable[Participant], capacity: Mapping[str, int], problems: list[Problem]
) -> Iterator[Participant]:
    for person in people:
        if person.id in capacity:
            yield _replaced(person, {"capacity": capacity[person.id]}, problems)
        else:
            yield person
