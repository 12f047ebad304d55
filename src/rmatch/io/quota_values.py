"""Quotas over a text, such as an employer, that nobody has: most likely a typing mistake."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from rmatch.programme import Programme
from rmatch.programme.attributes import ATTRIBUTES


def unused_values(programme: Programme) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names of such quotas, each with the nearest values that somebody has."""
    for quota in programme.settings.quotas.values():
        attribute = ATTRIBUTES.get(quota.attribute or "")
        if attribute is None or quota.value is None or not attribute.is_free_text:
            continue
        mentors = quota.count == "mentors" or quota.whose == "mentor"
        side = programme.mentors if mentors else programme.mentees
        held = {attribute.key(v): v for person in side for v in attribute.held(person)}
        key = attribute.key(quota.value)
        if key not in held:
            near = get_close_matches(key, held, n=2)
            yield quota.name, tuple(held[match] for match in near)
