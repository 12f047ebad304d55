"""The matching as a person holds it: what it shows, keeps, reads back and has checked."""

from __future__ import annotations

import json
import os
import pickle
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

import rmatch
from goldens import assert_golden
from rmatch import examples
from rmatch.audit import FindingKind
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Programme, Settings
from rmatch.reporting.document import Document
from rmatch.solution import Solution
from rmatch.testing import instances, programmes

EAST, TWO = "east-of-england", "two-trusts"


@pytest.fixture(scope="module")
def east() -> Matching:
    """Everybody has a partner."""
    return rmatch.solve(examples.path(EAST))


@pytest.fixture(scope="module")
def two() -> Matching:
    """Some take two, two have nobody."""
    return rmatch.solve(examples.path(TWO))


@pytest.fixture(scope="module")
def bare() -> Matching:
    """An instance without people: two want the same one, the third is left."""
    return rmatch.solve(
        Instance.from_rankings(
            [[[0], [1]], [[0]], [[0], [1]]],
            [[[0], [1, 2]], [[2]]],
            score=[[5, 1], [7, 0], [2, 9]],
        )
    )


def made(matching: Matching) -> set[tuple[str, str]]:
    """The pairs by id."""
    return {(pair.mentor, pair.mentee) for pair in matching.pairs}


# ------------------------------------------------------------------------------------ what came out


def test_pairs_of_people_have_scores_of_a_hundred_and_ranks(east: Matching) -> None:
    """Fourteen pairs in the order of the mentors; the numbers are those of the scores."""
    assert east.scores is not None
    assert [pair.mentor for pair in east.pairs] == [f"M{n:02}" for n in range(1, 15)]
    for pair in east.pairs:
        at = east.scores.locate(pair.mentor, pair.mentee)
        assert pair.score == east.scores.points[at] / 100
        assert pair.mentor_score == east.scores.mentor_points[at] / 100
        assert pair.mentee_score == east.scores.mentee_points[at] / 100
        assert pair.mentor_rank >= 1
        assert pair.mentee_rank >= 1
        assert list(pair.breakdown) == [
            *("choice", "topics", "availability", "specialty", "place", "interests")
        ]


def test_a_rank_is_stated_where_the_person_chose_the_partner(two: Matching) -> None:
    """And inferred everywhere else."""
    assert two.programme is not None
    stated = set()
    for pair in two.pairs:
        mentor, mentee = two.programme.by_id[pair.mentor], two.programme.by_id[pair.mentee]
        assert pair.mentor_stated == any(mentee.id in group for group in mentor.choices)
        assert pair.mentee_stated == any(mentor.id in group for group in mentee.choices)
        stated |= {pair.mentor_stated, pair.mentee_stated}
    assert stated == {True, False}


def test_pairs_of_an_instance_keep_its_integers(bare: Matching) -> None:
    """Nothing is rescaled, nothing is broken down, and there are no people to ask about."""
    assert made(bare) == {("M0", "S0"), ("M2", "S1")}
    assert [pair.score for pair in bare.pairs] == [5, 9]
    assert all(type(pair.score) is int for pair in bare.pairs)
    assert all(pair.breakdown == {} for pair in bare.pairs)
    assert bare.objectives["score"] == 14
    assert (bare.programme, bare.questions, bare.warnings) == (None, (), ())


def test_the_unmatched_are_those_without_a_partner(
    east: Matching, two: Matching, bare: Matching
) -> None:
    """Mentors first; nobody, where everybody has one."""
    assert east.unmatched == ()
    assert two.unmatched == ("M11", "M26")
    assert bare.unmatched == ("M1",)
    nobody = rmatch.solve(Instance.from_rankings([[], []], [[]]))
    assert nobody.unmatched == ("M0", "M1", "S0")


def test_blocking_pairs_are_named() -> None:
    """Most pairs first can leave two who would rather have each other."""
    instance = Instance.from_rankings([[[0], [1]], [[0]]], [[[0], [1]], [[0]]])
    matching = rmatch.solve(instance)
    assert made(matching) == {("M0", "S1"), ("M1", "S0")}
    assert matching.blocking_pairs == (("M0", "S0"),)
    assert matching.objectives["stability"] == 1
    stable = rmatch.solve(instance, objectives=("stability", "pairs"))
    assert stable.blocking_pairs == ()
    assert made(stable) == {("M0", "S0")}


def test_objectives_leave_the_tie_break_out(east: Matching) -> None:
    """Its number means nothing; everything else stands in order."""
    assert list(east.objectives) == [
        *("pairs", "people", "priority", "stability", "warnings", "score")
    ]
    assert east.order[-1] == "tie_break"
    assert "tie_break" in east.solution.objectives
    assert east.objectives["pairs"] == len(east.pairs)
    assert east.objectives["people"] == 28
    assert east.objectives["stability"] == len(east.blocking_pairs)
    assert east.objectives["score"] == round(100 * sum(pair.score for pair in east.pairs))
    assert east.status == "optimal"


def test_a_cancelled_solve_is_feasible_and_says_so(east: Matching) -> None:
    """Nothing unproved is called optimal."""
    cancel = threading.Event()
    cancel.set()
    assert east.programme is not None
    matching = rmatch.solve(east.programme, cancel=cancel)
    assert matching.status == "feasible"
    assert repr(matching).endswith("feasible)")
    assert matching.verify().ok


def test_questions_are_grouped_by_person(two: Matching) -> None:
    """In the programme's order, each person's questions together, about pairs that were made."""
    assert two.programme is not None
    assert two.scores is not None
    order = [person.id for person in two.programme.people]
    places = [order.index(question.person) for question in two.questions]
    assert places == sorted(places)
    for question in two.questions:
        for partner in question.partners:
            pair = (question.person, partner)
            assert pair in made(two) or pair[::-1] in made(two)
            assert question.rule in two.scores.unknown(*pair)
        assert question.text.endswith(("?", "."))
    open_rules = {(code, *pair) for pair in made(two) for code in two.scores.unknown(*pair)}
    asked = {
        (question.rule, *sorted((question.person, partner)))
        for question in two.questions
        for partner in question.partners
    }
    assert asked == open_rules


