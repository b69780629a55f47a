"""One product for everything: every window of a small image becomes a column of one matrix."""

from __future__ import annotations

from typing import Any

from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from convviz.methods.layout import Layout
from convviz.methods.strips import Compute


class Im2col:
    """A kernel made ready: one row of a matrix for each filter.

    Parameters
    ----------
    weights : (kh, kw, depth, filters) array
        In the dtype computed in.
    layout : Layout

    Notes
    -----
    All windows are copied, so an image grows by the number of weights; for small images that costs
    less than anything cleverer. Chellapilla, Puri, Simard, High Performance Convolutional Neural
    Networks for Document Processing (2006).
    """

    def __init__(self, weights: NDArray[Any], layout: Layout) -> None:
        height, width, depth, filters = weights.shape
        self.layout, self.filters = layout, filters
        self.windows = (height, width, depth, *layout.out)
        self.matrix = weights.reshape(-1, filters).T
        self.rows = layout.out[0]

    def begin(self) -> Compute:
        """Return what computes a whole feature map."""
        return self._compute

    def _compute(self, strip: NDArray[Any], out: NDArray[Any]) -> None:
        (down, right), (row_gap, column_gap) = self.layout.stride, self.layout.gap
        row, plane, cell = strip.strides
        steps = (row_gap * row, column_gap * cell, plane, down * row, right * cell)
        windows = as_strided(strip, self.windows, steps)
        maps = self.matrix @ windows.reshape(self.matrix.shape[1], -1)
        out[...] = maps.T.reshape(out.shape)
