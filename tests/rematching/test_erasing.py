"""Erasing one person, purging everybody: what goes, what stays, what still holds."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_runs import (
    ERASED_ID,
    ERASED_MAIL,
    ERASED_NAME,
    decide,
    everything,
    small_programme,
)

import rmatch
from rmatch.rematching.decisions import Approve, Capacity, Declared, Join, Keep, Withdraw
from rmatch.rematching.erasing import erase, purge, to_purge
from rmatch.rematching.ledger import read_ledger

TEXTS = (ERASED_ID, ERASED_NAME, ERASED_MAIL, "Hidden Vale Trust")


@pytest.fixture
def decided(run: Path, pair: tuple[str, str]) -> Path:
    """A run with decisions about and by the person who is to be erased."""
    decide(run, Approve(*pair))
    decide(run, Capacity(ERASED_ID, 2))
    decide(run, Declared("M3", ERASED_ID, "family"), who=ERASED_ID)
    decide(run, Withdraw(ERASED_ID))
    return run


def test_nothing_is_left_of_who_was_erased(decided: Path) -> None:
    """Not in any byte of any file; the ledger and run.json are as they were."""
    kept = {n: (decided / n).read_bytes() for n in ("ledger.jsonl", "ledger.key", "run.json")}
    before = everything(decided)
    assert all(text.encode() in before for text in TEXTS)
    erased = erase(decided, ERASED_ID)
    after = everything(decided)
    assert not [text for text in TEXTS if text.encode() in after]
    assert {name: (decided / name).read_bytes() for name in kept} == kept
    assert erased.pseudonym.encode() in after
    assert (erased.mentions, erased.untouched) == ((), ())


def test_others_keep_what_they_said_but_for_the_name(decided: Path) -> None:
    """Choices close up; managers and supervisors who were the person are not known any more."""
    erase(decided, ERASED_ID)
    programme = rmatch.Matching.load(decided).programme
    assert programme is not None
    ann = programme.by_id["M1"]
    assert ann.choices == (("S1",), ("S3",))
    assert (ann.line_manager, ann.supervisors) == (None, ("Dr Elsewhere",))
    assert ann.prior_experience is not None
    assert ann.prior_experience.partners == ("Dr Before",)
    assert (ann.name, ann.interests) == ("Ann Bell", ("hills", "reading"))
    assert programme.by_id["M2"].vetoes == programme.by_id["M3"].conflicts == ()
    assert (programme.conflicts, programme.history) == ((), ())
    settings = programme.settings
    assert (settings.must_not_pair, settings.maximum_load) == ((), {"S1": 1})
    assert (settings.coordinators, settings.seed) == (("AB",), 7)


def test_a_run_without_somebody_loads_and_claims_nothing(decided: Path) -> None:
    """The matching of those who are left, with a notice; it can be saved and decided about."""
    whole = rmatch.Matching.load(decided)
    erase(decided, ERASED_ID)
    left = rmatch.Matching.load(decided)
    assert left.programme is not None
    assert ERASED_ID not in left.programme.by_id
    assert {(p.mentor, p.mentee) for p in left.pairs} == {
        (p.mentor, p.mentee) for p in whole.pairs if ERASED_ID not in (p.mentor, p.mentee)
    }
    assert left.status == "feasible"
    assert not any(level.proved for level in left.solution.levels)
    assert left.verify().ok
    (notice,) = left.programme.notices
    assert str(notice).startswith("programme.json: has lost people: 1 erased since")
    left.save(decided, force=True)
    assert rmatch.Matching.load(decided).pairs == left.pairs
    assert decide(decided, Capacity("M1", 1)).entry.number == 7


def test_the_decisions_about_the_erased_can_still_be_read(decided: Path) -> None:
    """Under the pseudonym; the chain holds, and the state is rebuilt."""
    head = read_ledger(decided).head
    erased = erase(decided, ERASED_ID)
    history = read_ledger(decided)
    assert history.head == head
    assert history.state.withdrawn == {erased.pseudonym: 5}
    assert history.by_id[3].who == erased.pseudonym
    with pytest.raises(rmatch.DecisionError, match=f"nobody in this run has the id {ERASED_ID}"):
        decide(decided, Capacity(ERASED_ID, 1))


def test_several_can_be_erased_one_after_another(decided: Path) -> None:
    """Until nobody is left on a side."""
    names = {erase(decided, person).pseudonym for person in (ERASED_ID, "M1", "S1", "S3")}
    assert len(names) == 4
    left = rmatch.Matching.load(decided)
    assert (left.pairs, left.unmatched) == ((), ("M2", "M3"))
    erased = json.loads((decided / "programme.json").read_text())["erased"]["people"]
    assert {one["id"] for one in erased} == names
    assert all(set(one) == {"id", "side"} for one in erased)


def test_who_decided_and_who_joined_can_be_erased(decided: Path) -> None:
    """Their initials or id are only in aliases.json."""
    decide(decided, Join("M77", "mentor"))
    for person in ("AB", "M77"):
        erase(decided, person)
        assert f'"{person}"'.encode() not in (decided / "aliases.json").read_bytes()
    assert read_ledger(decided).by_id[1].who.startswith("c_")
    assert rmatch.Matching.load(decided).status == "optimal"


def test_who_was_erased_does_not_come_back(decided: Path, small: rmatch.Matching) -> None:
    """A matching that still holds them is not saved over; also after another one was."""
    whole = rmatch.Matching.load(decided)
    erase(decided, ERASED_ID)
    for _ in range(2):
        with pytest.raises(rmatch.RunFolderError, match=f"{ERASED_ID} was erased from"):
            whole.save(decided, force=True)
        rmatch.Matching.load(decided).save(decided, force=True)
    assert small.programme is not None


def test_changing_what_is_left_is_noticed(decided: Path) -> None:
    """What is left is hashed anew, and so is who was erased."""
    erase(decided, ERASED_ID)
    text = (decided / "programme.json").read_text()

    def with_change(change: Any) -> None:
        content = json.loads(text)
        change(content)
        (decided / "programme.json").write_text(json.dumps(content))
        with pytest.raises(rmatch.RunFolderError, match=r"is not the input|is damaged"):
            rmatch.Matching.load(decided)

    with_change(lambda c: c["programme"]["mentors"][0].update(grade="st8"))
    with_change(lambda c: c["erased"]["people"].clear())
    with_change(lambda c: c["erased"].update(made_from="0" * 64))
    with_change(lambda c: c.pop("erased"))


def test_what_programs_left_when_they_were_killed_goes_too(
    decided: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Halves of files, in the folder and beside it, can hold anybody; also from within it."""
    (decided / ".programme.json.0123456789ab.tmp").write_text(ERASED_NAME)
    for name in (".run.0123456789ab.old", ".run.0123456789ab.tmp"):
        shutil.copytree(decided, decided.parent / name)
    (decided.parent / ".other.0123456789ab.tmp").write_text("not ours")
    monkeypatch.chdir(decided)
    erase(".", ERASED_ID)
    assert sorted(path.name for path in decided.parent.iterdir()) == [
        *(".other.0123456789ab.tmp", "run")
    ]
    assert ERASED_NAME.encode() not in everything(decided)


