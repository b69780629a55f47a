"""Every method on its own against the plain loops: boundaries, strides, gaps, dtypes, NaN."""

from __future__ import annotations

import itertools
from functools import cache, partial

import numpy as np
import pytest
from scipy import signal

from convviz.arrays import in_dtype
from convviz.geometry import BOUNDARIES, Geometry
from convviz.methods import im2col, loops, separable, toeplitz
from convviz.methods.dense import Dense
from convviz.methods.fourier import Fourier, tile_size
from convviz.methods.im2col import Im2col
from convviz.methods.layout import Layout
from convviz.methods.rank import factors
from convviz.methods.ready import Ready
from convviz.methods.separable import Separable
from convviz.methods.shifted import Shifted
from convviz.methods.strips import CHUNK, all_finite, run
from convviz.methods.toeplitz import Toeplitz

TOLERANCE = {np.dtype(np.float64): 1e-12, np.dtype(np.float32): 5e-7}
SHAPES = ((1, 1), (1, 6), (5, 1), (2, 3), (3, 3), (4, 5), (6, 6), (3, 7))
STEPS = (((1, 1), (1, 1)), ((2, 1), (1, 2)), ((1, 3), (2, 1)), ((3, 2), (3, 3)))
PADDINGS = ("same", "full", ((0, 9), (12, 1)))


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def low_rank(weights, layout):
    """The two-pass method with as many passes as the kernel needs."""
    kernel = weights[..., 0, 0]
    parts = factors(kernel.astype(np.float64), min(kernel.shape), 1e-14)
    assert parts is not None
    return Separable(*(part.astype(weights.dtype) for part in parts), layout)


def fourier(weights, layout):
    return Fourier(weights[..., 0, 0], layout)


def dense(weights, layout):
    return Dense(weights[..., 0, 0], layout)


def four_rows(weights, layout):
    """What is made at once where the windows of two rows leave the first cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(im2col, "FIRST_CACHE_BYTES", 0)
        return Im2col(weights, layout, "direct")


METHODS = {
    "shifted": Shifted,
    "toeplitz": Toeplitz,
    "separable": low_rank,
    "fourier": fourier,
    "im2col": Im2col,
    "dense": dense,
    # Other sizes of the same, for a BLAS that multiplies small matrices as they lie.
    "toeplitz, direct": partial(Toeplitz, blas="direct"),
    "im2col, direct": partial(Im2col, blas="direct"),
    "im2col, four rows": four_rows,
}
COPYING = ("toeplitz", "im2col", "toeplitz, direct", "im2col, direct", "im2col, four rows")
DEEP = ("shifted", *COPYING)


def every_column(name):
    """Banded products take every column."""
    return name.startswith("toeplitz")


def steps(name):
    """Strides and dilations that a method can do."""
    return [(stride, gap) for stride, gap in STEPS if stride[1] == 1 or not every_column(name)]


def computed(name, image, weights, geometry, bias=None):
    layout = Layout.of(geometry, image.shape[:2], weights.shape[:2])
    out = np.full((*layout.out, weights.shape[3]), np.nan, weights.dtype)
    method, definition = METHODS[name](weights, layout), Shifted(weights, layout)
    Ready(None, layout, method, definition)(image, bias, out)
    return out


def undoubted(name, image, weights, geometry):
    """The method's own result: None stands for the definition, which must not be asked."""
    layout = Layout.of(geometry, image.shape[:2], weights.shape[:2])
    out = np.full((*layout.out, weights.shape[3]), np.nan, weights.dtype)
    Ready(None, layout, METHODS[name](weights, layout), None)(image, None, out)
    return out


@cache
def looped(geometry, *held):
    """The map by the plain loops, which are slow, once for all methods."""
    image, weights, bias = (np.frombuffer(data, dtype).reshape(s) for data, dtype, s in held)
    size = geometry.output_shape(image.shape[:2], weights.shape[:2])
    out = np.empty((*size, weights.shape[3]), weights.dtype)
    loops.correlate(image, weights, bias, geometry, out)
    out.flags.writeable = False
    return out


