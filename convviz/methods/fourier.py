"""The Fourier transform of tiles (overlap-save): as much work for a large kernel as for a small."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout
from convviz.methods.strips import Compute, Look

LARGEST_TILE = 256


class Fourier:
    """A kernel made ready: its transform, for one size of tile.

    Parameters
    ----------
    weights : (kh, kw) array
        In the dtype computed in.
    layout : Layout

    Notes
    -----
    A product of transforms is a circular convolution, so of a tile of n cells only the first
    n - k + 1 outputs are used and tiles overlap by k - 1. The conjugate transform of the kernel
    makes it a correlation. Oppenheim, Schafer, Discrete-Time Signal Processing, 3rd edition
    (2010), section 8.7.3.

    The level of a tile is taken away before and put back after: a transform's error grows with the
    numbers, and of a bright, even picture nearly all of them is the level.
    """

    def __init__(self, weights: NDArray[Any], layout: Layout) -> None:
        self.layout, self.source, self.dtype = layout, layout, weights.dtype
        self.look: Look = "outputs"
        (down, right), extent = layout.stride, layout.extent
        dense = tuple((n - 1) * s + 1 for n, s in zip(layout.out, layout.stride, strict=True))
        self.tile = tuple(tile_size(n, reach) for n, reach in zip(dense, extent, strict=True))
        spread = np.zeros(self.tile, self.dtype)
        spread[: extent[0] : layout.gap[0], : extent[1] : layout.gap[1]] = weights
        self.total = weights.sum(dtype=np.float64)
        transform = np.conj(np.fft.rfft2(spread))
        self.transform = transform.astype(np.result_type(self.dtype, np.complex64), copy=False)
        # Outputs of a tile, on the grid of the stride.
        self.rows = min((self.tile[0] - extent[0]) // down + 1, layout.out[0])
        self.columns = min((self.tile[1] - extent[1]) // right + 1, layout.out[1])

    def begin(self) -> Compute:
        """Allocate the work buffers of one call."""
        (down, right), (height, width) = self.layout.stride, self.tile
        complete = np.empty(self.transform.shape, self.transform.dtype)
        used = (self.rows - 1) * down + 1
        result = np.empty((used, width), self.dtype)
        varying = np.empty(self.tile, self.dtype)
        seen = result[::down, : (self.columns - 1) * right + 1 : right]

        def compute(strip: NDArray[Any], out: NDArray[Any]) -> None:
            length = min(strip.shape[0], height)
            for begin in range(0, out.shape[1], self.columns):
                first = min(begin, out.shape[1] - self.columns)
                tile = strip[:length, 0, first * right : first * right + width]
                level = tile[length // 2, tile.shape[1] // 2]
                varied = np.subtract(tile, level, out=varying[:length, : tile.shape[1]])
                np.fft.rfft(varied, n=width, axis=1, out=complete[:length])
                complete[length:] = 0
                np.fft.fft(complete, axis=0, out=complete)
                np.multiply(complete, self.transform, out=complete)
                np.fft.ifft(complete, axis=0, out=complete)
                np.fft.irfft(complete[:used], n=width, axis=1, out=result)
                restored = self.dtype.type(level * self.total)
                np.add(seen, restored, out=out[:, first : first + self.columns, 0])

        return compute


def tile_size(outputs: int, extent: int) -> int:
    """Choose the length of a tile along one axis: the least work for all tiles together.

    Parameters
    ----------
    outputs : int
        Places to compute, stride 1.
    extent : int
        Cells under the kernel.

    Returns
    -------
    int
        A length with no prime factor above 5, at least `extent`.
    """
    whole = outputs + extent - 1
    largest = max(LARGEST_TILE, 2 * extent)
    lengths = [n for n in _smooth(max(2 * largest, 2 * whole)) if extent <= n]
    fitting = [n for n in lengths if n <= largest] or lengths[:1]
    return min(fitting, key=lambda n: -(-outputs // (n - extent + 1)) * n)


def _smooth(limit: int) -> list[int]:
    """List all 2**a * 3**b * 5**c up to a limit, in order."""
    found = [1]
    for prime in (2, 3, 5):
        found = [
            n * prime**power
            for n in found
            for power in range(limit.bit_length())
            if n * prime**power <= limit
        ]
    return sorted(found)
