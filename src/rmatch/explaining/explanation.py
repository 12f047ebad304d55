"""One person's explanation for one audience: facts it may see, and its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from rmatch.explaining.facts import PersonFacts
from rmatch.markup import card, prose

Audience = Literal["participant", "panel", "coordinator", "auditor"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody has the partner they have, or none; ``str()`` gives the words.

    ``facts`` is the data behind the words, and ``html`` a notebook's card with its tables; both are
    there for the coordinator alone.
    """

    id: str
    audience: Audience
    text: str = field(repr=False)
    facts: PersonFacts | None = field(default=None, repr=False)
    html: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html or card(self.id, prose(self.text))


def checked_audience(audience: str) -> Audience:
    """The audience, if there is such a one.

    Raises:
        ValueError: an unknown audience.
    """
    for known in AUDIENCES:
        if audience == known:
            return known
    raise ValueError(f"unknown audience {audience!r}; known are {', '.join(AUDIENCES)}")
