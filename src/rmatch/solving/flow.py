"""Levels without stability: minimum-cost flow, level by level on the optimal face. Exact.

Matching people with capacities is a circulation: source → mentor → mentee → sink → source. A person
who gets a partner at all is the first unit into (or out of) their node, which has an arc of its
own, so ``people`` and ``priority`` are arc costs too. After each level, integer prices (shortest
paths in the residual graph) split the arcs: those whose reduced cost is not zero keep their flow in
*every* optimum, the others are free, and the next level is a flow problem over the free arcs alone.
So each level is held exactly, without weights (complementary slackness; Ahuja, Magnanti and Orlin,
*Network Flows*, 1993, ch. 9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.assigning import all_alike, assignment_of, take
from rmatch.solving.cycles import strong_parts
from rmatch.solving.potentials import potentials
from rmatch.solving.terms import Terms
from rmatch.work import count


@dataclass(slots=True)
class Network:
    """The circulation: arcs in one order throughout, their flow, and which are still free."""

    n_pairs: int
    n_mentors: int
    n_mentees: int
    tail: IntArray
    head: IntArray
    capacity: IntArray
    flow: IntArray
    free: BoolArray
    excess: IntArray
    """What each node must still pass on: the flow of arcs that are fixed."""
    price: IntArray
    """(nodes,) the prices that prove the last level, over the arcs that were free then."""
    has_most_pairs: bool = False
    """Whether as many pairs as possible are held: the levels after it only choose which."""

    @property
    def n_nodes(self) -> int:
        """Mentors, mentees, source and sink."""
        return len(self.excess)

    @property
    def chosen(self) -> IntArray:
        """Indices of the pairs that carry flow."""
        return np.flatnonzero(self.flow[: self.n_pairs] > 0)

    @property
    def empty(self) -> IntArray:
        """Indices of the pairs that no optimum of the levels so far holds."""
        pairs = slice(0, self.n_pairs)
        return np.flatnonzero(~self.free[pairs] & (self.flow[pairs] == 0))

    def copy(self) -> Network:
        """The same network, to try something on."""
        return replace(
            self, flow=self.flow.copy(), free=self.free.copy(), excess=self.excess.copy()
        )

    def cost(self, terms: Terms) -> IntArray:
        """Arc costs under which the cheapest circulation has the most of ``terms``."""
        costs = np.zeros(len(self.tail), dtype=np.int64)
        first_mentor = self.n_pairs
        first_mentee = first_mentor + self.n_mentors
        costs[:first_mentor] = -terms.pair
        costs[first_mentor:first_mentee] = -terms.mentor
        costs[first_mentee : first_mentee + self.n_mentees] = -terms.mentee
        return costs


def network_of(instance: Instance) -> Network:
    """The circulation network of an instance, empty of flow.

    Arcs: pairs; first place of each mentor; of each mentee; their further places; sink → source.
    """
    n, m = instance.n_mentors, instance.n_mentees
    source, sink = n + m, n + m + 1
    mentors, mentees = np.arange(n), n + np.arange(m)
    first_m = np.minimum(1, instance.mentor_capacity)
    first_s = np.minimum(1, instance.mentee_capacity)
    back = min(int(instance.mentor_capacity.sum()), int(instance.mentee_capacity.sum()))
    from_source, to_sink = np.full(n, source), np.full(m, sink)
    tail = (instance.mentor, from_source, mentees, from_source, mentees, np.array([sink]))
    head = (n + instance.mentee, mentors, to_sink, mentors, to_sink, np.array([source]))
    capacity = (
        np.ones(instance.n_pairs, dtype=np.int64),
        first_m,
        first_s,
        instance.mentor_capacity - first_m,
        instance.mentee_capacity - first_s,
        np.array([back]),
    )
    arcs = instance.n_pairs + 2 * (n + m) + 1
    return Network(
        n_pairs=instance.n_pairs,
        n_mentors=n,
        n_mentees=m,
        tail=np.concatenate(tail).astype(np.int64),
        head=np.concatenate(head).astype(np.int64),
        capacity=np.concatenate(capacity).astype(np.int64),
        flow=np.zeros(arcs, dtype=np.int64),
        free=np.ones(arcs, dtype=bool),
        excess=np.zeros(n + m + 2, dtype=np.int64),
        price=np.zeros(n + m + 2, dtype=np.int64),
    )


def optimise(network: Network, terms: Terms) -> int:
    """Make ``terms`` most over the free arcs, hold it, and return its value.

    Afterwards only arcs that can differ between optima are free.
    """
    cost = network.cost(terms)
    network.price = np.zeros(network.n_nodes, dtype=np.int64)
    if np.any(cost[network.free]):
        _solve(network, cost)
        network.has_most_pairs |= counts_pairs(terms)
        _fix(network, cost)
    return -int((cost * network.flow).sum())


def counts_pairs(terms: Terms) -> bool:
    """Whether every pair counts the same, more than nothing, and people count nothing."""
    pair = terms.pair
    alike = len(pair) > 0 and int(pair[0]) > 0 and bool((pair == pair[0]).all())
    return alike and not terms.mentor.any() and not terms.mentee.any()


def _solve(network: Network, cost: IntArray) -> None:
    """The cheapest circulation over the free arcs, by the plainest solver that does.

    Prices do not tell by which: those of ``potentials`` are the same for every optimum.
    """
    if network.free.all() and _is_count(network, cost):
        _by_maximum_flow(network)
    elif network.has_most_pairs and all_alike(network, cost):
        pass
    elif not network.has_most_pairs or not _by_assignment(network, cost):
        _by_cheapest_flow(network, cost)


def _is_count(network: Network, cost: IntArray) -> bool:
    pair = cost[: network.n_pairs]
    alike = bool((pair == pair[:1]).all()) and int(pair[:1].sum()) < 0
    return alike and not cost[network.n_pairs :].any()


def _by_maximum_flow(network: Network) -> None:
    from ortools.graph.python.max_flow import SimpleMaxFlow

    to, back = slice(0, len(network.tail) - 1), len(network.tail) - 1
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(network.tail[to], network.head[to], network.capacity[to])
    count(flows=1, arcs=back)
    status = solver.solve(network.n_nodes - 2, network.n_nodes - 1)
    if status != solver.OPTIMAL:
        raise OverflowError(f"max flow ended with {status.name}: too many places")
    network.flow[to] = solver.flows(np.arange(back))
    network.flow[back] = solver.optimal_flow()


def _by_assignment(network: Network, cost: IntArray) -> bool:
    """Whether that could be done: see ``assignment_of``."""
    problem = assignment_of(network, cost)
    if problem is None:
        return False
    try:
        mate = assigned(problem.size, problem.row, problem.column, problem.cost)
    except OverflowError:
        return False
    take(network, problem, mate)
    return True


def _by_cheapest_flow(network: Network, cost: IntArray) -> None:
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    arcs = np.flatnonzero(network.free)
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        network.tail[arcs], network.head[arcs], network.capacity[arcs], cost[arcs]
    )
    solver.set_nodes_supplies(np.arange(network.n_nodes), network.excess)
    count(flows=1, arcs=len(arcs))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise OverflowError(f"min-cost flow ended with {status.name}: scores are too large")
    network.flow[arcs] = solver.flows(np.arange(len(arcs)))


def _fix(network: Network, cost: IntArray) -> None:
    arcs = np.flatnonzero(network.free)
    tail, head = network.tail[arcs], network.head[arcs]
    price = potentials(
        network.n_nodes,
        tail,
        head,
        cost=cost[arcs],
        flow=network.flow[arcs],
        capacity=network.capacity[arcs],
    )
    hold(network, cost, price)


def hold(network: Network, cost: IntArray, price: IntArray) -> None:
    """Fix every arc whose flow is the same in all optima; its flow becomes its nodes' excess."""
    network.price = price
    arcs = np.flatnonzero(network.free)
    tail, head = network.tail[arcs], network.head[arcs]
    reduced = cost[arcs] + price[tail] - price[head]
    fixed = arcs[reduced != 0]
    network.free[fixed] = False
    carrying = fixed[network.flow[fixed] > 0]
    np.subtract.at(network.excess, network.tail[carrying], network.flow[carrying])
    np.add.at(network.excess, network.head[carrying], network.flow[carrying])


