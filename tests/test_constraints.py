"""Solving with statements: from the sheet or the call to the matching, its folder and errors."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import rmatch
import rmatch.instance
from brute_force import best
from rmatch import Instance, Load, Matching, MustNotPair, MustPair, Quota
from rmatch.examples import path as example
from rmatch.solving import STRATEGIES
from test_infeasible import possible, stated_instances


@pytest.fixture(scope="module")
def east() -> rmatch.Programme:
    """The example cohort."""
    return rmatch.load(example("east-of-england"))


@pytest.fixture(scope="module")
def plain(east: rmatch.Programme) -> Matching:
    """It solved, with nothing stated."""
    return rmatch.solve(east)


def ids(matching: Matching) -> set[tuple[str, str]]:
    """The pairs as ids."""
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


def test_statements_of_the_settings_and_of_the_call_are_the_same(
    east: rmatch.Programme, tmp_path: Path
) -> None:
    """They hold, and the saved run holds them."""
    said = rmatch.Settings(
        must_pair=[("M01", "S06")],
        must_not_pair=[("M02", "S07")],
        quotas={"spread": "at most 1 mentee per employer, price 3"},
    )
    first = rmatch.solve(east.replace(settings=said))
    second = rmatch.solve(
        east,
        constraints=[
            MustPair("M01", "S06"),
            MustNotPair("M02", "S07"),
            Quota(name="spread", count="mentees", maximum=1, per="employer", price=3),
        ],
    )
    assert first.order == second.order
    assert first.objectives == second.objectives
    assert ids(first) == ids(second)
    assert ("M01", "S06") in ids(first)
    assert ("M02", "S07") not in ids(first)
    assert second.scores is not None
    assert second.scores.programme.settings.must_pair == (("M01", "S06"),)
    second.save(tmp_path / "run")
    again = Matching.load(tmp_path / "run")
    assert ids(again) == ids(second)
    assert again.objectives == second.objectives


def test_scores_do_not_depend_on_statements(east: rmatch.Programme, plain: Matching) -> None:
    """Nor are scores that were given changed."""
    scores = rmatch.score(east)
    made = rmatch.solve(scores, constraints=[MustPair("M01", "S06")])
    assert made.scores is not None
    assert plain.scores is not None
    assert np.array_equal(made.scores.points, plain.scores.points)
    assert scores.programme.settings.must_pair == ()


@pytest.mark.parametrize(
    ("strategy", "order"),
    [
        ("stable", ("stability", "prices", "warnings")),
        ("best_score", ("priority", "prices", "score")),
    ],
)
def test_a_price_adds_its_level(strategy: str, order: tuple[str, ...]) -> None:
    """Right after stability, else before the scores; never where nothing has a price."""
    instance = Instance.from_scores(np.ones((2, 2)))
    price = [Load("M0", maximum=0, price=3)]
    made = rmatch.solve(instance, strategy=strategy, constraints=price)
    assert order in set(itertools.pairwise(made.order)) | set(
        zip(made.order, made.order[1:], made.order[2:], strict=False)
    )
    assert rmatch.solve(instance, strategy=strategy).order == STRATEGIES[strategy]


def test_objectives_that_are_named_must_name_prices() -> None:
    """Otherwise the price would count for nothing."""
    instance = Instance.from_scores(np.ones((2, 2)))
    price = [Quota(name="few", maximum=1, price=3)]
    with pytest.raises(ValueError, match="do not name the level prices"):
        rmatch.solve(instance, objectives=("pairs", "score"), constraints=price)
    made = rmatch.solve(instance, objectives=("prices", "pairs"), constraints=price)
    assert made.objectives == {"prices": 0, "pairs": 1}
    row = rmatch.instance.Quota(
        "r", np.ones(4, int), np.zeros(2, int), np.zeros(2, int), 3, price=1
    )
    with pytest.raises(ValueError, match="do not name the level prices"):
        rmatch.solve(instance.replace(quotas=(row,)), objectives=("pairs",))


@settings(max_examples=100)
@given(stated_instances())
def test_what_is_solved_is_what_is_stated(drawn: tuple[Instance, list[Any]]) -> None:
    """The best of all matchings that keep it, or an error where there is none."""
    instance, stated = drawn
    objectives = ("pairs", "prices", "score")
    if not possible(instance, stated):
        with pytest.raises(rmatch.InfeasibleError) as caught:
            rmatch.solve(instance, objectives=objectives, constraints=stated)
        assert caught.value.explained
        assert caught.value.__context__ is None
        assert set(caught.value.statements) <= {one.id for one in stated}
        return
    made = rmatch.solve(instance, objectives=objectives, constraints=stated)
    found = best(made.instance, objectives)
    assert found is not None
    assert made.objectives == found.levels


def test_stability_of_the_call_goes_before_the_settings(east: rmatch.Programme) -> None:
    """And an instance takes it too."""
    stated = east.replace(settings=rmatch.Settings(stability="strong"))
    assert rmatch.solve(stated).instance.stability == "strong"
    assert rmatch.solve(stated, stability="super").instance.stability == "super"
    instance = Instance.from_scores(np.ones((2, 2)))
    assert rmatch.solve(instance, stability="strong").instance.stability == "strong"
    assert instance.stability == "weak"
    with pytest.raises(rmatch.InputError):
        rmatch.solve(east, stability="firm")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="stability must be one of"):
        rmatch.solve(instance, stability="firm")  # type: ignore[arg-type]


def test_an_infeasibility_is_explained_and_not_chained(east: rmatch.Programme) -> None:
    """In ids; the solver's own list is not behind it."""
    with pytest.raises(rmatch.InfeasibleError) as caught:
        rmatch.solve(
            east,
            constraints=[
                MustPair("M01", "S06"),
                Quota(name="few", maximum=3),
                Quota(name="many", count="mentors", minimum=5),
            ],
        )
    assert caught.value.statements == ("quota few", "quota many")
    assert str(caught.value.relaxation) == "raise the maximum of quota few from 3 to 5"
    assert caught.value.__context__ is None


