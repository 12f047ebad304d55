"""The audit of instances with statements: against the oracle, and that it can fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from audit_instances import SEED, audited, claim_for, ids, some_matching
from hypothesis import given
from hypothesis import strategies as st

import brute_force
from brute_force import Problem
from fuzzing import fuzzed
from rmatch.audit import Claim, FindingKind
from rmatch.audit.objectives import OBJECTIVES as AUDITED
from rmatch.audit.objectives import TIE_BREAK
from rmatch.instance import Instance, Quota
from rmatch.programme.settings import OBJECTIVES
from rmatch.testing import instances

Kind = FindingKind
BROKEN = {Kind.FORCED_PAIR_MISSING, Kind.QUOTA_BROKEN}
SMALL = instances(max_side=4, constrained=True)
MATCHINGS = st.integers(0, 999)


def test_the_audit_knows_every_objective() -> None:
    """A new objective is recomputed by separate code, or this fails."""
    assert {*AUDITED, TIE_BREAK} == set(OBJECTIVES)
    assert set(brute_force.WANTED) == set(OBJECTIVES)


@given(instance=SMALL, number=MATCHINGS)
def test_right_claims_are_found_right_and_broken_statements_are_named(
    instance: Instance, number: int
) -> None:
    """Values and blocking pairs are the oracle's; of statements, exactly those broken are named."""
    problem = Problem(instance, SEED)
    made = some_matching(problem, number)
    verdict = audited(instance, claim_for(problem, made))
    found = [f for f in verdict.findings if f.kind not in BROKEN]
    assert found == []
    forced = [pair for pair, facts in problem.pairs.items() if facts.forced]
    missing = ids(problem, tuple(pair for pair in forced if pair not in made))
    named = [f.ids for f in verdict.findings if f.kind is Kind.FORCED_PAIR_MISSING]
    assert named == sorted(missing)
    off = [
        quota.statement
        for quota, plain in zip(instance.quotas, problem.quotas, strict=True)
        if plain.price is None and plain.off(made)
    ]
    broken = [f.message for f in verdict.findings if f.kind is Kind.QUOTA_BROKEN]
    assert [message.split(":")[0] for message in broken] == off


@fuzzed
@pytest.mark.parametrize("level", OBJECTIVES)
@given(instance=SMALL, number=MATCHINGS)
def test_every_level_can_be_faulted(level: str, instance: Instance, number: int) -> None:
    """A value that is off by one, anywhere in a vector, is named."""
    problem = Problem(instance, SEED)
    claim = claim_for(problem, some_matching(problem, number))
    value = claim.objectives[level]
    if isinstance(value, int):
        wrong: list[int | tuple[int, ...]] = [value + 1, value - 1, (value,)]
    else:
        wrong = [(*value[:k], value[k] + 1, *value[k + 1 :]) for k in range(len(value))]
        wrong += [(*value, 0), 0]
    for other in wrong:
        changed = replace(claim, objectives={level: other})
        findings = [f for f in audited(instance, changed).findings if f.kind not in BROKEN]
        assert [f.kind for f in findings] == [Kind.WRONG_OBJECTIVE]
        assert findings[0].message.startswith(f"{level} is claimed {other} and is {value}")


@given(instance=SMALL, number=MATCHINGS)
def test_a_blocking_pair_left_out_or_made_up_is_named(instance: Instance, number: int) -> None:
    """Whatever the kind of stability, and whoever is held by a pair that must be made."""
    problem = Problem(instance, SEED)
    claim = claim_for(problem, some_matching(problem, number))
    true = claim.blocking_pairs or ()
    for pair in ids(problem, tuple(problem.pairs)):
        listed = tuple(p for p in true if p != pair) if pair in true else (*true, pair)
        kind = Kind.MISSED_BLOCKING_PAIR if pair in true else Kind.FALSE_BLOCKING_PAIR
        verdict = audited(instance, replace(claim, blocking_pairs=listed))
        assert [f.kind for f in verdict.findings if f.kind not in BROKEN] == [kind]


def proved(claim: Claim, first: str) -> Claim:
    return replace(claim, optimal=True, order=(first, "score"))


