"""What stands between convolutions in a network: ReLU and pooling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convviz.arrays import in_dtype, real_array, working_dtype
from convviz.geometry import Geometry, PaddingLike, PairLike, pair

_IMAGE_FORMS = {2: "(H, W)", 3: "(H, W, C)"}


def relu(image: ArrayLike) -> NDArray[Any]:
    """Replace negative numbers by 0.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        Real numbers.

    Returns
    -------
    array, shape of the image
        float64 for an image of float64, else float32. NaN stays NaN.

    Raises
    ------
    TypeError
        The image does not hold real numbers.
    ValueError
        The image is empty or has other dimensions.

    Examples
    --------
    >>> relu([[-1.5, 2.0]])
    array([[0., 2.]])
    """
    pixels = real_array("image", image, _IMAGE_FORMS)
    cells = in_dtype(pixels, working_dtype(pixels, None))
    positive: NDArray[Any] = np.maximum(cells, 0)
    return positive


def max_pool2d(
    image: ArrayLike,
    size: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
) -> NDArray[Any]:
    """Take the largest number of each window, channel by channel.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        Real numbers.
    size : int or (vertical, horizontal)
        Rows and columns of the window, 1 or more.
    stride : int or (vertical, horizontal), optional
        From one window to the next; without it, `size`, so that windows do not overlap.
    padding : as in `correlate2d`
        Padded cells never win. Less than `size` on each side.

    Returns
    -------
    (H_out, W_out) or (H_out, W_out, C) array
        float64 for an image of float64, else float32. A NaN in a window gives NaN.

    Raises
    ------
    TypeError
        As `correlate2d`.
    ValueError
        As `correlate2d`; also padding as wide as `size`, which would leave a window empty.

    Examples
    --------
    >>> max_pool2d([[1.0, 2.0, 5.0, 6.0], [3.0, 4.0, 8.0, 7.0]], 2)
    array([[4., 8.]])
    """
    return _pool(image, size, stride, padding, np.maximum, -np.inf)


def avg_pool2d(
    image: ArrayLike,
    size: PairLike,
    *,
    stride: PairLike | None = None,
    padding: PaddingLike = 0,
) -> NDArray[Any]:
    """Take the mean of each window, channel by channel.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        Real numbers.
    size : int or (vertical, horizontal)
        Rows and columns of the window, 1 or more.
    stride : int or (vertical, horizontal), optional
        From one window to the next; without it, `size`, so that windows do not overlap.
    padding : as in `correlate2d`
        Padded cells are not counted: the mean is of the image's own cells. Less than `size` on
        each side.

    Returns
    -------
    (H_out, W_out) or (H_out, W_out, C) array
        float64 for an image of float64, else float32.

    Raises
    ------
    TypeError
        As `correlate2d`.
    ValueError
        As `correlate2d`; also padding as wide as `size`, which would leave a window empty.

    Examples
    --------
    (1 + 2 + 3 + 4) / 4 = 2.5 and (5 + 6 + 8 + 7) / 4 = 6.5:

    >>> avg_pool2d([[1.0, 2.0, 5.0, 6.0], [3.0, 4.0, 8.0, 7.0]], 2)
    array([[2.5, 6.5]])
    """
    means = _pool(image, size, stride, padding, np.add, 0.0)
    ones = np.ones(np.shape(image), means.dtype)
    means /= _pool(ones, size, stride, padding, np.add, 0.0)
    return means


def _pool(
    image: ArrayLike,
    size: PairLike,
    stride: PairLike | None,
    padding: PaddingLike,
    combine: Callable[..., NDArray[Any]],
    neutral: float,
) -> NDArray[Any]:
    """Combine the cells of each window; padded cells are `neutral` to it."""
    pixels = real_array("image", image, _IMAGE_FORMS)
    window = pair("size", size, least=1)
    step = window if stride is None else pair("stride", stride, least=1)
    geometry = Geometry.of(stride=step, padding=padding)
    pads = geometry.pads(pixels.shape[:2], window)
    rows, columns = geometry.output_shape(pixels.shape[:2], window, name="size")
    if max(pads[0]) >= window[0] or max(pads[1]) >= window[1]:
        raise ValueError(f"padding {pads} must be less than size {window} on each side")

    cells = in_dtype(pixels, working_dtype(pixels, None))
    cells = np.pad(cells, (*pads, (0, 0))[: cells.ndim], constant_values=neutral)
    height, width = (rows - 1) * step[0] + 1, (columns - 1) * step[1] + 1
    out = np.full((rows, columns, *cells.shape[2:]), neutral, cells.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        for i, j in np.ndindex(window):
            combine(out, cells[i : i + height : step[0], j : j + width : step[1]], out=out)
    return out
