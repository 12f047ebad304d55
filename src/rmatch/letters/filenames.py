"""A file name for each participant, which every file system takes and no two share."""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_OTHER = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)\d", re.IGNORECASE | re.ASCII)
"""Windows keeps these names for itself, whatever follows the first dot."""

TABLE_FILE = "letters.csv"


def file_name(person: str) -> str:
    """The letter's file name: the id itself where it is plain, else what of it is, and a hash.

    It depends on the person's own id alone. Ids differ by more than case and width, so plain names
    differ everywhere; the others have a dot that plain ones cannot have.

    >>> file_name("M01"), file_name("trust/ward 7")
    ('M01.md', 'trust-ward-7.2a45ce021bae02fc.md')
    """
    if _PLAIN.fullmatch(person) and not _DEVICE.fullmatch(person):
        return f"{person}.md"
    kept = _OTHER.sub("-", person).strip("-_")[:40]
    if _DEVICE.fullmatch(kept) or not kept:
        kept = f"id-{kept}".strip("-")
    digest = hashlib.sha256(person.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kept}.{digest[:16]}.md"
