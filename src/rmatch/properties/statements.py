"""Do the coordinator's own statements hold: pairs that must be made, quotas, prices?"""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, Quota
from rmatch.properties.feasibility import Chosen, loads, mask_of


def count_of(instance: Instance, quota: Quota, chosen: Chosen) -> int:
    """What a quota counts in a matching."""
    mentor_load, mentee_load = loads(instance, chosen)
    return int(
        quota.pair[np.asarray(chosen, dtype=np.int64)].sum()
        + quota.mentor[mentor_load > 0].sum()
        + quota.mentee[mentee_load > 0].sum()
    )


def off_limits(instance: Instance, quota: Quota, chosen: Chosen) -> int:
    """By how much a quota's count is below its minimum or above its maximum."""
    count = count_of(instance, quota, chosen)
    above = 0 if quota.maximum is None else count - quota.maximum
    return max(0, quota.minimum - count, above)


def broken_statements(instance: Instance, chosen: Chosen) -> tuple[str, ...]:
    """What of that which must hold does not: pairs that must be made, quotas without a price."""
    missing = np.flatnonzero(instance.forced & ~mask_of(instance, chosen)).tolist()
    return (
        *(forced_statement(instance, pair) for pair in missing),
        *(
            quota.statement
            for quota in instance.quotas
            if quota.price is None and off_limits(instance, quota, chosen)
        ),
    )


def forced_statement(instance: Instance, pair: int) -> str:
    """The statement that a pair must be made."""
    mentor = instance.mentor_ids[instance.mentor[pair]]
    return f"must_pair {mentor} {instance.mentee_ids[instance.mentee[pair]]}"


def unkept(instance: Instance, chosen: Chosen) -> dict[str, int]:
    """By how much quotas that have a price are off their limits, those that are, by statement."""
    off: dict[str, int] = {}
    for quota in instance.quotas:
        units = 0 if quota.price is None else off_limits(instance, quota, chosen)
        if units:
            off[quota.statement] = off.get(quota.statement, 0) + units
    return off


def prices(instance: Instance, chosen: Chosen) -> int:
    """What the quotas that have a price cost: the price for every unit off their limits."""
    return sum(
        quota.price * off_limits(instance, quota, chosen)
        for quota in instance.quotas
        if quota.price is not None
    )
