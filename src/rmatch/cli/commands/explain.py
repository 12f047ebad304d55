"""``rmatch explain``: why somebody has the partner they have, or none."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.cohort import tell_notices
from rmatch.cli.failures import failures_told, refuse_call
from rmatch.cli.listing import list_json, show_list
from rmatch.cli.options import AsJson
from rmatch.cli.output import page_width, say, say_json, say_line
from rmatch.cli.progress import progress
from rmatch.cli.result_json import questions_json, unmatched_json, why_not_json
from rmatch.errors import RunFolderError, UnknownPersonError
from rmatch.explaining.explanation import Explanation
from rmatch.explaining.seconds import EXPLAIN_SECONDS
from rmatch.explaining.why_not import Reason, WhyNot
from rmatch.explaining.wording import counted
from rmatch.matching import Matching
from rmatch.reporting.summary import merged, questions_text


class Audience(StrEnum):
    """For whom the words are."""

    COORDINATOR = "coordinator"
    PANEL = "panel"
    PARTICIPANT = "participant"
    AUDITOR = "auditor"


def explain(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    person: Annotated[
        str | None,
        typer.Argument(
            metavar="PERSON", show_default=False, help="Their id; without it, the list of pairs."
        ),
    ] = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="OTHER", show_default=False, help="Somebody else's id: why, or why not, these."
        ),
    ] = None,
    *,
    audience: Annotated[
        Audience,
        typer.Option(help="Who will read it: what they may not see is left out."),
    ] = Audience.COORDINATOR,
    reveal: Annotated[
        bool,
        typer.Option(
            "--reveal", help="For the coordinator: call vetoes and confidential rules by name."
        ),
    ] = False,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="Explain everybody without a partner.")
    ] = False,
    questions: Annotated[
        bool, typer.Option("--questions", help="List everything that has to be asked.")
    ] = False,
    time_limit: Annotated[
        float,
        typer.Option(
            metavar="SECONDS",
            min=0.0,
            help="For each person without a partner to find out why, and what would help; for "
            "two people to find out why not.",
        ),
    ] = EXPLAIN_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Say why somebody has the partner they have, or none; of two people, why or why not."""
    _check_call(person, audience, reveal=reveal, unmatched=unmatched, questions=questions)
    with failures_told(as_json=as_json):
        matching = load_run(run)
        _check_has_people(matching, audience)
        if questions:
            _tell_questions(matching, as_json=as_json)
        elif person is not None and other is not None:
            both = found(matching, person, audience), found(matching, other, audience)
            _check_two_sides(matching, both, (person, other))
            asked = matching.why_not(*both, audience.value, reveal=reveal, time_limit=time_limit)
            _tell_pair(matching, asked, audience.value, as_json=as_json)
        elif person is None and not unmatched:
            _tell_list(matching, audience.value, run, as_json=as_json)
        else:
            ids = matching.unmatched if person is None else (found(matching, person, audience),)
            with progress("Explaining", quiet=as_json):
                told = [
                    matching.explain(one, audience.value, reveal=reveal, time_limit=time_limit)
                    for one in ids
                ]
            if audience is Audience.AUDITOR:
                # In the order of the programme, the place alone would say who it is.
                told.sort(key=lambda one: one.id)
            _tell(told, as_json=as_json)


def _check_call(
    person: str | None, audience: Audience, *, reveal: bool, unmatched: bool, questions: bool
) -> None:
    if sum((person is not None, unmatched, questions)) > 1:
        refuse_call("Give one of PERSON (and OTHER), --unmatched and --questions.")
    if audience is not Audience.COORDINATOR and (reveal or questions):
        option = "--reveal" if reveal else "--questions"
        refuse_call(f"{option} is for the coordinator alone.")
    if audience is Audience.PARTICIPANT and person is None and not unmatched:
        refuse_call("A participant reads about themself alone: give PERSON.")


def _check_has_people(matching: Matching, audience: Audience) -> None:
    if matching.programme is None and audience is Audience.PARTICIPANT:
        raise RunFolderError("this run was made without people, so there is no participant's view")


