"""What counts as an image, a kernel or a dtype: the checks that every public function shares."""

from __future__ import annotations

import reprlib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


def real_array(name: str, values: ArrayLike, forms: dict[int, str]) -> NDArray[Any]:
    """Read real numbers as an array, without a copy where there is one already.

    Parameters
    ----------
    name : str
        The argument, for errors.
    values : array_like
    forms : dict
        The numbers of dimensions allowed, and how errors write the shape of each.

    Returns
    -------
    array
        Of a bool, integer or float dtype, with at least one number.

    Raises
    ------
    TypeError
        The values are not real numbers.
    ValueError
        The values are ragged or empty, or have another number of dimensions.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} is not a full table of numbers: {error}") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} of dtype {array.dtype} must hold real numbers: bool, integer or float"
        )
    if array.ndim not in forms:
        wanted = " or ".join(forms.values())
        raise ValueError(f"{name} of shape {array.shape} must be {wanted}")
    if array.size == 0:
        raise ValueError(f"{name} of shape {array.shape} is empty: give at least one number")
    return array


def working_dtype(image: NDArray[Any], dtype: DTypeLike | None) -> np.dtype[Any]:
    """Choose the dtype of a result: `dtype` if given, else the one that follows the image.

    Parameters
    ----------
    image : array
        Of a bool, integer or float dtype.
    dtype : float32, float64 or None

    Returns
    -------
    numpy.dtype
        float32 or float64. For None: float64 if the image holds floats of 8 bytes or more, else
        float32, which is exact for integers up to 2**24.

    Raises
    ------
    TypeError
        Another dtype.
    """
    if dtype is None:
        wide = image.dtype.kind == "f" and image.dtype.itemsize >= 8
        return FLOAT64 if wide else FLOAT32
    try:
        chosen = np.dtype(dtype)
    except TypeError:
        chosen = None
    if chosen is None or chosen not in (FLOAT32, FLOAT64):
        raise TypeError(f"dtype {reprlib.repr(dtype)} must be float32 or float64")
    return chosen


def in_dtype(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Convert numbers; one too large for `dtype` becomes infinite, without a warning."""
    with np.errstate(over="ignore"):
        return values.astype(dtype, copy=False)
