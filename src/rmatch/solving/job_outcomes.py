"""What a job came to, in a form that comes back whole from another process or machine."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Returned(Generic[R]):
    """A job's result."""

    value: R


@dataclass(frozen=True, slots=True)
class Raised:
    """A job's own error. Not an executor's: those stand in the future, and the job was lost."""

    error: BaseException

    def __reduce__(self) -> tuple[Any, ...]:
        frames = "".join(traceback.format_exception(self.error))
        return _raised_there, (_portable(self.error), frames)


@dataclass(frozen=True, slots=True)
class Lost:
    """A job that came to nothing: it could not be sent, or ended the process that did it."""

    error: BaseException


def outcome_of(job: Callable[[], R], key: str) -> Returned[R] | Raised:
    """Do a job, wherever this is called.

    Args:
        job: A function without arguments.
        key: Another one every time: Dask takes calls with equal arguments for one, and what cancels
            one of them cancels all.
    """
    del key
    try:
        return Returned(job())
    except BaseException as error:  # raised again by whoever asked, whatever it is
        return Raised(error)


def _raised_there(error: BaseException, frames: str) -> Raised:
    """An error that came from elsewhere; where it arose there is noted below its message."""
    error.add_note(f"In the worker:\n{frames}")
    return Raised(error)


def _portable(error: BaseException) -> BaseException:
    """The error, or its words where it cannot be sent.

    An error that is pickled and not unpickled breaks the pool of whoever waits for it, so both are
    tried here.
    """
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made one call before
    except Exception:  # whatever a class of somebody's own raises there
        copy = None
    if type(copy) is type(error):
        return error
    return RuntimeError("".join(traceback.format_exception_only(error)).strip())