def test_a_question_goes_to_whoever_left_the_answer_blank() -> None:
    """The mentee who has not confirmed is asked, the mentor who has is not."""
    told = {
        "conflicts_confirmed": True,
        "modes": ["virtual"],
        "availability": ["mon_am"],
        "employer": "Vale",
        "department": "Theatres",
    }
    programme = Programme(
        mentors=[{"id": "M1", **told, "grade": "st5", "line_manager": "", "supervisors": []}],
        mentees=[
            {"id": "S1", **told, "department": "ED", "grade": "gp", "conflicts_confirmed": None}
        ],
    )
    (question,) = rmatch.solve(programme).questions
    assert (question.person, question.rule, question.partners) == ("S1", "confidential", ("M1",))


def test_nothing_confidential_is_unknown_where_something_confidential_excludes() -> None:
    """A veto beside an unconfirmed declaration reads as a declared conflict does."""
    vetoed = Programme(mentors=[{"id": "M1", "vetoes": ["S1"]}], mentees=[{"id": "S1"}])
    scores = rmatch.score(vetoed)
    assert scores.why_excluded("M1", "S1") == ("confidential",)
    assert "confidential" in scores.unknown("M1", "S1", reveal=True)
    assert "confidential" not in scores.unknown("M1", "S1")


def test_a_question_does_not_give_a_confidential_rule_away() -> None:
    """Somebody who runs cases of doctors in difficulty is matched with an unconfirmed mentor."""
    programme = Programme(
        mentors=[{"id": "M1"}],
        mentees=[{"id": "S1", "leadership_roles": [{"role": "psw_case_manager"}]}],
    )
    matching = rmatch.solve(programme)
    assert matching.scores is not None
    assert "psw_case" in matching.scores.unknown("M1", "S1", reveal=True)
    assert "psw_case" not in matching.scores.unknown("M1", "S1")
    assert "psw_case" not in {question.rule for question in matching.questions}
    assert "psw_case" not in matching.scores.to_frame()["unchecked"].iloc[0]
    assert "psw_case" not in str(matching.explain("M1"))
    assert matching.verify().ok


def test_warnings_are_the_warn_rules_of_the_pairs_made(east: Matching) -> None:
    """As many warned pairs as the level says, each with its words."""
    assert len({(item.mentor, item.mentee) for item in east.warnings}) == 5
    assert east.objectives["warnings"] == 5
    assert east.scores is not None
    for item in east.warnings:
        assert item.rule in east.scores.warned(item.mentor, item.mentee)
        assert item.text


# -------------------------------------------------------------------------------------------- shown


@pytest.mark.parametrize("example", [EAST, TWO])
def test_the_text_reads_as_agreed(example: str, request: pytest.FixtureRequest) -> None:
    """The table a coordinator sees in a notebook or a terminal."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    assert_golden(f"matching_{example}", matching.to_text())
    assert str(matching) == matching.to_text()


def test_names_are_shown_only_when_asked_for(east: Matching) -> None:
    """Ids are what a screen shared by mistake shows."""
    assert east.programme is not None
    names = [person.name for person in east.programme.people]
    assert all(name and name not in east.to_text() for name in names)
    assert all(name and name not in east._repr_html_() for name in names)
    assert all(name and name in east.to_text(names=True) for name in names)


def test_the_frame_has_a_row_per_pair(east: Matching) -> None:
    """Plain columns; names only when asked for."""
    frame = east.to_frame()
    assert frame.columns.tolist() == [
        *("mentor", "mentee", "score", "mentor_score", "mentee_score"),
        *("mentor_rank", "mentee_rank", "mentor_stated", "mentee_stated"),
        *("points_choice", "points_topics", "points_availability"),
        *("points_specialty", "points_place", "points_interests"),
    ]
    assert list(zip(frame["mentor"], frame["mentee"], strict=True)) == [
        (pair.mentor, pair.mentee) for pair in east.pairs
    ]
    named = east.to_frame(names=True)
    assert named.columns.tolist()[:4] == ["mentor", "mentee", "mentor_name", "mentee_name"]
    assert east.programme is not None
    assert named["mentor_name"].tolist() == [
        east.programme.by_id[person].name for person in named["mentor"]
    ]
    assert named.drop(columns=["mentor_name", "mentee_name"]).equals(frame)


def test_the_dict_is_what_json_gives_back(east: Matching) -> None:
    """``to_dict`` holds plain data alone, and neither a name nor an answer."""
    content = east.to_dict()
    text = json.dumps(content)
    assert json.loads(text) == content
    assert [(one["mentor"], one["mentee"]) for one in content["pairs"]] == [
        (pair.mentor, pair.mentee) for pair in east.pairs
    ]
    assert east.programme is not None
    for person in east.programme.people:
        assert person.name not in text
        assert person.email not in text


def test_names_are_in_the_dict_only_when_asked_for(east: Matching) -> None:
    """With ``names=True`` there is one more entry and nothing else changes."""
    named = east.to_dict(names=True)
    assert named.pop("names")["S04"] == "Duncan Ferriby-Stowe"
    assert named == east.to_dict()


@pytest.mark.parametrize("names", [False, True])
def test_the_dict_keeps_to_its_schema(east: Matching, names: bool) -> None:
    """A document read back through the schema's own type is the same document."""
    adapter = TypeAdapter(Document)
    content = east.to_dict(names=names)
    assert adapter.validate_json(json.dumps(content)).as_dict() == content
    properties = adapter.json_schema(mode="serialization")["properties"]
    assert set(content) | {"names"} == set(properties)


