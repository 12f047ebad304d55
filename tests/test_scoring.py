"""Scores as a person holds them: hand-worked points, the cost matrix, attribution, custom parts.

That every cell agrees with docs/scoring.md is tested against the audit in test_programmes.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

import rmatch
from rmatch import examples
from rmatch.programme import Programme, Settings
from rmatch.scoring.people import People, Side
from rmatch.scoring.scores import Scores
from rmatch.scoring.verdict import Verdict
from rmatch.testing import programmes

EAST = "east-of-england"


@pytest.fixture(scope="module")
def east() -> Scores:
    """The example, scored once."""
    return rmatch.score(examples.path(EAST))


def two_by_two(**how: Any) -> Programme:
    """Two of each who have told enough for every default criterion."""
    slots = ["mon_am", "mon_pm", "tue_am", "tue_pm"]
    both = {"conflicts_confirmed": True, "modes": ["in_person", "virtual"]}
    mentor = {**both, "line_manager": "", "supervisors": [], "grade": "st5"}
    return Programme(
        mentors=[
            {
                "id": "M1",
                **mentor,
                "choices": [["S1"], ["S2"]],
                "wants": ["career_progression", "wellbeing"],
                "offers": ["discrimination"],
                "availability": slots,
                "specialty": "urology",
                "employer": "Vale",
                "department": "Theatres",
                "base": "Ely",
                "interests": ["chess", "choir"],
            },
            {"id": "M2", **mentor, "availability": slots[:1], "vetoes": ["S2"]},
        ],
        mentees=[
            {
                "id": "S1",
                **both,
                "grade": "consultant",
                "offers": ["wellbeing"],
                "wants": ["discrimination"],
                "availability": slots[:2],
                "specialty": "anaesthetics",
                "employer": "Fen",
                "department": "Theatres",
                "base": " ely",
                "interests": ["Chess"],
            },
            {
                "id": "S2",
                **both,
                "grade": "consultant",
                "availability": slots[2:],
                "conflicts": ["M1"],
            },
        ],
        settings=Settings(**how),
    )


# -------------------------------------------------------------------------------------- hand-worked


def test_points_by_hand() -> None:
    """Every default criterion of one pair, worked from docs/scoring.md with a pencil."""
    scores = rmatch.score(two_by_two())
    assert scores.breakdown("M1", "S1") == {
        # M1 lists S1 first; nobody of the mentees lists anybody: nowhere known, 5 000.
        "choice": (10_000, 5_000),
        # M1 wants career progression (2) and wellbeing (1), S1 offers the latter: 1 of 3.
        "topics": (3_333, 10_000),
        # Two half-days in common.
        "availability": (5_000, 5_000),
        # Surgery and anaesthetics are different groups.
        "specialty": (10_000, 10_000),
        # In person, and the same base whatever the case and the spaces.
        "place": (10_000, 10_000),
        # One interest of two that count.
        "interests": (5_000, 5_000),
    }
    mentor = (33 * 10_000 + 33 * 3_333 + 14 * 5_000 + 8 * 10_000 + 6 * 10_000 + 6 * 5_000) / 100
    mentee = (33 * 5_000 + 33 * 10_000 + 14 * 5_000 + 8 * 10_000 + 6 * 10_000 + 6 * 5_000) / 100
    at = scores.locate("M1", "S1")
    assert scores.mentor_points[at] == int(mentor + 0.5) == 6_800
    assert scores.mentee_points[at] == int(mentee + 0.5) == 7_350
    assert scores.points[at] == (6 * 6_800 + 4 * 7_350 + 5) // 10 == 7_020


def test_missing_values_are_marked() -> None:
    """What nobody said is the mean, and is not passed off as stated."""
    scores = rmatch.score(two_by_two())
    assert scores.is_stated("choice", "mentor", "M1", "S1")
    assert not scores.is_stated("choice", "mentee", "M1", "S1")
    assert not scores.is_stated("choice", "mentor", "M2", "S1")
    # Known for M1 about S1 (10 000) and S2 (8 000); M2 has no list, so takes the mean.
    assert scores.breakdown("M2", "S1")["choice"] == (9_000, 5_000)


def test_a_pair_may_be_named_either_way_round_or_by_place(east: Scores) -> None:
    """Ids in any order, or indices; two of one side are no pair."""
    assert east.breakdown("M01", "S04") == east.breakdown("S04", "M01") == east.breakdown(0, 3)
    assert east.locate("S04", "M01") == (0, 3)
    with pytest.raises(KeyError):
        east.locate("M01", "M02")
    with pytest.raises(KeyError):
        east.locate("M01", "S99")


def test_ranks_by_hand() -> None:
    """Stated choices first, in their order; the others by bands of the side's score."""
    programme = Programme(
        mentors=[{"id": "M1", "choices": [["S3"]], "interests": ["chess", "choir"]}],
        mentees=[
            {"id": "S1", "interests": ["chess", "choir"]},
            {"id": "S2", "interests": ["chess"]},
            {"id": "S3", "interests": ["golf"]},
            {"id": "S4", "interests": ["golf"]},
        ],
        settings=Settings(weights={"choice": 0, "interests": 100}),
    )
    instance = rmatch.score(programme).instance
    assert instance.mentor_rank.tolist() == [2, 3, 1, 4]
    assert instance.mentee_rank.tolist() == [1, 1, 1, 1]


