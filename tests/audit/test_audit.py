"""The audit can fail: each thing wrong with a matching is named, and nothing else is."""

from __future__ import annotations

import ast
import gc
import random
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from audit_claims import (
    ORDER,
    acceptable,
    blocking,
    capacities,
    claim_for,
    matchings,
    most_pairs,
)
from audit_cohort import mentee, mentor, programme, role

import rmatch.audit
from rmatch.audit import Audit, Claim, ClaimedPair, Finding, FindingKind, Given, audit, recompute
from rmatch.audit.recompute import _OF_PROGRAMMES
from rmatch.audit.size import larger_matching
from rmatch.programme import Programme, Settings
from rmatch.programme.participant import SLOTS

Kind = FindingKind

COHORT = programme(
    [
        mentor("M1", choices=[["S2"], ["S1"]], carried_over=True),
        mentor("M2", choices=[["S1"]], employer="Trust C", line_manager=None),
        mentor("M3", vetoes=("S2", "S3"), interests=("Chess",)),
        mentor("M4", vetoes=("S1", "S3"), conflicts_confirmed=None),
        mentor("M5", vetoes=("S3",), carried_over=True),
    ],
    [
        mentee("S1", capacity=2, choices=[["M5"], ["M1"]]),
        mentee("S2", choices=[["M1"], ["M4"]], interests=("chess",)),
        mentee("S3", vetoes=("M1",), employer="Trust C"),
    ],
    {"weights": {"experience": 5}},
)
MADE = most_pairs(COHORT)
CLAIM = claim_for(COHORT, MADE)
PARTIAL = (("M1", "S1"), ("M4", "S2"))


def kinds(verdict: Audit) -> list[FindingKind]:
    return [finding.kind for finding in verdict.findings]


def the(kind: FindingKind, verdict: Audit) -> Finding:
    """The one finding of that kind."""
    (found,) = [finding for finding in verdict.findings if finding.kind is kind]
    return found


def with_pair(claim: Claim, **changes: Any) -> Claim:
    """The claim with its first pair changed."""
    return replace(claim, pairs=(replace(claim.pairs[0], **changes), *claim.pairs[1:]))


def bare(*pairs: tuple[str, str], unmatched: tuple[str, ...] = ()) -> Claim:
    """A claim that says nothing but who is paired and who is not."""
    silent = (None,) * 5
    return Claim(tuple(ClaimedPair(*p, *silent) for p in pairs), unmatched, None, {}, False, ())


def test_the_example_has_something_of_everything() -> None:
    assert len(MADE) == 4
    assert CLAIM.unmatched
    assert CLAIM.blocking_pairs
    assert CLAIM.questions
    assert CLAIM.warnings
    assert len(CLAIM.pairs[0].breakdown or ()) == 7


def test_a_right_claim_is_found_right() -> None:
    verdict = audit(COHORT, CLAIM)
    assert verdict.ok
    assert verdict.findings == ()
    assert bool(verdict)
    assert verdict.notes == (
        "checked to be best, without a solver: pairs (no larger matching exists),"
        " priority (everybody)",
        "that these levels are optimal is reported, not checked:"
        " people, stability, warnings, score, tie_break",
    )


def shifted(claim: Claim, level: str) -> Claim:
    return replace(claim, objectives={**claim.objectives, level: claim.objectives[level] + 1})


