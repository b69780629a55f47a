"""Copies of padded rows, each some columns further on, straight from the image."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convviz.methods.copied_tile import Part, Tile, columns_from, tile_of
from convviz.methods.layout import Layout, copy_columns, view

# An image of fewer numbers is copied piece by piece sooner than as one view.
LEAST_VIEWED = 100_000
# What is slow to read is converted before it is copied, so many numbers at a time.
CONVERTED = 6_000
# Of one row of many channels so many, for each part of them reads all of its memory.
CONVERTED_DEEP = 24_000
# What to copy is kept for so many copies of all tiles: of more it would take much memory.
KEPT_COPIES = 40
# Kinds and sizes of numbers that take long to convert.
SLOW = (("f", 2), ("i", 8), ("u", 8))

ALL = slice(None)
# From one row to another, not included.
Rows = tuple[int, int]
# A place in the copies of a strip, and what of its image rows goes there; None is the fill value.
Move = tuple[tuple[slice, slice, int | slice, slice], tuple[Any, ...] | None]


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

    Attributes
    ----------
    spans : list of (int, int)
        The tiles.
    few : bool
        Whether there are so few copies in all that what is worked out for each tile is kept.

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
        # Copies, and what they lack.
        self.parts = [Part(0, count - spare, 0)]
        if spare:
            self.parts.append(Part(count - spare, count, less))
        self.spans = tiles
        self.few = len(tiles) * count <= KEPT_COPIES
        width = layout.image[1]
        # Rows that a view of a row reads above and below, at most.
        self.above = min(-(-layout.left // width), layout.image[0])
        self.below = min((layout.width - 1 - layout.left) // width, layout.image[0] - self.above)
        # Made when first asked for, perhaps by several threads: they make the same.
        self._tiles: dict[int, Tile] = {}
        self._moves: dict[tuple[Any, ...], list[Move]] = {}

    def tile(self, number: int) -> Tile:
        """Say what the copies of a tile hold."""
        if number in self._tiles:
            return self._tiles[number]
        begin, columns = self.spans[number]
        lacking = [columns - part.less for part in self.parts for _ in range(part.begin, part.end)]
        tile = tile_of(self.layout, begin, lacking)
        if self.few:
            self._tiles[number] = tile
        return tile

    def _in_padding(self, number: int) -> bool:
        """Whether some of a tile's copies lie in the padding to the left or right."""
        layout, (begin, columns) = self.layout, self.spans[number]
        first = begin * layout.stride[1]
        last = first + (columns - 1) * layout.stride[1] + (self.parts[-1].end - 1) * layout.gap[1]
        return first < layout.left or last >= layout.left + layout.image[1]

    def moves(
        self, number: int, length: int, inside: Rows, viewed: Rows, converted: bool
    ) -> Iterable[Move]:
        """Give what to copy to a strip besides what is viewed, or converted first.

        Parameters
        ----------
        number : int
            Of the tile.
        length : int
            Rows of the strip.
        inside, viewed : (int, int)
            From which row of the strip to which image rows lie, and those that are viewed.
        converted : bool
        """
        key = number, length, inside, viewed, converted
        if not self.few:
            return self._made(*key)
        if key not in self._moves:
            self._moves[key] = list(self._made(*key))
        return self._moves[key]

    def _made(
        self, number: int, length: int, inside: Rows, viewed: Rows, converted: bool
    ) -> Iterator[Move]:
        begin, end = inside
        for first, last in ((begin, viewed[0]), (viewed[1], end)):
            rows = slice(first - begin, last - begin)
            inner = self.tile(number).inner if first < last and not converted else ()
            for copy, place, columns in inner:
                yield (slice(first, last), ALL, copy, place), (rows, ALL, columns_from(0, columns))
        edges = self.tile(number).edges if begin < end and self._in_padding(number) else ()
        for copy, place, held in edges:
            source = None if held is None else (ALL, ALL, held)
            yield (slice(begin, end), ALL, copy, place), source
        for first, last in ((0, begin), (end, length)):
            for part in self.parts if first < last and self.layout.constant else ():
                copies, most = slice(part.begin, part.end), self.spans[number][1] - part.less
                yield (slice(first, last), ALL, copies, slice(most)), None

    def strips(
        self, image: NDArray[Any], rows: int, dtype: np.dtype[Any]
    ) -> Callable[[int], CopiedStrip]:
        """Give what makes a strip, as `Layout.strips` does; here it is what copies its rows."""
        return CopiedImage(self, image, self.layout.reach(rows), dtype).strip