# -------------------------------------------------------------------------------------- cost matrix


def test_cost_is_a_float_matrix_with_inf_for_the_forbidden(east: Scores) -> None:
    """10 000 − points where a pair is allowed, infinite where not, and never masked."""
    assert east.cost.dtype == np.float64
    assert east.cost.shape == (14, 14)
    assert not isinstance(east.cost, np.ma.MaskedArray)
    assert np.array_equal(np.isinf(east.cost), ~east.acceptable)
    assert np.array_equal(east.cost[east.acceptable], 10_000 - east.points[east.acceptable])


def test_scipy_finds_the_optimum_of_best_score(east: Scores) -> None:
    """The cost matrix solved elsewhere comes to the same total, and to legal pairs only."""
    rows, columns = linear_sum_assignment(east.cost)
    assert east.acceptable[rows, columns].all()
    matching = rmatch.solve(east, strategy="best_score")
    assert len(matching.pairs) == 14
    assert matching.objectives["score"] == int(east.points[rows, columns].sum())
    made = {(pair.mentor, pair.mentee) for pair in matching.pairs}
    assert (
        sum(int(east.points[east.locate(*pair)]) for pair in made) == matching.objectives["score"]
    )


def test_the_instance_holds_the_acceptable_pairs(east: Scores) -> None:
    """As many as are acceptable, with the points of the matrix."""
    assert east.instance.n_pairs == int(east.acceptable.sum())
    dense = east.instance.dense(east.instance.score, fill=-1)
    assert np.array_equal(dense, np.where(east.acceptable, east.points, -1))


# -------------------------------------------------------------------------------------- attribution


@settings(max_examples=150)
@given(programme=programmes(max_side=3, filled=("goals", "meeting", "choices")))
def test_contributions_add_up_to_the_score(programme: Programme) -> None:
    """The points by criterion are those of the pair's score, but for rounding and the bonus."""
    scores = rmatch.score(programme)
    bonus = programme.settings.all_weights["experience"] > 0
    for mentor in programme.mentors:
        for mentee in programme.mentees:
            parts = scores.contributions(mentor.id, mentee.id)
            plain = sum(points for name, points in parts.items() if name != "experience")
            whole = scores.points[scores.locate(mentor.id, mentee.id)] / 100
            slack = 0.02 + 0.005 * len(parts)
            assert plain <= whole + slack
            assert whole <= sum(parts.values()) + slack
            if not bonus:
                assert abs(plain - whole) <= slack


def test_a_matchings_breakdown_is_what_scores_say(east: Scores) -> None:
    """The points shown beside a pair are the contributions, and add up to its score."""
    for pair in rmatch.solve(east).pairs:
        assert pair.breakdown == east.contributions(pair.mentor, pair.mentee)
        assert sum(pair.breakdown.values()) == pytest.approx(pair.score, abs=0.05)


def test_vetoes_and_confidential_conflicts_read_alike() -> None:
    """Without ``reveal`` nobody can tell a veto from a declared conflict."""
    scores = rmatch.score(two_by_two())
    assert scores.why_excluded("M2", "S2", reveal=True) == ("veto", "mode_infeasible")
    assert scores.why_excluded("M1", "S2", reveal=True) == ("confidential",)
    assert scores.why_excluded("M2", "S2") == ("confidential", "mode_infeasible")
    assert scores.why_excluded("M1", "S2") == ("confidential",)
    assert scores.why_excluded("M1", "S1") == scores.why_excluded("M1", "S1", reveal=True) == ()


