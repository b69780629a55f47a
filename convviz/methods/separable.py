"""Two passes: down with a column of weights, across with a row, once for each unit of rank."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.arrays import in_dtype
from convviz.methods.bands import banded
from convviz.methods.blas import Blas
from convviz.methods.layout import PRODUCT, Layout, copy_columns, view
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute, Look, largest_moderate

BLOCK_COLUMNS = 16


def rows_down(kernel_rows: int, blas: Blas) -> int:
    """Say how many rows the pass down makes in one product."""
    return 12 if blas == "packing" and kernel_rows >= 24 else 4


class Separable:
    """A kernel made ready: for each term of its sum of products column x row, two bands.

    Parameters
    ----------
    columns : (rank, kh) array
    rows : (rank, kw) array
        In the dtype computed in; the kernel is the sum of ``outer(columns[n], rows[n])``.
    layout : Layout
    blas : Blas
        What to expect of matrix products.

    Notes
    -----
    Down, R output rows are one R x (R + kh - 1) band times image rows. Across, C output columns
    are the C + kw - 1 columns below them times a (C + kw - 1) x C band. The rows lie end to end,
    so all blocks of C columns are the rows of one matrix, as overlapping views; every nth of them,
    for BLAS takes no rows that overlap. Padding to the left and right is copied between the two:
    what a column of weights makes of a copied column is a copy too. Treitel, Shanks, The design of
    multistage separable planar filters, IEEE Transactions on Geoscience Electronics 9 (1971).
    """

    def __init__(
        self,
        columns: NDArray[Any],
        rows: NDArray[Any],
        layout: Layout,
        blas: Blas = "packing",
    ) -> None:
        self.layout, self.dtype, self.source = layout, rows.dtype, layout.upright()
        most = float(np.abs(columns).sum(axis=1, dtype=np.float64).max())
        calm = all(abs(one) < largest_moderate(self.dtype) for one in (most, layout.fill))
        self.look: Look = "strip" if calm else "outputs"
        self.block = min(rows_down(columns.shape[1], blas), layout.out[0])
        down, right = layout.stride
        self.down = [banded(column, self.block, down, layout.gap[0]) for column in columns]
        self.across = [
            np.ascontiguousarray(banded(row, BLOCK_COLUMNS, right, layout.gap[1]).T) for row in rows
        ]
        self.fills = self._filled(columns)
        self.step = BLOCK_COLUMNS * right
        # How many blocks of columns a row is long between the passes.
        self.pitch = -(-layout.width // self.step)
        made = min(len(columns), 2) * self.pitch * BLOCK_COLUMNS
        each = self.block * (self.pitch * self.step + made + down * layout.width)
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
        layout, block, width = self.layout, self.block, self.layout.image[1]
        memory, windows = self._windows()
        passed = memory[: self.rows * self.pitch * self.step].reshape(self.rows, -1)
        passed[:, layout.width :] = 0
        memory[passed.size :] = 0
        inner = passed[:, layout.left : layout.left + width].reshape(self.blocks, block, width)
        # Written here first and then, row by row, to the output: its lines are not in the cache.
        apart, *tiles, _ = windows.shape
        sums = aligned((*tiles, apart, BLOCK_COLUMNS), self.dtype)
        term = aligned(sums.shape, self.dtype) if len(self.down) > 1 else sums
        result = sums.reshape(-1)[: self.rows * self.pitch * BLOCK_COLUMNS].reshape(self.rows, -1)
        down = self.blocks, self.down[0].shape[1], width
        parts = -(-self.down[0].size * width // PRODUCT)
        piece = -(-width // (parts * 16)) * 16

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            row, _, cell = strip.strides
            under = view(strip, down, (block * layout.stride[0] * row, row, cell))
            for number, (first, second) in enumerate(zip(self.down, self.across, strict=True)):
                for begin in range(0, width, piece):
                    part = slice(begin, begin + piece)
                    np.matmul(first, under[:, :, part], out=inner[:, :, part])
                for margin, source in layout.margins:
                    if layout.constant:
                        passed[:, margin] = self.fills[number]
                    else:
                        copy_columns(passed, source, passed[:, margin])
                made = term if number else sums
                np.matmul(windows, second, out=made.transpose(2, 0, 1, 3))
                if number:
                    np.add(sums, term, out=sums)
            out[:, :, 0] = result[:, : out.shape[1]]

        return compute

    def _windows(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Allocate what lies between the passes, and look at it as windows of blocks of columns.

        Returns
        -------
        memory : (cells,) array
            The rows, end to end, and what the last windows reach beyond them.
        windows : (apart, pieces, tiles, C + kw - 1) array
            A view: block n is window ``[n % apart]``, at ``n // apart`` of pieces x tiles.
        """
        under, size = self.across[0].shape[0], self.across[0].size
        apart = -(-under // self.step)
        tiles = -(-self.rows * self.pitch // apart)
        pieces = -(-tiles * size // PRODUCT)
        tiles = -(-tiles // pieces)
        memory = aligned((pieces * tiles * apart * self.step + under,), self.dtype)
        step = self.step * self.dtype.itemsize
        steps = step, tiles * apart * step, apart * step, self.dtype.itemsize
        return memory, view(memory, (apart, pieces, tiles, under), steps)
