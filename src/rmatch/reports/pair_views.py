"""The pairs as one audience sees them: neutral reasons for all, points for the coordinator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rmatch.explaining.panel_words import neutral_reasons
from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.explaining.rule_words import CONFIDENTIAL, CONFIRM, waived_words
from rmatch.explaining.why import SideWhy
from rmatch.explaining.why_words import side_lines
from rmatch.explaining.wording import CRITERION_WORDS
from rmatch.reporting.summary import merged
from rmatch.reports.reader import Reader
from rmatch.reports.view import (
    CriterionRow,
    PairDetail,
    PairView,
    QuestionView,
    RuleView,
    SideDetail,
)

if TYPE_CHECKING:
    from rmatch.matching import Matching

Ids = tuple[str, str]

CONFIDENTIAL_QUESTION = "Please ask the coordinator: something confidential was not checked."
"""What a panel reads where the question itself would tell more."""


def pair_views(matching: Matching, reader: Reader) -> tuple[PairView, ...]:
    """Every pair; for an auditor in the order of the pseudonyms, since places tell who is who."""
    notes = _Notes(matching, reader)
    views = [_pair_view(matching, reader, pair, notes) for pair in matching.pairs]
    if reader.is_auditor:
        views.sort(key=lambda view: (view.mentor.id, view.mentee.id))
    return tuple(views)


def _pair_view(matching: Matching, reader: Reader, pair: Pair, notes: _Notes) -> PairView:
    ids = pair.mentor, pair.mentee
    return PairView(
        mentor=reader.card(pair.mentor),
        mentee=reader.card(pair.mentee),
        reasons=tuple(_reasons(matching, reader, ids)),
        warnings=tuple(notes.warnings[ids]),
        waived=tuple(notes.waived[ids]),
        questions=tuple(dict.fromkeys(notes.questions[ids])),
        detail=None if reader.audience == "panel" else _detail(matching, reader, pair),
    )


def _reasons(matching: Matching, reader: Reader, ids: Ids) -> Iterator[str]:
    if matching.programme is not None and not reader.is_auditor:
        yield from neutral_reasons(matching.programme, *ids)


# Warnings, waivers and questions ------------------------------------------------------------------


class _Notes:
    """What is to be said beside each pair."""

    def __init__(self, matching: Matching, reader: Reader) -> None:
        self.warnings: dict[Ids, list[str]] = defaultdict(list)
        self.waived: dict[Ids, list[str]] = defaultdict(list)
        self.questions: dict[Ids, list[str]] = defaultdict(list)
        for warned in matching.warnings:
            words = warned.rule if reader.is_auditor else f"{warned.text} ({warned.rule})"
            self.warnings[warned.mentor, warned.mentee].append(words)
        for one in matching.waived:
            words = one.rule if reader.is_auditor else waived_words(one.rule)
            self.waived[one.mentor, one.mentee].append(words)
        mentors = frozenset(matching.instance.mentor_ids)
        for asked in merged(matching.questions):
            words = asked.rule if reader.is_auditor else f"{asked.person}: {_asked(asked, reader)}"
            for partner in asked.partners:
                ids = (
                    (asked.person, partner) if asked.person in mentors else _turned(asked, partner)
                )
                self.questions[ids].append(words)


def _turned(asked: Question, partner: str) -> Ids:
    return partner, asked.person


def _asked(question: Question, reader: Reader) -> str:
    """The question; one about a confidential rule may name it, which is the coordinator's alone."""
    is_open = CONFIDENTIAL not in question.rule.split(", ") or question.text == CONFIRM
    return question.text if reader.is_coordinator or is_open else CONFIDENTIAL_QUESTION


def question_views(matching: Matching, reader: Reader) -> tuple[QuestionView, ...]:
    """What to ask whom; codes alone for an auditor."""
    views = [
        QuestionView(
            person=reader.called(asked.person),
            text="" if reader.is_auditor else _asked(asked, reader),
            rule=asked.rule,
            partners=_called(asked.partners, reader),
        )
        for asked in merged(matching.questions)
    ]
    return tuple(sorted(views, key=lambda view: view.person) if reader.is_auditor else views)


def _called(people: Iterable[str], reader: Reader) -> tuple[str, ...]:
    """What people are called; pseudonyms in their own order, since places tell who is who."""
    called = map(reader.called, people)
    return tuple(sorted(called) if reader.is_auditor else called)


def rule_views(found: Iterable[Warned | Waived], reader: Reader) -> tuple[RuleView, ...]:
    """Rule by rule, with the pairs that break it or for which it is waived."""
    by_rule: dict[tuple[str, str], list[Ids]] = {}
    for one in found:
        text = "" if reader.is_auditor else one.text
        by_rule.setdefault((one.rule, text), []).append(reader.pair(one.mentor, one.mentee))
    views = (
        RuleView(code, text, tuple(sorted(pairs) if reader.is_auditor else pairs))
        for (code, text), pairs in by_rule.items()
    )
    return tuple(sorted(views, key=lambda view: view.code) if reader.is_auditor else views)


# Points -------------------------------------------------------------------------------------------


def _detail(matching: Matching, reader: Reader, pair: Pair) -> PairDetail:
    if reader.is_auditor:
        return PairDetail(
            pair.score,
            SideDetail(
                reader.called(pair.mentor),
                pair.mentor_score,
                pair.mentor_rank,
                pair.mentor_stated,
            ),
            SideDetail(
                reader.called(pair.mentee),
                pair.mentee_score,
                pair.mentee_rank,
                pair.mentee_stated,
            ),
        )
    mentor, mentee = matching.why(pair.mentor, pair.mentee).sides
    return PairDetail(
        pair.score, _side_detail(mentor), _side_detail(mentee), tuple(_points(pair.breakdown))
    )


def _points(breakdown: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    for name, points in breakdown.items():
        yield criterion_words(name), points


def _side_detail(side: SideWhy) -> SideDetail:
    return SideDetail(
        person=side.person,
        score=side.score,
        rank=side.rank,
        is_stated=side.is_stated,
        criteria=tuple(
            CriterionRow(criterion_words(one.name), one.points, one.best, one.median, one.is_stated)
            for one in side.criteria
        ),
        lines=tuple(side_lines(side)),
    )


def criterion_words(name: str) -> str:
    """A criterion in words; one of somebody's own by its name."""
    words = CRITERION_WORDS.get(name, name)
    return words[:1].upper() + words[1:]
