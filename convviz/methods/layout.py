"""Where everything lies on a plane; strips of the padded image, which never exists whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry, Pair
from convviz.methods.memory import WORK_BYTES, aligned

# BLAS starts no threads for products of at most so many multiplications. Threads gain little here,
# and on a busy machine they make each product wait for a core: 20 ms became 800.
PRODUCT = 250_000
# A buffer of so few cells is filled as a whole sooner than side by side.
SMALL = 20_000


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """A geometry with the shapes put in: plain numbers that all methods share.

    Parameters
    ----------
    image, out : (int, int)
        Rows and columns of the image and of a feature map.
    stride, gap : (int, int)
        Rows and columns from one window to the next, and from one weight to the next.
    extent : (int, int)
        Rows and columns under the kernel, gaps included.
    top, left : int
        Padding above and to the left.
    width : int
        Columns of the padded image.
    rows : (H_padded,) int array
        The image row that each padded row copies; -1 is the fill value.
    columns : (W_padded,) int array
        The same of the columns.
    margins : tuple of (slice, slice or int array)
        The padded columns on either side, and the padded columns inside that they copy.
    constant : bool
        Whether the padding holds the fill value.
    fill : float
        That value.

    Notes
    -----
    Pixels of several channels that lie side by side in memory (r g b r g b ...) are one wide plane
    on which the weights stand `channels` columns apart; `Layout.of` can lay them out so.
    """

    image: Pair
    out: Pair
    stride: Pair
    gap: Pair
    extent: Pair
    top: int
    left: int
    width: int
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    margins: tuple[tuple[slice, slice | NDArray[np.intp]], ...]
    constant: bool
    fill: float

    @staticmethod
    @lru_cache(maxsize=256)
    def of(geometry: Geometry, image: Pair, kernel: Pair, channels: int = 1) -> Layout:
        """Lay out a kernel on an image; with channels, on their interleaved columns.

        Raises
        ------
        ValueError
            The kernel does not fit, or interleaved channels with a horizontal stride above 1,
            which no longer lie on one plane.
        """
        out = geometry.output_shape(image, kernel)
        if channels > 1 and geometry.stride[1] > 1:
            raise ValueError(f"channels {channels} cannot be interleaved with a horizontal stride")
        (top, _), (left, _) = geometry.pads(image, kernel)
        rows, columns = geometry.sources(image, kernel)
        if channels > 1:
            beside = columns[:, None] * channels + np.arange(channels)
            columns = np.where(columns[:, None] < 0, -1, beside).ravel()
        left, wide = left * channels, image[1] * channels
        sides = slice(0, left), slice(left + wide, columns.size)
        gap = geometry.dilation[0], geometry.dilation[1] * channels
        return Layout(
            image=(image[0], wide),
            out=(out[0], out[1] * channels),
            stride=geometry.stride,
            gap=gap,
            extent=((kernel[0] - 1) * gap[0] + 1, (kernel[1] - 1) * gap[1] + 1),
            top=top,
            left=left,
            width=columns.size,
            rows=rows,
            columns=columns,
            margins=tuple(
                (side, sliced(columns[side] + left)) for side in sides if side.start < side.stop
            ),
            constant=geometry.boundary == "constant",
            fill=geometry.fill_value,
        )

    def upright(self) -> Layout:
        """Give the same without padding to the left and right."""
        return replace(self, left=0, width=self.image[1], margins=())

    def reach(self, count: int) -> int:
        """Count the padded rows under the windows of `count` output rows."""
        return (count - 1) * self.stride[0] + self.extent[0]

    def room(self, dtype: np.dtype[Any]) -> int:
        """Count the numbers that all work buffers of a call may hold together."""
        return WORK_BYTES // dtype.itemsize

    def strips(
        self, image: NDArray[Any], rows: int, dtype: np.dtype[Any]
    ) -> Callable[[int], NDArray[Any]]:
        """Give what makes the strip (length, depth, W_padded) that begins with a padded row.

        Parameters
        ----------
        image : (H, W, depth) array
            Any real dtype and memory layout.
        rows : int
            Output rows of a strip.
        dtype : numpy.dtype
            Of the strip.
        """
        buffer = aligned((self.reach(rows), image.shape[2], self.width), dtype)
        return lambda first: self.strip(image, first, buffer)

    def strip(self, image: NDArray[Any], first: int, buffer: NDArray[Any]) -> NDArray[Any]:
        """Give some rows of the padded image.

        Parameters
        ----------
        image : (H, W, depth) array
            Any real dtype and memory layout.
        first : int
            The padded row to begin with.
        buffer : (length, depth, W_padded) array
            Filled, if the image itself does not hold these numbers in this order already.

        Returns
        -------
        (length, depth, W_padded) array
            The buffer or a view of the image, which is not to be written; in one piece.
        """
        length = buffer.shape[0]
        height, width, depth = image.shape
        begin = min(max(self.top - first, 0), length)
        end = max(min(self.top + height - first, length), begin)
        planes = image.transpose(0, 2, 1)
        start = first - self.top
        whole = begin == 0 and end == length and self.width == width
        same = image.dtype == buffer.dtype and image.flags.c_contiguous
        if whole and same and depth == 1:
            return planes[start : start + length]
        inner = slice(self.left, self.left + width)
        if self.constant and buffer.size < SMALL:
            buffer.fill(self.fill)
            buffer[begin:end, :, inner] = planes[start + begin : start + end]
            return buffer
        if begin < end:
            buffer[begin:end, :, inner] = planes[start + begin : start + end]
        for place in (*range(begin), *range(end, length)):
            source = self.rows[first + place]
            buffer[place, :, inner] = self.fill if self.constant else planes[source]
        for margin, source in self.margins:
            buffer[:, :, margin] = self.fill if self.constant else buffer[:, :, source]
        return buffer


def sliced(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """Write places a step apart, or one place many times, as a slice: it is copied much faster."""
    first, last = int(places[0]), int(places[-1])
    step = int(places[1]) - first if places.size > 1 else 1
    if not np.array_equal(places, first + step * np.arange(places.size)):
        return places
    if step == 0:
        return slice(first, first + 1)
    stop = last + (1 if step > 0 else -1)
    return slice(first, stop if stop >= 0 else None, step)


def view(
    memory: NDArray[Any], shape: tuple[int, ...], steps: tuple[int, ...], offset: int = 0
) -> NDArray[Any]:
    """Look at an array in one piece with other strides; offset and steps are in bytes.

    The same as `numpy.lib.stride_tricks.as_strided` in a sixth of the time, and checked to stay
    inside the array.
    """
    return np.ndarray(shape, memory.dtype, memory, offset, steps)
