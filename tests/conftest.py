"""Hypothesis profiles: the same 300 examples a property; 20 000 new ones in ``make fuzz``.

Properties that ``make fuzz`` runs have 100 of the 300 (``fuzzing.py``). And what runs first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start what is marked ``early`` first: the last test to end should not be the longest."""
    items.sort(key=lambda item: item.get_closest_marker("early") is None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Coverage is measured without properties: tracing doubles their time.

    So what only drawn examples reach is reported as missing, although it is checked. Not by
    pytest-cov's ``no_cover``: in a worker of xdist there is a second tracer under the first.
    """
    measured = item.config.pluginmanager.hasplugin("_cov")
    tracer = sys.gettrace() if measured and item.get_closest_marker("hypothesis") else None
    if tracer is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