first = CLAIM.pairs[0]
breakdown = dict(first.breakdown or {})
CORRUPTIONS: list[tuple[str, FindingKind, Claim]] = [
    ("score", Kind.WRONG_SCORE, with_pair(CLAIM, score=(first.score or 0) + 1)),
    ("mentor score", Kind.WRONG_SIDE_SCORE, with_pair(CLAIM, mentor_score=1)),
    ("mentee score", Kind.WRONG_SIDE_SCORE, with_pair(CLAIM, mentee_score=1)),
    ("mentor rank", Kind.WRONG_RANK, with_pair(CLAIM, mentor_rank=9)),
    ("mentee rank", Kind.WRONG_RANK, with_pair(CLAIM, mentee_rank=0)),
    (
        "points",
        Kind.WRONG_BREAKDOWN,
        with_pair(CLAIM, breakdown={**breakdown, "choice": (1, 2)}),
    ),
    (
        "points on a side not served",
        Kind.WRONG_BREAKDOWN,
        with_pair(CLAIM, breakdown={**breakdown, "experience": (0, 0)}),
    ),
    (
        "criterion left out",
        Kind.WRONG_BREAKDOWN,
        with_pair(CLAIM, breakdown={k: v for k, v in breakdown.items() if k != "topics"}),
    ),
    (
        "criterion invented",
        Kind.WRONG_BREAKDOWN,
        with_pair(CLAIM, breakdown={**breakdown, "charm": (5, 5)}),
    ),
    (
        "criterion without weight",
        Kind.WRONG_BREAKDOWN,
        with_pair(CLAIM, breakdown={**breakdown, "style": (5, 5)}),
    ),
    ("unmatched left out", Kind.WRONG_UNMATCHED, replace(CLAIM, unmatched=())),
    (
        "matched listed as unmatched",
        Kind.WRONG_UNMATCHED,
        replace(CLAIM, unmatched=(*CLAIM.unmatched, MADE[0][1])),
    ),
    (
        "unmatched twice",
        Kind.REPEATED,
        replace(CLAIM, unmatched=CLAIM.unmatched * 2),
    ),
    ("blocking missed", Kind.MISSED_BLOCKING_PAIR, replace(CLAIM, blocking_pairs=())),
    (
        "blocking invented",
        Kind.FALSE_BLOCKING_PAIR,
        replace(CLAIM, blocking_pairs=(*(CLAIM.blocking_pairs or ()), MADE[0])),
    ),
    (
        "blocking twice",
        Kind.REPEATED,
        replace(CLAIM, blocking_pairs=(CLAIM.blocking_pairs or ()) * 2),
    ),
    ("warning missed", Kind.MISSED_WARNING, replace(CLAIM, warnings=())),
    (
        "warning invented",
        Kind.FALSE_WARNING,
        replace(CLAIM, warnings=(*(CLAIM.warnings or ()), ("business", *MADE[0]))),
    ),
    ("question missed", Kind.MISSED_QUESTION, replace(CLAIM, questions=())),
    (
        "question invented",
        Kind.FALSE_QUESTION,
        replace(CLAIM, questions=(*(CLAIM.questions or ()), ("self", *MADE[0]))),
    ),
    *((level, Kind.WRONG_OBJECTIVE, shifted(CLAIM, level)) for level in ORDER),
    ("unknown unmatched", Kind.UNKNOWN_ID, replace(CLAIM, unmatched=(*CLAIM.unmatched, "X9"))),
]


@pytest.mark.parametrize(
    ("kind", "claim"), [c[1:] for c in CORRUPTIONS], ids=[c[0] for c in CORRUPTIONS]
)
def test_a_corrupted_claim_is_named_and_nothing_else_is(kind: FindingKind, claim: Claim) -> None:
    verdict = audit(COHORT, claim)
    assert not verdict.ok
    assert set(kinds(verdict)) == {kind}


def test_each_finding_tells_what_was_claimed_and_what_is_so() -> None:
    finding = the(Kind.WRONG_SCORE, audit(COHORT, with_pair(CLAIM, score=1)))
    assert finding.ids == MADE[0]
    assert (finding.claimed, finding.found) == (1, first.score)
    assert str(finding) == (
        f"wrong score: {MADE[0][0]} – {MADE[0][1]}: score is claimed 1 and is {first.score}"
    )
    objective = the(Kind.WRONG_OBJECTIVE, audit(COHORT, shifted(CLAIM, "pairs")))
    assert objective.message == "pairs is claimed 5 and is 4"