def test_an_empty_matching_is_shown_too() -> None:
    """No people, no pairs: the columns and the words are still there."""
    matching = rmatch.solve(Programme())
    assert matching.to_frame().empty
    assert matching.to_frame().columns.tolist()[:2] == ["mentor", "mentee"]
    assert "0 pairs, 0 unmatched" in matching.to_text()
    assert "<tbody></tbody>" in matching._repr_html_()
    assert matching.verify().ok


def test_people_without_a_name_are_shown_by_id(bare: Matching) -> None:
    """Also where names were asked for."""
    matching = rmatch.solve(
        Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1", "name": "Rex"}])
    )
    assert "M1      S1 Rex" in matching.to_text(names=True)
    assert bare.to_text(names=True) == bare.to_text()


def test_the_table_for_notebooks_is_escaped() -> None:
    """An id is text, whatever it looks like."""
    nasty = "<script>alert(1)</script>"
    programme = Programme(
        mentors=[{"id": nasty, "name": "<b>Bo</b>"}], mentees=[{"id": "S&1\"'", "name": "<i>"}]
    )
    matching = rmatch.solve(programme)
    page = matching._repr_html_()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "S&amp;1&quot;&#x27;" in page
    assert "<strong>1 pair, 0 unmatched, 0 blocking pairs, optimal</strong>" in page
    told = matching.explain(nasty)._repr_html_()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is matched with" in told
    assert "<script" not in told


# --------------------------------------------------------------------------------------------- kept


@pytest.fixture
def folder(east: Matching, tmp_path: Path) -> Path:
    """A run folder to damage."""
    return east.save(tmp_path / "run")


def assert_same(one: Matching, other: Matching) -> None:
    """Everything a matching shows is the same."""
    assert one.pairs == other.pairs
    assert one.unmatched == other.unmatched
    assert one.blocking_pairs == other.blocking_pairs
    assert one.objectives == other.objectives
    assert one.questions == other.questions
    assert one.warnings == other.warnings
    assert one.solution == other.solution
    assert one.programme == other.programme
    assert (one.order, one.strategy, one.seed) == (other.order, other.strategy, other.seed)
    assert one.pseudonyms == other.pseudonyms
    assert one.to_text(names=True) == other.to_text(names=True)
    assert one.verify() == other.verify()


