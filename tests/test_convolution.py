"""correlate2d and convolve2d against hand work, SciPy, OpenCV and the plain loops."""

from __future__ import annotations

import itertools
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.lib.stride_tricks import sliding_window_view
from scipy import ndimage, signal

from convviz.convolution import convolve2d, correlate2d
from convviz.geometry import BOUNDARIES

CLASSIC = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
CLASSIC_KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
SURROUND = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])
KERNEL_SHAPES = ((1, 1), (1, 3), (2, 1), (2, 2), (3, 3), (3, 2), (4, 5), (5, 4))
PADDINGS = ("valid", "same", "full", 1, (2, 3), ((0, 1), (3, 0)), ((9, 15), (17, 8)))
TOLERANCE = {np.dtype(np.float64): 1e-12, np.dtype(np.float32): 5e-7}
WHOLE = st.integers(-50, 50).map(float)


@cache
def table(size):
    """Build each once: Hypothesis looks at a new strategy for longer than it draws from it."""
    return arrays(np.float64, size, elements=WHOLE)


def tables(rows=(1, 7), columns=(1, 7)):
    return st.tuples(st.integers(*rows), st.integers(*columns)).flatmap(table)


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def assert_near(result, expected, image, kernel):
    """Hold the result to the accuracy promised for its dtype."""
    assert result.shape == expected.shape
    bound = TOLERANCE[result.dtype] * np.abs(image).max() * np.abs(kernel).sum()
    assert np.abs(result - expected).max() <= bound


def dilated(kernel, dilation):
    spread = np.zeros([(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=True)])
    spread[:: dilation[0], :: dilation[1]] = kernel
    return spread


def pad_amounts(image, kernel, stride, dilation, padding):
    """((top, bottom), (left, right)) by the rules of the documentation, written out again."""
    extent = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation, strict=True)]
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "full":
        return tuple((reach - 1, reach - 1) for reach in extent)
    if padding == "same":
        sides = []
        for n, reach, step in zip(image.shape, extent, stride, strict=True):
            total = max((int(np.ceil(n / step)) - 1) * step + reach - n, 0)
            sides.append((total // 2, total - total // 2))
        return tuple(sides)
    both = (padding, padding) if isinstance(padding, int) else padding
    return tuple(side if isinstance(side, tuple) else (side, side) for side in both)


def expected_map(image, kernel, stride, dilation, padding, boundary, fill_value):
    """np.pad, then every window at once in float64."""
    amounts = pad_amounts(image, kernel, stride, dilation, padding)
    word = {"constant_values": fill_value} if boundary == "constant" else {}
    padded = np.pad(image.astype(np.float64), amounts, boundary, **word)
    spread = dilated(kernel, dilation)
    windows = sliding_window_view(padded, spread.shape)[:: stride[0], :: stride[1]]
    return np.einsum("rcij,ij->rc", windows, spread)


# Worked by hand


def test_classic():
    # Dumoulin & Visin 2016, fig. 1.1. First sum: 3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 +
    # 2*2 = 12.
    result = correlate2d(CLASSIC, CLASSIC_KERNEL)
    assert result.tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_classic_flipped():
    # The kernel becomes 2 1 0 / 0 2 2 / 2 1 0; first sum, without the zeros:
    # 3*2 + 3*1 + 1*2 + 3*2 + 1*1 = 18.
    result = convolve2d(CLASSIC, CLASSIC_KERNEL)
    assert result.tolist() == [[18, 20, 19], [10, 9, 17], [11, 8, 14]]


def test_uniform_image_gives_nothing_but_a_rim():
    uniform = np.full((5, 5), 7)
    assert not correlate2d(uniform, SURROUND).any()
    # Zeros under 5 of the -1 in a corner: 7 * 5 = 35; under 3 of them at an edge: 7 * 3 = 21.
    rim = [[35, 21, 21, 21, 35], *[[21, 0, 0, 0, 21]] * 3, [35, 21, 21, 21, 35]]
    assert correlate2d(uniform, SURROUND, padding=1).tolist() == rim
    for boundary in ("edge", "reflect", "symmetric", "wrap"):
        assert not correlate2d(uniform, SURROUND, padding=1, boundary=boundary).any()
    assert not correlate2d(uniform, SURROUND, padding=1, fill_value=7).any()


def test_box_blur_is_the_mean():
    image = numbers(1, 6, 7)
    result = correlate2d(image, np.full((3, 3), 1 / 9))
    means = [[image[r : r + 3, c : c + 3].mean() for c in range(5)] for r in range(4)]
    np.testing.assert_allclose(result, means, rtol=0, atol=1e-15)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_identity_with_padding_1_keeps_the_image_borders_too(boundary):
    identity = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    for operate in (correlate2d, convolve2d):
        result = operate(CLASSIC, identity, padding=1, boundary=boundary)
        assert result.tolist() == CLASSIC.tolist()


def test_same_size_gives_one_number():
    assert correlate2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.ones((3, 3))).tolist() == [[45]]


def test_even_kernel_same():
    # 1*1 + 10*2 = 21, ..., 1*5 + 10*0 = 5: the odd column of padding is at the right.
    assert correlate2d([[1, 2, 3, 4, 5]], [[1, 10]], padding="same").tolist() == [
        [21, 32, 43, 54, 5]
    ]


def test_stride_that_does_not_fit_leaves_the_last_row_and_column():
    image = np.zeros((32, 32))
    image[31], image[:, 31] = 1, 1
    result = correlate2d(image, np.ones((3, 3)), stride=2)
    assert result.shape == (15, 15)
    assert not result.any()


def test_same_with_stride_by_hand():
    # n = 4, k = 3, s = 2: total padding (2-1)*2+3-4 = 1, so 0 before: 1+2+3 and 3+4+0.
    result = correlate2d([[1, 2, 3, 4]], [[1, 1, 1]], padding="same", stride=(1, 2))
    assert result.tolist() == [[6, 7]]


def test_dilation_by_hand():
    # 1*1 + 10*3 + 100*5 = 531 and 1*2 + 10*4 + 100*6 = 642.
    result = correlate2d([[1, 2, 3, 4, 5, 6]], [[1, 10, 100]], dilation=(1, 2))
    assert result.tolist() == [[531, 642]]


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        ("constant", [9, 9, 9, 1, 2, 3, 9, 9, 9]),
        ("edge", [1, 1, 1, 1, 2, 3, 3, 3, 3]),
        ("reflect", [2, 3, 2, 1, 2, 3, 2, 1, 2]),
        ("symmetric", [3, 2, 1, 1, 2, 3, 3, 2, 1]),
        ("wrap", [1, 2, 3, 1, 2, 3, 1, 2, 3]),
    ],
)
def test_boundaries_by_hand(boundary, expected):
    result = correlate2d(
        [[1, 2, 3]], [[1]], padding=((0, 0), (3, 3)), boundary=boundary, fill_value=9
    )
    assert result.tolist() == [expected]


