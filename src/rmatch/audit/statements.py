"""What the settings of a programme state, counted out over its people by plain loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rmatch.audit.declared import IdPair
from rmatch.audit.stated import WEAK, QuotaRow, Stated
from rmatch.programme import Participant, Programme
from rmatch.programme.reference import SPECIALTIES
from rmatch.programme.text import fold

People = Sequence[Participant]


def stated_by(programme: Programme) -> Stated:
    """What the settings of a programme state."""
    # By name, with defaults: a programme's settings may state nothing at all.
    settings: Any = programme.settings
    loads = _Loads(
        getattr(settings, "minimum_load", {}),
        getattr(settings, "maximum_load", {}),
        getattr(settings, "load_price", {}),
    )
    return Stated(
        forced=_pairs(
            (*getattr(settings, "must_pair", ()), *getattr(settings, "frozen_pairs", ()))
        ),
        forbidden=_pairs(getattr(settings, "must_not_pair", ())),
        standing=_pairs(getattr(settings, "standing_pairs", ())),
        max_changes=_max_changes(settings),
        at_most=loads.at_most,
        quotas=(*loads.rows(programme), *quota_rows(programme)),
        stability=getattr(settings, "stability", WEAK),
    )


def _max_changes(settings: Any) -> int | None:
    """No limit where nothing was made before."""
    most: int | None = getattr(settings, "max_changes", None)
    return most if getattr(settings, "standing_pairs", ()) else None


def _pairs(pairs: Iterable[Iterable[str]]) -> frozenset[IdPair]:
    return frozenset((mentor, mentee) for mentor, mentee in pairs)


class _Loads:
    """Limits on the partners of single people; with a price they need not hold."""

    def __init__(
        self, least: Mapping[str, int], most: Mapping[str, int], price: Mapping[str, int]
    ) -> None:
        self._least, self._most, self._price = least, most, price

    @property
    def at_most(self) -> dict[str, int]:
        """Maxima that must hold: they lower the capacity."""
        return {person: most for person, most in self._most.items() if person not in self._price}

    def rows(self, programme: Programme) -> Iterator[QuotaRow]:
        """The others are quotas over the pairs of one person."""
        for person in dict.fromkeys((*self._least, *self._most)):
            price = self._price.get(person)
            least = self._least.get(person, 0)
            most = None if price is None else self._most.get(person)
            if least or most is not None:
                own = {pair: 1 for pair in _every_pair(programme) if person in pair}
                yield QuotaRow(f"load {person}", own, minimum=least, maximum=most, price=price)


def _every_pair(programme: Programme) -> Iterator[IdPair]:
    return ((m.id, s.id) for m in programme.mentors for s in programme.mentees)


def quota_rows(programme: Programme) -> tuple[QuotaRow, ...]:
    """The quotas that the settings name; one row for each value of a quota per attribute."""
    quotas: Mapping[str, Any] = getattr(programme.settings, "quotas", {})
    return tuple(row for quota in quotas.values() for row in _rows(programme, quota))


def _rows(programme: Programme, quota: Any) -> Iterator[QuotaRow]:
    if quota.per is None:
        yield _row(programme, quota, quota.attribute, quota.value)
        return
    side = programme.mentors if _side(quota) == "mentor" else programme.mentees
    for value in sorted({value for person in side for value in held(person, quota.per)}):
        yield _row(programme, quota, quota.per, value)


def _row(programme: Programme, quota: Any, attribute: str | None, value: str | None) -> QuotaRow:
    def counts(person: Participant) -> bool:
        return attribute is None or fold(value or "") in held(person, attribute)

    def people(side: str, everyone: People) -> dict[str, int]:
        return {p.id: 1 for p in everyone if counts(p)} if quota.count == side else {}

    return QuotaRow(
        statement=f"quota {quota.name}",
        pairs=_counted_pairs(programme, quota, counts) if quota.count == "pairs" else {},
        mentors=people("mentors", programme.mentors),
        mentees=people("mentees", programme.mentees),
        minimum=quota.minimum,
        maximum=quota.maximum,
        price=quota.price,
    )


def _side(quota: Any) -> str:
    """On whose side a value is looked up."""
    return str(quota.whose) if quota.count == "pairs" else str(quota.count).removesuffix("s")


def _counted_pairs(programme: Programme, quota: Any, counts: Any) -> dict[IdPair, int]:
    found: dict[IdPair, int] = {}
    for mentor in programme.mentors:
        for mentee in programme.mentees:
            if quota.same or quota.different:
                counted = _related(mentor, mentee, quota)
            else:
                counted = counts(mentor if quota.whose == "mentor" else mentee)
            if counted:
                found[mentor.id, mentee.id] = 1
    return found


def _related(mentor: Participant, mentee: Participant, quota: Any) -> bool:
    """Whether both are known, and have something in common or nothing."""
    attribute = quota.same or quota.different
    one, other = held(mentor, attribute), held(mentee, attribute)
    if not one or not other:
        return False
    return bool(one & other) is bool(quota.same)


def held(person: Participant, attribute: str) -> frozenset[str]:
    """What a person has of an attribute, folded; nothing where it is blank."""
    if attribute == "leadership_roles":
        return frozenset(fold(role.role) for role in person.leadership_roles)
    if attribute == "specialty_group":
        group = SPECIALTIES[person.specialty]["group"] if person.specialty else ""
        return frozenset({fold(group)} if group else ())
    if attribute == "carried_over":
        return frozenset({"yes" if person.carried_over else "no"})
    value = getattr(person, attribute)
    values = value if isinstance(value, tuple) else (value,)
    return frozenset(fold(one) for one in values if one)
