"""Right claims about small programmes, made by trying everything: the audit's slow naive twin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TypeAlias

from rmatch.audit import Claim, ClaimedPair, Recomputed, recompute
from rmatch.programme import Programme

IdPair: TypeAlias = tuple[str, str]
ORDER = ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break")
SEED = 3


def matchings(pairs: list[IdPair], room: Mapping[str, int]) -> Iterator[tuple[IdPair, ...]]:
    """Every set of pairs within capacity."""
    if not pairs:
        yield ()
        return
    (m, s), *rest = pairs
    yield from matchings(rest, room)
    if room[m] and room[s]:
        fewer = {**room, m: room[m] - 1, s: room[s] - 1}
        for others in matchings(rest, fewer):
            yield ((m, s), *others)


def acceptable(recomputed: Recomputed) -> list[IdPair]:
    return [p for p, facts in recomputed.pairs.items() if facts.acceptable]


def capacities(programme: Programme) -> dict[str, int]:
    return {person.id: person.capacity for person in programme.people}


def most_pairs(programme: Programme) -> tuple[IdPair, ...]:
    """The largest matching, and of those the best by score."""
    recomputed = recompute(programme)

    def value(pairs: tuple[IdPair, ...]) -> tuple[int, int]:
        return len(pairs), sum(recomputed.pairs[p].score for p in pairs)

    return max(matchings(acceptable(recomputed), capacities(programme)), key=value)


def blocking(programme: Programme, made: tuple[IdPair, ...]) -> tuple[IdPair, ...]:
    """Blocking pairs, word by word from the definition."""
    facts, room = recompute(programme).pairs, capacities(programme)

    def wants(person: str, pair: IdPair, side: int) -> bool:
        mine = [p for p in made if p[side] == person]
        rank = [(facts[p].mentor_rank, facts[p].mentee_rank)[side] for p in mine]
        offered = (facts[pair].mentor_rank, facts[pair].mentee_rank)[side]
        return len(mine) < room[person] or any(offered < got for got in rank)

    return tuple(
        pair
        for pair, fact in facts.items()
        if fact.acceptable
        and pair not in made
        and wants(pair[0], pair, 0)
        and wants(pair[1], pair, 1)
    )


def claim_for(programme: Programme, made: tuple[IdPair, ...], *, optimal: bool = True) -> Claim:
    """Everything that can be claimed about ``made``, rightly."""
    recomputed = recompute(programme)
    facts = recomputed.pairs
    matched = {person for pair in made for person in pair}
    blocks = blocking(programme, made)
    return Claim(
        pairs=tuple(
            ClaimedPair(
                *pair,
                score=facts[pair].score,
                mentor_score=facts[pair].mentor_score,
                mentee_score=facts[pair].mentee_score,
                mentor_rank=facts[pair].mentor_rank,
                mentee_rank=facts[pair].mentee_rank,
                breakdown=recomputed.breakdown(*pair),
            )
            for pair in made
        ),
        unmatched=tuple(p.id for p in programme.people if p.id not in matched),
        blocking_pairs=blocks,
        objectives={
            "pairs": len(made),
            "people": len(matched),
            "priority": sum(p.carried_over and p.id in matched for p in programme.people),
            "stability": len(blocks),
            "warnings": sum(bool(facts[p].warned) for p in made),
            "score": sum(facts[p].score for p in made),
            "tie_break": sum(weight(SEED, *p) for p in made),
        },
        optimal=optimal,
        order=ORDER,
        tie_break_seed=SEED,
        questions=tuple((code, *p) for p in made for code in facts[p].questions),
        warnings=tuple((code, *p) for p in made for code in facts[p].warned),
    )


def weight(seed: int, mentor: str, mentee: str) -> int:
    text = "\x1f".join([str(seed), mentor, mentee])
    return int(sha256(text.encode()).hexdigest()[:9], 16)