@pytest.mark.parametrize("name", ["east", "two", "bare"])
def test_a_run_is_read_back_as_it_was(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """People or arrays, pairs, levels, seconds, pseudonyms: nothing is lost."""
    matching = request.getfixturevalue(name)
    where = matching.save(tmp_path / "run")
    assert where == tmp_path / "run"
    assert sorted(path.name for path in where.iterdir()) == [
        *("pairs.csv", "programme.json", "run.json")
    ]
    loaded = Matching.load(where)
    assert_same(loaded, matching)
    person = matching.instance.mentor_ids[0]
    for audience in ("coordinator", "panel", "auditor"):
        assert loaded.explain(person, audience) == matching.explain(person, audience)


@settings(max_examples=60)
@given(programme=programmes())
def test_any_programme_is_read_back_as_it_was(
    programme: Programme, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever people said or left blank."""
    matching = rmatch.solve(programme)
    assert_same(Matching.load(matching.save(tmp_path_factory.mktemp("runs") / "run")), matching)


@settings(max_examples=60)
@given(instance=instances())
def test_any_instance_is_read_back_as_it_was(
    instance: Instance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Ties, warned pairs, priorities, places."""
    matching = rmatch.solve(instance, strategy="best_score", seed=5)
    loaded = Matching.load(matching.save(tmp_path_factory.mktemp("runs") / "run"))
    assert_same(loaded, matching)
    for field in ("mentor_rank", "mentee_rank", "warned", "mentor_priority", "mentee_capacity"):
        assert np.array_equal(getattr(loaded.instance, field), getattr(instance, field))


def test_settings_of_the_call_are_kept(tmp_path: Path) -> None:
    """Seed, strategy and objectives as they were solved, not as the settings say."""
    by_strategy = rmatch.solve(examples.path(EAST), strategy="best_score", seed=9)
    loaded = Matching.load(by_strategy.save(tmp_path / "a"))
    assert (loaded.strategy, loaded.seed) == ("best_score", 9)
    assert loaded.programme is not None
    assert loaded.programme.settings.seed == 2027
    by_objectives = rmatch.solve(examples.path(EAST), objectives=("stability", "pairs"))
    loaded = Matching.load(by_objectives.save(tmp_path / "b"))
    assert (loaded.strategy, loaded.order) == (None, ("stability", "pairs"))
    assert loaded.verify().ok


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_can_read_a_run(folder: Path) -> None:
    """The folder is closed to others, and so is the file with the people."""
    assert stat.S_IMODE((folder / "programme.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_file_has_a_schema_version(folder: Path) -> None:
    """So that a later rmatch knows what it reads."""
    for name in ("run.json", "programme.json"):
        assert json.loads((folder / name).read_text(encoding="utf-8"))["schema_version"] == 4


def test_run_json_names_nobody(east: Matching, tmp_path: Path) -> None:
    """Pairs by pseudonym; no id, name, e-mail or answer, not even of the coordinators."""
    assert east.programme is not None
    settings_with_people = east.programme.settings.model_copy(
        update={"coordinators": ("M03", "somebody.outside@nhs.example")}
    )
    programme = east.programme.replace(settings=settings_with_people)
    matching = rmatch.solve(programme)
    text = (matching.save(tmp_path / "run") / "run.json").read_text(encoding="utf-8")
    for person in programme.people:
        told = (person.id, person.name, person.email, person.employer, person.department)
        for secret in told:
            assert secret is None or secret not in text
    assert "somebody.outside" not in text
    record = json.loads(text)
    assert record["settings"]["coordinators"] == [matching.pseudonyms.names["M03"], "outside"]
    assert record["pairs"] == sorted(record["pairs"])
    assert {name for pair in record["pairs"] for name in pair} == set(
        matching.pseudonyms.names.values()
    )
    assert set(record["versions"]) == {"python", "rmatch", "ortools", "numpy", "pydantic"}


def test_pseudonyms_and_hashes_are_fresh_for_every_run(east: Matching) -> None:
    """Two runs of one programme cannot be laid side by side."""
    assert east.programme is not None
    again = rmatch.solve(east.programme)
    assert again.pairs == east.pairs
    assert not set(again.pseudonyms.names.values()) & set(east.pseudonyms.names.values())
    assert again.pseudonyms.key != east.pseudonyms.key
    assert repr(east.pseudonyms) == "Pseudonyms()"


def test_pairs_csv_is_the_frame(two: Matching, tmp_path: Path) -> None:
    """One row per pair, then those without a partner."""
    table = pd.read_csv(two.save(tmp_path / "run") / "pairs.csv")
    assert table.columns.tolist() == two.to_frame().columns.tolist()
    assert table["mentor"].tolist()[-2:] == ["M11", "M26"]
    assert table["mentee"].tolist()[-2:] == ["unmatched", "unmatched"]
    assert len(table) == 38 + 2


def test_ids_that_a_spreadsheet_would_run_are_disarmed(tmp_path: Path) -> None:
    """A cell that starts like a formula gets an apostrophe."""
    programme = Programme(mentors=[{"id": "=1+1"}, {"id": "@x"}], mentees=[{"id": "-S1"}])
    text = (rmatch.solve(programme).save(tmp_path / "run") / "pairs.csv").read_text("utf-8")
    assert "\n=" not in text
    assert ",-S1" not in text
    assert "'-S1" in text
    assert "'=1+1" in text
    assert "'@x" in text


# --------------------------------------------------------------------------- not over what is there


def test_a_run_is_never_replaced_unasked(east: Matching, two: Matching, folder: Path) -> None:
    """It takes ``force``, and then the old one is gone, whole."""
    before = (folder / "run.json").read_bytes()
    with pytest.raises(rmatch.RunFolderError, match="exists already"):
        two.save(folder)
    assert (folder / "run.json").read_bytes() == before
    two.save(folder, force=True)
    assert_same(Matching.load(folder), two)
    assert [path.name for path in folder.parent.iterdir()] == ["run"]
    east.save(folder, force=True)
    assert_same(Matching.load(folder), east)


def test_a_foreign_folder_is_never_replaced(east: Matching, tmp_path: Path) -> None:
    """Not even with ``force``; a file in the way neither; an empty folder may be used."""
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "cat.jpg").write_bytes(b"meow")
    for force in (False, True):
        with pytest.raises(rmatch.RunFolderError):
            east.save(foreign, force=force)
    assert [path.name for path in foreign.iterdir()] == ["cat.jpg"]
    file = tmp_path / "letter.txt"
    file.write_text("Dear Dean", encoding="utf-8")
    with pytest.raises(rmatch.RunFolderError, match="is not a run folder"):
        east.save(file, force=True)
    assert file.read_text(encoding="utf-8") == "Dear Dean"
    (foreign / "run.json").write_text('{"distance": 10}', encoding="utf-8")
    with pytest.raises(rmatch.RunFolderError, match="holds more than a run"):
        east.save(foreign, force=True)
    assert len(list(foreign.iterdir())) == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(rmatch.RunFolderError, match="exists already"):
        east.save(empty)
    assert_same(Matching.load(east.save(empty, force=True)), east)


def test_what_somebody_put_into_a_run_is_not_deleted(east: Matching, folder: Path) -> None:
    """Notes beside the run are theirs; they are named, and nothing is touched."""
    (folder / "notes.txt").write_text("ask Dean", encoding="utf-8")
    before = (folder / "run.json").read_bytes()
    with pytest.raises(rmatch.RunFolderError, match=r"holds more than a run.*: notes\.txt"):
        east.save(folder, force=True)
    assert (folder / "run.json").read_bytes() == before
    assert (folder / "notes.txt").exists()


def refusing(*_: object, **__: object) -> None:
    """A disk that is full."""
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("door", [(os, "fsync"), (Path, "rename"), (os, "fdopen")])
def test_a_failure_leaves_nothing_behind(
    door: tuple[Any, str], east: Matching, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever gives way, no half folder is seen, and the error says why."""
    with monkeypatch.context() as patch:
        patch.setattr(*door, refusing)
        with pytest.raises(rmatch.RunFolderError, match="cannot be written: No space left"):
            east.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("door", [(os, "replace"), (Path, "rename")])
def test_a_failure_leaves_the_old_run_as_it_was(
    door: tuple[Any, str],
    east: Matching,
    two: Matching,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where it was to be replaced."""
    with monkeypatch.context() as patch:
        patch.setattr(*door, refusing)
        with pytest.raises(rmatch.RunFolderError, match="No space left"):
            two.save(folder, force=True)
    assert [path.name for path in folder.parent.iterdir()] == ["run"]
    assert_same(Matching.load(folder), east)


def test_an_old_run_that_was_moved_aside_is_put_back(
    east: Matching, two: Matching, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new folder cannot be moved in: the old one returns to its name."""
    rename = Path.rename

    def fail_for_the_new(self: Path, target: Path) -> Path:
        if self.name.endswith(".tmp"):
            refusing()
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fail_for_the_new)
        with pytest.raises(rmatch.RunFolderError, match="No space left"):
            two.save(folder, force=True)
    assert [path.name for path in folder.parent.iterdir()] == ["run"]
    assert_same(Matching.load(folder), east)


# ---------------------------------------------------------------------------------- damaged folders

Edit = Callable[[dict[str, Any]], object]


def edit(folder: Path, name: str, change: Edit) -> Path:
    """The folder, with one of its JSON files changed."""
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    change(content)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["run.json", "programme.json"])
def test_a_missing_file_is_said(folder: Path, name: str) -> None:
    """With its path and the system's reason."""
    (folder / name).unlink()
    with pytest.raises(rmatch.RunFolderError, match=rf"{name} cannot be read: No such file"):
        Matching.load(folder)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """Likewise."""
    with pytest.raises(rmatch.RunFolderError, match="cannot be read"):
        Matching.load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["run.json", "programme.json"])
@pytest.mark.parametrize("content", [b"", b'{"schema_version": 1', b"\xff\xfe\x00", b"not json"])
def test_a_file_cut_short_is_said(folder: Path, name: str, content: bytes) -> None:
    """Half a JSON file, or none at all."""
    (folder / name).write_bytes(content)
    with pytest.raises(rmatch.RunFolderError, match=f"{name} is damaged: not JSON"):
        Matching.load(folder)


@pytest.mark.parametrize("name", ["run.json", "programme.json"])
@pytest.mark.parametrize("content", ["[]", "7", "{}", '{"schema_version": "one"}'])
def test_a_file_without_a_version_is_said(folder: Path, name: str, content: str) -> None:
    """It was not written by rmatch."""
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(rmatch.RunFolderError, match=f"{name} is damaged: no schema_version"):
        Matching.load(folder)


@pytest.mark.parametrize("name", ["run.json", "programme.json"])
def test_a_later_schema_is_refused(folder: Path, name: str) -> None:
    """Rather than read wrongly."""
    edit(folder, name, lambda content: content.update(schema_version=5))
    with pytest.raises(rmatch.RunFolderError, match=r"later rmatch \(schema 5\)"):
        Matching.load(folder)


DAMAGED = "is damaged: something in it was changed or is missing"


@pytest.mark.parametrize(
    "field",
    ["pairs", "levels", "objectives", "seed", "status", "custom", "input_hash", "strategy"],
)
def test_a_missing_field_of_the_run_is_said(folder: Path, field: str) -> None:
    """Nothing is made up in its place."""
    edit(folder, "run.json", lambda content: content.pop(field))
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"pairs": "M01-S01"},
        {"pairs": [["p_unknown", "p_nobody"]]},
        {"pairs": [["p_one"]]},
        {"levels": []},
        {"levels": [{"name": "pairs"}]},
        {"levels": [{"name": "pairs", "value": 1, "bound": 1, "seconds": 0.0, "joy": 1}]},
        {"seed": "seven"},
        {"seed": -1},
        {"seed": 2028},
        {"objectives": None},
        {"objectives": ["joy"]},
        {"status": "perfect"},
        {"status": "feasible"},
        {"seconds": "long"},
        {"custom": 3},
        {"input_hash": 7},
        {"weather": "fine"},
    ],
)
def test_a_field_that_was_changed_is_noticed(folder: Path, change: dict[str, Any]) -> None:
    """Of the wrong kind, or at odds with the rest."""
    edit(folder, "run.json", lambda content: content.update(change))
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


@pytest.mark.parametrize("level", [0, 3, 5])
def test_a_level_that_was_changed_is_noticed(folder: Path, level: int) -> None:
    """The pairs do not have it."""

    def one_more(content: dict[str, Any]) -> None:
        content["levels"][level]["value"] += 1
        content["levels"][level]["bound"] += 1

    edit(folder, "run.json", one_more)
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.pop("key"),
        lambda content: content.update(key="no key"),
        lambda content: content.pop("pseudonyms"),
        lambda content: content["pseudonyms"].pop("M01"),
        lambda content: content["pseudonyms"].update(M99=content["pseudonyms"].pop("M01")),
        lambda content: content["programme"]["mentors"].append({"id": "M01"}),
        lambda content: content["programme"]["mentors"].append({"id": 7}),
        lambda content: content["programme"]["settings"].update(rules={"veto": "off"}),
    ],
    ids=[
        *("no key", "not a key", "no names", "a name less", "another id"),
        *("somebody twice", "an id that is none", "a rule lowered"),
    ],
)
def test_damaged_people_are_said(folder: Path, change: Edit) -> None:
    """Without them the pairs mean nobody; nothing else than the folder is blamed."""
    edit(folder, "programme.json", change)
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED) as caught:
        Matching.load(folder)
    assert caught.value.__cause__ is None


