"""Integer prices that prove a flow optimal: shortest paths in its residual graph."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.work import count

FEW = 4_096
"""Arcs that are all looked at in every round: to choose among so few saves nothing."""


def potentials(
    nodes: int,
    tail: IntArray,
    head: IntArray,
    *,
    cost: IntArray,
    flow: IntArray,
    capacity: IntArray,
) -> IntArray:
    """(nodes,) integer prices under which no residual arc has a negative reduced cost.

    With such prices anybody can check the optimum: c + price[tail] − price[head] is ≥ 0 where there
    is room and ≤ 0 where there is flow. These are the highest such prices that are not above 0, so
    that they are the same whichever optimum the flow is (all optima share their prices).

    Bellman and Ford from everywhere at once, over those arcs alone that are violated most, and more
    of them until none is. Prices over fewer arcs are never below those over all, so that this ends
    at the same ones; of five million arcs a twentieth is looked at where most people get whom they
    want, half where they compete for the same.
    """
    room, used = flow < capacity, flow > 0
    start = np.concatenate([tail[room], head[used]])
    end = np.concatenate([head[room], tail[used]])
    length = np.concatenate([cost[room], -cost[used]])
    price = np.zeros(nodes, dtype=np.int64)
    if len(length) <= FEW:
        _settle_few(price, start, end, length)
        return price
    count(price_rounds=1, priced=len(length))
    np.minimum.at(price, end, length)  # the first round of all arcs: nothing to gather for it
    active = np.zeros(len(length), dtype=bool)
    while True:
        more = _most_violated(price, start, end, length)
        count(price_rounds=1, priced=len(length))
        if len(more) == 0:
            return price
        active[more] = True
        arcs = np.flatnonzero(active)
        _settle(price, start[arcs], end[arcs], length[arcs])


def _most_violated(price: IntArray, start: IntArray, end: IntArray, length: IntArray) -> IntArray:
    """Arcs of negative reduced cost, of at least three quarters of their tail's worst.

    All of them would be too many: most of an arc's violation goes when the worst is mended.
    """
    reduced = length + price[start]
    reduced -= price[end]
    violated = np.flatnonzero(reduced < 0)
    beyond, tails = reduced[violated], start[violated]
    worst = np.zeros(len(price), dtype=np.int64)
    np.minimum.at(worst, tails, beyond)
    worst -= worst // 4
    return violated[beyond <= worst[tails]]


def _settle_few(price: IntArray, start: IntArray, end: IntArray, length: IntArray) -> None:
    """Lower prices, in place, until no arc is violated: all of them in every round."""
    if len(end) == 0:
        return
    order = np.argsort(end, kind="stable")
    start, end, length = start[order], end[order], length[order]
    first = np.flatnonzero(np.concatenate([[True], end[1:] != end[:-1]]))
    targets = end[first]
    for round_ in range(len(price) + 1):
        best = np.minimum.reduceat(price[start] + length, first)
        lower = best < price[targets]
        if not lower.any():
            count(price_rounds=round_ + 1, priced=(round_ + 1) * len(length))
            return
        price[targets[lower]] = best[lower]
    raise AssertionError("a negative cycle in an optimal flow: please report this as a bug")


def _settle(price: IntArray, start: IntArray, end: IntArray, length: IntArray) -> None:
    """Lower prices, in place, until no arc is violated: from nodes that were lowered, by rounds."""
    order = np.argsort(start, kind="stable")
    start, end, length = start[order], end[order], length[order]
    first = np.searchsorted(start, np.arange(len(price) + 1))
    degree = np.diff(first)
    nodes, looked = np.flatnonzero(degree), 0
    for round_ in range(len(price) + 1):
        if len(nodes) == 0:
            count(price_rounds=round_, priced=looked)
            return
        leaving = degree[nodes]
        stop = np.cumsum(leaving)
        arcs = np.arange(stop[-1]) + np.repeat(first[nodes] - (stop - leaving), leaving)
        looked += len(arcs)
        offer, target = np.repeat(price[nodes], leaving) + length[arcs], end[arcs]
        lower = offer < price[target]
        target = target[lower]
        np.minimum.at(price, target, offer[lower])
        changed = np.zeros(len(price), dtype=bool)
        changed[target] = True
        nodes = np.flatnonzero(changed & (degree > 0))
    raise AssertionError("a negative cycle in an optimal flow: please report this as a bug")