def varying(network: Network) -> BoolArray:
    """(pairs,) which pairs some optima of the levels so far hold, and others do not.

    Two optima differ by cycles of the residual graph over the free arcs, and each such cycle leads
    to another. A pair has one place, so it is on one where its ends are strongly connected.
    """
    arcs = np.flatnonzero(network.free)
    tail, head, flow = network.tail[arcs], network.head[arcs], network.flow[arcs]
    room, used = flow < network.capacity[arcs], flow > 0
    part = strong_parts(
        network.n_nodes,
        np.concatenate([tail[room], head[used]]),
        np.concatenate([head[room], tail[used]]),
    )
    pairs = slice(0, network.n_pairs)
    joined: BoolArray = part[network.tail[pairs]] == part[network.head[pairs]]
    return network.free[pairs] & joined


def assigned(people: int, left: IntArray, right: IntArray, cost: IntArray) -> IntArray:
    """(people,) the partner of each on the left in a cheapest perfect assignment over some arcs.

    Args:
        people: How many there are a side.
        left: (arcs,) who each arc leaves; there is a perfect assignment.
        right: (arcs,) whom it enters.
        cost: (arcs,) integers.

    Raises:
        OverflowError: costs too large for 64 bits.
    """
    from ortools.graph.python.linear_sum_assignment import SimpleLinearSumAssignment

    solver = SimpleLinearSumAssignment()
    solver.add_arcs_with_cost(left, right, cost)
    count(flows=1, arcs=len(cost))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise OverflowError(f"assignment ended with {status.name}: scores are too large")
    return np.fromiter(map(solver.right_mate, range(people)), dtype=np.int64, count=people)


