"""What one audience sees of a matching, as plain records: nothing else reaches a report.

Whatever an audience may not see is ``None`` or empty here, so that no page and no sheet can show it
or keep it hidden. All texts are words as they are to be read; whoever writes a file escapes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rmatch.explaining.explanation import Audience


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody, as they stand in a report; ``""`` where nothing is known or may be shown.

    Attributes:
        id: Their id, or their pseudonym for an auditor.
        name: Their name, where names were asked for.
        role: The roles they hold, or their grade.
        specialty: In words.
        region: In words.
        employer: As they wrote it; for the coordinator.
    """

    id: str
    name: str = field(default="", repr=False)
    role: str = ""
    specialty: str = ""
    region: str = ""
    employer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion on one side: points of that side's 100.

    ``best`` and ``median`` are what the best and the median alternative would give; ``None``
    without one. Where it is not stated, the points are this criterion's average.
    """

    name: str
    points: float
    best: float | None
    median: float | None
    is_stated: bool


@dataclass(frozen=True, slots=True)
class SideDetail:
    """One side of a pair, for the coordinator (an auditor: without criteria and lines)."""

    person: str
    score: float
    rank: int
    is_stated: bool
    criteria: tuple[CriterionRow, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairDetail:
    """The score of a pair and where it came from; ``points`` by criterion add up to it."""

    score: float
    mentor: SideDetail
    mentee: SideDetail
    points: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PairView:
    """One pair. ``warnings``, ``waived`` and ``questions`` are sentences, or codes for an auditor.

    ``detail`` is ``None`` for a panel.
    """

    mentor: Card
    mentee: Card
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    waived: tuple[str, ...]
    questions: tuple[str, ...]
    detail: PairDetail | None = None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody without a partner: why, and (for the coordinator) what would give them one.

    A line that is indented belongs to the one before it.
    """

    card: Card
    side: str
    lines: tuple[str, ...]
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that made pairs break, or that was waived for them."""

    code: str
    text: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """What to ask whom before the pairs with ``partners`` are approved."""

    person: str
    text: str
    rule: str
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the summary: a heading, sentences, and (under the last of them) an ordered list."""

    heading: str
    lines: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting in words: what kind it is, its name, its value."""

    kind: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One objective: what it asks for, what it came to, and how that is known.

    ``value`` is ``""`` where it means nothing, or may not be shown.
    """

    name: str
    goal: str
    value: str
    is_proved: bool
    proof: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """The outcome of ``matching.verify()``."""

    is_ok: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreArray:
    """The score of every mentor (row) with every mentee (column); ``None``: not allowed."""

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    scores: tuple[tuple[float | None, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Explorer:
    r"""Why not, for every mentor and mentee, in sentences that stand once each.

    In a sentence ``\x01`` is the mentor, ``\x02`` the mentee, ``\x03`` what the person in question
    holds and ``\x04`` the pair's score.

    Attributes:
        mentors: The mentors, in the order of rows.
        mentees: The mentees, in the order of columns.
        sentences: Every sentence that is needed.
        held: Per mentor, then per mentee: with whom their places are filled; ``""`` where free.
        answers: Row by row, what to say of each pair: positions of sentences, in order; of one that
            has ``\x03`` the position is given as ``-1 - position`` where it is about the mentee.
        points: Row by row, what each pair scores or would have scored; ``None`` where unknown.
        exact: For how many pairs the exact reason is given, of those neither made nor excluded.
        asked: How many those are.
    """

    mentors: tuple[Card, ...]
    mentees: tuple[Card, ...]
    sentences: tuple[str, ...]
    held: tuple[tuple[str, ...], tuple[str, ...]]
    answers: tuple[tuple[int, ...], ...]
    points: tuple[float | None, ...]
    exact: int
    asked: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """A matching as one audience may see it.

    Attributes:
        audience: Who reads it.
        for_people: Whether scores are 0–100; else they are the integers of an instance.
        title: Of the report.
        programme: The programme's dates in a sentence; ``""`` where they are not set.
        headline: The result in one sentence.
        is_proved: Whether every level is proved.
        summary: What was asked, what came out, what is proved, what needs a person's eye.
        pairs: In the order of the mentors; for an auditor, of the pseudonyms.
        unmatched: People without a partner, mentors first.
        blocking_count: How many blocking pairs there are.
        blocking: The blocking pairs; ``None`` for a panel, since a pair tells preferences.
        blocking_words: What blocking means here.
        warnings: Rules that made pairs break.
        waived: Rules that were waived for made pairs.
        questions: Hard rules that could not be checked.
        settings: How the programme is matched.
        levels: The objectives in order.
        audit: What the separate audit says.
        version: Of rmatch.
        seed: Of the draw between equals.
        strategy: The strategy, or ``""`` where objectives were given.
        input_hash: The keyed hash of the input, as run.json has it; for an auditor.
        scores: Every pair's score; for the coordinator.
        explorer: Why not, for every pair; for the coordinator.
        left_out: Why there are no scores and no explorer, for the coordinator; else ``""``.
    """

    audience: Audience
    for_people: bool
    title: str
    programme: str
    headline: str
    is_proved: bool
    summary: tuple[Section, ...]
    pairs: tuple[PairView, ...]
    unmatched: tuple[PersonView, ...]
    blocking_count: int
    blocking: tuple[tuple[str, str], ...] | None
    blocking_words: str
    warnings: tuple[RuleView, ...]
    waived: tuple[RuleView, ...]
    questions: tuple[QuestionView, ...]
    settings: tuple[SettingRow, ...]
    levels: tuple[LevelRow, ...]
    audit: AuditView
    version: str
    seed: int
    strategy: str
    input_hash: str = ""
    scores: ScoreArray | None = field(default=None, repr=False)
    explorer: Explorer | None = field(default=None, repr=False)
    left_out: str = ""
