"""A GIF, written frame by frame: one palette for all, and of each frame only what changed.

Pillow compresses; its own writer of animations would keep every frame in memory first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image, ImageColor

from convviz.export.drawing import Box, around
from convviz.export.raster import Film
from convviz.export.theme import Theme
from convviz.palette import diverging, grey

_GREYS: Final = 64
_SIGNED: Final = 125
_BLENDS: Final = 6
_SAME: Final = 255
"""The entry that stands for "as before"; no colour has it."""
_UNKNOWN: Final = 255
_LOOP: Final = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"

Pixels = NDArray[np.uint8]


def colours(theme: Theme) -> list[tuple[int, int, int]]:
    """Return the colours of every frame: values, tokens, and the rims of letters between them.

    A palette taken from some frames might miss what comes later; this one is known beforehand.
    """
    tokens = list(dict.fromkeys(vars(theme).values()))
    names = tokens + [grey(at / (_GREYS - 1)) for at in range(_GREYS)]
    names += [diverging(2 * at / (_SIGNED - 1) - 1) for at in range(_SIGNED)]
    inks = ((theme.text, theme.page), (theme.text, theme.surface), (theme.muted, theme.page),
            (theme.muted, theme.surface), (theme.now, theme.page), (theme.now, theme.surface),
            (theme.line, theme.surface))  # fmt: skip
    mixed = [blend for ink, ground in inks for blend in _between(ink, ground)]
    found = [ImageColor.getrgb(name)[:3] for name in names]
    return list(dict.fromkeys([*found, *mixed]))[:_SAME]


def _between(ink: str, ground: str) -> Iterator[tuple[int, int, int]]:
    ends = np.array([ImageColor.getrgb(ink)[:3], ImageColor.getrgb(ground)[:3]], float)
    for part in np.linspace(0, 1, _BLENDS + 2)[1:-1]:
        red, green, blue = np.rint(ends[0] + part * (ends[1] - ends[0])).astype(int).tolist()
        yield red, green, blue


class Gif:
    """Writes the parts of one GIF, in order: `header`, each frame with `part`, `END`.

    Parameters
    ----------
    theme : Theme
    """

    END = b";"

    def __init__(self, theme: Theme) -> None:
        self.palette = np.array(colours(theme), np.uint8)
        self.entries = np.full(2**24, _UNKNOWN, np.uint8)
        self.shown: Pixels | None = None

    def header(self, size: tuple[int, int]) -> bytes:
        """Return what stands before the frames: their size, their colours, and no last round."""
        table = np.zeros((256, 3), np.uint8)
        table[: len(self.palette)] = self.palette
        screen = b"".join(length.to_bytes(2, "little") for length in size)
        return b"GIF89a" + screen + b"\xf7\x00\x00" + table.tobytes() + _LOOP

    def part(self, film: Film, milliseconds: int) -> bytes:
        """Return a frame: the box of what differs from the one before, the rest left as it is."""
        if self.shown is None:
            self.shown = self._indexed(film.image)
            return _frame(self.shown, (0, 0), milliseconds)
        left, top, right, bottom = around(film.parts) or Box(0, 0, 1, 1)
        window = self.shown[top:bottom, left:right]
        before = window.copy()
        for part in film.parts:
            rows, columns = slice(part.top, part.bottom), slice(part.left, part.right)
            self.shown[rows, columns] = self._indexed(film.image.crop(part))
        changes = np.where(window == before, np.uint8(_SAME), window)
        return _frame(changes, (left, top), milliseconds)

    def _indexed(self, picture: Image.Image) -> Pixels:
        """Return the palette's entry for each pixel, (H, W)."""
        rgbx = np.asarray(picture.convert("RGBX"))
        packed = rgbx.view("<u4")[..., 0] & 0xFFFFFF
        entries: Pixels = self.entries[packed]
        if (new := np.unique(packed[entries == _UNKNOWN])).size:
            self.entries[new] = self._nearest(new)
            entries = self.entries[packed]
        return entries

    def _nearest(self, packed: NDArray[np.uint32]) -> Pixels:
        found = np.stack([packed & 255, packed >> 8 & 255, packed >> 16], axis=1).astype(int)
        away = (found[:, np.newaxis] - self.palette.astype(int)) ** 2
        nearest: Pixels = away.sum(axis=2).argmin(axis=1).astype(np.uint8)
        return nearest


def _frame(entries: Pixels, place: tuple[int, int], milliseconds: int) -> bytes:
    """Compress a piece of a frame; it stays when the next comes."""
    image = Image.fromarray(np.ascontiguousarray(entries))
    options = {"duration": milliseconds, "transparency": _SAME, "disposal": 1}
    # Not documented, but the one way to have Pillow compress a frame without writing a whole file.
    return b"".join(GifImagePlugin.getdata(image, place, **options))