def test_who_must_not_be_paired_is_said_to_the_coordinator(east: rmatch.Programme) -> None:
    """A person's excluded partners are all accounted for."""
    made = rmatch.solve(east, constraints=[MustNotPair("M02", "S07")])
    text = str(made.explain("M02"))
    assert "Stated: not to be paired" in text
    assert "not to be paired" not in str(made.explain("M02", audience="participant"))


def test_rows_of_an_instance_are_explained() -> None:
    """What a researcher put into the arrays is named as they named it."""
    row = rmatch.instance.Quota("mine", np.ones(4, int), np.zeros(2, int), np.zeros(2, int), 2)
    instance = Instance.from_scores(np.ones((2, 2))).replace(quotas=(row,))
    with pytest.raises(rmatch.InfeasibleError) as caught:
        rmatch.solve(instance, constraints=[Load("M0", maximum=0)])
    assert caught.value.statements == ("mine", "load M0")


# ------------------------------------------------------------------------ mistakes of a coordinator

MISTAKES = [
    ("must_pair", "M01 and S06", "is not two people: write M01 with S02", ()),
    ("must_pair", "S06 with M01", "but not as a mentor; the mentor comes first", ()),
    ("must_not_pair", "M01 with S0x6", "who is not a mentee of this programme", ("S06",)),
    ("must_pairs", "M01 with S06", "is not a setting", ("must_pair",)),
    ("minimum_load", "1", "is not a setting", ("minimum_load.ID",)),
    ("minimum_laod.S05", "1", "is not a setting", ("minimum_load.ID",)),
    ("minimum_load.S99", "1", "who is not a person of this programme", ()),
    ("maximum_load.S05", "-1", "greater than or equal to 0", ()),
    ("maximum_load.S05", "two", "should be a valid integer", ()),
    ("load_price.S05", "3", "is a price without a limit", ()),
    ("quota.spread", "at most 3 pairs", "is not a setting", ("quotas.NAME",)),
    ("quotas.spread", "at most 3 mentees per emploer", "did you mean employer?", ()),
    ("quotas.spread", "at most three mentees", "write for example: at least 4 pairs", ()),
    ("stability", "stable", "'weak', 'strong' or 'super'", ()),
]


