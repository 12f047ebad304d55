"""A second opinion on decisions: naive, in one piece, started again after every undo."""

from __future__ import annotations

from rmatch.rematching.decisions import Approve, Decision, Declared, Undo

LOOKS_BACK = {"line_manager"}
ONLY_WARNS = {"prior_relationship"}

UNDER_WAY = ("approved", "offered", "accepted", "active")

Pair = tuple[str, str]


class Oracle:
    """What is the case after decisions, kept in plain sets."""

    def __init__(self, proposed: list[Pair], mentors: set[str], mentees: set[str]) -> None:
        self.start = (proposed, set(mentors), set(mentees))
        # The first entry is the proposal.
        self.taken: list[tuple[Decision | None, str]] = []
        self._again()

    def _again(self) -> None:
        proposed, mentors, mentees = self.start
        self.sides = {**dict.fromkeys(mentors, "mentor"), **dict.fromkeys(mentees, "mentee")}
        self.pairs = dict.fromkeys(proposed, "proposed")
        self.ended: dict[Pair, str] = {}
        self.approvers: dict[Pair, set[str]] = {}
        self.asked: dict[Pair, set[str]] = {}
        self.said_yes: dict[Pair, set[str]] = {}
        self.kept: set[Pair] = set()
        self.forbidden: set[Pair] = set()
        self.conflicts: set[Pair] = set()
        self.withdrawn: set[str] = set()
        self.capacities: dict[str, int] = {}

    def tries(self, decision: Decision, who: str) -> bool:
        """Take the decision if it is legal, and say whether it was."""
        if isinstance(decision, Undo):
            return self._tries_undo(decision)
        if not self._takes(decision, who):
            return False
        if not self.taken:
            self.taken.append((None, who))
        self.taken.append((decision, who))
        return True

    def _tries_undo(self, undo: Undo) -> bool:
        place = undo.entry - 1
        if not self.taken or not 0 < place < len(self.taken):
            return False
        meant, who = self.taken[place]
        gone = {d.entry for d, _ in self.taken if isinstance(d, Undo)}
        if isinstance(meant, Undo) or undo.entry in gone:
            return False
        later = [
            d
            for k, (d, _) in enumerate(self.taken[place + 1 :], start=place + 2)
            if d is not None and k not in gone
        ]
        if meant is not None and meant.kind == "join" and _about(meant, later):
            return False
        self.taken.append((undo, who))
        if self._replays():
            return True
        self.taken.pop()
        self._replays()
        return False

    def _replays(self) -> bool:
        self._again()
        gone = {d.entry for d, _ in self.taken if isinstance(d, Undo)}
        return all(
            self._takes(decision, who, replaying=True)
            for number, (decision, who) in enumerate(self.taken, start=1)
            if decision is not None and not isinstance(decision, Undo) and number not in gone
        )

    def _takes(self, decision: Decision, who: str, *, replaying: bool = False) -> bool:
        kind = decision.kind
        if kind == "join":
            return self._joins(decision.person, decision.side)  # type: ignore[attr-defined]
        if not replaying and not self._is_known(decision):
            return False
        if kind == "withdraw":
            return self._withdraws(decision.people[0])
        if kind == "capacity":
            self.capacities[decision.people[0]] = decision.places  # type: ignore[attr-defined]
            return True
        pair = (decision.people[0], decision.people[1])
        special = {"keep": self._keeps, "forbid": self._forbids, "conflict": self._declares}
        if kind in special:
            return special[kind](pair, decision)
        state = self.pairs.get(pair)
        is_new = not replaying and kind == "approve" and state == "proposed"
        is_full = is_new and self._is_full(pair)
        return state is not None and not is_full and self._moves(pair, state, decision, who)

    def _is_full(self, pair: Pair) -> bool:
        """Somebody's places, as last decided, are all taken."""
        agreed = [one for one, state in self.pairs.items() if state in UNDER_WAY]
        return any(
            sum(person in one for one in agreed) >= self.capacities.get(person, 99)
            for person in pair
        )

    def _is_known(self, decision: Decision) -> bool:
        """Everybody is there, and the mentor of a pair a mentor."""
        sides = [self.sides.get(person) for person in decision.people]
        return None not in sides and (len(sides) == 1 or sides == ["mentor", "mentee"])

    def _keeps(self, pair: Pair, _: Decision) -> bool:
        failed = self.pairs.get(pair) == "declined" or self.ended.get(pair) == "conflict"
        if pair in self.kept or self._is_illegal(pair) or failed:
            return False
        self.kept.add(pair)
        return True

    def _forbids(self, pair: Pair, _: Decision) -> bool:
        if pair in self.forbidden | self.kept or self.pairs.get(pair) in UNDER_WAY:
            return False
        self.forbidden.add(pair)
        self._stop({pair}, "forbidden")
        return True

    def _declares(self, pair: Pair, decision: Decision) -> bool:
        assert isinstance(decision, Declared)
        past = decision.until is not None and decision.until.year < 2026
        if decision.rule in LOOKS_BACK or (decision.rule not in ONLY_WARNS and not past):
            self.conflicts.add(pair)
            self.kept.discard(pair)
            self._stop({pair}, "conflict")
        return True

    def _is_illegal(self, pair: Pair) -> bool:
        return pair in self.forbidden | self.conflicts or bool(set(pair) & self.withdrawn)

    def _stop(self, pairs: set[Pair], reason: str) -> None:
        for pair in pairs:
            state = self.pairs.get(pair)
            if state == "proposed":
                del self.pairs[pair]
            elif state in UNDER_WAY:
                self.pairs[pair] = "ended"
                self.ended[pair] = reason

    def _joins(self, person: str, side: str) -> bool:
        known = self.sides.get(person)
        if known and person not in self.withdrawn:
            return False
        self.sides[person] = side
        self.withdrawn.discard(person)
        return True

    def _withdraws(self, person: str) -> bool:
        if person in self.withdrawn:
            return False
        self.withdrawn.add(person)
        self.kept = {pair for pair in self.kept if person not in pair}
        self._stop({pair for pair in self.pairs if person in pair}, "withdrawn")
        return True

    def _moves(self, pair: Pair, state: str, decision: Decision, who: str) -> bool:
        new = self._state_after(pair, state, decision, who)
        if new is None:
            return False
        self.pairs[pair] = new
        if new in ("declined", "ended"):
            self.kept.discard(pair)
        if new == "ended":
            self.ended[pair] = decision.reason  # type: ignore[attr-defined]
        return True

    def _state_after(self, pair: Pair, state: str, decision: Decision, who: str) -> str | None:
        if isinstance(decision, Approve):
            return self._approved(pair, state, who)
        if decision.kind == "offer":
            return self._offered(pair, state, decision.to)  # type: ignore[attr-defined]
        if decision.kind in ("accept", "decline"):
            return self._answered(pair, state, decision)
        if decision.kind == "start":
            return "active" if state == "accepted" else None
        return "ended" if state in UNDER_WAY else None

    def _approved(self, pair: Pair, state: str, who: str) -> str | None:
        known = self.approvers.setdefault(pair, set())
        if state not in ("proposed", "approved") or self._is_illegal(pair) or who in known:
            return None
        known.add(who)
        return "approved"

    def _offered(self, pair: Pair, state: str, to: str) -> str | None:
        asked = self.asked.setdefault(pair, set())
        new = {"mentor", "mentee"} if to == "both" else {to}
        waits = state == "offered" and bool(asked - self.said_yes.get(pair, set()))
        if state not in ("approved", "offered") or waits or new & asked:
            return None
        asked |= new
        return "offered"

    def _answered(self, pair: Pair, state: str, decision: Decision) -> str | None:
        by = decision.by  # type: ignore[attr-defined]
        asked, yes = self.asked.get(pair, set()), self.said_yes.setdefault(pair, set())
        if decision.kind == "decline":
            return "declined" if state in ("offered", "accepted") and by in asked else None
        if state != "offered" or by not in asked - yes:
            return None
        yes.add(by)
        return "accepted" if len(yes) == 2 else "offered"


def _about(meant: Decision, later: list[Decision]) -> bool:
    return any(set(meant.people) & set(d.people) for d in later)
