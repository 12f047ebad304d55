"""The ledger as bytes: one canonical JSON line an entry, each chained to the one before it.

``mac`` is HMAC-SHA256 under the ledger's key over the ``mac`` of the line before (64 zeros for the
first) and the line without its own ``mac``, both as ASCII, nothing between them. A line that was
changed, moved, added or taken out of the middle breaks the chain where it stood. Whole lines cut
off the end do not: note the last number and mac elsewhere (``Head``) and compare.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rmatch.rematching.coding import decision_of, fields_of
from rmatch.rematching.replay import Entry

SCHEMA_VERSION = 1
FIRST = "0" * 64
"""What the first line is chained to."""

_NAMES = {"schema_version", "number", "time", "who", "kind", "fields", "mac"}


class BrokenChainError(Exception):
    """A line that does not follow from those before it; ``line`` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(line, reason)


@dataclass(frozen=True, slots=True)
class Chain:
    """What the bytes of a ledger hold.

    ``torn`` is what stands behind the last entry: the beginning of a line whose writing was never
    finished. ``size`` is the length of everything before it; ``ended``: whether the last entry has
    its line feed.
    """

    entries: tuple[Entry, ...]
    size: int
    torn: bytes = b""
    ended: bool = True

    @property
    def mac(self) -> str:
        """The mac that the next line is chained to."""
        return _last(self.entries)


def line_of(entry: Entry, before: str, key: bytes) -> tuple[str, str]:
    """The line of an entry, without line feed, and its mac."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "number": entry.number,
        "time": entry.time.astimezone(UTC).isoformat(),
        "who": entry.who,
        "kind": entry.decision.kind,
        "fields": fields_of(entry.decision),
    }
    mac = mac_of(content, before, key)
    return _canonical({**content, "mac": mac}), mac


def mac_of(content: dict[str, Any], before: str, key: bytes) -> str:
    """The keyed hash over the mac before and the line without its own."""
    return hmac.new(key, (before + _canonical(content)).encode(), hashlib.sha256).hexdigest()


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def read_chain(data: bytes, key: bytes) -> Chain:
    """Every entry, once the chain holds.

    A last line without line feed counts where it is whole; otherwise it is torn.

    Raises:
        BrokenChainError: some line does not follow from those before it.
    """
    *lines, tail = data.split(b"\n")
    entries: list[Entry] = []
    size = 0
    for line in lines:
        entries.append(_entry(len(entries) + 1, line, _last(entries), key))
        size += len(line) + 1
    if not tail:
        return Chain(tuple(entries), size)
    try:
        entries.append(_entry(len(entries) + 1, tail, _last(entries), key))
    except BrokenChainError:
        return Chain(tuple(entries), size, torn=tail)
    return Chain(tuple(entries), size + len(tail), ended=False)


def _last(entries: Sequence[Entry]) -> str:
    return entries[-1].mac if entries else FIRST


def _entry(number: int, line: bytes, before: str, key: bytes) -> Entry:
    content = _content(number, line)
    mac = content.pop("mac")
    if not hmac.compare_digest(mac_of(content, before, key).encode(), str(mac).encode()):
        raise BrokenChainError(number, "it was changed, or something before it was")
    try:
        time = datetime.fromisoformat(content["time"])
        if time.tzinfo is None or content["number"] != number:
            raise ValueError
        decision = decision_of(content["kind"], content["fields"])
    except (ValueError, TypeError, AttributeError):
        raise BrokenChainError(number, "it holds what no entry holds") from None
    return Entry(number, time, str(content["who"]), decision, str(mac))


def _content(number: int, line: bytes) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        raise BrokenChainError(number, "it is not JSON") from None
    version = content.get("schema_version") if isinstance(content, dict) else None
    if type(version) is not int or version < 1:
        raise BrokenChainError(number, "it has no schema_version")
    if version > SCHEMA_VERSION:
        raise BrokenChainError(number, f"it was written by a later rmatch (schema {version})")
    if set(content) != _NAMES or _canonical(content).encode() != line:
        raise BrokenChainError(number, "it is not written as entries are")
    return dict(content)