def test_findings_about_lists_tell_which_side_has_the_item() -> None:
    def sides(kind: FindingKind, **changes: Any) -> tuple[object, object]:
        finding = the(kind, audit(COHORT, replace(CLAIM, **changes)))
        return finding.claimed, finding.found

    warned, invented = (CLAIM.warnings or ())[0], ("business", *MADE[0])
    assert sides(Kind.MISSED_WARNING, warnings=()) == (None, warned)
    assert sides(Kind.FALSE_WARNING, warnings=(warned, invented)) == (invented, None)
    told = the(Kind.MISSED_WARNING, audit(COHORT, replace(CLAIM, warnings=()))).message
    assert told == f"{warned[1]} – {warned[2]}: same_employer is not listed"
    block = (CLAIM.blocking_pairs or ())[0]
    others = (CLAIM.blocking_pairs or ())[1:]
    assert sides(Kind.MISSED_BLOCKING_PAIR, blocking_pairs=others) == (False, True)
    added = (block, *others, MADE[0])
    assert sides(Kind.FALSE_BLOCKING_PAIR, blocking_pairs=added) == (True, False)
    assert sides(Kind.REPEATED, unmatched=CLAIM.unmatched * 2) == (2, 1)


def test_ids_nobody_has_are_named_wherever_they_stand() -> None:
    claim = replace(
        bare(("M1", "S1"), ("X1", "S1"), ("S2", "M2")),
        unmatched=("X2", *(p.id for p in COHORT.people if p.id not in ("M1", "S1"))),
        blocking_pairs=(*blocking(COHORT, (("M1", "S1"),)), ("M1", "X3")),
        warnings=(("business", "X4", "S1"),),
    )
    verdict = audit(COHORT, claim)
    unknown = [f.message for f in verdict.findings if f.kind is Kind.UNKNOWN_ID]
    assert unknown == [
        "X1 is not a mentor of this programme",
        "S2 is not a mentor of this programme",
        "X4 is not a mentor of this programme",
        "M2 is not a mentee of this programme",
        "X3 is not a mentee of this programme",
        "X2 is not in this programme",
    ]


def test_a_pair_made_twice_is_named() -> None:
    verdict = audit(COHORT, replace(CLAIM, pairs=(*CLAIM.pairs, CLAIM.pairs[0])))
    assert kinds(verdict) == [Kind.REPEATED]
    assert the(Kind.REPEATED, verdict).claimed == 2


def test_an_illegal_pair_is_named_without_giving_confidences_away() -> None:
    alone = tuple(p.id for p in COHORT.people if p.id not in ("M3", "S2"))
    verdict = audit(COHORT, bare(("M3", "S2"), unmatched=alone))
    assert kinds(verdict) == [Kind.ILLEGAL_PAIR]
    finding = the(Kind.ILLEGAL_PAIR, verdict)
    assert finding.found == ("veto",)
    assert finding.message == "M3 – S2 is excluded by confidential"
    assert "veto" not in repr(finding) + str(finding) + str(verdict)
    supervised = programme([mentor(line_manager="S1", vetoes=("S1",), conflicts=("S1",))])
    told = the(Kind.ILLEGAL_PAIR, audit(supervised, bare(("M1", "S1"))))
    assert told.message == "M1 – S1 is excluded by confidential, line_manager"


def test_confidential_codes_stay_out_of_questions_too() -> None:
    assert ("confidential", "M4", "S2") in (CLAIM.questions or ())
    verdict = audit(COHORT, replace(CLAIM, questions=(("patient_doctor", *MADE[0]),)))
    assert "patient_doctor" not in str(verdict)


def test_an_illegal_pair_leaves_both_wanting_anybody_else() -> None:
    cohort = programme(
        [mentor(vetoes=("S1",)), mentor("M2", choices=[["S1"]])], [mentee(), mentee("S2")]
    )
    claim = replace(bare(("M1", "S1"), ("M2", "S2")), blocking_pairs=())
    assert the(Kind.MISSED_BLOCKING_PAIR, audit(cohort, claim)).ids == ("M2", "S1")


def test_more_partners_than_places_are_named() -> None:
    pairs = (("M1", "S2"), ("M2", "S2"), ("M5", "S2"))
    alone = ("M3", "M4", "S1", "S3")
    verdict = audit(COHORT, bare(*pairs, unmatched=alone))
    assert kinds(verdict) == [Kind.OVER_CAPACITY]
    finding = the(Kind.OVER_CAPACITY, verdict)
    assert (finding.ids, finding.claimed, finding.found) == (("S2",), 3, 1)
    assert finding.message == "S2 has 3 partners and 1 place"


