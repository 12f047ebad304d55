"""Pairs alike in what is looked at are alike: the audit's rows against one pair after the other."""

from __future__ import annotations

from functools import partial

import pytest
from audit_cohort import mentee, mentor
from audit_cohort import programme as programme_of
from hypothesis import given, settings
from test_audit_rules import CASES

from rmatch.audit.alike import Classes, Common, Drawn, total_of, values_of
from rmatch.audit.judged import judged_rows
from rmatch.audit.judging import Judge
from rmatch.audit.points import BONUS_LOOKS_AT, LOOKS_AT, VALUES, experience_bonus
from rmatch.audit.rules import CONDITIONS, world_of
from rmatch.audit.rules import LOOKS_AT as RULES_LOOK_AT
from rmatch.audit.tables import Given
from rmatch.generating import CohortShape, generate
from rmatch.programme import Programme
from rmatch.testing import programmes

MANY = settings(max_examples=200, deadline=None)
SHAPES = [
    CohortShape(mentors=30, mentees=20, deaneries=2),
    CohortShape(mentors=12, mentees=25, deaneries=1),
]


def agrees(programme: Programme) -> None:
    """Every value and every judgement is what the pair alone gives."""
    world = world_of(programme)
    for name, function in VALUES.items():
        value = partial(function, world.settings)
        for ones, others in ((world.mentors, world.mentees), (world.mentees, world.mentors)):
            rows = values_of(value, ones, others, LOOKS_AT[name])
            assert rows == [[value(one, other) for other in others] for one in ones], name
            known = [worth for row in rows for worth in row if worth is not None]
            pairs = [(i, j) for i in range(len(ones)) for j in range(len(others))]
            drawn = Drawn(ones, [i for i, _ in pairs]), Drawn(others, [j for _, j in pairs])
            assert total_of(value, *drawn, LOOKS_AT[name]) == (sum(known), len(known)), name
    bonuses = values_of(
        lambda s, m: experience_bonus(30, m, s), world.mentees, world.mentors, BONUS_LOOKS_AT
    )
    assert bonuses == [[experience_bonus(30, m, s) for m in world.mentors] for s in world.mentees]
    judge = Judge(world, {**programme.settings.severities}, Given())
    expected = [[judge.judge(m, s) for s in world.mentees] for m in world.mentors]
    assert list(judged_rows(judge)) == expected


@MANY
@given(programme=programmes())
def test_rows_are_what_each_pair_gives(programme: Programme) -> None:
    """For whatever people and settings there can be."""
    agrees(programme)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_rows_are_what_each_pair_gives_in_cohorts_like_real_ones(
    shape: CohortShape, seed: int
) -> None:
    """Where many are alike, and name each other."""
    agrees(generate(shape, seed=seed))


@pytest.mark.parametrize("rule", sorted({code for code, *_ in CASES}))
def test_every_case_of_a_rule_beside_every_other(rule: str) -> None:
    """People who differ in what the rule looks at, each with each; only some name the other."""
    cases = [(own, other) for code, own, other, _ in CASES if code == rule]
    agrees(
        programme_of(
            mentors=[mentor(f"M{n}", **own) for n, (own, _) in enumerate(cases, start=1)],
            mentees=[mentee(f"S{n}", **other) for n, (_, other) in enumerate(cases, start=1)],
        )
    )


def test_pairs_of_which_rules_of_ones_own_are_told_are_judged_one_by_one() -> None:
    """What is taken as given holds for the pairs that it names and for no others."""
    programme = generate(SHAPES[0], seed=7)
    world = world_of(programme)
    m, s = world.mentors, world.mentees
    given_rules = Given(
        rules={
            "own": ("hard", frozenset({(m[0].id, s[1].id)})),
            "look": ("warn", frozenset({(m[2].id, s[0].id)})),
        },
        unknown={"own": frozenset({(m[3].id, s[3].id)})},
    )
    judge = Judge(world, programme.settings.severities, given_rules)
    rows = list(judged_rows(judge))
    assert "own" in rows[0][1].excluded
    assert "look" in rows[2][0].warned
    assert "own" in rows[3][3].questions
    assert rows == [[judge.judge(one, other) for other in s] for one in m]


def test_every_rule_and_criterion_says_what_it_looks_at() -> None:
    """By class, or by what two people have in common."""
    assert set(LOOKS_AT) == set(VALUES)
    assert set(RULES_LOOK_AT) == set(CONDITIONS)
    assert all(isinstance(looks, Classes | Common) for looks in RULES_LOOK_AT.values())
