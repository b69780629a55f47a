"""A kernel applied again to its own feature map, and what can be subtracted from the last one.

A cell of the last map takes in a window of the map before, whose cells take in windows of the map
before that, down to the input. All passes together are again windows on the input: with a stride,
a first place and an extent of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry, Pair
from convviz.kernels import KERNELS, kernel
from convviz.limits import check_extent

MAX_TIMES = 16
INPUT = "input"
SUBTRACTED = ("", INPUT, *(row.id for row in KERNELS))
"""What can be subtracted from a map: nothing, the input, or the map of a preset."""


@dataclass(frozen=True)
class Windows:
    """Where the windows of a map lie on the input, in its pixels.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of the map.
    stride : (int, int)
        From one window to the next.
    first : (int, int)
        Row and column where the first window begins; negative in the padding.
    extent : (int, int)
        Rows and columns of a window.
    """

    shape: Pair
    stride: Pair = (1, 1)
    first: Pair = (0, 0)
    extent: Pair = (1, 1)

    @property
    def centre(self) -> Pair:
        """Row and column of the pixel under the centre of the first window.

        Of an even window it is the upper left of the middle ones, as with padding "same".
        """
        row, column = (self.first[axis] + (self.extent[axis] - 1) // 2 for axis in (0, 1))
        return row, column

    def again(self, geometry: Geometry, kernel_shape: Pair) -> Windows:
        """Return the windows after one more pass; ValueError where it does not fit."""
        shape = geometry.output_shape(self.shape, kernel_shape)
        pads, reach = geometry.pads(self.shape, kernel_shape), geometry.extent(kernel_shape)
        stride, first, extent = zip(
            *(
                (
                    self.stride[axis] * geometry.stride[axis],
                    self.first[axis] - pads[axis][0] * self.stride[axis],
                    self.extent[axis] + (reach[axis] - 1) * self.stride[axis],
                )
                for axis in (0, 1)
            ),
            strict=True,
        )
        return Windows(shape, stride, first, extent)

    def all_over(self, image_shape: Pair) -> bool:
        """Tell whether the centre of every window is a pixel of the input."""
        return all(
            at >= 0 and at + (count - 1) * stride < length
            for at, count, stride, length in zip(
                self.centre, self.shape, self.stride, image_shape, strict=True
            )
        )


def passes(geometry: Geometry, image_shape: Pair, kernel_shape: Pair) -> Iterator[Windows]:
    """Yield the windows after one pass, after two, and so on as long as one more fits.

    From the second pass on, windows do not lie further apart than the input is long: what would
    come after that is the same few cells on an ever larger plane.
    """
    windows = Windows(image_shape)
    for count in range(MAX_TIMES):
        try:
            windows = windows.again(geometry, kernel_shape)
        except ValueError:
            return
        if count and max(windows.stride) > max(image_shape):
            return
        yield windows


def windows_after(times: int, geometry: Geometry, image_shape: Pair, kernel_shape: Pair) -> Windows:
    """Return the windows after so many passes.

    Raises
    ------
    ValueError
        Out of range, or the map becomes too small; the sentence says how many passes fit.
    """
    if not 1 <= times <= MAX_TIMES:
        raise ValueError(f"Times {times} is out of range: choose 1 to {MAX_TIMES}.")
    found = list(islice(passes(geometry, image_shape, kernel_shape), times))
    if len(found) == times:
        return found[-1]
    if not found:
        geometry.output_shape(image_shape, kernel_shape)  # says what is wrong with the first one
    rows, columns = found[-1].shape
    most = "once" if len(found) == 1 else f"at most {len(found)} times"
    so_far = "once" if len(found) == 1 else f"{len(found)} times"
    same = passes(replace(geometry, padding="same"), image_shape, kernel_shape)
    instead = ', or choose the padding "same"' if len(list(islice(same, times))) == times else ""
    raise ValueError(
        f"Applied {times} times the kernel does not fit: applied {so_far} it leaves "
        f"{rows} × {columns}. Apply it {most} (on Explore){instead}."
    )


def check_minus(
    minus: str, times: int, geometry: Geometry, image_shape: Pair, kernel_shape: Pair
) -> None:
    """Refuse a subtraction whose two sides do not lie over each other.

    Raises
    ------
    ValueError
        As one sentence that names a padding with which they do.
    """
    if minus not in SUBTRACTED:
        raise ValueError(f"Minus {minus!r} is unknown: choose {INPUT} or the id of a preset.")

    def problem(geometry: Geometry) -> str:
        return _problem(minus, times, geometry, image_shape, kernel_shape)

    if minus == "" or not (said := problem(geometry)):
        return
    words = (word for word in ("same", "valid") if not problem(replace(geometry, padding=word)))
    word = next(words, "")
    fix = f'the padding "{word}"' if word else "another kernel or a smaller dilation"
    raise ValueError(f"{said}: choose {fix}, or subtract nothing (on Explore).")


def _problem(
    minus: str, times: int, geometry: Geometry, image_shape: Pair, kernel_shape: Pair
) -> str:
    """Say why something cannot be subtracted; "" where it can."""
    try:
        own = windows_after(times, geometry, image_shape, kernel_shape)
    except ValueError as error:
        return str(error)
    if minus == INPUT:
        over = own.all_over(image_shape)
        return "" if over else "Minus the input needs a pixel under every cell, not padding"
    row = kernel(minus)
    try:
        check_extent(geometry.extent(row.shape))
        other = windows_after(times, geometry, image_shape, row.shape)
    except ValueError:
        return f"Minus {row.name} has no map here, since that kernel does not fit"
    if other.shape == own.shape:
        return ""
    shapes = " and ".join(f"{rows} × {columns}" for rows, columns in (own.shape, other.shape))
    return f"Minus {row.name} needs two maps of one shape, and these are {shapes}"


def taps(
    times: int, geometry: Geometry, kernel_shape: Pair
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the rows and the columns of a window that meet a weight in some pass, from its first."""
    rows, columns = (_taps(times, geometry, kernel_shape, axis) for axis in (0, 1))
    return rows, columns


def _taps(times: int, geometry: Geometry, kernel_shape: Pair, axis: int) -> NDArray[np.intp]:
    once = np.arange(kernel_shape[axis]) * geometry.dilation[axis]
    found = once
    for count in range(1, times):
        found = np.unique(np.add.outer(found, once * geometry.stride[axis] ** count))
    return found
