"""Waivers as the audit applies them: one rule, one pair, and never one that cannot be waived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from audit_claims import claim_for
from audit_cohort import mentee, mentor, programme

from rmatch.audit import FindingKind, Given, audit, recompute
from rmatch.programme import Conflict, Programme, Settings

Kind = FindingKind
PAIR = ("M1", "S1")


def waiving(*waivers: tuple[str, str, str], **rest: Any) -> Programme:
    """Two mentors and two mentees of one department, whose mentors did not say their manager."""
    work = {"employer": "Trust A", "department": "Ward 1", "specialty": "cardiology"}
    return programme(
        [mentor("M1", line_manager=None), mentor("M2", line_manager=None)],
        [mentee("S1", **work), mentee("S2", **work)],
        {"waivers": waivers, **rest.pop("settings", {})},
        **rest,
    )


def forged(*waivers: tuple[str, str, str], **rest: Any) -> Programme:
    """The same with waivers that no settings would accept."""
    plain = waiving(**rest)
    settings = plain.settings.model_copy(update={"waivers": waivers})
    return plain.model_copy(update={"settings": settings})


def test_a_waiver_takes_one_rule_from_one_pair() -> None:
    """Hard, warn and unchecked rules alike; what is not waived stays, here and everywhere else."""
    before = recompute(waiving()).pairs
    facts = before[PAIR]
    assert facts.excluded == ("same_department",)
    assert facts.warned == ("same_employer",)
    assert facts.questions == ("line_manager", "management_chain")
    for code in ("same_department", "same_employer", "management_chain"):
        after = recompute(waiving((*PAIR, code))).pairs
        for name in ("excluded", "warned", "questions"):
            left = tuple(c for c in getattr(facts, name) if c != code)
            assert getattr(after[PAIR], name) == left
        assert after[PAIR].waived == (code,)
        for pair in set(before) - {PAIR}:
            assert after[pair].excluded == before[pair].excluded
            assert after[pair].warned == before[pair].warned
            assert after[pair].questions == before[pair].questions
            assert after[pair].waived == ()


def test_a_rule_that_does_not_concern_the_pair_is_not_waived() -> None:
    """Nor one that is off."""
    assert recompute(waiving((*PAIR, "previous_pair"))).pairs[PAIR].waived == ()
    off = {"rules": {"same_employer": "off"}}
    assert recompute(waiving((*PAIR, "same_employer"), settings=off)).pairs[PAIR].waived == ()


def test_a_declared_conflict_of_a_waivable_rule_can_be_waived() -> None:
    """However the rule came to be broken."""
    declared = {"conflicts": [Conflict(mentor="M1", mentee="S1", rule="referee_sponsor")]}
    assert "referee_sponsor" in recompute(waiving(**declared)).pairs[PAIR].warned
    facts = recompute(waiving((*PAIR, "referee_sponsor"), **declared)).pairs[PAIR]
    assert (facts.waived, "referee_sponsor" in facts.warned) == (("referee_sponsor",), False)


def test_the_minimum_score_still_holds() -> None:
    """A waiver of a rule opens no other door."""
    facts = recompute(waiving((*PAIR, "same_department"), settings={"minimum_score": 100}))
    assert facts.pairs[PAIR].excluded == ("minimum_score",)


@pytest.mark.parametrize(
    "code", ["line_manager", "veto", "confidential", "family", "minimum_score"]
)
def test_a_forged_waiver_counts_for_nothing(code: str) -> None:
    """The settings refuse it; in a file that was forged the rule still holds."""
    declared = [] if code == "minimum_score" else [Conflict(mentor="M1", mentee="S1", rule=code)]
    rest = {"conflicts": declared, "settings": {"minimum_score": 100}}
    facts = recompute(forged((*PAIR, code), (*PAIR, "same_department"), **rest)).pairs[PAIR]
    assert facts.excluded == (code,)
    assert facts.waived == ("same_department",)


def test_a_pair_made_under_a_forged_waiver_is_illegal() -> None:
    """Though a claim says that it was waived."""
    declared = [Conflict(mentor="M1", mentee="S1", rule="family")]
    cohort = forged((*PAIR, "family"), (*PAIR, "same_department"), conflicts=declared)
    claim = replace(claim_for(cohort, (PAIR,)), waived=(("family", *PAIR),))
    found = {finding.kind for finding in audit(cohort, claim).findings}
    assert found >= {Kind.ILLEGAL_PAIR, Kind.FALSE_WAIVER, Kind.MISSED_WAIVER}


def test_rules_of_ones_own_are_waived_too() -> None:
    """Those that are broken and those that could not be checked, both taken as given."""
    both = frozenset({PAIR, ("M2", "S2")})
    given = Given(
        rules={"tea": ("hard", both), "late": ("hard", frozenset())},
        unknown={"tea": frozenset(), "late": both},
    )
    base = (*PAIR, "same_department"), ("M2", "S2", "same_department")
    truth = recompute(waiving(*base, (*PAIR, "tea"), (*PAIR, "late")), given)
    assert truth.pairs[PAIR].waived == ("late", "same_department", "tea")
    assert truth.pairs[PAIR].excluded == ()
    assert truth.pairs["M2", "S2"].excluded == ("tea",)
    assert "late" in truth.pairs["M2", "S2"].questions


def test_a_claim_that_hides_or_invents_a_waiver_is_faulted() -> None:
    """What is made under a waiver is claimed, and so it is checked."""
    cohort = waiving((*PAIR, "same_department"))
    right = replace(claim_for(cohort, (PAIR,)), waived=(("same_department", *PAIR),))
    assert not [f for f in audit(cohort, right).findings if "waiver" in f.kind.value]
    hidden = audit(cohort, replace(right, waived=()))
    (finding,) = [f for f in hidden.findings if f.kind is Kind.MISSED_WAIVER]
    assert (finding.ids, finding.found) == (PAIR, ("same_department", *PAIR))
    assert finding.message == "M1 – S1: same_department is not listed"
    invented = (*(right.waived or ()), ("same_employer", *PAIR))
    (finding,) = [
        f
        for f in audit(cohort, replace(right, waived=invented)).findings
        if f.kind is Kind.FALSE_WAIVER
    ]
    assert finding.claimed == ("same_employer", *PAIR)


def test_settings_that_know_of_no_waivers_have_none() -> None:
    """The audit reads what is stated by name."""
    assert Settings().waivers == ()
    assert recompute(waiving()).pairs[PAIR].waived == ()
