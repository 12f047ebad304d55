"""Who competes: strategies and orders of objectives by the names they have in a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rmatch.solving import strategy_names
from rmatch.solving.solve import names_of
from rmatch.solving.strategies import BY_HAND, algorithm, is_strategy

Strategies: TypeAlias = Iterable[str] | Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to make a matching.

    Attributes:
        label: Its name in this comparison.
        strategy: The strategy; ``None`` for an order of objectives.
        order: The names of the levels it is solved, or counted, at.
    """

    label: str
    strategy: str | None
    order: tuple[str, ...]

    @property
    def is_by_hand(self) -> bool:
        """Whether its pairs are those handed in."""
        return self.strategy == BY_HAND


def contestants_of(given: Strategies | None, *, by_hand: bool) -> tuple[Contestant, ...]:
    """Every strategy that is asked for, or every one there is; then the pairs made by hand.

    Args:
        given: Names, or labels with a name or an order of objectives each.
        by_hand: Whether pairs are handed in.

    Raises:
        StrategyError: ``by_hand`` is named, and no pairs are handed in.
        TypeError: a bare text, or a label that is none.
        ValueError: an unknown strategy or objective, a label twice or that is another strategy's
            name, or none at all.
    """
    ways = _ways(strategy_names() if given is None else given)
    found = [_contestant(label, way) for label, way in ways]
    if by_hand and not any(one.is_by_hand for one in found):
        found.append(_contestant(BY_HAND, BY_HAND))
    elif not by_hand and any(one.is_by_hand for one in found):
        algorithm(BY_HAND)  # says that the pairs are missing
    labels = [one.label for one in found]
    twice = dict.fromkeys(label for label in labels if labels.count(label) > 1)
    if twice:
        raise ValueError(f"a strategy is named twice: {', '.join(twice)}")
    if not found:
        raise ValueError("there is nothing to compare: no strategy was given")
    return tuple(found)


def _ways(given: Strategies) -> list[tuple[str, str | Sequence[str]]]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"strategies must be a list of names or a dict, not {given!r}")
    if isinstance(given, Mapping):
        return list(given.items())
    return [(name, name) for name in given]


def _contestant(label: str, way: str | Sequence[str]) -> Contestant:
    if not isinstance(label, str) or not label:
        raise TypeError(f"the name of a strategy must be text, not {label!r}")
    if label != way and (label == BY_HAND or is_strategy(label)):
        raise ValueError(f"{label!r} is the name of a strategy; call what you compare otherwise")
    if isinstance(way, str):
        return Contestant(label, way, names_of(None, way))
    return Contestant(label, None, names_of(way, None))
