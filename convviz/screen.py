"""Pictures made small enough for the screen, as the text a browser takes them from."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from convviz.geometry import Pair

SCREEN = 640
"""Longest side, in pixels, of a whole picture as it is sent."""
_AT_ONCE = 2**19


class Rows(Protocol):
    """Numbers that are looked at some rows at a time: an array, or what computes them then."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

    def __getitem__(self, rows: slice, /) -> NDArray[Any]:
        """Return some rows."""


@dataclass(frozen=True, eq=False)
class Made:
    """Rows made when they are looked at.

    Parameters
    ----------
    shape : (int, int)
    make : range -> array
        Makes some rows.
    """

    shape: Pair
    make: Callable[[range], NDArray[Any]]

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        """Make some rows."""
        return self.make(range(*rows.indices(self.shape[0])))


def for_screen(picture: Image.Image, longest: int = SCREEN) -> Image.Image:
    """Make a picture smaller, each pixel the mean of those it stands for; never larger."""
    ratio = longest / max(picture.size)
    if ratio >= 1:
        return picture
    size = tuple(max(1, round(side * ratio)) for side in picture.size)
    return picture.resize((size[0], size[1]), Image.Resampling.BOX)


def shrunk(
    values: Rows, longest: int, shown: Callable[[NDArray[Any]], NDArray[Any]]
) -> NDArray[np.float32]:
    """Make what is shown of an array smaller, as `for_screen` does, some rows at a time.

    Parameters
    ----------
    values : Rows
        (H, W); each row is looked at once, or twice at the edge of what is looked at together.
    longest : int
        Most pixels along a side.
    shown : array -> array
        Applied to each number, before the mean.

    Returns
    -------
    (h, w) float32 array
    """
    rows, columns = values.shape
    ratio = min(1.0, longest / max(rows, columns))
    height, width = (max(1, round(side * ratio)) for side in (rows, columns))
    small, step = np.empty((height, width), np.float32), rows / height
    # Pillow copies the numbers it is given: of few rows at a time that costs no memory.
    count = max(1, int(_AT_ONCE * height / (rows * columns)))
    for first in range(0, height, count):
        last = min(first + count, height)
        top, bottom = first * step, min(last * step, float(rows))
        begin, end = int(top), math.ceil(bottom)
        band = Image.fromarray(shown(values[begin:end]).astype(np.float32, copy=False))
        box = (0.0, top - begin, float(columns), bottom - begin)
        small[first:last] = np.asarray(
            band.resize((width, last - first), Image.Resampling.BOX, box)
        )
    return small


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
    return data_url(data.getvalue(), f"image/{format.lower()}")


def data_url(data: bytes, kind: str) -> str:
    """Return a data URL of what a file holds.

    Parameters
    ----------
    data : bytes
    kind : str
        Its media type: "image/png".
    """
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
