"""Hypothesis profiles: the same 300 examples a property; 20 000 new ones in ``make fuzz``.

And what runs first.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

# Solving an example takes tens of milliseconds, and whole programmes are large examples.
UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "default",
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=UNHURRIED,
)
settings.register_profile(
    "fuzz",
    max_examples=20_000,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=UNHURRIED,
)
settings.load_profile(os.environ.get("RMATCH_PROFILE", "default"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what is marked ``early`` first: the last test to end should not be the longest."""
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
