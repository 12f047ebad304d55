"""``rmatch check``: everything that is wrong with a cohort, or what edited pairs break and cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

import rmatch
from rmatch.cli.cohort import Cohort
from rmatch.cli.edited import Edited, run_of, tell
from rmatch.cli.exclusions import Exclusions, exclusions
from rmatch.cli.failures import FAILED, LEFT_OUT, failures_told, refuse_call, values_left_out
from rmatch.cli.options import AsJson, Choices, Columns, Force, Mentees, Mentors
from rmatch.cli.output import say, say_json, say_line
from rmatch.cli.problems import notices_json, problems_text
from rmatch.cli.progress import progress
from rmatch.cli.result_text import side_text
from rmatch.cli.since import changes_json, earlier, say_changes
from rmatch.errors import InputError
from rmatch.explaining.rule_words import rule_label
from rmatch.explaining.wording import counted
from rmatch.programme import Programme

Counts = dict[str, int]


def check(
    cohort: Annotated[
        Path | None,
        typer.Argument(
            metavar="COHORT|PAIRS",
            show_default=False,
            help="A cohort: workbook (.xlsx), folder of CSV files, or .json. Or pairs of a run "
            "that you edited: its workbook, or pairs.csv.",
        ),
    ] = None,
    *,
    mentors: Mentors = None,
    mentees: Mentees = None,
    choices: Choices = None,
    columns: Columns = None,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Show what was read, names and choices included."),
    ] = False,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="OLD",
            show_default=False,
            help="Also say who and what is different from this earlier cohort or run.",
        ),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="The run that PAIRS were edited from; not needed where they lie in its folder.",
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="Keep PAIRS as a run of their own, if nothing is broken.",
        ),
    ] = None,
    force: Force = False,
    names: Annotated[
        bool, typer.Option("--names", help="With PAIRS: show names beside the ids.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List everything that is wrong with a cohort, or say what each move of edited pairs breaks.

    Pairs nobody. When nothing is wrong with a cohort, says how many pairs each rule excludes.

    What has sheets Mentors and Mentees, or is a folder or .json, is a cohort. What has a sheet
    Pairs instead, or is one table with the headings mentor and mentee, is pairs: each move is told
    with what it breaks and costs, and the exit code is 1 where something is broken.
    """
    with (
        failures_told(as_json=as_json, show_values=show_values),
        _as_results(as_json=as_json, show_values=show_values),
    ):
        edited_from = run_of(cohort, run)
        if edited_from is not None and cohort is not None:
            if mentors or mentees or choices or columns or since:
                refuse_call("PAIRS are checked on their own, without tables of people and --since.")
            pairs = Edited(cohort, edited_from, save, force, names)
            told = pairs.read()
            tell(pairs, told, pairs.save(told, quiet=as_json), as_json=as_json)
            return
        if save is not None:
            refuse_call("--save keeps edited pairs; a cohort has none.")
        given = Cohort(cohort, mentors, mentees, choices, columns)
        programme = given.load()
        changes = None if since is None else programme.changes_since(earlier(since))
        with progress("Scoring"):
            left = exclusions(rmatch.score(programme))
        if as_json:
            document = _document(programme, left, show_values=show_values)
            say_json(document if changes is None else document | {"changes": changes_json(changes)})
        else:
            _say_all_well(given, programme, left, show_values=show_values)
            if since is not None and changes is not None:
                say_changes(changes, since)
            _say_next(given, programme)


@contextmanager
def _as_results(*, as_json: bool, show_values: bool) -> Iterator[None]:
    """Here what is wrong with the input is the result, so it goes to stdout."""
    try:
        yield
    except InputError as error:
        if as_json:
            raise
        _say_problems(error, show_values=show_values)
        raise typer.Exit(FAILED) from None