def routed(
    supply: IntArray, tail: IntArray, head: IntArray, cost: IntArray, capacity: IntArray
) -> IntArray:
    """(arcs,) the cheapest flow.

    Args:
        supply: (nodes,) what each node sends, or below 0 receives; all of it can be sent.
        tail: (arcs,) node each arc leaves.
        head: (arcs,) node it enters.
        cost: (arcs,) integers.
        capacity: (arcs,) the most each carries.

    Raises:
        OverflowError: costs too large for 64 bits.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    count(flows=1, arcs=len(cost))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise OverflowError(f"min-cost flow ended with {status.name}: scores are too large")
    return np.asarray(solver.flows(np.arange(len(cost))), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Cut:
    """A maximum flow and the two extreme minimum cuts.

    Attributes:
        flow: (arcs,) flow of each arc.
        source_side: (nodes,) whether the source reaches the node in the residual graph.
        sink_side: (nodes,) whether the node reaches the sink there.
    """

    flow: IntArray
    source_side: BoolArray
    sink_side: BoolArray


def minimum_cut(
    nodes: int, tail: IntArray, head: IntArray, capacity: IntArray, *, source: int, sink: int
) -> Cut:
    """A maximum flow from source to sink, with its residual graph's two sides.

    Args:
        nodes: How many nodes there are; some arc touches the last one.
        tail: (arcs,) node each arc leaves.
        head: (arcs,) node it enters.
        capacity: (arcs,) non-negative integers.
        source: Node the flow comes from.
        sink: Node it goes to.

    Raises:
        OverflowError: capacities too large for 64 bits.
    """
    from ortools.graph.python.max_flow import SimpleMaxFlow

    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail, head, capacity)
    count(flows=1, arcs=len(tail))
    status = solver.solve(source, sink)
    if status != solver.OPTIMAL:
        raise OverflowError(f"max flow ended with {status.name}: weights are too large")
    return Cut(
        flow=np.asarray(solver.flows(np.arange(len(tail))), dtype=np.int64),
        source_side=_marked(nodes, solver.get_source_side_min_cut()),
        sink_side=_marked(nodes, solver.get_sink_side_min_cut()),
    )


def _marked(nodes: int, some: list[int]) -> BoolArray:
    marked = np.zeros(nodes, dtype=bool)
    marked[some] = True
    return marked