class Places(NamedTuple):
    """Where in a buffer what goes.

    Attributes
    ----------
    views : list of array
        Of each part the rows that are viewed.
    copied : list of (array, index)
        And what of the image rows goes there; see `Move`.
    filled : list of array
    """

    views: list[NDArray[Any]]
    copied: list[tuple[NDArray[Any], tuple[Any, ...]]]
    filled: list[NDArray[Any]]


class Target:
    """A buffer for the copies of one tile.

    Parameters
    ----------
    copies : Copies
    number : int
        Of the tile.
    into : (length, depth, copies, columns) array
    """

    __slots__ = ("copies", "into", "kept", "number")

    def __init__(self, copies: Copies, number: int, into: NDArray[Any]) -> None:
        self.copies, self.number, self.into = copies, number, into
        self.kept: dict[tuple[Rows, Rows, bool], Places] = {}

    def places(self, inside: Rows, viewed: Rows, converted: bool) -> Places:
        """Give the places for a strip; see `Copies.moves`."""
        key = inside, viewed, converted
        if key not in self.kept:
            self.kept[key] = self._made(key)
        return self.kept[key]

    def _made(self, key: tuple[Rows, Rows, bool]) -> Places:
        _, (first, last), _ = key
        (_, wide), places = self.copies.spans[self.number], Places([], [], [])
        if first < last:
            for begin, end, less in self.copies.parts:
                places.views.append(self.into[first:last, :, begin:end, : wide - less])
        for place, held in self.copies.moves(self.number, len(self.into), *key):
            if held is None:
                places.filled.append(self.into[place])
            else:
                places.copied.append((self.into[place], held))
        return places


class CopiedImage:
    """An image to copy from.

    Parameters
    ----------
    copies : Copies
    image : (H, W, depth) array
        Any real dtype and memory layout.
    length : int
        Padded rows in a strip.
    dtype : numpy.dtype
        Of the copies.

    Attributes
    ----------
    planes : (H, depth, W) array
    viewed : (int, int)
        The rows that have neighbours: all their copies can be viewed.
    converted : numpy.dtype or None
        What rows are converted to first.
    """

    def __init__(
        self, copies: Copies, image: NDArray[Any], length: int, dtype: np.dtype[Any]
    ) -> None:
        planes = image.transpose(0, 2, 1)
        self.copies, self.planes, self.length = copies, planes, length
        self.viewed = len(planes), len(planes)
        self.kept: list[list[NDArray[Any]]] = []
        whole = image.dtype == dtype and planes.flags.c_contiguous and image.size >= LEAST_VIEWED
        if whole:
            self.viewed = copies.above, len(planes) - copies.below
        if whole and copies.few:
            self.kept = [self._views(number) for number in range(len(copies.spans))]
        # Numbers that lie apart take long to read.
        kind, size = image.dtype.kind, image.dtype.itemsize
        slow = (kind, size) in SLOW or planes.strides[2] != size
        self.converted = dtype if slow and not whole else None

    def seen(self, number: int) -> list[NDArray[Any]]:
        """Look at all rows that have neighbours as (H_viewed, depth, copies, columns) of a tile.

        There is one for each part of the copies.
        """
        return self.kept[number] if self.kept else self._views(number)

    def _views(self, number: int) -> list[NDArray[Any]]:
        # Not the strides of the array: along an axis of length 1 they may be anything.
        layout, planes = self.copies.layout, self.planes
        cell, (_, depth, width) = planes.itemsize, planes.shape
        across, gap = layout.stride[1] * cell, layout.gap[1] * cell
        steps = depth * width * cell, width * cell, gap, across
        (top, end), (first, wide) = self.viewed, self.copies.spans[number]
        if top >= end:
            return []
        begin = top * steps[0] + first * across - layout.left * cell
        shapes = ((part.end - part.begin, wide - part.less) for part in self.copies.parts)
        return [
            view(planes, (end - top, depth, *shape), steps, begin + part.begin * gap)
            for part, shape in zip(self.copies.parts, shapes, strict=True)
        ]

    def strip(self, first: int) -> CopiedStrip:
        """Give the strip that begins with a padded row."""
        return CopiedStrip(self, first)


