"""Seeded draws that are the same on every machine and with every version of NumPy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rmatch.instance import IntArray

FloatArray = npt.NDArray[np.float64]


class Stream:
    """Uniform draws from PCG64, and what is made of them by exact arithmetic.

    NumPy promises that the raw bits of a bit generator never change, and promises less of
    ``Generator``'s methods; so only the bits are taken from it.

    Args:
        seed: The cohort's seed, 0 or more.
        labels: What the draws are for. Every purpose has a stream of its own, so that turning one
            knob leaves what other knobs govern as it was.
    """

    def __init__(self, seed: int, *labels: object) -> None:
        digest = hashlib.sha256(repr(labels).encode()).digest()
        entropy = [seed, int.from_bytes(digest[:16], "big")]
        self._bits = np.random.PCG64(np.random.SeedSequence(entropy))

    def uniform(self, *shape: int) -> FloatArray:
        """Numbers from 0 to below 1, multiples of 2**-53."""
        count = int(np.prod(shape, dtype=np.int64))
        if count == 0:
            return np.zeros(shape)
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        return ((raw >> np.uint64(11)).astype(np.float64) * 2.0**-53).reshape(shape)

    def chance(self, probability: float, *shape: int) -> npt.NDArray[np.bool_]:
        """True with a probability, apart for each."""
        return self.uniform(*shape) < probability

    def below(self, bound: int, count: int) -> IntArray:
        """``count`` integers from 0 to below ``bound``."""
        return (self.uniform(count) * bound).astype(np.int64)

    def between(self, limits: tuple[int, int], count: int) -> IntArray:
        """``count`` integers from the first to the last limit, both included."""
        low, high = limits
        return np.asarray(low + self.below(high - low + 1, count))

    def order(self, count: int) -> IntArray:
        """A random order of 0 … ``count`` − 1."""
        return np.asarray(np.argsort(self.uniform(count), kind="stable"), dtype=np.int64)

    def pick(self, weights: Sequence[float] | FloatArray, count: int) -> IntArray:
        """``count`` places in ``weights``, each drawn as often as its weight says."""
        running = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = np.searchsorted(running, self.uniform(count) * running[-1], side="right")
        # A product may round up to the whole sum, which lies behind the last place.
        return np.asarray(np.minimum(drawn, np.flatnonzero(weights)[-1]), dtype=np.int64)
