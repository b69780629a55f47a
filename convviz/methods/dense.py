"""A small image as a whole: a matrix on its left and one on its right, which hold the padding."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout
from convviz.methods.shifted import Shifted
from convviz.methods.strips import all_finite, run


class Dense:
    """A kernel made ready: for every output row and kernel column, the weights of all image rows.

    Parameters
    ----------
    weights : (kh, kw) array
        In the dtype computed in.
    layout : Layout

    Notes
    -----
    A kernel is the sum of its columns, each in its place: of products column x unit row. So a
    feature map of the image X is the sum over the kernel columns j of L[j] X R[j]. L[j] has a row
    for each output row, with the column's weights where the image rows stand that they meet; R[j]
    has a column for each output column, with a 1 at the image column it reads. Padding that
    copies image rows or columns adds to their weights. All L[j] on top of one another and all R[j]
    too make two products of it: a sum of Kronecker products. Golub, Van Loan, Matrix Computations,
    4th edition (2013), section 12.3.
    """

    def __init__(self, weights: NDArray[Any], layout: Layout) -> None:
        (height, width), dtype = weights.shape, weights.dtype
        (rows, columns), (down, right) = layout.out, layout.stride
        self.layout, self.dtype = layout, dtype
        left = np.zeros((rows, width, layout.image[0]), dtype)
        for i in range(height):
            source = layout.rows_at(i * layout.gap[0] + down * np.arange(rows))
            inside = np.flatnonzero(source >= 0)
            left[inside, :, source[inside]] += weights[i]
        unit = np.zeros((width, layout.image[1], columns), dtype)
        for j in range(width):
            source = layout.columns_at(j * layout.gap[1] + right * np.arange(columns))
            inside = np.flatnonzero(source >= 0)
            unit[j, source[inside], inside] = 1
        self.left, self.right = left.reshape(rows * width, -1), unit.reshape(-1, columns)
        self.joined = rows, width * layout.image[1]
        self.padding = self._of_the_fill(weights)

    def _of_the_fill(self, weights: NDArray[Any]) -> NDArray[Any] | None:
        """Compute what the fill value adds: the map of an image of zeros, None if it is that."""
        if not (self.layout.constant and self.layout.fill):
            return None
        definition = Shifted(weights[:, :, None, None], self.layout)
        zeros = np.zeros((*self.layout.image, 1), self.dtype)
        out = np.empty((*self.layout.out, 1), self.dtype)
        run(definition, definition, self.layout, zeros, None, out)
        return out[:, :, 0]

    def __call__(self, image: NDArray[Any], bias: NDArray[Any] | None, out: NDArray[Any]) -> bool:
        """Write the map (H_out, W_out) of an image (H, W); say whether all of it is finite.

        If not, an infinity or NaN may have spread to windows that do not hold it.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            pixels = image if image.dtype == self.dtype else image.astype(self.dtype)
            made = self.left.dot(pixels).reshape(self.joined)
            if out.flags.c_contiguous:
                made.dot(self.right, out=out)
            else:
                out[...] = made.dot(self.right)
            if self.padding is not None:
                out += self.padding
            if bias is not None:
                out += bias
            return all_finite(out)
