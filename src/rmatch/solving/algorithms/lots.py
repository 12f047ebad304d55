"""Lots drawn from the seed and the ids: the same on every machine, whatever the order of rows."""

from __future__ import annotations

import hashlib

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray

_BITS = 63


def pair_lots(
    instance: Instance, seed: int, purpose: str, among: BoolArray | None = None
) -> IntArray:
    """(E,) a number drawn for every acceptable pair.

    Args:
        instance: The problem.
        seed: Of the draw.
        purpose: What is drawn; the lots of two purposes have nothing to do with each other, nor
            with the weights of the objective ``tie_break``.
        among: (E,) for which pairs, the others get 0; for all by default. A hash a pair is all that
            takes time, and of millions of pairs few may need one.
    """
    pairs = np.arange(instance.n_pairs) if among is None else np.flatnonzero(among)
    mentor_ids, mentee_ids = instance.mentor_ids, instance.mentee_ids
    ends = zip(instance.mentor[pairs].tolist(), instance.mentee[pairs].tolist(), strict=True)
    drawn = (_lot(purpose, seed, mentor_ids[i], mentee_ids[j]) for i, j in ends)
    lots = np.zeros(instance.n_pairs, dtype=np.int64)
    lots[pairs] = np.fromiter(drawn, dtype=np.int64, count=len(pairs))
    return lots


def mentor_lots(instance: Instance, seed: int, purpose: str) -> IntArray:
    """(n,) a number drawn for every mentor; see ``pair_lots``."""
    drawn = [_lot(purpose, seed, mentor, "") for mentor in instance.mentor_ids]
    return np.array(drawn, dtype=np.int64)


def _lot(purpose: str, seed: int, mentor: str, mentee: str) -> int:
    """The first 63 bits of SHA-256(purpose, seed, mentor id, mentee id)."""
    digest = hashlib.sha256(f"{purpose}\x1f{seed}\x1f{mentor}\x1f{mentee}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _BITS)
