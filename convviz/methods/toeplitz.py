"""Banded products: a few output rows at once, as one small matrix times the image rows below."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convviz.methods.bands import banded
from convviz.methods.layout import Layout, aligned
from convviz.methods.strips import Compute

# All work buffers of a call together: about what a core has to itself of the cache.
WORK_BYTES = 1_800_000
# For images of so few cells, pages fresh from the system would cost more than fewer calls save.
SMALL_CELLS, SMALL_WORK_BYTES = 1_000_000, 900_000
# A product of at most so many multiplications runs in BLAS's kernel for small matrices, which
# neither repacks its input nor starts threads.
PRODUCT = 1_000_000
LEAST_COLUMNS = 64


class Toeplitz:
    """A kernel made ready: for each shift of the columns, the band of one kernel column.

    Parameters
    ----------
    weights : (kh, kw, depth, filters) array
        In the dtype computed in.
    layout : Layout

    Notes
    -----
    For R output rows and the kernel column j, the R x (R + kh - 1) matrix B[r, r + i] = w[i, j]
    times the R + kh - 1 image rows is what column j adds to these R rows, if it is read j columns
    further on. What is shifted by j can be the input (copies, then one product with all B side by
    side; best for narrow kernels and many filters) or the output (one product with all B on top
    of one another, then sums of shifted rows). Channels are further columns of B, filters further
    rows. Golub, Van Loan, Matrix Computations, 4th edition (2013), section 4.7.
    """

    def __init__(self, weights: NDArray[Any], layout: Layout) -> None:
        _, width, depth, filters = weights.shape
        self.layout, self.depth, self.filters, self.width = layout, depth, filters, width
        self.dtype = weights.dtype
        self.shift_input: bool = width <= 4 or layout.stride[1] > 1 or filters >= 4
        block = 4 if self.shift_input else 2
        if filters > 1 or layout.stride[0] > 1:
            block = max(block // filters, 1) if layout.stride[0] == 1 else 1
        self.block = min(block, layout.out[0])
        # (R, length, kw, depth, filters)
        bands = banded(weights, self.block, layout.stride[0], layout.gap[0])
        order = (4, 0, 1, 3, 2) if self.shift_input else (2, 4, 0, 1, 3)
        shape = filters * self.block if self.shift_input else width * filters * self.block
        self.matrix = np.ascontiguousarray(bands.transpose(order)).reshape(shape, -1)
        self.length = bands.shape[1]
        self._measure()

    def _measure(self) -> None:
        """Choose how many columns and how many blocks of rows to work on at a time."""
        layout, (height, inner) = self.layout, self.matrix.shape
        out_rows, out_columns = layout.out
        self.margin = 0 if self.shift_input else (self.width - 1) * layout.gap[1]
        fitting = max(PRODUCT // (height * inner) - self.margin, LEAST_COLUMNS)
        tiles = -(-out_columns // min(fitting, out_columns))
        tile = -(-out_columns // tiles)
        self.columns = tile if tiles == 1 else min(-(-tile // 16) * 16, out_columns)
        down = self.block * layout.stride[0] * self.depth
        rows = self.columns * self.width if self.shift_input else 0
        made = 0 if self._direct else height + self.block * self.filters
        each = down * (layout.width + rows) + (self.columns + self.margin) * made
        fixed = (self.length - down // self.depth) * self.depth * (layout.width + rows)
        small = out_rows * out_columns <= SMALL_CELLS
        cells = (SMALL_WORK_BYTES if small else WORK_BYTES) // self.dtype.itemsize
        blocks = max((cells - fixed) // each, 1)
        most = out_rows // self.block
        passes = -(-most // min(blocks, most))
        self.blocks = -(-most // passes)
        self.rows = self.blocks * self.block

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        return self._shifted_input() if self.shift_input else self._shifted_output()

    @property
    def _direct(self) -> bool:
        """Whether the product is the output itself."""
        return self.shift_input and self.filters == 1

    def _tiles(self) -> range:
        return range(0, self.layout.out[1], self.columns)

    def _first(self, column: int) -> int:
        """Let the last tile overlap the one before instead of being narrower."""
        return min(column, self.layout.out[1] - self.columns)

    def _shifted_input(self) -> Compute:
        layout, blocks, columns = self.layout, self.blocks, self.columns
        (_, across), (_, gap) = layout.stride, layout.gap
        item = self.dtype.itemsize
        length = layout.reach(self.rows)
        shifts = aligned((length, self.depth, self.width, columns), self.dtype)
        row = self.depth * self.width * columns * item
        step = self.block * layout.stride[0] * row
        view = (blocks, self.matrix.shape[1], columns)
        stacked = as_strided(shifts, view, (step, columns * item, item))
        product = None
        if not self._direct:
            product = aligned((blocks, self.matrix.shape[0], columns), self.dtype)

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            for tile in self._tiles():
                first = self._first(tile)
                part = strip[:, :, first * across :]
                rows, planes, cells = part.strides
                steps = (rows, planes, gap * cells, across * cells)
                shifts[...] = as_strided(part, shifts.shape, steps)
                target = out[:, first : first + columns]
                if product is None:
                    target = target.reshape(blocks, self.block, columns)
                    np.matmul(self.matrix, stacked, out=target)
                    continue
                np.matmul(self.matrix, stacked, out=product)
                parts = product.reshape(blocks, self.filters, self.block, columns)
                target.reshape(blocks, self.block, columns, self.filters)[...] = parts.transpose(
                    0, 2, 3, 1
                )

        return compute

    def _shifted_output(self) -> Compute:
        layout, blocks, columns, filters = self.layout, self.blocks, self.columns, self.filters
        item, gap, wide = self.dtype.itemsize, layout.gap[1], columns + self.margin
        run = filters * self.block * wide
        products = aligned((blocks, self.matrix.shape[0], wide), self.dtype)
        # Kernel column j reads j gaps further on; the rows of a block lie end to end, so that one
        # sum runs over all of them (and over the margin between them, which is not used).
        view = (self.width, blocks, run - self.margin)
        steps = (run + gap) * item, self.width * run * item, item
        moved = as_strided(products, view, steps)
        sums = aligned((blocks, filters, self.block, wide), self.dtype)
        flat = sums.reshape(blocks, run)[:, : run - self.margin]
        result = sums[..., :columns].transpose(0, 2, 3, 1)

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            rows, planes, cells = strip.strides
            down = self.block * layout.stride[0] * rows
            # Rows and channels are one axis of the product: channels of a row lie one after the
            # other, and only a strip of one channel can be a view of the image.
            inner = planes if self.depth > 1 else rows
            view = (blocks, self.matrix.shape[1], wide)
            for tile in self._tiles():
                first = self._first(tile)
                part = as_strided(strip[:, :, first:], view, (down, inner, cells))
                np.matmul(self.matrix, part, out=products)
                np.add.reduce(moved, axis=0, out=flat)
                target = out[:, first : first + columns]
                target.reshape(blocks, self.block, columns, filters)[...] = result

        return compute
