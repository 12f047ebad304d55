"""A programme that lives: random decisions, rematches, saving and loading in any order."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import rmatch
from deciding import made, moment, run_machine, way_to_active
from rmatch.rematching.decisions import (
    Capacity,
    Decision,
    Declared,
    Decline,
    End,
    Forbid,
    Join,
    Keep,
    Undo,
    Withdraw,
)
from rmatch.rematching.ledger import read_ledger
from rmatch.rematching.replay import State
from rmatch.rematching.states import UNDER_WAY

MENTORS, MENTEES = ("M1", "M2", "M3", "M4"), ("S1", "S2", "S3")
LATE = ("M8", "S8")
mentors = st.sampled_from([*MENTORS, "M8"])
mentees = st.sampled_from([*MENTEES, "S8"])
people = st.sampled_from([*MENTORS, *MENTEES, *LATE])
sides = st.sampled_from(["mentor", "mentee"])

Pair = tuple[str, str]


def programme() -> rmatch.Programme:
    """Wishes that pull in different directions; one who has two places, one who is vetoed."""
    return rmatch.Programme(
        mentors=[
            {"id": "M1", "choices": [["S1"], ["S2"]]},
            {"id": "M2", "choices": [["S1"]], "vetoes": ["S3"]},
            {"id": "M3", "choices": [["S2"], ["S3"]], "carried_over": True},
            {"id": "M4"},
        ],
        mentees=[
            {"id": "S1", "capacity": 2, "choices": [["M2"], ["M1"]]},
            {"id": "S2", "choices": [["M3"]]},
            {"id": "S3", "choices": [["M1"], ["M4"]]},
        ],
        settings=rmatch.Settings(starts=date(2026, 9, 1), ends=date(2027, 7, 31)),
    )


def decided(state: State) -> list[Any]:
    """What a state comes to, whatever the numbers of its entries."""
    far = {pair: one.state for pair, one in state.pairs.items() if one.state != "proposed"}
    sets = (state.kept, state.forbidden, state.withdrawn)
    return [far, state.joined, state.capacities, *map(set, sets)]


class Living(RuleBasedStateMachine):
    """A run folder and the matching in it."""

    start: rmatch.Matching

    @initialize()
    def begin(self) -> None:
        """The first matching, saved."""
        self.home = tempfile.TemporaryDirectory()
        self.count = 0
        self.live: dict[int, State] = {}
        self.came: set[str] = set()
        self.matching = self.start
        self.folder = self.matching.save(Path(self.home.name) / "run-0")
        self.matching = rmatch.Matching.load(self.folder)

    def teardown(self) -> None:
        """Nothing is left."""
        self.home.cleanup()

    def attempt(self, decision: Decision, who: str = "AB") -> None:
        """Decide, if that can be decided from here."""
        when = moment(len(self.live))
        try:
            done = self.matching.record(self.folder, decision, who=who, when=when)
        except rmatch.DecisionError:
            return
        self.live[done.entry.number] = done.state
        self.came = set() if isinstance(decision, Undo) else self.came - set(done.state.withdrawn)

    @rule(mentor=mentors, mentee=mentees, kind=st.sampled_from([Keep, Forbid]))
    def keep_or_forbid(self, mentor: str, mentee: str, kind: type[Keep]) -> None:
        """A pair that is made, or not."""
        self.attempt(kind(mentor, mentee))

    @rule(which=st.integers(0, 5), steps=st.integers(1, 5), end=st.integers(0, 5))
    def go_far(self, which: int, steps: int, end: int) -> None:
        """A pair goes from step to step, and may be declined or end there."""
        if not self.matching.pairs:
            return
        chosen = self.matching.pairs[which % len(self.matching.pairs)]
        pair = (chosen.mentor, chosen.mentee)
        for step in way_to_active(*pair)[:steps]:
            self.attempt(step)
        last: dict[int, Decision] = {
            0: Decline(*pair, "mentee"),
            1: End(*pair, "concern"),
            2: End(*pair, "no_fault"),
        }
        if end in last:
            self.attempt(last[end])

    @rule(person=people, side=sides, does_leave=st.booleans())
    def leave_or_join(self, person: str, side: Any, *, does_leave: bool) -> None:
        """By the ledger alone."""
        self.attempt(Withdraw(person) if does_leave else Join(person, side))

    @rule(mentor=mentors, mentee=mentees, until=st.sampled_from([None, date(2020, 1, 1)]))
    def conflict(self, mentor: str, mentee: str, until: date | None) -> None:
        """One comes out, or one that is over."""
        self.attempt(Declared(mentor, mentee, "family", until))

    @rule(person=people, places=st.integers(0, 2))
    def capacity(self, person: str, places: int) -> None:
        """More or fewer places."""
        self.attempt(Capacity(person, places))

    @rule(back=st.integers(0, 3))
    def undo(self, back: int) -> None:
        """One of the last few entries."""
        numbers = sorted(self.live)
        if len(numbers) > back:
            self.attempt(Undo(numbers[-1 - back]))

    @rule()
    def load(self) -> None:
        """The same from the disk."""
        loaded = rmatch.Matching.load(self.folder)
        assert made(loaded) == made(self.matching)
        assert loaded.decided == self.matching.decided
        self.matching = loaded

    @rule(
        gone=st.lists(st.sampled_from([*MENTORS, *MENTEES]), max_size=1),
        forbid=st.lists(st.tuples(mentors, mentees), max_size=1),
        most=st.sampled_from([None, None, 0, 1]),
        late=st.lists(people, max_size=2, unique=True),
        does_save_over=st.booleans(),
        is_noted=st.booleans(),
    )
    def rematch(
        self,
        gone: list[str],
        forbid: list[Pair],
        most: int | None,
        late: list[str],
        *,
        does_save_over: bool,
        is_noted: bool,
    ) -> None:
        """Something happened as well; the new matching is saved over the run, or after it."""
        old, state = self.matching, self.matching.decided
        assert old.programme is not None
        assert not self.came & set(state.withdrawn)
        here = set(old.programme.by_id) - set(state.withdrawn)
        gone = [person for person in gone if person in here]
        joined: dict[str, list[Any]] = {
            side: [{"id": one} for one in late if one not in here and one in known]
            for side, known in (("mentors", (*MENTORS, "M8")), ("mentees", (*MENTEES, "S8")))
        }
        late = [one for one in late if one not in here]
        there = (here | set(late)) - set(gone)
        forbid = [pair for pair in forbid if set(pair) <= there]
        try:
            new = rmatch.rematch(
                old, withdrawn=gone, forbid=forbid, joined=joined, max_changes=most
            )
        except rmatch.InfeasibleError as error:
            self.check_limited(error, most)
            return
        except rmatch.DecisionError:
            assert {*forbid} & {*state.in_state(*UNDER_WAY), *state.kept}
            return
        self.check(old, new, state, forbid, most)
        assert new.programme is not None
        assert set(new.programme.by_id) == there
        known = new.decided
        if self.is_saved(new, is_over=does_save_over, is_noted=is_noted):
            assert not is_noted or decided(new.decided) == decided(known)
            assert not there & set(new.decided.withdrawn)
            # What the new matching proposes is known at once.
            if not is_noted:
                assert replace(new.decided, pairs={}) == replace(state, pairs={})
                for agreed in UNDER_WAY:
                    assert new.decided.in_state(agreed) == state.in_state(agreed)
                assert new.decided.failed == state.failed
            self.came = self.came - set(gone) | set(late)
            self.matching = new

    def is_saved(self, new: rmatch.Matching, *, is_over: bool, is_noted: bool) -> bool:
        """Over the run or after it; what the ledger refuses, or has to be told, changes nothing."""
        head = read_ledger(self.folder).head
        how: dict[str, Any] = {"who": "AB", "when": moment(len(self.live))} if is_noted else {}
        try:
            if is_over:
                new.save(self.folder, force=True, **how)
            else:
                after = Path(self.home.name) / f"run-{self.count + 1}"
                self.folder = new.save(after, after=self.folder, **how)
                self.count += 1
        except rmatch.DecisionError as error:
            if is_noted or not re.search("give when=", str(error)):
                raise
            assert read_ledger(self.folder).head == head
            return False
        return True

    def check(
        self,
        old: rmatch.Matching,
        new: rmatch.Matching,
        state: State,
        forbid: list[Pair],
        most: int | None,
    ) -> None:
        """Nothing illegal; no pair under way moved unless it must be, and then it is told."""
        assert new.programme is not None
        assert new.scores is not None
        assert new.verify().ok, new.verify()
        pairs, here = made(new), set(new.programme.by_id)
        for pair in pairs:
            assert not new.scores.why_excluded(*pair)
            assert pair not in state.failed | {*state.forbidden, *forbid}
            assert not set(pair) & set(new.decided.withdrawn)
        told = {notice.place.person for notice in new.programme.notices}
        for pair in state.in_state(*UNDER_WAY):
            if set(pair) <= here and pair not in pairs:
                assert " with ".join(pair) in told
                self.check_forced(new, pair, forbid)
        if most is not None:
            assert len(new.diff(old).broken) <= most

    @staticmethod
    def check_limited(error: rmatch.InfeasibleError, most: int | None) -> None:
        """Only a limit of changes can ask for too much."""
        assert most is not None
        assert "max_changes" in error.statements

    @staticmethod
    def check_forced(new: rmatch.Matching, pair: Pair, forbid: list[Pair]) -> None:
        """That a pair is not allowed any more, or has too few places."""
        assert new.programme is not None
        assert new.scores is not None
        partners = dict.fromkeys(pair, 0)
        for one in made(new):
            for person in set(one) & set(pair):
                partners[person] += 1
        is_full = any(partners[p] >= new.programme.by_id[p].capacity for p in pair)
        barred = pair in {*forbid, *new.programme.settings.must_not_pair}
        assert is_full or barred or new.scores.why_excluded(*pair)

    @invariant()
    def what_is_rebuilt_is_what_was(self) -> None:
        """At every entry, wherever the ledger has gone on since."""
        history = read_ledger(self.folder)
        for number, state in self.live.items():
            assert history.state_at(number) == state


@pytest.mark.usefixtures("_fast")
def test_a_living_programme_keeps_its_promises() -> None:
    """Whatever is decided, in whatever order."""
    Living.start = rmatch.solve(programme())
    run_machine(Living, 25)
