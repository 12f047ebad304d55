"""Changes of all weights at once, drawn from a seed so that they are the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping


def drawn(weights: Mapping[str, int], percent: int, draw: int, seed: int) -> dict[str, int]:
    """Every weight moved up or down by up to so many per cent, each by its own lot.

    Uniform over the thousandths in between, to within one part in 2**50. A weight of 0 stays 0.

    Args:
        weights: Of each criterion, in thousandths of a weight unit.
        percent: How far at most.
        draw: Which of the changes drawn from this seed.
        seed: Another one gives other changes.
    """
    return {
        name: weight + _moved(weight * percent // 100, f"{seed}\x1f{percent}\x1f{draw}\x1f{name}")
        for name, weight in weights.items()
    }


def _moved(most: int, lot: str) -> int:
    """A number from −``most`` to ``most``, from the SHA-256 of a text."""
    number = int.from_bytes(hashlib.sha256(lot.encode()).digest()[:12], "big")
    return number % (2 * most + 1) - most
