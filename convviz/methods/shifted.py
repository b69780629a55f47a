"""Shift and add: a whole strip of output rows at once, one weight after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout
from convviz.methods.memory import aligned
from convviz.methods.strips import Compute, Look

# One plane of the strip, its totals and its products: small enough for a 512 KiB L2 cache.
STRIP_BYTES = 384 * 1024
# With fewer outputs than this at a time the calls cost more than the numbers.
LEAST_OUTPUTS = 16_000


class Shifted:
    """A kernel made ready: nothing to prepare.

    Parameters
    ----------
    weights : (kh, kw, depth, filters) array
        In the dtype computed in.
    layout : Layout

    Notes
    -----
    Each output is the sum of its products in the order kernel rows, kernel columns, channels: the
    same operations in the same order as in `loops` and in a `Step`, so the same bits. No weight is
    skipped, for 0 times infinity is not a number.
    """

    def __init__(self, weights: NDArray[Any], layout: Layout) -> None:
        self.weights, self.layout, self.source = weights, layout, layout
        self.look: Look = "nowhere"
        down, reach = layout.stride[0], layout.extent[0]
        least = max(LEAST_OUTPUTS // layout.out[1], 1)
        cells = STRIP_BYTES // weights.dtype.itemsize - (reach - down) * layout.width
        fitting = cells // (down * layout.width + 2 * layout.out[1])
        self.rows = min(max(int(fitting), least), layout.out[0])

    def begin(self) -> Compute:
        """Allocate the work buffers of one call; what it returns takes any number of rows."""
        columns, dtype = self.layout.out[1], self.weights.dtype
        totals, products = aligned((2, self.rows, columns), dtype)

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            for first in range(0, out.shape[0], self.rows):
                part = out[first : first + self.rows]
                count, begin = part.shape[0], first * self.layout.stride[0]
                total, product = totals[:count], products[:count]
                for kernel in range(self.weights.shape[3]):
                    self._accumulate(strip[begin:], self.weights[..., kernel], total, product)
                    part[:, :, kernel] = total

        return compute

    def _accumulate(
        self,
        strip: NDArray[Any],
        kernel: NDArray[Any],
        total: NDArray[Any],
        product: NDArray[Any],
    ) -> None:
        (down, right), (row_gap, column_gap) = self.layout.stride, self.layout.gap
        height, width = (total.shape[0] - 1) * down + 1, (total.shape[1] - 1) * right + 1
        for tap, (i, j, channel) in enumerate(np.ndindex(kernel.shape)):
            top, left = i * row_gap, j * column_gap
            moved = strip[top : top + height : down, channel, left : left + width : right]
            if tap == 0:
                np.multiply(moved, kernel[i, j, channel], out=total)
            else:
                np.multiply(moved, kernel[i, j, channel], out=product)
                np.add(total, product, out=total)