class CopiedStrip:
    """The rows of one strip: called with a tile, it fills an array with their copies.

    Parameters
    ----------
    source : CopiedImage
    first : int
        The padded row to begin with.
    """

    __slots__ = ("inside", "row", "source", "viewed")

    def __init__(self, source: CopiedImage, first: int) -> None:
        self.source = source
        # The image row that lies, or would lie, in the first row of the strip.
        self.row = row = first - source.copies.layout.top
        # In which rows of the strip image rows lie, and those of them that have all neighbours.
        begin, end = source.viewed
        if begin <= row <= end - source.length:
            self.inside = self.viewed = 0, source.length
        else:
            self.inside = self._places(0, len(source.planes))
            self.viewed = self._places(begin, end)

    def _places(self, begin: int, end: int) -> Rows:
        """Say in which rows of the strip these image rows lie."""
        first = min(max(begin - self.row, 0), self.source.length)
        return first, min(max(end - self.row, first), self.source.length)

    def __call__(self, target: Target) -> None:
        """Fill a buffer with the copies of its tile."""
        source, (begin, end) = self.source, self.inside
        places = target.places(self.inside, self.viewed, source.converted is not None)
        if places.views:
            top = self.row - source.viewed[0]
            seen = slice(top + self.viewed[0], top + self.viewed[1])
            for place, held in zip(places.views, source.seen(target.number), strict=True):
                place[...] = held[seen]
        self._fill(places, self.row + begin, self.row + end)
        if source.converted is not None:
            rows = source.planes[self.row + begin : self.row + end]
            self._convert(source.copies.tile(target.number), rows, target.into[begin:end])
        if not source.copies.layout.constant:
            self._repeat(target.number, target.into)

    def _fill(self, places: Places, first: int, end: int) -> None:
        """Fill what is not viewed, from some image rows."""
        rows = self.source.planes[first:end] if places.copied else self.source.planes
        for place, held in places.copied:
            if isinstance(held[-1], slice) or len(rows) == 1:  # In one go, or no more to gather.
                place[...] = rows[held]
            else:
                copy_columns(rows, held[-1], place)
        for place in places.filled:
            place.fill(self.source.copies.layout.fill)

    def _convert(self, tile: Tile, rows: NDArray[Any], into: NDArray[Any]) -> None:
        """Copy image rows, but for their padding, in another dtype."""
        rows = rows[..., tile.columns]
        _, depth, columns = rows.shape
        deep = min(max(CONVERTED_DEEP // max(columns, 1), 1), depth)
        few = max(CONVERTED // max(deep * columns, 1), 1)
        for first, channel in itertools.product(range(0, len(rows), few), range(0, depth, deep)):
            part = slice(first, first + few), slice(channel, channel + deep)
            some = rows[part].astype(self.source.converted, order="C")
            for copy, place, held in tile.inner:
                into[*part, copy, place] = some[..., columns_from(tile.columns.start, held)]

    def _repeat(self, number: int, into: NDArray[Any]) -> None:
        """Fill padded rows with the image rows that they repeat."""
        layout, (begin, end) = self.source.copies.layout, self.inside
        for place in (*range(begin), *range(end, len(into))):
            row = layout.row_in_padding(self.row + layout.top + place)
            if begin <= row - self.row < end:
                into[place] = into[row - self.row]
            else:
                self._row(number, row, into[place : place + 1])

    def _row(self, number: int, row: int, into: NDArray[Any]) -> None:
        """Fill one row with the copies of an image row."""
        source = self.source
        converted = source.converted is not None
        places = Target(source.copies, number, into).places((0, 1), (1, 1), converted)
        self._fill(places, row, row + 1)
        if converted:
            self._convert(source.copies.tile(number), source.planes[row : row + 1], into)
