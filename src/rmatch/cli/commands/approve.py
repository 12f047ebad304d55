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
from rmatch.rematching.decisions import NOT_GIVEN, Approve
from rmatch.rematching.ledger import read_ledger
from rmatch.rematching.states import PairState


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
        pairs = [(mentor, mentee)] if mentor and mentee else _proposed(matching, run)
        left = [] if acknowledge or not every else [p for p in pairs if p in _asked(matching)]
        done = [
            recorded(matching, run, Approve(*pair, acknowledged=acknowledge, reason=reason), who)
            for pair in pairs
            if pair not in left
        ]
        if as_json:
            say_json({"approved": [document(one) for one in done], "left": left})
            return
        for one in done:
            say_recorded(one)
        if every:
            _sum_up(len(done), left)


def _proposed(matching: Matching, run: Path) -> list[tuple[str, str]]:
    """The pairs that nobody has approved yet."""
    known = read_ledger(run).state.pairs
    made = [(pair.mentor, pair.mentee) for pair in matching.pairs]
    return [pair for pair in made if pair not in known or known[pair].state is PairState.PROPOSED]


def _asked(matching: Matching) -> frozenset[tuple[str, str]]:
    """Pairs of which something could not be checked, either way round."""
    return frozenset(
        pair
        for question in matching.questions
        for partner in question.partners
        for pair in ((question.person, partner), (partner, question.person))
    )


def _sum_up(done: int, left: Sequence[tuple[str, str]]) -> None:
    say(f"{counted(done, 'pair')} approved.")
    if left:
        named = ", ".join(f"{mentor} with {mentee}" for mentor, mentee in left)
        note(
            f"Not approved, because rules could not be checked: {named}. Ask first (rmatch explain "
            "RUN --questions), or approve them with --acknowledge."
        )