def test_a_larger_matching_is_not_counted_from_pairs_over_capacity() -> None:
    cohort = programme(
        [mentor("M1", vetoes=("S2",)), mentor("M2", vetoes=("S2",)), mentor("M3")],
        [mentee("S1"), mentee("S2")],
    )
    for made in ((("M1", "S1"), ("M2", "S1")), (("M1", "S2"), ("M2", "S2"))):
        claim = bare(*made, unmatched=("M3", *({"S1", "S2"} - {made[0][1]})))
        found = audit(cohort, replace(claim, optimal=True, order=("pairs",)))
        assert Kind.OVER_CAPACITY in kinds(found)
        assert Kind.LARGER_MATCHING not in kinds(found)


def test_nobody_without_a_place_may_have_a_partner() -> None:
    cohort = programme([mentor(capacity=0)])
    assert kinds(audit(cohort, bare(("M1", "S1")))) == [Kind.OVER_CAPACITY]
    assert audit(cohort, claim_for(cohort, ())).ok


def test_a_larger_matching_is_named_with_a_path_to_it() -> None:
    # M3 can only have S1, so M1 must move on to S2.
    cohort = programme(
        [
            mentor("M1", vetoes=("S3",)),
            mentor("M2", vetoes=("S2",)),
            mentor("M3", vetoes=("S2", "S3")),
        ],
        [mentee("S1"), mentee("S2"), mentee("S3")],
    )
    made = (("M1", "S1"), ("M2", "S3"))
    verdict = audit(cohort, claim_for(cohort, made))
    assert kinds(verdict) == [Kind.LARGER_MATCHING]
    finding = the(Kind.LARGER_MATCHING, verdict)
    assert finding.ids == ("M3", "S1", "M1", "S2")
    assert (finding.claimed, finding.found) == (2, 3)
    assert finding.message == (
        "3 pairs can be made and not 2: add M3 – S1, M1 – S2, giving up M1 – S1"
    )


def test_a_larger_matching_is_looked_for_only_where_the_most_pairs_are_claimed() -> None:
    claim = claim_for(COHORT, PARTIAL)
    assert kinds(audit(COHORT, claim)) == [Kind.LARGER_MATCHING]
    feasible = audit(COHORT, replace(claim, optimal=False))
    assert feasible.ok
    assert feasible.notes == ("optimality is not claimed, so no better matching was looked for",)
    other = audit(COHORT, replace(claim, order=("score", "pairs")))
    assert other.ok
    assert other.notes == ("that these levels are optimal is reported, not checked: score, pairs",)


def test_required_stability_is_checked() -> None:
    order = ("stability", "pairs", "score")
    stable = next(
        made
        for made in matchings(acceptable(recompute(COHORT)), capacities(COHORT))
        if not blocking(COHORT, made)
    )
    right = audit(COHORT, replace(claim_for(COHORT, stable), order=order))
    assert right.ok
    assert right.notes == (
        "checked to be best, without a solver: stability (no pair blocks)",
        "that these levels are optimal is reported, not checked: pairs, score",
    )
    wrong = audit(COHORT, replace(CLAIM, order=order))
    assert kinds(wrong) == [Kind.NOT_STABLE]
    assert the(Kind.NOT_STABLE, wrong).found == len(CLAIM.blocking_pairs or ())
    assert audit(COHORT, replace(CLAIM, order=order, optimal=False)).ok


def test_every_kind_of_finding_is_shown_to_be_found() -> None:
    here = Path(__file__)
    others = ("test_audit_stated.py", "test_audit_certificates.py", "test_audit_waived.py")
    columns = here.parent.parent / "test_many_candidates.py"
    files = (here, columns, *(here.with_name(name) for name in others))
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    assert [kind.name for kind in Kind if f"Kind.{kind.name}" not in source] == []


def test_only_what_is_claimed_is_faulted() -> None:
    made = tuple((pair.mentor, pair.mentee) for pair in CLAIM.pairs)
    assert audit(COHORT, bare(*made, unmatched=CLAIM.unmatched)).ok
    assert not audit(COHORT, bare(*made)).ok


