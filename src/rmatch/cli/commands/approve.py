"""``rmatch approve``: approve one pair of a run, or all that are proposed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.commands.record import document, recorded, say_recorded
from rmatch.cli.failures import failures_told, refuse_call
from rmatch.cli.options import AsJson, Reason, Who
from rmatch.cli.output import note, say, say_json
from rmatch.explaining.wording import counted
from rmatch.matching import Matching
from rmatch.rematching.decisions import Approve
from rmatch.rematching.ledger import Recorded
from rmatch.rematching.replay import full
from rmatch.rematching.states import UNDER_WAY, PairState
from rmatch.run_folder import NOT_GIVEN


def approve(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    mentor: Annotated[
        str | None, typer.Argument(metavar="MENTOR", show_default=False, help="Their id.")
    ] = None,
    mentee: Annotated[
        str | None, typer.Argument(metavar="MENTEE", show_default=False, help="Their id.")
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Every pair that is proposed and not approved yet.")
    ] = False,
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="Though some rules could not be checked.")
    ] = False,
    who: Who = NOT_GIVEN,
    reason: Reason = NOT_GIVEN,
    as_json: AsJson = False,
) -> None:
    """Approve a pair, so that a rematch keeps it; the same as `rmatch record RUN approve`.

    For example: rmatch approve RUN M01 S04 --who AB
    """
    if (mentor is not None and mentee is not None) == every or (mentor is None) != (mentee is None):
        refuse_call("Give MENTOR and MENTEE, or --all.")
    with failures_told(as_json=as_json):
        matching = load_run(run)
        pairs = [(mentor, mentee)] if mentor and mentee else _proposed(matching)
        left = [] if acknowledge or not every else [p for p in pairs if p in _asked(matching)]
        done: list[Recorded] = []
        crowded: list[tuple[str, str]] = []
        for pair in pairs:
            if every and full(done[-1].state if done else matching.decided, pair):
                crowded.append(pair)
            elif pair not in left:
                decision = Approve(*pair, acknowledged=acknowledge, reason=reason)
                done.append(recorded(matching, run, decision, who))
        if as_json:
            say_json({"approved": [document(one) for one in done], "left": [*left, *crowded]})
            return
        for one in done:
            say_recorded(one)
        if every:
            _sum_up(len(done), left, crowded, _called_off(matching))


def _proposed(matching: Matching) -> list[tuple[str, str]]:
    """The pairs that nobody has approved yet, and that may be."""
    state = matching.decided
    if not state.number:  # nothing was decided, nor written down as proposed
        return _made(matching)
    return [pair for pair in _made(matching) if pair in state.in_state(PairState.PROPOSED)]


def _called_off(matching: Matching) -> list[tuple[str, str]]:
    """Pairs of the matching that are over, or may not be made any more."""
    state = matching.decided
    if not state.number:
        return []
    still = state.in_state(PairState.PROPOSED, *UNDER_WAY)
    return [pair for pair in _made(matching) if pair not in still]


def _made(matching: Matching) -> list[tuple[str, str]]:
    return [(pair.mentor, pair.mentee) for pair in matching.pairs]


def _asked(matching: Matching) -> frozenset[tuple[str, str]]:
    """Pairs of which something could not be checked, either way round."""
    return frozenset(
        pair
        for question in matching.questions
        for partner in question.partners
        for pair in ((question.person, partner), (partner, question.person))
    )


def _sum_up(
    done: int,
    left: Sequence[tuple[str, str]],
    crowded: Sequence[tuple[str, str]],
    called_off: Sequence[tuple[str, str]],
) -> None:
    say(f"{counted(done, 'pair')} approved.")
    if left:
        note(
            f"Not approved, because rules could not be checked: {_named(left)}. Ask first (rmatch "
            "explain RUN --questions), or approve them with --acknowledge."
        )
    if crowded:
        note(
            f"Not approved, because one of them has no place left: {_named(crowded)}. rmatch "
            "rematch RUN finds somebody else."
        )
    if called_off:
        note(
            "Not approved, because they are over or may not be made any more: "
            f"{_named(called_off)}. rmatch rematch RUN finds somebody else."
        )


def _named(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{mentor} with {mentee}" for mentor, mentee in pairs)
