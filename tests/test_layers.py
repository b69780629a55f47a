"""ReLU and pooling, against hand work and windows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from convviz.convolution import correlate2d
from convviz.layers import avg_pool2d, max_pool2d, relu

TABLE = np.array([[1, 2, 5, 6], [3, 4, 8, 7], [9, 1, 0, 0], [2, 4, 0, 4]])


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def test_relu():
    result = relu([[-2.0, 0.0, 3.5], [np.nan, -np.inf, np.inf]])
    np.testing.assert_array_equal(result, [[0, 0, 3.5], [np.nan, 0, np.inf]])
    image = numbers(1, 4, 5, 3)
    before = image.copy()
    np.testing.assert_array_equal(relu(image), image.clip(min=0))
    np.testing.assert_array_equal(image, before)


def test_pooling_by_hand():
    # Blocks 1 2 3 4, 5 6 8 7, 9 1 2 4 and 0 0 0 4.
    assert max_pool2d(TABLE, 2).tolist() == [[4, 8], [9, 4]]
    assert avg_pool2d(TABLE, 2).tolist() == [[2.5, 6.5], [4, 1]]


def test_overlapping_and_rectangular_windows_by_hand():
    # Rows 1 2 5 6, 3 4 8 7, ...: three windows of two cells in each row.
    assert max_pool2d(TABLE[:2], (1, 2), stride=1).tolist() == [[2, 5, 6], [4, 8, 8]]
    assert avg_pool2d(TABLE[:2], (2, 1), stride=(1, 3)).tolist() == [[2, 6.5]]


def test_padded_cells_neither_win_nor_count():
    # All cells are -4; a zero in the padding would win, or pull the mean to -1.
    image = np.full((2, 2), -4.0)
    assert max_pool2d(image, 2, padding=1).tolist() == [[-4, -4], [-4, -4]]
    assert avg_pool2d(image, 2, padding=1).tolist() == [[-4, -4], [-4, -4]]
    # 1 2 3 with windows of 3: (1+2)/2, (1+2+3)/3, (2+3)/2
    assert avg_pool2d([[1, 2, 3]], (1, 3), stride=1, padding="same").tolist() == [[1.5, 2, 2.5]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_window(dtype):
    for size, stride, padding, depth in itertools.product(
        ((1, 1), (2, 3), (3, 2)), (None, 1, (2, 3)), (0, "same", ((0, 1), (1, 0))), ((), (3,))
    ):
        if padding == ((0, 1), (1, 0)) and size == (1, 1):
            continue
        image = numbers(2, 7, 8, *depth).astype(dtype)
        step = size if stride is None else (stride, stride) if stride == 1 else stride
        pads = padding
        if padding == 0:
            pads = (0, 0), (0, 0)
        elif padding == "same":
            totals = [
                max((-(-n // s) - 1) * s + k - n, 0)
                for n, k, s in zip(image.shape, size, step, strict=False)
            ]
            pads = tuple((total // 2, total - total // 2) for total in totals)
        pads = (*pads, (0, 0))[: image.ndim]
        padded = np.pad(image.astype(float), pads, constant_values=np.nan)
        windows = sliding_window_view(padded, size, axis=(0, 1))[:: step[0], :: step[1]]
        largest = max_pool2d(image, size, stride=stride, padding=padding)
        mean = avg_pool2d(image, size, stride=stride, padding=padding)
        assert largest.dtype == mean.dtype == dtype
        np.testing.assert_array_equal(largest, np.nanmax(windows, axis=(-2, -1)))
        np.testing.assert_allclose(mean, np.nanmean(windows, axis=(-2, -1)), rtol=0, atol=1e-6)


def largest_by_loop(image, size, stride, pads):
    """For each window, the largest of the image's own cells in it: padding is never looked at."""
    (top, bottom), (left, right) = pads
    rows = (image.shape[0] + top + bottom - size[0]) // stride[0] + 1
    columns = (image.shape[1] + left + right - size[1]) // stride[1] + 1
    result = np.empty((rows, columns))
    for row, column in np.ndindex(rows, columns):
        first = row * stride[0] - top, column * stride[1] - left
        result[row, column] = max(
            image[r, c]
            for r in range(first[0], first[0] + size[0])
            for c in range(first[1], first[1] + size[1])
            if 0 <= r < image.shape[0] and 0 <= c < image.shape[1]
        )
    return result