def test_bias_is_added_to_every_output_once():
    result = correlate2d(CLASSIC, CLASSIC_KERNEL, bias=-2.5)
    assert result.tolist() == [[9.5, 9.5, 14.5], [7.5, 14.5, 16.5], [6.5, 3.5, 11.5]]


def test_channels_are_each_on_their_own():
    image = np.stack([CLASSIC, 10 * CLASSIC, CLASSIC.T], axis=2)
    result = correlate2d(image, CLASSIC_KERNEL, padding="same", stride=(1, 2), bias=1)
    assert result.shape == (5, 3, 3)
    for channel in range(3):
        alone = correlate2d(
            image[:, :, channel], CLASSIC_KERNEL, padding="same", stride=(1, 2), bias=1
        )
        np.testing.assert_array_equal(result[:, :, channel], alone)


# Independent oracles


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_every_geometry_against_windows_of_np_pad(boundary, dtype):
    image = numbers(2, 7, 6).astype(dtype)
    strides = ((1, 1), (2, 2), (1, 3), (4, 1))
    dilations = ((1, 1), (2, 2), (1, 3))
    compared = 0
    for shape, stride, dilation, padding in itertools.product(
        KERNEL_SHAPES, strides, dilations, PADDINGS
    ):
        kernel = numbers(3, *shape)
        keywords = {"stride": stride, "padding": padding, "dilation": dilation}
        keywords |= {"boundary": boundary, "fill_value": -0.75}
        amounts = pad_amounts(image, kernel, stride, dilation, padding)
        room = np.add(image.shape, np.sum(amounts, axis=1))
        if (room < dilated(kernel, dilation).shape).any():
            with pytest.raises(ValueError, match="does not fit"):
                correlate2d(image, kernel, **keywords)
            continue
        compared += 1
        expected = expected_map(image, kernel, **keywords)
        result = correlate2d(image, kernel, **keywords)
        assert result.dtype == dtype
        assert_near(result, expected, max(np.abs(image).max(), 0.75), kernel)
    assert compared > 600


@pytest.mark.parametrize(
    ("boundary", "mode"),
    [
        ("constant", "constant"),
        ("edge", "nearest"),
        ("reflect", "mirror"),
        ("symmetric", "reflect"),
        ("wrap", "grid-wrap"),
    ],
)
@pytest.mark.parametrize("shape", KERNEL_SHAPES)
def test_same_against_ndimage(boundary, mode, shape):
    image, kernel = numbers(4, 9, 8), numbers(5, *shape)
    for dilation in ((1, 1), (3, 2)):
        spread = dilated(kernel, dilation)
        origin = tuple(size % 2 - 1 for size in spread.shape)  # an even kernel's smaller half first
        expected = ndimage.correlate(image, spread, mode=mode, cval=1.5, origin=origin)
        keywords = {"padding": "same", "dilation": dilation, "fill_value": 1.5}
        result = correlate2d(image, kernel, boundary=boundary, **keywords)
        assert_near(result, expected, image, kernel)
        flipped = convolve2d(image, kernel[::-1, ::-1], boundary=boundary, **keywords)
        np.testing.assert_array_equal(flipped, result)