def test_a_file_of_brackets_is_said(folder: Path) -> None:
    """However deep they go."""
    (folder / "run.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(rmatch.RunFolderError, match="not JSON"):
        Matching.load(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["programme"]["mentors"][0].update(name="Somebody Else"),
        lambda content: content["programme"]["settings"].update(seed=1),
        lambda content: content["programme"]["conflicts"].pop(),
        lambda content: content.update(key="00" * 32),
        lambda content: content.update(programme=None),
    ],
    ids=["a name", "the seed", "a conflict", "the key", "everything"],
)
def test_another_programme_is_not_the_runs(folder: Path, change: Edit) -> None:
    """The keyed hash tells that the input was changed after the run."""
    edit(folder, "programme.json", change)
    with pytest.raises(rmatch.RunFolderError, match=r"is not the input that run\.json was made"):
        Matching.load(folder)


def test_a_wrong_hash_is_refused(folder: Path) -> None:
    """Whichever of the two files was exchanged."""
    edit(folder, "run.json", lambda content: content.update(input_hash="0" * 64))
    with pytest.raises(rmatch.RunFolderError, match=r"is not the input that run\.json was made"):
        Matching.load(folder)


def excluded(content: dict[str, Any], names: dict[str, str], matching: Matching) -> None:
    assert matching.scores is not None
    i, j = np.argwhere(~matching.scores.acceptable)[0]
    ids = matching.instance.mentor_ids[i], matching.instance.mentee_ids[j]
    content["pairs"][0] = [names[person] for person in ids]


