"""Copies of padded rows, each some columns further on, straight from the image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout, sliced, view

# An image of fewer numbers is copied piece by piece sooner than as one view.
LEAST_VIEWED = 100_000
# What is slow to read is converted before it is copied, so many numbers at a time.
CONVERTED = 6_000
# Kinds and sizes of numbers that take long to convert.
SLOW = (("f", 2), ("i", 8), ("u", 8))


class Piece(NamedTuple):
    """Some columns of one copy, and the columns that they hold; None is the fill value."""

    copy: int
    place: slice
    source: slice | NDArray[np.intp] | None


class Tile(NamedTuple):
    """What the copies of one tile hold.

    Attributes
    ----------
    first : int
        The padded column at which they begin.
    columns : slice
        All image columns in them.
    inner, edges : list of Piece
        Parts of these columns; and what lies in the padding, from all columns of the image.
    """

    first: int
    columns: slice
    inner: list[Piece]
    edges: list[Piece]


class Copies:
    """What to copy of each padded row and channel, for one tile of columns after the other.

    Parameters
    ----------
    layout : Layout
    count : int
        Copies, each one gap further on.
    tiles : list of (int, int)
        The output column at which a tile begins, and the columns of its copies.
    spare : int
        The last so many copies lack so many gaps at their end: there the padded row has ended.

    Notes
    -----
    The rows of an image lie end to end. So a copy that begins in the padding may read the end of
    the row above, and one that ends in it the beginning of the row below: then all copies of many
    rows are one view of the image, and what lies in the padding is written over. Rows without
    such neighbours, and those of another dtype or memory layout, are copied piece by piece.
    """

    def __init__(
        self, layout: Layout, count: int, tiles: list[tuple[int, int]], spare: int = 0
    ) -> None:
        self.layout = layout
        less = spare * layout.gap[1]
        # Copies, and how much of a tile they fill.
        self.parts = [(slice(0, count - spare), slice(None))]
        if spare:
            self.parts.append((slice(count - spare, count), slice(None, -less)))
        self.tiles = [
            _tile(layout, begin, [columns] * (count - spare) + [columns - less] * spare)
            for begin, columns in tiles
        ]
        width = layout.image[1]
        # Rows that a view of a row reads above and below, at most.
        self.above = min(-(-layout.left // width), layout.image[0])
        self.below = (layout.width - 1 - layout.left) // width

    def strips(
        self, image: NDArray[Any], rows: int, dtype: np.dtype[Any]
    ) -> Callable[[int], CopiedStrip]:
        """Give what makes a strip, as `Layout.strips` does; here it is what copies its rows."""
        planes, length = image.transpose(0, 2, 1), self.layout.reach(rows)
        same = image.dtype == dtype and planes.flags.c_contiguous
        viewed = same and image.size >= LEAST_VIEWED
        # Numbers that lie apart take long to read.
        kind, size = image.dtype.kind, image.dtype.itemsize
        slow = (kind, size) in SLOW or planes.strides[2] != size
        converted = dtype if slow else None
        return lambda first: CopiedStrip(self, planes, first, length, viewed, converted)

    def copy_viewed(self, planes: NDArray[Any], row: int, tile: Tile, into: NDArray[Any]) -> None:
        """Copy image rows (H, depth, W) that lie end to end, from one of them on."""
        # Not the strides of the array: along an axis of length 1 they may be anything.
        cell, (_, depth, width) = planes.itemsize, planes.shape
        across, gap = self.layout.stride[1] * cell, self.layout.gap[1] * cell
        steps = depth * width * cell, width * cell, gap, across
        begin = row * steps[0] + (tile.first - self.layout.left) * cell
        for copies, columns in self.parts:
            part = into[:, :, copies, columns]
            part[...] = view(planes, part.shape, steps, begin + copies.start * gap)


class CopiedStrip:
    """The rows of one strip: called with a tile, it fills an array with their copies.

    Parameters
    ----------
    copies : Copies
    planes : (H, depth, W) array
        The image.
    first, length : int
        The padded row to begin with, and how many.
    viewed : bool
        Whether many rows may be copied as one view of the image.
    converted : numpy.dtype or None
        What rows are converted to first.
    """

    def __init__(
        self,
        copies: Copies,
        planes: NDArray[Any],
        first: int,
        length: int,
        viewed: bool,
        converted: np.dtype[Any] | None,
    ) -> None:
        self.copies, self.planes, self.converted = copies, planes, converted
        self.sources = copies.layout.rows[first : first + length]
        # The image row that lies, or would lie, in the first row of the strip.
        self.row, self.length = first - copies.layout.top, length
        # Rows of the strip that are image rows, and those of them that have all neighbours.
        self.inside = self._places(0, len(planes))
        above = copies.above if viewed else len(planes)
        self.viewed = self._places(above, len(planes) - copies.below)

    def _places(self, begin: int, end: int) -> slice:
        """Say in which rows of the strip these image rows lie."""
        first = min(max(begin - self.row, 0), self.length)
        return slice(first, min(max(end - self.row, first), self.length))

    def __call__(self, number: int, into: NDArray[Any]) -> None:
        """Fill (length, depth, copies, columns) with the tile of this number."""
        copies, tile, row = self.copies, self.copies.tiles[number], self.row
        viewed, inside = self.viewed, self.inside
        if viewed.start < viewed.stop:
            copies.copy_viewed(self.planes, row + viewed.start, tile, into[viewed])
            self._pad(row + viewed.start, tile, into[viewed])
        for begin, end in ((inside.start, viewed.start), (viewed.stop, inside.stop)):
            if begin < end:
                self._copy(row + begin, tile, into[begin:end])
        for begin, end in ((0, inside.start), (inside.stop, self.length)):
            if not copies.layout.constant:
                self._repeat(range(begin, end), tile, into)
            elif begin < end:
                for part, columns in copies.parts:
                    into[begin:end, :, part, columns] = copies.layout.fill

    def _repeat(self, places: range, tile: Tile, into: NDArray[Any]) -> None:
        """Fill padded rows with the image rows that they repeat."""
        for place in places:
            source = int(self.sources[place])
            if self.inside.start <= source - self.row < self.inside.stop:
                into[place] = into[source - self.row]
            else:
                self._copy(source, tile, into[place : place + 1])

    def _copy(self, row: int, tile: Tile, into: NDArray[Any]) -> None:
        """Copy as many image rows as `into` has, from this one on."""
        rows, most = self.planes[row : row + len(into), :, tile.columns], len(into)
        if self.converted is not None:
            most = max(CONVERTED // max(rows[0].size, 1), 1)
        for begin in range(0, len(into), most):
            some = rows[begin : begin + most]
            if self.converted is not None:
                some = some.astype(self.converted, order="C")
            self._write(tile.inner, some, into[begin : begin + most])
        self._pad(row, tile, into)

    def _pad(self, row: int, tile: Tile, into: NDArray[Any]) -> None:
        self._write(tile.edges, self.planes[row : row + len(into)], into)

    def _write(self, pieces: list[Piece], rows: NDArray[Any], into: NDArray[Any]) -> None:
        for piece in pieces:
            fill = piece.source is None
            source = self.copies.layout.fill if fill else rows[..., piece.source]
            into[:, :, piece.copy, piece.place] = source


def _tile(layout: Layout, begin: int, columns: list[int]) -> Tile:
    """Divide copies that begin with an output column, and have so many, into their pieces."""
    across, width = layout.stride[1], layout.image[1]
    held: list[tuple[int, slice, range]] = []
    edges: list[Piece] = []
    for copy, end in enumerate(columns):
        # From the first image column to its padded column.
        first = begin * across + copy * layout.gap[1] - layout.left
        left = min(max(-(first // across), 0), end)
        right = min(max(-((first - width) // across), left), end)
        if left < right:
            inner = range(first + left * across, first + right * across, across)
            held.append((copy, slice(left, right), inner))
        for place in (slice(0, left), slice(right, end)):
            if place.start < place.stop:
                padded = layout.columns[layout.left + first :: across][place]
                edges.append(Piece(copy, place, None if layout.constant else sliced(padded)))
    start = min((inner[0] for *_, inner in held), default=0)
    stop = max((inner[-1] + 1 for *_, inner in held), default=start)
    pieces = [
        Piece(copy, place, slice(inner[0] - start, inner[-1] + 1 - start, across))
        for copy, place, inner in held
    ]
    return Tile(begin * across, slice(start, stop), pieces, edges)
