"""People who leave and come back: nothing that kept two apart is lost, or seen meanwhile."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cohorts_of_people import bare, called, kept_apart, some_leave
from hypothesis import given, settings

import rmatch
from rmatch.audit import recompute
from rmatch.programme import Conflict, Programme
from rmatch.programme.leaving import without
from rmatch.rematching.decisions import Withdraw
from rmatch.rematching.erasing import erase
from rmatch.rematching.ledger import read_ledger
from rmatch.rematching.rematch import Events

KNOWN: dict[str, Any] = {"line_manager": "", "supervisors": [], "conflicts_confirmed": True}
SENIOR = {**KNOWN, "grade": "consultant"}
JUNIOR = {**KNOWN, "grade": "st4"}


def cohort(**changes: Any) -> Programme:
    """Three a side; M1 is kept from everybody, for another reason each."""
    fields: dict[str, Any] = {
        "mentors": [
            {**JUNIOR, "id": "M1", "vetoes": ["S1"], "choices": [["S3"], ["S2"]]},
            {**JUNIOR, "id": "M2", "choices": [["S3"]]},
            {**JUNIOR, "id": "M3"},
        ],
        "mentees": [
            {**SENIOR, "id": "S1", "choices": [["M1", "M2"], ["M3"]]},
            {**SENIOR, "id": "S2", "conflicts": ["M1"]},
            {**SENIOR, "id": "S3"},
        ],
        "conflicts": [{"mentor": "M1", "mentee": "S3", "rule": "family"}],
        "settings": {"must_not_pair": [("M2", "S2")], "waivers": [("M1", "S3", "same_employer")]},
    }
    return Programme(**{**fields, **changes})


def excluded(programme: Programme, mentor: str, mentee: str) -> tuple[str, ...]:
    return rmatch.score(programme).why_excluded(mentor, mentee, reveal=True)


def test_whoever_leaves_is_named_nowhere_but_in_what_is_dormant() -> None:
    left = without(cohort(), ["M1"])
    assert left.dormant == (
        Conflict(mentor="M1", mentee="S3", rule="family"),
        Conflict(mentor="M1", mentee="S1", rule="veto"),
        Conflict(mentor="M1", mentee="S2"),
    )
    assert left.conflicts == ()
    assert [one.conflicts for one in left.mentees] == [(), (), ()]
    assert left.by_id["S1"].choices == (("M2",), ("M3",))
    assert left.settings.waivers == ()
    assert left.settings.must_not_pair == (("M2", "S2"),)


def test_somebody_who_comes_back_is_kept_from_the_same_people() -> None:
    """Whatever their new form says, or leaves out."""
    back = without(cohort(), ["M1"]).merge({"mentors": [{**JUNIOR, "id": "M1"}]})
    assert back.dormant == ()
    assert excluded(back, "M1", "S1") == ("veto",)
    assert excluded(back, "M1", "S2") == ("confidential",)
    assert excluded(back, "M1", "S3") == ("family",)


def test_a_pair_that_must_not_be_made_is_not_made_after_a_return() -> None:
    back = without(cohort(), ["S2"]).merge({"mentees": [{**SENIOR, "id": "S2"}]})
    assert excluded(back, "M2", "S2") == ("confidential",)


def test_both_may_leave_and_come_back_one_after_the_other() -> None:
    left = without(without(cohort(), ["M1"]), ["S3"])
    one = left.merge({"mentors": [{**JUNIOR, "id": "M1"}]})
    assert Conflict(mentor="M1", mentee="S3", rule="family") in one.dormant
    both = one.merge({"mentees": [{**SENIOR, "id": "S3"}]})
    assert excluded(both, "M1", "S3") == ("family",)


def test_a_conflict_holds_when_both_have_changed_sides() -> None:
    left = without(cohort(), ["M1", "S3"])
    back = left.merge({"mentors": [{**JUNIOR, "id": "S3"}], "mentees": [{**SENIOR, "id": "M1"}]})
    assert excluded(back, "S3", "M1") == ("family",)
    same_side = left.merge({"mentors": [{"id": "S3"}, {"id": "M1"}]})
    assert Conflict(mentor="M1", mentee="S3", rule="family") in same_side.dormant


def test_a_conflict_by_e_mail_finds_the_person() -> None:
    """What a folder of last year says of somebody outside may be their address."""
    asleep = Conflict(mentor="ann@nhs.example", mentee="S1")
    programme = cohort(dormant=[asleep])
    assert programme.dormant == (asleep,)
    back = programme.merge({"mentors": [{"id": "M9", "email": "Ann@NHS.example"}]})
    assert Conflict(mentor="M9", mentee="S1") in back.conflicts
    assert back.dormant == ()


def test_a_dormant_conflict_that_may_mean_two_people_is_refused() -> None:
    people = [{"id": "M8", "name": "Ann Bell"}, {"id": "M9", "name": "Ann Bell"}]
    asleep = [Conflict(mentor="Ann Bell", mentee="S77")]
    with pytest.raises(rmatch.InputError, match="more than one person"):
        Programme(mentors=people, dormant=asleep)


def test_choices_of_one_who_left_do_not_come_back_and_their_own_do() -> None:
    form = {**JUNIOR, "id": "M1", "choices": [["S2"]]}
    back = without(cohort(), ["M1"]).merge({"mentors": [form]})
    assert back.by_id["S1"].choices == (("M2",), ("M3",))
    assert back.by_id["M1"].choices == (("S2",),)


def test_choices_that_have_all_left_count_as_none_stated() -> None:
    """M2 named S3 alone: without S3 nobody is worth 0 to them for not being chosen."""
    left = without(cohort(), ["S3"])
    assert left.by_id["M2"].choices == ()
    mentees = [{**SENIOR, "id": "S3"}, {**SENIOR, "id": "S1"}]
    stating = rmatch.score(
        cohort(
            mentees=mentees,
            mentors=[{**JUNIOR, "id": "M2", "choices": [["S3"]]}],
            conflicts=[],
            settings={},
        )
    )
    after = rmatch.score(without(stating.programme, ["S3"]))
    assert stating.breakdown("M2", "S1")["choice"][0] == 0
    assert (after.breakdown("M2", "S1")["choice"][0] or 0) > 0


def test_a_rematch_wakes_what_was_dormant() -> None:
    """Out with one call, back with another."""
    first = rmatch.solve(cohort())
    without_m1 = first.after(Events(withdrawn=["M1"]))
    assert without_m1.programme is not None
    assert len(without_m1.programme.dormant) == 3
    back = without_m1.after(Events(joined={"mentors": [{**JUNIOR, "id": "M1"}]}))
    assert back.programme is not None
    assert "M1" in back.unmatched
    assert back.verify().ok


def test_what_is_dormant_is_kept_in_a_run_and_in_nothing_that_is_read(tmp_path: Path) -> None:
    left = without(cohort(), ["M1"])
    matching = rmatch.solve(left)
    run = matching.save(tmp_path / "run")
    again = rmatch.Matching.load(run)
    assert again.programme == left
    assert "M1" not in (run / "run.json").read_text()
    assert "M1" not in (run / "pairs.csv").read_text()
    for audience in ("participant", "panel", "auditor", "coordinator"):
        for person in ("M2", "S1", "S3"):
            assert "M1" not in str(matching.explain(person, audience=audience))


def test_somebody_erased_is_gone_from_what_is_dormant(tmp_path: Path) -> None:
    """Here S3 is erased, with whom M1, who left, had a conflict."""
    run = rmatch.solve(without(cohort(), ["M1"])).save(tmp_path / "run")
    erase(run, "S3")
    people = json.loads((run / "programme.json").read_text())
    assert [row["mentee"] for row in people["programme"]["dormant"]] == ["S1", "S2"]
    rmatch.Matching.load(run)


def test_somebody_who_left_can_be_erased_too(tmp_path: Path) -> None:
    """They are in no pair and under no pseudonym, but a conflict still names them."""
    run = rmatch.solve(without(cohort(), ["M1"])).save(tmp_path / "run")
    erased = erase(run, "M1")
    assert "M1" not in (run / "programme.json").read_text()
    assert erased.pseudonym.startswith("p_")
    rmatch.Matching.load(run)
    with pytest.raises(rmatch.RunFolderError, match="nobody"):
        erase(run, "M1")


def test_somebody_whom_the_ledger_knows_is_erased_everywhere(tmp_path: Path) -> None:
    """They withdrew, and the repaired matching was saved over the first."""
    first = rmatch.solve(cohort())
    run = first.save(tmp_path / "run")
    first.record(run, Withdraw("M1"), who="AB", when=datetime(2026, 9, 1, tzinfo=UTC))
    first.after(Events(withdrawn=["M1"])).save(run, force=True)
    assert '"M1"' in (run / "aliases.json").read_text()
    pseudonym = erase(run, "M1").pseudonym
    for name in ("aliases.json", "programme.json"):
        assert '"M1"' not in (run / name).read_text()
    assert pseudonym in (run / "ledger.jsonl").read_text()
    rmatch.Matching.load(run)
    assert read_ledger(run).state.withdrawn == {pseudonym: 2}


def test_an_older_programme_knows_nothing_dormant() -> None:
    content = cohort().model_dump(mode="json")
    del content["dormant"]
    assert Programme.model_validate(content) == cohort()


def test_leaving_needs_an_id_that_is_there() -> None:
    with pytest.raises(KeyError):
        without(cohort(), ["M77"])
    assert without(cohort(), []) == cohort()


@settings(max_examples=60)
@given(some_leave())
def test_whatever_kept_two_apart_holds_again_once_both_are_back(case: Any) -> None:
    """And it is laid aside just once."""
    programme, gone = case
    left = without(programme, gone)
    assert called(left) == called(programme) - gone
    assert len(set(left.dormant)) == len(left.dormant)
    back = left.merge(bare(programme, gone))
    assert called(back) == called(programme)
    assert kept_apart(back) == kept_apart(programme)
    assert back.dormant == ()


@settings(max_examples=25)
@given(some_leave())
def test_nothing_that_scores_or_audits_sees_what_is_dormant(case: Any) -> None:
    left = without(*case)
    seen, blind = rmatch.score(left), rmatch.score(left.replace(dormant=()))
    assert np.array_equal(seen.points, blind.points)
    assert np.array_equal(seen.acceptable, blind.acceptable)
    assert recompute(left).pairs == recompute(blind.programme).pairs


@settings(max_examples=60)
@given(some_leave())
def test_it_survives_json(case: Any) -> None:
    left = without(*case)
    assert Programme.model_validate_json(left.model_dump_json()) == left
