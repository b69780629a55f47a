"""The map that Explore shows, against SciPy, OpenCV and whole numbers in NumPy."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from scipy import signal

from convviz.feature_map import feature_map
from convviz.geometry import BOUNDARIES, Geometry
from convviz.inputs import FULL_SIZE, Named, Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Scene
from convviz.whole_map import ShownMap

RNG = np.random.default_rng(11)
GREY = RNG.integers(0, 256, (41, 36, 1), np.uint8).repeat(3, axis=2)
PICTURE = Picture(GREY)
NUMBERS = Typed(Matrix.of(RNG.normal(size=(17, 13)).round(3)))
SAME = Geometry.of(padding="same")
GEOMETRIES = [
    Geometry(),
    *(Geometry.of(padding="same", boundary=word, fill_value=7) for word in BOUNDARIES),
    Geometry.of(padding="full", fill_value=-2.5),
    Geometry.of(padding=((1, 2), (0, 3)), stride=(2, 1), dilation=(1, 2), boundary="reflect"),
]


def shown_map(scene: Scene) -> np.ndarray:
    return ShownMap.of(scene)[:]


def scipy_once(values: np.ndarray, scene: Scene, weights: np.ndarray) -> np.ndarray:
    """One pass: padded by np.pad, the weights spread by zeros, every stride-th sum of SciPy's."""
    geometry = scene.geometry
    spread = np.zeros(geometry.extent(weights.shape))
    spread[:: geometry.dilation[0], :: geometry.dilation[1]] = weights
    fill = {"constant_values": geometry.fill_value} if geometry.boundary == "constant" else {}
    padded = np.pad(values, geometry.pads(values.shape, weights.shape), geometry.boundary, **fill)
    slide = signal.convolve2d if scene.operation == "conv" else signal.correlate2d
    sums = slide(padded, spread, mode="valid")
    return sums[:: geometry.stride[0], :: geometry.stride[1]] + scene.bias


def scipy_map(scene: Scene, matrix: Matrix) -> np.ndarray:
    values = scene.image.astype(np.float64)
    for _ in range(scene.times):
        values = scipy_once(values, scene, matrix.weights)
    return values


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    return found.shape == expected.shape and bool(
        np.allclose(found, expected, rtol=0, atol=1e-9 * np.abs(expected).max())
    )


@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        Scene(NUMBERS, kernel("box-3").matrix, bias=0.5),
        Scene(PICTURE, kernel("sobel-x").matrix),
        Scene(PICTURE, kernel("gaussian-31").matrix, SAME),
        Scene(Named("scene"), kernel("gaussian-5").matrix, bias=-1),
    ],
)
def test_one_pass_is_the_feature_map_bit_for_bit(scene: Scene) -> None:
    shown, once = shown_map(scene), feature_map(scene)
    assert (shown.dtype, shown.tobytes()) == (once.dtype, once.tobytes())


@pytest.mark.parametrize("operation", ["corr", "conv"])
@pytest.mark.parametrize("input", [PICTURE, NUMBERS], ids=["picture", "numbers"])
@pytest.mark.parametrize("times", [2, 4])
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=str)
def test_several_passes_are_scipys(geometry, times, input, operation) -> None:
    for matrix in (kernel("emboss").matrix, kernel("gaussian-3").matrix, Matrix.parse("0.3 -1.7")):
        scene = Scene(input, matrix, geometry, operation, bias=-3, times=times, size=FULL_SIZE)
        found = shown_map(scene)
        assert (found.dtype, found.shape) == (np.float64, scene.windows.shape)
        assert close(found, scipy_map(scene, matrix))


def test_sixteen_blurs_are_opencvs() -> None:
    scene = Scene(
        PICTURE,
        kernel("gaussian-5").matrix,
        Geometry.of(padding="same", boundary="reflect"),
        times=16,
        size=FULL_SIZE,
    )
    values = GREY[..., 0].astype(np.float64)
    for _ in range(16):
        values = cv2.filter2D(
            values, cv2.CV_64F, scene.kernel.weights, borderType=cv2.BORDER_REFLECT_101
        )
    assert close(shown_map(scene), values)


