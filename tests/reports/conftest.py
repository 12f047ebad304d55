"""The examples' matchings, solved once for all tests of reports; nobody changes them."""

from __future__ import annotations

import pytest

import rmatch
from rmatch import Matching, examples


@pytest.fixture(scope="session")
def east() -> Matching:
    """Everybody has a partner."""
    return rmatch.solve(examples.path("east-of-england"))


@pytest.fixture(scope="session")
def two() -> Matching:
    """Some take two, two have nobody."""
    return rmatch.solve(examples.path("two-trusts"))
