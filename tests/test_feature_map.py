"""The numbers of a scene: the map of the whole and the player's block, against SciPy."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from convviz.chain import Finish
from convviz.feature_map import block_trace, feature_map, region
from convviz.geometry import BOUNDARIES, Geometry
from convviz.inputs import FULL_SIZE, Named, Picture, Typed
from convviz.kernels import KERNELS, Kernel, kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from convviz.url import decode

PADDINGS = ["valid", "same", "full", 2, ((0, 3), (1, 0))]
STEPS = [((1, 1), (1, 1)), ((2, 1), (1, 1)), ((1, 3), (2, 1)), ((4, 2), (1, 2))]
RNG = np.random.default_rng(11)
PHOTO = Picture(RNG.integers(0, 256, (70, 53, 3), dtype=np.uint8))
DIGITS = Typed(Matrix.of(RNG.integers(-9, 10, (11, 9)).astype(float)))
UNEVEN = Matrix.parse("1/4 x [1 -2 3; 0 5 -6]")
# First, middle and last place along each axis of the photograph.
PLACES = list(product((0, 29, 58), (0, 20, 41)))


def padded_by_numpy(scene: Scene) -> np.ndarray:
    geometry = scene.geometry
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    options = {"constant_values": geometry.fill_value} if geometry.boundary == "constant" else {}
    return np.pad(scene.image.astype(float), pads, geometry.boundary, **options)


def by_scipy(scene: Scene) -> np.ndarray:
    """The feature map from padding by NumPy, a kernel spread out by zeros, and SciPy."""
    (down, across), (apart, beside) = scene.geometry.stride, scene.geometry.dilation
    weights = scene.kernel.weights
    spread = np.zeros(scene.geometry.extent(weights.shape))
    spread[::apart, ::beside] = weights
    operate = signal.convolve2d if scene.flip else signal.correlate2d
    return operate(padded_by_numpy(scene), spread, "valid")[::down, ::across] + scene.bias


def in_block(scene: Scene, values: np.ndarray) -> np.ndarray:
    rows, columns = scene.block.rows, scene.block.columns
    return values[rows.start : rows.stop, columns.start : columns.stop]


def played(scene: Scene) -> np.ndarray:
    """The numbers the player shows: sums in the order of the terms, then the division."""
    finish = Finish.of(scene.kernel, scene.bias)
    return finish(block_trace(scene, region(scene), finish).output)


def scenes(input: Typed | Picture) -> list[Scene]:
    return [
        Scene(
            input=input,
            kernel=UNEVEN,
            geometry=Geometry.of(
                stride=stride,
                padding=padding,
                dilation=dilation,
                boundary=boundary,
                fill_value=-1.5,
            ),
            operation=operation,
            bias=0.25,
            size=FULL_SIZE,
        )
        for boundary, padding, (stride, dilation), operation in product(
            BOUNDARIES, PADDINGS, STEPS, ("corr", "conv")
        )
    ]


# The whole map


def test_the_map_of_the_classic_case_is_the_one_of_the_book() -> None:
    # Dumoulin & Visin (2016), figure 1.1; flipped, the first sum is 18.
    assert feature_map(Scene()).tolist() == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    flipped = feature_map(Scene(operation="conv"))
    assert flipped.tolist() == [[18, 20, 19], [10, 9, 17], [11, 8, 14]]


def test_the_map_of_typed_numbers_equals_scipy() -> None:
    for scene in scenes(DIGITS):
        result = feature_map(scene)
        assert result.dtype == np.float64
        np.testing.assert_allclose(result, by_scipy(scene), rtol=1e-12, err_msg=str(scene))


def test_the_map_of_a_picture_equals_scipy() -> None:
    for scene in scenes(PHOTO):
        np.testing.assert_allclose(
            feature_map(scene), by_scipy(scene), rtol=1e-6, atol=1e-4, err_msg=str(scene)
        )


@pytest.mark.parametrize("preset", KERNELS, ids=lambda row: row.id)
def test_the_map_of_every_preset_equals_scipy(preset: Kernel) -> None:
    scene = Scene(input=Named("tiny"), kernel=preset.matrix, geometry=Geometry.of(padding="same"))
    np.testing.assert_allclose(feature_map(scene), by_scipy(scene), rtol=1e-5, atol=1e-3)


# The block that is stepped through has the numbers of the whole map


def test_the_block_of_typed_numbers_equals_the_map_to_the_last_bit() -> None:
    for scene in scenes(DIGITS):
        assert (played(scene) == in_block(scene, feature_map(scene))).all(), scene


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_the_block_of_a_patch_equals_the_map(place: tuple[int, int]) -> None:
    for scene in scenes(PHOTO)[::3]:
        patched = replace(scene, patch=Patch(*place))
        whole = in_block(patched, feature_map(patched))
        # The bias is added in the precision of the map, which is that of a picture.
        np.testing.assert_allclose(played(patched), whole, rtol=1e-6, err_msg=str(patched))


@pytest.mark.parametrize("preset", KERNELS, ids=lambda row: row.id)
@pytest.mark.parametrize("place", [(0, 0), (29, 20), (58, 41)], ids=str)
def test_a_picture_and_the_player_have_the_same_sums_to_the_last_bit(
    preset: Kernel, place: tuple[int, int]
) -> None:
    geometry = Geometry.of(padding="same", boundary="reflect")
    scene = Scene(PHOTO, preset.matrix, geometry, size=FULL_SIZE, patch=Patch(*place, 16))
    whole = feature_map(scene)
    assert (played(scene).astype(whole.dtype) == in_block(scene, whole)).all()


@pytest.mark.parametrize(
    "text",
    [
        "0.1 0.7; -1.3 0.9",
        "1/3 1/7; 1/11 1/13",
        "1e-9 1; 3 0.000000001",
        "123456.789 1; 1 1",
        "1/1000003 1/999983; 1 1",
        "0.1234567890123456 1; 2 3",
    ],
)
@pytest.mark.parametrize("fill", [0.0, 0.1, 1e9])
def test_own_kernels_have_the_same_sums_on_a_picture_and_in_the_player(
    text: str, fill: float
) -> None:
    geometry = Geometry.of(padding="full", fill_value=fill)
    scene = Scene(PHOTO, Matrix.parse(text), geometry, size=FULL_SIZE, patch=Patch(0, 0))
    whole = feature_map(scene)
    assert (played(scene).astype(whole.dtype) == in_block(scene, whole)).all()


@pytest.mark.parametrize("rows", [31, 19])
def test_large_kernels_of_whole_numbers_have_whole_sums(rows: int) -> None:
    """Fourier tiles and several passes are not exact; what the player adds up is."""
    random = np.random.default_rng(5)
    full = random.integers(-9, 10, (rows, rows))
    first, second, third, fourth = random.integers(-9, 10, (4, rows))
    two = np.outer(first, second) + np.outer(third, fourth)
    for numbers in (full, two, full * 70_001):
        scene = Scene(PHOTO, Matrix.of(numbers), Geometry(padding="same"), size=FULL_SIZE)
        whole = feature_map(scene)
        assert (whole == np.rint(whole)).all()
        assert (played(scene).astype(whole.dtype) == in_block(scene, whole)).all()


# The region


def test_the_region_is_cut_from_the_padded_image() -> None:
    for scene in [*scenes(DIGITS), *(replace(s, patch=Patch(58, 0)) for s in scenes(PHOTO)[::7])]:
        part = region(scene)
        (top, _), (left, _) = scene.geometry.pads(scene.shape, scene.kernel.shape)
        first = part.first_row + top, part.first_column + left
        rows, columns = part.values.shape
        cut = slice(first[0], first[0] + rows), slice(first[1], first[1] + columns)
        assert (part.values == padded_by_numpy(scene)[cut]).all(), scene
        assert part.values.dtype == np.float64


def test_the_region_names_the_row_and_column_each_number_was_copied_from() -> None:
    for scene in scenes(DIGITS):
        part, boundary = region(scene), scene.geometry.boundary
        options = {"constant_values": -1} if boundary == "constant" else {}
        pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
        for axis, sources in enumerate((part.row_sources, part.column_sources)):
            expected = np.pad(np.arange(scene.shape[axis]), pads[axis], boundary, **options)
            start = (part.first_row, part.first_column)[axis] + pads[axis][0]
            assert (sources == expected[start : start + len(sources)]).all(), scene


def test_the_region_of_numbers_is_the_whole_padded_image_with_the_part_not_reached() -> None:
    for scene in scenes(DIGITS):
        padded = scene.geometry.padded_shape(scene.shape, scene.kernel.shape)
        assert region(scene).values.shape == padded


def test_at_the_end_of_a_picture_the_region_has_the_part_not_reached() -> None:
    # 70 rows and 53 columns, kernel 3 x 3, stride 4: the last windows begin at 64 and 48, so 3
    # rows and 2 columns are left over. The patch takes in 14 cells, and so is moved to 56 and 39.
    geometry = Geometry.of(stride=4)
    scene = Scene(PHOTO, kernel("box-3").matrix, geometry, size=FULL_SIZE, patch=Patch(58, 41))
    part = region(scene)
    assert (part.first_row, part.first_row + part.values.shape[0]) == (56, 70)
    assert (part.first_column, part.first_column + part.values.shape[1]) == (36, 53)
    assert scene.geometry.unreached(scene.shape, (3, 3)) == (3, 2)
    middle = region(replace(scene, patch=Patch(20, 20)))
    # From the window that begins at 20 to the end of the one that begins at 28.
    assert (middle.first_row, middle.first_row + middle.values.shape[0]) == (20, 31)


def test_the_trace_has_one_position_for_each_of_the_block() -> None:
    for scene in [*scenes(DIGITS), *(replace(s, patch=Patch(0, 41)) for s in scenes(PHOTO)[::7])]:
        part = region(scene)
        steps = block_trace(scene, part, Finish.of(scene.kernel, scene.bias))
        assert len(steps) == len(scene.block), scene
        assert steps.shape == (len(scene.block.rows), len(scene.block.columns)), scene


# Exact sums


@pytest.mark.parametrize(
    "text",
    [
        "1/9 1/9 1/9; 1/9 1/9 1/9; 1/9 1/9 1/9",
        "1/9 x [1 1 1; 1 1 1; 1 1 1]",
        "0.1 0.1 0.1; 0.1 0.2 0.1; 0.1 0.1 0.1",
        "1/3 1/3 1/3",
        "1/16 x [1 2 1; 2 4 2; 1 2 1]",
    ],
)
@pytest.mark.parametrize("value", [7, 1, 0.5, 254])
def test_a_mean_of_equal_numbers_is_that_number(text: str, value: float) -> None:
    scene = Scene(Typed(Matrix.of(np.full((5, 5), value))), Matrix.parse(text))
    assert np.unique(feature_map(scene)).tolist() == [value]
    assert np.unique(played(scene)).tolist() == [value]


def test_the_mean_of_equal_pixels_is_that_pixel() -> None:
    grey = Picture(np.full((8, 8, 3), 77, np.uint8))
    for id in ("box-3", "box-5", "gaussian-3", "gaussian-5"):
        assert np.unique(feature_map(Scene(grey, kernel(id).matrix))).tolist() == [77]


numbers = st.sampled_from(["1/9", "-1/3", "2/7", "0.1", "1e-3", "5", "-0.25", "0"])
kernels = st.one_of(
    st.lists(st.tuples(*[numbers] * columns), min_size=1, max_size=3).map(tuple)
    for columns in (1, 2, 3)
)


@given(kernels, numbers.filter(lambda text: text != "0"), st.integers(-9, 9))
def test_a_sum_is_the_exact_one_correctly_rounded(cells, factor: str, bias: int) -> None:
    """Whole numbers in, fractions as weights: what comes out is the exact sum, rounded once."""
    matrix = Matrix(cells, factor)
    rows, columns = matrix.shape
    image = np.arange(rows * columns, dtype=float).reshape(rows, columns)
    scene = Scene(Typed(Matrix.of(image)), matrix)
    exact = sum(
        Fraction(value) * int(image[r, c])
        for r, row in enumerate(matrix.fractions)
        for c, value in enumerate(row)
    )
    assert feature_map(scene).tolist() == [[float(exact * matrix.scale)]]
    with_bias = replace(scene, bias=float(bias))
    assert feature_map(with_bias).tolist() == [[float(exact * matrix.scale) + bias]]


@given(kernels)
def test_the_products_shown_add_up_to_the_sum(cells) -> None:
    scene = Scene(kernel=Matrix(cells))
    finish = Finish.of(scene.kernel, 0.0)
    steps = block_trace(scene, region(scene), finish)
    for step in (steps[0], steps[len(steps) - 1]):
        assert step.total == step.products.sum() == step.partial_sums.flat[-1]
        assert step.total == int(step.total) or finish.divisor == 1
    assert finish.divide % finish.divisor == 0


def test_a_kernel_without_a_small_common_divisor_is_used_as_it_is() -> None:
    matrix = Matrix.parse("1/2147483647 1/2147483629")
    finish = Finish.of(matrix, 0.0)
    assert (finish.divisor, finish.divide) == (1, 1)
    assert (finish.numerators == matrix.values).all()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # The worked example begins 3 3 2 1 0; a factor too large or small to be whole numbers.
        ("1e30 x [1 2 3]", 1.5e31),
        ("1e-30 x [1 2 3]", 1.5e-29),
        ("1e-300/7e20 x [0 1]", 3e-320 / 7),
        ("1e200/7 x [1/3 1e60 0]", 3e260 / 7),
    ],
)
@pytest.mark.parametrize("input", [Named(), Named("tiny")])
def test_factors_of_any_size_give_finite_numbers(text: str, value: float, input: Named) -> None:
    scene = Scene(input=input, kernel=Matrix.parse(text))
    result = feature_map(scene)
    assert np.isfinite(result).all()
    assert (played(scene) == in_block(scene, result)).all()
    assert input.id == "tiny" or result[0, 0] == pytest.approx(value)


@pytest.mark.parametrize("link", [{"k": "box-5"}, {"k": "box-5", "pad": "same", "fill": "0.1"}])
def test_it_says_how_far_it_is_and_ends_when_it_is_told_to(link: dict[str, str]) -> None:
    scene = decode({"in": "scene", "size": "full", **link})
    shares: list[float] = []
    assert (feature_map(scene, shares.append) == feature_map(scene)).all()
    assert shares == sorted(shares)
    assert (len(shares) > 1, shares[-1]) == (True, 1)

    def stop(share: float) -> None:
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        feature_map(scene, stop)