@pytest.mark.parametrize("shape", KERNEL_SHAPES)
@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_against_signal(mode, shape):
    image, kernel = numbers(6, 8, 9), numbers(7, *shape)
    pairs = {"constant": "fill", "symmetric": "symm", "wrap": "wrap"}
    for boundary, word in pairs.items():
        expected = signal.correlate2d(image, kernel, mode=mode, boundary=word, fillvalue=0.5)
        result = correlate2d(image, kernel, padding=mode, boundary=boundary, fill_value=0.5)
        assert_near(result, expected, image, kernel)
        if mode == "same":  # SciPy centres a flipped even kernel the other way
            continue
        expected = signal.convolve2d(image, kernel, mode=mode, boundary=word, fillvalue=0.5)
        result = convolve2d(image, kernel, padding=mode, boundary=boundary, fill_value=0.5)
        assert_near(result, expected, image, kernel)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("boundary", "border"),
    [
        ("constant", cv2.BORDER_CONSTANT),
        ("edge", cv2.BORDER_REPLICATE),
        ("reflect", cv2.BORDER_REFLECT_101),
        ("symmetric", cv2.BORDER_REFLECT),
    ],
)
def test_same_against_opencv(boundary, border, dtype):
    for shape, channels in itertools.product(KERNEL_SHAPES, (1, 3)):
        image, kernel = numbers(8, 12, 11, channels).astype(dtype), numbers(9, *shape)
        anchor = (shape[1] - 1) // 2, (shape[0] - 1) // 2
        expected = cv2.filter2D(image, -1, kernel, anchor=anchor, borderType=border)
        result = correlate2d(image, kernel, padding="same", boundary=boundary)
        assert result.dtype == dtype
        assert_near(result, expected.reshape(result.shape), image, kernel)


# Properties


@given(tables(), st.integers(0, 3), st.integers(0, 3), st.sampled_from(BOUNDARIES))
def test_identity(image, up, left, boundary):
    kernel = np.zeros((2 * up + 1, 2 * left + 1))
    kernel[up, left] = 1
    for operate in (correlate2d, convolve2d):
        result = operate(image, kernel, padding="same", boundary=boundary)
        np.testing.assert_array_equal(result, image)


@given(tables(), tables((1, 4), (1, 4)), WHOLE, st.sampled_from(BOUNDARIES))
def test_linearity(image, kernel, factor, boundary):
    keywords = {"padding": "full", "boundary": boundary}
    other = image[::-1, ::-1] + 1
    result = correlate2d(factor * image + other, kernel, **keywords)
    parts = factor * correlate2d(image, kernel, **keywords) + correlate2d(other, kernel, **keywords)
    np.testing.assert_array_equal(result, parts)  # whole numbers, so exact
    twice = correlate2d(image, factor * kernel + kernel[::-1], **keywords)
    parts = factor * correlate2d(image, kernel, **keywords) + correlate2d(
        image, kernel[::-1], **keywords
    )
    np.testing.assert_array_equal(twice, parts)


@given(tables(), tables((1, 4), (1, 4)), st.integers(-9, 9), st.integers(-9, 9))
def test_shift(image, kernel, rows, columns):
    keywords = {"padding": "same", "boundary": "wrap"}
    moved = np.roll(image, (rows, columns), (0, 1))
    result = correlate2d(moved, kernel, **keywords)
    expected = np.roll(correlate2d(image, kernel, **keywords), (rows, columns), (0, 1))
    np.testing.assert_array_equal(result, expected)


@given(tables((3, 7), (3, 7)), tables((1, 3), (1, 3)))
def test_flip(image, kernel):
    turned = correlate2d(image, kernel[::-1, ::-1])
    np.testing.assert_array_equal(convolve2d(image, kernel), turned)
    np.testing.assert_array_equal(correlate2d(image[::-1, ::-1], kernel)[::-1, ::-1], turned)
    np.testing.assert_array_equal(
        convolve2d(image, kernel, padding="full"), convolve2d(kernel, image, padding="full")
    )


@given(tables(), tables((1, 4), (1, 4)), st.integers(1, 3), st.integers(1, 3))
def test_stride_takes_every_nth_window(image, kernel, down, right):
    every = correlate2d(image, kernel, padding=3, boundary="edge")
    some = correlate2d(image, kernel, padding=3, boundary="edge", stride=(down, right))
    np.testing.assert_array_equal(some, every[::down, ::right])


@given(tables((1, 5), (1, 5)), tables((1, 3), (1, 3)), st.integers(1, 3), st.integers(1, 3))
def test_dilation_is_a_kernel_with_gaps(image, kernel, vertical, horizontal):
    spread = dilated(kernel, (vertical, horizontal))
    for padding in ("same", "full", 6):
        assert_near(
            correlate2d(image, kernel, dilation=(vertical, horizontal), padding=padding),
            correlate2d(image, spread, padding=padding),
            image,
            kernel,
        )
