"""Hypothesis strategies that build whole instances and whole programmes.

For tests of code that uses rmatch: ``@given(programme=rmatch.testing.programmes())``. Values come
from small pools, so that coincidences (one employer, one department, the TPD of a mentor's own
programme) are frequent, and every value shrinks towards "blank".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias, get_args

import numpy as np

from rmatch.errors import MissingExtraError
from rmatch.instance import STABILITIES, Instance, Quota
from rmatch.programme import Conflict, Participant, PastPair, Programme, Settings
from rmatch.programme.reference import ROLES, RULES
from rmatch.programme.settings import DEFAULT_WEIGHTS, default_severities, is_waivable
from rmatch.programme.ties import EndReason

try:
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError("hypothesis", "testing", "rmatch.testing") from error

__all__ = ["FACETS", "instances", "programmes"]

Facts: TypeAlias = Mapping[str, st.SearchStrategy[Any]]

# ---------------------------------------------------------------------------------------- instances

_PLAIN, _WARNED, _UNACCEPTABLE = "plain", "warned", "unacceptable"

_KINDS: tuple[tuple[str, ...], ...] = (
    (_PLAIN,),
    (_PLAIN, _WARNED),
    (_PLAIN, _UNACCEPTABLE),
    (_PLAIN, _PLAIN, _WARNED, _UNACCEPTABLE),
    (_PLAIN, _UNACCEPTABLE, _UNACCEPTABLE, _UNACCEPTABLE),
    (_UNACCEPTABLE,),
)
"""What a pair can be, in one instance's proportions: complete, warned, sparse, nobody at all."""


@st.composite
def instances(
    draw: st.DrawFn,
    *,
    max_side: int = 5,
    max_capacity: int = 2,
    max_score: int = 20_000,
    constrained: bool = False,
) -> Instance:
    """A whole instance: unequal or empty sides, ties, short lists, priorities, warned pairs.

    Args:
        draw: given by Hypothesis.
        max_side: the most people on a side; there may be none.
        max_capacity: the most places of a person; there may be none.
        max_score: the largest score of a pair.
        constrained: whether to draw also pairs that must be made or were made before, up to two
            quotas over pairs and people, with and without a price, and which pairs block; now and
            then no matching keeps them all.
    """
    n, m = draw(_sides(max_side))
    kinds = draw(st.sampled_from((*_KINDS, *_KINDS[:-1])))
    levels = draw(st.integers(1, max(1, max_side)))
    scores = draw(st.lists(st.integers(0, max_score), min_size=1, max_size=6))
    capacities = st.sampled_from((1, *range(max_capacity + 1)))
    priorities = st.sampled_from((0, 0, 1, 3))
    # One number says all about a pair: five draws for each would take five times as long.
    cell = st.integers(0, len(kinds) * len(scores) * levels * levels - 1)
    pairs: list[tuple[int, int, int, int, int, bool]] = []
    for i in range(n):
        for j in range(m):
            code, mentor_rank = divmod(draw(cell), levels)
            code, mentee_rank = divmod(code, levels)
            kind, score = divmod(code, len(scores))
            if kinds[kind] != _UNACCEPTABLE:
                warned = kinds[kind] == _WARNED
                pairs.append((i, j, mentor_rank, mentee_rank, scores[score], warned))
    columns = list(zip(*pairs, strict=True)) or [()] * 6
    instance = Instance.from_pairs(
        *columns[:4],
        score=columns[4],
        warned=columns[5],
        mentor_capacity=[draw(capacities) for _ in range(n)],
        mentee_capacity=[draw(capacities) for _ in range(m)],
        mentor_priority=[draw(priorities) for _ in range(n)],
        mentee_priority=[draw(priorities) for _ in range(m)],
    )
    return _constrained(draw, instance) if constrained else instance


