"""How many examples a property has that ``make fuzz`` runs as well."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import settings

Test = TypeVar("Test", bound=Callable[..., Any])

EVERY_TIME = 100


def fuzzed(test: Test) -> Test:
    """A property of 20 000 new examples in ``make fuzz``, so that 100 do for ``make test``."""
    if os.environ.get("RMATCH_PROFILE") != "fuzz":
        test = settings(max_examples=EVERY_TIME)(test)
    return pytest.mark.fuzz(test)
