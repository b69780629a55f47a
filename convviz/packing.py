"""Numbers and pixels as the text of a link, and back: bounded, checked, nothing evaluated.

========================== ==========================================================
``1,2,1_2,4,2_1,2,1``      a matrix: ``,`` between columns, ``_`` between rows
``1/16*1,2,1_2,4,2``       with a factor in front
``z.eJwz1DHU...``          the same text, packed: base64url of zlib, without ``=``
``2x3.eJzz...``            a picture of 2 x 3 pixels, packed: R, G, B of each, row by row
``2x3g.eJzz...``           a grey one: one byte a pixel
========================== ==========================================================
"""

from __future__ import annotations

import base64
import re
import zlib

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Pair
from convviz.matrices import MAX_TEXT, Matrix

MAX_SIDE = 32
"""Rows, and columns, of a picture that may travel in a link."""

_PACKED = "z."
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_PIXELS = re.compile(r"([0-9]{1,2})x([0-9]{1,2})(g?)\.(.+)")
_SHAPE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


def pack(data: bytes) -> str:
    """Compress bytes (zlib) and write them in the letters that need no escape in a link."""
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).decode("ascii").rstrip("=")


def unpack(text: str, most: int) -> bytes:
    """Read what `pack` wrote.

    Parameters
    ----------
    text : str
    most : int
        The most bytes to make of it; the work is bounded by that, whatever the text says.

    Raises
    ------
    ValueError
        If the text is something else, or holds more.
    """
    if not _BASE64URL.fullmatch(text):
        raise ValueError("The packed text holds other characters than A-Z, a-z, 0-9, - and _.")
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), most + 1)
    except (ValueError, zlib.error):
        raise ValueError("The packed text is damaged: copy the whole link.") from None
    if len(data) > most:
        raise ValueError(f"The packed text holds more than {most} bytes.")
    if not stream.eof or stream.unused_data:
        raise ValueError("The packed text is cut short or too long: copy the whole link.")
    return data


def matrix_text(matrix: Matrix) -> str:
    """Write a matrix as a link does, not packed."""
    rows = "_".join(",".join(row) for row in matrix.cells)
    return rows if matrix.factor == "1" else f"{matrix.factor}*{rows}"


def shorter(text: str) -> str:
    """Pack the text of a matrix, if that is shorter and can be read back."""
    if len(text) > MAX_TEXT:
        return text
    return min(text, _PACKED + pack(text.encode("ascii")), key=len)


def read_matrix(text: str, most: Pair) -> Matrix:
    """Read a matrix, packed or not.

    Parameters
    ----------
    text : str
    most : (int, int)
        The most rows and columns.

    Raises
    ------
    ValueError
        With a sentence that says what is wrong; a MatrixError where a number is.
    """
    if text.startswith(_PACKED):
        # latin-1 takes every byte; what is not ASCII is then no number.
        text = unpack(text.removeprefix(_PACKED), MAX_TEXT).decode("latin-1")
    factor, star, rows = text.rpartition("*")
    cells = tuple(tuple(row.split(",")) for row in rows.split("_"))
    shape = len(cells), max(map(len, cells))
    if shape[0] > most[0] or shape[1] > most[1]:
        raise ValueError(f"It is {shape[0]} × {shape[1]}: at most {most[0]} × {most[1]} fit.")
    return Matrix(cells, factor if star else "1")


def pixel_text(pixels: NDArray[np.uint8]) -> str:
    """Write a picture, uint8 (H, W, 3) of at most 32 x 32; a grey one in a third of the bytes."""
    rows, columns = pixels.shape[:2]
    is_grey = bool((pixels == pixels[:, :, :1]).all())
    data = pixels[:, :, 0] if is_grey else pixels
    return f"{rows}x{columns}{'g' if is_grey else ''}.{pack(data.tobytes())}"


def read_pixels(text: str) -> NDArray[np.uint8]:
    """Read a picture.

    Returns
    -------
    ndarray
        uint8 (H, W, 3), at most 32 x 32; R, G and B of a grey one are equal.

    Raises
    ------
    ValueError
        With a sentence that says what is wrong.
    """
    found = _PIXELS.fullmatch(text)
    if not found:
        raise ValueError("A picture is written as its shape, a point and its packed pixels.")
    rows, columns, channels = int(found[1]), int(found[2]), 1 if found[3] else 3
    if not (1 <= rows <= MAX_SIDE and 1 <= columns <= MAX_SIDE):
        raise ValueError(f"It is {rows} × {columns}: 1 × 1 to {MAX_SIDE} × {MAX_SIDE} travel.")
    size = rows * columns * channels
    data = unpack(found[4], size)
    if len(data) != size:
        raise ValueError(f"It holds {len(data)} bytes where {rows} × {columns} pixels take {size}.")
    pixels = np.frombuffer(data, np.uint8).reshape(rows, columns, channels)
    return np.repeat(pixels, 3, axis=2) if channels == 1 else pixels


def shape_text(shape: Pair) -> str:
    """Write rows and columns: ``2x3``."""
    return f"{shape[0]}x{shape[1]}"


def read_shape(text: str) -> Pair | None:
    """Read rows and columns, 1 or more each; None for any other text."""
    found = _SHAPE.fullmatch(text)
    shape = (int(found[1]), int(found[2])) if found else (0, 0)
    return shape if min(shape) >= 1 else None