def test_a_tie_break_without_its_seed_is_not_checked() -> None:
    claim = replace(shifted(CLAIM, "tie_break"), tie_break_seed=None)
    verdict = audit(COHORT, claim)
    assert verdict.ok
    assert verdict.notes[0] == "tie_break: no seed was claimed, so its value is not checked"
    assert len(verdict.notes) == 3
    assert kinds(audit(COHORT, replace(CLAIM, tie_break_seed=4))) == [Kind.WRONG_OBJECTIVE]


def test_a_level_nobody_knows_is_noted() -> None:
    verdict = audit(COHORT, replace(CLAIM, objectives={"joy": 5}))
    assert verdict.ok
    assert "joy: the audit does not know this level, so its value is not checked" in verdict.notes


def test_points_of_given_criteria_without_weight_are_checked_where_claimed() -> None:
    given = Given(criteria={"walk": (0, "mentee", lambda _, __: (1, 2))})
    right = with_pair(CLAIM, breakdown={**breakdown, "walk": (None, 2)})
    assert audit(COHORT, right, taken_as_given=given).ok
    wrong = with_pair(CLAIM, breakdown={**breakdown, "walk": (None, 3)})
    finding = the(Kind.WRONG_BREAKDOWN, audit(COHORT, wrong, taken_as_given=given))
    assert finding.message == (
        f"{MADE[0][0]} – {MADE[0][1]}: walk is claimed – / 3 and is – / 2 (mentor / mentee)"
    )


def test_what_is_taken_as_given_is_noted() -> None:
    given = Given(
        criteria={"walk": (10, "both", lambda _, __: (10_000, None))},
        rules={"carpool": ("hard", frozenset({MADE[0]}))},
    )
    verdict = audit(COHORT, CLAIM, taken_as_given=given)
    assert "the values of criterion walk are taken as given" in verdict.notes
    assert "the pairs that break rule carpool are taken as given" in verdict.notes
    assert the(Kind.ILLEGAL_PAIR, verdict).found == ("carpool",)
    assert Kind.WRONG_SCORE in kinds(verdict)


def test_a_weight_for_a_criterion_without_values_is_noted() -> None:
    cohort = programme(settings={"weights": {"walk": 4}})
    assert (
        "criterion walk has weight in the settings and no values here: left out of scores"
        in audit(cohort, bare(("M1", "S1"))).notes
    )


def test_the_verdict_reads_well() -> None:
    right, wrong = audit(COHORT, CLAIM), audit(COHORT, with_pair(CLAIM, score=1, mentor_rank=99))
    assert repr(right) == "Audit(ok, 2 notes)"
    assert str(right).splitlines()[0] == "audit ok"
    assert repr(wrong) == "Audit(2 findings, 2 notes)"
    lines = str(wrong).splitlines()
    assert lines[0] == "audit: 2 findings"
    assert lines[1].startswith("  wrong score: ")
    assert lines[2].startswith("  wrong rank: ")
    assert lines[3].startswith("  note: ")


@pytest.mark.parametrize(("mentors", "mentees"), [([], []), ([mentor()], []), ([], [mentee()])])
def test_empty_sides_are_ordinary(mentors: list[Any], mentees: list[Any]) -> None:
    cohort = programme(mentors, mentees)
    verdict = audit(cohort, claim_for(cohort, ()))
    assert verdict.ok
    assert recompute(cohort).pairs == {}


def random_cohort(
    seed: int, mentors: int, mentees: int, settings: Settings | None = None
) -> Programme:
    """People with random answers to everything that is asked of most."""
    draw = random.Random(seed)  # noqa: S311 (a seeded generator is wanted, no secret)
    topics = ("career_progression", "discrimination", "transition_to_nhs")

    def answers(others: list[str]) -> dict[str, Any]:
        names = draw.sample(others, min(len(others), 3))
        return {
            "employer": draw.choice(["A", "B", "C", None]),
            "department": draw.choice(["x", "y", None]),
            "specialty": draw.choice(["cardiology", "general_psychiatry", "renal_medicine", None]),
            "deanery": draw.choice(["EOE", "SW", None]),
            "availability": draw.sample(SLOTS, draw.choice([0, 8, 15])),
            "modes": draw.choice([(), ("virtual",), ("in_person",), ("virtual", "in_person")]),
            "capacity": draw.choice([0, 1, 1, 1, 2]),
            "wants": draw.sample(topics, draw.randint(0, 2)),
            "offers": draw.sample(topics, draw.randint(0, 2)),
            "choices": draw.choice([[], [[name] for name in names], [names] if names else []]),
            "vetoes": draw.sample(others, min(len(others), draw.choice([0, 0, 1]))),
            "carried_over": draw.random() < 0.2,
            "conflicts_confirmed": draw.choice([True, None]),
        }

    m_ids = [f"M{n}" for n in range(mentors)]
    s_ids = [f"S{n}" for n in range(mentees)]
    roles = [(), (role("pgd", "EOE"),), (role("college_tutor"),), (role("head_of_school"),)]
    return Programme(
        mentors=[mentor(p, **answers(s_ids)) for p in m_ids],
        mentees=[mentee(p, leadership_roles=draw.choice(roles), **answers(m_ids)) for p in s_ids],
        settings=settings or Settings(seed=seed, indifference=draw.choice([0, 5, 20])),
    )


