"""Words for the objectives and their values: what each counts, short even where it is a vector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rmatch.explaining.wording import counted
from rmatch.solution import Value

TIE_BREAK = "tie_break"
VECTORS = ("leximin", "rank_maximal", "generous")
"""Levels whose values are vectors: the change of one entry says little without the others."""
SHOWN = 4
"""So many entries of a vector are shown; what follows is left to the data."""


@dataclass(frozen=True, slots=True)
class LevelWords:
    """What an objective counts, whether the fewest is best, and whether it is about ranks."""

    meaning: str
    fewest: bool = False
    ranks: bool = False


LEVELS: Mapping[str, LevelWords] = {
    "pairs": LevelWords("pairs made"),
    "people": LevelWords("people with a partner"),
    "priority": LevelWords("carried over and now with a partner"),
    "changes": LevelWords("pairs broken that were made before", fewest=True),
    "stability": LevelWords("blocking pairs", fewest=True),
    "prices": LevelWords("price of the quotas that are off their limits", fewest=True),
    "warnings": LevelWords("pairs to be looked at", fewest=True),
    "score": LevelWords("total score of the pairs"),
    "leximin": LevelWords("worst-off"),
    "rank_maximal": LevelWords("ranks got:", ranks=True),
    "generous": LevelWords("worst ranks:", fewest=True, ranks=True),
    "egalitarian": LevelWords("sum of everybody's ranks", fewest=True, ranks=True),
    "min_regret": LevelWords("worst rank of anybody", fewest=True, ranks=True),
    "balanced": LevelWords("rank sum of the side that does worse", fewest=True, ranks=True),
    "side_equal": LevelWords("difference of the sides' rank sums", fewest=True, ranks=True),
    TIE_BREAK: LevelWords("drawn from the seed and the ids"),
}
"""Every objective."""

_GOALS: Mapping[str, str] = {
    "pairs": "as many pairs as possible",
    "people": "as many people as possible with a partner",
    "priority": "as many as possible of those carried over with a partner",
    "changes": "as few as possible of the pairs that were made before broken",
    "prices": "quotas that have a price as near to their limits as possible",
    "warnings": "as few pairs as possible that have to be looked at",
    "score": "the highest total score of the pairs",
    "leximin": "those who do worst as well off as possible, then the next",
    "rank_maximal": "as many first ranks as possible, then second ranks, and so on",
    "generous": "as few as possible of the worst ranks, then of the next, and so on",
    "egalitarian": "the lowest sum of everybody's ranks",
    "min_regret": "the worst rank of anybody as good as possible",
    "balanced": "the side that does worse as well off by rank as possible",
    "side_equal": "both sides as equal by rank as possible",
    TIE_BREAK: "between equals, a draw that favours nobody",
}
"""What each objective asks for; stability is said in :func:`goal`."""

FREE_PLACES = "A free place counts as one rank worse than the last acceptable partner."

BLOCKING: Mapping[str, str] = {
    "weak": "blocking pair",
    "strong": "strongly blocking pair",
    "super": "super-blocking pair",
}
"""What blocks under each kind of stability."""


def goal(name: str, stability: str = "weak") -> str:
    """What an objective asks for, for somebody who never heard of it."""
    if name == "stability":
        return f"as few {meaning(name, stability)} as possible ({_BOTH[stability]})"
    return _GOALS.get(name, name)


_BOTH: Mapping[str, str] = {
    "weak": "two people who may be paired and would both rather have each other",
    "strong": "two people who may be paired, one of whom would rather have the other, who would "
    "be no worse off",
    "super": "two people who may be paired and would both be no worse off with each other",
}


def meaning(name: str, stability: str = "weak") -> str:
    """What a level counts; nothing of one that is not known."""
    if name == "stability":
        return f"{BLOCKING[stability]}s"
    return LEVELS[name].meaning if name in LEVELS else ""


def number(name: str, value: int, *, for_people: bool) -> str:
    """A value, or an entry of one; scores as the 0–100 that people see."""
    if name == "leximin" and value < 0:
        return "no partner"
    return f"{value / 100:.1f}" if name in _SCORES and for_people else str(value)


_SCORES = ("score", "leximin")


def vector(name: str, value: tuple[int, ...], *, for_people: bool) -> str:
    """The first entries of a vector, in words."""
    if not value:
        return "nobody has a place"
    if name == "leximin":
        return _leximin(value, for_people=for_people)
    return _generous(value) if name == "generous" else _rank_maximal(value)


def _leximin(value: tuple[int, ...], *, for_people: bool) -> str:
    people = list(Counter(number("leximin", v, for_people=for_people) for v in value).items())
    (worst, count), *others = people
    first = f"{worst} ({counted(count, 'person', 'people')})"
    then = _short(f"{score} ({count})" for score, count in others)
    return f"{first}, then {then}" if then else first


def _rank_maximal(value: tuple[int, ...]) -> str:
    got = [(rank, count) for rank, count in enumerate(value, start=1) if count or rank == 1]
    return _short(f"{count} {_ORDINALS.get(rank, f'of rank {rank}')}" for rank, count in got)


_ORDINALS = {1: "first", 2: "second", 3: "third"}


def _generous(value: tuple[int, ...]) -> str:
    last = len(value)
    got = [(last - k, count) for k, count in enumerate(value) if count]
    text = _short(f"{count} × rank {rank}" for rank, count in got)
    return text if value[0] else f"0 × rank {last}, {text}"


def _short(texts: Iterable[str]) -> str:
    every = list(texts)
    return ", ".join([*every[:SHOWN], *(["…"] if len(every) > SHOWN else [])])


def limit(name: str, value: Value | None, bound: Value | None, *, for_people: bool) -> str:
    """How far a level is proved that is not proved to its end."""
    if bound is None or name == TIE_BREAK or name not in LEVELS:
        return "not proved"
    if isinstance(bound, int) and not isinstance(value, tuple):
        return f"not proved; {_most(name)} {number(name, bound, for_people=for_people)}"
    if isinstance(bound, int) or not isinstance(value, tuple):
        return "not proved"
    if not bound or value[: len(bound) - 1] != bound[:-1]:
        return "not proved"
    if value[: len(bound)] == bound:
        return _proved_part(name, value, len(bound))
    done = len(bound) - 1
    entry = _ENTRIES[name](len(value), done, number(name, bound[-1], for_people=for_people))
    return f"{_proved_part(name, value, done) if done else 'not proved'}; {entry}"


def _most(name: str) -> str:
    return "at least" if LEVELS[name].fewest else "at most"


def _proved_part(name: str, value: tuple[int, ...], done: int) -> str:
    if name == "leximin":
        return f"proved for the {done} worst-off" if done > 1 else "proved for the worst-off"
    if name == "generous":
        return f"proved down to rank {len(value) - done + 1}"
    return f"proved to rank {done}"


_ENTRIES: Mapping[str, Callable[[int, int, str], str]] = {
    "leximin": lambda _, done, bound: f"the {'next' if done else 'worst-off'} at most {bound}",
    "rank_maximal": lambda _, done, bound: f"at most {bound} of rank {done + 1}",
    "generous": lambda size, done, bound: f"at least {bound} of rank {size - done}",
}
"""The bound of the entry after those that are proved: of how many, after how many, how much."""
