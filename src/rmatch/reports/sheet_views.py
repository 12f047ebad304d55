"""Which sheets one audience gets, made of its view and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rmatch.explaining.wording import counted
from rmatch.io.headings import column_letter
from rmatch.reports.sheets import (
    COUNT,
    POINTS,
    TEXT,
    Cell,
    Choices,
    Column,
    Rank,
    Sheet,
    filled,
)
from rmatch.reports.view import Card, PairDetail, PairView, PersonView, ReportView, SideDetail

PAIRS, UNMATCHED, WARNINGS, QUESTIONS = "Pairs", "Unmatched", "Warnings", "Questions"
SETTINGS, WHY, SCORES = "Settings", "Why", "Score array"

MENTOR, MENTEE = "Mentor", "Mentee"
"""The headings that ``rmatch.load_pairs`` reads; every other column is for reading only."""

_EDITING = (
    "To move people: {} in the column Mentee, clear it, or add a row. The columns "
    "Mentor and Mentee are read back, no other.",
    "Then ask what that costs or breaks: rmatch check THIS FILE --run RUN FOLDER",
)
_STARS = "Ranks: 1 is best; * is a choice they stated, the others follow from scores."


def sheets_of(view: ReportView) -> tuple[Sheet, ...]:
    """The sheets of a workbook, in their order; what the view does not hold has no sheet."""
    sheets = [_pairs(view), _unmatched(view), _warnings(view), _questions(view), _settings(view)]
    if any(pair.detail is not None and pair.detail.points for pair in view.pairs):
        sheets.append(_why(view))
    if view.scores is not None:
        sheets.append(_scores(view))
    return tuple(sheets)


# Pairs --------------------------------------------------------------------------------------------


def _pairs(view: ReportView) -> Sheet:
    columns = (
        Column(MENTOR, 10, TEXT, stays=True),
        Column("Mentor's name", 18),
        Column(MENTEE, 10, TEXT, stays=True),
        Column("Mentee's name", 18),
        Column("Score", 8, POINTS if view.for_people else COUNT),
        Column("Mentor's rank", 9, COUNT),
        Column("Mentee's rank", 9, COUNT),
        Column("About the mentor", 27),
        Column("About the mentee", 27),
        Column("What speaks for them", 28),
        Column("To be looked at", 24),
        Column("To be asked first", 34),
    )
    rows = [_pair_row(pair) for pair in view.pairs]
    if view.audience == "coordinator":
        rows += [_open_row(one) for one in view.unmatched if one.side == "mentor"]
    kept, cells = filled(columns, rows)
    at = [column.heading for column in kept].index(MENTEE)
    moved = "write another mentee's id" if view.left_out else "pick another mentee"
    notes = [one.format(moved) for one in _EDITING] if view.audience == "coordinator" else []
    if any(pair.detail is not None for pair in view.pairs):
        notes = [_STARS, *notes]
    return Sheet(
        PAIRS,
        kept,
        cells,
        notes=tuple(notes),
        held=at + 1,
        choices=_mentees(view, at),
    )


def _mentees(view: ReportView, column: int) -> Choices | None:
    """A drop-down of the mentees, from the heads of the score array, for whoever has that."""
    if view.scores is None or not view.scores.mentees:
        return None
    last = column_letter(len(view.scores.mentees))
    return Choices(column, f"'{SCORES}'!$B$1:${last}$1", "a mentee")


def _pair_row(pair: PairView) -> tuple[Cell, ...]:
    detail = pair.detail
    return (
        pair.mentor.id,
        pair.mentor.name,
        pair.mentee.id,
        pair.mentee.name,
        None if detail is None else detail.score,
        None if detail is None else _rank(detail.mentor),
        None if detail is None else _rank(detail.mentee),
        about(pair.mentor),
        about(pair.mentee),
        _lines(pair.reasons),
        _lines((*pair.warnings, *pair.waived)),
        _lines(pair.questions),
    )


def _open_row(person: PersonView) -> tuple[Cell, ...]:
    """A mentor without a partner, for whom one can be picked."""
    card = person.card
    return (card.id, card.name, *[None] * 5, about(card), *[None] * 4)


def _rank(side: SideDetail) -> Rank:
    return Rank(side.rank, side.is_stated)


def about(card: Card) -> str:
    """What is known of somebody, a line each."""
    return _lines(part for part in (card.role, card.specialty, card.region, card.employer) if part)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


# Who and what else --------------------------------------------------------------------------------


def _unmatched(view: ReportView) -> Sheet:
    columns = (
        Column("Person", 10, TEXT, stays=True),
        Column("Name", 20),
        Column("Side", 9, stays=True),
        Column("About them", 30),
        Column("Why they have no partner", 80, stays=True),
        Column("What would give them one", 60),
    )
    rows = [
        (
            one.card.id,
            one.card.name,
            one.side,
            about(one.card),
            _lines(one.lines),
            _lines(line.removeprefix("- ") for line in one.fixes),
        )
        for one in view.unmatched
    ]
    kept, cells = filled(columns, rows)
    notes = () if cells else ("Everybody has a partner.",)
    return Sheet(UNMATCHED, kept, cells, notes=notes, held=1)


def _warnings(view: ReportView) -> Sheet:
    columns = (
        Column("What", 22, stays=True),
        Column("Rule", 60),
        Column("Code", 24),
        Column(MENTOR, 10, TEXT, stays=True),
        Column(MENTEE, 10, TEXT, stays=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for what, rules in (("To be looked at", view.warnings), ("Waived", view.waived)):
        rows += [(what, rule.text, rule.code, *pair) for rule in rules for pair in rule.pairs]
    noun = view.blocking_words[:1].upper() + view.blocking_words[1:]
    rows += [(noun, _BLOCKS, "", *pair) for pair in view.blocking or ()]
    kept, cells = filled(columns, rows)
    notes = [] if cells else ["Nothing was flagged."]
    if view.blocking is None and view.blocking_count:
        verb = "is" if view.blocking_count == 1 else "are"
        count = counted(view.blocking_count, view.blocking_words)
        notes.append(f"Besides, there {verb} {count}.")
    return Sheet(WARNINGS, kept, cells, notes=tuple(notes))


_BLOCKS = "Not paired with each other, and would not refuse each other"


def _questions(view: ReportView) -> Sheet:
    columns = (
        Column("Person", 10, TEXT, stays=True),
        Column("Question", 70),
        Column("Rule", 28, stays=True),
        Column("Pairs with", 18, TEXT, stays=True),
        Column("Answer", 34, stays=True),
    )
    rows = [
        (one.person, one.text, one.rule, ", ".join(one.partners), None) for one in view.questions
    ]
    kept, cells = filled(columns, rows)
    notes = () if cells else ("Nothing has to be asked.",)
    return Sheet(QUESTIONS, kept, cells, notes=notes, held=1)


def _settings(view: ReportView) -> Sheet:
    columns = (Column("Part", 24), Column("What", 66), Column("Value", 60))
    return Sheet(SETTINGS, columns, tuple(_setting_rows(view)))


def _setting_rows(view: ReportView) -> Iterator[tuple[Cell, ...]]:
    yield "Result", view.headline, None
    if view.programme:
        yield "Programme", view.programme, None
    for section in view.summary:
        if not section.items:  # the aims are told with what they came to
            yield from ((section.heading, line, None) for line in section.lines)
    for number, level in enumerate(view.levels, start=1):
        yield f"Aim {number}", level.goal, _lines(filter(None, (level.value, level.proof)))
    for row in view.settings:
        yield row.kind, row.name, row.value
    yield "Made with", "rmatch", view.version
    yield "Made with", "Seed of the draw between equals", str(view.seed)
    if view.strategy:
        yield "Made with", "Strategy", view.strategy
    if view.left_out:
        yield "Left out", f"{view.left_out}, so there is no sheet of all scores.", None
    if view.input_hash:
        yield "Made with", "Keyed hash of the input", view.input_hash
    for line in view.audit.lines[1:]:
        yield "Audit", line, None


# The coordinator's --------------------------------------------------------------------------------


def _why(view: ReportView) -> Sheet:
    names = list(dict.fromkeys(name for pair in view.pairs for name in _points(pair)))
    columns = (
        Column(MENTOR, 10, TEXT, stays=True),
        Column(MENTEE, 10, TEXT, stays=True),
        Column("Score", 8, POINTS),
        *(Column(name, 11, POINTS) for name in names),
        Column("Mentor's side", 9, POINTS),
        Column("Mentee's side", 9, POINTS),
        Column("In words, for the mentor", 52),
        Column("In words, for the mentee", 52),
    )
    details = [(pair, pair.detail) for pair in view.pairs]
    rows = [_why_row(pair, one, names) for pair, one in details if one is not None]
    return Sheet(
        WHY,
        columns,
        tuple(rows),
        notes=("The points by criterion add up to the score, but for rounding.",),
        held=2,
        shaded=tuple(range(3, 3 + len(names))),
    )


def _points(pair: PairView) -> dict[str, float]:
    return {} if pair.detail is None else dict(pair.detail.points)


def _why_row(pair: PairView, detail: PairDetail, names: Sequence[str]) -> tuple[Cell, ...]:
    points = dict(detail.points)
    return (
        pair.mentor.id,
        pair.mentee.id,
        detail.score,
        *(points.get(name) for name in names),
        detail.mentor.score,
        detail.mentee.score,
        _lines(detail.mentor.lines),
        _lines(detail.mentee.lines),
    )


def _scores(view: ReportView) -> Sheet:
    array = view.scores
    assert array is not None  # noqa: S101 - asked before
    rows = {person: k for k, person in enumerate(array.mentors)}
    columns = {person: k for k, person in enumerate(array.mentees, start=1)}
    number = POINTS if view.for_people else COUNT
    return Sheet(
        SCORES,
        (
            Column("Mentor", 10, TEXT, stays=True),
            *(Column(one, 7, number) for one in array.mentees),
        ),
        tuple((mentor, *row) for mentor, row in zip(array.mentors, array.scores, strict=True)),
        notes=("Bold in a border: a proposed pair. Hatched: not allowed. Darker: a higher score.",),
        held=1,
        shaded=tuple(columns.values()),
        framed=frozenset((rows[p.mentor.id], columns[p.mentee.id]) for p in view.pairs),
        hatched=True,
        is_table=False,
    )
