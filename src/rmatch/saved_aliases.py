"""The private file of people in the ledger whom programme.json does not name, and back.

They are the coordinators who decided, people who join, and people who have left the cohort. The
ledger itself holds their pseudonyms alone.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from rmatch.errors import RunFolderError
from rmatch.run_folder import ALIASES_FILE, NewFile, read_json

SCHEMA_VERSION = 1


def read_aliases(folder: Path) -> dict[str, str]:
    """Id or initials → pseudonym; empty where there is no such file.

    Raises:
        RunFolderError: the file is damaged or of a later schema.
    """
    path = folder / ALIASES_FILE
    if not path.exists():
        return {}
    names = read_json(path, SCHEMA_VERSION).get("pseudonyms")
    if not isinstance(names, dict) or not all(isinstance(one, str) for one in names.values()):
        raise RunFolderError(f"{path} is damaged: no pseudonyms")
    return dict(names)


def aliases_file(names: Mapping[str, str]) -> NewFile:
    """The file for its owner alone."""
    content = {"schema_version": SCHEMA_VERSION, "pseudonyms": dict(names)}
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return NewFile(text, mode=0o600)


def drawn(prefix: str) -> str:
    """A fresh pseudonym: ``p_…`` for a participant, ``c_…`` for whoever decides."""
    return f"{prefix}_{secrets.token_hex(5)}"