def by_definition(image, weights, geometry, bias=None):
    added = np.zeros(weights.shape[3], weights.dtype) if bias is None else bias
    held = ((array.tobytes(), array.dtype, array.shape) for array in (image, weights, added))
    return looped(geometry, *held)


@cache
def worked(seed, size, shape, geometry):
    """Draw an image of one channel and a kernel, and compute the map by the definition, once."""
    image, weights = numbers(seed, *size, 1), numbers(seed + 1, *shape, 1, 1)
    return image, weights, by_definition(image, weights, geometry)


def assert_near(result, expected, image, weights, fill=0.0):
    largest = max(np.abs(image[np.isfinite(image)]).max(), abs(fill), 1)
    bound = TOLERANCE[result.dtype] * largest * (np.abs(weights).sum() + 1)
    np.testing.assert_array_equal(np.isfinite(result), np.isfinite(expected))
    finite = np.isfinite(expected)
    assert np.abs(result[finite] - expected[finite]).max(initial=0) <= bound


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Take all pictures for large ones: what can be is copied as a view of the picture."""
    monkeypatch.setattr("convviz.methods.copies.LEAST_VIEWED", 0)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize(
    ("name", "small"), [*((n, False) for n in METHODS), *((n, True) for n in COPYING)]
)
def test_every_boundary_stride_and_gap(name, small, boundary, monkeypatch):
    if small:
        monkeypatch.setattr("convviz.methods.copies.LEAST_VIEWED", 10**9)
    for seed, ((stride, dilation), shape, padding) in enumerate(
        itertools.product(steps(name), SHAPES, PADDINGS)
    ):
        geometry = Geometry(stride, padding, dilation, boundary, 0.75)
        image, weights, expected = worked(seed, (7, 10), shape, geometry)
        assert_near(computed(name, image, weights, geometry), expected, image, weights)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("name", METHODS)
def test_padding_far_wider_than_the_image(name, boundary, monkeypatch):
    monkeypatch.setattr("convviz.methods.layout.GATHERED", 20)  # two rows at a time
    boundary = "edge" if boundary == "reflect" else boundary  # one column has nothing to reflect
    for size, right in itertools.product(((2, 3), (3, 1), (1, 4)), (0, 9)):
        geometry = Geometry.of(padding=((5, 4), (10, right)), boundary=boundary, fill_value=0.5)
        image, weights, expected = worked(37, size, (2, 3), geometry)
        assert_near(computed(name, image, weights, geometry), expected, image, weights)


# The definition adds one product after the other, so its long sums lose more than the bound.
LONG = [(name, size) for name in METHODS for size in (9, 21) if (name, size) != ("shifted", 21)]


@pytest.mark.parametrize(("name", "size"), LONG)
def test_sums_of_bright_even_pictures_keep_the_digits_of_float32(name, size):
    # Here roundings add up: all products have one sign and nearly one size.
    random = np.random.default_rng(size)
    shape = (500, 700) if name == "fourier" else (90, 120)
    image = (0.1 + 1e-3 * random.random(shape)).astype(np.float32)
    column, row = (0.1 + 1e-3 * random.random(size) for _ in range(2))
    kernel = np.outer(column, row).astype(np.float32)
    down, right = stride = (2, 1 if every_column(name) else 2)
    result = computed(name, image[:, :, None], kernel[:, :, None, None], Geometry.of(stride=stride))
    expected = signal.correlate(image.astype(float), kernel.astype(float), "valid", "fft")
    error = np.abs(result[:, :, 0] - expected[::down, ::right]).max()
    assert error <= 5e-7 * image.max() * kernel.sum(dtype=float)


@pytest.mark.parametrize("size", [9, 15, 18])
@pytest.mark.parametrize("name", ["toeplitz", "toeplitz, direct"])
def test_sums_of_one_number_keep_the_digits_of_float32(name, size):
    # Here all roundings of a sum may go the same way.
    for pixel, weight in itertools.product((0.1, 0.3, 0.7, 1 / 3), (0.01, 0.49, 0.9)):
        image, weights = (
            np.full(shape, value, np.float32)
            for shape, value in (((40, 50, 1), pixel), ((size, size, 1, 1), weight))
        )
        result = computed(name, image, weights, Geometry())
        expected = float(image[0, 0, 0]) * weights.sum(dtype=float)
        assert np.abs(result - expected).max() <= 5e-7 * expected


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", METHODS)
def test_dtypes_and_memory_layouts(name, dtype, monkeypatch):
    monkeypatch.setattr("convviz.methods.copies.CONVERTED", 30)  # three rows at a time
    plain = (numbers(3, 11, 9, 1) * 60).astype(np.int16)
    weights = numbers(4, 5, 5, 1, 1).astype(dtype)
    geometry = Geometry.of(padding="same", boundary="reflect")
    expected = by_definition(plain, weights, geometry)
    frozen = plain.copy()
    frozen.flags.writeable = False
    half = plain.astype(np.float16)
    long = plain.astype(np.int64)
    for image in (plain, plain.astype(dtype), half, long, np.asfortranarray(plain), frozen):
        assert_near(computed(name, image, weights, geometry), expected, plain, weights)
    turned = plain[::-1, ::-1]
    expected = by_definition(turned, weights, geometry)
    assert_near(computed(name, turned, weights, geometry), expected, plain, weights)
    valid = Geometry.of()
    wide = np.repeat(plain.astype(dtype), 2, axis=1)[:, ::2]  # rows not in one piece
    expected = by_definition(plain, weights, valid)
    for image in (plain.astype(dtype), wide):
        assert_near(computed(name, image, weights, valid), expected, plain, weights)


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("most", [20, 100])  # three channels of a row at a time, or a whole row
def test_many_channels_are_converted_some_at_a_time(name, most, monkeypatch):
    monkeypatch.setattr("convviz.methods.copies.CONVERTED", 20)
    monkeypatch.setattr("convviz.methods.copies.CONVERTED_DEEP", most)
    image = (numbers(31, 5, 6, 11) * 60).astype(np.int64)
    weights = numbers(32, 3, 2, 11, 2)
    geometry = Geometry.of(padding="same", boundary="reflect")
    expected = by_definition(image, weights, geometry)
    assert_near(computed(name, image, weights, geometry), expected, image, weights)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_reaches_only_its_windows(name, value):
    for shape, padding, place in itertools.product(
        ((3, 3), (5, 6), (4, 7)), ("valid", "same"), ((0, 0), (6, 5), (12, 11))
    ):
        image, weights = numbers(5, 13, 12, 1), numbers(6, *shape, 1, 1)
        weights[0, 0] = 0  # zero times infinity is not a number
        image[place] = value
        geometry = Geometry.of(padding=padding)
        expected = by_definition(image, weights, geometry)
        result = computed(name, image, weights, geometry)
        assert np.array_equal(np.isnan(result), np.isnan(expected))
        assert_near(result, expected, image, weights)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("work_bytes", [1, 20_000, 10**6])
@pytest.mark.parametrize(
    ("height", "down", "gap"), [(4, 1, 1), (7, 3, 1), (2, 3, 1), (3, 1, 2), (3, 2, 3)]
)
def test_in_whatever_row_it_is_it_stays_in_its_windows(
    name, work_bytes, height, down, gap, monkeypatch
):
    # One strip or several, of more and of fewer rows than the kernel, computed again in parts.
    monkeypatch.setattr("convviz.methods.layout.WORK_BYTES", work_bytes)
    monkeypatch.setattr("convviz.methods.shifted.STRIP_BYTES", 1)
    weights = np.ones((height, 3, 1, 1))
    geometry = Geometry.of(stride=(down, 1), dilation=(gap, 1), boundary="edge")
    drawn = numbers(33, 31, 40, 1)
    for row in range(31):
        image = drawn.copy()
        image[row, 17] = np.inf
        result = computed(name, image, weights, geometry)
        tops = np.arange(len(result)) * down
        held = np.zeros(result.shape, bool)
        places = row - tops
        held[(places % gap == 0) & (places >= 0) & (places < height * gap), 15:18] = True
        np.testing.assert_array_equal(~np.isfinite(result), held)


@pytest.mark.parametrize("name", METHODS)
def test_a_fill_value_that_is_not_finite(name):
    image, weights = (numbers(7, 9, 8, 1) * 9).astype(np.uint8), numbers(8, 3, 3, 1, 1)
    for fill in (np.nan, np.inf):
        geometry = Geometry.of(padding=1, fill_value=fill)
        expected = by_definition(image, weights, geometry)
        assert_near(computed(name, image, weights, geometry), expected, image, weights)


@pytest.mark.parametrize("name", COPYING)
def test_a_fill_value_that_is_not_finite_is_forgotten_after_its_rows(name, monkeypatch):
    monkeypatch.setattr("convviz.methods.layout.WORK_BYTES", 1)
    image, weights = numbers(35, 40, 50, 1), numbers(36, 5, 7, 1, 1)
    geometry = Geometry.of(padding=((2, 2), (0, 0)), fill_value=np.nan)
    layout = Layout.of(geometry, (40, 50), (5, 7))
    again = []

    class Definition(Shifted):
        def begin(self):
            compute = super().begin()

            def counted(strip, out):
                again.append(len(out))
                compute(strip, out)

            return counted

    out = np.empty((*layout.out, 1))
    method = METHODS[name](weights, layout)
    run(method, Definition(weights, layout), layout, image, None, out)
    assert sum(again) <= 4 * (method.rows + 2)
    assert_near(out, by_definition(image, weights, geometry), image, weights)


@pytest.mark.parametrize("name", METHODS)
def test_what_the_work_buffers_held_before_is_not_seen(name, monkeypatch):
    def worn(shape, dtype):
        return np.full(shape, np.nan, dtype)

    for method in (im2col, separable, toeplitz):
        monkeypatch.setattr(method, "aligned", worn)
    for shape in ((5, 6), (5, 7)):
        image, weights = numbers(27, 9, 30, 1), numbers(28, *shape, 1, 1)
        expected = by_definition(image, weights, Geometry())
        assert_near(undoubted(name, image, weights, Geometry()), expected, image, weights)


@pytest.mark.parametrize("name", METHODS)
def test_large_finite_numbers_are_not_taken_for_infinities(name):
    image = numbers(9, 9, 8, 1).astype(np.float32) * np.float32(1e25)  # squares overflow
    weights = numbers(10, 3, 3, 1, 1).astype(np.float32)
    geometry = Geometry.of(padding="same")
    expected = by_definition(image, weights, geometry)
    assert_near(undoubted(name, image, weights, geometry), expected, image, weights)


@pytest.mark.parametrize("name", METHODS)
def test_a_sum_beyond_the_dtype_stays_in_its_windows(name):
    image = numbers(31, 40, 50, 1).astype(np.float32)
    image[20, 25] = 3e38
    # Only the middle row has weights: one output row takes the pixel more than once.
    weights = np.zeros((7, 7, 1, 1), np.float32)
    weights[3] = 2
    result = computed(name, image, weights, Geometry.of(padding="same"))
    held = np.zeros(result.shape, bool)
    held[17:24, 22:29] = True
    assert np.isfinite(result[~held]).all()


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("filters", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_depth_and_filters(name, filters, depth):
    image = numbers(11, 8, 9, depth)
    for (stride, dilation), shape in itertools.product(steps(name)[:3], ((3, 3), (2, 5), (1, 1))):
        weights, bias = numbers(12, *shape, depth, filters), numbers(13, filters)
        geometry = Geometry(stride, "same", dilation, "symmetric")
        expected = by_definition(image, weights, geometry, bias)
        result = computed(name, image, weights, geometry, bias)
        assert_near(result, expected, image, weights)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shifted_has_the_bits_of_the_definition(dtype):
    image = (numbers(14, 6, 5, 2) * 100).astype(np.int16)
    for boundary, stride in itertools.product(BOUNDARIES, ((1, 1), (2, 3))):
        geometry = Geometry(stride, ((0, 3), (4, 0)), (1, 2), boundary, 0.1)
        weights, bias = numbers(15, 2, 3, 2, 2).astype(dtype), numbers(16, 2).astype(dtype)
        expected = by_definition(image, weights, geometry, bias)
        result = computed("shifted", image, weights, geometry, bias)
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("name", METHODS)
def test_many_strips_and_tiles(name, monkeypatch):
    # Work buffers of almost nothing: the last strip and the last tile overlap the ones before.
    monkeypatch.setattr("convviz.methods.layout.WORK_BYTES", 1)
    for method in (im2col, separable, toeplitz):
        monkeypatch.setattr(method, "PRODUCT", 1)
    monkeypatch.setattr(im2col, "ROW_PRODUCT", 1)
    monkeypatch.setattr("convviz.methods.shifted.STRIP_BYTES", 1)
    monkeypatch.setattr("convviz.methods.fourier.LARGEST_TILE", 12)
    for shape, padding in itertools.product(((3, 3), (6, 5)), ("same", ((17, 9), (0, 2)))):
        geometry = Geometry.of(padding=padding, boundary="wrap")
        image, weights, expected = worked(17, (23, 150), shape, geometry)
        # Turned it is read with negative strides, and so converted first.
        for held in (image, image[::-1, ::-1].copy()[::-1, ::-1]):
            assert_near(computed(name, held, weights, geometry), expected, image, weights)
    image = image.copy()
    image[20, 70] = np.inf
    geometry = Geometry.of(stride=(2, 1 if every_column(name) else 2))
    expected = by_definition(image, weights, geometry)
    assert_near(computed(name, image, weights, geometry), expected, image, weights)


@pytest.mark.parametrize("blas", ["packing", "direct"])
@pytest.mark.parametrize("filters", [1, 2, 5])
@pytest.mark.parametrize("columns", [64, 150])
@pytest.mark.parametrize(("terms", "partial_bytes"), [(64, 0), (5, 1), (5, 4_000), (5, 10**6)])
def test_whole_pieces_of_a_row_and_what_is_left(
    columns, filters, blas, terms, partial_bytes, monkeypatch
):
    # Of 12 terms all at once, or three parts of each sum.
    monkeypatch.setattr(im2col, "MOST_TERMS", terms)
    monkeypatch.setattr(im2col, "PARTIAL_BYTES", partial_bytes)
    # Pieces of 32 columns, several in one tile; 150 leaves 22.
    monkeypatch.setattr(im2col, "ROW_PRODUCT", 1)
    monkeypatch.setattr(im2col, "PRODUCT", 1)
    for stride in ((1, 1), (2, 3)):
        image, weights = numbers(29, 9, columns * stride[1], 1), numbers(30, 3, 4, 1, filters)
        geometry = Geometry.of(padding="same", boundary="wrap", stride=stride)
        layout = Layout.of(geometry, image.shape[:2], weights.shape[:2])
        method = Im2col(weights, layout, blas)
        assert method.pieces > 1
        result = np.empty((*layout.out, filters))
        run(method, Shifted(weights, layout), layout, image, None, result)
        assert_near(result, by_definition(image, weights, geometry), image, weights)


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_interleaved_channels_are_one_wide_plane(name, boundary):
    image, weights = numbers(19, 7, 6, 3), numbers(20, 3, 4, 1, 1)
    geometry = Geometry((2, 1), ((1, 2), (7, 3)), (1, 2), boundary, 0.5)
    layout = Layout.of(geometry, (7, 6), (3, 4), 3)
    out = np.empty((*layout.out, 1))
    method, definition = METHODS[name](weights, layout), Shifted(weights, layout)
    run(method, definition, layout, image.reshape(7, -1, 1), None, out)
    planes = [by_definition(image[:, :, c : c + 1], weights, geometry) for c in range(3)]
    expected = np.concatenate(planes, axis=2)
    assert_near(out.reshape(expected.shape), expected, image, weights)


def test_whole_numbers_stay_whole_in_two_passes():
    # [1 3 1] down and across: the pivot 9 does not divide 3, and yet no fraction may appear.
    kernel = np.outer([1.0, 3, 1], [1.0, 3, 1])
    columns, rows = factors(kernel, 1, 1e-14)
    assert columns.tolist() == [[1, 3, 1]]
    assert rows.tolist() == [[1, 3, 1]]


def test_whole_numbers_are_of_low_rank_only_if_exactly_so():
    kernel = np.full((5, 5), 3000.0**2)
    assert factors(kernel, 1, 1e-7) is not None
    kernel[0, 0] -= 1  # 4e-9 of the sum
    assert factors(kernel, 1, 1e-7) is None


def test_ranks():
    assert factors(np.zeros((3, 4)), 1, 1e-14)[0].shape == (1, 3)
    assert factors(np.eye(5), 4, 1e-14) is None
    assert factors(np.eye(5), 5, 1e-14)[0].shape == (5, 5)
    for rank in (1, 2, 3):
        columns, rows = numbers(21, rank, 9), numbers(22, rank, 7)
        kernel = columns.T @ rows
        found = factors(kernel, 4, 1e-14)
        assert len(found[0]) == rank
        np.testing.assert_allclose(found[0].T @ found[1], kernel, rtol=0, atol=1e-13)
    # The weight 1/7 of a sum of 225/7 is smaller by 1e-4 of itself: 4.4e-7 of the sum is left.
    kernel = np.outer(np.arange(1, 6), np.arange(1, 6)) / 7
    kernel[0, 0] *= 1 - 1e-4
    assert len(factors(kernel, 1, 5e-7)[0]) == 1
    assert factors(kernel, 1, 3e-7) is None


def test_a_kernel_as_large_as_anything():
    for shape in ((31, 31), (1, 40), (40, 1)):
        image, weights = numbers(25, *shape, 1), numbers(26, *shape, 1, 1)
        for name in METHODS:
            expected = by_definition(image, weights, Geometry())
            assert_near(computed(name, image, weights, Geometry()), expected, image, weights)


@pytest.mark.parametrize("size", [3, CHUNK, 2 * CHUNK + 5])
def test_every_number_is_seen_to_be_finite_or_not(size):
    numbers = np.full(size, 1e30, np.float32)  # squares overflow
    with np.errstate(over="ignore", invalid="ignore"):
        assert all_finite(numbers)
        for place, value in itertools.product((0, size // 2, size - 1), (np.nan, np.inf, -np.inf)):
            one = np.zeros((size, 1))
            one[place] = value
            assert not all_finite(one)


@pytest.mark.parametrize(
    ("column", "pixel", "fill"),
    [(1e20, 1e19, 0.0), (1.0, 3e38, 0.0), (50.0, 3.0, 1e38), (1.0, 3.0, np.nan)],
)
def test_what_overflows_on_the_way_spreads_to_no_other_window(column, pixel, fill):
    """In two passes the first one's sums may, and times a zero of the second they are NaN."""
    columns, rows = (np.full((1, 5), weight, np.float32) for weight in (column, 1e-5))
    weights = np.outer(columns, rows)[:, :, None, None]
    geometry = Geometry.of(padding=((0, 0), (2, 2)), fill_value=fill)
    layout = Layout.of(geometry, (40, 90), (5, 5))
    method, definition = Separable(columns, rows, layout), Shifted(weights, layout)
    for dtype in (np.float32, np.int8) if pixel < 100 else (np.float32,):
        image = np.zeros((40, 90, 1), dtype)
        image[20, 33] = pixel
        found, expected = np.empty((2, *layout.out, 1), np.float32)
        run(method, definition, layout, image, None, found)
        run(definition, definition, layout, image, None, expected)
        assert np.isfinite(expected[:, 2:-2]).all()
        np.testing.assert_allclose(found, expected, rtol=2e-6)


def test_tiles_are_long_enough_and_have_small_factors():
    for outputs, extent in itertools.product((1, 5, 226, 4000), (1, 31, 200, 700)):
        size = tile_size(outputs, extent)
        assert size >= extent
        for prime in (2, 3, 5):
            while size % prime == 0:
                size //= prime
        assert size == 1


def test_a_dtype_too_small_for_a_weight_gives_infinity():
    assert in_dtype(np.array([1e300]), np.dtype(np.float32)).tolist() == [np.inf]
