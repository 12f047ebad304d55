"""The ledger of a run: every decision, appended and never changed, pseudonyms and codes only.

``ledger.jsonl`` lies in the run folder beside its key (``ledger.key``, mode 0600) and
``aliases.json`` (mode 0600), which says whose pseudonym is whose where programme.json does not. An
entry counts once its line is on the disk: ``record`` returns after that and not before. A run
without a ledger has an empty one.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rmatch.atomic import sync_folder, write_atomic
from rmatch.errors import DecisionError, RunFolderError
from rmatch.explaining.records import Question
from rmatch.programme.settings import Severity, default_severities
from rmatch.programme.text import fold
from rmatch.rematching.chain import FIRST, BrokenChainError, Chain, line_of, read_chain
from rmatch.rematching.decisions import (
    Approve,
    Decision,
    Declared,
    Join,
    OfPair,
    Pair,
    Propose,
    Undo,
    renamed,
)
from rmatch.rematching.replay import Entry, ReplayError, State, after, full, state_of
from rmatch.rematching.states import COORDINATOR_SELF, UNDER_WAY, is_self_approved
from rmatch.run_folder import (
    ALIASES_FILE,
    KEY_FILE,
    LEDGER_FILE,
    PEOPLE_FILE,
    RUN_FILE,
    TORN_PREFIX,
    locked,
    read_json,
    steady,
)
from rmatch.runs import SCHEMA_VERSION as RUN_VERSION
from rmatch.runs import Names, damaged, names_in, refuse_purged
from rmatch.saved_aliases import aliases_file, drawn, read_aliases

__all__ = [
    "Entry",
    "Head",
    "History",
    "Recorded",
    "State",
    "read_ledger",
    "record",
    "state_now",
    "state_of",
]

KEY_VERSION = 1
TORN_VERSION = 1
LONGEST_WHO = 40


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number and mac: who has noted it can tell whether the end was cut off."""

    number: int
    mac: str

    def __str__(self) -> str:
        return f"{self.number}:{self.mac}"


@dataclass(frozen=True, slots=True)
class History:
    """A ledger as it was read, its chain checked.

    Attributes:
        entries: As written, people by pseudonym.
        ids: Pseudonym → id or initials, for those who can still be named.
        torn: The beginning of a last line that was never finished, as bytes; it is no entry.
        set_aside: Files that hold such lines of earlier times.
    """

    entries: tuple[Entry, ...]
    ids: Mapping[str, str] = field(default_factory=dict, repr=False)
    torn: bytes = field(default=b"", repr=False)
    set_aside: tuple[str, ...] = ()

    @property
    def erased(self) -> frozenset[str]:
        """Pseudonyms of participants whom nobody can name any more."""
        return _unnamed(self.entries, self.ids)

    @property
    def by_id(self) -> tuple[Entry, ...]:
        """The entries with people by id; who was erased stays a pseudonym."""
        return tuple(_renamed(entry, dict(self.ids)) for entry in self.entries)

    @property
    def state(self) -> State:
        """The state now, people by id."""
        return replace(state_of(self.by_id), erased=self.erased)

    def state_at(self, number: int) -> State:
        """The state after that entry, people by id."""
        return replace(state_of(self.by_id, number), erased=self.erased)

    @property
    def head(self) -> Head:
        """What to note elsewhere."""
        return Head(len(self.entries), self.entries[-1].mac if self.entries else FIRST)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that is on the disk, people by id; ``warnings``: codes to be looked at."""

    entry: Entry
    state: State = field(repr=False)
    warnings: tuple[str, ...] = ()
    set_aside: str | None = None
    """The file to which a torn last line was moved on the way."""


def read_ledger(folder: str | os.PathLike[str]) -> History:
    """The decisions of a run, the chain checked; none where there is no ledger.

    Raises:
        RunFolderError: no run folder, a broken chain (the message says at which line), no key, or a
            file of a later rmatch.
    """
    path = Path(folder)
    with steady(path):
        chain, _ = _read(path)
        ids = _ids(path)
        aside = sorted(one.name for one in path.iterdir() if one.name.startswith(TORN_PREFIX))
    return History(chain.entries, ids, chain.torn, tuple(aside))


def state_now(folder: str | os.PathLike[str]) -> State:
    """What the next decision about a run will find, people by id; nothing before the first.

    Where the run's matching is not the one last decided about, no entry says yet what it proposes;
    here it is proposed. ``number`` is that of the last entry.

    Raises:
        RunFolderError: as ``read_ledger``; or the people of the run were purged.
    """
    path = Path(folder)
    with steady(path):
        chain, key = _read(path)
        if not chain.entries:
            return State()
        refuse_purged(path, read_json(path / PEOPLE_FILE, RUN_VERSION))
        book = _book(path, chain, key)
    state, last = _replayed(book.entries), chain.entries[-1]
    for entry in _proposal(book, last.who, last.time):
        state = after(state, entry)
    return replace(state, number=last.number, erased=_unnamed(chain.entries, book.ids))


def _unnamed(entries: Iterable[Entry], ids: Mapping[str, str]) -> frozenset[str]:
    """Pseudonyms of participants in entries as written that are nobody's."""
    named = (person for entry in entries for person in entry.decision.people)
    return frozenset(person for person in named if person not in ids)


