"""A drawing as a picture, by Pillow; and a film, in which only what changed is drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import ceil, floor
from typing import Any

from PIL import Image, ImageDraw

from convviz.export.drawing import (
    Box,
    Dashes,
    Drawing,
    Hatch,
    Polygon,
    Rect,
    Text,
)
from convviz.export.lettering import BARS, DASH, TIMES, font, length, runs
from convviz.notation import MINUS

_BOLD = 0.02
"""Width of the line round a bold letter, in parts of its size: the font has one weight only."""
_BOLD_FROM = 11
"""Smaller letters would only blur."""
_HALVES = {TIMES: 0.16, MINUS: 0.2, DASH: 0.23}
"""How far the signs that the font lacks reach from their middle, in parts of the size."""
_RIM = 1
"""Room round the letters of a mask, in parts of the size: for halos."""
_PLACES = 4
"""Letters begin at whole pixels or so many parts of one."""
_FINER = 4
"""How much larger round things are drawn before they are made smaller, and so smooth."""


def picture(drawing: Drawing) -> Image.Image:
    """Draw a drawing.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    PIL.Image.Image
        RGB, of the drawing's width and height.
    """
    return Film().show(drawing)


class Film:
    """One picture that shows one drawing after the other.

    Attributes
    ----------
    image : PIL.Image.Image
        RGB; the same picture for all drawings of one size.
    parts : tuple of Box
        Where the last drawing was drawn: what differs from the one before lies in these.
    """

    def __init__(self) -> None:
        self.shown: Drawing | None = None
        self.image = Image.new("RGB", (1, 1))
        self.parts: tuple[Box, ...] = ()

    def show(self, drawing: Drawing) -> Image.Image:
        """Draw what differs from the drawing before."""
        whole = Box(0, 0, drawing.width, drawing.height)
        if self.shown is None or self.image.size != whole[2:]:
            self.image = Image.new("RGB", whole[2:])
            self.parts = (whole,)
        else:
            pairs = zip(drawing.layers, self.shown.layers, strict=True)
            changes = (new.changed(old) for new, old in pairs)
            self.parts = tuple(change.cut(whole) for change in changes if change)
        for part in self.parts:
            self.image.paste(_part(drawing, part), part[:2])
        self.shown = drawing
        return self.image


def _part(drawing: Drawing, part: Box) -> Image.Image:
    """Draw what lies in a box."""
    image = Image.new("RGB", (part.right - part.left, part.bottom - part.top), drawing.ground)
    pen = ImageDraw.Draw(image)
    for layer in drawing.layers:
        if layer.box is None or not layer.box.meets(part):
            continue
        for item, box in zip(layer.items, layer.boxes, strict=True):
            if box.meets(part):
                _PAINT[type(item)](pen, item, part.left, part.top)
    return image


def _rect(pen: ImageDraw.ImageDraw, item: Rect, left: int, top: int) -> None:
    x, y = item.x - left, item.y - top
    box = (x, y, x + item.width - 1, y + item.height - 1)
    if not item.radius:
        pen.rectangle(box, item.fill, item.line, item.thickness)
        return
    shape = item.width, item.height, item.radius
    if item.fill:
        pen.bitmap((x, y), _rounded(*shape, 0), item.fill)
    if item.line:
        pen.bitmap((x, y), _rounded(*shape, item.thickness), item.line)


@lru_cache(maxsize=256)
def _rounded(width: int, height: int, radius: int, ring: int) -> Image.Image:
    """Draw the mask of a rectangle with round corners, or of the ring of its line."""
    mask = Image.new("L", (width * _FINER, height * _FINER))
    corners = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(
        corners, radius * _FINER, None if ring else 255, 255, ring * _FINER
    )
    return mask.resize((width, height), Image.Resampling.BOX)


def _dashes(pen: ImageDraw.ImageDraw, item: Dashes, left: int, top: int) -> None:
    x, y = item.x - left, item.y - top
    along, thick = max(item.width, item.height), min(item.width, item.height)
    on, off = (part * thick for part in item.dash)
    for start in range(0, along, on + off):
        reach = min(on, along - start)
        if item.width >= item.height:
            box = (x + start, y, x + start + reach - 1, y + thick - 1)
        else:
            box = (x, y + start, x + thick - 1, y + start + reach - 1)
        pen.rectangle(box, item.colour)


def _hatch(pen: ImageDraw.ImageDraw, item: Hatch, left: int, top: int) -> None:
    """Draw the lines on a mask of their own, which cuts them off."""
    x, y = item.x - left, item.y - top
    mask = Image.new("L", (item.width, item.height))
    lines = ImageDraw.Draw(mask)
    # All lines lie on x + y = a multiple of the gap, whatever the cell.
    for start in range(-((item.x + item.y) % item.gap), item.width + item.height, item.gap):
        lines.line((start, 0, start - item.height, item.height), 255, item.thickness)
    pen.rectangle((x, y, x + item.width - 1, y + item.height - 1), item.ground)
    pen.bitmap((x, y), mask, item.line)


def _polygon(pen: ImageDraw.ImageDraw, item: Polygon, left: int, top: int) -> None:
    points = [(x - left, y - top) for x, y in item.points]
    pen.polygon(points, item.fill, item.casing)


def _text(pen: ImageDraw.ImageDraw, item: Text, left: int, top: int) -> None:
    wide = _BOLD * item.size if item.bold and item.size >= _BOLD_FROM else 0.0
    start = round(item.left * _PLACES)
    whole = start // _PLACES - left - _RIM * item.size, round(item.y) - top - item.size
    if item.halo:
        halo = wide + max(1.5, 0.16 * item.size)
        pen.bitmap(whole, _letters(item.text, item.size, halo, start % _PLACES), item.halo)
    pen.bitmap(whole, _letters(item.text, item.size, wide, start % _PLACES), item.fill)


@lru_cache(maxsize=4096)
def _letters(text: str, size: int, wide: float, start: int) -> Image.Image:
    """Draw letters, `wide` pixels bolder all round, on a mask with the baseline at `size`.

    They begin at `start` / _PLACES pixels, a rim from the left. Signs that the font lacks are bars.
    """
    rim = _RIM * size
    mask = Image.new("L", (ceil(length(text, size)) + 2 * rim + 1, 2 * size))
    pen, x = ImageDraw.Draw(mask), rim + start / _PLACES
    for run in runs(text):
        if run in BARS:
            _bar(pen, run, x, size, wide)
            x += BARS[run] * size
        else:
            pen.text((x, size), run, 255, font(size), "ls", stroke_width=wide)
            x += font(size).getlength(run)
    return mask


def _bar(pen: ImageDraw.ImageDraw, sign: str, x: float, size: int, wide: float) -> None:
    """Draw a minus, a multiplication sign or a dash, smooth: larger, then smaller."""
    side, left = 2 * size, floor(x)
    large = Image.new("L", (side * _FINER, side * _FINER))
    bars = ImageDraw.Draw(large)
    thick = _FINER * (0.085 * size + 2 * wide) / 2
    middle = _FINER * (size + x - left), _FINER * size
    half = _FINER * (_HALVES[sign] * size + wide)
    if sign == TIMES:
        for rise in (half, -half):
            ends = (middle[0] - half, middle[1] - rise, middle[0] + half, middle[1] + rise)
            bars.line(ends, 255, round(2 * thick))
    else:
        corner = middle[0] + half, middle[1] + thick
        bars.rectangle((middle[0] - half, middle[1] - thick, *corner), 255)
    small = large.resize((side, side), Image.Resampling.BOX)
    centre = left + round(BARS[sign] * size / 2), round(0.67 * size)
    pen.bitmap((centre[0] - size, centre[1] - size), small, 255)


_PAINT: dict[type, Callable[[ImageDraw.ImageDraw, Any, int, int], None]] = {
    Rect: _rect,
    Dashes: _dashes,
    Hatch: _hatch,
    Polygon: _polygon,
    Text: _text,
}