def test_the_place_of_a_masked_code_does_not_tell_which_it_is() -> None:
    """A veto and a grievance read alike beside a rule that stands between them."""
    people = {"mentors": [{"id": "M1"}], "history": [{"mentor": "M1", "mentee": "S1"}]}
    veto = Programme(**people, mentees=[{"id": "S1", "vetoes": ["M1"]}])
    grievance = Programme(
        **people,
        mentees=[{"id": "S1"}],
        conflicts=[{"mentor": "M1", "mentee": "S1", "rule": "grievance"}],
    )
    read = [rmatch.score(one).why_excluded("M1", "S1") for one in (veto, grievance)]
    assert read == [("confidential", "previous_pair")] * 2


def test_several_confidential_codes_read_once() -> None:
    """How many reasons there are is no one's business either."""
    programme = Programme(
        mentors=[{"id": "M1", "vetoes": ["S1"], "conflicts": ["S1"]}],
        mentees=[{"id": "S1", "vetoes": ["M1"]}],
        conflicts=[{"mentor": "M1", "mentee": "S1", "rule": "grievance"}],
    )
    scores = rmatch.score(programme)
    assert scores.why_excluded("M1", "S1", reveal=True) == ("grievance", "veto", "confidential")
    assert scores.why_excluded("M1", "S1") == ("confidential",)
    assert scores.to_frame()["excluded_by"].tolist() == ["confidential"]


def test_too_low_a_score_is_a_reason_of_its_own() -> None:
    """Only where no rule excludes the pair."""
    scores = rmatch.score(two_by_two(minimum_score=99))
    assert scores.why_excluded("M1", "S1") == ("minimum_score",)
    assert scores.why_excluded("M1", "S2") == ("confidential",)
    assert not scores.acceptable.any()
    assert np.isinf(scores.cost).all()


def test_the_frame_has_a_row_per_pair_and_two_columns_per_criterion(east: Scores) -> None:
    """Ids, what was decided, scores out of a hundred, codes, values by criterion and side."""
    frame = east.to_frame()
    criteria = ("choice", "topics", "availability", "specialty", "place", "interests")
    assert frame.columns.tolist() == [
        *("mentor", "mentee", "acceptable", "score", "mentor_score", "mentee_score"),
        *("excluded_by", "warned_by", "unchecked", "waived"),
        *(f"{name}_{side}" for name in criteria for side in ("mentor", "mentee")),
    ]
    assert len(frame) == 14 * 14
    first = frame.iloc[3]
    assert (first["mentor"], first["mentee"]) == ("M01", "S04")
    assert bool(first["acceptable"])
    assert first["score"] == east.points[0, 3] / 100
    assert frame["acceptable"].sum() == east.acceptable.sum()
    assert (frame["excluded_by"] == "").sum() == east.acceptable.sum()
    assert not frame["excluded_by"].str.contains("veto|family|grievance").any()


def test_two_hundred_a_side_are_scored() -> None:
    """Everything is arrays, so forty thousand pairs are no work."""
    topics = ("career_progression", "wellbeing", "discrimination", "study_leave")
    people = [
        {
            "wants": [topics[k % 4]],
            "offers": [topics[k % 3]],
            "availability": [("mon_am", "tue_am", "wed_am")[k % 3]],
            "modes": ["virtual"],
            "choices": [[k % 200], [(7 * k + 1) % 200]] if k % 5 and k % 200 else [],
        }
        for k in range(200)
    ]

    def side(own: str, other: str) -> list[dict[str, Any]]:
        return [
            {
                **facts,
                "id": f"{own}{k}",
                "choices": [[f"{other}{j}"] for (j,) in facts["choices"]],
            }
            for k, facts in enumerate(people)
        ]

    programme = Programme(mentors=side("M", "S"), mentees=side("S", "M"))
    scores = rmatch.score(programme)
    assert scores.points.shape == (200, 200)
    assert 0 <= scores.points.min() < scores.points.max() <= 10_000
    assert np.isfinite(scores.cost[scores.acceptable]).all()


# --------------------------------------------------------------------------- criteria of one's own


@dataclass
class Tea:
    """Whoever drinks tea suits whoever does; a criterion needs no base class."""

    name: str = "tea"
    weight: int = 20
    side: Literal["mentor", "mentee", "both"] = "both"
    seen: list[Side] = field(default_factory=list)

    def values(self, people: People, side: Side) -> Any:
        """10 000 where both drink tea, 0 where one does not, −1 where it was not said."""
        self.seen.append(side)
        drinks = [
            np.array([{"yes": 1, "no": 0}.get(p.extra.get("tea", ""), -1) for p in group])
            for group in (people.mentors, people.mentees)
        ]
        mentor, mentee = drinks[0][:, None], drinks[1][None, :]
        return np.where((mentor < 0) | (mentee < 0), -1, 10_000 * (mentor * mentee))


