"""A certificate as JSON, people by pseudonym and in no order of theirs, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from rmatch.certificate import Certificate, Cut, Prices


def certificate_dict(
    certificate: Certificate,
    mentors: Sequence[str],
    mentees: Sequence[str],
    names: Mapping[str, str],
) -> dict[str, Any]:
    """What ``CertificateRecord`` reads back.

    Args:
        certificate: Of indices.
        mentors: The mentors' ids, in the order of the instance.
        mentees: The mentees' ids.
        names: Id → pseudonym.
    """
    cut, prices = certificate.cut, certificate.prices
    found: dict[str, Any] = {}
    if cut is not None:
        covered = (*(mentors[i] for i in cut.mentors), *(mentees[j] for j in cut.mentees))
        found["cut"] = sorted(names[person] for person in covered)
    if prices is not None:
        people = zip((*mentors, *mentees), (*prices.mentors, *prices.mentees), strict=True)
        found["prices"] = {
            "levels": list(prices.levels),
            "of": {names[person]: list(vector) for person, vector in people},
        }
    return found


class PricesRecord(BaseModel):
    """Prices in run.json: pseudonym → a number for each level."""

    model_config = ConfigDict(
        strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    levels: list[str]
    of: dict[str, list[int]]


class CertificateRecord(BaseModel):
    """A certificate in run.json; an old one has none."""

    model_config = ConfigDict(
        strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    cut: list[str] | None = None
    prices: PricesRecord | None = None

    def certificate(
        self, mentors: Sequence[str], mentees: Sequence[str], names: Mapping[str, str]
    ) -> Certificate:
        """The certificate again; whether it holds is for the audit to say.

        Raises:
            ValueError: somebody who is not there, or is there twice, or without a price.
        """
        sides = [[names[person] for person in side] for side in (mentors, mentees)]
        cut = None if self.cut is None else _cut(self.cut, *sides)
        return Certificate(cut, None if self.prices is None else _prices(self.prices, *sides))


def _cut(covered: list[str], mentors: list[str], mentees: list[str]) -> Cut:
    people = set(covered)
    if len(people) < len(covered) or people - {*mentors, *mentees}:
        raise ValueError("a cut of other people")
    return Cut(
        mentors=tuple(i for i, person in enumerate(mentors) if person in people),
        mentees=tuple(j for j, person in enumerate(mentees) if person in people),
    )


def _prices(prices: PricesRecord, mentors: list[str], mentees: list[str]) -> Prices:
    if prices.of.keys() != {*mentors, *mentees}:
        raise ValueError("prices of other people")
    if any(len(vector) != len(prices.levels) for vector in prices.of.values()):
        raise ValueError("prices of other levels")
    return Prices(
        levels=tuple(prices.levels),
        mentors=tuple(tuple(prices.of[person]) for person in mentors),
        mentees=tuple(tuple(prices.of[person]) for person in mentees),
    )
