"""Shift and add: a whole strip of output rows at once, one weight after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry

# One plane of the strip, its totals and its products: small enough for a 512 KiB L2 cache.
STRIP_BYTES = 384 * 1024
# With fewer rows than this the calls cost more than the numbers.
LEAST_ROWS = 4


def correlate(
    image: NDArray[Any],
    weights: NDArray[Any],
    bias: NDArray[Any],
    geometry: Geometry,
    out: NDArray[Any],
) -> None:
    """Write the feature maps of an image into `out`, by adding shifted copies of it.

    Parameters
    ----------
    image : (H, W, C_in) array
        Any real dtype and any memory layout; never copied as a whole.
    weights : (kh, kw, C_in // groups, C_out) array
        In the dtype of `out`; not flipped.
    bias : (C_out,) array
        In the dtype of `out`.
    geometry : Geometry
    out : (H_out, W_out, C_out) array
        Written; its dtype (float32 or float64) is the one computed in.

    Notes
    -----
    Each output is the sum of its products in the order kernel rows, kernel columns, channels, and
    then the bias: the same operations in the same order as in `loops` and in a `Step`, so the same
    bits. No weight is skipped, for 0 times infinity is not a number.
    """
    depth, filters = weights.shape[2:]
    filters_in_group = filters * depth // image.shape[2]
    padded = _Padded(image, geometry, weights.shape[:2])
    down, reach = geometry.stride[0], geometry.extent(weights.shape[:2])[0]

    rows = _strip_rows(out, padded.width, down, reach)
    planes = np.empty((depth, (rows - 1) * down + reach, padded.width), out.dtype)
    totals = np.empty((rows, out.shape[1]), out.dtype)
    products = np.empty_like(totals)
    with np.errstate(over="ignore", invalid="ignore"):
        for first in range(0, out.shape[0], rows):
            count = min(rows, out.shape[0] - first)
            strip = planes[:, : (count - 1) * down + reach]
            total, product = totals[:count], products[:count]
            for kernel in range(filters):
                group, place = divmod(kernel, filters_in_group)
                if place == 0:
                    padded.copy(first * down, group * depth, strip)
                _accumulate(strip, weights[..., kernel], geometry, total, product)
                np.add(total, bias[kernel], out=out[first : first + count, :, kernel])


class _Padded:
    """The padded image (H, W, C), which exists only in the strips copied out of it."""

    def __init__(self, image: NDArray[Any], geometry: Geometry, kernel: tuple[int, ...]) -> None:
        self.planes = image.transpose(2, 0, 1)
        self.rows, self.columns = geometry.sources(image.shape[:2], kernel)
        (self.top, _), (self.left, _) = geometry.pads(image.shape[:2], kernel)
        self.geometry = geometry
        self.width = self.columns.size

    def copy(self, row: int, channel: int, strip: NDArray[Any]) -> None:
        """Fill strip (depth, rows, width) from a padded row and a channel on."""
        depth, length, _ = strip.shape
        planes = self.planes[channel : channel + depth]
        _, height, width = planes.shape
        columns = slice(self.left, self.left + width)
        constant = self.geometry.boundary == "constant"
        value = self.geometry.fill_value

        begin = min(max(self.top - row, 0), length)
        end = max(min(self.top + height - row, length), begin)
        if begin < end:
            start = row - self.top
            strip[:, begin:end, columns] = planes[:, start + begin : start + end]
        for place in (*range(begin), *range(end, length)):
            source = self.rows[row + place]
            strip[:, place, columns] = value if constant else planes[:, source]
        for margin in (slice(0, self.left), slice(self.left + width, None)):
            source = self.left + self.columns[margin]
            strip[:, :, margin] = value if constant else strip[:, :, source]


def _strip_rows(out: NDArray[Any], width: int, down: int, reach: int) -> int:
    cells = STRIP_BYTES // out.dtype.itemsize - (reach - down) * width
    fitting = cells // (down * width + 2 * out.shape[1])
    return min(max(int(fitting), LEAST_ROWS), int(out.shape[0]))


def _accumulate(
    strip: NDArray[Any],
    kernel: NDArray[Any],
    geometry: Geometry,
    total: NDArray[Any],
    product: NDArray[Any],
) -> None:
    (down, right), (row_gap, column_gap) = geometry.stride, geometry.dilation
    height, width = (total.shape[0] - 1) * down + 1, (total.shape[1] - 1) * right + 1
    for tap, (i, j, channel) in enumerate(np.ndindex(kernel.shape)):
        top, left = i * row_gap, j * column_gap
        shifted = strip[channel, top : top + height : down, left : left + width : right]
        if tap == 0:
            np.multiply(shifted, kernel[i, j, channel], out=total)
        else:
            np.multiply(shifted, kernel[i, j, channel], out=product)
            np.add(total, product, out=total)
