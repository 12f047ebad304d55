"""Texts that people wrote, made inert: no markup and no link, whatever reads the letter."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"[\\`*_{}\[\]#|~^$]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_THE_START = re.compile(r"^(\d+)(?=[.)])|^(?=[-+=:])")
_DOUBLED = re.compile(r"([-+=:])(?=\1)")

# Mail programs and some readers of Markdown make links of what looks like an address. A visible
# space or word keeps them from it and a person from being misled; what is invisible would not.
_WWW = re.compile(r"(www|\uff57{3})[.\uff0e](?=\S)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<=\w)[.\u2024\u3002\uff0e\uff61](?=[^\W\d_]{2})")
"""Browsers take the other full stops for the plain one."""
_SCHEME = re.compile(r"(?<=[^\W\d_])[:\uff1a](?=\S)")
_SLASHES = re.compile(r"[/\uff0f]{2,}")
_AT = re.compile("[@\uff20]")


def inert_text(text: str) -> str:
    """One line that no program makes a link or a tag of.

    Invisible characters go, white space becomes single spaces, angle brackets become ‹ and ›.

    >>> inert_text("<b>Fen  Trust</b>, https://www.evil.example or a@evil.example")
    '‹b›Fen Trust‹/b›, https: / www. evil. example or a (at) evil. example'
    >>> inert_text("St. John's, Dr J.R. O'Neil-Smith")
    "St. John's, Dr J.R. O'Neil-Smith"
    """
    visible = "".join(c for c in text if c.isprintable() or c.isspace())
    plain = _AT.sub(" (at) ", visible.replace("<", "‹").replace(">", "›"))
    parts = ((_WWW, r"\1. "), (_DOMAIN, ". "), (_SCHEME, ": "), (_SLASHES, "/ "))
    for pattern, instead in parts:
        plain = pattern.sub(instead, plain)
    return " ".join(plain.split())


def inert_markdown(text: str) -> str:
    r"""An inert text as Markdown that shows it as it is.

    >>> print(inert_markdown("1. [Fen](Trust) *now*"))
    1\. \[Fen\](Trust) \*now\*
    """
    escaped = _MARKUP.sub(r"\\\g<0>", inert_text(text))
    escaped = _AT_THE_START.sub(r"\1\\", _DOUBLED.sub(r"\\\1", escaped))
    return _ENTITY.sub("&amp;", escaped)
