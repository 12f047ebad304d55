"""programme.json without one person: their record, and whatever in it names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rmatch.programme.text import fold

NOT_ABOUT_PEOPLE = frozenset(
    {"weights", "rules", "lookback_months", "quotas", "objectives", "side_weights"}
)
"""Settings whose texts are never people; any other list or table of the settings may name some."""


def forgotten(programme: Mapping[str, Any], person: str) -> dict[str, Any]:
    """The programme, as it stands in programme.json, without this person.

    Choices, vetoes, conflicts, managers, supervisors, earlier partners, roles held over them,
    declared conflicts, history and statements that name them go; a choice list closes up.

    Args:
        programme: As JSON.
        person: Their id.
    """
    called = names_of(programme, person)
    kept = {
        side: [_without(one, called) for one in programme[side] if one["id"] != person]
        for side in ("mentors", "mentees")
    }
    kept |= {
        table: [row for row in programme[table] if not _is(called, row["mentor"], row["mentee"])]
        for table in ("conflicts", "history", "dormant")
        if table in programme  # an older file has nothing dormant
    }
    return {**programme, **kept, "settings": _settings(programme["settings"], called)}


def is_named(programme: Mapping[str, Any], person: str) -> bool:
    """Whether earlier pairs or dormant conflicts name somebody who is not in the programme."""
    return any(
        _is(frozenset({fold(person)}), row["mentor"], row["mentee"])
        for row in _outsiders(programme)
    )


def side_of(programme: Mapping[str, Any], person: str) -> str:
    """``mentor`` or ``mentee``; of somebody who left, the side they were on."""
    ids = [one["id"] for one in programme["mentors"]]
    if not any(one["id"] == person for one in programme["mentees"]):
        ids += [row["mentor"] for row in _outsiders(programme)]
    return "mentor" if person in ids else "mentee"


def _outsiders(programme: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Records that may name people who are not there."""
    for table in ("history", "dormant"):
        yield from programme.get(table, ())


def names_of(programme: Mapping[str, Any], person: str) -> frozenset[str]:
    """What the person is called, folded: their id, and what of name and e-mail is theirs alone."""
    everybody = [*programme["mentors"], *programme["mentees"]]
    # Nobody's record where they left, and only what was laid aside still names them.
    record: Mapping[str, Any] = next((one for one in everybody if one["id"] == person), {})
    others = {
        fold(one[field])
        for one in everybody
        if one["id"] != person
        for field in ("name", "email")
        if one.get(field)
    }
    own = {fold(record[field]) for field in ("name", "email") if record.get(field)}
    return frozenset({fold(person), *(own - others)})


def _is(called: frozenset[str], *texts: str) -> bool:
    return any(fold(text) in called for text in texts)


def _without(record: Mapping[str, Any], called: frozenset[str]) -> dict[str, Any]:
    """Somebody else's record, without what names the person."""
    changes: dict[str, Any] = {
        name: [text for text in record[name] if not _is(called, text)]
        for name in ("vetoes", "conflicts", "supervisors")
        if record.get(name)
    }
    groups = ([text for text in group if not _is(called, text)] for group in record["choices"])
    changes["choices"] = [group for group in groups if group]
    changes["leadership_roles"] = [
        role for role in record["leadership_roles"] if not _is_over(called, role)
    ]
    manager = record.get("line_manager")
    if manager and _is(called, manager):
        changes["line_manager"] = None
    prior = record.get("prior_experience")
    if prior:
        partners = [text for text in prior["partners"] if not _is(called, text)]
        changes["prior_experience"] = {**prior, "partners": partners}
    return {**record, **changes}


def _is_over(called: frozenset[str], role: Mapping[str, Any]) -> bool:
    return any(_is(called, part.strip()) for part in role.get("scope", "").split("/"))


def _settings(settings: Mapping[str, Any], called: frozenset[str]) -> dict[str, Any]:
    """The settings without rows, texts and table entries that name the person."""
    return {
        name: value if name in NOT_ABOUT_PEOPLE else _pruned(value, called)
        for name, value in settings.items()
    }


def _pruned(value: Any, called: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [one for one in value if not _names(one, called)]
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if not _is(called, key)}
    return value


def _names(one: Any, called: frozenset[str]) -> bool:
    texts = one if isinstance(one, list) else [one]
    return any(isinstance(text, str) and _is(called, text) for text in texts)


def mentions(content: Any, called: frozenset[str], path: str = "") -> Iterator[str]:
    """Where texts still hold the id, name or e-mail, among other words too; no values."""
    if isinstance(content, str):
        if _holds(content, called):
            yield path
    elif isinstance(content, list):
        for number, one in enumerate(content):
            # A person is known by their id; anything else by its place.
            label = one["id"] if isinstance(one, dict) and "id" in one else str(number + 1)
            yield from mentions(one, called, f"{path} {label}".strip())
    elif isinstance(content, dict):
        for key, one in content.items():
            yield from mentions(one, called, f"{path} {key}".strip())


def _holds(text: str, called: frozenset[str]) -> bool:
    words = f" {_spaced(fold(text))} "
    return any(f" {_spaced(one)} " in words for one in called)


def _spaced(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text).split())
