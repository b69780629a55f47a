"""The grids of a frame as lists of items: cells, textures, outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from convviz.export.drawing import Dashes, Hatch, Item, Polygon, Rect, Text, dashed
from convviz.export.layout import Grid, Measures
from convviz.export.lettering import fitting, length
from convviz.export.looks import Look
from convviz.export.theme import Theme

DASHED, DOTTED = (4, 3), (2, 3)
_NUMBER, _SMALL_NUMBER = 0.4, 0.44
_CROWDED = 32
"""Cells smaller than this have finer outlines and larger digits, for what they are."""
_LIFT = 0.12
_HEIGHT = 0.36
"""Half the height of a digit, in parts of its size."""
_NO_ROOM = "…"
_CORNERS = 24
"""Cells from this size on, in pixels, have room for a weight beside their number."""


@dataclass(frozen=True)
class Pen:
    """Draws cells in the colours of a theme, at the sizes of a frame."""

    theme: Theme
    measures: Measures

    def cell(self, grid: Grid, row: int, column: int, look: Look, weight: str = "") -> list[Item]:
        """Return one cell; with a weight, which stands in its corner, the number gives way."""
        x, y = grid.at(row, column)
        side = grid.size + grid.rim
        line = None if grid.fine else self.theme.line
        items: list[Item] = [Rect(x, y, side, side, look.fill, line, grid.line)]
        if look.hatch:
            items = self._padding(grid, x, y, look)
        if grid.digits:
            items += self._digits(grid, x, y, look, weight)
        return items

    def _padding(self, grid: Grid, x: int, y: int, look: Look) -> list[Item]:
        side, gap = grid.size + grid.rim, self.measures.scaled(8, 6)
        hatch = Hatch(x, y, side, side, look.fill, look.hatch or "", gap, grid.line)
        if grid.fine:
            return [hatch]
        return [hatch, *dashed(Rect(x, y, side, side, None, self.theme.line, grid.line), DASHED)]

    def _digits(self, grid: Grid, x: int, y: int, look: Look, weight: str) -> list[Item]:
        halo = look.fill if look.hatch else None
        lift = _LIFT * grid.size if weight else 0
        middle = x + (grid.size + grid.rim) / 2
        size = max(8, round((_NUMBER if grid.size >= _CROWDED else _SMALL_NUMBER) * grid.size))
        text, size = fitted(look.text, size, grid.room)
        base = y + (grid.size + grid.rim) / 2 - lift + _HEIGHT * size
        items: list[Item] = [
            Text(middle, round(base), text, size, look.ink, "middle", bold=True, halo=halo)
        ]
        if weight:
            inset = corner_inset(grid)
            right, bottom = x + grid.size + grid.rim - inset, y + grid.size + grid.rim - inset
            small = corner_size(grid)
            items.append(Text(right, bottom, weight, small, look.ink, "end", bold=True, halo=halo))
        return items

    def empty(self, grid: Grid) -> list[Item]:
        """Return a grid in which nothing is computed yet: dotted lines."""
        left, top, right, bottom = self._edges(grid)
        rows, columns = (range(1, 1 if grid.fine else end) for end in (grid.rows, grid.columns))
        thick, colour = grid.line, self.theme.line
        whole = Rect(left, top, right - left, bottom - top, None, colour, thick)
        return [
            *dashed(whole, DOTTED),
            *(Dashes(left, grid.at(row, 0)[1], right - left, thick, colour, DOTTED)
              for row in rows),
            *(Dashes(grid.at(0, column)[0], top, thick, bottom - top, colour, DOTTED)
              for column in columns),
        ]  # fmt: skip

    def edge(self, grid: Grid) -> list[Item]:
        """Return the line round a grid whose cells have none."""
        left, top, right, bottom = self._edges(grid)
        rect = Rect(left, top, right - left, bottom - top, None, self.theme.line, grid.line)
        return [rect] if grid.fine else []

    def _edges(self, grid: Grid) -> tuple[int, int, int, int]:
        out = grid.line if grid.fine else 0
        width, height = grid.columns * grid.size, grid.rows * grid.size
        return grid.x - out, grid.y - out, grid.x + width + grid.line, grid.y + height + grid.line

    def outline(
        self, grid: Grid, row: int, column: int, rows: int = 1, columns: int = 1
    ) -> list[Item]:
        """Return the outline that says "now" round some cells, with its casing."""
        x, y = grid.at(row, column)
        crowded = grid.size < _CROWDED
        thick = max(2, self.measures.outline // 2) if crowded else self.measures.outline
        casing, out = max(1, self.measures.casing // (2 if crowded else 1)), thick // 2
        width, height = columns * grid.size + grid.rim, rows * grid.size + grid.rim
        outer, inner = out + casing, thick + 2 * casing
        return [
            Rect(x - outer, y - outer, width + 2 * outer, height + 2 * outer,
                 None, self.theme.page, inner),
            Rect(x - out, y - out, width + 2 * out, height + 2 * out,
                 None, self.theme.now, thick),
        ]  # fmt: skip

    def tapped(self, grid: Grid, row: int, column: int) -> Item:
        """Return the thin outline of a cell that a dilated kernel meets, inside it."""
        x, y = grid.at(row, column)
        side, thick = grid.size - grid.line, self.measures.scaled(2, 1)
        return Rect(x + grid.line, y + grid.line, side, side, None, self.theme.now, thick)

    def dot(self, grid: Grid, row: int, column: int) -> list[Item]:
        """Return the dot on a cell that padding was copied from."""
        x, y = grid.at(row, column)
        across = max(4, round(0.14 * grid.size))
        left, top = x + grid.size - across - grid.line - 1, y + grid.rim + grid.line + 1
        casing = self.theme.page
        return [
            Rect(left - 1, top - 1, across + 2, across + 2, casing, radius=across // 2 + 1),
            Rect(left, top, across, across, self.theme.text, radius=across // 2),
        ]

    def stop(self, grid: Grid, row: int, column: int) -> Item:
        """Return the mark at the corner of a cell where a window will stop."""
        x, y = (value + grid.rim for value in grid.at(row, column))
        leg = min(self.measures.scaled(9, 6), grid.size // 3)
        return Polygon(((x, y), (x + leg, y), (x, y + leg)), self.theme.text, self.theme.page)

    def struck(self, grid: Grid, row: int, column: int) -> list[Item]:
        """Return the strokes on a cell that no window reaches."""
        x, y = grid.at(row, column)
        stroke = max(3, round(0.26 * grid.size))
        thick = max(1, self.measures.scaled(1.5, 1))
        starts = (2, grid.size - stroke - 2)
        return [
            Polygon(
                ((x + a, y + a), (x + a + thick, y + a), (x + a + stroke, y + a + stroke - thick),
                 (x + a + stroke, y + a + stroke), (x + a + stroke - thick, y + a + stroke),
                 (x + a, y + a + thick)),
                self.theme.text, self.theme.page,
            )
            for a in starts
        ]  # fmt: skip


def fitted(text: str, size: int, room: float) -> tuple[str, int]:
    """Return a text and the size at which it fits; dots where it would be too small to read."""
    found = fitting(text, size, room)
    return (text, found) if found else (_NO_ROOM, fitting(_NO_ROOM, size, room, 1))


def corner_size(grid: Grid) -> int:
    """Return the size of the weight in the corner of a covered cell."""
    return max(8, round(0.19 * grid.size))


def corner_inset(grid: Grid) -> int:
    """Return how far that weight stands from the cell's edges."""
    return 2 * grid.line + max(3, round(0.09 * grid.size))


def has_corners(grid: Grid, weights: Sequence[str]) -> bool:
    """Tell whether all weights can be read in the corners of cells."""
    room = grid.size - 2 * corner_inset(grid)
    size = corner_size(grid)
    return (
        grid.digits
        and grid.size >= _CORNERS
        and all(length(text, size) <= room for text in set(weights))
    )