def taken_away(content: dict[str, Any], names: dict[str, str], matching: Matching) -> None:
    del matching
    content["pairs"].remove([names["M01"], names["S04"]])


def exchanged(content: dict[str, Any], names: dict[str, str], matching: Matching) -> None:
    """Two mentors swap their mentees, all allowed."""
    assert matching.scores is not None
    for one in matching.pairs:
        for two in matching.pairs:
            crossed = (one.mentor, two.mentee), (two.mentor, one.mentee)
            if one != two and all(not matching.scores.why_excluded(*pair) for pair in crossed):
                for old in (one, two):
                    content["pairs"].remove([names[old.mentor], names[old.mentee]])
                content["pairs"] += [[names[m], names[s]] for m, s in crossed]
                return


def doubled(content: dict[str, Any], names: dict[str, str], matching: Matching) -> None:
    del names, matching
    content["pairs"].append(content["pairs"][0])


def turned_round(content: dict[str, Any], names: dict[str, str], matching: Matching) -> None:
    del names, matching
    content["pairs"][0].reverse()


@pytest.mark.parametrize("how", [excluded, taken_away, exchanged, doubled, turned_round])
def test_an_edited_pair_is_noticed(
    how: Callable[[dict[str, Any], dict[str, str], Matching], None], east: Matching, folder: Path
) -> None:
    """Whoever writes other pairs into a run has no run any more."""
    before = (folder / "run.json").read_text(encoding="utf-8")
    names = dict(east.pseudonyms.names)
    edit(folder, "run.json", lambda content: how(content, names, east))
    assert json.loads(before) != json.loads((folder / "run.json").read_text(encoding="utf-8"))
    with pytest.raises(rmatch.RunFolderError, match=DAMAGED):
        Matching.load(folder)


@dataclass
class Even:
    """Everybody suits everybody."""

    name: str = "even"
    weight: int = 5
    side: str = "both"

    def values(self, people: Any, side: str) -> Any:
        """7 500 everywhere."""
        del side
        return np.full(people.shape, 7_500)


@dataclass
class Nobody:
    """A rule that nobody breaks."""

    code: str = "nobody"
    severity: str = "hard"

    def check(self, people: Any) -> Any:
        """False everywhere."""
        return np.zeros(people.shape, dtype=bool)


def test_criteria_and_rules_of_ones_own_are_given_again(tmp_path: Path) -> None:
    """A run names them; without them it is not read, with them it is the same."""
    own: dict[str, Any] = {"criteria": [Even()], "rules": [Nobody()]}
    matching = rmatch.solve(examples.path(EAST), **own)
    where = matching.save(tmp_path / "run")
    with pytest.raises(ValueError, match="made with these custom criteria and rules: even, nobody"):
        Matching.load(where)
    with pytest.raises(ValueError, match="even, nobody"):
        Matching.load(where, criteria=[Even()])
    loaded = Matching.load(where, **own)
    assert_same(loaded, matching)
    plain = rmatch.solve(examples.path(EAST)).save(tmp_path / "plain")
    with pytest.raises(ValueError, match="custom criteria and rules: none"):
        Matching.load(plain, **own)


# ----------------------------------------------------------------------------------- what is solved


def test_every_kind_of_source_gives_the_same_matching(east: Matching) -> None:
    """A path as text or Path, folder or workbook, a programme, its scores, its instance."""
    assert east.programme is not None
    for source in (
        str(examples.path(EAST)),
        examples.path(EAST, workbook=True),
        east.programme,
        rmatch.score(examples.path(EAST)),
    ):
        assert rmatch.solve(source).pairs == east.pairs
    bare = rmatch.solve(rmatch.score(east.programme).instance, seed=east.seed)
    assert made(bare) == made(east)
    assert bare.objectives == east.objectives


def test_data_frames_are_solved() -> None:
    """Tables of people, with conflicts, history, choices, settings and a mapping of columns."""
    matching = rmatch.solve(
        mentors=pd.DataFrame({"Code": ["M1", "M2"], "Choices": ["S1", "S1; S2"]}),
        mentees=pd.DataFrame({"Code": ["S1", "S2"]}),
        conflicts=pd.DataFrame({"mentor": ["M1"], "mentee": ["S2"], "rule": ["family"]}),
        history=pd.DataFrame({"mentor": ["M2"], "mentee": ["S2"], "ended": ["completed"]}),
        settings={"seed": 5, "rules": {"previous_pair": "warn"}},
        columns={"Code": "id"},
    )
    assert made(matching) == {("M1", "S1"), ("M2", "S2")}
    assert matching.seed == 5
    assert [warning.rule for warning in matching.warnings] == ["previous_pair"]
    assert matching.verify().ok


def test_lists_of_dicts_are_solved() -> None:
    """No pandas needed."""
    matching = rmatch.solve(
        mentors=[{"id": "M1"}], mentees=[{"id": "S1"}], settings=Settings(seed=2)
    )
    assert made(matching) == {("M1", "S1")}
    assert matching.seed == 2


@pytest.fixture(scope="module")
def pair() -> Programme:
    """One of each."""
    return Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1"}])


def test_arguments_override_the_settings() -> None:
    """And the settings the defaults."""
    people: dict[str, Any] = {"mentors": [{"id": "M1"}], "mentees": [{"id": "S1"}]}
    settled = Programme(**people, settings=Settings(strategy="best_score", seed=4, time_limit=60))
    matching = rmatch.solve(settled)
    assert (matching.strategy, matching.seed) == ("best_score", 4)
    assert matching.order == ("pairs", "people", "priority", "score", "tie_break")
    assert rmatch.solve(settled, strategy="stable").strategy == "stable"
    ordered = rmatch.solve(settled, objectives=("score",), seed=8)
    assert (ordered.strategy, ordered.order, ordered.seed) == (None, ("score",), 8)
    assert rmatch.solve(settled, objectives=iter(["pairs", "score"])).order == ("pairs", "score")
    listed = Programme(**people, settings=Settings(objectives=("pairs", "score")))
    assert rmatch.solve(listed).order == ("pairs", "score")
    assert rmatch.solve(listed, strategy="stable").strategy == "stable"
    assert rmatch.solve(Programme(**people)).strategy == "stable"


