"""An instance as it is written to a run folder, and read back strictly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS, Instance, Quota


class QuotaRecord(BaseModel):
    """A quota in programme.json."""

    model_config = ConfigDict(
        strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    statement: str
    pair: list[int]
    mentor: list[int]
    mentee: list[int]
    minimum: int
    maximum: int | None
    price: int | None

    def quota(self) -> Quota:
        """The quota as arrays."""
        return Quota(
            statement=self.statement,
            pair=np.array(self.pair, dtype=np.int64),
            mentor=np.array(self.mentor, dtype=np.int64),
            mentee=np.array(self.mentee, dtype=np.int64),
            minimum=self.minimum,
            maximum=self.maximum,
            price=self.price,
        )


def instance_dict(instance: Instance) -> dict[str, Any]:
    """The instance as lists, numbers and texts."""
    arrays = (*PAIR_ARRAYS, *PERSON_ARRAYS)
    return {name: getattr(instance, name).tolist() for name in arrays} | {
        "stated": instance.stated,
        "mentor_ids": list(instance.mentor_ids),
        "mentee_ids": list(instance.mentee_ids),
        "quotas": [_quota_dict(quota) for quota in instance.quotas],
        "stability": instance.stability,
    }


def _quota_dict(quota: Quota) -> dict[str, Any]:
    return {
        "statement": quota.statement,
        "pair": quota.pair.tolist(),
        "mentor": quota.mentor.tolist(),
        "mentee": quota.mentee.tolist(),
        "minimum": quota.minimum,
        "maximum": quota.maximum,
        "price": quota.price,
    }


def instance_of(content: Mapping[str, Any]) -> Instance:
    """The instance again; what schema 1 did not have yet may be missing.

    Raises:
        TypeError: an array is missing, or there is one too many.
        ValueError: a value of the wrong kind, or arrays that do not fit together.
    """
    quotas = [QuotaRecord.model_validate(row).quota() for row in content.get("quotas", ())]
    return Instance.from_pairs(**{**content, "quotas": quotas})