def tea_drinkers(**how: Any) -> Programme:
    """Two of each; one mentee did not say."""
    return Programme(
        mentors=[{"id": "M1", "extra": {"tea": "yes"}}, {"id": "M2", "extra": {"tea": "no"}}],
        mentees=[{"id": "S1", "extra": {"tea": "yes"}}, {"id": "S2"}],
        settings=Settings(**how),
    )


def test_a_criterion_of_ones_own_counts_like_any_other() -> None:
    """It is in the breakdown, in the score, in the frame and in the words."""
    criterion = Tea()
    scores = rmatch.score(tea_drinkers(), criteria=[criterion])
    assert sorted(criterion.seen) == ["mentee", "mentor"]
    assert scores.breakdown("M1", "S1")["tea"] == (10_000, 10_000)
    assert scores.breakdown("M2", "S1")["tea"] == (0, 0)
    # Not said: the mean of the two that are known.
    assert scores.breakdown("M1", "S2")["tea"] == (5_000, 5_000)
    assert not scores.is_stated("tea", "mentor", "M1", "S2")
    # Everything else is missing everywhere: 5 000 at weight 100, and tea at weight 20.
    assert scores.points[0, 0] == (2 * (100 * 5_000 + 20 * 10_000) + 120) // 240
    assert {"tea_mentor", "tea_mentee"} <= set(scores.to_frame().columns)
    matching = rmatch.solve(tea_drinkers(), criteria=[Tea()], strategy="best_score")
    assert "tea" in matching.pairs[0].breakdown
    assert "points_tea" in matching.to_frame().columns
    assert any(line.split()[0] == "tea" for line in str(matching.explain("M1")).splitlines()[3:11])


def test_the_audit_takes_a_criterion_of_ones_own_as_given() -> None:
    """It says so, and still checks the score that comes of it."""
    verdict = rmatch.solve(tea_drinkers(), criteria=[Tea()]).verify()
    assert verdict.ok
    assert "the values of criterion tea are taken as given" in verdict.notes


def test_a_criterion_may_serve_one_side() -> None:
    """The other side has no value, and is asked for none."""
    criterion = Tea(side="mentee")
    scores = rmatch.score(tea_drinkers(), criteria=[criterion])
    assert criterion.seen == ["mentee"]
    assert scores.breakdown("M1", "S1")["tea"] == (None, 10_000)
    assert (scores.mentor_points == 5_000).all()
    matching = rmatch.solve(scores)
    assert matching.verify().ok
    assert "–" in str(matching.explain("M1"))


def test_the_settings_weigh_a_criterion_of_ones_own() -> None:
    """A weight in the settings counts more than the criterion's; nought turns it off."""
    scores = rmatch.score(tea_drinkers(weights={"tea": 300}), criteria=[Tea()])
    assert {c.name: c.weight for c in scores.criteria}["tea"] == 300
    assert scores.points[0, 0] == (2 * (100 * 5_000 + 300 * 10_000) + 400) // 800
    off = rmatch.score(tea_drinkers(weights={"tea": 0}), criteria=[Tea()])
    assert "tea" not in off.breakdown("M1", "S1")
    without = rmatch.score(tea_drinkers(), criteria=[Tea(weight=0)])
    assert "tea" not in without.breakdown("M1", "S1")


def test_a_weight_for_a_criterion_that_does_not_exist_is_a_problem() -> None:
    """With the setting's place and the nearest names."""
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.score(tea_drinkers(weights={"tee": 5, "coice": 3}), criteria=[Tea()])
    first, second = caught.value.problems
    assert str(first) == (
        "sheet Settings, column weights.tee: weighs a criterion that does not exist"
        " (did you mean tea?)"
    )
    assert second.suggestions == ("choice",)


