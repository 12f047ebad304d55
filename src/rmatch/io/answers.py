"""Readers of a form's richer answers: choices, roles, slots, modes, wishes, periods."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import get_args

from rmatch.io.cells import (
    NOBODY,
    NOT_SAID,
    as_text,
    day,
    each,
    entries,
    meaning,
    name_of,
    says_nothing,
    somebody,
    text,
    word,
    written_day,
)
from rmatch.io.findings import Fault, UnreadableCellError, unreadable
from rmatch.io.lists import items, split, unquoted
from rmatch.programme import (
    LeadershipRole,
    Participant,
    Period,
    PreferredAttributes,
    PriorExperience,
)
from rmatch.programme.participant import DAYS, MAX_WANTS, PARTS, Mode
from rmatch.programme.reference import ROLES, TOPICS, normalise
from rmatch.programme.text import fold

_BOTH_MODES = get_args(Mode)
_MODES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("virtual", "virtually", "online", "remote", "remotely", "video"), ("virtual",)
    ),
    **dict.fromkeys(("teams", "ms teams", "zoom", "video call"), ("virtual",)),
    **dict.fromkeys(("in person", "inperson", "face to face", "f2f"), ("in_person",)),
    **dict.fromkeys(("either", "both", "any", "hybrid", "no preference"), _BOTH_MODES),
    **dict.fromkeys(("virtual or in person", "in person or virtual"), _BOTH_MODES),
    **dict.fromkeys(("either virtual or in person", "online or in person"), _BOTH_MODES),
}
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS: Mapping[str, tuple[str, ...]] = {
    **{
        spelling: (d,)
        for d, full in zip(DAYS, _DAY_NAMES, strict=True)
        for spelling in (d, full, f"{full}s")
    },
    "tues": ("tue",),
    "weds": ("wed",),
    "thur": ("thu",),
    "thurs": ("thu",),
    **dict.fromkeys(("weekday", "weekdays"), DAYS[:5]),
    **dict.fromkeys(("weekend", "weekends"), DAYS[5:]),
}
_PARTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("am", "morning", "mornings"), ("am",)),
    **dict.fromkeys(("pm", "afternoon", "afternoons"), ("pm",)),
    **dict.fromkeys(("eve", "evening", "evenings"), ("eve",)),
    "all": ("am", "pm"),
}
_ANY_TIME = frozenset(("any", "anytime", "any time", "all", "always", "flexible"))
_WISHES: Mapping[str, str] = {
    "specialty": "specialty",
    **dict.fromkeys(("level", "grade"), "level"),
    **dict.fromkeys(("employer", "trust"), "employer"),
    **dict.fromkeys(("location", "deanery", "region"), "location"),
}
_BEFORE = frozenset(("yes", "y", "true", "x", "✓"))
_NEVER = frozenset(("no", "n", "false", "0", "none", "nil", "never"))
_ANSWERS: Mapping[str, str] = {
    "same": "same",
    "different": "different",
    **dict.fromkeys(("none", "no preference", "any", "either", "ignore"), "none"),
}


def people(cell: object) -> tuple[object, ...]:
    """A list of people; "none" is nobody."""
    return tuple(dict.fromkeys(each(somebody, cell)))


def tie_groups(cell: object) -> tuple[tuple[str, ...], ...]:
    """Ranked choices, best first, people who share a place joined by ``=``."""
    groups = [_tie_group(group) for group in _written_groups(cell)]
    names = [fold(name) for group in groups for name in group]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise unreadable("names somebody twice", twice[0])
    return tuple(group for group in groups if group)


def tie_group(cell: object) -> tuple[str, ...]:
    """One place of a ranking: the cell of a "first choice" column."""
    groups = tie_groups(cell)
    if len(groups) > 1:
        raise unreadable("holds more than one choice; those who tie are joined by =", as_text(cell))
    return groups[0] if groups else ()


def _written_groups(cell: object) -> Sequence[object]:
    if isinstance(cell, str):
        return split(cell)
    return cell if isinstance(cell, list | tuple) else [cell]


def _tie_group(group: object) -> tuple[str, ...]:
    if isinstance(group, list | tuple):
        members: list[object] = list(group)
    elif isinstance(group, str):
        members = [unquoted(member) for member in split(group, "=")]
    else:
        members = [group]
    names = [name_of(member) for member in members]
    return tuple(name for name in names if not says_nothing(name, NOBODY))


def roles(cell: object) -> tuple[LeadershipRole, ...]:
    """Roles held and what they cover: ``tpd:general_surgery_eoe; Head of School: EOE/surgery``."""
    return tuple(each(_role, cell))  # type: ignore[arg-type]


def _role(item: object) -> LeadershipRole | None:
    if isinstance(item, Mapping):
        written, scope = as_text(item.get("role") or ""), as_text(item.get("scope") or "")
    else:
        written, _, scope = as_text(item).partition(":")
    if says_nothing(written, NOBODY) and not scope.strip():
        return None
    return LeadershipRole(role=meaning(ROLES, written.strip()), scope=scope.strip())


def modes(cell: object) -> tuple[object, ...]:
    """Ways to meet: ``virtual``, ``in_person``, or either."""
    found = each(_mode, cell, ";,\n\r")
    return tuple(mode for mode in _BOTH_MODES if any(mode in some for some in found))  # type: ignore[operator]


def _mode(item: object) -> tuple[str, ...] | None:
    written = as_text(item)
    if says_nothing(written):
        return None
    found = _MODES.get(normalise(written))
    if found is None:
        message = "is not a way to meet; write virtual, in person or either"
        near = tuple(get_close_matches(normalise(written), _MODES, n=1))
        raise unreadable(message, written, shown=True, suggestions=near)
    return found


def slots(cell: object) -> tuple[object, ...]:
    """Half days: ``mon_am``, ``Monday morning``; a day alone is morning and afternoon.

    "Any time" is all 21 slots, "weekdays" and "weekends" are their days.
    """
    found = each(_slot, cell, ";,\n\r")
    return tuple(slot for some in found for slot in some)  # type: ignore[attr-defined]


def _slot(item: object) -> tuple[str, ...] | None:
    written = as_text(item)
    if says_nothing(written, NOT_SAID | {"none"}):
        return None
    plain = normalise(written.replace(".", ""))
    if plain in _ANY_TIME:
        return tuple(f"{d}_{part}" for d in DAYS for part in PARTS)
    words = [w for w in plain.split() if w not in ("and", "or", "day")]
    days = [w for w in words if w in _DAYS]
    parts = [w for w in words if w in _PARTS]
    if not days or words != days + parts:
        message = "is not a half day; write mon_am, Monday morning, or Monday for both halves"
        raise unreadable(message, written)
    halves = [half for w in parts for half in _PARTS[w]] or ["am", "pm"]
    return tuple(f"{d}_{half}" for w in days for d in _DAYS[w] for half in halves)


def wants(cell: object) -> tuple[object, ...]:
    """Topics wanted, at most five."""
    found = tuple(dict.fromkeys(each(word(TOPICS), cell)))
    if len(found) > MAX_WANTS:
        message = f"has {len(found)} topics; at most {MAX_WANTS} are allowed"
        raise unreadable(message, "; ".join(map(str, found)))
    return found


def wishes(cell: object) -> PreferredAttributes:
    """Wishes about a partner: ``specialty=different; employer=same``."""
    pairs = list(cell.items()) if isinstance(cell, Mapping) else _written_wishes(cell)
    values: dict[str, str] = {}
    faults: list[Fault] = []
    for asked, answer in pairs:
        field, wish = _WISHES.get(normalise(as_text(asked))), _wish(answer)
        if field is None:
            message = "is no such wish; wishes are about specialty, level, employer or location"
            faults.append(Fault(message, as_text(asked)))
        elif wish is None and answer is not None:
            faults.append(Fault("is not a wish; write same, different or none", as_text(answer)))
        elif field in values:
            faults.append(Fault(f"wishes twice about {field}", as_text(answer)))
        elif wish is not None:
            values[field] = wish
    if faults:
        raise UnreadableCellError(faults)
    return PreferredAttributes.model_validate(values)


def _wish(answer: object) -> str | None:
    return None if answer is None else _ANSWERS.get(normalise(as_text(answer)))


def _written_wishes(cell: object) -> list[tuple[str, str]]:
    written = items(as_text(cell))
    if all(says_nothing(item, NOBODY) for item in written):
        return []
    halves = [re.split(r"\s*[=:]\s*", item, maxsplit=1) for item in written]
    if any(len(half) != 2 for half in halves):
        raise unreadable("is not a wish; write it like specialty=different", as_text(cell))
    return [(asked, answer) for asked, answer in halves]


def experience(cell: object) -> PriorExperience | None:
    """Whether somebody took part before: ``no``, ``yes``, ``yes; S07`` or ``S07; S02``."""
    if isinstance(cell, bool):
        return PriorExperience(before=cell)
    if isinstance(cell, Mapping):
        partners = tuple(each(name_of, cell.get("partners") or ()))
        return _experience(cell.get("before"), partners, cell)
    listed = entries(cell)
    first = fold(as_text(listed[0])) if listed else ""
    if first in _BEFORE or first in _NEVER:
        partners = tuple(each(somebody, listed[1:]))
        return _experience(first in _BEFORE, partners, cell)
    partners = tuple(each(somebody, listed))
    return (
        PriorExperience.model_validate({"before": True, "partners": partners}) if partners else None
    )


def _experience(before: object, partners: tuple[object, ...], cell: object) -> PriorExperience:
    if not isinstance(before, bool):
        raise unreadable("is neither yes nor no", as_text(before), shown=False)
    if partners and not before:
        raise unreadable("says no, and names somebody", as_text(cell))
    return PriorExperience.model_validate({"before": before, "partners": partners})


def periods(cell: object) -> tuple[object, ...]:
    """Days of absence: ``2026-08-01 to 2026-08-14``, or one day alone."""
    return tuple(each(_period, cell))


def _period(item: object) -> Period | None:
    start, end = _ends(item)
    if start is None or end is None:
        return None
    if end < start:
        written = f"{start.isoformat()} to {end.isoformat()}"
        raise unreadable("ends before it starts", written, shown=True)
    return Period(start=start, end=end)


def _ends(item: object) -> tuple[date | None, date | None]:
    if isinstance(item, Mapping):
        return day(item.get("start") or ""), day(item.get("end") or "")
    written = as_text(item)
    halves = re.split(r"\s+(?:to|until|till|-)\s+|\s*[–—]\s*", written)
    if len(halves) == 2:
        first, last = written_day(halves[0]), written_day(halves[1])
        if first is None or last is None:
            raise unreadable("is not a period; write 2026-08-01 to 2026-08-14", written, shown=True)
        return first, last
    return day(item), day(item)


def shared_fields(cell: object) -> tuple[object, ...]:
    """Names of the form's fields that a partner may see."""
    return tuple(dict.fromkeys(each(_field_name, cell)))


def _field_name(item: object) -> str | None:
    written = as_text(item)
    if says_nothing(written, NOBODY):
        return None
    known = {normalise(name): name for name in Participant.model_fields}
    found = known.get(normalise(written))
    if found is None:
        near = tuple(known[key] for key in get_close_matches(normalise(written), known, n=2))
        raise unreadable("is not a field of the form", written, shown=True, suggestions=near)
    return found


def loose_list(cell: object) -> tuple[object, ...]:
    """A list of free texts; commas separate it where no semicolon does."""
    separators = ";\n\r"
    if isinstance(cell, str) and len(items(cell)) < 2 and not cell.rstrip().endswith(";"):
        separators += ","
    found = each(text, cell, separators)
    return tuple(item for item in found if not says_nothing(str(item), NOBODY))
