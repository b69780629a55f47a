"""conv2d: filters, depth, groups and bias, against hand work and SciPy."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view
from scipy import signal

from convviz.convolution import conv2d, correlate2d
from convviz.geometry import BOUNDARIES

TOLERANCE = {np.dtype(np.float64): 1e-12, np.dtype(np.float32): 5e-7}


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def whole_numbers(seed, *shape):
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(float)


def test_colour_gives_one_number_for_each_filter_by_hand():
    # Red 1 2, green 3 4, blue 5 6. Filter 0 adds: 1+3+5 = 9, 2+4+6 = 12.
    # Filter 1 is red - 2 * blue: 1 - 10 = -9, 2 - 12 = -10. Bias 0.5 and -1.
    image = np.array([[[1, 3, 5], [2, 4, 6]]])
    weights = np.zeros((1, 1, 3, 2))
    weights[0, 0, :, 0] = 1
    weights[0, 0, :, 1] = 1, 0, -2
    assert conv2d(image, weights).tolist() == [[[9, -9], [12, -10]]]
    assert conv2d(image, weights, bias=[0.5, -1]).tolist() == [[[9.5, -10], [12.5, -11]]]


def test_nothing_is_flipped():
    image = np.arange(9.0).reshape(3, 3, 1)
    weights = np.zeros((2, 2, 1, 1))
    weights[1, 0] = 1  # takes the cell under the window's first
    assert conv2d(image, weights)[:, :, 0].tolist() == [[3, 4], [6, 7]]


@pytest.mark.parametrize("filters", [1, 5])
def test_cifar_sized(filters):
    image, weights = numbers(1, 32, 32, 3), numbers(2, 3, 3, 3, filters)
    result = conv2d(image, weights)
    assert result.shape == (30, 30, filters)  # 900 positions; filters do not change H and W
    assert conv2d(image, weights, padding=1).shape == (32, 32, filters)
    assert conv2d(image, numbers(3, 5, 5, 3, filters)).shape == (28, 28, filters)
    chained = conv2d(result, numbers(4, 3, 3, filters, 2))
    assert chained.shape == (28, 28, 2)


def test_groups_by_hand():
    # Channels 1 2 3 4 in two groups, two filters each: 1*1 + 2*10 = 21, 1*2 + 2*20 = 42,
    # then 3*3 + 4*30 = 129 and 3*4 + 4*40 = 172.
    image = np.array([[[1, 2, 3, 4]]])
    weights = np.array([[[[1, 2, 3, 4], [10, 20, 30, 40]]]])
    assert conv2d(image, weights, groups=2).tolist() == [[[21, 42, 129, 172]]]


def test_depthwise_by_hand():
    # Each of the channels 5 and 7 meets its own two filters: 5*1, 5*2, 7*3, 7*4.
    image, weights = np.array([[[5, 7]]]), np.array([[[[1, 2, 3, 4]]]])
    assert conv2d(image, weights, groups=2).tolist() == [[[5, 10, 21, 28]]]


@pytest.mark.parametrize(
    ("shape", "size", "stride"),
    [
        ((9, 30_000, 3), (1, 3), (4, 1)),
        ((9, 900, 300), (1, 1), (4, 4)),
        ((9, 9000, 3), (1, 5), (4, 2)),
    ],
)
def test_of_wide_images_whole_rows_may_meet_no_window(shape, size, stride):
    image, weights = numbers(8, *shape), numbers(9, *size, shape[2], 5)
    windows = sliding_window_view(image, size, axis=(0, 1))[:: stride[0], :: stride[1]]
    bound = 1e-12 * np.abs(image).max() * np.abs(weights).sum(axis=(0, 1, 2))
    expected = np.tensordot(windows, weights, ([3, 4, 2], [0, 1, 2]))
    assert (np.abs(conv2d(image, weights, stride=stride, dtype=float) - expected) <= bound).all()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_every_geometry_against_windows_of_np_pad(boundary, dtype):
    image = numbers(5, 6, 7, 4).astype(dtype)
    word = {"constant_values": 0.25} if boundary == "constant" else {}
    for groups, stride, dilation, pads in itertools.product(
        (1, 2, 4), ((1, 1), (2, 3)), ((1, 1), (2, 1)), (((0, 0), (0, 0)), ((1, 2), (9, 0)))
    ):
        weights, bias = numbers(6, 3, 2, 4 // groups, 8), numbers(7, 8)
        padded = np.pad(image.astype(float), (*pads, (0, 0)), boundary, **word)
        extent = 2 * dilation[0] + 1, dilation[1] + 1
        windows = sliding_window_view(padded, extent, axis=(0, 1))[:: stride[0], :: stride[1]]
        windows = windows[..., :: dilation[0], :: dilation[1]]
        expected = [
            np.einsum(
                "rcdij,ijdf->rcf",
                windows[:, :, group * 4 // groups : (group + 1) * 4 // groups],
                weights[..., group * 8 // groups : (group + 1) * 8 // groups],
            )
            for group in range(groups)
        ]
        expected = np.concatenate(expected, axis=2) + bias
        result = conv2d(
            image,
            weights,
            bias=bias,
            groups=groups,
            stride=stride,
            dilation=dilation,
            padding=pads,
            boundary=boundary,
            fill_value=0.25,
        )
        assert result.dtype == dtype
        assert result.shape == expected.shape
        bound = np.abs(image).max() * np.abs(weights).sum(axis=(0, 1, 2)) + np.abs(bias)
        assert (np.abs(result - expected) <= TOLERANCE[result.dtype] * bound).all()


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
def test_each_filter_is_a_sum_of_scipy_correlations(mode):
    image, weights, bias = numbers(8, 9, 8, 3), numbers(9, 3, 4, 3, 2), numbers(10, 2)
    result = conv2d(image, weights, bias=bias, padding=mode)
    for kernel in range(2):
        planes = [
            signal.correlate2d(image[:, :, c], weights[:, :, c, kernel], mode) for c in range(3)
        ]
        bound = 1e-12 * np.abs(image).max() * np.abs(weights[..., kernel]).sum()
        assert np.abs(result[:, :, kernel] - sum(planes) - bias[kernel]).max() <= bound


def test_depthwise_with_one_kernel_is_correlate2d():
    image, kernel = numbers(11, 6, 5, 3), numbers(12, 3, 2)
    weights = np.repeat(kernel[:, :, None, None], 3, axis=3)
    np.testing.assert_allclose(
        conv2d(image, weights, groups=3, padding="same"),
        correlate2d(image, kernel, padding="same"),
        rtol=0,
        atol=1e-12 * np.abs(image).max() * np.abs(kernel).sum(),
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 3))
def test_linear_in_filters_and_blind_to_the_order_of_filters(seed, depth, filters):
    image, weights = whole_numbers(seed, 4, 5, depth), whole_numbers(seed + 1, 2, 3, depth, filters)
    other = whole_numbers(seed + 2, 2, 3, depth, filters)
    result = conv2d(image, weights)
    np.testing.assert_array_equal(
        conv2d(image, 3 * weights - other), 3 * result - conv2d(image, other)
    )
    np.testing.assert_array_equal(conv2d(image, weights[..., ::-1]), result[..., ::-1])
    np.testing.assert_array_equal(conv2d(image[..., ::-1], weights[:, :, ::-1]), result)


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_inf_and_nan_stay_in_their_window_and_their_group(bad):
    image = numbers(13, 5, 5, 4)
    image[2, 0, 1] = bad
    result = conv2d(image, np.zeros((2, 2, 2, 6)), groups=2)
    held = np.zeros((4, 4, 6), bool)
    held[1:3, 0, :3] = True  # rows 1 and 2 of column 0, the filters of the first group
    np.testing.assert_array_equal(np.isnan(result), held)


def test_dtypes_and_read_only_views():
    image = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)[::-1, :, ::-1]
    weights = np.asfortranarray(whole_numbers(14, 2, 2, 3, 2))
    image.flags.writeable = weights.flags.writeable = False
    result = conv2d(image, weights, bias=np.array([1, 2], np.int8))
    assert result.dtype == np.float32
    wide = conv2d(image.astype(float), weights, bias=[1, 2])
    assert wide.dtype == np.float64
    np.testing.assert_array_equal(result, wide)
    assert conv2d(image, weights, dtype=np.float64).dtype == np.float64


@pytest.mark.parametrize(
    ("image", "weights", "keywords", "error", "message"),
    [
        (
            (5, 5, 3),
            (3, 3, 2, 1),
            {},
            ValueError,
            "weights of depth 2 do not fit an image of depth 3: use weights of shape "
            "(kh, kw, 3, C_out)",
        ),
        (
            (5, 5, 4),
            (3, 3, 4, 2),
            {"groups": 2},
            ValueError,
            "weights of depth 4 do not fit an image of depth 4, 2 in each of 2 groups: use "
            "weights of shape (kh, kw, 2, C_out)",
        ),
        (
            (5, 5, 4),
            (3, 3, 2, 3),
            {"groups": 2},
            ValueError,
            "groups 2 must divide the 4 channels of the image and the 3 filters of the weights",
        ),
        ((5, 5, 3), (1, 1, 1, 3), {"groups": 2}, ValueError, "groups 2 must divide"),
        ((5, 5, 3), (1, 1, 3, 1), {"groups": 0}, ValueError, "groups 0 must be an integer of 1"),
        ((5, 5, 3), (1, 1, 3, 1), {"groups": 1.0}, TypeError, "groups 1.0 must be an integer"),
        ((5, 5, 3), (1, 1, 3, 1), {"groups": True}, TypeError, "groups True must be an integer"),
        ((5, 5, 3), (1, 1, 3, 2), {"bias": [1]}, ValueError, "bias has 1 numbers for 2 filters"),
        ((5, 5, 3), (1, 1, 3, 2), {"bias": 1}, ValueError, "bias of shape () must be (C_out,)"),
        ((5, 5, 3), (1, 1, 3, 1), {"bias": [1j]}, TypeError, "bias of dtype complex128"),
        ((5, 5), (1, 1, 1, 1), {}, ValueError, "image of shape (5, 5) must be (H, W, C_in)"),
        ((5, 5, 3), (3, 3, 3), {}, ValueError, "weights of shape (3, 3, 3) must be (kh, kw, C_in"),
        ((5, 5, 3), (3, 3, 3, 0), {}, ValueError, "weights of shape (3, 3, 3, 0) is empty"),
        ((2, 5, 3), (3, 3, 3, 1), {}, ValueError, "kernel (3, 3) does not fit image (2, 5)"),
        ((5, 5, 3), (1, 1, 3, 1), {"dtype": int}, TypeError, "dtype <class 'int'> must be float32"),
    ],
)
def test_errors_name_the_argument_and_the_value(image, weights, keywords, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        conv2d(np.ones(image), np.ones(weights), **keywords)


@pytest.mark.parametrize("name", ["image", "weights"])
def test_complex_is_refused(name):
    arguments = {"image": np.ones((2, 2, 1)), "weights": np.ones((1, 1, 1, 1))}
    arguments[name] = arguments[name] * 1j
    with pytest.raises(TypeError, match=f"^{name} of dtype complex128 must hold real numbers"):
        conv2d(**arguments)