@pytest.mark.parametrize(("name", "value", "message", "near"), MISTAKES)
def test_a_mistake_is_one_problem_at_its_row(
    tmp_path: Path, name: str, value: str, message: str, near: tuple[str, ...]
) -> None:
    """With the nearest valid value, or what to write."""
    sheet = tmp_path / "settings.csv"
    sheet.write_text(f'setting,value\nseed,3\n{name},"{value}"\n')
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.load(example("east-of-england"), settings=sheet)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.place.file, problem.place.row) == ("settings.csv", 3)
    assert set(near) <= set(problem.suggestions)


def test_limits_that_clash_are_one_problem_without_a_name(east: rmatch.Programme) -> None:
    """Also where the two lines call the person by different names."""
    name = east.mentees[4].name
    given = {"minimum_load": {"S05": 2}, "maximum_load": {name: 1}}
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.load(example("east-of-england"), settings=given)
    assert str(caught.value) == (
        "1 problem in the input\n  column minimum_load.S05: is above the maximum: 2 is more than 1"
    )
    wrong = {"minimum_load": {name: "many"}}
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.load(example("east-of-england"), settings=wrong)
    assert str(name) not in str(caught.value)


def test_a_quota_over_an_employer_whom_nobody_has_is_noticed() -> None:
    """Most likely a typing mistake; the nearest is a suggestion that logs do not show."""
    people = {"mentors": [{"id": "M1", "employer": "North Trust"}], "mentees": []}
    quotas = {
        "a": "at most 1 mentor with employer Nort Trust",
        "b": "at most 1 mentor with employer NORTH trust",
    }
    loaded = rmatch.load(**people, settings={"quotas": quotas})
    (notice,) = [n for n in loaded.notices if "nobody here has" in n.message]
    assert notice.place.column == "quotas.a"
    assert notice.suggestions == ("North Trust",)
    assert "North" not in str(notice)


def test_people_of_settings_are_told_apart_by_their_ids() -> None:
    """However alike those are."""
    sheet = {"mentors": [{"id": "M-1"}, {"id": "M 1"}], "mentees": [{"id": "S1"}]}
    loads = {"minimum_load.M-1": 1, "minimum_load.M 1": 0, "maximum_load.m-1": 1}
    loaded = rmatch.load(**sheet, settings=loads)
    assert loaded.settings.minimum_load == {"M-1": 1, "M 1": 0}
    assert loaded.settings.maximum_load == {"M-1": 1}
    with pytest.raises(rmatch.InputError, match="sets minimum_load a second time"):
        rmatch.load(**sheet, settings={"minimum_load.M 1": 1, "minimum_load.m 1": 2})


def test_what_is_not_kept_at_its_price_is_named() -> None:
    """A coordinator reads which statement gave way, and by how much, and nothing of others."""
    instance = Instance.from_rankings([[[0], [1]]], [[[0]], [[0]]], mentor_capacity=[2])
    gave_way = Load("M0", maximum=1, price=3)
    matching = rmatch.solve(instance, constraints=[gave_way, Load("S0", minimum=1, price=5)])
    assert dict(matching.unkept) == {"load M0": 1}
    assert matching.objectives["prices"] == 3
    assert "Not kept, at their price: load M0 (off by 1)." in str(matching)
    assert "Not kept" not in str(rmatch.solve(instance))


def test_an_instance_in_which_nothing_is_stated_is_solved_as_it_is() -> None:
    """Millions of pairs are not copied for nothing; another stability is another instance."""
    instance = Instance.from_rankings([[[0, 1]], [[0]]], [[[0, 1]], [[0]]])
    assert rmatch.solve(instance).instance is instance
    other = rmatch.solve(instance, stability="strong").instance
    assert (other.stability, instance.stability) == ("strong", "weak")
    forced = instance.replace(forced=np.array([True, False, False]))
    assert rmatch.solve(forced).instance.forced.tolist() == [True, False, False]
