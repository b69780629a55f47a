"""Windows as columns of a matrix, for some output rows at a time: rows of weights times it."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convviz.methods.bands import banded
from convviz.methods.blas import Blas
from convviz.methods.copies import CopiedStrip, Copies, Target
from convviz.methods.layout import PRODUCT, Layout, view
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute, Look, look_at

# A row of weights times so many numbers stays in the first cache, and BLAS starts no threads.
ROW_PRODUCT = 9000
LEAST_COLUMNS = 32
# From so many filters on, one product for all is faster than one for each.
FILTERS_TOGETHER = 4
# float32 sums of more terms than this lose more than the last digits: they are added up in parts.
# The zeros of a band are no such terms, for to add 0 is exact.
MOST_TERMS = 64
# The windows of two output rows that stay in the first cache.
FIRST_CACHE_BYTES = 48_000
# So many bytes of such a part are computed, and then added, at a time.
PARTIAL_BYTES = 240_000
# A tile is as wide as the map, or as allows so many rows for each row of the kernel.
LEAST_ROWS = 4
# What is made elsewhere first and then written to numbers that lie apart, so many at a time.
APART = 6_000
# Numbers in a cache line.
LINE = 16


def pitch(columns: int) -> int:
    """Say how far apart rows of so many numbers lie in work memory.

    An odd number of cache lines, for rows a power of two apart push one another out.
    """
    return (columns // LINE | 1) * LINE


def rows_at_once(filters: int, blas: Blas, windows: int) -> int:
    """Say how many output rows one product makes; `windows` are the bytes of those of two rows.

    What is read from the second cache should serve more rows than what stays in the first.
    """
    if filters > 1 or blas != "direct":
        return 1
    return 2 if windows <= FIRST_CACHE_BYTES else 4


class Product(NamedTuple):
    """Windows to multiply, and where their outputs lie in the strip.

    Attributes
    ----------
    windows : (pieces, blocks, 1, weights, columns) array
        In this order a piece of the next row finds nearly all of its windows in the first cache.
    columns : slice
    shape, steps : tuple of int
    offset : int
        Of a view of the strip of one map, in bytes.
    """

    windows: NDArray[Any]
    columns: slice
    shape: tuple[int, ...]
    steps: tuple[int, ...]
    offset: int


class Im2col:
    """A kernel made ready: one row of a matrix for each filter.

    Parameters
    ----------
    weights : (kh, kw, depth, filters) array
        In the dtype computed in.
    layout : Layout
    blas : Blas
        What to expect of matrix products.

    Notes
    -----
    The columns of the matrix are the windows of one output row. Only the kw horizontal shifts of
    an image row are copied: the kh rows of a window then lie one after the other, and the windows
    of the next output row share all but one of them. Where small products are direct, one filter
    makes two or four output rows at a time, as a band of so many rows of weights: each number that
    was read serves them all. Chellapilla, Puri, Simard, High Performance Convolutional Neural
    Networks for Document Processing (2006).
    """

    def __init__(self, weights: NDArray[Any], layout: Layout, blas: Blas = "packing") -> None:
        _, self.width, self.depth, self.filters = weights.shape
        self.layout, self.dtype = layout, weights.dtype
        two = (layout.extent[0] + layout.stride[0]) * self.width * self.depth * layout.out[1]
        block = rows_at_once(self.filters, blas, two * self.dtype.itemsize)
        self.block = min(block, layout.out[0])
        self.look: Look = look_at(layout, self.block, zeros=self.block > 1)
        # (R, length, kw, depth, filters)
        bands = banded(weights, self.block, layout.stride[0], layout.gap[0])
        # Of one row and without gaps, a view of the weights: of many filters they are large.
        matrix = bands.transpose(4, 0, 1, 2, 3).reshape(self.filters * self.block, -1)
        together = len(matrix) if self.block > 1 or self.filters >= FILTERS_TOGETHER else 1
        # (products, rows in a product, weights)
        self.matrix = matrix.reshape(-1, together, matrix.shape[1])
        inner = matrix.shape[1]
        most = MOST_TERMS if weights[..., 0].size > MOST_TERMS else inner
        self.parts = [
            (slice(first, first + most), self.matrix[..., first : first + most])
            for first in range(0, inner, most)
        ]
        self._measure()
        tile, wide = self.pieces * self.piece, layout.out[1]
        self.tiles = [(first, min(wide - first, tile)) for first in range(0, wide, tile)]
        self.source = Copies(layout, self.width, self.tiles)

    def _measure(self) -> None:
        """Choose how many columns to multiply, and how many rows and columns to copy at a time."""
        layout, (_, together, inner) = self.layout, self.matrix.shape
        rows, columns = layout.out
        cells = layout.room(self.dtype)
        if len(self.parts) > 1:
            cells -= PARTIAL_BYTES // self.dtype.itemsize
        most = ROW_PRODUCT if together == 1 else PRODUCT // together
        fitting = self._fitting(cells)
        if together > 1:
            most = min(most, fitting * inner)
        pieces = -(-columns // max(most // inner, LEAST_COLUMNS))
        self.piece = -(-columns // (pieces * LINE)) * LINE
        pieces = -(-columns // self.piece)
        self.pieces = min(max(fitting // self.piece, 1), pieces)
        fixed, each = self._taken(self.pieces * self.piece)
        blocks = rows // self.block
        passes = -(-blocks // min(max((cells - fixed) // (each * self.block), 1), blocks))
        self.rows = -(-blocks // passes) * self.block

    def _taken(self, columns: int) -> tuple[int, int]:
        """Count the numbers in work memory: of the rows two strips share, and for each output row.

        So many columns are copied of each row. Less than none are shared where a stride is taller
        than the kernel: the rows below a strip that no window meets.
        """
        down, row = self.layout.stride[0], pitch(columns) * self.width * self.depth
        made = columns * self.filters if self.filters > 1 else 0
        return (self.layout.extent[0] - down) * row, down * row + made

    def _fitting(self, cells: int) -> int:
        """Count the columns that leave room for a few rows."""
        fixed, each = self._taken(LINE)
        return LINE * cells // (fixed + LEAST_ROWS * self.layout.extent[0] * each)

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        layout, width, piece, pieces = self.layout, self.width, self.piece, self.pieces
        item, tile, inner = self.dtype.itemsize, pieces * piece, self.matrix.shape[2]
        apart = pitch(tile)
        shifts = aligned((layout.reach(self.rows), width, self.depth, apart), self.dtype)
        row = self.depth * width * apart * item
        steps = piece * item, self.block * layout.stride[0] * row, 0, apart * item, item
        stacked = view(shifts, (pieces, self.rows // self.block, 1, inner, piece), steps)
        product = None
        if self.filters > 1:
            product = aligned((pieces, self.rows, *self.matrix.shape[:2], piece), self.dtype)
        partial = None
        if len(self.parts) > 1:
            least = len(self.matrix) * self.matrix.shape[1] * piece
            partial = aligned((max(PARTIAL_BYTES // item, least),), self.dtype)

        def tile_at(number: int) -> tuple[Target, list[Product]]:
            """Give its place in the buffer; then its whole pieces, and the rest of a piece."""
            first, columns = self.tiles[number]
            whole = columns // piece
            middle, end = first + whole * piece, first + columns
            products = [self._product(stacked[:whole], first, middle)] if whole else []
            if middle < end:
                rest = stacked[whole : whole + 1, ..., : end - middle]
                products.append(self._product(rest, middle, end))
            into = shifts[..., :columns].transpose(0, 2, 1, 3)
            return Target(self.source, number, into), products

        numbers = range(len(self.tiles))
        kept = [tile_at(number) for number in numbers] if self.source.few else None

        def compute(copy: CopiedStrip, out: NDArray[Any]) -> None:
            plane = self.filters == 1 and out.flags.c_contiguous
            for target, products in kept or map(tile_at, numbers):
                copy(target)
                for windows, columns, shape, steps, offset in products:
                    if plane:
                        self._add_up(windows, view(out, shape, steps, offset), partial)
                    else:
                        self._multiply(windows, out[:, columns], product, partial)

        return compute

    def _product(self, windows: NDArray[Any], first: int, end: int) -> Product:
        """Say where the outputs of these windows lie in a map of one filter."""
        pieces, blocks, _, _, columns = windows.shape
        wide, item = self.layout.out[1], self.dtype.itemsize
        shape = pieces, blocks, 1, self.block, columns
        steps = columns * item, self.block * wide * item, 0, wide * item, item
        return Product(windows, slice(first, end), shape, steps, first * item)

    def _multiply(
        self,
        windows: NDArray[Any],
        out: NDArray[Any],
        product: NDArray[Any] | None,
        partial: NDArray[Any] | None,
    ) -> None:
        """Multiply windows, for several maps or for one whose rows do not lie end to end."""
        pieces, blocks, _, _, columns = windows.shape
        split = out.reshape(blocks, self.block, pieces, columns, self.filters)
        maps = split.transpose(2, 0, 4, 1, 3)
        if self.filters == 1 and out.strides[1] == out.itemsize:
            self._add_up(windows, maps, partial)
        elif product is not None:
            made = self._add_up(windows, product[:pieces, ..., :columns], partial)
            maps[...] = made.reshape(maps.shape)
        else:
            # One of several interleaved maps: BLAS does not write to numbers that lie apart.
            most = max(APART // maps[:, 0].size, 1)
            for first in range(0, blocks, most):
                some = slice(first, first + most)
                maps[:, some] = self._add_up(windows[:, some], None, partial)

    def _add_up(
        self, windows: NDArray[Any], made: NDArray[Any] | None, partial: NDArray[Any] | None
    ) -> NDArray[Any]:
        if partial is None:
            return np.matmul(self.matrix, windows, out=made, order="C")
        (part, weights), *more = self.parts
        made = np.matmul(weights, windows[..., part, :], out=made, order="C")
        (pieces, blocks), few = made.shape[:2], partial.size // made[0, 0].size
        beside = pieces if few >= pieces else 1
        chunks = [
            (slice(piece, piece + beside), slice(block, block + few // beside), slice(None))
            for piece in range(0, pieces, beside)
            for block in range(0, blocks, few // beside)
        ]
        for (part, weights), chunk in itertools.product(more, chunks):
            some = made[chunk]
            products = partial[: some.size].reshape(some.shape)
            some += np.matmul(weights, windows[*chunk, part], out=products)
        return made
