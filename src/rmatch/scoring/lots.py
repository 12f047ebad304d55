"""Lots: seeded numbers for people and pairs, the same whatever the order of people in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from rmatch.instance import IntArray

Lots = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def person_lots(seed: int, ids: Iterable[str]) -> Lots:
    """(n,) 64 bits of SHA-256(seed, id) for each person."""
    return np.array([_digest(f"{seed}\x1f{person}") for person in ids], dtype=np.uint64)


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def mixed(one: Lots, other: Lots) -> Lots:
    """64 bits for each pair of lots, by the finaliser of SplitMix64; they broadcast."""
    state = one + other * _STEP
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return np.asarray(state ^ (state >> np.uint64(31)))


def drawn_order(lots: Lots, ids: Iterable[str]) -> IntArray:
    """The people in the order of their lots; the id decides where two are alike."""
    names = np.array(list(ids), dtype=object)
    order = np.lexsort((np.argsort(np.argsort(names, kind="stable")), lots))
    return np.asarray(order, dtype=np.int64)


def below(lots: Lots, bound: int) -> IntArray:
    """Each lot as a number from 0 to below ``bound``, by its upper 32 bits.

    Args:
        lots: Any.
        bound: From 1 to 2**31.
    """
    return ((lots >> np.uint64(32)) * np.uint64(bound) >> np.uint64(32)).astype(np.int64)