def _constrained(draw: st.DrawFn, instance: Instance) -> Instance:
    """The instance with statements and a kind of stability; capacities are not looked at."""
    everyone = range(instance.n_pairs)
    forced = draw(st.sets(st.sampled_from(everyone), max_size=2)) if instance.n_pairs else set()
    standing = draw(st.sets(st.sampled_from(everyone), max_size=4)) if instance.n_pairs else set()
    names = [f"quota_{k}" for k in range(draw(st.sampled_from((0, 1, 1, 2))))]
    return instance.replace(
        forced=[pair in forced for pair in everyone],
        standing=[pair in standing for pair in everyone],
        quotas=tuple(_quota(draw, instance, name) for name in names),
        stability=draw(st.sampled_from(STABILITIES)),
    )


_COUNTED = ("pair", "mentor", "mentee", "pair", "mentor", "mentee", "everything")
"""What a quota counts."""


def _quota(draw: st.DrawFn, instance: Instance, name: str) -> Quota:
    counted = draw(st.sampled_from(_COUNTED))

    def worth(what: str, size: int) -> Any:
        # One number for a whole array, as above: 0 or 1, or now and then 2, for each.
        code = draw(st.integers(0, 4**size - 1)) if counted in (what, "everything") else 0
        return np.array([(0, 1, 1, 2)[code // 4**k % 4] for k in range(size)], dtype=np.int64)

    minimum = draw(st.sampled_from((0, 0, 1, 1, 2, 3)))
    room = draw(st.sampled_from((None, 0, 0, 1, 2)))
    return Quota(
        statement=name,
        pair=worth("pair", instance.n_pairs),
        mentor=worth("mentor", instance.n_mentors),
        mentee=worth("mentee", instance.n_mentees),
        minimum=minimum,
        maximum=None if room is None else minimum + room,
        price=draw(st.sampled_from((None, None, 1, 5, 0))),
    )


@cache
def _sides(most: int) -> st.SearchStrategy[tuple[int, int]]:
    """How many people the two sides have: empty ones are possible, larger ones likelier."""
    sizes = range(most + 1)
    likely = [(n, m) for n in sizes for m in sizes for _ in range(1 + 2 * min(n, m))]
    return st.sampled_from(sorted(likely, key=sum))


# --------------------------------------------------------------------------------------- programmes

_LONG_AGO = date(2024, 8, 31)
_DATES = (
    None,
    date(2026, 9, 1),
    _LONG_AGO,  # with 24 months of look-back: lapsed the day before 1 September 2026
    date(2024, 9, 1),
    date(2024, 2, 29),
    date(2025, 8, 31),  # six months on is the last day of a short month
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(9999, 12, 31),
)
_ENDS = (None, date(2026, 9, 1), date(2027, 8, 31), date(9999, 12, 31))

_REGIONS = ("EOE", "East of England", "EM")
_SCHOOLS = ("Surgery", "general surgery", "Anaesthesia")
_EMPLOYERS = ("Norfolk Trust", "NORFOLK  trust", "Suffolk Trust")
_DEPARTMENTS = ("Theatres", "theatres", "General surgery", "Urology")
_PROGRAMMES = ("gs_eoe", "GS_EOE", "anaes_em")
_TOPICS = ("discrimination", "career_progression", "wellbeing", "study_leave", "faith")
_MODES = ("virtual", "in_person")
_SLOTS = ("mon_am", "mon_pm", "tue_eve", "fri_am", "sun_eve")
_CHARACTERISTICS = ("race", "disability", "img")
_OUTSIDE = ("Dr Outside", "dr  OUTSIDE", "Ms Elsewhere")

_SCOPES: Mapping[str, tuple[str, ...]] = {
    "training_programme": _PROGRAMMES,
    "region+specialty": (*_SCHOOLS[:2], "EOE/General surgery", "EM / urology", "EOE"),
    "region+school": (*_SCHOOLS, "EOE/Surgery", "east of england/general surgery", "EM"),
    "region": _REGIONS,
    "employer": _EMPLOYERS,
    "employer+specialty": (*_EMPLOYERS, "Urology", "Norfolk Trust/general surgery"),
    "employer+department": (*_DEPARTMENTS, "Norfolk Trust/Theatres", "Suffolk trust/urology"),
    "management_chain": _EMPLOYERS,
    "declared": _PROGRAMMES,
}
"""Scopes worth trying for a role, by what its scope is compared with; so is a blank one."""


def _one(*pool: Any) -> st.SearchStrategy[Any]:
    """Blank, or one value of a pool."""
    return st.sampled_from((None, *pool))


def _some(*pool: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Any part of a pool, forwards or backwards: one draw, where a list would cost many."""

    def pick(bits: int) -> tuple[str, ...]:
        picked = tuple(value for k, value in enumerate(pool, start=1) if bits >> k & 1)
        return picked[::-1] if bits & 1 else picked

    return st.integers(0, 2 ** (len(pool) + 1) - 1).map(pick)


def _few(*pool: str) -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly nobody, else one of a pool, or rarely all of it."""
    return st.sampled_from([*[()] * (3 + 3 * len(pool)), *((value,) for value in pool), pool])


_PREFERENCES = _one("same", "different", "none")
_YES_NO = _one(True, False)

_FACETS: Mapping[str, Facts] = {
    "contact": {"email": _one(None, None, "a@nhs.example", "A@NHS.example", "b@nhs.example")},
    "work": {"employer": _one(*_EMPLOYERS), "department": _one(*_DEPARTMENTS)},
    "training": {
        "specialty": _one("general_surgery", "urology", "anaesthetics", "core_surgical_training"),
        "training_programme": _one(*_PROGRAMMES),
        "deanery": _one("EOE", "EM"),
    },
    "meeting": {
        "modes": st.sampled_from(((), _MODES, _MODES, _MODES[:1], _MODES[1:])),
        "availability": _some(*_SLOTS),
        "base": _one("Cambridge", "cambridge ", "Norwich"),
        "deanery": _one("EOE", "EM"),
    },
    "goals": {"wants": _some(*_TOPICS), "offers": _some(*_TOPICS)},
    "experience": {
        "experience_offered": _some(*_CHARACTERISTICS),
        "experience_wanted": _some(*_CHARACTERISTICS),
        "consent_matching": _YES_NO,
    },
    "taste": {
        "interests": _some("Running", "running", "chess", "choir"),
        "language": _some("English", "english", "Hindi"),
        "style": _one("directive", "Directive", "listening"),
        "pref_attrs": st.builds(
            dict,
            specialty=_PREFERENCES,
            level=_PREFERENCES,
            employer=_PREFERENCES,
            location=_PREFERENCES,
        ),
    },
    "next post": {
        "next_post_employer": _one(*_EMPLOYERS),
        "next_post_department": _one(*_DEPARTMENTS, "ENT"),
        "next_post_start": st.sampled_from(_DATES),
    },
    "confirmations": {
        "conflicts_confirmed": _YES_NO,
        "training_done": st.sampled_from(_DATES),
        "line_manager_ok": _YES_NO,
        "eligibility_confirmed": _YES_NO,
        "carried_over": st.booleans(),
    },
    "office": {
        "privacy_notice_version": _one("v1"),
        "consent_share": _some("wants", "offers"),
        "unavailable_periods": st.sampled_from(
            ((), ({"start": date(2026, 12, 20), "end": date(2027, 1, 3)},))
        ),
        "extra": st.sampled_from(({}, {"tea": "yes"})),
    },
}
"""Fields that name nobody, by what they are about; a programme fills some facets and no others."""

_MENTOR_GRADES = _one(
    "fy1", "ct1", "st5", "clinical_fellow", "resident_unspecified", "specialty_doctor"
)
_MENTEE_GRADES = _one("consultant", "consultant", "gp", "specialty_doctor", "st8")


@dataclass(frozen=True)
class _Cast:
    """Who is in a programme that is being drawn, and what it fills in."""

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    facets: frozenset[str]
    roles: tuple[str, ...]
    by_name: bool
    nobody_with_nobody: bool

    def written(self, people: Sequence[str]) -> tuple[str, ...]:
        """How references to these people are written: by id, or by name."""
        return tuple(f"Dr {person}" for person in people) if self.by_name else tuple(people)

    def facts(self, *, mentor: bool) -> dict[str, st.SearchStrategy[Any]]:
        """The fields that people of one side fill in."""
        facts: dict[str, st.SearchStrategy[Any]] = {
            "capacity": st.sampled_from((1, 1, 1, 0, 2, 3)),
        }
        for facet in _FACETS:
            if facet in self.facets:
                facts |= _FACETS[facet]
        if "level" in self.facets:
            facts["grade"] = _MENTOR_GRADES if mentor else _MENTEE_GRADES
        if "roles" in self.facets:
            facts["leadership_roles"] = self._roles_held(mentor=mentor)
        return facts | self._links(self.written(self.mentees if mentor else self.mentors))

    def _roles_held(self, *, mentor: bool) -> st.SearchStrategy[Any]:
        # A role over one person has that person's id for its scope.
        held = [
            {"role": role, "scope": scope}
            for role in self.roles
            for scope in ("", *_SCOPES[ROLES[role]["match_on"]], *self.mentors)
        ]
        return st.lists(st.sampled_from(held), max_size=0 if mentor else 2)

    def _links(self, others: tuple[str, ...]) -> dict[str, st.SearchStrategy[Any]]:
        anyone = (*self.written((*self.mentors, *self.mentees)), *_OUTSIDE)
        links: dict[str, st.SearchStrategy[Any]] = {}
        if "managers" in self.facets:
            links["line_manager"] = _one("", *anyone)
            links["supervisors"] = st.one_of(st.none(), _few(*anyone))
        if "choices" in self.facets:
            links["choices"] = _choices(others)
        if "aversions" in self.facets:
            links["vetoes"] = _few(*others)
            links["conflicts"] = _few(*others)
        if "before" in self.facets:
            links["prior_experience"] = st.one_of(
                st.none(),
                st.builds(dict, before=st.booleans(), partners=_few(*others, "Dr Outside")),
            )
        if self.nobody_with_nobody:
            links["vetoes"] = st.just(others)
        return links


FACETS = (
    *_FACETS,
    *("level", "roles", "managers", "choices", "aversions", "before", "conflicts", "history"),
    "waivers",
)
"""What a programme may say something about."""


@st.composite
def programmes(draw: st.DrawFn, *, max_side: int = 6, filled: Collection[str] = ()) -> Programme:
    """A whole valid programme: people, conflicts, history and settings, any of them blank.

    Args:
        draw: given by Hypothesis.
        max_side: the most people on a side; there may be none.
        filled: facets that are always filled in, and not only now and then; of ``FACETS``.
    """
    cast = draw(_casts(max_side, frozenset(filled)))
    mentor_facts, mentee_facts = cast.facts(mentor=True), cast.facts(mentor=False)
    return Programme(
        mentors=[_person(draw, cast, person, mentor_facts) for person in cast.mentors],
        mentees=[_person(draw, cast, person, mentee_facts) for person in cast.mentees],
        conflicts=draw(_conflicts(cast)),
        history=draw(_history(cast)),
        settings=draw(_settings(cast)),
    )


@st.composite
def _casts(draw: st.DrawFn, max_side: int, filled: frozenset[str]) -> _Cast:
    # Two in five: with everything filled in, some rule or other would exclude nearly every pair.
    facets = [facet for facet in FACETS if facet in filled or draw(st.integers(0, 4)) > 2]
    roles = st.sampled_from([role.id for role in ROLES])
    n, m = draw(_sides(max_side))
    return _Cast(
        mentors=tuple(f"M{k}" for k in range(1, n + 1)),
        mentees=tuple(f"S{k}" for k in range(1, m + 1)),
        facets=frozenset(facets),
        roles=tuple(draw(roles) for _ in range(3)) if "roles" in facets else (),
        by_name=draw(st.booleans()),
        nobody_with_nobody=draw(st.integers(0, 19)) == 19,
    )


def _person(draw: st.DrawFn, cast: _Cast, person: str, facts: Facts) -> Participant:
    fields = {field: draw(strategy) for field, strategy in facts.items()}
    return Participant(id=person, name=f"Dr {person}" if cast.by_name else None, **fields)


@st.composite
def _choices(draw: st.DrawFn, others: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    if not others:
        return ()
    chosen = draw(st.lists(st.sampled_from(others), unique=True, max_size=5))
    tied = draw(st.integers(0, 15))
    groups: list[tuple[str, ...]] = []
    for k, other in enumerate(chosen):
        if k and tied >> (k - 1) & 1:
            groups[-1] = (*groups[-1], other)
        else:
            groups.append((other,))
    return tuple(groups)


def _conflicts(cast: _Cast) -> st.SearchStrategy[list[Conflict]]:
    if "conflicts" not in cast.facets or not (cast.mentors and cast.mentees):
        return st.just([])
    return st.lists(
        st.builds(
            Conflict,
            mentor=st.sampled_from(cast.written(cast.mentors)),
            mentee=st.sampled_from(cast.written(cast.mentees)),
            rule=st.sampled_from([rule.id for rule in RULES]),
            until=st.sampled_from(_DATES),
        ),
        max_size=4,
    )


def _history(cast: _Cast) -> st.SearchStrategy[list[PastPair]]:
    if "history" not in cast.facets:
        return st.just([])
    # Earlier cohorts had others in them, and may have had these two the other way round.
    people = (*cast.mentors, *cast.mentees)
    return st.lists(
        st.builds(
            PastPair,
            mentor=st.sampled_from((*cast.written(people), "Dr Outside")),
            mentee=st.sampled_from((*cast.written(people[::-1]), "Dr Outside")),
            ended=_one(*get_args(EndReason)),
        ),
        max_size=3,
    )


_WAIVABLE = [code for code in default_severities() if is_waivable(code)]


def _waivers(cast: _Cast) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    if "waivers" not in cast.facets or not (cast.mentors and cast.mentees):
        return st.just([])
    return st.lists(
        st.tuples(
            st.sampled_from(cast.written(cast.mentors)),
            st.sampled_from(cast.written(cast.mentees)),
            st.sampled_from(_WAIVABLE),
        ),
        max_size=6,
    )


_SEVERITIES = [
    (code, severity)
    for code, default in default_severities().items()
    for severity in ("hard", "warn", "off")
    if severity == "hard" or default != "hard" or is_waivable(code)
]
_SCORED: Facts = {
    "weights": st.dictionaries(
        st.sampled_from(tuple(DEFAULT_WEIGHTS)), st.sampled_from((0, 1, 7, 33, 1_000_000))
    ),
    "side_weights": st.sampled_from(((6, 4), (1, 0), (0, 1), (1, 1), (1000, 999))),
    "specialty": st.sampled_from(("different", "same", "ignore")),
}
_RANKED: Facts = {
    "minimum_score": st.sampled_from((0, 0, 30, 50, 100)),
    "indifference": st.sampled_from((5, 0, 1, 10, 100)),
}
_RULED: Facts = {
    "rules": st.lists(st.sampled_from(_SEVERITIES), max_size=4).map(dict),
    "lookback_months": st.dictionaries(
        st.sampled_from([rule.id for rule in RULES]),
        st.sampled_from((0, 1, 6, 12, 24, 1200)),
        max_size=3,
    ),
    "min_level_gap": st.sampled_from((2, 0, 5, -2, -20, 20)),
    "induction_deadline": st.sampled_from(_DATES),
}
_PLANNED: Facts = {
    "starts": st.sampled_from(_DATES[:2]),
    "ends": st.sampled_from(_ENDS),
    "seed": st.sampled_from((0, 1, 2**64)),
    "time_limit": _one(600.0),
}
_SOLVED: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"strategy": "stable"},
    {"strategy": "best_score"},
    {"objectives": ("stability", "pairs", "warnings", "score", "tie_break")},
)


@st.composite
def _settings(draw: st.DrawFn, cast: _Cast) -> Settings:
    groups = (_SCORED, _RANKED, _RULED, _PLANNED)
    chosen: dict[str, Any] = {}
    for group in groups:
        if draw(st.booleans()):
            chosen |= {field: draw(strategy) for field, strategy in group.items()}
    chosen |= draw(st.sampled_from(_SOLVED))
    return Settings(
        **chosen,
        waivers=draw(_waivers(cast)),
        coordinators=draw(_few(*cast.mentors, *cast.mentees)),
    )
