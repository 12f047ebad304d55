"""The ledger on disk: its lines, its chain, its torn ends, its writers."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import os
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from small_runs import ERASED_ID, decide, everything, lines

import rmatch
from deciding import WHEN, moment
from rmatch.rematching.decisions import (
    Accept,
    Approve,
    Capacity,
    Decision,
    Declared,
    End,
    Forbid,
    Join,
    Keep,
    Offer,
    Propose,
    Undo,
    Withdraw,
)
from rmatch.rematching.ledger import read_ledger, record
from rmatch.rematching.states import PairState

PAIR = tuple[str, str]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def few(folder: Path, pair: PAIR) -> Path:
    """A ledger of five entries."""
    decide(folder, Approve(*pair))
    decide(folder, Offer(*pair), number=1)
    decide(folder, Capacity("M3", 2, "own_wish"), number=2)
    decide(folder, Undo(4, "mistake"), who="CD", number=3)
    return folder


# ----------------------------------------------------------------------------------------- as files


def test_a_run_without_a_ledger_has_an_empty_one(run: Path) -> None:
    """Reading it makes no files."""
    before = sorted(path.name for path in run.iterdir())
    history = read_ledger(run)
    assert (history.entries, history.torn, history.set_aside) == ((), b"", ())
    assert str(history.head) == f"0:{'0' * 64}"
    assert history.state.pairs == {}
    assert sorted(path.name for path in run.iterdir()) == before


def test_what_the_matching_proposes_is_written_first(
    run: Path, small: rmatch.Matching, pair: PAIR
) -> None:
    """Once for a matching, tied to its run.json."""
    few(run, pair)
    first, *others = lines(run)
    assert first["kind"] == "propose"
    assert first["fields"]["run"] == hashlib.sha256((run / "run.json").read_bytes()).hexdigest()
    assert [line["kind"] for line in others] == ["approve", "offer", "capacity", "undo"]
    assert len(first["fields"]["pairs"]) == len(small.pairs)
    proposal = read_ledger(run).by_id[0].decision
    assert isinstance(proposal, Propose)
    assert set(proposal.pairs) == {(p.mentor, p.mentee) for p in small.pairs}


def test_a_line_is_canonical_and_chained_as_documented(run: Path, pair: PAIR) -> None:
    """Whoever has the key can check it in a dozen lines, without rmatch."""
    few(run, pair)
    key = bytes.fromhex(json.loads((run / "ledger.key").read_text())["key"])
    before = "0" * 64
    for number, text in enumerate((run / "ledger.jsonl").read_text().splitlines(), start=1):
        line = json.loads(text)
        assert list(line) == sorted(line)
        assert (line["schema_version"], line["number"]) == (1, number)
        assert datetime.fromisoformat(line["time"]).utcoffset() == timedelta(0)
        mac = line.pop("mac")
        plain = json.dumps(line, sort_keys=True, separators=(",", ":"))
        before = hmac.new(key, (before + plain).encode(), hashlib.sha256).hexdigest()
        assert mac == before
    assert str(read_ledger(run).head) == f"5:{before}"


def test_files_are_for_their_owner_and_hold_no_people(run: Path, pair: PAIR) -> None:
    """Pseudonyms and codes: no id, no initials, no name."""
    few(run, pair)
    decide(run, Join("M77", "mentor", "late"))
    assert mode(run / "ledger.key") == mode(run / "aliases.json") == 0o600
    text = (run / "ledger.jsonl").read_text()
    for shown in ("M1", "M2", "M3", "S1", "S3", ERASED_ID, "M77", "AB", "CD", "Ann", "Zelda"):
        assert f'"{shown}' not in text
    aliases = json.loads((run / "aliases.json").read_text())
    assert sorted(aliases["pseudonyms"]) == ["AB", "CD", "M77"]
    assert {lines(run)[1]["who"], lines(run)[4]["who"]} == {
        aliases["pseudonyms"]["AB"],
        aliases["pseudonyms"]["CD"],
    }
    again = read_ledger(run).by_id
    assert [entry.who for entry in again] == ["AB", "AB", "AB", "AB", "CD", "AB"]
    assert again[-1].decision == Join("M77", "mentor", "late")


def test_time_is_given_with_its_zone(run: Path) -> None:
    """It is kept as UTC; nothing reads a clock."""
    nowhere = WHEN.replace(tzinfo=None)
    with pytest.raises(rmatch.DecisionError, match="no time zone"):
        record(run, Capacity("M1", 2), who="AB", when=nowhere)
    london = timezone(timedelta(hours=1))
    record(run, Capacity("M1", 2), who="AB", when=datetime(2026, 9, 1, 0, 30, tzinfo=london))
    assert lines(run)[-1]["time"] == "2026-08-31T23:30:00+00:00"


@pytest.mark.parametrize(
    "who", ["", "Ann Bell", "ann@nhs.example", "x" * 41, "\x1b[2JAB", "A\u202eB", "AB\ud800"]
)
def test_who_decided_is_an_id_or_initials(run: Path, who: str) -> None:
    """No name, no address, no text."""
    with pytest.raises(rmatch.DecisionError, match="id or the initials"):
        decide(run, Capacity("M1", 2), who=who)
    assert not (run / "ledger.jsonl").exists()


# ---------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (Keep("M9", "S1"), "nobody in this run has the id M9"),
        (Keep("S1", "M1"), "S1 is a mentee; the mentor comes first"),
        (Withdraw("AB"), "nobody in this run has the id AB"),
        (Join("M1", "mentor"), "M1 is in the programme already"),
        (Join("M1", "mentee"), "M1 is a mentor of this programme"),
        (Undo(9), "there is no entry 9 to undo; the last is 2"),
        (Undo(1), "entry 1 is what the matching proposes"),
        (Propose((), "0" * 64), "written by the ledger itself"),
    ],
)
def test_a_decision_that_makes_no_sense_is_not_written(
    run: Path, decision: Decision, message: str
) -> None:
    """The message says why; the ledger is as it was."""
    decide(run, Capacity("M1", 2))
    before = (run / "ledger.jsonl").read_bytes()
    with pytest.raises(rmatch.DecisionError, match=message):
        decide(run, decision)
    assert (run / "ledger.jsonl").read_bytes() == before


def test_decisions_that_contradict_each_other(run: Path, pair: PAIR) -> None:
    """Each refusal names the entry it rests on."""
    decide(run, Keep(*pair))
    with pytest.raises(rmatch.DecisionError, match="cannot forbid, because entry 2 keeps it"):
        decide(run, Forbid(*pair))
    with pytest.raises(rmatch.DecisionError, match="cannot keep, because entry 2 does so"):
        decide(run, Keep(*pair))
    decide(run, Undo(2))
    decide(run, Forbid(*pair))
    with pytest.raises(rmatch.DecisionError, match="cannot approve, because entry 4 forbids it"):
        decide(run, Approve(*pair))
    with pytest.raises(rmatch.DecisionError, match="entry 2 is undone already"):
        decide(run, Undo(2))
    with pytest.raises(rmatch.DecisionError, match="entry 3 is an undo"):
        decide(run, Undo(3))


def test_an_entry_that_others_rest_on_cannot_be_undone(run: Path, pair: PAIR) -> None:
    """They come first."""
    decide(run, Approve(*pair))
    decide(run, Offer(*pair))
    with pytest.raises(rmatch.DecisionError, match="because entry 3 rests on it") as caught:
        decide(run, Undo(2))
    assert caught.value.allowed == ("undo 3",)
    decide(run, Join("M9", "mentor"))
    decide(run, Capacity("M9", 2))
    with pytest.raises(rmatch.DecisionError, match="entry 4 cannot be undone, because entry 5"):
        decide(run, Undo(4))
    decide(run, Undo(5))
    decide(run, Undo(4))
    assert read_ledger(run).state.joined == {}


def test_approving_asks_for_the_open_questions(
    run: Path, small: rmatch.Matching, pair: PAIR
) -> None:
    """The matching knows them; without it nobody can approve."""
    with pytest.raises(rmatch.DecisionError, match=r"use matching\.record"):
        decide(run, Approve(*pair), asked=False)
    asked = {(q.person, partner) for q in small.questions for partner in q.partners}
    assert {(one, other) for one, other in asked if {one, other} == set(pair)}
    with pytest.raises(rmatch.DecisionError, match="has open questions"):
        small.record(run, Approve(*pair), who="AB", when=WHEN)
    done = small.record(run, Approve(*pair, acknowledged=True), who="AB", when=WHEN)
    assert done.state.pairs[pair].questions
    assert lines(run)[-1]["fields"]["questions"] == list(done.state.pairs[pair].questions)


def test_the_coordinator_in_a_pair_is_warned_about(run: Path, pair: PAIR) -> None:
    """Until somebody else approves it too."""
    alone = decide(run, Approve(*pair), who=pair[1])
    assert alone.warnings == ("coordinator_self",)
    assert alone.state.warnings == ((pair, "coordinator_self"),)
    assert decide(run, Offer(*pair), who=pair[1]).warnings == ("coordinator_self",)
    decide(run, Undo(3))
    both = decide(run, Approve(*pair), who="AB")
    assert (both.warnings, both.state.warnings) == ((), ())
    decide(run, Undo(5))
    assert decide(run, Declared(*pair)).warnings == ()


def test_whoever_decides_is_one_person_in_small_letters_too(run: Path, pair: PAIR) -> None:
    """They are no second approver, nor somebody outside the pair."""
    alone = decide(run, Approve(*pair), who=pair[0].lower())
    assert (alone.entry.who, alone.warnings) == (pair[0], ("coordinator_self",))
    decide(run, Approve(*pair), who="AB")
    with pytest.raises(rmatch.DecisionError, match="no 'approve again'"):
        decide(run, Approve(*pair), who="ab")


# --------------------------------------------------------------------------------- what comes of it


def test_a_withdrawal_ends_what_was_agreed(run: Path, pair: PAIR) -> None:
    """And a return does not bring it back; what was only proposed is gone."""
    decide(run, Approve(*pair))
    state = decide(run, Withdraw(pair[1], "away")).state
    assert state.ended == {pair: "withdrawn"}
    assert state.withdrawn == {pair[1]: 3}
    with pytest.raises(rmatch.DecisionError, match="withdrew already"):
        decide(run, Withdraw(pair[1]))
    back = decide(run, Join(pair[1], "mentee", "returned")).state
    assert (back.withdrawn, back.ended, back.failed) == ({}, {pair: "withdrawn"}, frozenset())


@pytest.mark.parametrize("kind", ["withdraw", "conflict"])
def test_what_was_kept_is_kept_no_more_when_it_cannot_be(run: Path, pair: PAIR, kind: str) -> None:
    """Somebody left, or a conflict came out; undoing that brings it back."""
    decide(run, Keep(*pair))
    gone = Withdraw(pair[0]) if kind == "withdraw" else Declared(*pair)
    assert decide(run, gone).state.kept == {}
    assert decide(run, Undo(3)).state.kept == {pair: 2}


@pytest.mark.parametrize(
    ("rule", "until", "holds"),
    [
        ("confidential", None, True),
        ("family", date(2026, 9, 1), True),
        ("family", date(2026, 8, 31), False),
        ("clinical_supervisor", date(2020, 1, 1), True),
        ("prior_relationship", None, False),
    ],
)
def test_a_conflict_ends_the_pair_at_once_if_it_holds(
    run: Path, pair: PAIR, rule: str, until: date | None, holds: bool
) -> None:
    """A hard one to its last day; with a look-back, until its entry is undone."""
    decide(run, Approve(*pair))
    state = decide(run, Declared(*pair, rule, until)).state
    assert state.ended == ({pair: "conflict"} if holds else {})
    assert [(c.rule, c.until, c.entry) for c in state.conflicts[pair]] == [(rule, until, 3)]
    if holds:
        with pytest.raises(rmatch.DecisionError, match="entry 3 declares a conflict"):
            decide(run, Keep(*pair))
        assert decide(run, Undo(3)).state.in_state(PairState.APPROVED) == (pair,)


def test_a_decision_stands_as_it_will_be_read(run: Path, pair: PAIR) -> None:
    """A conflict's last day is one in UTC, also where it is past midnight for whoever decides."""
    early = datetime(2026, 9, 2, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    record(run, Declared(*pair, "family", date(2026, 9, 1)), who="AB", when=early)
    with pytest.raises(rmatch.DecisionError, match="entry 2 declares a conflict"):
        record(run, Keep(*pair), who="AB", when=early)
    later = early + timedelta(hours=1)
    done = record(run, Keep(*pair), who="AB", when=later)
    assert read_ledger(run).state == done.state
    assert done.entry.time == later


def test_a_new_matching_in_the_folder_proposes_anew(
    run: Path, small: rmatch.Matching, pair: PAIR
) -> None:
    """What somebody approved stays; what is forbidden is not proposed, whatever was solved."""
    decide(run, Approve(*pair))
    other = next(p for p in read_ledger(run).state.pairs if p != pair)
    decide(run, Forbid(*other))
    assert small.programme is not None
    again = rmatch.solve(small.programme, seed=8)
    again.save(run, force=True)
    state = decide(run, Capacity("M1", 1)).state
    assert [line["kind"] for line in lines(run)].count("propose") == 2
    assert state.pairs[pair].state is PairState.APPROVED
    assert other not in state.pairs
    made = {(p.mentor, p.mentee) for p in again.pairs}
    assert set(state.in_state(PairState.PROPOSED)) == made - {pair, other}


# ------------------------------------------------------------------------------------ forced saving


def test_a_forced_save_keeps_the_ledger_and_its_pseudonyms(run: Path, pair: PAIR) -> None:
    """Byte for byte; the new matching's people are called as the ledger calls them."""
    few(run, pair)
    decide(run, Join("M77", "mentor"))
    kept = {n: (run / n).read_bytes() for n in ("ledger.jsonl", "ledger.key")}
    before = read_ledger(run).by_id
    mentors = [{"id": "M1"}, {"id": "M2"}, {"id": "M77"}]
    fewer = rmatch.Programme(mentors=mentors, mentees=[{"id": "S1"}, {"id": "S3"}])
    solved = rmatch.solve(fewer)
    solved.save(run, force=True)
    assert {name: (run / name).read_bytes() for name in kept} == kept
    assert read_ledger(run).by_id == before
    loaded = rmatch.Matching.load(run)
    assert loaded.pseudonyms == solved.pseudonyms
    aliases = json.loads((run / "aliases.json").read_text())["pseudonyms"]
    assert set(aliases) == {"AB", "CD", "M3", ERASED_ID}
    assert sorted(path.name for path in run.parent.iterdir()) == ["run"]


def test_a_file_of_somebody_else_still_stops_a_forced_save(
    run: Path, small: rmatch.Matching, pair: PAIR
) -> None:
    """Only the ledger's own files are passed over."""
    few(run, pair)
    (run / "notes.txt").write_text("x")
    with pytest.raises(rmatch.RunFolderError, match=r"more than a run.*: notes\.txt$"):
        small.save(run, force=True)


# ----------------------------------------------------------------------- the chain, where it breaks


def rewritten(folder: Path, texts: list[bytes]) -> Path:
    (folder / "ledger.jsonl").write_bytes(b"".join(text + b"\n" for text in texts))
    return folder


def broken_at(folder: Path) -> int:
    with pytest.raises(rmatch.RunFolderError, match=r"the chain breaks at line \d+: ") as caught:
        read_ledger(folder)
    return int(str(caught.value).split("at line ")[1].split(":")[0])


def test_any_change_of_a_line_breaks_the_chain_there(run: Path, pair: PAIR) -> None:
    """Every line, every field; also one that only changes how it is written."""
    texts = (few(run, pair) / "ledger.jsonl").read_bytes().splitlines()
    for place, text in enumerate(texts):
        line = json.loads(text)
        changed = [
            *({**line, name: _other(value)} for name, value in line.items()),
            {**line, "extra": 1},
        ]
        for other in changed:
            new = json.dumps(other, sort_keys=True, separators=(",", ":")).encode()
            assert (
                broken_at(rewritten(run, [*texts[:place], new, *texts[place + 1 :]])) == place + 1
            )
        spaced = json.dumps(line, sort_keys=True).encode()
        assert broken_at(rewritten(run, [*texts[:place], spaced, *texts[place + 1 :]])) == place + 1


def _other(value: Any) -> Any:
    if isinstance(value, dict):
        return {**value, "reason": "not_given" if value["reason"] != "not_given" else "x"}
    return (
        value + 1 if isinstance(value, int) else f"{value[:-1]}{'1' if value[-1] != '1' else '2'}"
    )


def test_lines_cannot_be_taken_out_moved_or_put_in(run: Path, pair: PAIR) -> None:
    """But for whole lines at the end, which only a noted head shows."""
    few(run, pair)
    head = read_ledger(run).head
    a, b, c, d, e = (run / "ledger.jsonl").read_bytes().splitlines()
    assert broken_at(rewritten(run, [a, c, d, e])) == 2
    assert broken_at(rewritten(run, [b, c, d, e])) == 1
    assert broken_at(rewritten(run, [a, c, b, d, e])) == 2
    assert broken_at(rewritten(run, [a, b, b, c, d, e])) == 3
    assert broken_at(rewritten(run, [a, b, b"", c, d, e])) == 3
    cut = read_ledger(rewritten(run, [a, b, c, d]))
    assert (head.number, cut.head.number) == (5, 4)
    assert cut.head != head


def test_another_key_breaks_the_chain_at_once(run: Path, pair: PAIR) -> None:
    """Nobody writes a ledger who has not got it; without it nothing is believed."""
    key = few(run, pair) / "ledger.key"
    key.write_text(json.dumps({"schema_version": 1, "key": "00" * 32}))
    assert broken_at(run) == 1
    key.write_text(json.dumps({"schema_version": 1, "key": "pq"}))
    with pytest.raises(rmatch.RunFolderError, match=r"ledger\.key is damaged: no key"):
        read_ledger(run)
    key.unlink()
    for doing in (read_ledger, lambda folder: decide(folder, Capacity("M1", 1))):
        with pytest.raises(rmatch.RunFolderError, match=r"ledger\.key is missing"):
            doing(run)


@pytest.mark.parametrize("settings", [[], {"rules": [1]}, {"rules": {"family": "off"}}])
def test_settings_that_were_changed_in_run_json_are_noticed(run: Path, settings: Any) -> None:
    """By whoever records: by them a conflict would end nothing."""
    content = json.loads((run / "run.json").read_text(encoding="utf-8"))
    content["settings"] = {**content["settings"], **settings} if settings else [1]
    (run / "run.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(rmatch.RunFolderError, match=r"damaged|is not the input"):
        rmatch.Matching.load(run)
    if settings != {"rules": {"family": "off"}}:
        with pytest.raises(rmatch.RunFolderError, match="damaged"):
            decide(run, Capacity("M1", 2))


def test_a_ledger_that_was_taken_away_is_missed(run: Path, pair: PAIR) -> None:
    """Its key shows that there was one."""
    (few(run, pair) / "ledger.jsonl").unlink()
    for doing in (read_ledger, lambda folder: decide(folder, Capacity("M1", 1))):
        with pytest.raises(rmatch.RunFolderError, match="it was taken away"):
            doing(run)


def test_what_a_later_rmatch_wrote_is_refused(run: Path, pair: PAIR) -> None:
    """Line, key and aliases alike."""
    texts = (few(run, pair) / "ledger.jsonl").read_bytes().splitlines()
    later = texts[-1].replace(b'"schema_version":1', b'"schema_version":2')
    with pytest.raises(rmatch.RunFolderError, match=r"line 5: .* later rmatch \(schema 2\)"):
        read_ledger(rewritten(run, [*texts[:-1], later]))
    rewritten(run, texts)
    for name in ("ledger.key", "aliases.json"):
        old = (run / name).read_text()
        (run / name).write_text(json.dumps({**json.loads(old), "schema_version": 2}))
        with pytest.raises(rmatch.RunFolderError, match=rf"{name} was written by a later rmatch"):
            read_ledger(run)
        (run / name).write_text(old)


def test_a_legal_chain_of_illegal_moves_is_no_ledger(run: Path, pair: PAIR) -> None:
    """Whoever has the key can chain nonsense; it is said which entry it is."""
    from rmatch.rematching.chain import line_of
    from rmatch.rematching.ledger import Entry

    few(run, pair)
    history = read_ledger(run)
    key = bytes.fromhex(json.loads((run / "ledger.key").read_text())["key"])
    names = {person: name for name, person in history.ids.items()}
    accept = Accept(names[pair[0]], names[pair[1]], "mentee")
    line, _ = line_of(Entry(6, WHEN, "c_1", accept), history.head.mac, key)
    with (run / "ledger.jsonl").open("a") as ledger:
        ledger.write(line + "\n")
    assert len(read_ledger(run).entries) == 6
    with pytest.raises(rmatch.RunFolderError, match=r"makes no sense at entry 6: .* is offered"):
        decide(run, Capacity("M1", 1))


# ---------------------------------------------------------------------------------- torn last lines


def test_a_line_torn_anywhere_is_kept_aside(run: Path, pair: PAIR, tmp_path: Path) -> None:
    """Whatever was cut off, everything before stays; the rest goes to a file of its own."""
    whole = (few(run, pair) / "ledger.jsonl").read_bytes()
    start = whole[:-1].rfind(b"\n") + 1
    for cut in range(start + 1, len(whole) - 1, 7):
        folder = Path(shutil.copytree(run, tmp_path / f"cut{cut}"))
        (folder / "ledger.jsonl").write_bytes(whole[:cut])
        history = read_ledger(folder)
        assert len(history.entries) == 4
        assert history.torn == whole[start:cut]
        done = decide(folder, Capacity("M1", 1))
        assert done.entry.number == 5
        assert done.set_aside is not None
        aside = json.loads((folder / done.set_aside).read_text())
        assert aside["schema_version"] == 1
        assert aside["after_entry"] == 4
        assert bytes.fromhex(aside["bytes_hex"]) == whole[start:cut]
        after = read_ledger(folder)
        assert (len(after.entries), after.torn, after.set_aside) == (5, b"", (done.set_aside,))


def test_zeros_that_a_power_cut_left_are_kept_aside(run: Path, pair: PAIR) -> None:
    """A file can be longer than what was written into it."""
    with (few(run, pair) / "ledger.jsonl").open("ab") as ledger:
        ledger.write(b"\0" * 300)
    assert len(read_ledger(run).torn) == 300
    assert decide(run, Capacity("M1", 1)).entry.number == 6


def test_a_whole_last_line_counts_without_its_line_feed(run: Path, pair: PAIR) -> None:
    """An editor may have taken it; the next entry stands on a line of its own."""
    ledger = few(run, pair) / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-1])
    assert len(read_ledger(run).entries) == 5
    assert decide(run, Capacity("M1", 1)).set_aside is None
    assert len(lines(run)) == 6


