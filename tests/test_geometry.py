"""Sizes, padding and index maps, against hand work, brute force and numpy.pad."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry import BOUNDARIES, PADDINGS, Geometry, output_shape

SMALL = st.tuples(st.integers(1, 9), st.integers(1, 9))
STEPS = st.tuples(st.integers(1, 4), st.integers(1, 4))
AMOUNTS = st.tuples(st.integers(0, 5), st.integers(0, 5))
PADS = st.one_of(st.sampled_from(PADDINGS), st.tuples(AMOUNTS, AMOUNTS))


@pytest.mark.parametrize(
    ("image", "kernel", "keywords", "expected"),
    [
        ((5, 5), (3, 3), {}, (3, 3)),  # 5 - 3 + 1
        ((3, 3), (3, 3), {}, (1, 1)),  # one position, one number
        ((32, 32), (3, 3), {}, (30, 30)),  # CIFAR-sized: 900 positions
        ((32, 32), (5, 5), {}, (28, 28)),  # 28 needs 5 x 5 ...
        ((30, 30), (3, 3), {}, (28, 28)),  # ... or a second 3 x 3
        ((32, 32), (3, 3), {"stride": 2}, (15, 15)),  # floor(29 / 2) + 1 = 15, not 15.5
        ((4, 6), (3, 2), {"stride": (1, 2)}, (2, 3)),  # 4-3+1 = 2; floor((6-2)/2)+1 = 3
        ((7, 7), (3, 3), {"dilation": 3}, (1, 1)),  # 3 taps 3 apart span 7
        ((7, 9), (2, 3), {"dilation": (4, 2)}, (3, 5)),  # spans 5 and 5
        ((5, 5), (3, 3), {"padding": 1}, (5, 5)),
        ((5, 5), (3, 3), {"padding": (0, 2)}, (3, 7)),
        ((5, 5), (3, 3), {"padding": ((1, 0), (0, 2))}, (4, 5)),
        ((5, 5), (3, 3), {"padding": "full"}, (7, 7)),  # 5 + 2 + 2 - 3 + 1
        ((5, 5), (2, 4), {"padding": "same"}, (5, 5)),
        ((5, 6), (3, 3), {"padding": "same", "stride": 2}, (3, 3)),  # ceil(5/2), ceil(6/2)
        ((2, 2), (5, 5), {"padding": "same"}, (2, 2)),
        ((1, 1), (5, 4), {"padding": "full"}, (5, 4)),
        ((11, 10), (1, 1), {"padding": "same", "stride": 3}, (4, 4)),  # ceil(11/3), ceil(10/3)
    ],
)
def test_output_sizes_worked_by_hand(image, kernel, keywords, expected):
    assert output_shape(image, kernel, **keywords) == expected
    assert Geometry.of(**keywords).output_shape(image, kernel) == expected


@pytest.mark.parametrize(
    ("image", "kernel", "stride", "dilation", "expected"),
    [
        # total = (ceil(n / s) - 1) * s + extent - n, the smaller half first
        ((5, 5), (3, 3), 1, 1, ((1, 1), (1, 1))),
        ((5, 5), (2, 4), 1, 1, ((0, 1), (1, 2))),  # totals 1 and 3
        ((5, 6), (3, 3), 2, 1, ((1, 1), (0, 1))),  # 2*2+3-5 = 2; 2*2+3-6 = 1
        ((5, 5), (3, 2), 1, (2, 3), ((2, 2), (1, 2))),  # extents 5 and 4
        ((10, 11), (1, 1), 3, 1, ((0, 0), (0, 0))),  # 3*3+1-10 = 0; 3*3+1-11 < 0
    ],
)
def test_same_pads_the_odd_one_at_the_bottom_and_right(image, kernel, stride, dilation, expected):
    geometry = Geometry.of(stride=stride, dilation=dilation, padding="same")
    assert geometry.pads(image, kernel) == expected


def test_full_pads_by_the_dilated_kernel_minus_one():
    geometry = Geometry.of(padding="full", dilation=(2, 1))
    assert geometry.extent((3, 4)) == (5, 4)
    assert geometry.pads((9, 9), (3, 4)) == ((4, 4), (3, 3))
    assert geometry.padded_shape((9, 9), (3, 4)) == (17, 15)


def test_the_last_row_and_column_are_not_reached():
    geometry = Geometry.of(stride=2)
    assert geometry.unreached((32, 32), (3, 3)) == (1, 1)
    rows, columns = geometry.starts((32, 32), (3, 3))
    assert rows.tolist() == columns.tolist() == list(range(0, 29, 2))


@given(SMALL, SMALL, STEPS, STEPS, PADS)
def test_windows_are_all_that_fit(image, kernel, stride, dilation, padding):
    geometry = Geometry(stride=stride, dilation=dilation, padding=padding)
    padded = geometry.padded_shape(image, kernel)
    extent = geometry.extent(kernel)
    fitting = [
        [
            start
            for start in range(0, padded[axis], stride[axis])
            if start + extent[axis] <= padded[axis]
        ]
        for axis in (0, 1)
    ]
    if not (fitting[0] and fitting[1]):
        with pytest.raises(ValueError, match="does not fit"):
            geometry.output_shape(image, kernel)
        return
    assert geometry.output_shape(image, kernel) == (len(fitting[0]), len(fitting[1]))
    starts = geometry.starts(image, kernel)
    assert [part.tolist() for part in starts] == fitting
    left_over = geometry.unreached(image, kernel)
    for axis in (0, 1):
        assert fitting[axis][-1] + extent[axis] + left_over[axis] == padded[axis]
    sources = geometry.sources(image, kernel)
    assert tuple(part.size for part in sources) == padded
    if padding == "same":
        assert len(fitting[0]) == -(-image[0] // stride[0])
        assert len(fitting[1]) == -(-image[1] // stride[1])


@given(st.integers(1, 9), st.integers(0, 4), st.integers(1, 3))
def test_same_puts_the_output_under_the_centre_of_an_odd_kernel(n, half, dilation):
    geometry = Geometry.of(padding="same", dilation=dilation)
    shapes = (n, n), (2 * half + 1, 2 * half + 1)
    (top, _), (left, _) = geometry.pads(*shapes)
    rows, columns = geometry.starts(*shapes)
    assert (rows - top + half * dilation).tolist() == list(range(n))
    assert (columns - left + half * dilation).tolist() == list(range(n))


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_sources_are_numpy_pad_however_wide(boundary, n):
    word = {"constant_values": -1} if boundary == "constant" else {}
    for before in (*range(12), 37):
        for after in (0, 1, 2, 3, 10, 41):
            geometry = Geometry.of(padding=((before, after), (after, before)), boundary=boundary)
            rows, columns = geometry.sources((n, n + 1), (1, 1))
            np.testing.assert_array_equal(
                rows, np.pad(np.arange(n), (before, after), boundary, **word)
            )
            np.testing.assert_array_equal(
                columns, np.pad(np.arange(n + 1), (after, before), boundary, **word)
            )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, ((0, 0), (0, 0))),
        (2, ((2, 2), (2, 2))),
        (np.int8(2), ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, np.uint16(2)], ((1, 1), (2, 2))),
        (((1, 0), (2, 0)), ((1, 0), (2, 0))),
        ([[1, 0], [2, 0]], ((1, 0), (2, 0))),
        (np.array([[1, 0], [2, 0]]), ((1, 0), (2, 0))),
        ("same", "same"),
    ],
)
def test_forms_of_padding(value, expected):
    padding = Geometry.of(padding=value).padding
    assert padding == expected
    if not isinstance(padding, str):
        assert all(type(amount) is int for side in padding for amount in side)


def test_direct_construction_is_normalised_hashable_and_frozen():
    built = Geometry(stride=[np.int64(2), 1], padding=np.array([1, 2]), fill_value=np.float32(0.5))
    assert built == Geometry.of(stride=(2, 1), padding=((1, 1), (2, 2)), fill_value=0.5)
    assert hash(built) == hash(Geometry(stride=(2, 1), padding=((1, 1), (2, 2)), fill_value=0.5))
    assert [type(number) for number in (*built.stride, built.fill_value)] == [int, int, float]
    with pytest.raises(dataclasses.FrozenInstanceError):
        built.stride = (1, 1)


@pytest.mark.parametrize("build", [Geometry.of, Geometry])
@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("stride", 0, ValueError),
        ("stride", (1, -1), ValueError),
        ("stride", (1, 1, 1), ValueError),
        ("stride", (1,), ValueError),
        ("stride", 1.0, TypeError),
        ("stride", (1, 2.0), TypeError),
        ("stride", True, TypeError),
        ("stride", (1, np.True_), TypeError),
        ("stride", "2", TypeError),
        ("stride", None, TypeError),
        ("dilation", 0, ValueError),
        ("dilation", np.float64(2), TypeError),
        ("padding", -1, ValueError),
        ("padding", (0, -1), ValueError),
        ("padding", ((0, 0), (0, -2)), ValueError),
        ("padding", (1, 2, 3), ValueError),
        ("padding", (1, 2, 3, 4), ValueError),
        ("padding", ((1, 2, 3), (1, 2)), ValueError),
        ("padding", "Same", ValueError),
        ("padding", "", ValueError),
        ("padding", 1.5, TypeError),
        ("padding", (1, (0, 2)), TypeError),
        ("padding", ((1, 2), (0, False)), TypeError),
        ("padding", None, TypeError),
        ("boundary", "mirror", ValueError),
        ("boundary", 0, TypeError),
        ("boundary", None, TypeError),
        ("fill_value", 1j, TypeError),
        ("fill_value", "0", TypeError),
        ("fill_value", None, TypeError),
        ("fill_value", [0.0], TypeError),
        ("fill_value", np.zeros(1), TypeError),
        ("fill_value", 10**400, ValueError),
    ],
)
def test_bad_values_are_named(build, name, value, error):
    with pytest.raises(error, match=rf"^{name} .*must be "):
        build(**{name: value})


@pytest.mark.parametrize(
    "value", [True, np.bool_(True), 1, np.uint8(1), np.float16(1), np.array(1)]
)
def test_fill_value_takes_any_real_scalar(value):
    assert Geometry.of(fill_value=value).fill_value == 1.0


@pytest.mark.parametrize(
    ("shapes", "error"),
    [
        (((0, 5), (1, 1)), ValueError),
        (((5, 5), (1, 0)), ValueError),
        (((5, 5, 3), (1, 1)), ValueError),
        (((5, 5), 3), TypeError),
        (((5, 5.0), (3, 3)), TypeError),
        (((5, 5), (True, 3)), TypeError),
    ],
)
def test_bad_shapes_are_named(shapes, error):
    with pytest.raises(error, match=r"_shape .* must be \(rows, columns\)"):
        output_shape(*shapes)


@pytest.mark.parametrize(
    ("image", "kernel", "keywords", "message"),
    [
        (
            (4, 4),
            (5, 5),
            {"padding": 0},
            "kernel (5, 5) does not fit image (4, 4) with padding 0: "
            "pad by 1 or more, or use a smaller kernel",
        ),
        (
            (4, 4),
            (5, 9),
            {"padding": (1, 2)},  # 4 + 4 = 8 columns for 9: padding 3 all round is the least
            "kernel (5, 9) does not fit image (4, 4) with padding (1, 2): "
            "pad by 3 or more, or use a smaller kernel",
        ),
        (
            (5, 5),
            (3, 3),
            {"dilation": 3, "padding": ((0, 1), (2, 2))},  # 6 rows for an extent of 7
            "kernel (3, 3) spread over (7, 7) by dilation (3, 3) does not fit image (5, 5) with "
            "padding ((0, 1), (2, 2)): pad by 1 or more, or use a smaller kernel or dilation",
        ),
    ],
)
def test_misfit_says_what_would_fit(image, kernel, keywords, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        output_shape(image, kernel, **keywords)


@given(SMALL, SMALL, STEPS)
def test_the_padding_a_misfit_asks_for_is_the_least_that_fits(image, kernel, dilation):
    try:
        output_shape(image, kernel, dilation=dilation)
    except ValueError as error:
        needed = int(re.search(r"pad by (\d+) or more", str(error)).group(1))
    else:
        needed = 0
    output_shape(image, kernel, dilation=dilation, padding=needed)
    if needed:
        with pytest.raises(ValueError, match="does not fit"):
            output_shape(image, kernel, dilation=dilation, padding=needed - 1)
