"""The plain definition: for every output cell, multiply, add, write one number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Geometry


def correlate(
    image: NDArray[Any],
    weights: NDArray[Any],
    bias: NDArray[Any],
    geometry: Geometry,
    out: NDArray[Any],
) -> None:
    """Write the feature maps of an image into `out`, one multiplication at a time.

    It reads like the formula and takes microseconds for every weight of every window, so it is
    here to be read and to check the other methods, which give the same numbers.

    Parameters
    ----------
    image : (H, W, C_in) array
        Any real dtype.
    weights : (kh, kw, C_in // groups, C_out) array
        In the dtype of `out`; not flipped.
    bias : (C_out,) array
        In the dtype of `out`.
    geometry : Geometry
    out : (H_out, W_out, C_out) array
        Written; its dtype (float32 or float64) is the one computed in.

    Notes
    -----
    ``out[r, c, f] = bias[f] + sum over i, j, d of
    padded[r * stride + i * dilation, c * stride + j * dilation, d] * weights[i, j, d, f]``,
    summed in that order: kernel rows, kernel columns, channels.
    """
    number = out.dtype.type
    height, width, depth, filters = weights.shape
    filters_in_group = filters * depth // image.shape[2]
    rows, columns = geometry.sources(image.shape[:2], (height, width))
    (down, right), (row_gap, column_gap) = geometry.stride, geometry.dilation
    with np.errstate(over="ignore", invalid="ignore"):
        for row, column, kernel in np.ndindex(out.shape):
            first_channel = kernel // filters_in_group * depth
            total = number(0)
            for i, j, channel in np.ndindex(height, width, depth):
                source_row = rows[row * down + i * row_gap]
                source_column = columns[column * right + j * column_gap]
                value = number(geometry.fill_value)
                if source_row >= 0 and source_column >= 0:
                    value = number(image[source_row, source_column, first_channel + channel])
                total += value * weights[i, j, channel, kernel]
            out[row, column, kernel] = total + bias[kernel]
