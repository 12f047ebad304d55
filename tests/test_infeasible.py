"""Statements as arrays, and why they cannot all hold: against every matching of small instances."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rmatch.instance
from brute_force import Problem, matchings
from fuzzing import fuzzed
from rmatch.errors import InfeasibleError, Relaxation
from rmatch.explaining.infeasible import explained, minimal_set
from rmatch.instance import Instance
from rmatch.programme import (
    Load,
    MustNotPair,
    MustPair,
    Programme,
    Quota,
    Settings,
    Statement,
)
from rmatch.scoring import score
from rmatch.scoring.statements import AnyStatement, apply, parts_of, stated_instance
from rmatch.testing import instances


def feasible(instance: Instance) -> bool:
    """Whether any matching at all keeps what must hold."""
    return next(matchings(Problem(instance)), None) is not None


# ----------------------------------------------------------------------------- statements as arrays

EMPLOYERS = ("North", "north ", "South", None)
SPECIALTIES = ("orthodontics", "endodontics", "urology", None)


def people(side: str, count: int, draw: Any) -> list[dict[str, Any]]:
    """People with what quotas count, often missing."""
    return [
        {
            "id": f"{side}{k}",
            "employer": draw(st.sampled_from(EMPLOYERS)),
            "specialty": draw(st.sampled_from(SPECIALTIES)),
            "deanery": draw(st.sampled_from(("EOE", "SW", None))),
            "modes": draw(st.sampled_from(((), ("virtual",), ("virtual", "in_person")))),
            "capacity": draw(st.sampled_from((1, 1, 2))),
        }
        for k in range(count)
    ]


QUOTAS = [
    "{} pairs",
    "{} mentors",
    "{} pairs with different deanery",
    "{} pairs with same employer",
    "{} pairs with different modes",
    "{} mentors with specialty_group dental",
    "{} mentees with employer north",
    "{} mentees per employer",
    "{} pairs per mentor specialty_group",
    "{} pairs with mentee deanery EOE",
]


@st.composite
def statements(draw: st.DrawFn, mentors: int, mentees: int, *, of_people: bool) -> list[Statement]:
    """Some statements about people M0 … and S0 …."""
    made: list[Statement] = []
    if mentors and mentees:
        ends = st.tuples(st.integers(0, mentors - 1), st.integers(0, mentees - 1))
        for kind in (MustPair, MustNotPair):
            pairs = draw(st.lists(ends, max_size=2, unique=True))
            made += [kind(f"M{i}", f"S{j}") for i, j in pairs]
    anybody = [*(f"M{i}" for i in range(mentors)), *(f"S{j}" for j in range(mentees))]
    price = st.sampled_from((None, None, None, 2))
    if anybody:
        for person in draw(st.lists(st.sampled_from(anybody), max_size=3, unique=True)):
            least, most = draw(st.sampled_from([(1, None), (2, None), (0, 0), (0, 1), (1, 1)]))
            made.append(Load(person, least, most, draw(price)))
    for number in range(draw(st.integers(0, 3))):
        limits = draw(st.sampled_from(["at least 1", "at least 3", "at most 1", "exactly 2"]))
        sentence = draw(st.sampled_from(QUOTAS if of_people else QUOTAS[:2])).format(limits)
        quota = Quota.parse(f"q{number}", sentence)
        made.append(quota.model_copy(update={"price": draw(price)}))
    order: list[Statement] = draw(st.permutations(made))
    return order


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Programme, list[Statement]]:
    """A small programme and statements about it."""
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    programme = Programme(
        mentors=people("M", n, draw),
        mentees=people("S", m, draw),
        settings=Settings(rules={"no_seniority": "off"}),
    )
    return programme, draw(statements(n, m, of_people=True))


def holds(programme: Programme, one: Statement, pairs: list[tuple[str, str]]) -> bool:
    """Whether one statement holds, in the plainest words."""
    if isinstance(one, MustPair):
        return (one.mentor, one.mentee) in pairs
    if isinstance(one, MustNotPair):
        return (one.mentor, one.mentee) not in pairs
    if one.price is not None:
        return True
    if isinstance(one, Load):
        load = sum(one.person in pair for pair in pairs)
        return one.minimum <= load and (one.maximum is None or load <= one.maximum)
    counts = [count(programme, one, pairs, value) for value in values(programme, one)]
    most = 10**9 if one.maximum is None else one.maximum
    return all(one.minimum <= number <= most for number in counts)


def has(person: Any, attribute: str) -> set[str]:
    """What somebody has of an attribute."""
    if attribute == "specialty_group":
        found = {None: None, "urology": "surgery"}.get(person.specialty, "dental")
        return {found} if found else set()
    if attribute == "modes":
        return set(person.modes)
    value = getattr(person, attribute)
    return {value.lower()} if value else set()


def side_of(quota: Quota) -> str:
    """The side whose people, or whose attribute, a quota counts."""
    return quota.whose or quota.count.removesuffix("s")


def values(programme: Programme, quota: Quota) -> list[str | None]:
    """The values that are counted, each by itself."""
    if not quota.per:
        return [quota.value and quota.value.lower()]
    side = programme.mentors if side_of(quota) == "mentor" else programme.mentees
    return sorted(set().union(*(has(person, quota.per) for person in side)))


def count(
    programme: Programme, quota: Quota, pairs: list[tuple[str, str]], value: str | None
) -> int:
    """What a quota counts."""
    both = [(programme.by_id[m], programme.by_id[s]) for m, s in pairs]
    related = quota.same or quota.different
    if related:
        known = [(has(m, related), has(s, related)) for m, s in both]
        return sum(bool(a and b and bool(a & b) == bool(quota.same)) for a, b in known)
    which = 0 if side_of(quota) == "mentor" else 1
    attribute = quota.attribute or quota.per
    kept = [pair for pair in both if not attribute or value in has(pair[which], attribute)]
    return len(kept) if quota.count == "pairs" else len({pair[which].id for pair in kept})


@fuzzed
@given(programmes())
def test_the_arrays_allow_what_the_statements_allow(
    drawn: tuple[Programme, list[Statement]],
) -> None:
    """Of all matchings, exactly those in which every statement holds, prices apart."""
    programme, stated = drawn
    plain = score(programme).instance
    ids = plain.mentor_ids, plain.mentee_ids

    def named(instance: Instance) -> set[frozenset[tuple[str, str]]]:
        return {
            frozenset((ids[0][i], ids[1][j]) for i, j in matching)
            for matching in matchings(Problem(instance))
        }

    wanted = {m for m in named(plain) if all(holds(programme, one, list(m)) for one in stated)}
    try:
        found = named(apply(plain, stated, programme))
    except InfeasibleError:
        found = set()
    assert found == wanted


def test_settings_make_the_instance_and_leave_the_scores() -> None:
    """Scores know nothing of statements; ranks close up where a pair is taken out."""
    programme = Programme(
        mentors=[{"id": "M1", "choices": [["S1"], ["S2"]]}, {"id": "M2", "capacity": 3}],
        mentees=[{"id": "S1"}, {"id": "S2"}],
    )
    stated = programme.replace(
        settings=Settings(
            must_not_pair=[("M1", "S1")],
            must_pair=[("M1", "S2")],
            maximum_load={"M2": 2},
            minimum_load={"M2": 1},
            stability="strong",
        )
    )
    scores = score(stated)
    assert np.array_equal(scores.points, score(programme).points)
    assert scores.instance.n_pairs == 4
    instance = stated_instance(scores)
    assert (instance.n_pairs, instance.stability) == (3, "strong")
    assert instance.mentor_rank[0] == 1
    assert instance.forced.tolist() == [True, False, False]
    assert instance.mentor_capacity.tolist() == [1, 2]
    (row,) = instance.quotas
    assert (row.statement, row.minimum, row.maximum) == ("load M2", 1, None)
    assert row.pair.tolist() == [0, 1, 1]


def test_a_price_makes_a_row_of_both_limits() -> None:
    """A maximum with a price does not take places away: it may be passed."""
    instance = Instance.from_scores(np.ones((2, 2)), mentor_capacity=[2, 2])
    stated = apply(instance, [Load("M0", 1, 1, price=4)])
    assert stated.mentor_capacity.tolist() == [2, 2]
    (row,) = stated.quotas
    assert (row.minimum, row.maximum, row.price) == (1, 1, 4)
    assert apply(instance, []) is instance


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (MustPair("M9", "S0"), "no mentor has the id 'M9'"),
        (MustNotPair("M0", "M1"), "no mentee has the id 'M1'"),
        (Load("X", maximum=1), "no person has the id 'X'"),
        (Quota.parse("q", "at most 1 mentee per employer"), "made without people"),
    ],
)
def test_what_an_instance_without_people_cannot_know(statement: Statement, message: str) -> None:
    """Statements go by id there, and over no attribute."""
    with pytest.raises(ValueError, match=message):
        apply(Instance.from_scores(np.ones((2, 2))), [statement])


# --------------------------------------------------------------------------------------- infeasible


def naive_minimal(instance: Instance, stated: list[AnyStatement]) -> set[frozenset[str]]:
    """Every minimal set that clashes, by trying all subsets."""
    clashing = [
        frozenset(k for k in range(len(stated)) if bits >> k & 1)
        for bits in range(1 << len(stated))
        if not possible(instance, [stated[k] for k in range(len(stated)) if bits >> k & 1])
    ]
    return {
        frozenset(stated[k].id for k in one)
        for one in clashing
        if not any(other < one for other in clashing)
    }


def possible(instance: Instance, stated: list[Any], programme: Programme | None = None) -> bool:
    """Whether some matching keeps the statements."""
    try:
        return feasible(apply(instance, stated, programme))
    except InfeasibleError:
        return False


@st.composite
def stated_instances(draw: st.DrawFn) -> tuple[Instance, list[Statement]]:
    """A small instance and statements about it."""
    instance = draw(instances(max_side=3))
    made = draw(statements(instance.n_mentors, instance.n_mentees, of_people=False))
    return instance, made


@fuzzed
@given(st.one_of(stated_instances(), programmes()))
def test_the_set_is_minimal_and_the_relaxation_the_least(
    drawn: tuple[Instance | Programme, list[Statement]],
) -> None:
    """It clashes, without any one of it it does not; and no smaller change of one is enough."""
    source, stated = drawn
    scores = score(source) if isinstance(source, Programme) else None
    programme = None if scores is None else scores.programme
    instance = source if isinstance(source, Instance) else score(source).instance
    error = explained(instance, stated, feasible, scores)
    if possible(instance, stated, programme):
        assert error is None
        return
    assert error is not None
    assert error.explained
    by_id = {one.id: one for one in stated}
    core = [by_id[name] for name in error.statements]
    assert core == [one for one in stated if one in core]
    assert not possible(instance, core, programme)
    for one in core:
        assert possible(instance, [other for other in core if other != one], programme)
    changes = {
        (relaxation.cost, relaxation): possible(instance, changed, programme)
        for one in stated
        for relaxation, changed in single_changes(stated, one)
    }
    enough = [cost for (cost, _), helps in changes.items() if helps]
    if error.relaxation is None:
        assert not enough
    else:
        assert changes[error.relaxation.cost, error.relaxation]
        assert error.relaxation.cost == min(enough)


def single_changes(
    stated: list[Statement], one: Statement
) -> list[tuple[Relaxation, list[Statement]]]:
    """Every change of one statement, and all of them with that change."""

    def having(changed: list[Statement]) -> list[Statement]:
        return [other for other in stated if other != one] + changed

    if isinstance(one, MustPair | MustNotPair):
        return [(Relaxation(one.id, "drop"), having([]))]
    found: list[tuple[Relaxation, list[Statement]]] = []
    for least in range(one.minimum):
        changed = one.model_copy(update={"minimum": least})
        found.append((Relaxation(one.id, "minimum", one.minimum, least), having([changed])))
    if one.maximum is not None:
        for most in range(one.maximum + 1, 12):
            changed = one.model_copy(update={"maximum": most})
            found.append((Relaxation(one.id, "maximum", one.maximum, most), having([changed])))
    return found


@fuzzed
@given(stated_instances())
def test_the_clever_search_finds_one_of_all_minimal_sets(
    drawn: tuple[Instance, list[Statement]],
) -> None:
    """Against trying all subsets."""
    instance, stated = drawn
    if not possible(instance, stated):
        core = minimal_set(stated, lambda some: possible(instance, list(some)))
        assert frozenset(one.id for one in core) in naive_minimal(instance, [*stated])


@given(stated_instances())
def test_an_instance_gives_its_statements_back(drawn: tuple[Instance, list[Statement]]) -> None:
    """What was stated in the arrays is explained like what is stated beside them."""
    instance, stated = drawn
    try:
        made = apply(instance, stated)
    except InfeasibleError:
        return
    bare, parts = parts_of(made)
    assert not bare.forced.any()
    assert bare.quotas == ()
    again = apply(bare, parts)
    assert np.array_equal(again.forced, made.forced)
    assert {row.statement for row in again.quotas} == {row.statement for row in made.quotas}
    assert possible(bare, [*parts]) == feasible(made)


def error_of(programme: Programme) -> InfeasibleError:
    """What is said of a programme's statements."""
    scores = score(programme)
    error = explained(scores.instance, programme.settings.statements, feasible, scores)
    assert error is not None
    return error