def _ids(path: Path) -> dict[str, str]:
    """Pseudonym → id; an auditor may have been given the ledger and its key without the people."""
    if (path / LEDGER_FILE).exists() and not (path / PEOPLE_FILE).exists():
        return {}
    return {name: person for person, name in names_in(path).names.items()}


def record(
    folder: str | os.PathLike[str],
    decision: Decision,
    *,
    who: str,
    when: datetime,
    questions: Iterable[Question] | None = None,
    pairs: Iterable[Pair] | None = None,
) -> Recorded:
    """Append a decision; once this returns it is on the disk.

    Where the run's matching is not the one last decided about, what it proposes is written first.

    Args:
        folder: The run folder.
        decision: People by id.
        who: The id or initials of whoever decided.
        when: The moment, with its time zone; its day is that of UTC, as the ledger is written.
            Nothing here reads a clock.
        questions: ``matching.questions``; without them no pair can be approved.
        pairs: The pairs, by id, of the matching that the questions are about; where the folder
            holds another one, nothing is recorded.

    Raises:
        DecisionError: it cannot be decided from here; the message says what can.
        RunFolderError: the folder or its ledger is damaged, or cannot be written.
    """
    path = Path(folder)
    _check_call(decision, who, when)
    if isinstance(decision, Approve):
        decision = _with_questions(decision, questions)
    if not (path / RUN_FILE).is_file():
        raise RunFolderError(f"{path} is not a run folder: it has no {RUN_FILE}")
    with locked(path):
        refuse_purged(path, read_json(path / PEOPLE_FILE, RUN_VERSION))
        book = _opened(path)
        if pairs is not None:
            _check_same(path, book, pairs)
        new = _new_entries(book, decision, _as_known(book, who), when.astimezone(UTC))
        state = _state_with(book, new)
        _write(path, book, new)
    return Recorded(new[-1], state, _warnings(new[-1], state), book.set_aside)


def _check_same(path: Path, book: _Book, pairs: Iterable[Pair]) -> None:
    ids = book.ids
    if {(ids[mentor], ids[mentee]) for mentor, mentee in book.proposed} != set(pairs):
        raise RunFolderError(f"{path} holds another matching than this one; load it from there")


def _as_known(book: _Book, who: str) -> str:
    """Whoever decided, as they were called before: m01 is M01, and ab is AB."""
    if who in book.names.names:
        return who
    return next((known for known in book.names.names if fold(known) == fold(who)), who)


def _check_call(decision: Decision, who: str, when: datetime) -> None:
    if isinstance(decision, Propose):
        raise DecisionError("what is proposed is written by the ledger itself")
    is_word = who.isprintable() and not any(c.isspace() for c in who)
    if not who or len(who) > LONGEST_WHO or "@" in who or not is_word:
        raise DecisionError(
            "who is the id or the initials of whoever decided, in one word; no name, no address"
        )
    if when.tzinfo is None or when.utcoffset() is None:
        raise DecisionError("when has no time zone")


