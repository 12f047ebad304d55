"""Templates filled in: checked first, tried on made-up people, then for everybody, in memory."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from rmatch.errors import InputError, Place, Problem
from rmatch.letters.checking import FILTERS, TESTS, faults_of
from rmatch.letters.growing import join, replace
from rmatch.letters.inert import inert_markdown
from rmatch.letters.sources import Kind, Source
from rmatch.letters.specimens import SPECIMENS
from rmatch.letters.view import ParticipantView, context_of


class Letters:
    """The templates of one programme, each known to ask for nothing that it may not have.

    Raises:
        InputError: everything wrong with any of them, with file and line.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        environment = _environment()
        self._templates: dict[Kind, Template] = {}
        problems: list[Problem] = []
        for source in sources:
            found, template = _opened(source, environment)
            problems += found
            if template is not None:
                self._templates[source.kind] = template
        problems = problems or list(self._tried())
        if problems:
            raise InputError(problems)

    def _tried(self) -> Iterator[Problem]:
        """What goes wrong for made-up people: one with every answer, one with none."""
        found: dict[tuple[str | None, int | None], Problem] = {}
        for view in SPECIMENS:
            problem = self._failure(view)
            if problem is not None:
                found.setdefault((problem.place.file, problem.place.line), problem)
        yield from found.values()

    def _failure(self, view: ParticipantView) -> Problem | None:
        template = self._templates[kind_of(view)]
        try:
            template.render(context_of(view))
        except Exception as error:  # whatever a template's own expressions end in
            return Problem(f"cannot be filled in: {error}", _place(template, error))
        return None

    def text(self, view: ParticipantView) -> str:
        """One participant's letter.

        Raises:
            InputError: their view is one that the template cannot be filled in with.
        """
        template = self._templates[kind_of(view)]
        try:
            return template.render(context_of(view))
        except Exception as error:  # not told: what was said may hold a person's own words
            place = _place(template, error, person=view.id)
            raise InputError([Problem("cannot be filled in for this person", place)]) from None


def kind_of(view: ParticipantView) -> Kind:
    """Which template a participant's letter is made from."""
    if view.matched:
        return "matched"
    return "unmatched" if view.offers_place else "no_place"


def _environment() -> ImmutableSandboxedEnvironment:
    """No loader, no globals, a few filters; whatever is filled in is made inert."""
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_filled,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # what is filled in is escaped by finalize, as Markdown
    )
    environment.globals = {}
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.filters |= {"join": join, "replace": replace}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def _filled(value: Any) -> str:
    """What ``{{ … }}`` writes.

    Raises:
        TypeError: no text and no number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        kind = "yes or no" if isinstance(value, bool) else "a list or a partner"
        raise TypeError(f"{{{{ … }}}} holds {kind}, which has no words of its own")
    return inert_markdown(str(value))


def _opened(
    source: Source, environment: ImmutableSandboxedEnvironment
) -> tuple[list[Problem], Template | None]:
    """What is wrong with a template; where nothing is, the template."""
    try:
        faults = faults_of(environment.parse(source.text, filename=source.file))
        if faults:
            return [_problem(source, fault.message, fault.line) for fault in faults], None
        code = environment.compile(source.text, name=source.file, filename=source.file)
    except TemplateSyntaxError as error:
        return [_problem(source, f"is no template: {error.message}", error.lineno)], None
    except (SyntaxError, RecursionError):
        return [_problem(source, "is nested too deeply", None)], None
    return [], Template.from_code(environment, code, environment.globals)


def _problem(source: Source, message: str, line: int | None) -> Problem:
    return Problem(message, Place(file=source.file, line=line))


def _place(template: Template, error: Exception, *, person: str | None = None) -> Place:
    """The line of the template that an error came from."""
    file = template.name
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    return Place(file=file, line=lines[-1] if lines else None, person=person)
