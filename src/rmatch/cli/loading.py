"""The commands by name, each loaded when it is called, so that starting one costs one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# Help without boxes: the same on every terminal and in every pipe.
PLAIN: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": None,
    "pretty_exceptions_enable": False,
}

_NAMED_ALIKE = (
    *("demo", "template", "check", "solve", "compare", "report", "rematch", "explain"),
    *("letters", "equity", "approve", "record", "log", "erase", "purge"),
)
# In the order of the help: a name → the function, in the module of that name.
_FUNCTIONS = {
    **{name: name for name in _NAMED_ALIKE},
    "next": "next_cohort",
    "what-if": "what_if",
}


class Commands(MutableMapping[str, Any]):
    """Name → command; its module is imported when it is first asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}
        self._names = dict.fromkeys(_FUNCTIONS)

    def __getitem__(self, name: str) -> Any:
        """The command.

        Raises:
            KeyError: there is none of this name.
        """
        if name not in self._names:
            raise KeyError(name)
        if name not in self._loaded:
            self._loaded[name] = _command(name, _function(name))
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is such a command; loads none."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """The names in the order of the help; loads none."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)

    def __setitem__(self, name: str, command: Any) -> None:
        """One more command, or another in place of one."""
        self._names[name] = None
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        """Without this command."""
        del self._names[name]
        self._loaded.pop(name, None)


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and loads the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands()


def _function(name: str) -> Callable[..., Any]:
    module = import_module(f"rmatch.cli.commands.{name.replace('-', '_')}")
    function: Callable[..., Any] = getattr(module, _FUNCTIONS[name])
    return function


def _command(name: str, function: Callable[..., Any]) -> Any:
    alone = typer.Typer(**PLAIN)
    alone.command(name)(function)
    return typer.main.get_command(alone)
