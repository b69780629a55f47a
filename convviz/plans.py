"""A kernel made ready for images of one shape: which method, why, and the maps themselves."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from convviz.arrays import in_dtype, real_array, working_dtype
from convviz.geometry import Geometry, PaddingLike, PairLike, ShapeLike, real
from convviz.methods.choice import Choice
from convviz.methods.layout import Layout
from convviz.methods.ready import Ready
from convviz.methods.separable import Separable
from convviz.methods.strips import Report

# Plans are kept of kernels of so many weights, or of more if the image is small. (Transforms of
# tiles, which are large, are planned from 13 x 13 on.)
KEPT_WEIGHTS = 144
KEPT_WEIGHTS_SMALL = 1024
SMALL_CELLS = 100_000
# The methods that take the channels of a picture as one wide plane.
INTERLEAVED = ("im2col", "toeplitz", "shifted")


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """A kernel made ready for all images of one shape; made by `plan`.

    Attributes
    ----------
    method : str
        "shifted", "im2col", "toeplitz", "separable", "dense" or "fourier"; each is a file of
        `convviz.methods`.
    sentence : str
        Why this method, in a few words.
    costs : dict of str to float
        Estimated nanoseconds for one output cell, for every method that could do it.
    image_shape, shape : tuple of int
        Of the images it takes, and of the feature maps it gives.
    dtype : numpy.dtype
        float32 or float64, computed in and returned.
    """

    image_shape: tuple[int, ...]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    ready: Ready
    interleaved: Ready | None

    @property
    def choice(self) -> Choice:
        """The method and what it was chosen from."""
        return self.ready.choice

    @property
    def method(self) -> str:
        """The name of the method."""
        return self.choice.method

    @property
    def sentence(self) -> str:
        """Why it was chosen."""
        return self.choice.sentence

    @property
    def exact(self) -> bool:
        """Whether sums of whole numbers that the dtype can hold come out without an error."""
        several = isinstance(self.ready.method, Separable) and len(self.ready.method.down) > 1
        return not several and self.method != "fourier"

    @property
    def costs(self) -> dict[str, float]:
        """What each method was estimated to cost."""
        return self.choice.costs

    def __call__(self, image: ArrayLike, bias: float = 0.0) -> NDArray[Any]:
        """Give the feature map of an image.

        Parameters
        ----------
        image : (H, W) or (H, W, C) array
            Real numbers, of the shape that was planned for.
        bias : float
            Added to every output.

        Returns
        -------
        (H_out, W_out) or (H_out, W_out, C) array

        Raises
        ------
        TypeError, ValueError
            No real numbers, or another shape.
        """
        pixels = real_array("image", image, {2: "(H, W)", 3: "(H, W, C)"})
        if pixels.shape != self.image_shape:
            raise ValueError(
                f"image of shape {pixels.shape} does not fit a plan for {self.image_shape}: "
                "make a plan for each shape"
            )
        return self.map(pixels, real("bias", bias))

    def map(
        self,
        pixels: NDArray[Any],
        bias: float,
        report: Report | None = None,
        *,
        finite: bool = False,
    ) -> NDArray[Any]:
        """Give the feature map of an image that has been checked already; perhaps to be finite."""
        added = in_dtype(np.array([bias]), self.dtype) if bias else None
        out = np.empty(self.shape, self.dtype)
        if pixels.ndim == 2:
            self.ready.plane(pixels, added, out, report, finite=finite)
        elif self.interleaved is not None and pixels.flags.c_contiguous:
            beside = pixels.reshape(pixels.shape[0], -1, 1)
            self.interleaved(beside, added, out.reshape(out.shape[0], -1, 1), report, finite=finite)
        else:
            for channel in range(pixels.shape[2]):
                plane, made = pixels[:, :, channel], out[:, :, channel]
                self.ready.plane(plane, added, made, report, finite=finite)
        return out


def plan(
    image_shape: ShapeLike,
    kernel: ArrayLike,
    *,
    stride: PairLike = 1,
    padding: PaddingLike = "valid",
    dilation: PairLike = 1,
    boundary: str = "constant",
    fill_value: float = 0.0,
    dtype: DTypeLike = np.float32,
) -> Plan:
    """Make a kernel ready for many images of one shape: `correlate2d` without its preparation.

    Parameters
    ----------
    image_shape : (H, W) or (H, W, C)
    kernel : (kh, kw) array
        Real numbers, the weights; not flipped.
    stride, padding, dilation, boundary, fill_value
        As in `correlate2d`.
    dtype : float32 or float64
        Computed in and returned.

    Returns
    -------
    Plan
        Call it with an image.

    Raises
    ------
    TypeError, ValueError
        As `correlate2d`.

    Examples
    --------
    >>> box = plan((1080, 1920), np.full((7, 7), 1 / 49))
    >>> box.sentence
    'rank 1: two passes of 7 instead of 49 products'
    >>> box(np.ones((1080, 1920), np.uint8)).shape
    (1074, 1914)
    """
    weights = real_array("kernel", kernel, {2: "(kh, kw)"})
    working = working_dtype(weights, dtype)
    whole = tuple(map(operator.index, image_shape))
    if len(whole) not in (2, 3):
        raise ValueError(f"image_shape {whole} must be (H, W) or (H, W, C)")
    return planned(whole, weights, working, (stride, padding, dilation, boundary, fill_value))


def planned(
    image_shape: tuple[int, ...],
    weights: NDArray[Any],
    working: np.dtype[Any],
    keywords: tuple[PairLike, PaddingLike, PairLike, str, float],
) -> Plan:
    """Make a plan from what `real_array` and `working_dtype` gave; else as `plan`.

    The keywords are stride, padding, dilation, boundary and fill_value.
    """
    # A plan depends on nothing but these values, and planning takes up to a fiftieth of computing a
    # large map, and longer than a small one: the latest plans are kept, where they are not large.
    few = math.prod(image_shape) <= SMALL_CELLS
    most = KEPT_WEIGHTS_SMALL if few else KEPT_WEIGHTS
    if weights.size <= most and tuple(map(type, keywords)) in _PLAIN:
        numbers = weights.tobytes()
        return _kept(image_shape, numbers, weights.shape, weights.dtype, working, keywords)
    return _made(image_shape, weights, working, keywords)


_PLAIN = {(int, padding, int, str, fill) for padding in (int, str) for fill in (int, float)}


@lru_cache(maxsize=64)
def _kept(
    image_shape: tuple[int, ...],
    numbers: bytes,
    shape: tuple[int, ...],
    held: np.dtype[Any],
    working: np.dtype[Any],
    keywords: tuple[Any, ...],
) -> Plan:
    weights = np.frombuffer(numbers, held).reshape(shape)
    return _made(image_shape, weights, working, keywords)


def _made(
    image_shape: tuple[int, ...],
    weights: NDArray[Any],
    working: np.dtype[Any],
    keywords: tuple[Any, ...],
) -> Plan:
    stride, padding, dilation, boundary, fill_value = keywords
    geometry = Geometry.of(
        stride=stride,
        padding=padding,
        dilation=dilation,
        boundary=boundary,
        fill_value=fill_value,
    )
    plane, size = image_shape[:2], weights.shape
    filters = weights.copy()[:, :, None, None]  # its own, whatever becomes of the caller's
    layout = Layout.of(geometry, plane, size)
    ready, interleaved = Ready.of(filters, layout, working), None
    count = image_shape[2] if len(image_shape) > 2 else 1
    if count > 1 and geometry.stride[1] == 1 and ready.choice.method in INTERLEAVED:
        interleaved = Ready.of(filters, Layout.of(geometry, plane, size, count), working)
    shape = (*layout.out, *image_shape[2:])
    return Plan(image_shape, shape, working, ready, interleaved)
