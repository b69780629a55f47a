"""Two passes: down with a column of weights, across with a row, once for each unit of rank."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convviz.methods.bands import banded
from convviz.methods.layout import Layout, aligned
from convviz.methods.strips import Compute

WORK_BYTES = 1_700_000
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
    columns at once, as overlapping views. Treitel, Shanks, The design of multistage separable
    planar filters, IEEE Transactions on Geoscience Electronics 9 (1971).
    """

    def __init__(self, columns: NDArray[Any], rows: NDArray[Any], layout: Layout) -> None:
        self.layout, self.dtype = layout, rows.dtype
        block = min(4 if columns.shape[1] < 10 else 8, layout.out[0])
        down, right = layout.stride
        self.block = block
        self.down = [banded(column, block, down, layout.gap[0]) for column in columns]
        self.across = [
            np.ascontiguousarray(banded(row, BLOCK_COLUMNS, right, layout.gap[1]).T) for row in rows
        ]
        self.tiles = -(-layout.out[1] // BLOCK_COLUMNS)
        # The last block of columns may reach beyond the image: its buffer is a little wider.
        reach = (self.tiles - 1) * BLOCK_COLUMNS * right + self.across[0].shape[0]
        self.wide = -(-max(reach, layout.width) // 16) * 16
        made = 0 if self._direct else 2 * self.tiles * BLOCK_COLUMNS
        each = block * (self.wide + made + down * layout.width)
        most = layout.out[0] // block
        cells = WORK_BYTES // self.dtype.itemsize - (layout.extent[0] - down) * layout.width
        passes = -(-most // min(max(cells // each, 1), most))
        self.blocks = -(-most // passes)
        self.rows = self.blocks * block

    @property
    def _direct(self) -> bool:
        """Whether the second product is the output itself: no part of a block left, one term."""
        return len(self.down) == 1 and self.layout.out[1] % BLOCK_COLUMNS == 0

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        layout, blocks, block = self.layout, self.blocks, self.block
        item, count = self.dtype.itemsize, self.blocks * self.block
        passed = aligned((blocks, block, self.wide), self.dtype)
        passed[:, :, layout.width :] = 0
        columns = passed[:, :, : layout.width]
        step = BLOCK_COLUMNS * layout.stride[1] * item
        view = (self.tiles, count, self.across[0].shape[0])
        overlapping = as_strided(passed, view, (step, self.wide * item, item))
        blocked = count, self.tiles, BLOCK_COLUMNS
        result = None if self._direct else aligned((count, blocked[1] * blocked[2]), self.dtype)
        term = aligned((blocked[1], count, blocked[2]), self.dtype) if len(self.down) > 1 else None
        down = (blocks, self.down[0].shape[1], layout.width)

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            row, _, cell = strip.strides
            target = out[:, :, 0] if result is None else result
            tiles = target.reshape(blocked).transpose(1, 0, 2)
            under = as_strided(strip, down, (block * layout.stride[0] * row, row, cell))
            for number, (first, second) in enumerate(zip(self.down, self.across, strict=True)):
                np.matmul(first, under, out=columns)
                if number == 0 or term is None:
                    np.matmul(overlapping, second, out=tiles)
                else:
                    np.matmul(overlapping, second, out=term)
                    np.add(tiles, term, out=tiles)
            if result is not None:
                out[:, :, 0] = result[:, : out.shape[1]]

        return compute
