"""Two passes: down with a column of weights, across with a row, once for each unit of rank."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.arrays import in_dtype
from convviz.methods.bands import banded
from convviz.methods.layout import LINE, ROW_PRODUCT, Layout, view
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute

BLOCK_COLUMNS = 16
# BLAS takes the rows under a row of weights in fours; two or three left over cost more than four.
FOUR = 4


class Separable:
    """A kernel made ready: for each term of its sum of products column x row, a row and a band.

    Parameters
    ----------
    columns : (rank, kh) array
    rows : (rank, kw) array
        In the dtype computed in; the kernel is the sum of ``outer(columns[n], rows[n])``.
    layout : Layout

    Notes
    -----
    Down, an output row is the row of weights times the kh image rows under it. Across, C output
    columns are the C + kw - 1 columns below them times a (C + kw - 1) x C band, for all blocks of C
    columns at once, as overlapping views. Padding to the left and right is copied between the two:
    what a column of weights makes of a copied column is a copy too. Treitel, Shanks, The design of
    multistage separable planar filters, IEEE Transactions on Geoscience Electronics 9 (1971).
    """

    def __init__(self, columns: NDArray[Any], rows: NDArray[Any], layout: Layout) -> None:
        self.layout, self.dtype, self.source = layout, rows.dtype, layout.upright()
        self.spreads = True
        down, right = layout.stride
        height = columns.shape[1]
        more = -height % FOUR if height % FOUR > 1 and layout.gap[0] == 1 else 0
        self.down = [np.pad(column, (0, more)).reshape(1, -1) for column in columns]
        self.height = height
        # So many rows at the end of a strip have no row left below for a weight of zero.
        self.bare = -(-more // down)
        self.across = [
            np.ascontiguousarray(banded(row, BLOCK_COLUMNS, right, layout.gap[1]).T) for row in rows
        ]
        self.fills = self._filled(columns)
        self.tiles = -(-layout.out[1] // BLOCK_COLUMNS)
        # The last block of columns may reach beyond the image: its buffer is a little wider.
        reach = (self.tiles - 1) * BLOCK_COLUMNS * right + self.across[0].shape[0]
        self.wide = -(-max(reach, layout.width) // 16) * 16
        terms = min(len(columns), 2)
        each = self.wide + terms * self.tiles * BLOCK_COLUMNS + down * layout.width
        cells = layout.room(self.dtype) - (layout.extent[0] - down) * layout.width
        passes = -(-layout.out[0] // min(max(cells // each, 1), layout.out[0]))
        self.rows = -(-layout.out[0] // passes)

    def _filled(self, columns: NDArray[Any]) -> NDArray[Any]:
        """Compute what each column of weights makes of the fill value."""
        with np.errstate(over="ignore", invalid="ignore"):
            filled: NDArray[Any] = columns.sum(axis=1) * in_dtype(
                np.array(self.layout.fill), self.dtype
            )
        return filled

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        layout, item, count = self.layout, self.dtype.itemsize, self.rows
        passed = aligned((count, self.wide), self.dtype)
        passed[:, layout.width :] = 0
        inner = passed[:, layout.left : layout.left + layout.image[1]]
        steps = BLOCK_COLUMNS * layout.stride[1] * item, self.wide * item, item
        overlapping = view(passed, (self.tiles, count, self.across[0].shape[0]), steps)
        # Written here first and then, row by row, to the output: its lines are not in the cache.
        result = aligned((count, self.tiles * BLOCK_COLUMNS), self.dtype)
        tiles = result.reshape(count, self.tiles, BLOCK_COLUMNS).transpose(1, 0, 2)
        term = aligned(tiles.shape, self.dtype) if len(self.down) > 1 else None

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            for number, (first, second) in enumerate(zip(self.down, self.across, strict=True)):
                self._pass_down(first, strip, inner)
                for margin, source in layout.margins:
                    filled = self.fills[number] if layout.constant else passed[:, source]
                    passed[:, margin] = filled
                if number == 0 or term is None:
                    np.matmul(overlapping, second, out=tiles)
                else:
                    np.matmul(overlapping, second, out=term)
                    np.add(tiles, term, out=tiles)
            out[:, :, 0] = result[:, : out.shape[1]]

        return compute

    def _pass_down(self, weights: NDArray[Any], strip: NDArray[Any], out: NDArray[Any]) -> None:
        whole = max(out.shape[0] - self.bare, 0)
        self._multiply(weights, strip, out[:whole])
        if self.bare:
            rest = strip[whole * self.layout.stride[0] :]
            self._multiply(weights[:, : self.height].copy(), rest, out[whole:])

    def _multiply(self, weights: NDArray[Any], strip: NDArray[Any], out: NDArray[Any]) -> None:
        """Multiply the rows of weights and all the rows under each, so many columns at a time."""
        row, _, cell = strip.strides
        (count, columns), number = out.shape, weights.shape[1]
        steps = self.layout.stride[0] * row, self.layout.gap[0] * row, cell
        under = view(strip, (count, number, columns), steps)
        pieces = -(-columns // max(ROW_PRODUCT // number // LINE * LINE, LINE))
        piece = -(-columns // (pieces * LINE)) * LINE
        for begin in range(0, columns, piece):
            part = slice(begin, begin + piece)
            np.matmul(weights, under[:, :, part], out=out[:, None, part])