def test_sources_that_make_no_sense_together(pair: Programme) -> None:
    """One source of people, and each message says which to give."""
    instance = Instance.from_scores([[1]])
    for call, message in (
        (rmatch.solve, "give a programme, a path, or mentors= and mentees="),
        (lambda: rmatch.solve(pair, mentors=[{"id": "M2"}]), "not both"),
        (lambda: rmatch.solve(pair, settings=Settings()), "not both"),
        (lambda: rmatch.solve(examples.path(EAST), mentees=[{"id": "S2"}]), "not both"),
        (lambda: rmatch.solve(mentors=[{"id": "M1"}]), "mentors= and mentees="),
        (lambda: rmatch.solve(instance, criteria=[Even()]), "has everything in it"),
        (lambda: rmatch.solve(instance, settings=Settings()), "has everything in it"),
        (lambda: rmatch.solve(rmatch.score(pair), rules=[Nobody()]), "has everything in it"),
        (lambda: rmatch.solve([{"id": "M1"}]), "mentors= and mentees="),  # type: ignore[arg-type]
        (lambda: rmatch.solve(pd.DataFrame({"id": ["M1"]})), "mentors= and mentees="),
        (lambda: rmatch.solve(7), "path"),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match=message):
            call()


@pytest.mark.parametrize(
    ("how", "error", "message"),
    [
        ({"objectives": "pairs"}, TypeError, r"objectives must be .* write \('pairs',\)"),
        ({"objectives": ("pairs",), "strategy": "stable"}, TypeError, "not both"),
        ({"objectives": ()}, ValueError, "name at least one objective, each once"),
        ({"objectives": ("pairs", "pairs")}, ValueError, "each once"),
        ({"objectives": ("joy",)}, ValueError, "unknown objective 'joy'; known are pairs, people"),
        ({"seed": -1}, ValueError, "seed must be an integer from 0, not -1"),
        ({"seed": 1.5}, ValueError, "seed must be an integer from 0, not 1.5"),
        ({"seed": "7"}, ValueError, "seed must be an integer from 0, not '7'"),
        ({"time_limit": -1}, ValueError, "time_limit must be a number of seconds from 0, not -1"),
        ({"strategy": "magic"}, ValueError, "unknown strategy 'magic'; known are stable, best_sc"),
    ],
)
def test_orders_that_make_no_sense(
    pair: Programme, how: dict[str, Any], error: type[Exception], message: str
) -> None:
    """Said before anything is solved, with what is known."""
    with pytest.raises(error, match=message):
        rmatch.solve(pair, **how)
    with pytest.raises(error, match=message):
        rmatch.solve(Instance.from_scores([[1]]), **how)


def test_a_cohort_with_problems_is_not_solved() -> None:
    """All of them are told at once."""
    with pytest.raises(rmatch.InputError) as caught:
        rmatch.solve(
            mentors=[{"id": "M1", "grade": "x"}, {"id": "M1"}], mentees=[{"id": "", "name": "Rex"}]
        )
    assert len(caught.value.problems) >= 3


def test_score_takes_a_path_or_a_programme(east: Matching) -> None:
    """Like ``solve``."""
    assert east.programme is not None
    by_path = rmatch.score(str(examples.path(EAST)))
    assert np.array_equal(by_path.points, rmatch.score(east.programme).points)


# ----------------------------------------------------------------------------------------- verified


def test_verify_says_what_it_could_not_check(east: Matching, bare: Matching) -> None:
    """What is reported, what is taken as given, what was not looked for."""
    assert bare.verify().ok
    assert bare.verify().notes[0] == (
        "ranks, scores, capacities and acceptable pairs are taken as given: there are no people"
    )
    assert east.verify().notes == (
        "checked to be best, without a solver: pairs (minimum cut), people (everybody), "
        "priority (everybody), stability (no pair blocks)",
        "that these levels are optimal is reported, not checked: warnings, score, tie_break",
    )
    cancel = threading.Event()
    cancel.set()
    early = rmatch.solve(bare.instance, cancel=cancel).verify()
    assert early.ok
    assert "optimality is not claimed, so no better matching was looked for" in early.notes


def choosing(matching: Matching, *pairs: tuple[str, str]) -> Matching:
    """The same matching with other pairs chosen, and all its claims as they were."""
    instance = matching.instance
    chosen = [
        instance.index_of(instance.mentor_ids.index(mentor), instance.mentee_ids.index(mentee))
        for mentor, mentee in pairs
    ]
    assert None not in chosen
    return replace(matching, solution=replace(matching.solution, chosen=tuple(chosen)))  # type: ignore[arg-type]


def kinds(matching: Matching) -> set[FindingKind]:
    """What the audit finds wrong."""
    verdict = matching.verify()
    assert verdict.ok == (not verdict.findings)
    return {finding.kind for finding in verdict.findings}


def test_verify_finds_a_pair_taken_away(east: Matching) -> None:
    """More can be matched, and the levels are not those of the pairs."""
    fewer = choosing(east, *sorted(made(east))[1:])
    assert {FindingKind.LARGER_MATCHING, FindingKind.WRONG_OBJECTIVE} <= kinds(fewer)
    assert not fewer.verify()


