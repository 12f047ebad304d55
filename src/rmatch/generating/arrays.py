"""A cohort as arrays: what every person of a side is like and whom they name, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from rmatch.generating import marginals
from rmatch.generating.choosing import NOBODY, Market, choose, popularity
from rmatch.generating.drawing import FloatArray, Stream
from rmatch.generating.shape import CohortShape
from rmatch.instance import BoolArray, IntArray
from rmatch.programme.participant import SLOTS
from rmatch.programme.reference import DEANERIES, SPECIALTIES, TOPICS

SideName = Literal["mentor", "mentee"]

GRADES_OF: dict[SideName, tuple[str, ...]] = {
    "mentor": tuple(marginals.MENTOR_GRADES),
    "mentee": tuple(marginals.MENTEE_GRADES),
}
SPECIALTY_IDS: tuple[str, ...] = tuple(entry.id for entry in SPECIALTIES)
DEANERY_IDS: tuple[str, ...] = tuple(entry.id for entry in DEANERIES)
TOPIC_IDS: tuple[str, ...] = tuple(entry.id for entry in TOPICS)
BOTH, VIRTUAL, IN_PERSON = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Side:
    """One side's people; every array has an entry, or a row, per person.

    Lists that are shorter than the longest end in ``NOBODY``.

    Attributes:
        name: Which side.
        grade: Index into the side's grades.
        specialty: Index into the specialties.
        deanery: Index into the deaneries.
        employer: Number of the employer; two regions share none.
        latent: Where the person stands on the circle of likeness, from 0 to below 1.
        wanted: Weight with which the other side names the person.
        wants: (n, k) indices of topics, most wanted first.
        offers: (n, k) likewise.
        half_days: (n, k) indices of half-days.
        mode: ``BOTH``, ``VIRTUAL`` or ``IN_PERSON``.
        capacity: Places.
        carried_over: Left over from the last cohort.
    """

    name: SideName
    grade: IntArray
    specialty: IntArray
    deanery: IntArray
    employer: IntArray
    latent: FloatArray
    wanted: FloatArray
    wants: IntArray
    offers: IntArray
    half_days: IntArray
    mode: IntArray
    capacity: IntArray
    carried_over: BoolArray

    @property
    def size(self) -> int:
        """How many people."""
        return len(self.grade)

    @property
    def ids(self) -> tuple[str, ...]:
        """``M0001``, ``M0002`` … or ``S0001`` …, longer in cohorts of more than 9 999 a side."""
        letter = "M" if self.name == "mentor" else "S"
        width = max(4, len(str(self.size)))
        return tuple(f"{letter}{number:0{width}d}" for number in range(1, self.size + 1))


@dataclass(frozen=True, eq=False)
class Choices:
    """Whom a side's people name.

    Attributes:
        others: (n, k) indices of the other side, best first.
        tied: (n, k) whether each shares its place with the one before it.
    """

    others: IntArray
    tied: npt.NDArray[np.bool_]

    def codes(self, mentor_side: bool, mentees: int) -> IntArray:
        """The pairs named, as mentor index · number of mentees + mentee index."""
        person, place = np.nonzero(self.others != NOBODY)
        other = self.others[person, place]
        return person * mentees + other if mentor_side else other * mentees + person


def side(shape: CohortShape, seed: int, name: SideName) -> Side:
    """One side of the cohort, without choices."""
    count = shape.mentors if name == "mentor" else shape.mentees

    def stream(purpose: str) -> Stream:
        return Stream(seed, name, purpose)

    grade = stream("grade").pick(list(_grades(name).values()), count)
    latent = stream("latent").uniform(count)
    deanery, employer = _places_of_work(shape, seed, stream("deanery"), stream("employer"), count)
    capacity = shape.mentor_capacity if name == "mentor" else shape.mentee_capacity
    exponent = shape.mentor_popularity if name == "mentor" else shape.mentee_popularity
    return Side(
        name=name,
        grade=grade,
        specialty=_specialties(shape, seed, stream("specialty"), name, grade),
        deanery=deanery,
        employer=employer,
        latent=latent,
        wanted=popularity(stream("popularity"), count, exponent),
        wants=_topics(shape, seed, stream("wants"), shape.wants, latent),
        offers=_topics(shape, seed, stream("offers"), shape.offers, latent),
        half_days=_half_days(shape, stream("half-days"), count),
        mode=stream("mode").pick(_mode_weights(shape), count),
        capacity=1 + stream("capacity").pick(capacity, count),
        carried_over=stream("carried over").chance(shape.carried_over, count),
    )


def choices(shape: CohortShape, seed: int, choosers: Side, others: Side) -> Choices:
    """Whom each of ``choosers`` names, and which places are shared."""
    stream = Stream(seed, choosers.name, "choices")
    limits = shape.mentor_choices if choosers.name == "mentor" else shape.mentee_choices
    counts = stream.between(limits, choosers.size)
    counts[stream.chance(shape.no_choices, choosers.size)] = 0
    market = Market(others.wanted, choosers.latent, others.latent, shape.correlation)
    named = choose(stream, counts, market)
    ties = Stream(seed, choosers.name, "ties").chance(shape.tie_density, *named.shape)
    if ties.shape[1]:
        ties[:, 0] = False
    return Choices(named, ties & (named != NOBODY))


def _grades(name: SideName) -> dict[str, float]:
    return dict(marginals.MENTOR_GRADES if name == "mentor" else marginals.MENTEE_GRADES)


def _places_of_work(
    shape: CohortShape, seed: int, regions: Stream, employers: Stream, count: int
) -> tuple[IntArray, IntArray]:
    """(deanery, employer) of each; both sides work in the same regions."""
    drawn = Stream(seed, "deaneries").order(len(DEANERY_IDS))[: shape.deaneries]
    region = regions.pick(_zipf(shape.deaneries, shape.deanery_skew), count)
    within = employers.pick(_zipf(shape.employers, marginals.EMPLOYER_SKEW), count)
    return drawn[region], region * shape.employers + within


def _specialties(
    shape: CohortShape, seed: int, stream: Stream, name: SideName, grade: IntArray
) -> IntArray:
    """Foundation doctors are in the foundation programme, and a GP in general practice."""
    place = {identity: k for k, identity in enumerate(SPECIALTY_IDS)}
    drawn = Stream(seed, "specialties").order(len(marginals.SPECIALTIES_TO_DRAW))
    known = np.array([place[marginals.SPECIALTIES_TO_DRAW[k]] for k in drawn[: shape.specialties]])
    found = known[stream.pick(_zipf(shape.specialties, shape.specialty_skew), len(grade))]
    of_grade = {"fy1": marginals.FOUNDATION, "fy2": marginals.FOUNDATION, "gp": "general_practice"}
    for k, grade_id in enumerate(GRADES_OF[name]):
        if grade_id in of_grade:
            found[grade == k] = place[of_grade[grade_id]]
    return found


def _topics(
    shape: CohortShape, seed: int, stream: Stream, limits: tuple[int, int], latent: FloatArray
) -> IntArray:
    """Topics have latent values too, spread evenly, so that like people share topics."""
    many = len(TOPIC_IDS)
    weights = popularity(Stream(seed, "topics"), many, shape.topic_skew)
    counts = stream.between(limits, len(latent))
    spread = np.arange(many) / many
    return choose(stream, counts, Market(weights, latent, spread, shape.correlation))


def _half_days(shape: CohortShape, stream: Stream, count: int) -> IntArray:
    weights = np.array([marginals.HALF_DAY_WEIGHTS[slot.partition("_")[2]] for slot in SLOTS])
    weekend = np.array([slot.startswith(("sat", "sun")) for slot in SLOTS])
    weights = np.where(weekend, weights * marginals.WEEKEND_WEIGHT, weights)
    counts = stream.between(shape.half_days, count)
    market = Market(weights, np.zeros(count), np.zeros(len(SLOTS)), correlation=0.0)
    return choose(stream, counts, market)


def _mode_weights(shape: CohortShape) -> tuple[float, float, float]:
    one = shape.one_mode
    return 1 - one, one * marginals.ONLY_VIRTUAL, one * (1 - marginals.ONLY_VIRTUAL)


def _zipf(count: int, exponent: float) -> FloatArray:
    """(count,) weights, largest first."""
    place = np.arange(1, count + 1, dtype=np.float64)
    return np.asarray(np.rint(2.0**32 * place**-exponent))