@pytest.mark.parametrize("input", [PICTURE, Named("random", 3)], ids=["picture", "numbers"])
@pytest.mark.parametrize(
    ("id", "times", "divisor"), [("box-3", 3, 9), ("gaussian-3", 4, 16), ("log-9", 2, 1)]
)
def test_whole_numbers_are_exact_to_the_last_bit(input, id, times, divisor) -> None:
    # int64 sums of whole numbers, one division: box-3 has the divisor 9, three times 729.
    geometry = Geometry.of(padding="same", fill_value=5)
    scene = Scene(input, kernel(id).matrix, geometry, bias=2, times=times, size=FULL_SIZE)
    weights = np.rint(scene.kernel.weights * divisor).astype(np.int64)
    pad, values = weights.shape[0] // 2, scene.image.astype(np.int64)
    for done in range(times):
        padded = np.pad(values, pad, constant_values=5 * divisor**done)
        sums = signal.correlate2d(padded, weights, mode="valid")
        values = sums + 2 * divisor ** (done + 1)
    assert (shown_map(scene) == values / divisor**times).all()


def test_nothing_is_rounded_or_clipped_between_passes() -> None:
    # 1 -> 100/3 -> 10000/9; and 1 -> -1000 -> 1000000: a clip to 0 to 255 would change both.
    thirds = Scene(Typed(Matrix.parse("1")), Matrix.parse("100/3"), times=2)
    assert shown_map(thirds)[0, 0] == 10000 / 9
    negative = Scene(Typed(Matrix.parse("1")), Matrix.parse("-1000"), times=2)
    assert shown_map(negative)[0, 0] == 1_000_000


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("input", [PICTURE, NUMBERS], ids=["picture", "numbers"])
def test_minus_the_input_is_minus_the_pixel_under_the_centre(input, stride, times) -> None:
    geometry = Geometry.of(padding="same", stride=stride, boundary="edge")
    scene = Scene(
        input, kernel("box-3").matrix, geometry, times=times, minus="input", size=FULL_SIZE
    )
    # An impulse in the kernel's middle keeps the pixel under the centre: as often as the map was.
    under = scipy_map(scene, kernel("identity").matrix)
    assert close(shown_map(scene), scipy_map(scene, scene.kernel) - under)


def test_without_padding_the_rim_of_the_input_is_under_no_cell() -> None:
    # Twice 3 x 3 leaves out two pixels on every side.
    scene = Scene(PICTURE, kernel("gaussian-3").matrix, times=2, minus="input", size=FULL_SIZE)
    expected = scipy_map(scene, scene.kernel) - GREY[2:-2, 2:-2, 0]
    assert close(shown_map(scene), expected)
    once = Scene(minus="input")
    # 12 12 17 / 10 17 19 / 9 6 14 minus the middle 0 1 3 / 1 2 2 / 0 0 2 of the classic input.
    assert shown_map(once).tolist() == [[12, 11, 14], [9, 15, 17], [9, 6, 12]]


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("operation", ["corr", "conv"])
@pytest.mark.parametrize("minus", ["gaussian-5", "sobel-y", "motion-blur"])
def test_minus_a_preset_is_the_difference_of_two_maps(minus, operation, times) -> None:
    geometry = Geometry.of(padding="same", stride=(1, 2), boundary="symmetric")
    scene = Scene(
        PICTURE,
        kernel("sharpen").matrix,
        geometry,
        operation,
        bias=4,
        times=times,
        minus=minus,
        size=FULL_SIZE,
    )
    expected = scipy_map(scene, scene.kernel) - scipy_map(scene, kernel(minus).matrix)
    assert close(shown_map(scene), expected)


def test_the_map_of_one_pass_is_left_as_it_is() -> None:
    scene = Scene(PICTURE, kernel("sobel-x").matrix, SAME, size=FULL_SIZE)
    before = feature_map(scene).copy()
    shown_map(replace(scene, minus="sobel-x"))
    assert (feature_map(scene) == before).all()
    assert not shown_map(replace(scene, minus="sobel-x")).any()