def test_a_full_disk_adds_nothing(run: Path, pair: PAIR, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line that got there is taken back, and the error says why."""
    before = (few(run, pair) / "ledger.jsonl").read_bytes()
    write = os.write

    def half(handle: int, data: bytes) -> int:
        if len(data) < 100:
            raise OSError(28, "No space left on device")
        return write(handle, data[: len(data) - 60])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(rmatch.RunFolderError, match=r"cannot be written: No space left"):
            decide(run, Capacity("M1", 1))
    assert (run / "ledger.jsonl").read_bytes() == before


# -------------------------------------------------------------------------------------- two writers

WRITER = """
import sys
from pathlib import Path
from rmatch.rematching.decisions import Capacity
sys.path[:0] = sys.argv[3:]
from small_runs import decide
for places in range(12):
    decide(Path(sys.argv[1]), Capacity("M1", places), who=sys.argv[2], number=places)
"""


def test_two_programs_can_write_at_once(run: Path) -> None:
    """Two real processes: every entry of both is there, in each one's order, in one chain."""
    here = list(map(str, Path(__file__).parents[:2]))
    programs = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(run), who, *here])
        for who in ("AB", "CD")
    ]
    assert [program.wait(timeout=120) for program in programs] == [0, 0]
    history = read_ledger(run)
    assert len(history.entries) == 25
    for who in ("AB", "CD"):
        mine = [e.decision for e in history.by_id if e.who == who]
        places = [d.places for d in mine if isinstance(d, Capacity)]
        assert places == list(range(12))