def load_run(folder: Path) -> Matching:
    """Read a run folder.

    Raises:
        RunFolderError: it cannot be read, or was made with criteria that only Python knows.
    """
    try:
        matching = Matching.load(folder)
    except ValueError as error:
        raise RunFolderError(f"{folder}: {error}; load it in Python") from None
    if matching.programme is not None:
        tell_notices(matching.programme)
    return matching


def found(matching: Matching, person: str, audience: Audience) -> str:
    """The id that is meant: in any case, and for an auditor by pseudonym as well.

    Raises:
        UnknownPersonError: nobody has it.
    """
    known = {name.casefold(): name for name in matching.pseudonyms.names}
    if audience is Audience.AUDITOR:
        known |= {alias: name for name, alias in matching.pseudonyms.names.items()}
    if person in matching.pseudonyms.names:
        return person
    if person.casefold() in known:
        return known[person.casefold()]
    # Whoever may not read of others is not told what others are called.
    open_to = (Audience.COORDINATOR, Audience.PANEL)
    near = get_close_matches(person.casefold(), known, n=2) if audience in open_to else []
    hint = f" (did you mean {' or '.join(known[name] for name in near)}?)" if near else ""
    raise UnknownPersonError(f"nobody in this run has the id {person}{hint}")


def _check_two_sides(matching: Matching, both: tuple[str, str], given: tuple[str, str]) -> None:
    """Refuse two people who could never be a pair, in the words that they were asked for by.

    Raises:
        UnknownPersonError: they are on one side, or one person.
    """
    if both[0] == both[1]:
        raise UnknownPersonError(f"{given[0]} and {given[1]} are the same person")
    if len(set(both) & set(matching.instance.mentor_ids)) != 1:
        # Not by their ids: an auditor asks by pseudonym and is to learn no other name.
        raise UnknownPersonError(f"{given[0]} and {given[1]} are on the same side")


def _tell(told: list[Explanation], *, as_json: bool) -> None:
    if as_json:
        say_json({"explanations": [_document(one) for one in told]})
    elif told:
        say("\n\n".join(one.text for one in told))
        if any(_was_cut_short(one) for one in told):
            say("\nGive more time with --time-limit SECONDS.")
    else:
        say("Everybody has a partner.")


def _was_cut_short(told: Explanation) -> bool:
    """Whether changes were left untried."""
    smallest = None if told.facts is None else told.facts.smallest
    return smallest is not None and not smallest.complete


def _tell_pair(matching: Matching, told: WhyNot, audience: str, *, as_json: bool) -> None:
    """Why two people are matched with each other, or why not."""
    text = str(told)
    if told.reason is Reason.MATCHED and audience == Audience.COORDINATOR.value:
        text = str(matching.why(told.mentor, told.mentee))
    if as_json:
        say_json({"pair": {**why_not_json(told, audience), "audience": audience, "text": text}})
    else:
        say(text)


def _document(told: Explanation) -> dict[str, Any]:
    content = {"person": told.id, "audience": told.audience, "text": told.text}
    return content if told.facts is None else content | unmatched_json(told.facts)


def _tell_list(matching: Matching, audience: str, run: Path, *, as_json: bool) -> None:
    if as_json:
        say_json({"audience": audience, **list_json(matching, audience)})
        return
    show_list(matching, audience)
    if audience == Audience.COORDINATOR.value:
        asked = counted(len(merged(matching.questions)), "question")
        say(f"\nWhy somebody has their partner, and the {asked} to ask:")
        say_line(f"rmatch explain {run} ID")
        say_line(f"rmatch explain {run} --questions")


def _tell_questions(matching: Matching, *, as_json: bool) -> None:
    questions = matching.questions
    if as_json:
        say_json({"questions": questions_json(questions)})
    elif questions:
        say(
            f"{counted(len(merged(questions)), 'question')} to ask before these pairs are approved:"
        )
        say(questions_text(questions, width=page_width()))
    else:
        say("There is nothing to ask.")
