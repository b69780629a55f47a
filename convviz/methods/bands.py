"""Banded (Toeplitz) matrices: a product with one of them slides a kernel along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def banded(weights: NDArray[Any], count: int, stride: int, gap: int) -> NDArray[Any]:
    """Repeat weights along a diagonal, one row for each output.

    Parameters
    ----------
    weights : (k, ...) array
        Along the first axis: the weights of one output.
    count : int
        Outputs.
    stride, gap : int
        From one output to the next, and from one weight to the next.

    Returns
    -------
    (count, (count - 1) * stride + (k - 1) * gap + 1, ...) array
        Zero where there is no weight. A single row without gaps is a view of the weights.

    Examples
    --------
    >>> banded(np.array([1, 2, 3]), 2, 1, 1)
    array([[1, 2, 3, 0],
           [0, 1, 2, 3]])
    """
    if count == gap == 1:
        return weights[np.newaxis]
    extent = (weights.shape[0] - 1) * gap + 1
    length = (count - 1) * stride + extent
    result = np.zeros((count, length, *weights.shape[1:]), weights.dtype)
    for place in range(count):
        begin = place * stride
        result[place, begin : begin + extent : gap] = weights
    return result