def test_two_threads_can_write_at_once(run: Path) -> None:
    """As in a web server: one process, one chain."""
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda k: decide(run, Capacity("M1", k)), range(20)))
    assert sorted(one.entry.number for one in done) == list(range(2, 22))
    assert len(read_ledger(run).entries) == 21


def test_who_waits_too_long_is_told(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than wait for ever."""
    from rmatch import run_folder

    decide(run, Capacity("M1", 1))
    monkeypatch.setattr(run_folder, "LOCK_SECONDS", 0.1)
    with (
        run_folder.locked(run),
        pytest.raises(rmatch.RunFolderError, match="is being written by another program"),
    ):
        decide(run, Capacity("M1", 2))


def test_a_folder_that_is_no_run_has_no_ledger(tmp_path: Path, run: Path) -> None:
    """Nor one that is not there, nor one without people."""
    with pytest.raises(rmatch.RunFolderError, match="is not a run folder"):
        decide(tmp_path, Capacity("M1", 1))
    with pytest.raises(rmatch.RunFolderError, match="cannot be read"):
        read_ledger(tmp_path / "nowhere")
    content = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**content, "pairs": [["p_1", "p_2"]]}))
    with pytest.raises(rmatch.RunFolderError, match="is damaged"):
        decide(run, Capacity("M1", 1))


def test_another_matching_decides_nothing_here(run: Path, small: rmatch.Matching) -> None:
    """Its open questions are not those of the pairs in the folder."""
    other = rmatch.solve(rmatch.examples.path("two-trusts"), strategy="best_score")
    with pytest.raises(rmatch.RunFolderError, match="holds another matching than this one"):
        other.record(run, Capacity("M1", 1), who="AB", when=WHEN)
    small.record(run, Capacity("M1", 1), who="AB", when=WHEN)
    nobody = dataclasses.replace(small, solution=dataclasses.replace(small.solution, chosen=()))
    with pytest.raises(rmatch.RunFolderError, match="holds another matching"):
        nobody.record(run, Capacity("M1", 1), who="AB", when=WHEN)


def test_an_auditor_needs_no_people(run: Path, pair: PAIR, tmp_path: Path) -> None:
    """Ledger and key are enough to check and read."""
    head = read_ledger(few(run, pair)).head
    given = tmp_path / "given"
    given.mkdir()
    for name in ("ledger.jsonl", "ledger.key"):
        shutil.copy(run / name, given)
    history = read_ledger(given)
    assert (history.head, history.by_id) == (head, history.entries)


def test_a_run_made_from_arrays_has_a_ledger_too(tmp_path: Path) -> None:
    """Its people are M0, S0, …; there is nothing to ask."""
    instance = rmatch.Instance.from_scores([[1, 2], [3, 4]])
    matching = rmatch.solve(instance)
    folder = matching.save(tmp_path / "run")
    pair = matching.pairs[0].mentor, matching.pairs[0].mentee
    done = matching.record(folder, Approve(*pair), who="AB", when=moment())
    assert done.state.in_state(PairState.APPROVED) == (pair,)
    assert b"M0" not in (folder / "ledger.jsonl").read_bytes()
    assert b"M0" in everything(folder)


def test_nobody_is_approved_beyond_the_places_they_have_by_now(tmp_path: Path) -> None:
    """Ending a pair or deciding on more places makes room; a second approval takes none."""
    matching = rmatch.solve(
        rmatch.Programme(
            mentors=[{"id": "M1"}, {"id": "M2"}], mentees=[{"id": "S1", "capacity": 2}]
        )
    )
    run = matching.save(tmp_path / "run")
    for decision in (Approve("M1", "S1", acknowledged=True), Capacity("S1", 1)):
        matching.record(run, decision, who="AB", when=moment())
    words = (
        "^M2 with S1: cannot approve, because S1 has places for 1, by what was decided, and M1 "
        "with S1 is agreed; end a pair first, or decide on more places$"
    )
    head = read_ledger(run).head
    second = Approve("M2", "S1", acknowledged=True)
    with pytest.raises(rmatch.DecisionError, match=words):
        matching.record(run, second, who="AB", when=moment())
    assert read_ledger(run).head == head
    matching.record(run, Approve("M1", "S1", acknowledged=True), who="CD", when=moment())
    matching.record(run, End("M1", "S1", "moved"), who="AB", when=moment())
    done = matching.record(run, second, who="AB", when=moment())
    assert done.state.in_state(PairState.APPROVED) == (("M2", "S1"),)