def test_what_cannot_be_reached_is_said(run: Path) -> None:
    """Other files of the folder; a name among other words of somebody's answer."""
    (run / "letter.txt").write_text(f"Dear {ERASED_NAME}")
    folder = run.parent / "told"
    programme = small_programme()
    first = programme.mentors[0]
    changed = {**first.model_dump(), "interests": ["choir with Zelda QUILLFEATHER", "reading"]}
    mentors = (rmatch.Participant(**changed), *programme.mentors[1:])
    rmatch.solve(programme.replace(mentors=mentors)).save(folder)
    assert erase(run, ERASED_ID).untouched == ("letter.txt",)
    assert erase(folder, ERASED_ID).mentions == ("mentors M1 interests 1",)


def test_a_name_that_two_share_is_nobodys(tmp_path: Path) -> None:
    """Only what means the person alone is taken out of other people's answers."""
    programme = rmatch.Programme(
        mentors=[{"id": "M1", "name": "Jo Low", "line_manager": "Kit Mar"}, {"id": "M2"}],
        mentees=[{"id": "S1", "name": "Jo Low"}, {"id": "S2", "name": "Kit Mar"}],
        settings=rmatch.Settings(coordinators=("Jo Low", "Kit Mar", "S2")),
    )
    folder = rmatch.solve(programme).save(tmp_path / "run")
    erase(folder, "S1")
    left = rmatch.Matching.load(folder).programme
    assert left is not None
    assert left.settings.coordinators == ("Jo Low", "Kit Mar", "S2")
    erase(folder, "S2")
    left = rmatch.Matching.load(folder).programme
    assert left is not None
    assert left.settings.coordinators == ("Jo Low",)


def test_a_role_over_somebody_erased_goes(tmp_path: Path) -> None:
    """Its scope would name them."""
    roles = [
        {"role": "educational_supervisor", "scope": "M1"},
        {"role": "tpd", "scope": "surgery"},
    ]
    programme = rmatch.Programme(
        mentors=[{"id": "M1"}, {"id": "M2"}], mentees=[{"id": "S1", "leadership_roles": roles}]
    )
    folder = rmatch.solve(programme).save(tmp_path / "run")
    erase(folder, "M1")
    left = rmatch.Matching.load(folder).programme
    assert left is not None
    assert [one.scope for one in left.by_id["S1"].leadership_roles] == ["surgery"]


