"""correlate2d and convolve2d: dtypes, memory, infinities, NaN, and what bad arguments get."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from convviz.convolution import convolve2d, correlate2d
from convviz.geometry import BOUNDARIES


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.bool_, np.float32),
        (np.uint8, np.float32),
        (np.int16, np.float32),
        (np.uint64, np.float32),
        (np.float16, np.float32),
        (np.float32, np.float32),
        (">f4", np.float32),
        (np.float64, np.float64),
        (">f8", np.float64),
    ],
)
def test_dtype_follows_the_image(given, expected):
    image = np.array([[0, 1, 1], [1, 0, 1]], given)
    for kernel in (np.ones((2, 2)), np.ones((2, 2), np.float32), [[1, 1], [1, 1]]):
        result = correlate2d(image, kernel)
        assert result.dtype == expected
        assert result.dtype.isnative
        assert result.tolist() == [[2, 3]]
    for wanted in (np.float32, np.float64):
        assert correlate2d(image, [[1.0]], dtype=wanted).dtype == wanted


def test_nothing_is_saturated_or_rounded():
    image = np.array([[200, 255]], np.uint8)
    assert correlate2d(image, [[3, 1]]).tolist() == [[855]]
    assert correlate2d(image, [[-1, 0.5]]).tolist() == [[-72.5]]


def test_dtype_float64_reads_integers_exactly():
    large = np.array([[2**53 - 1]])
    assert correlate2d(large, [[1]], dtype="float64").item() == 2**53 - 1


@pytest.mark.parametrize("operate", [correlate2d, convolve2d])
@pytest.mark.parametrize(
    ("image", "kernel", "keywords", "error", "words"),
    [
        (np.ones((3, 3), complex), [[1]], {}, TypeError, "image of dtype complex128"),
        ([[1]], [[1j]], {}, TypeError, "kernel of dtype complex128"),
        ([["1"]], [[1]], {}, TypeError, "image of dtype <U1"),
        ([[None]], [[1]], {}, TypeError, "image of dtype object"),
        ([[1, 2], [3]], [[1]], {}, ValueError, "image is not a full table"),
        ([1, 2], [[1]], {}, ValueError, r"image of shape \(2,\) must be"),
        (np.ones((2, 2, 2, 2)), [[1]], {}, ValueError, "image .* must be"),
        (np.ones((0, 3)), [[1]], {}, ValueError, "image .* is empty"),
        (np.ones((3, 3, 0)), [[1]], {}, ValueError, "image .* is empty"),
        ([[1]], 1, {}, ValueError, r"kernel of shape \(\) must be \(kh, kw\)"),
        ([[1]], [1, 1], {}, ValueError, r"kernel of shape \(2,\) must be \(kh, kw\)"),
        (np.ones((3, 3, 1)), np.ones((1, 1, 1)), {}, ValueError, "kernel .* must be"),
        ([[1]], np.ones((1, 0)), {}, ValueError, "kernel .* is empty"),
        ([[1]], [[1]], {"dtype": np.int32}, TypeError, "dtype .* must be float32 or float64"),
        ([[1]], [[1]], {"dtype": np.float16}, TypeError, "dtype .* must be float32 or float64"),
        ([[1]], [[1]], {"dtype": "complex64"}, TypeError, "dtype .* must be"),
        ([[1]], [[1]], {"dtype": "numbers"}, TypeError, "dtype 'numbers' must be"),
        ([[1]], [[1]], {"bias": 1j}, TypeError, "bias 1j must be one real number"),
        ([[1]], [[1]], {"bias": [0.0]}, TypeError, "bias .* must be one real number"),
        ([[1]], [[1]], {"fill_value": None}, TypeError, "fill_value None must be"),
        ([[1]], [[1]], {"stride": 0}, ValueError, "stride 0 must be"),
        ([[1]], [[1]], {"dilation": 1.0}, TypeError, "dilation 1.0 must be"),
        ([[1]], [[1]], {"padding": -1}, ValueError, "padding -1 must be"),
        ([[1]], [[1]], {"boundary": "nearest"}, ValueError, "boundary 'nearest' must be"),
        (
            np.ones((4, 4)),
            np.ones((5, 5)),
            {},
            ValueError,
            r"kernel \(5, 5\) does not fit image \(4, 4\) with padding 0: "
            "pad by 1 or more, or use a smaller kernel",
        ),
    ],
)
def test_errors_name_the_argument_and_the_value(operate, image, kernel, keywords, error, words):
    with pytest.raises(error, match=f"^{words}"):
        operate(image, kernel, **keywords)


def test_any_memory_layout_and_nothing_is_modified():
    base = numbers(15, 14, 15)
    kernel = numbers(16, 3, 4)
    views = [
        base[::2, 1::3],
        base[::-1, ::-1],
        np.asfortranarray(base),
        base.T,
        np.broadcast_to(base[:1], (6, 15)),
        base.astype(">f8"),
    ]
    for view in views:
        view = view.view()
        view.flags.writeable = kernel.flags.writeable = False
        before = base.copy()
        keywords = {"padding": "same", "boundary": "reflect", "stride": (1, 2)}
        result = correlate2d(view, kernel, **keywords)
        np.testing.assert_array_equal(
            result, correlate2d(np.array(view, np.float64, order="C"), kernel.copy(), **keywords)
        )
        np.testing.assert_array_equal(convolve2d(view, kernel[::-1, ::-1], **keywords), result)
        np.testing.assert_array_equal(base, before)
        assert result.flags.writeable
        assert not np.shares_memory(result, base)


def test_one_by_one_kernel_gives_a_new_array():
    image = np.ones((3, 3))
    result = correlate2d(image, [[1.0]])
    result[:] = 5
    assert (image == 1).all()


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_inf_and_nan_reach_exactly_the_windows_that_hold_them(boundary, bad):
    kernel = np.array([[0.0, 1.0, 0.0], [2.0, 0.0, -1.0]])
    keywords = {"padding": (1, 4), "dilation": (1, 2), "stride": (1, 2), "boundary": boundary}
    for row, column in ((0, 0), (3, 4), (5, 6)):
        image = numbers(17, 6, 7)
        clean = correlate2d(image, kernel, **keywords)
        marked = np.zeros((6, 7))
        marked[row, column] = 1
        image[row, column] = bad
        padded = np.pad(marked, ((1, 1), (4, 4)), boundary)
        windows = sliding_window_view(padded, (2, 5))[:, ::2, :, ::2]
        held = windows.any(axis=(2, 3))
        result = correlate2d(image, kernel, **keywords)
        assert held.any()
        np.testing.assert_array_equal(~np.isfinite(result), held)
        np.testing.assert_allclose(result[~held], clean[~held], rtol=0, atol=1e-12)


def test_a_weight_of_zero_is_a_product_like_any_other():
    image = np.array([[1.0, np.inf, 2.0]])
    result = correlate2d(image, [[0.0, 1.0]])  # 0*1 + 1*inf = inf; 0*inf + 1*2 = nan
    assert result[0, 0] == np.inf
    assert np.isnan(result[0, 1])
    padded = correlate2d(np.ones((2, 2)), np.zeros((3, 3)), padding=1, fill_value=np.nan)
    assert np.isnan(padded).all()


def test_kernels_and_numbers_beyond_the_range_follow_ieee_without_warnings():
    assert np.isnan(correlate2d([[0.0]], [[np.inf]])).all()
    assert correlate2d(np.float32([[2.0]]), [[1e300]]).item() == np.inf
    assert correlate2d([[1e300]], [[1.0]], dtype=np.float32).item() == np.inf
    assert correlate2d(np.float32([[1]]), [[1]], bias=-1e300).item() == -np.inf
    full = correlate2d(np.float32([[1]]), [[1]], padding=1, fill_value=1e300)
    assert full[0, 0] == np.inf


def test_the_padded_image_never_exists_as_a_whole():
    image = np.zeros((2000, 1500), np.uint8)
    kernel = np.ones((3, 3))
    tracemalloc.start()
    result = correlate2d(image, kernel, padding="same", boundary="reflect")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - result.nbytes < 2_000_000