@dataclass
class Given:
    """Whatever it is told to give."""

    result: Any
    name: str = "odd"
    weight: int = 1
    side: Literal["mentor", "mentee", "both"] = "both"

    def values(self, people: People, side: Side) -> Any:
        """The given thing."""
        del people, side
        return self.result


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (np.zeros((1, 2), int), r"integers of shape \(2, 2\), not int64 of shape \(1, 2\)"),
        (np.zeros(4, int), r"not int64 of shape \(4,\)"),
        (np.zeros((2, 2)), "not float64"),
        (np.zeros((2, 2), bool), "not bool"),
        (np.full((2, 2), "7"), "not <U1"),
        (None, "not object"),
        (np.full((2, 2), 10_001), "values 0–10000, or -1"),
        (np.full((2, 2), -2), "values 0–10000, or -1"),
    ],
)
def test_values_that_make_no_sense_are_refused(result: Any, message: str) -> None:
    """Shape, kind and range are checked, and the criterion is named."""
    with pytest.raises(ValueError, match=f"criterion 'odd' must give .*{message}"):
        rmatch.score(tea_drinkers(), criteria=[Given(result)])


def test_small_integers_and_lists_are_as_good() -> None:
    """Whatever numpy makes integers of; a mean is taken of them all the same."""
    for result in ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]], np.uint8)):
        scores = rmatch.score(tea_drinkers(), criteria=[Given(result)])
        assert scores.breakdown("M2", "S2")["odd"] == (4, 4)
    for kind in (np.int8, np.int16, np.int64):
        scores = rmatch.score(tea_drinkers(), criteria=[Given(np.full((2, 2), -1, kind))])
        assert scores.breakdown("M2", "S2")["odd"] == (5_000, 5_000)


@pytest.mark.parametrize(
    ("criterion", "message"),
    [
        (Tea(side="all"), "criterion 'tea': side must be one of mentor, mentee, both, not 'all'"),  # type: ignore[arg-type]
        (Tea(weight=-1), "criterion 'tea': weight must be an integer 0–1000000, not -1"),
        (Tea(weight=2.5), "weight must be an integer 0–1000000, not 2.5"),  # type: ignore[arg-type]
        (Tea(weight=10**7), "weight must be an integer 0–1000000"),
        (Tea(weight=True), "weight must be an integer 0–1000000, not True"),
        (Tea(name=""), "a criterion must have a name, not ''"),
    ],
)
def test_criteria_that_make_no_sense_are_refused(criterion: Tea, message: str) -> None:
    """Before anything is computed with them, and with what would be right."""
    with pytest.raises(ValueError, match=message):
        rmatch.score(tea_drinkers(), criteria=[criterion])


@pytest.mark.parametrize("names", [["choice"], ["experience"], ["tea", "tea"]])
def test_a_criterions_name_must_be_new(names: list[str]) -> None:
    """Two of one name could not be told apart."""
    with pytest.raises(ValueError, match=f"a criterion called '{names[0]}' exists already"):
        rmatch.score(tea_drinkers(), criteria=[Tea(name=name) for name in names])


# ------------------------------------------------------------------------------ rules of one's own


@dataclass
class Apart:
    """Two named people are kept apart."""

    mentor: str = "M1"
    mentee: str = "S1"
    code: str = "apart"
    severity: Literal["hard", "warn", "off"] = "hard"

    def check(self, people: People) -> Any:
        """True for the two."""
        mask = np.zeros(people.shape, dtype=bool)
        mask[people.mentor_index[self.mentor], people.mentee_index[self.mentee]] = True
        return mask


def test_a_hard_rule_of_ones_own_excludes() -> None:
    """Its code is the reason, in the data and in the words."""
    matching = rmatch.solve(tea_drinkers(), rules=[Apart()])
    assert matching.scores is not None
    assert matching.scores.why_excluded("M1", "S1") == ("apart",)
    assert [(pair.mentor, pair.mentee) for pair in matching.pairs] == [("M1", "S2"), ("M2", "S1")]
    assert "  1: apart (apart)" in str(matching.explain("M1")).splitlines()
    verdict = matching.verify()
    assert verdict.ok
    assert "the pairs that break rule apart are taken as given" in verdict.notes


def test_a_warn_rule_of_ones_own_warns() -> None:
    """As few warned pairs as possible; those made are flagged."""
    rules = [Apart(severity="warn"), Apart("M1", "S2", code="also", severity="warn")]
    matching = rmatch.solve(tea_drinkers(), rules=rules)
    (warning,) = matching.warnings
    assert (warning.mentor, warning.rule) == ("M1", "apart" if warning.mentee == "S1" else "also")
    assert matching.objectives["warnings"] == 1
    assert f"To be looked at: {warning.text} ({warning.rule})." in str(matching.explain("M1"))
    assert f"To be looked at: {warning.text} ({warning.rule})." in str(
        matching.explain("M1", "panel")
    )
    assert matching.verify().ok


