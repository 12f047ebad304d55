"""From what a coordinator states to arrays: pairs forced or taken out, places, counts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rmatch import instance as arrays
from rmatch.errors import InfeasibleError
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.programme import Load, MustNotPair, MustPair, Programme, Quota, Standing, Statement
from rmatch.programme.attributes import ATTRIBUTES
from rmatch.scoring.pair_scores import PairScores


@dataclass(frozen=True)
class Rows:
    """A statement that came with an instance: its rows, under the name they bear."""

    id: str
    quotas: tuple[arrays.Quota, ...]


AnyStatement = Statement | Rows


def stated_instance(scores: PairScores) -> Instance:
    """The instance of scored people with everything that their settings state.

    Raises:
        InfeasibleError: a pair must be made that is not acceptable.
    """
    settings = scores.programme.settings
    stated = apply(scores.instance, settings.statements, scores.programme)
    if stated.stability == settings.stability:
        return stated
    return stated.replace(stability=settings.stability)


def apply(
    instance: Instance, statements: Iterable[AnyStatement], programme: Programme | None = None
) -> Instance:
    """An instance with statements turned into arrays.

    Pairs that must not be made are taken out, and ranks close up; pairs that must be made become
    ``forced``; a maximum load without a price lowers the capacity; other loads, and quotas, become
    rows of ``quotas`` (one for each value, where a quota is per attribute).

    Args:
        instance: The arrays; what was stated in them stays.
        statements: What is stated, people by id.
        programme: The people, for quotas over their attributes.

    Raises:
        InfeasibleError: pairs that must be made are not acceptable; names them, and what forbids
            them where that is a statement too.
        ValueError: an id that the instance does not have, or a quota over attributes without
            people.
    """
    stated = tuple(statements)
    if not stated:
        return instance
    _refuse_impossible(instance, stated)
    kept = instance.only(~_taken_out(instance, stated))
    look = _Looker(kept, programme)
    rows = [row for statement in stated for row in _rows(look, statement)]
    return kept.replace(
        standing=kept.standing | _standing(kept, stated),
        forced=kept.forced | _indices(kept, stated, MustPair),
        quotas=(*kept.quotas, *rows),
        mentor_capacity=_places(kept.mentor_ids, kept.mentor_capacity, stated),
        mentee_capacity=_places(kept.mentee_ids, kept.mentee_capacity, stated),
    )


def parts_of(instance: Instance) -> tuple[Instance, tuple[AnyStatement, ...]]:
    """An instance without what is stated in it, and that as statements again.

    Itself where nothing is: a copy of millions of pairs takes as long as a level or two.
    """
    if not instance.quotas and not instance.forced.any():
        return instance, ()
    forced = [_forced(instance, pair) for pair in np.flatnonzero(instance.forced).tolist()]
    names = dict.fromkeys(quota.statement for quota in instance.quotas)
    rows = [
        Rows(name, tuple(quota for quota in instance.quotas if quota.statement == name))
        for name in names
    ]
    bare = instance.replace(forced=np.zeros(instance.n_pairs, dtype=bool), quotas=())
    return bare, (*forced, *rows)


def _forced(instance: Instance, pair: int) -> MustPair:
    mentor = instance.mentor_ids[instance.mentor[pair]]
    return MustPair(mentor, instance.mentee_ids[instance.mentee[pair]])


# -------------------------------------------------------------------------------------------- pairs


def _refuse_impossible(instance: Instance, stated: tuple[AnyStatement, ...]) -> None:
    """Refuse pairs that must be made and are not acceptable, or are forbidden by a statement."""
    index = _index(instance, stated)
    out = {key: one.id for one, key in index.items() if isinstance(one, MustNotPair)}
    clashing: dict[str, None] = {}
    for one, key in index.items():
        if isinstance(one, MustPair) and (key in out or instance.index_of(*key) is None):
            clashing |= dict.fromkeys([one.id, *([out[key]] if key in out else [])])
    held = instance.forced & _taken_out(instance, stated)
    for pair in np.flatnonzero(held).tolist():
        key = int(instance.mentor[pair]), int(instance.mentee[pair])
        clashing |= dict.fromkeys([_forced(instance, pair).id, out[key]])
    if clashing:
        raise InfeasibleError(tuple(clashing))


def _index(
    instance: Instance, stated: tuple[AnyStatement, ...]
) -> dict[MustPair | MustNotPair, tuple[int, int]]:
    """(mentor, mentee) indices of every pair that a statement is about."""
    rows = {person: i for i, person in enumerate(instance.mentor_ids)}
    columns = {person: j for j, person in enumerate(instance.mentee_ids)}
    found = {}
    for one in stated:
        if isinstance(one, MustPair | MustNotPair):
            _require(one.mentor, rows, "mentor")
            _require(one.mentee, columns, "mentee")
            found[one] = rows[one.mentor], columns[one.mentee]
    return found


def _require(person: str, known: Mapping[str, int], side: str) -> None:
    if person not in known:
        raise ValueError(f"no {side} has the id {person!r}")


def _indices(
    instance: Instance, stated: tuple[AnyStatement, ...], kind: type[MustPair | MustNotPair]
) -> BoolArray:
    """(E,) which acceptable pairs the statements of one kind are about."""
    mask = np.zeros(instance.n_pairs, dtype=bool)
    for one, key in _index(instance, stated).items():
        pair = instance.index_of(*key) if isinstance(one, kind) else None
        if pair is not None:
            mask[pair] = True
    return mask


def _standing(instance: Instance, stated: Iterable[AnyStatement]) -> BoolArray:
    """(E,) which acceptable pairs were made before.

    Raises:
        ValueError: an id that the instance does not have.
    """
    rows = {person: i for i, person in enumerate(instance.mentor_ids)}
    columns = {person: j for j, person in enumerate(instance.mentee_ids)}
    mask = np.zeros(instance.n_pairs, dtype=bool)
    for one in stated:
        for mentor, mentee in one.pairs if isinstance(one, Standing) else ():
            _require(mentor, rows, "mentor")
            _require(mentee, columns, "mentee")
            pair = instance.index_of(rows[mentor], columns[mentee])
            if pair is not None:
                mask[pair] = True
    return mask


def _taken_out(instance: Instance, stated: tuple[AnyStatement, ...]) -> BoolArray:
    return _indices(instance, stated, MustNotPair)


# -------------------------------------------------------------------------------------------- loads


def _places(ids: tuple[str, ...], capacity: IntArray, stated: tuple[AnyStatement, ...]) -> IntArray:
    """Capacities, no larger than the maximum loads that have no price."""
    places = capacity.copy()
    index = {person: i for i, person in enumerate(ids)}
    for one in stated:
        if isinstance(one, Load) and one.price is None and one.maximum is not None:
            at = index.get(one.person)
            if at is not None:
                places[at] = min(places[at], one.maximum)
    return places


# ------------------------------------------------------------------------------------------- quotas


class _Looker:
    """Finds the pairs and the people that statements count."""

    def __init__(self, instance: Instance, programme: Programme | None) -> None:
        self.instance = instance
        self.programme = programme

    def pairs_of(self, person: str) -> BoolArray:
        """(E,) the pairs of one person."""
        instance = self.instance
        if person in self._mentors:
            mine: BoolArray = instance.mentor == self._mentors[person]
            return mine
        _require(person, self._mentees, "person")
        theirs: BoolArray = instance.mentee == self._mentees[person]
        return theirs

    @cached_property
    def _mentors(self) -> Mapping[str, int]:
        return {person: i for i, person in enumerate(self.instance.mentor_ids)}

    @cached_property
    def _mentees(self) -> Mapping[str, int]:
        return {person: j for j, person in enumerate(self.instance.mentee_ids)}

    def values(self, quota: Quota, attribute: str, side: str) -> list[frozenset[str]]:
        """What everybody of a side has of an attribute.

        Raises:
            ValueError: the instance was made without people.
        """
        if self.programme is None:
            raise ValueError(
                f"{quota.id} is over {attribute}, and an instance made without people has no "
                "attributes; count what you like with rmatch.instance.Quota in its quotas"
            )
        ids = self.instance.mentor_ids if side == "mentor" else self.instance.mentee_ids
        return [ATTRIBUTES[attribute].keys(self.programme.by_id[person]) for person in ids]

    def row(
        self,
        statement: Quota | Load | Standing,
        *,
        pair: BoolArray | None = None,
        mentor: BoolArray | None = None,
        mentee: BoolArray | None = None,
    ) -> arrays.Quota:
        """A row that counts each of these once."""
        instance = self.instance
        return arrays.Quota(
            statement=statement.id,
            pair=_ones(pair, instance.n_pairs),
            mentor=_ones(mentor, instance.n_mentors),
            mentee=_ones(mentee, instance.n_mentees),
            minimum=statement.minimum,
            maximum=statement.maximum,
            price=statement.price,
        )

    def over(self, quota: Quota, side: str, people: BoolArray) -> arrays.Quota:
        """A row over some people of a side, or over their pairs if pairs are counted."""
        if quota.count == "pairs":
            owner = self.instance.mentor if side == "mentor" else self.instance.mentee
            return self.row(quota, pair=people[owner])
        if side == "mentor":
            return self.row(quota, mentor=people)
        return self.row(quota, mentee=people)


def _ones(mask: BoolArray | None, count: int) -> IntArray:
    return np.zeros(count, dtype=np.int64) if mask is None else mask.astype(np.int64)


def _rows(look: _Looker, statement: AnyStatement) -> Iterable[arrays.Quota]:
    """The rows of one statement, none for one about a pair."""
    if isinstance(statement, Rows):
        return statement.quotas
    if isinstance(statement, Load):
        return _load_rows(look, statement)
    if isinstance(statement, Quota):
        return _quota_rows(look, statement)
    if isinstance(statement, Standing):
        return _standing_rows(look, statement)
    return ()


def _standing_rows(look: _Looker, standing: Standing) -> list[arrays.Quota]:
    """That all but so many of the pairs that were made before, and still may be, are made again."""
    if standing.maximum is None:
        return []
    mine = _standing(look.instance, (standing,))
    least = max(0, int(mine.sum()) - standing.maximum)
    return [dataclasses.replace(look.row(standing, pair=mine), minimum=least, maximum=None)]


def _load_rows(look: _Looker, load: Load) -> list[arrays.Quota]:
    mine = look.pairs_of(load.person)
    if load.price is not None:
        return [look.row(load, pair=mine)]
    if load.minimum == 0:
        return []
    # The maximum is in the capacity, where it also says that there is no free place above it.
    return [look.row(load.model_copy(update={"maximum": None}), pair=mine)]


def _quota_rows(look: _Looker, quota: Quota) -> list[arrays.Quota]:
    if quota.same or quota.different:
        return [look.row(quota, pair=_related(look, quota))]
    side = quota.whose or ("mentor" if quota.count == "mentors" else "mentee")
    attribute = quota.attribute or quota.per
    if attribute is None:
        count = look.instance.n_mentors if side == "mentor" else look.instance.n_mentees
        return [look.over(quota, side, np.ones(count, dtype=bool))]
    held = look.values(quota, attribute, side)
    keys = sorted(frozenset().union(*held))
    if quota.value is not None:
        keys = [ATTRIBUTES[attribute].key(quota.value)]
    return [look.over(quota, side, np.array([key in h for h in held], dtype=bool)) for key in keys]


def _related(look: _Looker, quota: Quota) -> BoolArray:
    """(E,) pairs of whom both are known to have something in common, or nothing."""
    attribute = quota.same or quota.different or ""
    mentors = look.values(quota, attribute, "mentor")
    mentees = look.values(quota, attribute, "mentee")
    ends = zip(look.instance.mentor.tolist(), look.instance.mentee.tolist(), strict=True)
    return np.array(
        [
            bool(mentors[i] and mentees[j])
            and bool(mentors[i] & mentees[j]) == (quota.same is not None)
            for i, j in ends
        ],
        dtype=bool,
    )
