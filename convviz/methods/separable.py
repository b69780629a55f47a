"""Two passes: down with a column of weights, across with a row, once for each unit of rank."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.arrays import in_dtype
from convviz.methods.bands import banded
from convviz.methods.layout import PRODUCT, Layout, view
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute, Look, largest_moderate

BLOCK_COLUMNS = 16


class Separable:
    """A kernel made ready: for each term of its sum of products column x row, two bands.

    Parameters
    ----------
    columns : (rank, kh) array
    rows : (rank, kw) array
        In the dtype computed in; the kernel is the sum of ``outer(columns[n], rows[n])``.
    layout : Layout

    Notes
    -----
    Down, R output rows are one R x (R + kh - 1) band times image rows. Across, C output columns
    are the C + kw - 1 columns below them times a (C + kw - 1) x C band, for all blocks of C
    columns at once, as overlapping views. Padding to the left and right is copied between the two:
    what a column of weights makes of a copied column is a copy too. Treitel, Shanks, The design of
    multistage separable planar filters, IEEE Transactions on Geoscience Electronics 9 (1971).
    """

    def __init__(self, columns: NDArray[Any], rows: NDArray[Any], layout: Layout) -> None:
        self.layout, self.dtype, self.source = layout, rows.dtype, layout.upright()
        most = float(np.abs(columns).sum(axis=1, dtype=np.float64).max())
        calm = all(abs(one) < largest_moderate(self.dtype) for one in (most, layout.fill))
        self.look: Look = "strip" if calm else "outputs"
        self.block = min(4 if columns.shape[1] < 20 else 8, layout.out[0])
        down, right = layout.stride
        self.down = [banded(column, self.block, down, layout.gap[0]) for column in columns]
        self.across = [
            np.ascontiguousarray(banded(row, BLOCK_COLUMNS, right, layout.gap[1]).T) for row in rows
        ]
        self.fills = self._filled(columns)
        self.tiles = -(-layout.out[1] // BLOCK_COLUMNS)
        # The last block of columns may reach beyond the image: its buffer is a little wider.
        reach = (self.tiles - 1) * BLOCK_COLUMNS * right + self.across[0].shape[0]
        self.wide = -(-max(reach, layout.width) // 16) * 16
        terms = min(len(columns), 2)
        each = self.block * (self.wide + terms * self.tiles * BLOCK_COLUMNS + down * layout.width)
        most = layout.out[0] // self.block
        cells = layout.room(self.dtype) - (layout.extent[0] - down) * layout.width
        passes = -(-most // min(max(cells // each, 1), most))
        self.blocks = -(-most // passes)
        self.rows = self.blocks * self.block

    def _filled(self, columns: NDArray[Any]) -> NDArray[Any]:
        """Compute what each column of weights makes of the fill value."""
        with np.errstate(over="ignore", invalid="ignore"):
            filled: NDArray[Any] = columns.sum(axis=1) * in_dtype(
                np.array(self.layout.fill), self.dtype
            )
        return filled

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        layout, blocks, block = self.layout, self.blocks, self.block
        item, count = self.dtype.itemsize, blocks * block
        passed = aligned((count, self.wide), self.dtype)
        passed[:, layout.width :] = 0
        inner = passed[:, layout.left : layout.left + layout.image[1]]
        inner = inner.reshape(blocks, block, layout.image[1])
        steps = BLOCK_COLUMNS * layout.stride[1] * item, self.wide * item, item
        overlapping = view(passed, (self.tiles, count, self.across[0].shape[0]), steps)
        # Written here first and then, row by row, to the output: its lines are not in the cache.
        result = aligned((count, self.tiles * BLOCK_COLUMNS), self.dtype)
        tiles = result.reshape(count, self.tiles, BLOCK_COLUMNS).transpose(1, 0, 2)
        term = aligned(tiles.shape, self.dtype) if len(self.down) > 1 else None
        down = blocks, self.down[0].shape[1], layout.image[1]
        pieces = -(-self.down[0].size * layout.image[1] // PRODUCT)
        piece = -(-layout.image[1] // (pieces * 16)) * 16

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            row, _, cell = strip.strides
            under = view(strip, down, (block * layout.stride[0] * row, row, cell))
            for number, (first, second) in enumerate(zip(self.down, self.across, strict=True)):
                for begin in range(0, layout.image[1], piece):
                    part = slice(begin, begin + piece)
                    np.matmul(first, under[:, :, part], out=inner[:, :, part])
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