def test_a_rule_that_is_off_does_nothing() -> None:
    """Nothing is excluded, and nothing is noted of pairs."""
    scores = rmatch.score(tea_drinkers(), rules=[Apart(severity="off")])
    assert scores.acceptable.all()
    assert "apart" not in scores.rules.codes
    assert rmatch.solve(scores).verify().ok


@dataclass
class Unsure(Apart):
    """Nothing is known about anybody."""

    code: str = "unsure"

    def check(self, people: People) -> Verdict:
        """Unknown everywhere."""
        nowhere = np.zeros(people.shape, dtype=bool)
        return Verdict(nowhere, ~nowhere)


def test_a_rule_of_ones_own_may_not_know() -> None:
    """Then it excludes nothing and becomes a question."""
    matching = rmatch.solve(tea_drinkers(), rules=[Unsure()])
    asked = [question for question in matching.questions if question.rule == "unsure"]
    assert [question.person for question in asked] == ["M1", "M2"]
    assert asked[0].text == "Please check by hand whether this holds for the two: unsure."


@dataclass
class Told(Apart):
    """Whatever it is told to say."""

    result: Any = None

    def check(self, people: People) -> Any:
        """The given thing."""
        del people
        return self.result


@pytest.mark.parametrize(
    "result",
    [
        np.zeros((1, 2), bool),
        np.zeros(4, bool),
        Verdict(np.zeros((2, 2), bool), np.zeros((1, 2), bool)),
    ],
)
def test_a_rule_must_give_a_table_of_pairs(result: Any) -> None:
    """The rule is named, and the shape it should have had."""
    with pytest.raises(ValueError, match=r"rule 'apart' must give arrays of shape \(2, 2\)"):
        rmatch.score(tea_drinkers(), rules=[Told(result=result)])


@pytest.mark.parametrize("result", [None, np.full((2, 2), "no"), np.full((2, 2), 0.5)])
def test_a_rule_must_give_true_and_false(result: Any) -> None:
    """Texts and numbers are not taken for yes and no."""
    with pytest.raises(ValueError, match="rule 'apart' must give arrays of true and false"):
        rmatch.score(tea_drinkers(), rules=[Told(result=result)])


@pytest.mark.parametrize("codes", [["veto"], ["role_apd"], ["minimum_score"], ["apart", "apart"]])
def test_a_rules_code_must_be_new(codes: list[str]) -> None:
    """Two of one code could not be told apart."""
    with pytest.raises(ValueError, match=f"a rule called '{codes[0]}' exists already"):
        rmatch.score(tea_drinkers(), rules=[Apart(code=code) for code in codes])


def test_a_rules_severity_must_be_one() -> None:
    """An unknown word is not taken for a warning."""
    with pytest.raises(ValueError, match="severity must be one of hard, warn, off, not 'soft'"):
        rmatch.score(tea_drinkers(), rules=[Apart(severity="soft")])  # type: ignore[arg-type]


def test_there_is_an_end_to_rules() -> None:
    """A bit each; the message says how many there may be."""
    with pytest.raises(ValueError, match="at most 63 rules can be on at once"):
        rmatch.score(tea_drinkers(), rules=[Apart(code=f"apart{k}") for k in range(60)])


def test_scores_with_parts_of_ones_own_are_solved_as_they_are() -> None:
    """What was scored is what is solved; criteria cannot be added afterwards."""
    scores = rmatch.score(tea_drinkers(), criteria=[Tea()], rules=[Apart()])
    assert (
        rmatch.solve(scores).pairs
        == rmatch.solve(tea_drinkers(), criteria=[Tea()], rules=[Apart()]).pairs
    )
    with pytest.raises(TypeError, match="has everything in it"):
        rmatch.solve(scores, criteria=[Tea()])


@settings(max_examples=100)
@given(programme=programmes(max_side=4), data=st.data())
def test_a_rule_of_ones_own_can_only_take_pairs_away(
    programme: Programme, data: st.DataObject
) -> None:
    """A hard rule leaves every other pair's points as they were, and the audit content."""
    n, m = len(programme.mentors), len(programme.mentees)
    bits = data.draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))
    broken = np.array(bits, dtype=bool).reshape(n, m)
    before = rmatch.score(programme)
    matching = rmatch.solve(programme, rules=[Told(result=broken)])
    assert matching.scores is not None
    assert np.array_equal(matching.scores.points, before.points)
    assert np.array_equal(matching.scores.acceptable, before.acceptable & ~broken)
    assert matching.verify().ok
