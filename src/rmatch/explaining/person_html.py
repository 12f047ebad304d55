"""One person's explanation as a card for the coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rmatch.explaining.facts import PersonFacts
from rmatch.explaining.wording import (
    BRACKETS,
    POINTS,
    criterion_rows,
    has_averages,
    matched_lines,
    remark_lines,
    rest_lines,
)
from rmatch.markup import Html, card, note, prose, table


def coordinator_html(
    facts: PersonFacts,
    *,
    reveal: bool = False,
    why: Iterable[str] = (),
    change: Iterable[str] = (),
) -> str:
    """What ``wording.coordinator_text`` says, with points in tables; the arguments are its own."""
    partners = [fact.partner for fact in facts.partners]
    title = f"{facts.id}, with {', '.join(partners)}" if partners else f"{facts.id}, no partner"
    rest = rest_lines(facts, reveal=reveal, why=why, change=change)
    return card(title, *_partners(facts, reveal=reveal), prose("\n".join(rest)))


def _partners(facts: PersonFacts, *, reveal: bool) -> Iterator[Html]:
    for fact in facts.partners:
        yield prose("\n".join(matched_lines(facts.id, facts.others, fact)))
        if fact.criteria:
            header = (POINTS, "weight", facts.id, fact.partner)
            rows = criterion_rows(fact.criteria)
            yield table("What each criterion gives", header, rows, right={1, 2, 3})
            if has_averages(fact.criteria):
                yield note(BRACKETS)
        yield prose("\n".join(remark_lines(fact, reveal=reveal)))
