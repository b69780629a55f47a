"""Grids for paper, as SVG: a fill that is printed, borders that do without it, black digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

import numpy as np
from PIL import Image, ImageColor

from convviz.export.theme import LIGHT
from convviz.palette import diverging_table
from convviz.screen import png_url

Colour = tuple[int, int, int]

INK, LINE, NOW, PADDING_INK = LIGHT.text, LIGHT.line, LIGHT.now, LIGHT.padding_text
_PALE = 0.5
"""How much of its colour a fill keeps under black digits."""
_COLOURS = 255
_NO_COLOUR: Colour = ImageColor.getrgb(LIGHT.padding)[:3]
"""The ground of padding in the app."""
_TABLE = diverging_table(_COLOURS)
_SMALLEST = 4.8
"""Millimetres of the smallest cell with digits."""
_DIGIT = 0.6
"""Width of a digit, in parts of its size."""


@dataclass(frozen=True)
class Cell:
    """One cell: its text, its colour, and whether it is padding or still to be filled in."""

    text: str = ""
    colour: Colour | None = None
    padding: bool = False


@dataclass(frozen=True)
class Outline:
    """An outline round cells: first row and column, how many rows and columns."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Grid:
    """A table of cells.

    Parameters
    ----------
    label : str
        What it is, for those who hear the sheet.
    cells : list of lists of Cell
    size : float
        Millimetres of a cell.
    headings : (list of str, list of str), optional
        What its rows and its columns are called.
    outlines : tuple of Outline
        Where the accent is.
    """

    label: str
    cells: list[list[Cell]]
    size: float
    headings: tuple[list[str], list[str]] | None = None
    outlines: tuple[Outline, ...] = field(default=())

    def svg(self) -> str:
        """Write it as one SVG element, its units millimetres."""
        margin = 5.0 if self._has_headings else 0.4
        width = len(self.cells[0]) * self.size + margin + 0.4
        height = len(self.cells) * self.size + margin + 0.4
        parts = [
            f'<svg role="img" aria-label="{escape(self.label)}" width="{width:.2f}mm" '
            f'height="{height:.2f}mm" viewBox="{-margin:g} {-margin:g} {width:.2f} {height:.2f}">',
            *self._drawn(),
            *(self._outline(outline) for outline in self.outlines),
            "</svg>",
        ]
        return "".join(parts)

    @property
    def is_fine(self) -> bool:
        """Whether the cells are too small for digits."""
        return self.size < _SMALLEST

    @property
    def _has_headings(self) -> bool:
        return self.headings is not None and not self.is_fine

    def _drawn(self) -> Iterator[str]:
        if self.is_fine:
            yield from self._fine()
            return
        digits = self._digits
        for row, column, cell in self._places():
            x, y = column * self.size, row * self.size
            fill = css(cell.colour, _PALE) if cell.colour else "#fff"
            dashed = ' stroke-dasharray="1 .7"' if cell.padding else ""
            yield (
                f'<rect x="{x:g}" y="{y:g}" width="{self.size:g}" height="{self.size:g}" '
                f'fill="{fill}" stroke="{LINE}" stroke-width="0.25"{dashed}/>'
            )
            if cell.text:
                weight = 400 if cell.padding else 600
                ink = PADDING_INK if cell.padding else INK
                middle = self.size / 2
                yield _text(cell.text, x + middle, y + middle, digits, ink, weight)
        if self.headings is not None:
            yield from self._named(*self.headings)

    def _fine(self) -> Iterator[str]:
        """Draw fills without lines between them, as one picture, and one line round all."""
        fills = [[cell.colour or _NO_COLOUR for cell in line] for line in self.cells]
        picture = Image.fromarray(np.array(fills, np.uint8))
        width, height = len(self.cells[0]) * self.size, len(self.cells) * self.size
        yield (
            f'<image href="{png_url(picture)}" width="{width:g}" height="{height:g}" '
            'preserveAspectRatio="none"/>'
        )
        yield (
            f'<rect width="{width:g}" height="{height:g}" fill="none" stroke="{LINE}" '
            'stroke-width="0.25"/>'
        )

    def _places(self) -> Iterator[tuple[int, int, Cell]]:
        return (
            (row, column, cell)
            for row, line in enumerate(self.cells)
            for column, cell in enumerate(line)
        )

    @property
    def _digits(self) -> float:
        """The size of all digits: that of the longest number."""
        longest = max(len(cell.text) for _, _, cell in self._places())
        return min(0.46 * self.size, 0.82 * self.size / (_DIGIT * max(1, longest)), 4.6)

    def _named(self, rows: list[str], columns: list[str]) -> Iterator[str]:
        size, middle = min(2.6, 0.4 * self.size), self.size / 2
        for at, name in enumerate(rows):
            yield _text(name, -2.4, at * self.size + middle, size, PADDING_INK)
        for at, name in enumerate(columns):
            yield _text(name, at * self.size + middle, -2, size, PADDING_INK)

    def _outline(self, outline: Outline) -> str:
        place = f'x="{outline.column * self.size:g}" y="{outline.row * self.size:g}"'
        size = f'width="{outline.columns * self.size:g}" height="{outline.rows * self.size:g}"'
        return "".join(
            f'<rect {place} {size} fill="none" stroke="{colour}" stroke-width="{wide}"/>'
            for colour, wide in (("#fff", 1.3), (NOW, 0.7))
        )


def signed(value: float, limit: float) -> Colour:
    """Return the diverging colour of a value."""
    share = max(-1.0, min(1.0, value / limit)) if limit > 0 else 0.0
    red, green, blue = _TABLE[round((share + 1) / 2 * (_COLOURS - 1))].tolist()
    return red, green, blue


def grey(value: float, limit: float) -> Colour:
    """Return the grey of a value between 0 and a limit."""
    level = round(255 * max(0.0, min(1.0, value / limit))) if limit > 0 else 0
    return level, level, level


def css(colour: Colour, share: float = 1.0) -> str:
    """Write a colour, mixed with white."""
    return "#" + "".join(f"{round(255 + (part - 255) * share):02X}" for part in colour)


def table(rows: int, columns: int, cell: Callable[[int, int], Cell]) -> list[list[Cell]]:
    """Make the cells of a grid from what makes one of them."""
    return [[cell(row, column) for column in range(columns)] for row in range(rows)]


def _text(text: str, x: float, y: float, size: float, ink: str, weight: int = 400) -> str:
    # The middle of a digit is 0.36 of its size above the line it stands on.
    return (
        f'<text x="{x:.2f}" y="{y + 0.36 * size:.2f}" font-size="{size:.2f}" fill="{ink}" '
        f'font-weight="{weight}" text-anchor="middle">{escape(text)}</text>'
    )
