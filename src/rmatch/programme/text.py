"""When two texts written by people are the same."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Unicode NFKC, case folding, spaces collapsed: equal texts fold to the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
