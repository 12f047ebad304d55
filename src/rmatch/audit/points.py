"""The built-in criteria, one function each: 0–10 000 for p about q, or ``None`` (not stated)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from rmatch.audit.alike import Classes, Common, LooksAt
from rmatch.audit.facts import Facts
from rmatch.audit.truth import given_same
from rmatch.programme import Settings

TOP = 10_000

Value = Callable[[Settings, Facts, Facts], int | None]


def share(part: int, whole: int) -> int:
    """``part`` of ``whole`` in units, rounded to the nearest."""
    return (2 * TOP * part + whole) // (2 * whole)


def _choice(_: Settings, p: Facts, q: Facts) -> int | None:
    if not p.choice_group:
        return None
    group = p.choice_group.get(q.id)
    return 0 if group is None else max(2_000, 12_000 - 2_000 * group)


def _topics(_: Settings, p: Facts, q: Facts) -> int | None:
    wants, offers = p.person.wants, q.person.offers
    if not wants or not offers:
        return None
    weights = range(len(wants), 0, -1)
    met = sum(weight for topic, weight in zip(wants, weights, strict=True) if topic in offers)
    return share(met, sum(weights))


def _availability(_: Settings, p: Facts, q: Facts) -> int | None:
    if not p.slots or not q.slots:
        return None
    return 2_500 * min(4, len(p.slots & q.slots))


def _specialty(settings: Settings, p: Facts, q: Facts) -> int | None:
    if p.group is None or q.group is None:
        return None
    mode = p.wishes.specialty or settings.specialty
    if mode in ("ignore", "none"):
        return 5_000
    return TOP if (p.group == q.group) == (mode == "same") else 0


def _place(_: Settings, p: Facts, q: Facts) -> int | None:
    if not p.modes or not q.modes:
        return None
    shared = p.modes & q.modes
    in_person = "in_person" in shared
    if in_person and given_same(p.base, q.base):
        return TOP
    if in_person and given_same(p.person.deanery, q.person.deanery):
        return 7_500
    if "virtual" in shared:
        return 5_000
    return 2_500 if in_person else 0


def _interests(_: Settings, p: Facts, q: Facts) -> int | None:
    if not p.interests or not q.interests:
        return None
    return 5_000 * min(2, len(p.interests & q.interests))


def _language(_: Settings, p: Facts, q: Facts) -> int | None:
    if not p.languages or not q.languages:
        return None
    return TOP if p.languages & q.languages else 0


def _style(_: Settings, p: Facts, q: Facts) -> int | None:
    if p.style is None or q.style is None:
        return None
    return TOP if p.style == q.style else 0


def _grade_gap(settings: Settings, p: Facts, q: Facts) -> int | None:
    if p.level is None or q.level is None:
        return None
    gap = q.level - p.level if q.senior else p.level - q.level
    wanted = settings.min_level_gap
    return max(0, TOP - 500 * max(0, gap - wanted)) if gap >= wanted else 0


def _attributes(_: Settings, p: Facts, q: Facts) -> int | None:
    wishes: tuple[tuple[str | None, str | int | None, str | int | None], ...] = (
        (p.wishes.level, p.level, q.level),
        (p.wishes.employer, p.employer, q.employer),
        (p.wishes.location, p.person.deanery, q.person.deanery),
    )
    met = [
        (own == other) == (wish == "same")
        for wish, own, other in wishes
        if wish in ("same", "different") and own is not None and other is not None
    ]
    return share(sum(met), len(met)) if met else None


VALUES: Mapping[str, Value] = {
    "choice": _choice,
    "topics": _topics,
    "availability": _availability,
    "specialty": _specialty,
    "place": _place,
    "interests": _interests,
    "language": _language,
    "style": _style,
    "grade_gap": _grade_gap,
    "attributes": _attributes,
}
"""All serve both sides. ``experience`` is a bonus, not one of them."""

_NOTHING = None
"""What somebody has who stated nothing: everybody has it in common with them, and nobody else."""


def _held(things: Iterable[Hashable]) -> list[Hashable]:
    return list(things) or [_NOTHING]


def _looked_for(things: Iterable[Hashable]) -> list[Hashable]:
    return [_NOTHING, *things]


def _in_common(of: Callable[[Facts], Iterable[Hashable]]) -> Common:
    return Common(lambda p: _looked_for(of(p)), lambda q: _held(of(q)))


LOOKS_AT: Mapping[str, LooksAt] = {
    "choice": Common(lambda p: p.choice_group, lambda q: [q.id]),
    "topics": Common(lambda p: _looked_for(p.person.wants), lambda q: _held(q.person.offers)),
    "availability": _in_common(lambda p: p.slots),
    "specialty": Classes(lambda p: (p.group, p.wishes.specialty), lambda q: q.group),
    "place": Classes(
        lambda p: (p.modes, p.base, p.person.deanery),
        lambda q: (q.modes, q.base, q.person.deanery),
    ),
    "interests": _in_common(lambda p: p.interests),
    "language": _in_common(lambda p: p.languages),
    "style": Classes(lambda p: p.style, lambda q: q.style),
    "grade_gap": Classes(lambda p: (p.level, p.senior), lambda q: (q.level, q.senior)),
    "attributes": Classes(
        lambda p: (
            *(p.wishes.level, p.wishes.employer, p.wishes.location),
            *(p.level, p.employer, p.person.deanery),
        ),
        lambda q: (q.level, q.employer, q.person.deanery),
    ),
}
"""What each looks at of p and of q, besides the settings."""

EXPERIENCE = "experience"


BONUS_LOOKS_AT = Classes(
    lambda s: (s.person.experience_wanted, s.person.consent_matching),
    lambda m: (m.person.experience_offered, m.person.consent_matching),
)
"""What the bonus looks at of the mentee, and of the mentor, besides its weight."""


def experience_bonus(weight: int, mentor: Facts, mentee: Facts) -> int:
    """What experience offered on request adds to the mentee's side score, before the cap."""
    wanted, offered = mentee.person.experience_wanted, mentor.person.experience_offered
    agreed = mentee.person.consent_matching is True and mentor.person.consent_matching is True
    if not agreed or not wanted or weight == 0:
        return 0
    met = sum(1 for characteristic in wanted if characteristic in offered)
    return (2 * 100 * weight * met + len(wanted)) // (2 * len(wanted))
