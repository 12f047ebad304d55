"""Another programme to look at beside the first: what if this were forbidden, waived, weighed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeAlias

from rmatch.errors import InputError, Place, Problem
from rmatch.programme import Participant, Programme, Settings, Waiver
from rmatch.programme.settings import default_severities, is_confidential, is_waivable

PairIds: TypeAlias = tuple[str, str]


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


def all_changed(programme: Programme, scenarios: Mapping[str, Scenario]) -> dict[str, Programme]:
    """The programme of every scenario.

    Raises:
        InputError: as ``changed``; every problem of every scenario, with the scenario's name.
    """
    made: dict[str, Programme] = {}
    problems: list[Problem] = []
    for name, scenario in scenarios.items():
        try:
            made[name] = changed(programme, scenario)
        except InputError as error:
            problems += [
                one.at(replace(one.place, file=f"scenario {name}")) for one in error.problems
            ]
    if problems:
        raise InputError(problems)
    return made


def changed(programme: Programme, scenario: Scenario) -> Programme:
    """The programme with what would be different; the one given stays as it is.

    Raises:
        InputError: a rule, a setting or a person in ``capacity`` that is not there, or a rule that
            can never be waived, all of them at once; where there are none, whatever else a
            programme refuses, all of it at once.
    """
    codes = [code for code in scenario.waive if isinstance(code, str)]
    waivers = [one for one in scenario.waive if not isinstance(one, str)]
    _refuse(codes, scenario, programme)
    given = programme.settings.replace(**scenario.settings)
    merged: dict[str, Any] = {
        "must_pair": (*given.must_pair, *map(tuple, scenario.keep)),
        "must_not_pair": (*given.must_not_pair, *map(tuple, scenario.forbid)),
        "waivers": (*given.waivers, *waivers),
        "rules": {**given.rules, **dict.fromkeys(codes, "off")},
        "weights": {**given.weights, **scenario.weights},
    }
    return programme.replace(
        mentors=tuple(_people(programme.mentors, scenario.capacity)),
        mentees=tuple(_people(programme.mentees, scenario.capacity)),
        settings=given.replace(**merged),
    )


def _refuse(codes: Sequence[str], scenario: Scenario, programme: Programme) -> None:
    """Refuse what is not there, and rules that can never be waived; all at once."""
    known = default_severities()
    problems = [
        Problem(_why_not(code, known), Place(column="waive"), value=code, shown=True)
        for code in codes
        if code not in known or not is_waivable(code) or is_confidential(code)
    ]
    problems += [
        Problem("is nobody of this programme", Place(column="capacity"), value=person, shown=True)
        for person in scenario.capacity
        if person not in programme.by_id
    ]
    problems += [
        Problem("is not a setting", Place(column="settings"), value=name, shown=True)
        for name in scenario.settings
        if name not in Settings.model_fields
    ]
    if problems:
        raise InputError(problems)


def _why_not(code: str, known: Mapping[str, str]) -> str:
    return "can never be waived" if code in known else "is not a rule"


def _people(people: Iterable[Participant], capacity: Mapping[str, int]) -> Iterable[Participant]:
    for person in people:
        if person.id in capacity:
            yield person.replace(capacity=capacity[person.id])
        else:
            yield person
