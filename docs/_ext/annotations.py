"""What annotations name: rmatch loads it for type checkers alone, and the reference shows it."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType


def load_types(*names: str) -> None:
    """Give these modules, and those inside them, what they import for type checkers."""
    for name in names:
        for module in _within(name):
            for statement in _for_checkers(module):
                # Our own source, in its own module: where a function looks its annotations up.
                exec(compile(statement, str(module.__file__), "exec"), vars(module))  # noqa: S102


def _for_checkers(module: ModuleType) -> Iterator[ast.Module]:
    """The imports under ``if TYPE_CHECKING``."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield ast.Module(node.body, type_ignores=[])


def _within(name: str) -> Iterator[ModuleType]:
    package = import_module(name)
    yield package
    for found in pkgutil.iter_modules(getattr(package, "__path__", ())):
        yield import_module(f"{name}.{found.name}")
