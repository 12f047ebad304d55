"""What a failing example was: rmatch's own reprs tell nothing about people, on purpose."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

import numpy as np
from hypothesis import note
from hypothesis import strategies as st
from pydantic import BaseModel

from rmatch.instance import Instance
from rmatch.programme import Programme

T = TypeVar("T", Instance, Programme)


def shown(value: T) -> T:
    """The value itself, written in full beside a failure."""
    note(_Code(value))  # type: ignore[arg-type]  # a text is made of it only at a failure
    return value


class _Code:
    """Code that is written out when somebody looks."""

    def __init__(self, value: Instance | Programme) -> None:
        self.value = value

    def __repr__(self) -> str:
        return code_of(self.value)


def in_full(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """The strategy, with every failing example written in full."""
    return strategy.map(shown)


def code_of(value: Instance | Programme) -> str:
    """Python that builds the value again; blank fields left out."""
    if isinstance(value, Instance):
        return f"Instance({_arguments(_arrays(value))})"
    return _model(value)


def _arrays(instance: Instance) -> dict[str, Any]:
    fields = {f.name: getattr(instance, f.name) for f in dataclasses.fields(instance)}
    return {
        name: _Array(value) if isinstance(value, np.ndarray) else value
        for name, value in fields.items()
    }


class _Array:
    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"np.array({self.value.tolist()}, dtype={self.value.dtype.name!r})"


def _arguments(fields: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_text(value)}" for name, value in fields.items())


def _model(model: BaseModel) -> str:
    fields = {
        name: getattr(model, name)
        for name, field in type(model).model_fields.items()
        if name != "notices"
        and getattr(model, name) != field.get_default(call_default_factory=True)
    }
    return f"{type(model).__name__}({_arguments(fields)})"


def _text(value: Any) -> str:
    if isinstance(value, BaseModel):
        return _model(value)
    if isinstance(value, tuple) and any(isinstance(part, BaseModel) for part in value):
        return "[" + ", ".join(map(_text, value)) + "]"
    return repr(value)