def _with_questions(decision: Approve, questions: Iterable[Question] | None) -> Approve:
    """The approval with the codes of what could not be checked for this pair."""
    if questions is None:
        raise DecisionError(
            "whether the pair has open questions is not known here: use matching.record(…)"
        )
    pair = set(decision.pair)
    open_ones = {q.rule for q in questions if q.person in pair and pair & set(q.partners)}
    return replace(decision, questions=tuple(sorted(open_ones)))


# What is there ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Book:
    """A ledger about to be written."""

    chain: Chain
    key: bytes = field(repr=False)
    names: Names = field(repr=False)
    run: str
    proposed: tuple[Pair, ...]
    """What run.json proposes, by pseudonym."""
    severities: Mapping[str, Severity]
    """Of every rule, as the run's settings have it."""
    set_aside: str | None = None

    @property
    def ids(self) -> dict[str, str]:
        """Pseudonym → id."""
        return {name: person for person, name in self.names.names.items()}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """People by id."""
        return tuple(_renamed(entry, self.ids) for entry in self.chain.entries)


def _opened(path: Path) -> _Book:
    """The ledger, begun where there was none, a torn last line set aside."""
    _begin(path)
    chain, key = _read(path)
    aside = _set_aside(path, chain) if chain.torn else None
    return replace(_book(path, chain, key), set_aside=aside)


def _book(path: Path, chain: Chain, key: bytes) -> _Book:
    names = names_in(path)
    content = read_json(path / RUN_FILE, RUN_VERSION)
    return _Book(
        chain,
        key,
        names,
        run=hashlib.sha256((path / RUN_FILE).read_bytes()).hexdigest(),
        proposed=_proposed(path, content, names),
        severities=_severities(path, content),
    )


def _severities(path: Path, content: Mapping[str, Any]) -> dict[str, Severity]:
    settings = content.get("settings") or {}
    rules = settings.get("rules", {}) if isinstance(settings, dict) else None
    if not isinstance(rules, dict):
        raise damaged(path)
    return {**default_severities(), **rules}


def _proposed(path: Path, content: Mapping[str, Any], names: Names) -> tuple[Pair, ...]:
    """The pairs of run.json without anybody who was erased."""
    try:
        pairs = tuple((str(mentor), str(mentee)) for mentor, mentee in content["pairs"])
    except (LookupError, TypeError, ValueError):
        raise damaged(path) from None
    known = set(names.names.values())
    if not known | names.erased >= {person for pair in pairs for person in pair}:
        raise damaged(path)
    return tuple(pair for pair in pairs if not names.erased & set(pair))


def _begin(path: Path) -> None:
    """An empty ledger, then its key: a key without a ledger shows that somebody took it away."""
    if (path / KEY_FILE).exists():
        return
    if not (path / LEDGER_FILE).exists():
        write_atomic(path / LEDGER_FILE, "")
    if (path / LEDGER_FILE).stat().st_size:
        raise RunFolderError(f"{path / KEY_FILE} is missing, so the ledger cannot be checked")
    content = {"schema_version": KEY_VERSION, "key": secrets.token_hex(32)}
    write_atomic(path / KEY_FILE, json.dumps(content) + "\n", mode=0o600)


def _read(path: Path) -> tuple[Chain, bytes]:
    """The chain and its key; an empty one where there is no ledger."""
    ledger, key_file = path / LEDGER_FILE, path / KEY_FILE
    if not ledger.exists():
        if key_file.exists():
            raise RunFolderError(f"{ledger} is missing: its key is there, so it was taken away")
        return Chain((), 0), b""
    data = _bytes(ledger)
    if not data and not key_file.exists():
        return Chain((), 0), b""
    key = _key(key_file)
    try:
        return read_chain(data, key), key
    except BrokenChainError as error:
        raise RunFolderError(
            f"{ledger}: the chain breaks at line {error.line}: {error.reason}. What stands before "
            "it is as it was written"
        ) from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunFolderError(f"{path} cannot be read: {error.strerror}") from None


