"""Hypothesis profiles: the same 300 examples a property; 20 000 new ones in ``make fuzz``.

Properties that ``make fuzz`` runs have 100 of the 300 (``fuzzing.py``). And what runs first.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start what is marked ``early`` first, and measure coverage without properties.

    The last test to end should not be the longest. Coverage doubles the time of properties, whose
    examples reach the same; so ``make cover`` fails where a line is reached by chance alone.
    """
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
    if not config.pluginmanager.hasplugin("_cov"):
        return
    for item in items:
        if item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.no_cover)