def test_verify_finds_somebody_with_two_partners(east: Matching) -> None:
    """A mentor with one place gets a second mentee."""
    mentor = east.instance.mentor_ids[0]
    other = next(
        east.instance.mentee_ids[j]
        for i, j in zip(east.instance.mentor, east.instance.mentee, strict=True)
        if i == 0 and (mentor, east.instance.mentee_ids[j]) not in made(east)
    )
    assert FindingKind.OVER_CAPACITY in kinds(choosing(east, *made(east), (mentor, other)))


def test_verify_finds_an_excluded_pair(east: Matching) -> None:
    """Somebody tampers with what is acceptable, and solves again."""
    assert east.scores is not None
    tampered = replace(east.scores, acceptable=np.ones_like(east.scores.acceptable))
    matching = rmatch.solve(tampered, strategy="best_score")
    assert any(not east.scores.acceptable[east.scores.locate(*pair)] for pair in made(matching))
    assert FindingKind.ILLEGAL_PAIR in kinds(matching)


def with_solution(matching: Matching, change: Callable[[Solution], Solution]) -> Matching:
    """The matching with a changed record of its solution."""
    return replace(matching, solution=change(matching.solution))


@pytest.mark.parametrize(
    "level", ["pairs", "people", "priority", "stability", "warnings", "score", "tie_break"]
)
def test_verify_finds_a_wrong_level(east: Matching, level: str) -> None:
    """One more than it was."""
    tampered = with_solution(
        east,
        lambda solution: replace(
            solution,
            levels=tuple(
                replace(one, value=one.value + 1) if one.name == level else one
                for one in solution.levels
            ),
        ),
    )
    (finding,) = tampered.verify().findings
    assert finding.kind is FindingKind.WRONG_OBJECTIVE
    assert finding.message.startswith(f"{level} is claimed")


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("score", FindingKind.WRONG_SCORE),
        ("mentor_score", FindingKind.WRONG_SIDE_SCORE),
        ("mentee_score", FindingKind.WRONG_SIDE_SCORE),
    ],
)
def test_verify_finds_a_wrong_score(east: Matching, field: str, kind: FindingKind) -> None:
    """A point too many for everybody."""
    changed = east.instance.replace(**{field: getattr(east.instance, field) + 1})
    assert kind in kinds(replace(east, instance=changed))


@pytest.mark.parametrize("side", ["mentor_rank", "mentee_rank"])
def test_verify_finds_wrong_ranks(east: Matching, side: str) -> None:
    """Everybody equal in somebody's eyes."""
    changed = east.instance.replace(**{side: np.ones_like(east.instance.mentor_rank)})
    assert FindingKind.WRONG_RANK in kinds(replace(east, instance=changed))


def test_verify_finds_blocking_pairs_that_ranks_hide(east: Matching) -> None:
    """Levelled ranks make a matching look stable that is not."""
    ones = np.ones_like(east.instance.mentor_rank)
    levelled = east.instance.replace(mentor_rank=ones, mentee_rank=ones)
    unstable = rmatch.solve(examples.path(EAST), objectives=("pairs", "tie_break"))
    assert unstable.blocking_pairs
    tampered = replace(unstable, instance=levelled)
    assert tampered.blocking_pairs == ()
    assert FindingKind.MISSED_BLOCKING_PAIR in kinds(tampered)


def test_verify_finds_a_wrong_breakdown_warning_and_question(two: Matching) -> None:
    """What scores say about a pair is claimed too."""
    assert two.scores is not None
    criteria = tuple(
        replace(one, values={side: values + 1 for side, values in one.values.items()})
        for one in two.scores.criteria
    )
    assert kinds(replace(two, scores=replace(two.scores, criteria=criteria))) == {
        FindingKind.WRONG_BREAKDOWN
    }
    none = np.zeros_like(two.scores.rules.warn)
    unwarned = replace(two.scores, rules=replace(two.scores.rules, warn=none))
    assert kinds(replace(two, scores=unwarned)) == {FindingKind.MISSED_WARNING}
    unasked = replace(two.scores, rules=replace(two.scores.rules, unknown=none))
    assert kinds(replace(two, scores=unasked)) == {FindingKind.MISSED_QUESTION}


def test_verify_checks_an_instance_too(bare: Matching) -> None:
    """Capacities, levels and size, of the arrays as they are."""
    assert FindingKind.LARGER_MATCHING in kinds(choosing(bare, ("M0", "S0")))
    assert FindingKind.OVER_CAPACITY in kinds(
        choosing(bare, ("M0", "S0"), ("M1", "S0"), ("M2", "S1"))
    )
    twice = with_solution(bare, lambda solution: replace(solution, chosen=solution.chosen * 2))
    assert FindingKind.REPEATED in kinds(twice)


@settings(max_examples=60)
@given(programme=programmes(max_side=4), data=st.data())
def test_no_other_choice_of_pairs_passes_for_the_one_found(
    programme: Programme, data: st.DataObject
) -> None:
    """Any other set of pairs, under the claims of the best one, is found out by the tie-break."""
    matching = rmatch.solve(programme, objectives=("pairs", "score", "tie_break"))
    pairs = data.draw(st.sets(st.integers(0, max(0, matching.instance.n_pairs - 1))))
    chosen = tuple(sorted(pairs)) if matching.instance.n_pairs else ()
    other = with_solution(matching, lambda solution: replace(solution, chosen=chosen))
    assert other.verify().ok == (chosen == matching.solution.chosen)


def test_a_matching_is_sent_to_another_process_whole(east: Matching) -> None:
    """Pairs, levels, people and the pseudonyms once drawn; its answers stay the same."""
    drawn = east.pseudonyms
    again = pickle.loads(pickle.dumps(east))  # noqa: S301 - our own bytes
    assert type(again) is Matching
    assert again.pairs == east.pairs
    assert again.to_dict() == east.to_dict()
    assert again.verify().ok
    assert again.pseudonyms == drawn
    first = east.pairs[0]
    assert again.why(first.mentor, first.mentee) == east.why(first.mentor, first.mentee)
