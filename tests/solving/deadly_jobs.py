"""Jobs that end the process that does them; of a module that a worker can import."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import NoReturn


def square(number: int) -> int:
    return number * number


def die() -> NoReturn:
    """A fault in foreign code, or want of memory."""
    os._exit(3)


def die_once(mark: Path, number: int) -> int:
    """The worker is killed from outside while it does this, once."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return square(number)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
