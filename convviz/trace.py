"""Every position of a kernel: its window, products, partial sums and total, made when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convviz.arrays import in_dtype, real_array, working_dtype
from convviz.geometry import Geometry, PaddingLike, Pair, PairLike, integer, real
from convviz.methods.layout import Layout
from convviz.methods.shifted import Shifted
from convviz.methods.strips import Report, run


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One position of the kernel, and everything that becomes one output number.

    Attributes
    ----------
    row, column : int
        The output cell, from 0.
    window : (kh, kw) or (kh, kw, C) array
        The numbers under the weights, in the dtype of the trace. A view inside the image where
        that has the dtype already and no padding is touched; else a small copy. Read-only.
    weights : (kh, kw) or (kh, kw, C) array
        The kernel as used: already rotated if it is flipped. Read-only.
    products : array, shape of the window
        ``window * weights``. Read-only.
    partial_sums : array, shape of the window
        The running sum of the products in row-major order (kernel rows, kernel columns, channels),
        without the bias. Read-only.
    total : float
        The last partial sum plus the bias, rounded as in the dtype of the trace.
    subtotals : (C,) array
        The sum of the products of each channel, without the bias; one number if the image is
        (H, W). Read-only.
    """

    row: int
    column: int
    window: NDArray[Any]
    weights: NDArray[Any]
    products: NDArray[Any]
    partial_sums: NDArray[Any]
    total: float
    subtotals: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Trace:
    """All positions in row-major order: ``len(trace)``, ``trace[i]``, ``for step in trace``.

    Nothing is computed before it is asked for, and the image is not copied: leave it unchanged for
    as long as the trace is used. Made by `trace`.

    Attributes
    ----------
    image : (H, W) or (H, W, C) array
        A read-only view of what was given.
    weights : (kh, kw) or (kh, kw, C) array
        The kernel as used, in the dtype of the trace (float32 or float64).
    geometry : Geometry
    bias : float
    """

    image: NDArray[Any]
    weights: NDArray[Any]
    geometry: Geometry
    bias: float

    @cached_property
    def shape(self) -> Pair:
        """Rows and columns of the output, (H_out, W_out)."""
        return self.geometry.output_shape(self.image.shape[:2], self.weights.shape[:2])

    @cached_property
    def output(self) -> NDArray[Any]:
        """The whole output (H_out, W_out), read-only, equal to each `Step.total` to the last bit.

        Computed once, when first asked for.
        """
        return self.map()

    def map(self, report: Report | None = None) -> NDArray[Any]:
        """Compute `output` anew; `report` is told which share is done."""
        image = self.image if self.image.ndim == 3 else self.image[:, :, np.newaxis]
        weights = self.weights.reshape(*self.weights.shape[:2], -1, 1)
        out = np.empty(self.shape, self.weights.dtype)
        bias = in_dtype(np.array([self.bias]), out.dtype)
        layout = Layout.of(self.geometry, self.image.shape[:2], self.weights.shape[:2])
        definition = Shifted(weights, layout)
        run(definition, definition, layout, image, bias, out[:, :, np.newaxis], report)
        out.flags.writeable = False
        return out

    def __len__(self) -> int:
        """Count the positions: H_out * W_out."""
        return self.shape[0] * self.shape[1]

    def __getitem__(self, index: SupportsIndex) -> Step:
        """Give one position, counted along the output rows; negative from the end.

        Raises
        ------
        IndexError
            There is no such position.
        """
        place = integer("position", index)
        if not -len(self) <= place < len(self):
            raise IndexError(
                f"position {place} is not in a trace of {len(self)}: use 0 to {len(self) - 1}"
            )
        return self._step(*divmod(place % len(self), self.shape[1]))

    def __iter__(self) -> Iterator[Step]:
        """Go through all positions, one output row after the other."""
        for row in range(self.shape[0]):
            for column in range(self.shape[1]):
                yield self._step(row, column)

    def at(self, row: SupportsIndex, column: SupportsIndex) -> Step:
        """Give the position that makes one output cell.

        Parameters
        ----------
        row, column : int
            The output cell, from 0.

        Returns
        -------
        Step

        Raises
        ------
        IndexError
            The output has no such cell.
        """
        place = integer("row", row), integer("column", column)
        if not (0 <= place[0] < self.shape[0] and 0 <= place[1] < self.shape[1]):
            raise IndexError(
                f"row {place[0]}, column {place[1]} is not in the output {self.shape}: "
                f"use rows 0 to {self.shape[0] - 1} and columns 0 to {self.shape[1] - 1}"
            )
        return self._step(*place)

    def _step(self, row: int, column: int) -> Step:
        window = self._window(row, column)
        number = self.weights.dtype.type
        with np.errstate(over="ignore", invalid="ignore"):
            products = window * self.weights
            sums = products.ravel().cumsum()
            total = float(sums[-1] + number(self.bias))
            if self.weights.ndim == 2:
                subtotals = sums[-1:]
            else:
                # cumsum, unlike sum, adds in the order in which the terms are shown.
                subtotals = products.reshape(-1, products.shape[2]).cumsum(axis=0)[-1]
        partial_sums = sums.reshape(products.shape)
        for array in (window, products, partial_sums, subtotals):
            array.flags.writeable = False
        return Step(row, column, window, self.weights, products, partial_sums, total, subtotals)

    def _window(self, row: int, column: int) -> NDArray[Any]:
        (down, right), (row_gap, column_gap) = self.geometry.stride, self.geometry.dilation
        top, left = row * down - self._corner[0], column * right - self._corner[1]
        bottom, far = top + self._extent[0], left + self._extent[1]
        dtype = self.weights.dtype
        if top >= 0 and left >= 0 and bottom <= self.image.shape[0] and far <= self.image.shape[1]:
            window = self.image[top:bottom:row_gap, left:far:column_gap]
            return in_dtype(window, dtype) if window.dtype != dtype else window
        begin, start = row * down, column * right
        rows = self._sources[0][begin : begin + self._extent[0] : row_gap]
        columns = self._sources[1][start : start + self._extent[1] : column_gap]
        window = in_dtype(self.image[rows[:, np.newaxis], columns], dtype)
        if self.geometry.boundary == "constant":
            with np.errstate(over="ignore"):
                window[rows < 0] = self.geometry.fill_value
                window[:, columns < 0] = self.geometry.fill_value
        return window

    @cached_property
    def _sources(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return self.geometry.sources(self.image.shape[:2], self.weights.shape[:2])

    @cached_property
    def _corner(self) -> Pair:
        vertical, horizontal = self.geometry.pads(self.image.shape[:2], self.weights.shape[:2])
        return vertical[0], horizontal[0]

    @cached_property
    def _extent(self) -> Pair:
        return self.geometry.extent(self.weights.shape[:2])


def trace(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    flip: bool = False,
    stride: PairLike = 1,
    padding: PaddingLike = "valid",
    dilation: PairLike = 1,
    boundary: str = "constant",
    fill_value: float = 0.0,
    bias: float = 0.0,
    dtype: DTypeLike | None = None,
) -> Trace:
    """Follow a kernel over an image, position by position.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        Real numbers.
    kernel : (kh, kw) array, or (kh, kw, C) for an image (H, W, C)
        Real numbers, as typed. With channels, every window takes them all and gives one total.
    flip : bool
        Rotate the kernel by 180 degrees first: convolution instead of cross-correlation. The
        order of the channels stays.
    stride, padding, dilation, boundary, fill_value, bias, dtype
        As in `correlate2d`: without `dtype`, bool, integer, float16 and float32 images are
        computed in float32 and wider floats in float64.

    Returns
    -------
    Trace
        ``step.total == step.partial_sums.flat[-1] + bias == trace.output[step.row, step.column]``
        to the last bit, in the dtype of the trace.

    Raises
    ------
    TypeError
        As `correlate2d`.
    ValueError
        As `correlate2d`; also a kernel of another depth than the image.

    Examples
    --------
    >>> steps = trace([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1, 0], [0, -1]])
    >>> len(steps)
    2
    >>> steps[1].products
    array([[ 2.,  0.],
           [ 0., -6.]])
    >>> steps[1].total
    -4.0
    """
    pixels = real_array("image", image, {2: "(H, W)", 3: "(H, W, C)"})
    weights = real_array("kernel", kernel, {2: "(kh, kw)", 3: "(kh, kw, C)"})
    if weights.shape[2:] != pixels.shape[2:]:
        raise ValueError(_depths_differ(pixels.shape, weights.shape))
    geometry = Geometry.of(
        stride=stride,
        padding=padding,
        dilation=dilation,
        boundary=boundary,
        fill_value=fill_value,
    )
    used = weights[::-1, ::-1] if flip else weights
    used = np.array(in_dtype(used, working_dtype(pixels, dtype)), order="C")
    view = pixels.view()
    view.flags.writeable = used.flags.writeable = False
    geometry.output_shape(view.shape[:2], used.shape[:2])
    return Trace(view, used, geometry, real("bias", bias))


def _depths_differ(image: tuple[int, ...], kernel: tuple[int, ...]) -> str:
    depth = image[2] if len(image) == 3 else 1
    form = f"(kh, kw, {depth})" if len(image) == 3 else "(kh, kw)"
    return (
        f"kernel {kernel} has depth {kernel[2] if len(kernel) == 3 else 1} and image {image} has "
        f"depth {depth}: for this image, give a kernel of shape {form}"
    )
