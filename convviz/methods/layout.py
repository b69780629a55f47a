"""Where everything lies on a plane; strips of the padded image, which never exists whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry, Pair, source_of
from convviz.methods.memory import WORK_BYTES, aligned

# BLAS starts no threads for products of at most so many multiplications. Threads gain little here,
# and on a busy machine they make each product wait for a core: 20 ms became 800.
PRODUCT = 250_000
# A buffer of so few cells is filled as a whole sooner than side by side.
SMALL = 20_000
# Columns that are not evenly spaced are gathered before they are written, so many numbers at once.
GATHERED = 6_000


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
    channels : int
        Interleaved ones; else 1.
    above, below : int array
        The image rows that the padded rows above and below it copy; -1 is the fill value.
    margins : tuple of (slice, slice or int array)
        The padded columns on either side, and the padded columns inside that they copy.
    boundary : str
        What stands in the padding.
    fill : float
        The value of "constant".
    lent : int
        Bytes of work memory, if it is not the usual.

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
    channels: int
    above: NDArray[np.intp]
    below: NDArray[np.intp]
    margins: tuple[tuple[slice, slice | NDArray[np.intp]], ...]
    boundary: str
    fill: float
    lent: int = 0

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
        (top, bottom), (left, right) = geometry.pads(image, kernel)
        left, wide, right = left * channels, image[1] * channels, right * channels
        gap = geometry.dilation[0], geometry.dilation[1] * channels
        height, boundary = image[0], geometry.boundary
        sides = (
            (slice(0, left), np.arange(-left, 0)),
            (slice(left + wide, left + wide + right), np.arange(wide, wide + right)),
        )
        return Layout(
            image=(height, wide),
            out=(out[0], out[1] * channels),
            stride=geometry.stride,
            gap=gap,
            extent=((kernel[0] - 1) * gap[0] + 1, (kernel[1] - 1) * gap[1] + 1),
            top=top,
            left=left,
            width=left + wide + right,
            channels=channels,
            above=source_of(np.arange(-top, 0), height, boundary),
            below=source_of(np.arange(height, height + bottom), height, boundary),
            margins=tuple(
                (side, sliced(_interleaved(columns, wide, channels, boundary) + left))
                for side, columns in sides
                if columns.size
            ),
            boundary=boundary,
            fill=geometry.fill_value,
        )

    @property
    def constant(self) -> bool:
        """Whether the padding holds the fill value."""
        return self.boundary == "constant"

    def row_in_padding(self, place: int) -> int:
        """Say which image row a padded row above or below the image copies."""
        if place < self.top:
            return int(self.above[place])
        return int(self.below[place - self.top - self.image[0]])

    def rows_at(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Say which image rows these padded rows copy; -1 is the fill value."""
        return source_of(places - self.top, self.image[0], self.boundary)

    def columns_at(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Say the same of columns."""
        columns = places - self.left
        return _interleaved(columns, self.image[1], self.channels, self.boundary)

    def upright(self) -> Layout:
        """Give the same without padding to the left and right."""
        return replace(self, left=0, width=self.image[1], margins=())

    def reach(self, count: int) -> int:
        """Count the padded rows under the windows of `count` output rows."""
        return (count - 1) * self.stride[0] + self.extent[0]

    def room(self, dtype: np.dtype[Any]) -> int:
        """Count the numbers that all work buffers of a call may hold together."""
        return (self.lent or WORK_BYTES) // dtype.itemsize

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
            row = self.row_in_padding(first + place)
            buffer[place, :, inner] = self.fill if self.constant else planes[row]
        for margin, source in self.margins:
            if self.constant:
                buffer[:, :, margin] = self.fill
            else:
                copy_columns(buffer, source, buffer[:, :, margin])
        return buffer


def _interleaved(
    columns: NDArray[np.intp], width: int, channels: int, boundary: str
) -> NDArray[np.intp]:
    """Say what `source_of` does, of columns of interleaved channels: each stays in its own."""
    pixels, channel = np.divmod(columns, channels)
    found = source_of(pixels, width // channels, boundary)
    return np.where(found < 0, -1, found * channels + channel)


def copy_columns(rows: NDArray[Any], columns: slice | NDArray[np.intp], into: NDArray[Any]) -> None:
    """Copy these columns of (rows, ..., columns) into an array that is as wide as they are."""
    few = len(rows)
    if not isinstance(columns, slice):
        few = max(GATHERED * few // max(into.size, 1), 1)
    for first in range(0, len(rows), few):
        into[first : first + few] = rows[first : first + few, ..., columns]


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
