"""What is proved of a matching, and by what evidence: facts in ids, and their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rmatch.certificate import Cut, Prices
from rmatch.instance import Instance
from rmatch.markup import card, prose
from rmatch.properties.feasibility import places_left, undecided
from rmatch.solution import Proof


@dataclass(frozen=True, slots=True)
class CutFacts:
    """People of whom every acceptable pair needs one, but for those ``beside`` them.

    Attributes:
        mentors: ids of the mentors covered.
        mentees: ids of the mentees covered.
        places: what they have together, beside pairs that must be made.
        beside: how many acceptable pairs need none of them.
        forced: how many pairs must be made.
        others: whether there are mentors, and mentees, with places who are not covered.
    """

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    places: int
    beside: int
    forced: int
    others: tuple[bool, bool]


@dataclass(frozen=True, slots=True, repr=False)
class Proofs:
    """What is proved of a matching and how; ``str()`` says it in words.

    Attributes:
        methods: how each level was proved, in their order (see ``rmatch.solution.Proof``).
        cut: why no more pairs are possible.
        prices: level → id → what a place of this person costs.
        text: the words.
    """

    methods: Mapping[str, Proof]
    cut: CutFacts | None
    prices: Mapping[str, Mapping[str, int]]
    text: str = field(repr=False)

    def __repr__(self) -> str:
        return f"Proofs({', '.join(f'{level}: {how}' for level, how in self.methods.items())})"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        heading, _, rest = self.text.partition("\n")
        return card(heading.removesuffix(":"), prose(rest))


def cut_facts(instance: Instance, cut: Cut) -> CutFacts:
    """A cut in ids, with what it adds up to."""
    places = places_left(instance)
    covered = [np.zeros(len(left), dtype=bool) for left in places]
    for mask, indices in zip(covered, (cut.mentors, cut.mentees), strict=True):
        mask[list(indices)] = True
    beside = undecided(instance) & ~covered[0][instance.mentor] & ~covered[1][instance.mentee]
    others = [bool(np.any(~mask & (left > 0))) for mask, left in zip(covered, places, strict=True)]
    return CutFacts(
        mentors=tuple(instance.mentor_ids[i] for i in cut.mentors),
        mentees=tuple(instance.mentee_ids[j] for j in cut.mentees),
        places=sum(int(left[mask].sum()) for mask, left in zip(covered, places, strict=True)),
        beside=int(beside.sum()),
        forced=int(instance.forced.sum()),
        others=(others[0], others[1]),
    )


def prices_by_level(instance: Instance, prices: Prices | None) -> dict[str, dict[str, int]]:
    """Prices by level and id."""
    if prices is None:
        return {}
    people = (*instance.mentor_ids, *instance.mentee_ids)
    vectors = (*prices.mentors, *prices.mentees)
    return {
        level: {person: vector[at] for person, vector in zip(people, vectors, strict=True)}
        for at, level in enumerate(prices.levels)
    }
