"""People without a partner: a neutral sentence for a panel, reasons and remedies for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rmatch.explaining.unmatched_words import change_lines
from rmatch.reports.reader import Reader
from rmatch.reports.view import PersonView
from rmatch.solving.clock import Clock

if TYPE_CHECKING:
    from rmatch.matching import Matching

SECONDS = 5.0
"""For each of them at most."""


def unmatched_views(matching: Matching, reader: Reader, clock: Clock) -> tuple[PersonView, ...]:
    """Everybody without a partner; what there was no time to look for is said."""
    views = []
    for done, person in enumerate(matching.unmatched):
        # What one of them does not use is left to the others.
        left = clock.left
        share = SECONDS if left is None else min(SECONDS, left / (len(matching.unmatched) - done))
        views.append(_person_view(matching, reader, person, share))
    if reader.is_auditor:
        views.sort(key=lambda view: (view.side, view.card.id))
    return tuple(views)


def _person_view(matching: Matching, reader: Reader, person: str, seconds: float) -> PersonView:
    told = matching.explain(person, reader.audience, reveal=reader.reveal, time_limit=seconds)
    lines = tuple(told.text.split("\n"))
    fixes: tuple[str, ...] = ()
    side = "mentor" if person in matching.instance.mentor_ids else "mentee"
    if told.facts is not None and told.facts.smallest is not None:
        smallest = told.facts.smallest
        fixes = tuple(
            change_lines(smallest, side, matching.programme, algorithm=matching.algorithm)
        )
        lines = lines[: len(lines) - len(fixes)]
    return PersonView(reader.card(person), side, lines, fixes)