def _key(path: Path) -> bytes:
    if not path.exists():
        raise RunFolderError(f"{path} is missing, so the ledger cannot be checked")
    try:
        return bytes.fromhex(read_json(path, KEY_VERSION)["key"])
    except (LookupError, TypeError, ValueError):
        raise RunFolderError(f"{path} is damaged: no key") from None


def _set_aside(path: Path, chain: Chain) -> str:
    """Move a line that was never finished into a file of its own."""
    digest = hashlib.sha256(chain.torn).hexdigest()[:8]
    name = f"{TORN_PREFIX}{len(chain.entries) + 1:04}-{digest}.json"
    content = {
        "schema_version": TORN_VERSION,
        "after_entry": len(chain.entries),
        "bytes_hex": chain.torn.hex(),
    }
    # Named by its content, so that a program killed after this step does the same again.
    write_atomic(path / name, json.dumps(content) + "\n", mode=0o600, force=True)
    handle = os.open(path / LEDGER_FILE, os.O_WRONLY)
    try:
        os.ftruncate(handle, chain.size)
        os.fsync(handle)
    except OSError as error:
        raise RunFolderError(f"{path / LEDGER_FILE} cannot be written: {error.strerror}") from None
    finally:
        os.close(handle)
    return name


# What is new --------------------------------------------------------------------------------------


def _new_entries(book: _Book, decision: Decision, who: str, when: datetime) -> list[Entry]:
    """The entry, after what the matching proposes where that is new; people by id."""
    new = _proposal(book, who, when)
    number = len(book.chain.entries) + len(new) + 1
    if isinstance(decision, Declared):
        decision = replace(decision, severity=book.severities[decision.rule])
    return [*new, Entry(number, when, who, decision)]


def _proposal(book: _Book, who: str, when: datetime) -> list[Entry]:
    """The entry of what the matching proposes, by id; none where the last one says so."""
    last = next(
        (e.decision for e in reversed(book.chain.entries) if isinstance(e.decision, Propose)), None
    )
    if last is not None and last.run == book.run:
        return []
    proposal = renamed(Propose(book.proposed, book.run), book.ids)
    return [Entry(len(book.chain.entries) + 1, when, who, proposal)]


def _state_with(book: _Book, new: Iterable[Entry]) -> State:
    """The state with the new entries, by id.

    Raises:
        DecisionError: one of them cannot be taken.
    """
    entries = book.entries
    state = replace(_replayed(entries), erased=_unnamed(book.chain.entries, book.ids))
    for entry in new:
        if isinstance(entry.decision, Undo):
            _check_undo(entries, entry.decision)
            undone = _undone((*entries, entry), entry.decision)
            state = replace(undone, erased=state.erased)
        else:
            _check_people(book.names, state, entry.decision)
            before, state = state, after(state, entry)
            _check_places(before, entry.decision)
        entries = (*entries, entry)
    return state


def _replayed(entries: tuple[Entry, ...]) -> State:
    try:
        return state_of(entries)
    except ReplayError as error:
        raise RunFolderError(
            f"the ledger makes no sense at entry {error.entry}: {error.message}"
        ) from None


def _check_people(names: Names, state: State, decision: Decision) -> None:
    """That everybody named is in the programme, on the right side; for a join, is not."""
    if isinstance(decision, Propose):
        return
    sides: dict[str, str] = {**names.sides, **state.joined}
    if isinstance(decision, Join):
        # Whoever withdrew may come back on the other side.
        if decision.person in sides and decision.person not in state.withdrawn:
            side = sides[decision.person]
            known = "in the programme already"
            if side != decision.side:
                known = f"a {side} of this programme"
            raise DecisionError(f"{decision.person} is {known}")
        return
    for person in decision.people:
        if person not in sides:
            raise DecisionError(f"nobody in this run has the id {person}")
    if isinstance(decision, OfPair):
        for person, side in zip(decision.pair, ("mentor", "mentee"), strict=True):
            if sides[person] != side:
                raise DecisionError(f"{person} is a {sides[person]}; the mentor comes first")


