"""Banded products: a few output rows at once, as one small matrix times the image rows below."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.methods.bands import banded
from convviz.methods.layout import PRODUCT, Layout, view
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute, Look

LEAST_COLUMNS = 64


class Toeplitz:
    """A kernel made ready: the bands of all its columns, on top of one another.

    Parameters
    ----------
    weights : (kh, kw, depth, filters) array
        In the dtype computed in.
    layout : Layout
        With a horizontal stride of 1.

    Notes
    -----
    For R output rows and the kernel column j, the R x (R + kh - 1) matrix B[r, r + i] = w[i, j]
    times the R + kh - 1 image rows is what column j adds to these R rows, if it is read j columns
    further on. One product gives that for all kernel columns; then their rows are added, each
    shifted by its j. Channels are further columns of B, filters further rows. Golub, Van Loan,
    Matrix Computations, 4th edition (2013), section 4.7.
    """

    def __init__(self, weights: NDArray[Any], layout: Layout) -> None:
        if layout.stride[1] != 1:
            raise ValueError(f"horizontal stride {layout.stride[1]} must be 1")
        _, width, depth, filters = weights.shape
        self.layout, self.source = layout, layout
        self.look: Look = "strip"
        self.depth, self.filters, self.width = depth, filters, width
        self.dtype = weights.dtype
        single = filters == 1 and layout.stride[0] == 1
        self.block = min(2 if single else 1, layout.out[0])
        # (R, length, kw, depth, filters)
        bands = banded(weights, self.block, layout.stride[0], layout.gap[0])
        order, shape = (2, 4, 0, 1, 3), width * filters * self.block
        self.matrix = np.ascontiguousarray(bands.transpose(order)).reshape(shape, -1)
        self.margin = (width - 1) * layout.gap[1]
        self._measure(bands.shape[1])

    def _measure(self, length: int) -> None:
        """Choose how many columns and how many blocks of rows to work on at a time."""
        layout, (height, inner) = self.layout, self.matrix.shape
        out_rows, out_columns = layout.out
        fitting = max(PRODUCT // (height * inner) - self.margin, LEAST_COLUMNS)
        tiles = -(-out_columns // min(fitting, out_columns))
        tile = -(-out_columns // tiles)
        self.columns = tile if tiles == 1 else min(-(-tile // 16) * 16, out_columns)
        down = self.block * layout.stride[0]
        made = (self.columns + self.margin) * (height + self.block * self.filters)
        each = down * self.depth * layout.width + made
        fixed = (length - down) * self.depth * layout.width
        blocks = max((layout.room(self.dtype) - fixed) // each, 1)
        most = out_rows // self.block
        passes = -(-most // min(blocks, most))
        self.blocks = -(-most // passes)
        self.rows = self.blocks * self.block

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        layout, blocks, columns, filters = self.layout, self.blocks, self.columns, self.filters
        item, gap, wide = self.dtype.itemsize, layout.gap[1], columns + self.margin
        run = filters * self.block * wide
        products = aligned((blocks, self.matrix.shape[0], wide), self.dtype)
        # Kernel column j reads j gaps further on; the rows of a block lie end to end, so that one
        # sum runs over all of them (and over the margin between them, which is not used).
        steps = (run + gap) * item, self.width * run * item, item
        moved = view(products, (self.width, blocks, run - self.margin), steps)
        sums = aligned((blocks, filters, self.block, wide), self.dtype)
        flat = sums.reshape(blocks, run)[:, : run - self.margin]
        result = sums[..., :columns].transpose(0, 2, 3, 1)

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            rows, planes, cells = strip.strides
            # Rows and channels are one axis of the product: channels of a row lie one after the
            # other, and only a strip of one channel can be a view of the image.
            inner = planes if self.depth > 1 else rows
            steps = self.block * layout.stride[0] * rows, inner, cells
            for tile in range(0, layout.out[1], columns):
                # The last tile overlaps the one before instead of being narrower.
                first = min(tile, layout.out[1] - columns)
                under = view(strip, (blocks, self.matrix.shape[1], wide), steps, first * cells)
                np.matmul(self.matrix, under, out=products)
                np.add.reduce(moved, axis=0, out=flat)
                target = out[:, first : first + columns]
                target.reshape(blocks, self.block, columns, filters)[...] = result

        return compute