@pytest.mark.parametrize("seed", range(60))
def test_right_claims_about_random_cohorts_are_found_right(seed: int) -> None:
    cohort = random_cohort(seed, seed % 4, 3)
    verdict = audit(cohort, claim_for(cohort, most_pairs(cohort)))
    assert verdict.ok, str(verdict)


@pytest.mark.parametrize("seed", range(300))
def test_the_most_pairs_are_those_found_by_trying_everything(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 (a seeded generator is wanted, no secret)
    m_ids, s_ids = ["M0", "M1", "M2", "M3"], ["S0", "S1", "S2", "S3"]
    pairs = [(m, s) for m in m_ids for s in s_ids if draw.random() < 0.5]
    capacity = {person: draw.choice([0, 1, 1, 2]) for person in m_ids + s_ids}
    every = list(matchings(pairs, capacity))
    most = max(map(len, every))
    start = draw.choice(every)
    improvement = larger_matching(pairs, capacity, start)
    if improvement is None:
        assert len(start) == most
        return
    assert improvement.size == most > len(start)
    path = improvement.path
    new = {(path[n], path[n + 1]) for n in range(0, len(path), 2)}
    gone = {(path[n + 1], path[n]) for n in range(1, len(path) - 1, 2)}
    after = (set(start) - gone) | new
    assert gone <= set(start)
    assert not new & set(start)
    assert len(after) == len(start) + 1
    assert tuple(pair for pair in pairs if pair in after) in set(every)


def test_a_hundred_a_side_takes_less_than_three_seconds() -> None:
    cohort = random_cohort(1, 100, 100)
    everyone = tuple(person.id for person in cohort.people)
    claim = replace(bare(unmatched=everyone), optimal=True, order=("pairs",))
    start = time.process_time()
    verdict = audit(cohort, claim)
    assert time.process_time() - start < 3
    assert kinds(verdict) == [Kind.LARGER_MATCHING]


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    return names


def may_be_imported(name: str) -> bool:
    # Markup only escapes the words of a verdict.
    own = name in ("rmatch.errors", "rmatch.markup") or name.startswith(
        ("rmatch.audit", "rmatch.programme")
    )
    return own or (name in sys.stdlib_module_names | {"collections.abc"} and name != "importlib")


def test_the_audit_imports_only_the_programme_and_the_standard_library() -> None:
    folder = Path(rmatch.audit.__file__).parent
    files = sorted(folder.glob("**/*.py"))
    assert len(files) > 10
    names = {name for file in files for name in imported(ast.parse(file.read_text("utf-8")))}
    assert [name for name in sorted(names) if not may_be_imported(name)] == []


def test_matchings_of_one_programme_are_held_against_facts_worked_out_once() -> None:
    """For as long as it lives; an equal programme, or one with something given, has its own."""
    same = COHORT.model_copy()
    assert recompute(COHORT) is recompute(COHORT)
    assert recompute(same) is not recompute(COHORT)
    assert recompute(COHORT, Given()) is not recompute(COHORT)
    assert recompute(same).pairs == recompute(COHORT).pairs
    kept = len(_OF_PROGRAMMES)
    del same
    gc.collect()
    assert len(_OF_PROGRAMMES) == kept - 1
