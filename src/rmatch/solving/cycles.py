"""Which arcs of a digraph lie on a cycle: those within one strongly connected part."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray


def strong_parts(nodes: int, tail: IntArray, head: IntArray) -> IntArray:
    """(nodes,) the number of each node's strongly connected part (Tarjan, 1972).

    Without recursion: a path may be as long as there are nodes.

    Args:
        nodes: How many nodes there are.
        tail: (arcs,) node each arc leaves.
        head: (arcs,) node it enters.
    """
    order = np.argsort(tail, kind="stable")
    heads = head[order].tolist()
    starts = np.searchsorted(tail[order], np.arange(nodes + 1)).tolist()
    following = starts[:nodes]
    part, low, found = [-1] * nodes, [0] * nodes, [0] * nodes
    path: list[int] = []
    waiting: list[int] = []
    count = 0
    for root in range(nodes):
        if found[root]:
            continue
        path.append(root)
        while path:
            node = path[-1]
            if not found[node]:
                count += 1
                found[node] = low[node] = count
                waiting.append(node)
            if following[node] < starts[node + 1]:
                other = heads[following[node]]
                following[node] += 1
                if not found[other]:
                    path.append(other)
                elif part[other] < 0:
                    low[node] = min(low[node], found[other])
                continue
            path.pop()
            if path:
                low[path[-1]] = min(low[path[-1]], low[node])
            if low[node] == found[node]:
                _close(waiting, part, node)
    return np.array(part, dtype=np.int64)


def _close(waiting: list[int], part: list[int], root: int) -> None:
    """Everything that has been waiting since ``root`` is a part, which bears its number."""
    while part[root] < 0:
        part[waiting.pop()] = root
