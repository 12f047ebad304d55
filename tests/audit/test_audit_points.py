"""Every criterion's values, the means, the scores and the ranks of docs/scoring.md, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from audit_cohort import mentee, mentor, only, pair, programme

from rmatch.audit import Given, Recomputed, recompute

Fields = dict[str, Any]


def points(
    criterion: str, m: Fields, s: Fields, settings: Fields | None = None
) -> tuple[int | None, int | None]:
    """What the criterion gives each side of a pair; ``None`` where it is not stated."""
    weights = {"weights": {criterion: 10}}
    recomputed = only(m, s, {**weights, **(settings or {})})
    given = recomputed.breakdown("M1", "S1")[criterion]
    missing = recomputed.not_stated("M1", "S1")
    left = None if (criterion, "mentor") in missing else given[0]
    return left, None if (criterion, "mentee") in missing else given[1]


WANTS = ("career_progression", "discrimination", "transition_to_nhs")
SIMILAR = {"specialty": "renal_medicine"}
BEDFORD = {"base": "Bedford"}
VIRTUAL, MEETING = {"modes": ("virtual",)}, {"modes": ("in_person",)}
PREF = "pref_attrs"

CASES: list[tuple[str, Fields, Fields, tuple[int | None, int | None]]] = [
    ("choice", {"choices": [["S1"]]}, {"choices": []}, (10_000, None)),
    ("topics", {"wants": WANTS, "offers": WANTS}, {"wants": WANTS, "offers": WANTS}, (10_000,) * 2),
    ("topics", {"wants": WANTS}, {"offers": WANTS[:1]}, (5_000, None)),  # 3 of 6
    ("topics", {"wants": WANTS}, {"offers": WANTS[1:2]}, (3_333, None)),  # 2 of 6
    ("topics", {"wants": WANTS}, {"offers": WANTS[2:]}, (1_667, None)),  # 1 of 6, rounded
    ("topics", {"wants": WANTS}, {"offers": ("challenging_status_quo",)}, (0, None)),
    ("topics", {"wants": (), "offers": WANTS}, {"wants": WANTS[:2], "offers": ()}, (None, 10_000)),
    ("availability", {}, {}, (2_500, 2_500)),
    ("availability", {"availability": ()}, {}, (None, None)),
    ("availability", {"availability": ("tue_am",)}, {}, (0, 0)),
    ("specialty", {}, {}, (10_000, 10_000)),
    ("specialty", {}, SIMILAR, (0, 0)),
    ("specialty", {PREF: {"specialty": "same"}}, SIMILAR, (10_000, 0)),
    ("specialty", {PREF: {"specialty": "same"}}, {}, (0, 10_000)),
    ("specialty", {PREF: {"specialty": "none"}}, SIMILAR, (5_000, 0)),
    ("specialty", {}, {"specialty": None}, (None, None)),
    ("place", BEDFORD, {"base": "BEDFORD "}, (10_000, 10_000)),
    ("place", BEDFORD, {"deanery": "EOE"}, (7_500, 7_500)),
    ("place", {**BEDFORD, **MEETING}, {"base": "York"}, (2_500, 2_500)),
    ("place", {}, {}, (5_000, 5_000)),
    ("place", {**VIRTUAL, **BEDFORD}, BEDFORD, (5_000, 5_000)),
    ("place", VIRTUAL, MEETING, (0, 0)),
    ("place", {"modes": ()}, {}, (None, None)),
    ("place", {"deanery": None}, {"deanery": None}, (5_000, 5_000)),
    ("interests", {"interests": ("Chess",)}, {"interests": ("chess ", "Tea")}, (5_000, 5_000)),
    ("interests", {"interests": ["a", "b", "c"]}, {"interests": ["c", "b", "a"]}, (10_000,) * 2),
    ("interests", {"interests": ("Chess", "CHESS")}, {"interests": ("chess",)}, (5_000, 5_000)),
    ("interests", {"interests": ("Chess",)}, {"interests": ("Tea",)}, (0, 0)),
    ("interests", {"interests": ("Chess",)}, {}, (None, None)),
    ("language", {"language": ("Welsh", "English")}, {"language": ("welsh",)}, (10_000, 10_000)),
    ("language", {"language": ("Welsh",)}, {"language": ("Polish",)}, (0, 0)),
    ("language", {}, {"language": ("Polish",)}, (None, None)),
    ("style", {"style": "Listening"}, {"style": "listening"}, (10_000, 10_000)),
    ("style", {"style": "Listening"}, {"style": "asking"}, (0, 0)),
    ("style", {"style": "Listening"}, {}, (None, None)),
    ("grade_gap", {"grade": "st8"}, {}, (10_000, 10_000)),  # gap 2
    ("grade_gap", {"grade": "st7"}, {}, (9_500, 9_500)),  # gap 3
    ("grade_gap", {"grade": "medical_student"}, {}, (5_000, 5_000)),  # gap 12
    ("grade_gap", {"grade": "specialist"}, {}, (0, 0)),  # gap 1
    ("grade_gap", {"grade": None}, {}, (None, None)),
    ("attributes", {}, {}, (None, None)),
    ("attributes", {PREF: {"employer": "different"}}, {}, (10_000, None)),
    ("attributes", {PREF: {"employer": "same", "location": "different"}}, {}, (5_000, None)),
    (
        "attributes",
        {PREF: {"employer": "same", "location": "different", "level": "different"}},
        {PREF: {"level": "same", "employer": "none", "specialty": "same"}},
        (6_667, 0),
    ),
    ("attributes", {PREF: {"employer": "same", "location": "same"}}, {"employer": None}, (0, None)),
    ("attributes", {PREF: {"employer": "same"}}, {"employer": None}, (None, None)),
    ("attributes", {PREF: {"level": "none"}}, {}, (None, None)),
    ("attributes", {PREF: {"level": "same"}, "grade": "consultant"}, {}, (10_000, None)),
]


@pytest.mark.parametrize(("criterion", "m", "s", "expected"), CASES)
def test_a_criterion_gives_each_side_its_points(
    criterion: str, m: Fields, s: Fields, expected: tuple[int | None, int | None]
) -> None:
    assert points(criterion, m, s) == expected


@pytest.mark.parametrize(("shared", "expected"), [(0, 0), (1, 2_500), (3, 7_500), (5, 10_000)])
def test_four_shared_slots_are_enough(shared: int, expected: int) -> None:
    slots = ["mon_am", "mon_pm", "tue_am", "tue_pm", "wed_am"]
    m, s = {"availability": slots}, {"availability": [*slots[:shared], "sun_eve"]}
    assert points("availability", m, s) == (expected, expected)


@pytest.mark.parametrize(
    ("mode", "expected"), [("different", (0, 0)), ("same", (10_000,) * 2), ("ignore", (5_000,) * 2)]
)
def test_the_settings_say_what_specialty_is_liked(mode: str, expected: tuple[int, int]) -> None:
    assert points("specialty", {}, SIMILAR, {"specialty": mode}) == expected


def test_ignored_specialties_that_are_missing_stay_not_stated() -> None:
    assert points("specialty", {"specialty": None}, {}, {"specialty": "ignore"}) == (None, None)


def test_a_very_large_grade_gap_gives_nothing() -> None:
    assert points("grade_gap", {"grade": "medical_student"}, {}, {"min_level_gap": -20}) == (0, 0)


def test_choices_count_by_tie_group_as_written() -> None:
    mentees = [f"S{n}" for n in range(1, 9)]
    groups = [["S1"], ["S2", "S3"], ["S4"], ["S5"], ["S6"], ["S7"]]
    cohort = programme([mentor(choices=groups)], [mentee(s) for s in mentees])
    recomputed = recompute(cohort)
    values = [recomputed.breakdown("M1", s)["choice"][0] for s in mentees]
    assert values == [10_000, 8_000, 8_000, 6_000, 4_000, 2_000, 2_000, 0]
    assert recomputed.not_stated("M1", "S8") >= {("choice", "mentee")}


@pytest.mark.parametrize(
    ("wanted", "offered", "consents", "bonus"),
    [
        (("age", "disability"), ("age", "disability"), (True, True), 1_000),
        (("age", "disability", "race"), ("age",), (True, True), 333),
        (("age", "disability", "race"), ("age", "race"), (True, True), 667),
        (("age",), (), (True, True), 0),
        ((), ("age",), (True, True), 0),
        (("age",), ("age",), (True, None), 0),
        (("age",), ("age",), (False, True), 0),
    ],
)
def test_experience_on_request_is_a_bonus_for_the_mentee(
    wanted: tuple[str, ...],
    offered: tuple[str, ...],
    consents: tuple[bool | None, bool | None],
    bonus: int,
) -> None:
    m = {"experience_offered": offered, "consent_matching": consents[0]}
    s = {"experience_wanted": wanted, "consent_matching": consents[1]}
    off, on = pair(only(m, s)), only(m, s, {"weights": {"experience": 10}})
    assert on.breakdown("M1", "S1")["experience"] == (None, bonus)
    assert pair(on).mentee_score == off.mentee_score + bonus
    assert pair(on).mentor_score == off.mentor_score


def test_the_bonus_stops_at_the_top_of_the_scale() -> None:
    weights = dict.fromkeys(("choice", "topics", "availability", "place", "interests"), 0)
    m = {"experience_offered": ("age",), "consent_matching": True}
    s = {"experience_wanted": ("age",), "consent_matching": True}
    assert pair(only(m, s, {"weights": {**weights, "experience": 10}})).mentee_score == 10_000


def cohort_of_two_mentors(**settings: Any) -> Recomputed:
    """M1 has one interest in common with S1; M2 states none."""
    return recompute(
        programme(
            [mentor(interests=("Chess",)), mentor("M2")],
            [mentee(interests=("Chess",)), mentee("S2", interests=("Tea", "Go"))],
            settings,
        )
    )


def test_missing_values_take_the_mean_of_those_known() -> None:
    recomputed = cohort_of_two_mentors()
    shown = {p: recomputed.breakdown(*p)["interests"] for p in recomputed.pairs}
    assert shown["M1", "S1"] == (5_000, 5_000)
    assert shown["M1", "S2"] == (0, 0)
    assert shown["M2", "S1"] == shown["M2", "S2"] == (2_500, 2_500)
    assert ("interests", "mentor") in recomputed.not_stated("M2", "S1")
    assert ("interests", "mentor") not in recomputed.not_stated("M1", "S2")


def test_a_mean_is_rounded_taken_by_side_and_over_excluded_pairs_too() -> None:
    people = programme(
        [mentor(choices=[["S1"], ["S2"]], vetoes=("S3",)), mentor("M2")],
        [mentee("S1"), mentee("S2"), mentee("S3", choices=[["M2"]])],
    )
    recomputed = recompute(people)
    # for mentors (10 000 + 8 000 + 0) / 3; for mentees (0 + 10 000) / 2
    assert recomputed.breakdown("M2", "S1")["choice"] == (6_000, 5_000)


def test_without_any_value_known_the_middle_is_taken() -> None:
    assert only().breakdown("M1", "S1")["choice"] == (5_000, 5_000)


def test_scores_are_weighted_means_rounded_to_the_nearest() -> None:
    # choice 5 000 ×33, topics 5 000 ×33, availability 2 500 ×14, specialty 10 000 ×8,
    # place 5 000 ×6, interests 5 000 ×6: 505 000 / 100
    facts = pair(only())
    assert (facts.mentor_score, facts.mentee_score, facts.score) == (5_050, 5_050, 5_050)
    weights = dict.fromkeys(("choice", "topics", "place", "interests"), 0)
    odd = pair(only(settings={"weights": {**weights, "availability": 1, "specialty": 2}}))
    assert odd.mentor_score == 7_500
    odd = pair(only(settings={"weights": {**weights, "availability": 2, "specialty": 1}}))
    assert odd.mentor_score == 5_000
    odd = pair(only(settings={"weights": {**weights, "availability": 1, "specialty": 5}}))
    assert odd.mentor_score == 8_750
    odd = pair(only(settings={"weights": {**weights, "availability": 1, "specialty": 6}}))
    assert odd.mentor_score == 8_929  # 62 500 / 7 = 8 928.57


def test_the_pair_score_weighs_the_sides() -> None:
    m = {"choices": [["S1"]]}  # mentor: choice 10 000; mentee: the mean of nothing
    facts = pair(only(m))
    assert (facts.mentor_score, facts.mentee_score) == (6_700, 5_050)
    assert facts.score == 6_040
    assert pair(only(m, settings={"side_weights": (1, 1)})).score == 5_875
    assert pair(only(m, settings={"side_weights": (1, 2)})).score == 5_600
    assert pair(only(m, settings={"side_weights": (0, 7)})).score == 5_050


def test_without_weights_every_score_is_nought() -> None:
    names = ("choice", "topics", "availability", "specialty", "place", "interests")
    facts = pair(only(settings={"weights": dict.fromkeys(names, 0)}))
    assert (facts.mentor_score, facts.mentee_score, facts.score) == (0, 0, 0)
    assert (facts.mentor_rank, facts.mentee_rank) == (1, 1)


def test_given_criteria_count_on_the_side_they_serve_with_their_mean() -> None:
    values = {"S1": 9_000, "S2": 4_001}
    given = Given(
        criteria={
            "walk": (100, "mentor", lambda _, s: (values.get(s), 77)),
            "idle": (0, "both", lambda _, __: (1, 2)),
        }
    )
    people = programme(mentees=[mentee("S1"), mentee("S2"), mentee("S3")])
    recomputed = recompute(people, given)
    shown = [recomputed.breakdown("M1", s)["walk"] for s in ("S1", "S2", "S3")]
    assert shown == [(9_000, None), (4_001, None), (6_501, None)]
    assert "idle" not in recomputed.breakdown("M1", "S1")
    assert recomputed.breakdown("M1", "S1", ["idle"]) == {"idle": (1, 2)}
    assert pair(recomputed).mentor_score == 7_025  # (505 000 + 900 000) / 200
    assert pair(recomputed).mentee_score == 5_050


def ranked(m: Fields, mentees: list[Any], **settings: Any) -> dict[str, tuple[int, bool]]:
    """The mentor's rank of each mentee, and whether it is stated."""
    recomputed = recompute(programme([mentor(**m)], mentees, settings))
    return {s.id: (pair(recomputed, s=s.id).mentor_rank, pair(recomputed, s=s.id).mentor_stated)
            for s in mentees}  # fmt: skip


