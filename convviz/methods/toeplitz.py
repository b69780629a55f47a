"""Banded products: a few output rows at once, as one small matrix times the image rows below."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Pair
from convviz.methods.bands import banded
from convviz.methods.blas import Blas
from convviz.methods.copies import Copies, Target
from convviz.methods.layout import PRODUCT, Layout, view
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute, Look, Source, look_at

LEAST_COLUMNS = 64
# float32 sums of more terms than this in one product lose more than the last digits.
MOST_TERMS = 40


def block_and_copies(
    kernel: Pair, depth: int, filters: int, down: int, blas: Blas
) -> tuple[int, int]:
    """Say how many output rows a band makes, and of how many copies of the image rows.

    `down` is the vertical stride.
    """
    height, width = kernel
    if filters > 1 or down > 1:
        return 1, 1
    fitting = [n for n in (3, 2) if n * height <= MOST_TERMS and n <= width and depth == 1]
    copies = min(fitting, key=lambda n: -(-width // n) * n, default=1)
    return (1 if blas == "direct" else 4 if copies == 3 else 2), copies


class Toeplitz:
    """A kernel made ready: the bands of all its columns, on top of one another.

    Parameters
    ----------
    weights : (kh, kw, depth, filters) array
        In the dtype computed in.
    layout : Layout
        With a horizontal stride of 1.
    blas : Blas
        What to expect of matrix products.

    Notes
    -----
    For R output rows and the kernel column j, the R x (R + kh - 1) matrix B[r, r + i] = w[i, j]
    times the R + kh - 1 image rows is what column j adds to these R rows, if it is read j columns
    further on. One product gives that for all kernel columns; then their rows are added, each
    shifted by its j. Channels are further columns of B, filters further rows. Golub, Van Loan,
    Matrix Computations, 4th edition (2013), section 4.7.

    Of one channel, two or three copies of the image rows, each one column further on, stand one
    below the other, as in im2col. So many neighbouring kernel columns then are one wider band, and
    there are so many times fewer sums to add. The last band has columns of zeros, if need be.
    """

    def __init__(self, weights: NDArray[Any], layout: Layout, blas: Blas = "packing") -> None:
        if layout.stride[1] != 1:
            raise ValueError(f"horizontal stride {layout.stride[1]} must be 1")
        _, width, depth, filters = weights.shape
        self.layout = layout
        self.depth, self.filters, self.dtype = depth, filters, weights.dtype
        size = weights.shape[:2]
        rows, self.copies = block_and_copies(size, depth, filters, layout.stride[0], blas)
        self.block, self.groups = min(rows, layout.out[0]), -(-width // self.copies)
        self.spare = self.groups * self.copies - width
        self.look: Look = look_at(layout, self.block, zeros=self.block > 1 or self.spare > 0)
        # (R, length, kw, depth, filters)
        filled = np.pad(weights, ((0, 0), (0, self.spare), (0, 0), (0, 0)))
        bands = banded(filled, self.block, layout.stride[0], layout.gap[0])
        split = bands.reshape(*bands.shape[:2], self.groups, self.copies, depth, filters)
        order, shape = (2, 5, 0, 1, 4, 3), self.groups * filters * self.block
        self.matrix = np.ascontiguousarray(split.transpose(order)).reshape(shape, -1)
        self.step = self.copies * layout.gap[1]
        self.margin = (self.groups - 1) * self.step
        self._measure(bands.shape[1])
        tiles = [(first, self.columns + self.margin) for first in self.firsts]
        self.source: Source = layout
        if self.copies > 1:
            self.source = Copies(layout, self.copies, tiles, self.spare)

    def _measure(self, length: int) -> None:
        """Choose how many columns and how many blocks of rows to work on at a time."""
        layout, (height, inner) = self.layout, self.matrix.shape
        out_rows, out_columns = layout.out
        fitting = max(PRODUCT // (height * inner) - self.margin, LEAST_COLUMNS)
        tiles = -(-out_columns // min(fitting, out_columns))
        tile = -(-out_columns // tiles)
        self.columns = tile if tiles == 1 else min(-(-tile // 16) * 16, out_columns)
        # The last tile overlaps the one before instead of being narrower.
        starts = range(0, out_columns, self.columns)
        self.firsts = [min(first, out_columns - self.columns) for first in starts]
        down = self.block * layout.stride[0]
        wide = self.columns + self.margin
        # Of each row the strip, or its copies.
        row = self.copies * wide if self.copies > 1 else self.depth * layout.width
        each = down * row + wide * (height + self.block * self.filters)
        fixed = (length - down) * row
        blocks = max((layout.room(self.dtype) - fixed) // each, 1)
        most = out_rows // self.block
        passes = -(-most // min(blocks, most))
        self.blocks = -(-most // passes)
        self.rows = self.blocks * self.block

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        layout, blocks, columns, filters = self.layout, self.blocks, self.columns, self.filters
        item, wide = self.dtype.itemsize, columns + self.margin
        run = filters * self.block * wide
        products = aligned((blocks, self.matrix.shape[0], wide), self.dtype)
        # Each group of kernel columns reads a step further on; the rows of a block lie end to end,
        # so that one sum runs over all of them (and over the margin between, which is not used).
        steps = (run + self.step) * item, self.groups * run * item, item
        moved = view(products, (self.groups, blocks, run - self.margin), steps)
        targets: list[Target] = []
        if isinstance(self.source, Copies):
            copied = (layout.reach(self.rows), self.depth, self.copies, wide)
            shifts = aligned(copied, self.dtype)
            shifts[..., wide - self.spare * layout.gap[1] :] = 0
            targets = [Target(self.source, tile, shifts) for tile in range(len(self.firsts))]
        sums = aligned((blocks, filters, self.block, wide), self.dtype)
        flat = sums.reshape(blocks, run)[:, : run - self.margin]
        result = sums[..., :columns].transpose(0, 2, 3, 1)

        def compute(strip: Any, out: NDArray[Any]) -> None:
            for tile, first in enumerate(self.firsts):
                under = self._under(strip, tile, targets)
                np.matmul(self.matrix, under, out=products)
                np.add.reduce(moved, axis=0, out=flat)
                target = out[:, first : first + columns]
                target.reshape(blocks, self.block, columns, filters)[...] = result

        return compute

    def _under(self, strip: Any, tile: int, targets: list[Target]) -> NDArray[Any]:
        """Look at what the bands are multiplied with: (blocks, band columns, columns of a tile)."""
        wide, begin = self.columns + self.margin, 0
        # Rows and channels (and copies) are one axis of the product: they lie one after the other,
        # and only a strip of one channel can be a view of the image.
        if not targets:
            rows, planes, cells = strip.strides
            inner, begin = planes if self.depth > 1 else rows, self.firsts[tile] * cells
        else:
            strip(targets[tile])
            strip = targets[tile].into
            rows, _, inner, cells = strip.strides
        steps = self.block * self.layout.stride[0] * rows, inner, cells
        return view(strip, (self.blocks, self.matrix.shape[1], wide), steps, begin)
