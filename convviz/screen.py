"""Pictures made small enough for the screen, as the text a browser takes them from."""

from __future__ import annotations

import base64
import io

from PIL import Image

SCREEN = 640
"""Longest side, in pixels, of a whole picture as it is sent."""


def for_screen(picture: Image.Image, longest: int = SCREEN) -> Image.Image:
    """Make a picture smaller, each pixel the mean of those it stands for; never larger."""
    ratio = longest / max(picture.size)
    if ratio >= 1:
        return picture
    size = tuple(max(1, round(side * ratio)) for side in picture.size)
    return picture.resize((size[0], size[1]), Image.Resampling.BOX)


def photo_url(picture: Image.Image) -> str:
    """Return a data URL of a picture at most `SCREEN` long; a small one without loss."""
    small = for_screen(picture)
    return png_url(small) if max(small.size) <= SCREEN // 10 else _url(small, "JPEG", quality=90)


def png_url(picture: Image.Image) -> str:
    """Return a data URL of a picture, without loss."""
    return _url(picture, "PNG", compress_level=1)


def _url(picture: Image.Image, format: str, **options: int) -> str:
    data = io.BytesIO()
    picture.save(data, format, **options)
    text = base64.b64encode(data.getvalue()).decode("ascii")
    return f"data:image/{format.lower()};base64,{text}"