LEAST = float(np.finfo(np.float32).min)
SIDES = st.tuples(st.integers(0, 1), st.integers(0, 1))


@given(
    st.lists(st.sampled_from([-np.inf, LEAST, -7.0]), min_size=12, max_size=12),
    st.tuples(st.integers(2, 3), st.integers(2, 3)),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.tuples(SIDES, SIDES),
    st.sampled_from([np.float32, np.float64]),
)
def test_padding_never_wins_not_even_against_infinity(cells, size, stride, pads, dtype):
    image = np.array(cells, dtype).reshape(3, 4)
    np.testing.assert_array_equal(
        max_pool2d(image, size, stride=stride, padding=pads),
        largest_by_loop(image, size, stride, pads),
    )


@given(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_mean_is_a_box_kernel(size, stride, seed):
    image = np.random.default_rng(seed).normal(size=(6, 5))
    box = np.full((size, size), 1 / size**2)
    np.testing.assert_allclose(
        avg_pool2d(image, size, stride=stride),
        correlate2d(image, box, stride=stride),
        rtol=0,
        atol=1e-12,
    )


@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_relu_and_largest_commute(size, seed):
    image = np.random.default_rng(seed).normal(size=(6, 7))
    np.testing.assert_array_equal(max_pool2d(relu(image), size), relu(max_pool2d(image, size)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [(np.bool_, np.float32), (np.uint8, np.float32), (np.float16, np.float32), (">f8", float)],
)
def test_dtype_follows_the_image(given, expected):
    image = np.ones((2, 2), given)
    for result in (relu(image), max_pool2d(image, 2), avg_pool2d(image, 2)):
        assert result.dtype == expected
        assert (result == 1).all()


def test_nan_stays_in_its_window():
    image = np.ones((4, 4))
    image[0, 3] = np.nan
    for pool in (max_pool2d, avg_pool2d):
        assert np.isnan(pool(image, 2)).tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(
    ("image", "size", "keywords", "error", "words"),
    [
        (np.ones((2, 2)), 3, {}, ValueError, r"size \(3, 3\) does not fit image \(2, 2\) with pad"),
        (np.ones((4, 4)), 0, {}, ValueError, "size 0 must be an integer of 1 or more"),
        (np.ones((4, 4)), 2.0, {}, TypeError, "size 2.0 must be an integer of 1 or more"),
        (np.ones((4, 4)), 2, {"stride": 0}, ValueError, "stride 0 must be"),
        (np.ones((4, 4)), 2, {"padding": -1}, ValueError, "padding -1 must be"),
        (np.ones((4, 4)), 2, {"padding": (2, 0)}, ValueError, "padding .* must be less than size"),
        (np.ones((4, 4)), 2, {"padding": (0, 2)}, ValueError, "padding .* must be less than size"),
        (
            np.ones((4, 4)),
            2,
            {"padding": ((2, 0), (0, 0))},
            ValueError,
            "padding .* less than size",
        ),
        (
            np.ones((4, 4)),
            2,
            {"padding": ((0, 0), (0, 2))},
            ValueError,
            "padding .* less than size",
        ),
        (np.ones((4, 4), complex), 2, {}, TypeError, "image of dtype complex128"),
        (np.ones(4), 2, {}, ValueError, r"image of shape \(4,\) must be"),
        (np.ones((0, 4)), 2, {}, ValueError, "image .* is empty"),
    ],
)
def test_errors_name_the_argument_and_the_value(pool, image, size, keywords, error, words):
    with pytest.raises(error, match=f"^{words}"):
        pool(image, size, **keywords)


def test_relu_refuses_what_is_no_image():
    with pytest.raises(TypeError, match="image of dtype complex128"):
        relu([[1j]])
    with pytest.raises(ValueError, match="image of shape"):
        relu(1.0)
