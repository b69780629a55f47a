"""Whole feature maps: check the arguments, make a plan, carry it out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convviz.arrays import in_dtype, real_array, working_dtype
from convviz.geometry import Geometry, PaddingLike, PairLike, integer, real
from convviz.methods.layout import Layout
from convviz.methods.ready import Ready
from convviz.plans import planned


def correlate2d(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = "valid",
    dilation: PairLike = 1,
    boundary: str = "constant",
    fill_value: float = 0.0,
    bias: float = 0.0,
    dtype: DTypeLike | None = None,
) -> NDArray[Any]:
    """Slide a kernel over an image without flipping it: cross-correlation.

    This is what neural networks call convolution; `convolve2d` flips the kernel, as mathematics
    does.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        Real numbers; each of the C channels is treated on its own.
    kernel : (kh, kw) array
        Real numbers, the weights.
    stride, dilation : int or (vertical, horizontal)
        1 or more.
    padding : str, int, (vertical, horizontal) or ((top, bottom), (left, right))
        "valid" (none), "same" (``ceil(n / stride)`` outputs, the odd row or column added at the
        bottom or right), "full" (the dilated kernel minus one), or amounts of 0 or more.
    boundary : {"constant", "edge", "reflect", "symmetric", "wrap"}
        What the padding holds, in the words of `numpy.pad`.
    fill_value : float
        The value of constant padding.
    bias : float
        Added to every output.
    dtype : float32 or float64, optional
        The dtype computed in and returned. Without it, bool, integer, float16 and float32 images
        give float32, and wider floats give float64.

    Returns
    -------
    (H_out, W_out) or (H_out, W_out, C) array
        Never clipped or rounded. Infinities and NaN reach exactly the outputs whose window holds
        them, under a weight of 0 too.

    Raises
    ------
    TypeError
        Numbers that are complex or no numbers, a dtype other than float32 or float64, a float or
        bool where an integer belongs.
    ValueError
        An empty array or one of the wrong dimensions, a kernel that does not fit, a value out of
        range.

    Notes
    -----
    ``output[r, c] = bias + sum over i, j of
    padded[r * stride + i * dilation, c * stride + j * dilation] * kernel[i, j]``

    Examples
    --------
    1*1 + 2*0 + 4*0 + 5*(-1) = -4, and so on for the four windows:

    >>> correlate2d([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], [[1, 0], [0, -1]])
    array([[-4., -4.],
           [-4., -4.]])
    """
    pixels = real_array("image", image, {2: "(H, W)", 3: "(H, W, C)"})
    weights = real_array("kernel", kernel, {2: "(kh, kw)"})
    keywords = stride, padding, dilation, boundary, fill_value
    ready = planned(pixels.shape, weights, working_dtype(pixels, dtype), keywords)
    return ready.map(pixels, real("bias", bias))


def convolve2d(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = "valid",
    dilation: PairLike = 1,
    boundary: str = "constant",
    fill_value: float = 0.0,
    bias: float = 0.0,
    dtype: DTypeLike | None = None,
) -> NDArray[Any]:
    """Rotate a kernel by 180 degrees and slide it over an image: convolution in mathematics.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array
        Real numbers; each of the C channels is treated on its own.
    kernel : (kh, kw) array
        Real numbers, as typed, before the rotation.
    stride, padding, dilation, boundary, fill_value, bias, dtype
        As in `correlate2d`, and for the kernel after its rotation.

    Returns
    -------
    (H_out, W_out) or (H_out, W_out, C) array
        ``correlate2d`` with ``kernel[::-1, ::-1]``.

    Raises
    ------
    TypeError, ValueError
        As `correlate2d`.

    Examples
    --------
    1*(-1) + 2*0 + 4*0 + 5*1 = 4, and so on for the four windows:

    >>> convolve2d([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]], [[1, 0], [0, -1]])
    array([[4., 4.],
           [4., 4.]])
    """
    weights = real_array("kernel", kernel, {2: "(kh, kw)"})
    return correlate2d(
        image,
        weights[::-1, ::-1],
        stride=stride,
        padding=padding,
        dilation=dilation,
        boundary=boundary,
        fill_value=fill_value,
        bias=bias,
        dtype=dtype,
    )


def conv2d(
    image: ArrayLike,
    weights: ArrayLike,
    *,
    bias: ArrayLike | None = None,
    groups: int = 1,
    stride: PairLike = 1,
    padding: PaddingLike = "valid",
    dilation: PairLike = 1,
    boundary: str = "constant",
    fill_value: float = 0.0,
    dtype: DTypeLike | None = None,
) -> NDArray[Any]:
    """Give one feature map for each filter, as a convolution layer does; nothing is flipped.

    Parameters
    ----------
    image : (H, W, C_in) array
        Real numbers.
    weights : (kh, kw, C_in // groups, C_out) array
        Real numbers: C_out filters, each as deep as its group of channels.
    bias : (C_out,) array, optional
        One number for each filter.
    groups : int
        Filters and channels are split into this many blocks, in order, and each block of filters
        sees its own block of channels. ``groups=C_in`` is a depthwise convolution.
    stride, padding, dilation, boundary, fill_value, dtype
        As in `correlate2d`.

    Returns
    -------
    (H_out, W_out, C_out) array
        One number for each filter and position: the sum over its window and all its channels.

    Raises
    ------
    TypeError
        As `correlate2d`.
    ValueError
        As `correlate2d`; also weights whose depth is not that of a group, groups that do not
        divide the channels and the filters, or a bias of another length.

    Examples
    --------
    A 1 x 1 filter with the weights 1, 10 and 100 for the three channels of one pixel:

    >>> conv2d([[[1.0, 2.0, 3.0]]], [[[[1.0], [10.0], [100.0]]]])
    array([[[321.]]])
    """
    pixels = real_array("image", image, {3: "(H, W, C_in)"})
    filters = real_array("weights", weights, {4: "(kh, kw, C_in // groups, C_out)"})
    check_depths(pixels.shape[2], filters.shape, integer("groups", groups, least=1))
    count = filters.shape[3]
    added = np.zeros(count) if bias is None else real_array("bias", bias, {1: "(C_out,)"})
    if added.size != count:
        raise ValueError(f"bias has {added.size} numbers for {count} filters: give one for each")
    geometry = Geometry.of(
        stride=stride,
        padding=padding,
        dilation=dilation,
        boundary=boundary,
        fill_value=fill_value,
    )
    working = working_dtype(pixels, dtype)
    shape = geometry.output_shape(pixels.shape[:2], filters.shape[:2])
    out = np.empty((*shape, count), working)
    added = in_dtype(added, working)
    layout = Layout.of(geometry, pixels.shape[:2], filters.shape[:2])
    depth, maps = filters.shape[2], count // groups
    for group in range(groups):
        seen = slice(group * depth, (group + 1) * depth)
        made = slice(group * maps, (group + 1) * maps)
        ready = Ready.of(filters[..., made], layout, working)
        ready(pixels[:, :, seen], added[made], out[:, :, made])
    return out


def check_depths(channels: int, weights_shape: tuple[int, ...], groups: int) -> None:
    """Refuse filters that are not as deep as their group of channels."""
    depth, filters = weights_shape[2:]
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups {groups} must divide the {channels} channels of the image "
            f"and the {filters} filters of the weights"
        )
    if depth != channels // groups:
        each = "" if groups == 1 else f", {channels // groups} in each of {groups} groups"
        raise ValueError(
            f"weights of depth {depth} do not fit an image of depth {channels}{each}: "
            f"use weights of shape (kh, kw, {channels // groups}, C_out)"
        )
