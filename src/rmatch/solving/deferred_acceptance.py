"""Deferred acceptance with capacities on both sides, in rounds of whole arrays."""

from __future__ import annotations

from rmatch.instance import Instance, IntArray
from rmatch.solving.in_single_proposals import finish_singly
from rmatch.solving.proposals import Proposals
from rmatch.solving.standing import standing_of
from rmatch.work import count

FEW = 128
"""With fewer proposers than this, proposals one at a time take less than a round of arrays."""

CROWDED = 32
"""Likewise with more places held, by those who are asked, than this for every proposal."""


def deferred_acceptance(instance: Instance, order: IntArray, *, mentors_propose: bool) -> IntArray:
    """A weakly stable matching: ties broken by ``order``, then Gale–Shapley by one side.

    (Gale and Shapley, 1962; for capacities on both sides with responsive preferences Roth, 1984.
    What is stable under broken ties is weakly stable under the ties.)

    Args:
        instance: The instance.
        order: (E,) a permutation of the pairs; within a tie the lower comes first.
        mentors_propose: Which side proposes.

    Returns:
        Indices of the matched pairs, sorted.
    """
    proposals = proposals_of(instance, order, mentors_propose=mentors_propose)
    settle(proposals)
    return proposals.matched


def proposals_of(instance: Instance, order: IntArray, *, mentors_propose: bool) -> Proposals:
    """Nobody has proposed yet; see ``deferred_acceptance``."""
    mentors = (
        standing_of(instance.mentor, instance.mentor_rank, instance.mentor_start, order),
        instance.mentor_capacity,
    )
    mentees = (
        standing_of(instance.mentee, instance.mentee_rank, instance.mentee_start, order),
        instance.mentee_capacity,
    )
    return Proposals(mentors, mentees) if mentors_propose else Proposals(mentees, mentors)


def settle(proposals: Proposals) -> None:
    """Propose until nobody has anybody left to propose to.

    All who have a place left propose at once, as often as they have places. In which order they do
    changes nothing (McVitie and Wilson, 1971), so that the long tail, in which few are turned away
    at a time, goes on one by one.
    """
    while len(proposals.active) >= FEW and proposals.crowd < CROWDED:
        proposals.round()
    finish_singly(proposals)
    count(proposals=proposals.asked, proposal_rounds=proposals.rounds)