def cohort(**settings: Any) -> Programme:
    """Three mentors and two mentees, one pair excluded by a veto and one by a conflict."""
    return Programme(
        mentors=[
            {"id": "M1", "employer": "North", "vetoes": ["S1"]},
            {"id": "M2", "employer": "North"},
            {"id": "M3", "employer": "South"},
        ],
        mentees=[{"id": "S1", "capacity": 2}, {"id": "S2"}],
        conflicts=[{"mentor": "M2", "mentee": "S2", "rule": "family"}],
        settings=Settings(**settings),
    )


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (
            {"must_pair": [("M1", "S1")], "quotas": {"most": "at most 3 pairs"}},
            "this cannot hold: must_pair M1 S1 (excluded by a rule: Confidential). "
            "It would be enough to drop must_pair M1 S1",
        ),
        (
            {"must_pair": [("M3", "S2"), ("M1", "S2")]},
            "these cannot all hold: must_pair M3 S2 (S2 has 1 place); "
            "must_pair M1 S2 (S2 has 1 place). It would be enough to drop must_pair M3 S2",
        ),
        (
            {"must_pair": [("M3", "S1")], "must_not_pair": [("M3", "S1")]},
            "these cannot all hold: must_pair M3 S1; must_not_pair M3 S1. "
            "It would be enough to drop must_pair M3 S1",
        ),
        (
            {
                "minimum_load": {"S1": 2, "M3": 1},
                "quotas": {"few": "at most 1 mentor per employer"},
            },
            None,
        ),
        (
            {"quotas": {"north": "at least 3 mentors with employer North"}},
            "this cannot hold: quota north (at least 3). "
            "It would be enough to lower the minimum of quota north from 3 to 2",
        ),
        (
            {"maximum_load": {"S1": 0}, "minimum_load": {"M2": 1}},
            "these cannot all hold: load M2 (at least 1); load S1 (at most 0). "
            "It would be enough to lower the minimum of load M2 from 1 to 0",
        ),
        (
            {"must_pair": [("M1", "S1"), ("M2", "S2")]},
            "this cannot hold: must_pair M1 S1 (excluded by a rule: Confidential). "
            "No single change of one of them is enough: other statements clash as well",
        ),
    ],
)
def test_the_error_reads_as_a_coordinator_would_want(
    settings: dict[str, Any], text: str | None
) -> None:
    """Ids and limits, no names, no employers; what to change."""
    programme = cohort(**settings)
    if text is None:
        scores = score(programme)
        assert explained(scores.instance, programme.settings.statements, feasible, scores) is None
        return
    error = error_of(programme)
    assert str(error) == text
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(again) == text


def test_rows_of_an_instance_are_named_and_relaxed() -> None:
    """A researcher's own rows are statements too."""
    row = rmatch.instance.Quota(
        "mine", np.array([1, 1, 1, 1]), np.zeros(2, int), np.zeros(2, int), minimum=3
    )
    instance = Instance.from_scores(np.ones((2, 2))).replace(quotas=(row,))
    bare, parts = parts_of(instance)
    error = explained(bare, parts, feasible)
    assert error is not None
    assert error.statements == ("mine",)
    assert error.relaxation == Relaxation("mine", "minimum", 3, 2)
