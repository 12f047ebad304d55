"""Other matchings beside the first: solved like any other, and the first stays what it is."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
import pytest

import rmatch
from rmatch.rematching.scenarios import Scenarios


@pytest.fixture(scope="module")
def east() -> rmatch.Matching:
    return rmatch.solve(rmatch.examples.path("east-of-england"))


def ids(matching: rmatch.Matching) -> list[tuple[str, str]]:
    return [(pair.mentor, pair.mentee) for pair in matching.pairs]


ASKED: dict[str, dict[str, Any]] = {
    "keep": {"keep": [("M01", "S07")]},
    "forbid": {"forbid": [("M01", "S04"), ("M02", "S07")]},
    "a rule": {"waive": ["same_employer"]},
    "one pair": {"waive": [rmatch.Waiver("M01", "S04", "same_employer")]},
    "weights": {"weights": {"topics": 90, "choice": 0}},
    "capacity": {"capacity": {"S04": 0, "S05": 2}},
    "settings": {"settings": {"indifference": 0, "minimum_score": 20}},
    "together": {"forbid": [("M01", "S04")], "weights": {"topics": 60}, "capacity": {"S05": 2}},
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_what_if_is_the_changed_programme_solved_and_the_first_stays(
    east: rmatch.Matching, asked: dict[str, Any]
) -> None:
    before = pickle.dumps((east.solution.chosen, east.programme, str(east), east.objectives))
    other = east.what_if(**asked)
    plain = rmatch.solve(other.programme, objectives=east.order, seed=east.seed)
    assert (ids(other), dict(other.objectives)) == (ids(plain), dict(plain.objectives))
    assert other.verify().ok
    after = (east.solution.chosen, east.programme, str(east), east.objectives)
    assert pickle.dumps(after) == before


def test_what_is_asked_is_what_is_different(east: rmatch.Matching) -> None:
    assert ("M01", "S07") in ids(east.what_if(**ASKED["keep"]))
    assert not {("M01", "S04"), ("M02", "S07")} & set(ids(east.what_if(**ASKED["forbid"])))
    assert "S04" in east.what_if(**ASKED["capacity"]).unmatched
    programme = east.what_if(**ASKED["together"]).programme
    assert programme is not None
    assert programme.settings.weights["topics"] == 60
    assert programme.by_id["S05"].capacity == 2


def test_settings_that_say_how_to_solve_are_obeyed(east: rmatch.Matching) -> None:
    best = east.what_if(settings={"strategy": "best_score"})
    assert (best.strategy, "stability" in best.order) == ("best_score", False)
    named = east.what_if(settings={"objectives": ["pairs", "score"], "seed": 9})
    assert (named.strategy, named.order, named.seed) == (None, ("pairs", "score"), 9)
    pair = ("M01", "S07")
    assert pair in ids(east.what_if(settings={"must_pair": [pair]}))


def test_nothing_asked_changes_nothing(east: rmatch.Matching) -> None:
    assert ids(east.what_if()) == ids(east)


def test_every_problem_is_listed(east: rmatch.Matching) -> None:
    with pytest.raises(rmatch.InputError) as caught:
        east.what_if(
            waive=[
                *("line_manager", "no_such_rule", "confidential"),
                rmatch.Waiver("M01", "S04", "no_rule"),
            ],
            capacity={"S99": 1, "S05": -1},
            settings={"colour": 1, "minimum_score": 1000},
            weights={"top": 3},
            keep=[("M01", "S98")],
            forbid=[("M01", "S99")],
        )
    assert str(caught.value).splitlines()[1:] == [
        "  column waive: 'line_manager' can never be waived",
        "  column waive: 'no_such_rule' is not a rule",
        "  column waive: 'confidential' can never be waived",
        "  column capacity: 'S99' is nobody of this programme",
        "  column settings: 'colour' is not a setting",
        "  column capacity (S05): input should be greater than or equal to 0",
        "  column minimum_score: input should be less than or equal to 100",
        "  sheet Settings, column must_pair: names somebody who is not a mentee of this programme",
        "  sheet Settings, column must_not_pair: names somebody who is not a mentee of this "
        "programme",
        "  sheet Settings, column waivers: 'no_rule' waives a rule that does not exist",
        "  sheet Settings, column weights.top: weighs a criterion that does not exist (did you "
        "mean topics?)",
    ]


class Early:
    """A criterion that likes the first mentors."""

    name, weight, side = "early", 1, "both"

    def values(self, people: Any, _: str) -> Any:
        return np.array([[10_000 * (m.id < "M07") for _ in people.mentees] for m in people.mentors])


def test_criteria_of_ones_own_can_be_weighed_otherwise(east: rmatch.Matching) -> None:
    assert east.programme is not None
    matching = rmatch.solve(east.programme, criteria=[Early()])
    weighed = matching.what_if(weights={"early": 3}).programme
    assert weighed is not None
    assert weighed.settings.weights["early"] == 3


def test_what_cannot_hold_is_said(east: rmatch.Matching) -> None:
    with pytest.raises(rmatch.InfeasibleError, match="S04 has 1 place"):
        east.what_if(keep=[("M01", "S04"), ("M02", "S04")])


def test_without_people_there_is_nothing_to_change() -> None:
    matching = rmatch.solve(rmatch.Instance.from_rankings(mentors=[[[0]]], mentees=[[[0]]]))
    for ask in (matching.what_if, matching.trade_off, lambda: matching.scenarios({"x": {}})):
        with pytest.raises(ValueError, match="without people"):
            ask()


# -------------------------------------------------------------------------------- side by side


@pytest.fixture(scope="module")
def several(east: rmatch.Matching) -> Scenarios:
    return east.scenarios(
        {
            "<b>topics</b>": {"weights": {"topics": 90}},
            "best score": {"settings": {"strategy": "best_score"}},
            "no S04": {"capacity": {"S04": 0}},
            "both": {"keep": [("M01", "S04"), ("M02", "S04")]},
        }
    )


def test_several_what_ifs_are_those_asked_one_by_one(
    east: rmatch.Matching, several: Scenarios
) -> None:
    assert list(several.matchings) == ["<b>topics</b>", "best score", "no S04"]
    assert ids(several["no S04"]) == ids(east.what_if(capacity={"S04": 0}))
    assert (several.first, list(several.infeasible)) == (east, ["both"])
    assert repr(several) == "Scenarios(3 matchings, 1 infeasible)"


def test_the_table_has_levels_and_changed_pairs(east: rmatch.Matching, several: Scenarios) -> None:
    text = str(several)
    assert max(map(len, text.splitlines())) <= 80
    gone = len(set(ids(east)) - set(ids(several["no S04"])))
    new = len(set(ids(several["no S04"])) - set(ids(east)))
    (row,) = re.findall(r"^no S04 .*$", text, re.MULTILINE)
    assert [int(cell) for cell in row.split()[-2:]] == [gone, new]
    assert "both: these cannot all hold: must_pair M01 S04" in text


def test_levels_that_a_scenario_did_not_look_at_are_counted(several: Scenarios) -> None:
    frame = several.to_frame().set_index("scenario")
    best = several["best score"]
    assert "stability" not in best.objectives
    assert frame.loc["best score", "stability"] == len(best.blocking_pairs)
    assert frame.loc["as it is", "pairs_gone"] == 0
    assert frame.loc["both", "status"] == "infeasible"
    assert frame.loc["both"].isna().sum() == len(frame.columns) - 1


def test_names_of_scenarios_are_escaped(several: Scenarios) -> None:
    html = several._repr_html_()
    assert "&lt;b&gt;topics&lt;/b&gt;" in html
    assert "<b>" not in html


def test_mistakes_name_their_scenario(east: rmatch.Matching) -> None:
    with pytest.raises(rmatch.InputError) as caught:
        east.scenarios({"one": {"waive": ["nonsense"]}, "two": {"capacity": {"S99": 1}}})
    assert str(caught.value).splitlines()[1:] == [
        "  scenario one, column waive: 'nonsense' is not a rule",
        "  scenario two, column capacity: 'S99' is nobody of this programme",
    ]
    with pytest.raises(TypeError, match="scenario 'one' says 'waives'; it can say keep, forbid"):
        east.scenarios({"one": {"waives": []}})
