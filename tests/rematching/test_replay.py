"""Random decisions about a programme: what is rebuilt is what was, and nothing illegal is."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from oracle import Oracle
from small_runs import ERASED_ID, decide, small_programme

import rmatch
from deciding import WHEN, moment, run_machine
from rmatch.rematching.decisions import (
    Accept,
    Approve,
    Capacity,
    Decision,
    Declared,
    Decline,
    End,
    Forbid,
    Join,
    Keep,
    Offer,
    Start,
    Undo,
    Withdraw,
)
from rmatch.rematching.ledger import read_ledger
from rmatch.rematching.replay import Entry, State, blocked, state_of
from rmatch.rematching.states import UNDER_WAY, PairState

MENTORS, MENTEES = ("M1", "M2", "M3"), ("S1", ERASED_ID, "S3")
mentors = st.sampled_from(MENTORS)
mentees = st.sampled_from(MENTEES)
people = st.sampled_from(["M8", *MENTORS, *MENTEES])
sides = st.sampled_from(["mentor", "mentee"])
deciders = st.sampled_from(["AB", "CD", "M1", "S1"])


class Programme(RuleBasedStateMachine):
    """A run folder, decisions about it, and a second opinion on each (``oracle.py``)."""

    template: Path

    @initialize()
    def start(self) -> None:
        """A copy of the run."""
        self.home = tempfile.TemporaryDirectory()
        self.folder = Path(shutil.copytree(self.template, Path(self.home.name) / "run"))
        matching = rmatch.Matching.load(self.folder)
        self.proposed = [(pair.mentor, pair.mentee) for pair in matching.pairs]
        self.oracle = Oracle(self.proposed, {*MENTORS}, {*MENTEES})
        self.live: dict[int, State] = {}

    def teardown(self) -> None:
        """Nothing is left."""
        self.home.cleanup()

    def attempt(self, decision: Decision, who: str = "AB") -> None:
        """Decide, where the second opinion allows it; be refused, where it does not."""
        is_legal = self.oracle.tries(decision, who)
        try:
            done = decide(self.folder, decision, who=who, number=len(self.live))
        except rmatch.DecisionError:
            assert not is_legal, f"{decision} was refused"
            return
        assert is_legal, f"{decision} was let through"
        self.live[done.entry.number] = done.state

    @rule(mentor=mentors, mentee=mentees, kind=st.sampled_from([Keep, Forbid, Start]))
    def of_a_pair(self, mentor: str, mentee: str, kind: type[Keep]) -> None:
        """Keep, forbid, start."""
        self.attempt(kind(mentor, mentee))

    @rule(which=st.integers(0, 5), who=deciders, data=st.data())
    def move_a_pair(self, which: int, who: str, data: st.DataObject) -> None:
        """Any move of a pair that was made, legal or not."""
        pair = self.proposed[which % len(self.proposed)]
        side = data.draw(sides)
        to = data.draw(st.sampled_from(["mentor", "mentee", "both"]))
        moves = [Approve(*pair), Offer(*pair, to), Accept(*pair, side), Decline(*pair, side)]
        self.attempt(
            data.draw(st.sampled_from([*moves, Start(*pair), End(*pair, "no_fault")])), who
        )

    @rule(which=st.integers(0, 5), who=deciders)
    def go_on(self, which: int, who: str) -> None:
        """The next step of such a pair."""
        pair = self.proposed[which % len(self.proposed)]
        state = self.oracle.pairs.get(pair)
        asked = self.oracle.asked.get(pair, set())
        waiting = sorted(asked - self.oracle.said_yes.get(pair, set()))
        if state == "offered" and waiting:
            self.attempt(Accept(*pair, waiting[0]), who)  # type: ignore[arg-type]
        elif state in ("approved", "offered"):
            self.attempt(Offer(*pair, "mentee" if asked else "mentor"), who)
        elif state in ("accepted", "active"):
            self.attempt(Start(*pair) if state == "accepted" else End(*pair, "moved"), who)
        else:
            self.attempt(Approve(*pair), who)

    @rule(which=st.integers(0, 5), steps=st.integers(1, 7), who=deciders)
    def go_far(self, which: int, steps: int, who: str) -> None:
        """Several steps."""
        for _ in range(steps):
            self.go_on(which, who)

    @rule(person=people, side=sides, does_leave=st.booleans())
    def leave_or_join(self, person: str, side: str, *, does_leave: bool) -> None:
        """Somebody leaves, joins or comes back."""
        self.attempt(Withdraw(person) if does_leave else Join(person, side))  # type: ignore[arg-type]

    @rule(
        mentor=mentors,
        mentee=mentees,
        code=st.sampled_from(["family", "prior_relationship", "line_manager"]),
        until=st.sampled_from([None, date(2020, 1, 1), date(2099, 1, 1)]),
    )
    def conflict(self, mentor: str, mentee: str, code: str, until: date | None) -> None:
        """One comes out, or one that is over."""
        self.attempt(Declared(mentor, mentee, code, until))

    @rule(person=people, places=st.integers(0, 3))
    def capacity(self, person: str, places: int) -> None:
        """More or fewer places."""
        self.attempt(Capacity(person, places))

    @rule(back=st.integers(0, 3))
    def undo(self, back: int) -> None:
        """One of the last few decisions, undone already or not."""
        taken = enumerate(self.oracle.taken, start=1)
        numbers = [n for n, (d, _) in taken if d is not None and not isinstance(d, Undo)]
        self.attempt(Undo(numbers[-1 - back] if len(numbers) > back else 1))

    @invariant()
    def what_is_rebuilt_is_what_was(self) -> None:
        """At every entry number; and the second opinion agrees with the last."""
        history = read_ledger(self.folder)
        for number, state in self.live.items():
            assert history.state_at(number) == state
        state = history.state
        assert state_of(history.entries).number == state.number == len(history.entries)
        if self.live:
            assert {p: s.state.value for p, s in state.pairs.items()} == self.oracle.pairs
            assert set(state.kept) == self.oracle.kept
            assert set(state.forbidden) == self.oracle.forbidden
            assert set(state.withdrawn) == self.oracle.withdrawn
            assert state.capacities == self.oracle.capacities
            assert state.ended == self.oracle.ended

    @invariant()
    def no_illegal_pair_is_under_way(self) -> None:
        """Nor proposed, nor kept."""
        state = read_ledger(self.folder).state
        for pair in (*state.in_state(PairState.PROPOSED, *UNDER_WAY), *state.kept):
            assert blocked(state, pair, WHEN.date()) is None


@pytest.mark.usefixtures("_fast")
def test_replay_equals_the_live_state(template: Path) -> None:
    """For any series of decisions, undone ones among them."""
    Programme.template = template
    run_machine(Programme, 60)


def test_the_state_of_nothing() -> None:
    """No entries: nothing is proposed, nobody has left."""
    assert state_of([]) == State()


def test_state_at_an_earlier_entry_knows_no_later_undo() -> None:
    """What was undone afterwards still held then."""
    entries = [
        Entry(1, WHEN, "AB", Withdraw("M1")),
        Entry(2, moment(1), "AB", Undo(1)),
        Entry(3, moment(2), "AB", Capacity("M1", 2)),
    ]
    assert state_of(entries, 1).withdrawn == {"M1": 1}
    assert state_of(entries).withdrawn == {}
    assert state_of(entries).undone == {1}
    assert state_of(entries, 2).capacities == {}


def test_the_small_programme_has_what_these_tests_need(small: rmatch.Matching) -> None:
    """Pairs to move."""
    assert small.programme == small_programme()
    assert len(small.pairs) >= 2