def _check_places(state: State, decision: Decision) -> None:
    """That whoever is approved has a place left; of ledgers that are there nothing is asked."""
    if not isinstance(decision, Approve) or decision.pair in state.in_state(*UNDER_WAY):
        return
    why = full(state, decision.pair)
    if why is not None:
        raise DecisionError(
            f"{' with '.join(decision.people)}: cannot approve, because {why}; end a pair first, "
            "or decide on more places"
        )


def _check_undo(entries: tuple[Entry, ...], undo: Undo) -> None:
    number = undo.entry
    if number > len(entries):
        raise DecisionError(f"there is no entry {number} to undo; the last is {len(entries)}")
    meant = entries[number - 1].decision
    if isinstance(meant, Undo):
        raise DecisionError(f"entry {number} is an undo; decide again what it took back")
    if isinstance(meant, Propose):
        raise DecisionError(f"entry {number} is what the matching proposes; solve again instead")
    gone = {e.decision.entry for e in entries if isinstance(e.decision, Undo)}
    if number in gone:
        raise DecisionError(f"entry {number} is undone already")
    if isinstance(meant, Join):
        for later in entries[number:]:
            # A proposal is no decision about somebody.
            is_about = not isinstance(later.decision, Propose) and later.number not in gone
            if is_about and meant.person in later.decision.people:
                raise _rests(number, later.number)


def _undone(entries: tuple[Entry, ...], undo: Undo) -> State:
    try:
        return state_of(entries)
    except ReplayError as error:
        raise _rests(undo.entry, error.entry, error.message) from None


def _rests(number: int, later: int, message: str = "") -> DecisionError:
    reason = f" ({message})" if message else ""
    return DecisionError(
        f"entry {number} cannot be undone, because entry {later} rests on it; undo that first"
        f"{reason}",
        (f"undo {later}",),
    )


def _warnings(entry: Entry, state: State) -> tuple[str, ...]:
    if not isinstance(entry.decision, OfPair):
        return ()
    status = state.pairs.get(entry.decision.pair)
    if status is None or status.state not in UNDER_WAY:
        return ()
    return (COORDINATOR_SELF,) if is_self_approved(entry.decision.pair, status) else ()


# Onto the disk ------------------------------------------------------------------------------------


def _write(path: Path, book: _Book, new: Iterable[Entry]) -> None:
    """The new lines, after whatever pseudonyms they need that nobody has yet."""
    names = dict(book.names.names)
    fresh: dict[str, str] = {}
    for entry in new:
        for person, prefix in [(entry.who, "c"), *((p, "p") for p in entry.decision.people)]:
            if person not in names:
                names[person] = fresh[person] = drawn(prefix)
    if fresh:
        file = aliases_file({**read_aliases(path), **fresh})
        write_atomic(path / ALIASES_FILE, file.text, mode=file.mode, force=True)
    before, text = book.chain.mac, "" if book.chain.ended else "\n"
    for entry in new:
        line, before = line_of(_renamed(entry, names), before, book.key)
        text += line + "\n"
    _append(path / LEDGER_FILE, text.encode("ascii"), book.chain.size)


def _append(ledger: Path, data: bytes, size: int) -> None:
    """Add to the end, onto the disk; where that fails, nothing was added."""
    handle = -1
    try:
        handle = os.open(ledger, os.O_WRONLY | os.O_APPEND)
        _write_all(handle, data)
        os.fsync(handle)
    except OSError as error:
        if handle >= 0:
            _take_back(handle, size)
        raise RunFolderError(f"{ledger} cannot be written: {error.strerror}") from None
    finally:
        if handle >= 0:
            os.close(handle)
    sync_folder(ledger.parent)


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


def _take_back(handle: int, size: int) -> None:
    """Cut off what a full disk left; should that fail too, the next writer sets it aside."""
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    except OSError:
        return


def _renamed(entry: Entry, names: dict[str, str]) -> Entry:
    return replace(
        entry,
        who=names.get(entry.who, entry.who),
        decision=renamed(entry.decision, names),
    )
