"""The picture of a comparison as the bytes of a file."""

from __future__ import annotations

import io
from importlib.util import find_spec
from typing import Any

from rmatch.errors import MissingExtraError

ENDINGS = (".svg", ".png", ".html")
"""What a picture can be written as."""
SCALE = 2
"""Pixels of a PNG for one of the picture: sharp on paper."""


def picture_bytes(chart: Any, ending: str) -> bytes:
    """A chart as a file's contents; a page holds its own scripts and fetches nothing.

    Args:
        chart: An altair chart.
        ending: One of ``ENDINGS``.

    Raises:
        MissingExtraError: vl-convert-python is not installed.
    """
    if find_spec("vl_convert") is None:
        raise MissingExtraError("vl-convert-python", "compare", "writing the picture")
    if ending == ".html":
        page = io.StringIO()
        chart.save(page, format="html", inline=True, embed_options={"actions": False})
        return page.getvalue().encode("utf-8")
    if ending == ".svg":
        drawing = io.StringIO()
        chart.save(drawing, format="svg")
        return drawing.getvalue().encode("utf-8")
    pixels = io.BytesIO()
    chart.save(pixels, format="png", scale_factor=SCALE)
    return pixels.getvalue()