def _say_problems(error: InputError, *, show_values: bool) -> None:
    """The problems, then what was noticed."""
    say(f"{counted(len(error.problems), 'problem')} to put right\n")
    say(problems_text(error.problems, show_values=show_values))
    if error.notices:
        say(f"\n{counted(len(error.notices), 'notice')} (nothing has to be done)\n")
        say(problems_text(error.notices, show_values=show_values))
    if values_left_out(error.problems) and not show_values:
        say(f"\n{LEFT_OUT}")


def _say_all_well(
    given: Cohort, programme: Programme, left: Exclusions, *, show_values: bool
) -> None:
    say(f"{given.first_file}: nothing to put right\n")
    if programme.notices:
        say(f"{counted(len(programme.notices), 'notice')} (nothing has to be done)\n")
        say(f"{problems_text(programme.notices, show_values=show_values)}\n")
    say(_people_text(programme))
    say(_exclusions_text(left))


def _say_next(given: Cohort, programme: Programme) -> None:
    if given.key_file is not None:
        say("\nWho was given which id (keep it private):")
        say_line(str(given.key_file))
    if not (programme.mentors and programme.mentees):
        say("\nNext: fill in the mentors and the mentees, and check again.")
        return
    say("\nNext (what cannot be checked for want of facts is asked once pairs are made):")
    say_line(f"rmatch solve {given.source or '… (with the same options)'}")


def _people_text(programme: Programme) -> str:
    counts = _counts(programme)
    lines = [
        f"{side_text('mentor', programme.mentors)}, {side_text('mentee', programme.mentees)}",
        f"{counted(counts['conflicts'], 'conflict')} and "
        f"{counted(counts['history'], 'earlier pair')} on record",
        f"{counted(counts['choices'], 'person', 'people')} with choices, "
        f"{counts['carried_over']} carried over",
        *([f"{counted(counts['waivers'], 'waiver')} stated"] if counts["waivers"] else ()),
        *([_dormant_text(counts["dormant"])] if counts["dormant"] else ()),
    ]
    return "\n".join(lines)


def _dormant_text(count: int) -> str:
    return f"{counted(count, 'conflict')} with people who are not here, kept until both are"


def _counts(programme: Programme) -> Counts:
    people = list(programme.people)
    return {
        "mentors": len(programme.mentors),
        "mentees": len(programme.mentees),
        "mentor_places": sum(person.capacity for person in programme.mentors),
        "mentee_places": sum(person.capacity for person in programme.mentees),
        "conflicts": len(programme.conflicts),
        "history": len(programme.history),
        "choices": sum(bool(person.choices) for person in people),
        "carried_over": sum(person.carried_over for person in people),
        "waivers": len(programme.settings.waivers),
        "dormant": len(programme.dormant),
    }


def _exclusions_text(left: Exclusions) -> str:
    lines = [_counted_text(left)]
    width = max((len(str(count)) for count in left.by_rule.values()), default=0)
    lines += [
        f"  {count:>{width}}: {rule_label(code)} ({code})" for code, count in left.by_rule.items()
    ]
    if left.without_anyone:
        lines.append(f"Nobody is allowed for: {', '.join(left.without_anyone)}")
    elif left.possible:
        lines.append("Everybody has at least one possible partner.")
    return "\n".join(lines)


def _counted_text(left: Exclusions) -> str:
    if left.allowed is None:
        return (
            f"\n{counted(left.possible, 'possible pair')}: only each person's best candidates were "
            "looked at, so those excluded are not counted"
        )
    excluded = left.possible - left.allowed
    line = f"\n{left.allowed} of {counted(left.possible, 'possible pair')} allowed"
    return f"{line}; {excluded} excluded (some by several rules):" if excluded else line


def _document(programme: Programme, left: Exclusions, *, show_values: bool) -> dict[str, Any]:
    return {
        "ok": True,
        "notices": notices_json(programme.notices, show_values=show_values),
        "counts": _counts(programme),
        "pairs": {
            "possible": left.possible,
            "allowed": left.allowed,
            "excluded_by": dict(left.by_rule),
        },
        "nobody_allowed_for": list(left.without_anyone),
    }