def test_stated_choices_come_first_and_ranks_are_dense() -> None:
    others = [mentee("S1"), mentee("S2", specialty="renal_medicine"), mentee("S3"), mentee("S4")]
    ranks = ranked({"choices": [["S2"], ["S1", "S3"]]}, others)
    assert ranks == {"S2": (1, True), "S1": (2, True), "S3": (2, True), "S4": (3, False)}


def test_without_indifference_one_unit_decides() -> None:
    given = Given(criteria={"walk": (1, "mentor", lambda _, s: (4_000 + int(s[1:]), None))})
    weights = {**SLOTS_ONLY, "availability": 0}
    people = programme(
        mentees=[mentee("S1"), mentee("S2")], settings={"weights": weights, "indifference": 0}
    )
    recomputed = recompute(people, given)
    assert [pair(recomputed, s=s).mentor_rank for s in ("S1", "S2")] == [2, 1]


def test_choices_nobody_can_have_drop_out() -> None:
    people = [mentee("S1", vetoes=("M1",)), mentee("S2"), mentee("S3")]
    ranks = ranked({"choices": [["S1"], ["S2"]]}, people)
    assert ranks == {"S1": (0, False), "S2": (1, True), "S3": (2, False)}


def by_slots(person: str, shared: int) -> Any:
    """Scores 2 500 per shared slot, where availability alone has weight."""
    return mentee(person, availability=["mon_am", "mon_pm", "tue_am", "tue_pm"][:shared])


SLOTS_ONLY = dict.fromkeys(("choice", "topics", "specialty", "place", "interests"), 0)


@pytest.mark.parametrize(
    ("indifference", "expected"),
    [(0, [4, 3, 2, 1]), (25, [4, 3, 2, 1]), (40, [3, 2, 2, 1]), (50, [3, 2, 2, 1]),
     (51, [2, 2, 1, 1]), (100, [2, 2, 2, 1])],
)  # fmt: skip
def test_others_are_ranked_by_bands_of_the_side_score(
    indifference: int, expected: list[int]
) -> None:
    people = [by_slots(f"S{n}", n) for n in (1, 2, 3, 4)]
    m = {"availability": ["mon_am", "mon_pm", "tue_am", "tue_pm"]}
    ranks = ranked(m, people, weights=SLOTS_ONLY, indifference=indifference)
    assert [ranks[f"S{n}"] for n in (1, 2, 3, 4)] == [(rank, False) for rank in expected]