@given(instance=SMALL, number=MATCHINGS)
def test_a_larger_matching_is_found_beside_the_pairs_that_must_be_made(
    instance: Instance, number: int
) -> None:
    """Against every matching that keeps them; with hard quotas a note says that none is sought.

    Nor is one where a pair that must be made is missing.
    """
    problem = Problem(instance, SEED)
    made = some_matching(problem, number)
    verdict = audited(instance, proved(claim_for(problem, made), "pairs"))
    larger = [f for f in verdict.findings if f.kind is Kind.LARGER_MATCHING]
    told = "quotas must hold, so no larger matching was looked for"
    if any(quota.price is None for quota in problem.quotas):
        assert not larger
        assert told in verdict.notes
        return
    assert told not in verdict.notes
    if any(finding.kind in BROKEN for finding in verdict.findings):
        assert not larger
        return
    most = max(map(len, brute_force.matchings(problem)))
    assert [finding.found for finding in larger] == [most] * (most > len(made))


@given(instance=SMALL, number=MATCHINGS)
def test_blocking_pairs_are_faulted_only_where_none_is_possible(
    instance: Instance, number: int
) -> None:
    """Weak stability without hard quotas always is; else what is not checked is said."""
    problem = Problem(instance, SEED)
    claim = proved(claim_for(problem, some_matching(problem, number)), "stability")
    verdict = audited(instance, claim)
    found = [f.kind for f in verdict.findings if f.kind is Kind.NOT_STABLE]
    note = [text for text in verdict.notes if "no matching without blocking pairs" in text]
    hard = any(quota.price is None for quota in problem.quotas)
    may_be_none = hard or instance.stability != "weak"
    blocks = bool(claim.blocking_pairs)
    assert bool(found) is (blocks and not may_be_none)
    assert bool(note) is (blocks and may_be_none)
    if found and list(brute_force.matchings(problem)):
        assert any(not brute_force.blocking(problem, m) for m in brute_force.matchings(problem))


def crossed(**changes: object) -> Instance:
    """Two a side who all like the first best: M0 – S1 and M1 – S0 must be asked for."""
    best_first = [[[0], [1]], [[0], [1]]]
    instance = Instance.from_rankings(best_first, best_first)
    return instance.replace(**changes)


CROSSED = ((0, 1), (1, 0))


def test_a_place_held_by_a_pair_that_must_be_made_blocks_with_nobody() -> None:
    """M0 – S0 block the crossed pairs, unless one of these had to be made."""
    for forced, blocking in (([0, 0, 0, 0], (("M0", "S0"),)), ([0, 1, 0, 0], ())):
        instance = crossed(forced=forced)
        claim = claim_for(Problem(instance, SEED), CROSSED)
        assert claim.blocking_pairs == blocking
        assert audited(instance, claim).ok


def test_a_pair_that_must_be_made_and_is_not_is_named() -> None:
    instance = crossed(forced=[1, 0, 0, 0])
    (finding,) = audited(instance, claim_for(Problem(instance, SEED), CROSSED)).findings
    assert str(finding) == "forced pair missing: M0 – S0 must be made and is not"
    assert (finding.ids, finding.claimed, finding.found) == (("M0", "S0"), False, True)


@pytest.mark.parametrize(
    ("minimum", "maximum", "limits"),
    [(3, None, "at least 3"), (0, 1, "from 0 to 1"), (1, 1, "1")],
)
def test_a_quota_off_its_limits_is_named(minimum: int, maximum: int | None, limits: str) -> None:
    quota = Quota(
        "surgeons",
        *(np.array(worth) for worth in ([0, 1, 1, 0], [0, 0], [0, 0])),
        minimum=minimum,
        maximum=maximum,
    )
    instance = crossed(quotas=(quota,))
    (finding,) = audited(instance, claim_for(Problem(instance, SEED), CROSSED)).findings
    assert str(finding) == f"quota broken: surgeons: the count is 2 and must be {limits}"
    priced = crossed(quotas=(replace(quota, price=7),))
    claim = claim_for(Problem(priced, SEED), CROSSED)
    assert claim.objectives["prices"] == 7
    assert audited(priced, claim).ok
