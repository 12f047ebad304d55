"""A why-not as a card for a notebook: its words, and what would change, mentor by mentor."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.explaining.why_not import PairIds, Reason, WhyNot
from rmatch.explaining.wording import listed
from rmatch.markup import Html, card, prose, table

HEADER = ("mentor", "has now", "would have")


def why_not_html(facts: WhyNot) -> str:
    """What ``str()`` says, with the pairs that would change in a table; all of them."""
    joint = "matched" if facts.reason is Reason.MATCHED else "not matched"
    title = f"{facts.mentor} and {facts.mentee}: {joint}"
    return card(title, prose(facts.text), *_changes(facts))


def _changes(facts: WhyNot) -> Iterator[Html]:
    mentors = dict.fromkeys(mentor for mentor, _ in (*facts.lost, *facts.gained))
    if mentors:
        rows = [
            (mentor, _partners(mentor, facts.lost), _partners(mentor, facts.gained))
            for mentor in mentors
        ]
        yield table("Pairs that would change", HEADER, rows)


def _partners(mentor: str, pairs: tuple[PairIds, ...]) -> str:
    """Their partners in these pairs; those they keep are in neither."""
    return listed([mentee for one, mentee in pairs if one == mentor]) or "–"
