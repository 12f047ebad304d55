"""Every rule of docs/scoring.md, by hand: true, false, unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from audit_cohort import mentee, mentor, only, pair, programme, role, truth

from rmatch.audit import Given, recompute
from rmatch.audit.declared import months_later
from rmatch.audit.rules import CONDITIONS
from rmatch.audit.truth import every, some
from rmatch.programme import Conflict, PastPair
from rmatch.programme.reference import ROLES, RULES
from rmatch.programme.settings import default_severities, is_waivable

U = None
Fields = dict[str, Any]
HARD = {
    code: "hard"
    for code, severity in default_severities().items()
    if severity != "hard" and is_waivable(code)
}


def holds(*roles: tuple[str, str]) -> Fields:
    return {"leadership_roles": tuple(role(name, scope) for name, scope in roles)}


ES, CS, ARCP = "educational_supervisor", "clinical_supervisor", "arcp_panel"
UNSURE = {"conflicts_confirmed": None}
LEFT_TRAINING = {"training_programme": None, "grade": "led_senior"}
NO_PROGRAMME = {"training_programme": None}
NEXT = {"next_post_employer": "trust b", "next_post_department": "ward  2"}

CASES: list[tuple[str, Fields, Fields, bool | None]] = [
    ("self", {"email": "A@x.uk"}, {"email": "a@X.uk"}, True),
    ("self", {"email": "a@x.uk"}, {"email": "b@x.uk"}, False),
    ("self", {}, {"email": "b@x.uk"}, False),
    ("line_manager", {"line_manager": "S1"}, {}, True),
    ("line_manager", {}, {"line_manager": "m1"}, True),
    ("line_manager", {"line_manager": None}, {"line_manager": "M1"}, True),
    ("line_manager", {"line_manager": None}, {}, U),
    ("line_manager", {}, {"line_manager": None}, False),
    ("line_manager", {"line_manager": "somebody else"}, {}, False),
    ("management_chain", {"line_manager": "Dr Else"}, {"employer": "Trust A"}, U),
    ("management_chain", {"line_manager": None}, {"employer": None}, U),
    ("management_chain", {"line_manager": None}, {"employer": "TRUST  A"}, U),
    ("management_chain", {"line_manager": "Dr Else"}, {}, False),
    ("management_chain", {}, {"employer": "Trust A"}, False),
    ("management_chain", {"line_manager": "S1"}, {"employer": "Trust A"}, False),
    ("management_chain", {"line_manager": "S1"}, {"employer": "Trust A", "line_manager": None}, U),
    ("same_manager", {"line_manager": "Dr Else"}, {"line_manager": "dr  else"}, True),
    ("same_manager", {"line_manager": "Dr Else"}, {"line_manager": "Dr Other"}, False),
    ("same_manager", {"line_manager": ""}, {"line_manager": ""}, False),
    ("same_manager", {"line_manager": None}, {"line_manager": None}, U),
    (ES, {"supervisors": ("s1",)}, {}, True),
    (ES, {"supervisors": ("Dr Else",)}, {}, False),
    (ES, {"supervisors": None}, {}, U),
    (ES, {"supervisors": None}, holds((ES, "M1")), True),
    (ES, {}, holds(("academic_supervisor", "m1")), True),
    (ES, {}, holds(("gp_trainer", "M1")), True),
    (ES, {}, holds((ES, "M2")), False),
    (ES, UNSURE, holds((ES, "M2")), False),
    (ES, {}, holds((ES, "")), False),
    (ES, UNSURE, holds((ES, "")), U),
    (ES, {"conflicts_confirmed": False}, holds((ES, "")), U),
    (CS, {}, holds((CS, "M1")), True),
    (CS, {}, holds((CS, "")), False),
    (CS, UNSURE, holds((CS, "")), U),
    (CS, UNSURE, holds((ES, "")), False),
    ("appraiser", {}, holds(("appraiser", "M1")), True),
    ("appraiser", UNSURE, holds(("appraiser", "")), U),
    ("appraiser", {}, holds(("appraiser", "")), False),
    ("psw_case", {}, holds(("psw_case_manager", "M1")), True),
    ("psw_case", UNSURE, holds(("psw_case_manager", "")), U),
    ("psw_case", {}, holds(("psw_case_manager", "M2")), False),
    (ARCP, {}, holds((ARCP, "eoe/cardiology")), True),
    (ARCP, {}, holds((ARCP, "M1")), True),
    (ARCP, {}, holds((ARCP, "")), False),
    (ARCP, UNSURE, holds((ARCP, "")), U),
    (ARCP, UNSURE, holds((ARCP, "EOE/Renal")), False),
    (ARCP, {**UNSURE, **NO_PROGRAMME}, holds((ARCP, "EOE/Renal")), U),
    (ARCP, {**UNSURE, **LEFT_TRAINING}, holds((ARCP, "EOE/Renal")), False),
    (ARCP, {**UNSURE, **LEFT_TRAINING}, holds((ARCP, "")), False),
    (ARCP, NO_PROGRAMME, holds((ARCP, "EOE/Renal")), False),
    ("examiner_pending", {}, holds(("examiner", "M1")), True),
    ("examiner_pending", UNSURE, holds(("examiner", "")), U),
    ("examiner_pending", UNSURE, holds(("examiner", "RCP")), False),
    ("tpd_own_programme", {}, holds(("tpd", "EOE/Cardiology")), True),
    ("tpd_own_programme", {}, holds(("foundation_tpd", "EOE/Cardiology")), True),
    ("tpd_own_programme", {}, holds(("tpd", "EOE/Renal")), False),
    ("tpd_own_programme", {}, holds(("tpd", "")), U),
    ("tpd_own_programme", NO_PROGRAMME, holds(("tpd", "EOE/Renal")), U),
    ("tpd_own_programme", LEFT_TRAINING, holds(("tpd", "EOE/Renal")), False),
    ("tpd_own_programme", LEFT_TRAINING, holds(("tpd", "")), False),
    ("tpd_own_programme", {**NO_PROGRAMME, "grade": None}, holds(("tpd", "EOE/Renal")), U),
    ("tpd_own_programme", {**NO_PROGRAMME, "grade": "sho_unspecified"}, holds(("tpd", "")), U),
    ("tpd_own_programme", {}, holds(("tpd", ""), ("tpd", "EOE/Cardiology")), True),
    ("same_department", {"employer": "TRUST B", "department": "ward 2"}, {}, True),
    ("same_department", {"employer": "Trust B"}, {}, False),
    ("same_department", {"department": "Ward 2"}, {}, False),
    ("same_department", {"employer": "Trust B", "department": None}, {}, False),
    (
        "same_department",
        {"employer": "Trust B", "department": None, "specialty": "general_psychiatry"},
        {},
        True,
    ),
    ("same_department", {"employer": None, "department": "Ward 2"}, {}, U),
    ("same_department", {"employer": None}, {}, False),
    ("same_department", {"employer": "Trust B", "department": None, "specialty": None}, {}, U),
    ("same_department", {"department": None, "specialty": None}, {}, False),
    ("same_employer", {"employer": "trust b"}, {}, True),
    ("same_employer", {}, {}, False),
    ("same_employer", {"employer": None}, {"employer": None}, U),
    ("same_programme_region", {}, {"specialty": "cardiology", "deanery": "EOE"}, True),
    ("same_programme_region", {}, {"specialty": "cardiology"}, False),
    ("same_programme_region", {"deanery": None}, {"specialty": "cardiology"}, U),
    ("no_seniority", {"grade": "st8"}, {"grade": "st8"}, True),  # 10 - 10
    ("no_seniority", {"grade": "st8"}, {}, False),  # 12 - 10
    ("no_seniority", {"grade": "specialist"}, {}, True),  # 12 - 11
    ("no_seniority", {"grade": "consultant"}, holds(("tpd", "x")), False),  # 14 - 12
    ("no_seniority", {"grade": None}, {}, U),
    ("no_seniority", {}, {"grade": None}, U),
    ("no_seniority", {"grade": "consultant"}, {"grade": None, **holds(("pgd", ""))}, False),
    ("no_seniority", {"grade": "fy1", **holds(("pgd", ""))}, {}, False),  # a mentor's roles
    ("mode_infeasible", {"modes": ("virtual",)}, {"modes": ("in_person",)}, True),
    ("mode_infeasible", {"availability": ("tue_pm",)}, {}, True),
    ("mode_infeasible", {"modes": (), "availability": ("tue_pm",)}, {}, True),
    ("mode_infeasible", {"modes": ()}, {}, U),
    ("mode_infeasible", {}, {"availability": ()}, U),
    ("mode_infeasible", {}, {}, False),
    ("next_rotation", NEXT, {}, True),
    ("next_rotation", {**NEXT, "next_post_department": "General Psychiatry"}, {}, True),
    ("next_rotation", {**NEXT, "next_post_department": "Theatre"}, {}, False),
    ("next_rotation", {**NEXT, "next_post_employer": "Trust C"}, {}, False),
    ("next_rotation", {"next_post_department": "Ward 2"}, {}, False),
    ("next_rotation", NEXT, {"employer": None}, U),
    ("next_rotation", {**NEXT, "next_post_department": "Theatre"}, {"employer": None}, False),
    ("next_rotation", {"next_post_employer": "Trust B"}, {}, U),
    ("next_rotation", {"next_post_employer": "Trust B"}, {"employer": None}, U),
    ("next_rotation", NEXT, {"department": None, "specialty": None}, U),
    ("next_rotation", NEXT, {"department": None}, False),
    ("next_rotation", {**NEXT, "next_post_start": date(2027, 8, 1)}, {}, False),
    ("next_rotation", {**NEXT, "next_post_start": date(2027, 7, 31)}, {}, True),
    (
        "next_rotation",
        {"next_post_employer": "Trust B", "next_post_start": date(2027, 8, 1)},
        {},
        False,
    ),
    ("previous_pair", {"prior_experience": {"before": True, "partners": ("S1",)}}, {}, True),
    ("previous_pair", {}, {"prior_experience": {"before": True, "partners": ("M1",)}}, True),
    ("previous_pair", {"prior_experience": {"before": True}}, {}, False),
    ("failed_pair", {"prior_experience": {"before": True, "partners": ("S1",)}}, {}, False),
    ("veto", {"vetoes": ("S1",)}, {}, True),
    ("veto", {}, {"vetoes": ("M1",)}, True),
    ("veto", {}, {}, False),
    ("confidential", {"conflicts": ("S1",)}, UNSURE, True),
    ("confidential", {}, {"conflicts": ("M1",)}, True),
    ("confidential", {}, {}, False),
    ("confidential", UNSURE, {}, U),
    ("confidential", {}, {"conflicts_confirmed": False}, U),
]


@pytest.mark.parametrize(("code", "m", "s", "expected"), CASES)
def test_a_computed_rule_is_true_false_or_unknown(
    code: str, m: Fields, s: Fields, expected: bool | None
) -> None:
    settings = {"rules": HARD, "ends": date(2027, 7, 31)}
    assert truth(code, pair(only(m, s, settings))) is expected


PSYCHIATRIST = {"specialty": "general_psychiatry"}
AT_B = {"employer": "Trust B"}
EAST = {"deanery": "EOE"}
ROLE_CASES: list[tuple[str, Fields, Fields, bool | None]] = [
    # region and school
    ("hos_own_school", {}, holds(("head_of_school", "EOE/Medicine")), True),
    ("hos_own_school", {}, holds(("deputy_head_of_school", "East of England/medicine")), True),
    ("hos_own_school", {}, holds(("head_of_school", "EOE/Renal medicine")), True),
    ("hos_own_school", {}, holds(("head_of_school", "EOE/Surgery")), False),
    ("hos_own_school", {}, holds(("head_of_school", "SW/Medicine")), False),
    ("hos_own_school", {}, {**EAST, **holds(("head_of_school", "Medicine"))}, True),
    ("hos_own_school", {}, {"deanery": None, **holds(("head_of_school", "Medicine"))}, U),
    ("hos_own_school", {}, {"deanery": None, **holds(("head_of_school", "Surgery"))}, False),
    ("hos_own_school", PSYCHIATRIST, holds(("head_of_school", "EOE")), True),
    ("hos_own_school", {}, holds(("head_of_school", "EOE")), False),
    ("hos_own_school", PSYCHIATRIST, {**EAST, **holds(("head_of_school", ""))}, True),
    ("hos_own_school", {"specialty": None}, holds(("head_of_school", "EOE/Medicine")), U),
    ("hos_own_school", {"deanery": None}, holds(("head_of_school", "EOE/Medicine")), U),
    ("hos_own_school", {}, holds(("head_of_school", "EOE/Astrology")), False),
    (
        "hos_own_school",
        {"deanery": None},
        holds(("head_of_school", "EOE/Medicine"), ("head_of_school", "EOE/Surgery")),
        U,
    ),
    # region and specialty
    ("role_stc_chair", {}, holds(("stc_chair", "EOE/Cardiology")), True),
    ("role_stc_chair", {}, {**EAST, **holds(("stc_chair", "cardiology"))}, True),
    ("role_stc_chair", {}, {"specialty": None, **holds(("stc_chair", "EOE"))}, U),
    ("role_stc_chair", {}, holds(("stc_chair", "EOE")), False),
    # region
    ("role_pgd", {}, holds(("pgd", "east of england")), True),
    ("role_pgd", {}, holds(("pgd", "")), False),
    ("role_apd", {}, {**EAST, **holds(("apd", ""))}, True),
    ("role_apd", {"deanery": None}, holds(("apd", "EOE")), U),
    ("role_deputy_pgd", {}, {"deanery": None, **holds(("deputy_pgd", ""))}, U),
    # employer
    ("role_dme", AT_B, holds(("dme", "")), True),
    ("role_dme", {}, holds(("dme", "TRUST A")), True),
    ("role_medical_director", {}, holds(("medical_director", "")), False),
    ("role_sas_led_tutor", {}, {"employer": None, **holds(("sas_led_tutor", ""))}, U),
    ("role_gosw", {"employer": None}, holds(("gosw", "Trust A")), U),
    ("role_ftsu_guardian", AT_B, holds(("ftsu_guardian", "")), True),
    # employer and specialty
    ("role_college_tutor", {}, holds(("college_tutor", "Trust A/Cardiology")), True),
    ("role_college_tutor", AT_B, holds(("college_tutor", "cardiology")), True),
    ("role_college_tutor", AT_B, holds(("college_tutor", "EOE")), False),  # no region here
    ("role_college_tutor", {"specialty": None, **AT_B}, holds(("college_tutor", "")), U),
    # employer and department
    ("role_clinical_lead", AT_B, holds(("clinical_lead", "Ward 1")), True),
    ("role_clinical_director", {}, holds(("clinical_director", "trust a/ward 1")), True),
    ("role_clinical_director", {**AT_B, "department": None}, holds(("clinical_director", "")), U),
    ("role_clinical_director", {"department": None}, holds(("clinical_director", "")), False),
    ("role_clinical_lead", AT_B, {"department": None, **holds(("clinical_lead", ""))}, U),
]


@pytest.mark.parametrize(("code", "m", "s", "expected"), ROLE_CASES)
def test_a_roles_scope_makes_a_rule(code: str, m: Fields, s: Fields, expected: bool | None) -> None:
    assert truth(code, pair(only(m, s, {"rules": HARD}))) is expected


def test_a_mentors_own_roles_make_no_rule() -> None:
    assert not pair(only({**EAST, **holds(("pgd", "SW"))})).warned


def test_declared_and_management_roles_make_no_role_rule() -> None:
    declared = [
        entry.id for entry in ROLES if entry["match_on"] in ("declared", "management_chain")
    ]
    facts = pair(only(s=holds(*((name, "") for name in declared))))
    codes = (*facts.excluded, *facts.warned, *facts.questions)
    assert not [code for code in codes if code.startswith("role_")]


def test_roles_have_the_severity_of_the_table() -> None:
    facts = pair(only(AT_B, holds(("dme", ""), ("clinical_lead", "ward 1"))))
    assert facts.excluded == ("role_clinical_lead",)
    assert facts.warned == ("role_dme", "same_employer")


def test_a_warn_rule_asks_nothing_and_an_off_rule_says_nothing() -> None:
    reach = holds(("dme", ""))
    assert pair(only({"employer": None}, reach)).questions == ()
    assert pair(only(AT_B, {}, {"rules": {"same_employer": "off"}})).warned == ()
    off = {"rules": {"role_dme": "off", "same_employer": "off"}}
    assert pair(only(AT_B, reach, off)).warned == ()


@pytest.mark.parametrize(
    ("m_done", "s_done", "expected"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), False),
        (date(2026, 9, 2), date(2026, 9, 1), True),
        (None, date(2026, 9, 2), True),
        (None, date(2026, 9, 1), None),
    ],
)
def test_training_is_done_by_the_deadline(
    m_done: date | None, s_done: date, expected: bool | None
) -> None:
    m, s = {"training_done": m_done}, {"training_done": s_done}
    settings = {"induction_deadline": date(2026, 9, 1)}
    assert truth("training_incomplete", pair(only(m, s, settings))) is expected
    assert truth("training_incomplete", pair(only(m, s))) is False


def test_managers_of_managers_are_followed_through_the_programme() -> None:
    def codes(*chain: tuple[str, str], s_at: str = "Trust A") -> Any:
        above = dict(chain)
        people = programme(
            [mentor(p, line_manager=above.get(p, "")) for p in ("M1", "M2")],
            [mentee(p, line_manager=above.get(p, ""), employer=s_at) for p in ("S1", "S2")],
        )
        return truth("management_chain", pair(recompute(people)))

    assert codes(("M1", "S2"), ("S2", "S1")) is True
    assert codes(("M1", "M2"), ("M2", "S1"), s_at="Trust B") is True
    assert codes(("S1", "S2"), ("S2", "M1")) is True
    assert codes(("M1", "S2"), ("S2", "M1")) is False  # a circle without S1 ends
    assert codes(("M1", "S1"), ("S1", "M1")) is False  # one step is the line manager's rule
    assert codes(("M1", "S2"), ("S2", "Dr Else")) is None
    assert codes(("S1", "Dr Else")) is False  # only the mentor's chain asks


@pytest.mark.parametrize(
    "ended", [None, "completed", "early", "concern", "not_again", "moved", "declined", "withdrawn"]
)
@pytest.mark.parametrize("turned", [False, True])
def test_an_earlier_pair_excludes_and_a_failed_one_for_good(
    ended: str | None, turned: bool
) -> None:
    first, second = ("S1", "M1") if turned else ("M1", "S1")
    past = PastPair.model_validate({"mentor": first, "mentee": second, "ended": ended})
    excluded = pair(only(history=[past])).excluded
    failed = ended in ("declined", "early", "concern", "not_again")
    assert excluded == (("failed_pair", "previous_pair") if failed else ("previous_pair",))


def test_coordinators_pairs_are_flagged() -> None:
    assert pair(only(settings={"coordinators": ("s1",)})).warned == ("coordinator_self",)
    assert pair(only(settings={"coordinators": ("M1",)})).warned == ("coordinator_self",)
    assert pair(only(settings={"coordinators": ("S2",)})).warned == ()


@pytest.mark.parametrize("code", [rule.id for rule in RULES])
def test_every_rule_can_be_declared(code: str) -> None:
    facts = pair(only(conflicts=[Conflict(mentor="M1", mentee="S1", rule=code)]))
    assert (facts.excluded or facts.warned) == (code,)


def test_a_declared_rule_leaves_no_question() -> None:
    declared = Conflict(mentor="M1", mentee="S1", rule="line_manager")
    facts = pair(only({"line_manager": None}, conflicts=[declared]))
    assert facts.excluded == ("line_manager",)
    assert facts.questions == ()


@pytest.mark.parametrize(
    ("rule", "until", "starts", "lookbacks", "applies"),
    [
        ("family", None, date(2026, 9, 1), {}, True),
        ("family", date(2020, 1, 1), None, {}, True),
        ("family", date(2026, 9, 1), date(2026, 9, 1), {}, True),
        ("family", date(2026, 8, 31), date(2026, 9, 1), {}, False),
        ("line_manager", date(2024, 9, 1), date(2026, 9, 1), {}, True),
        ("line_manager", date(2024, 8, 31), date(2026, 9, 1), {}, False),
        ("line_manager", date(2024, 9, 1), date(2026, 9, 1), {"line_manager": 0}, False),
        ("family", date(2026, 8, 31), date(2026, 9, 30), {"family": 1}, True),  # 31st to 30th
        ("family", date(2026, 8, 31), date(2026, 10, 1), {"family": 1}, False),
    ],
)
def test_a_declared_conflict_lapses_after_its_look_back(
    rule: str, until: date | None, starts: date | None, lookbacks: dict[str, int], applies: bool
) -> None:
    declared = Conflict(mentor="M1", mentee="S1", rule=rule, until=until)
    settings = {"starts": starts, "lookback_months": lookbacks}
    assert pair(only(settings=settings, conflicts=[declared])).excluded == (
        (rule,) if applies else ()
    )


def test_months_end_on_the_last_day_of_shorter_ones() -> None:
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2023, 12, 31), 2) == date(2024, 2, 29)
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2024, 12, 5), 0) == date(2024, 12, 5)
    assert months_later(date(9999, 11, 30), 1) == date(9999, 12, 30)
    assert months_later(date(9999, 12, 31), 1) is None


def test_a_pair_keeps_every_code_that_excludes_it() -> None:
    facts = pair(only({"vetoes": ("S1",), "line_manager": "S1", "modes": ("virtual",)},
                      {"modes": ("in_person",)}))  # fmt: skip
    assert facts.excluded == ("line_manager", "mode_infeasible", "veto")
    assert not facts.acceptable


def test_too_low_a_score_excludes_and_only_what_no_rule_excludes() -> None:
    facts = pair(only())
    floor = facts.score // 100
    assert pair(only(settings={"minimum_score": floor})).acceptable
    low = pair(only(settings={"minimum_score": floor + 1}))
    assert low.excluded == ("minimum_score",)
    assert (low.mentor_rank, low.mentee_rank) == (0, 0)
    nought = dict.fromkeys(("choice", "topics", "availability", "interests"), 0)
    weights = {**nought, "specialty": 8, "place": 12}
    exact = pair(only(settings={"weights": weights, "minimum_score": 70}))
    assert (exact.score, exact.acceptable) == (7_000, True)
    vetoed = only({"vetoes": ("S1",)}, settings={"minimum_score": 100})
    assert pair(vetoed).excluded == ("veto",)


@pytest.mark.parametrize("severity", ["hard", "warn", "off"])
def test_a_rule_taken_as_given_counts_by_its_severity(severity: str) -> None:
    given = Given(rules={"carpool": (severity, frozenset({("M1", "S1")}))})
    facts = pair(recompute(programme(), given))
    assert facts.excluded == (("carpool",) if severity == "hard" else ())
    assert facts.warned == (("carpool",) if severity == "warn" else ())


def test_every_rule_is_computed_or_only_declared() -> None:
    only_declared = {
        "recruitment_panel", "family", "grievance", "live_decision", "patient_doctor", "business",
        "prior_relationship", "access_need", "referee_sponsor",
    }  # fmt: skip
    assert {rule.id for rule in RULES} == {*CONDITIONS, "hos_own_school", *only_declared}


def test_three_values_combine_as_defined() -> None:
    assert [every([True, True]), every([True, None]), every([None, False])] == [True, None, False]
    assert [some([False, False]), some([False, None]), some([None, True])] == [False, None, True]
