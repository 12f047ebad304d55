"""``rmatch explain``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_golden import assert_golden

import rmatch
from rmatch.instance import Instance

Runs = dict[str, Path]


@pytest.mark.parametrize(
    ("golden", "example", "arguments"),
    [
        ("explain_mentor", "east-of-england", ("M03",)),
        ("explain_unmatched", "two-trusts", ("--unmatched", "--time-limit", "0")),
        ("explain_participant", "two-trusts", ("S02", "--audience", "participant")),
        ("explain_panel_list", "east-of-england", ("--audience", "panel")),
        ("explain_questions", "east-of-england", ("--questions",)),
        ("explain_why", "east-of-england", ("M04", "S11")),
        ("explain_why_not", "east-of-england", ("S02", "m01")),
        ("explain_why_excluded", "two-trusts", ("M01", "S01")),
    ],
)
def test_explanations_read_as_agreed(
    call: Any, runs: Runs, golden: str, example: str, arguments: tuple[str, ...]
) -> None:
    called = call("explain", runs[example], *arguments)
    assert (called.code, called.err) == (0, "")
    assert max(map(len, called.out.splitlines())) <= 80
    assert_golden(golden, called.out)


def test_without_a_person_the_pairs_are_listed(call: Any, runs: Runs) -> None:
    called = call("explain", runs["two-trusts"])
    assert called.code == 0
    assert "38 pairs, 2 unmatched, 0 blocking pairs, optimal" in called.out
    assert "--questions" in called.out


def test_everybody_can_be_explained_to_everybody_without_a_name(call: Any, runs: Runs) -> None:
    programme = rmatch.load(rmatch.examples.path("two-trusts"))
    secrets = {text for p in programme.people for text in (p.name, p.email) if text}
    for person in ("M11", "M20", "S19"):
        for audience in ("coordinator", "panel", "participant", "auditor"):
            asked = (person, "--audience", audience, "--time-limit", "0")
            called = call("explain", runs["two-trusts"], *asked)
            assert called.code == 0
            assert called.out.strip()
            assert not any(secret in called.out for secret in secrets)


def test_an_auditor_sees_no_id(call: Any, runs: Runs) -> None:
    ids = {person.id for person in rmatch.load(rmatch.examples.path("two-trusts")).people}
    for arguments in ((), ("M20",), ("--unmatched",), ("--json",), ("M20", "--json")):
        out = call("explain", runs["two-trusts"], *arguments, "--audience", "auditor").out
        assert out.strip()
        assert not ids & set(out.replace('"', " ").replace(",", " ").split())


def test_an_auditor_may_ask_by_pseudonym(call: Any, runs: Runs) -> None:
    auditor = ("--audience", "auditor")
    by_id = call("explain", runs["two-trusts"], "M20", *auditor)
    alias = by_id.out.split()[1]
    assert call("explain", runs["two-trusts"], alias, *auditor) == by_id


def test_an_auditor_learns_no_id_from_what_fails(call: Any, runs: Runs) -> None:
    run, auditor = runs["two-trusts"], ("--audience", "auditor")
    aliases = [call("explain", run, one, *auditor).out.split()[1] for one in ("M01", "M02")]
    for arguments in (aliases, (aliases[0], aliases[0]), ("p_nobody",), ("M0",)):
        called = call("explain", run, *arguments, *auditor)
        assert called.code == 1
        assert "M01" not in called.err
        assert "M02" not in called.err


def test_an_auditor_reads_the_unmatched_in_the_order_of_pseudonyms(call: Any, runs: Runs) -> None:
    """In the order of the file, the place alone would say who it is."""
    matching = rmatch.Matching.load(runs["two-trusts"])
    told = call("explain", runs["two-trusts"], "--unmatched", "--audience", "auditor", "--json")
    people = [one["person"] for one in told.json["explanations"]]
    assert people == sorted(matching.pseudonyms.names[one] for one in matching.unmatched)


def test_a_participants_wrong_id_hints_at_nobody(call: Any, runs: Runs) -> None:
    called = call("explain", runs["two-trusts"], "M1", "--audience", "participant")
    assert called.err == "nobody in this run has the id M1\n"


def test_a_panel_sees_no_score_and_no_rank(call: Any, runs: Runs) -> None:
    document = call("explain", runs["two-trusts"], "--audience", "panel", "--json").json
    assert set(document["pairs"][0]) == {"mentor", "mentee", "warnings", "waived"}


def test_vetoes_go_by_their_name_only_when_revealed(call: Any, runs: Runs) -> None:
    masked = call("explain", runs["two-trusts"], "S26").out
    assert "veto" not in masked
    assert "veto" in call("explain", runs["two-trusts"], "S26", "--reveal").out


def test_explanations_as_json(call: Any, runs: Runs) -> None:
    hurried = ("--unmatched", "--time-limit", "0", "--json")
    document = call("explain", runs["two-trusts"], *hurried).json
    assert [one["person"] for one in document["explanations"]] == ["M11", "M26"]
    assert call("explain", runs["two-trusts"], "--json").json["status"] == "optimal"
    questions = call("explain", runs["two-trusts"], "--questions", "--json").json["questions"]
    assert questions == json.loads(
        json.dumps(
            [
                {"person": q.person, "rule": q.rule, "partners": q.partners, "text": q.text}
                for q in rmatch.Matching.load(runs["two-trusts"]).questions
            ]
        )
    )


def test_two_people_are_explained_to_each_audience_as_it_may_read(call: Any, runs: Runs) -> None:
    run = runs["two-trusts"]
    said = {
        audience: [
            call("explain", run, *pair, "--audience", audience).out
            for pair in (("M01", "S01"), ("M01", "S02"), ("M01", "S06"))
        ]
        for audience in ("participant", "panel", "auditor")
    }
    assert len(set(said["participant"])) == 1
    assert said["panel"][0] == said["panel"][1] != said["panel"][2]
    assert not any(person in " ".join(said["auditor"]) for person in ("M01", "S01", "S02", "S06"))


def test_two_people_as_json(call: Any, runs: Runs) -> None:
    run = runs["east-of-england"]
    told = call("explain", run, "M01", "S02", "--json").json["pair"]
    assert (told["reason"], told["level"], told["made"], told["forced"]) == (
        "pairs",
        "pairs",
        14,
        13,
    )
    assert ["M01", "S02"] in told["gained"]
    hidden = call("explain", run, "M01", "S02", "--json", "--audience", "participant").json["pair"]
    assert set(hidden) == {"mentor", "mentee", "reason", "audience", "text"}
    assert hidden["reason"] == "not_shown"
    panel = call("explain", run, "M01", "S04", "--json", "--audience", "panel").json["pair"]
    assert set(panel) == set(hidden)
    auditor = call("explain", run, "M01", "S02", "--json", "--audience", "auditor").json["pair"]
    assert set(auditor) == set(hidden) | {
        *("level", "made", "forced", "bound", "exact", "excluded_by"),
    }


def test_two_people_of_one_side_are_no_pair(call: Any, runs: Runs) -> None:
    called = call("explain", runs["east-of-england"], "M01", "M02")
    assert (called.code, called.out) == (1, "")
    assert "M01 and M02 are on the same side" in called.err


def unmatched_run(folder: Path) -> Path:
    """M1 would rather have S0, who would rather have M0."""
    instance = Instance.from_rankings([[[0]], [[0]]], [[[0], [1]]], score=[[3], [4]])
    return rmatch.solve(instance).save(folder / "run")


def test_who_has_no_partner_is_told_why_and_what_would_help(call: Any, tmp_path: Path) -> None:
    called = call("explain", unmatched_run(tmp_path), "--unmatched")
    assert (called.code, called.err) == (0, "")
    assert called.out.splitlines() == [
        "M1 is a mentor and has no partner in this matching.",
        "Too few places: M0 and M1 are allowed only with S0: two people, one place.",
        "If M1 had a partner (S0), M0 would have none, and the number of blocking pairs",
        "would be 1 instead of 0 (new: M0 with S0).",
        "Of 1 mentee, 1 is allowed for M1.",
        "Taken, and no worse off with the partners they have: S0.",
        "Any one of these changes would match M1 (the whole was solved again with each):",
        "  - One more place for S0",
    ]


def test_why_somebody_has_no_partner_as_json(call: Any, tmp_path: Path) -> None:
    run = unmatched_run(tmp_path)
    (told,) = call("explain", run, "--unmatched", "--json").json["explanations"]
    why, smallest = told["why_unmatched"], told["smallest_change"]
    assert (why["reason"], why["instead"]["level"]) == ("too_few_places", "stability")
    assert why["too_few"]["people"] == ["M0", "M1"]
    assert smallest["changes"] == [[{"change": "add_place", "person": "S0"}]]
    assert smallest["complete"]
    (told,) = call("explain", run, "M0", "--json").json["explanations"]
    assert "why_unmatched" not in told
    for audience in ("panel", "auditor"):
        asked = ("--unmatched", "--json", "--audience", audience)
        (told,) = call("explain", run, *asked).json["explanations"]
        assert set(told) == {"person", "audience", "text"}


def test_when_there_was_no_time_for_changes_that_is_said(call: Any, tmp_path: Path) -> None:
    called = call("explain", unmatched_run(tmp_path), "M1", "--time-limit", "0")
    assert called.out.endswith(
        "What would match M1 was not looked for: there was no time.\n\n"
        "Give more time with --time-limit SECONDS.\n"
    )


def test_the_case_of_an_id_does_not_matter(call: Any, runs: Runs) -> None:
    run = runs["east-of-england"]
    assert call("explain", run, "m03") == call("explain", run, "M03")


def test_an_unknown_person_is_said_with_the_nearest(call: Any, runs: Runs) -> None:
    called = call("explain", runs["east-of-england"], "M3")
    assert (called.code, called.out) == (1, "")
    assert "M03" in called.err
    error = call("explain", runs["east-of-england"], "M3", "--json").json["error"]
    assert error["kind"] == "unknown_person"


def test_a_folder_that_holds_no_run_is_said(call: Any, tmp_path: Path) -> None:
    called = call("explain", tmp_path / "nowhere")
    assert (called.code, called.out) == (1, "")
    assert "nowhere" in called.err
    assert call("explain", tmp_path, "--json").json["error"]["kind"] == "run_folder"


@pytest.mark.parametrize(
    "arguments",
    [
        ("M03", "--unmatched"),
        ("--questions", "--unmatched"),
        ("--questions", "--audience", "panel"),
        ("M03", "--reveal", "--audience", "participant"),
        ("--audience", "participant"),
        ("M03", "--audience", "press"),
    ],
)
def test_a_call_that_makes_no_sense_is_exit_2(
    call: Any, runs: Runs, arguments: tuple[str, ...]
) -> None:
    called = call("explain", runs["east-of-england"], *arguments)
    assert (called.code, called.out) == (2, "")


def test_when_everybody_has_a_partner_and_nothing_is_open_that_is_said(
    call: Any, tmp_path: Path
) -> None:
    instance = Instance.from_rankings(mentors=[[[0]], [[1]]], mentees=[[[0]], [[1]]])
    run = rmatch.solve(instance).save(tmp_path / "run")
    assert call("explain", run, "--unmatched").out == "Everybody has a partner.\n"
    assert call("explain", run, "--questions").out == "There is nothing to ask.\n"
    assert "M0 is matched with S0" in call("explain", run, "M0").out
    called = call("explain", run, "M0", "--audience", "participant")
    assert called.code == 1


def test_a_run_made_with_criteria_of_ones_own_is_for_python(call: Any, runs: Runs) -> None:
    record = runs["east-of-england"] / "run.json"
    changed = json.loads(record.read_text()) | {"custom": ["commute"]}
    kept = record.read_text()
    record.write_text(json.dumps(changed))
    try:
        called = call("explain", runs["east-of-england"])
    finally:
        record.write_text(kept)
    assert called.code == 1
    assert "commute" in called.err