def test_pairs_that_are_not_allowed_any_more_are_an_honest_error(tmp_path: Path) -> None:
    """Without what the erased said, somebody's score can fall under the minimum."""
    programme = rmatch.Programme(
        mentors=[{"id": "M1"}, {"id": "M2", "choices": [["S1", "S2"]]}],
        mentees=[{"id": "S1"}, {"id": "S2"}],
        settings=rmatch.Settings(minimum_score=55),
    )
    folder = rmatch.solve(programme).save(tmp_path / "run")
    assert len(rmatch.Matching.load(folder).pairs) == 2
    erase(folder, "M2")
    with pytest.raises(rmatch.RunFolderError, match="people were erased from this run, and with"):
        rmatch.Matching.load(folder)
    assert read_ledger(folder).entries == ()


def test_a_quota_that_the_rest_cannot_keep_hides_nothing(tmp_path: Path) -> None:
    """The pairs are shown; it is for the audit to say that the quota does not hold."""
    programme = rmatch.Programme(
        mentors=[{"id": "M1"}, {"id": "M2"}],
        mentees=[{"id": "S1"}, {"id": "S2"}],
        settings=rmatch.Settings(quotas={"all": "at least 2 pairs"}),
    )
    folder = rmatch.solve(programme).save(tmp_path / "run")
    erase(folder, "S2")
    left = rmatch.Matching.load(folder)
    assert [pair.mentee for pair in left.pairs] == ["S1"]
    assert not left.verify().ok


@pytest.mark.parametrize("person", ["nobody", "p_0123456789", ERASED_NAME])
def test_only_an_id_is_erased(run: Path, person: str) -> None:
    """A name may be two people's."""
    before = everything(run)
    with pytest.raises(rmatch.RunFolderError, match="has the id"):
        erase(run, person)
    assert everything(run).replace(b".lock\n", b"") == before


def test_a_run_without_people_has_nobody_to_erase(tmp_path: Path) -> None:
    """Its arrays are one piece."""
    folder = rmatch.solve(rmatch.Instance.from_scores([[1]])).save(tmp_path / "run")
    with pytest.raises(rmatch.RunFolderError, match="made without people; delete the folder"):
        erase(folder, "M0")
    with pytest.raises(rmatch.RunFolderError, match="is not a run folder"):
        erase(tmp_path, "M0")


# ------------------------------------------------------------------------------------------ purging


@pytest.fixture
def cohorts(tmp_path: Path) -> Path:
    """Four runs: ended in July, ending next year, of no end, without people."""
    home = tmp_path / "cohorts"
    home.mkdir()
    for name, ends in (("a", date(2026, 7, 31)), ("b", date(2027, 7, 31)), ("c", None)):
        matching = rmatch.solve(small_programme(ends=ends))
        matching.save(home / name)
        decide(home / name, Keep(matching.pairs[0].mentor, matching.pairs[0].mentee))
    rmatch.solve(rmatch.Instance.from_scores([[1]])).save(home / "d")
    (home / "notes").mkdir()
    return home


def test_what_ended_long_ago_is_purged(cohorts: Path) -> None:
    """Everybody's data goes; the ledger can be read and its chain holds. The rest is said."""
    head = read_ledger(cohorts / "a").head
    others = {name: everything(cohorts / name) for name in ("b", "c", "d")}
    assert to_purge(cohorts, before=date(2026, 7, 31))[0] == []
    done = purge(cohorts, before=date(2026, 8, 1))
    assert done.purged == (cohorts / "a",)
    assert [reason for _, reason in sorted(done.left.items())] == [
        "it ends on 2027-07-31",
        "its settings give no last day (ends)",
        "made without people, so nothing says when it ended",
    ]
    after = everything(cohorts / "a")
    for text in (*TEXTS, "Ann Bell", '"M1"', '"S1"', "M1,", "AB"):
        assert text.encode() not in after, text
    assert {name: everything(cohorts / name) for name in others} == others
    history = read_ledger(cohorts / "a")
    assert (history.head, dict(history.ids)) == (head, {})
    assert len(history.state.kept) == 1
    assert purge(cohorts, before=date(2026, 8, 1)).left[cohorts / "a"] == "purged already"


def test_a_purged_run_says_so(cohorts: Path, small: rmatch.Matching) -> None:
    """To whoever loads it, decides about it, erases from it or saves over it."""
    run = cohorts / "a"
    assert purge(run, before=date(2026, 8, 1)).purged == (run,)
    doings: list[Any] = [
        lambda: rmatch.Matching.load(run),
        lambda: decide(run, Capacity("M1", 1)),
        lambda: erase(run, "M1"),
        lambda: small.save(run, force=True),
    ]
    for doing in doings:
        with pytest.raises(rmatch.RunFolderError, match="were purged after their programme ended"):
            doing()


def test_there_has_to_be_a_run(tmp_path: Path) -> None:
    """A folder of other things is not gone through."""
    with pytest.raises(rmatch.RunFolderError, match="no run folder and holds none"):
        purge(tmp_path, before=date(2026, 8, 1))
