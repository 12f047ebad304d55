"""Strategies that other installed packages add, by entry point; looked up, and loaded only if used.

A package adds one in its ``pyproject.toml``::

    [project.entry-points."rmatch.strategies"]
    my_way = "my_package.matching:my_way"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rmatch.errors import StrategyError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "rmatch.strategies"
"""The entry point group."""


def added_names() -> tuple[str, ...]:
    """The names that installed packages add, sorted; nothing is loaded."""
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def load_added(name: str) -> object:
    """What an entry point names, loaded.

    Raises:
        StrategyError: several packages add this name, or it cannot be loaded.
    """
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=GROUP, name=name), key=lambda entry: entry.value)
    if len({entry.value for entry in found}) > 1:
        listed = " and ".join(_shown(entry) for entry in found)
        raise StrategyError(f"strategy {name!r} is added twice: {listed}; uninstall one of them")
    try:
        return found[0].load()
    except (Exception, SystemExit) as error:
        fault = f"{type(error).__name__}: {error}"
        raise StrategyError(
            f"strategy {name!r} cannot be loaded: {_shown(found[0])} gives {fault}"
        ) from error


def _shown(entry: EntryPoint) -> str:
    package = "" if entry.dist is None else f" of {entry.dist.name}"
    return f"{entry.value}{package}"
