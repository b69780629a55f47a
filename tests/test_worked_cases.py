"""The cases everyone meets first, by every way their numbers can be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from convviz import conv2d, convolve2d, correlate2d, output_shape, trace
from convviz.feature_map import feature_map
from convviz.geometry import BOUNDARIES, Geometry
from convviz.images import BUILT_INS, built_in
from convviz.matrices import Matrix
from convviz.matrix_edits import describe
from convviz.payload import payload
from convviz.scene import Scene, Typed

CLASSIC = "3 3 2 1 0; 0 0 1 3 1; 3 1 2 2 3; 2 0 0 2 2; 2 0 0 0 1"
CLASSIC_KERNEL = "0 1 2; 2 2 0; 0 1 2"
SEVENS = "; ".join(["7 7 7 7 7"] * 5)
SURROUND = "-1 -1 -1; -1 8 -1; -1 -1 -1"
NINTHS = "1/9 1/9 1/9\n1/9 1/9 1/9\n1/9 1/9 1/9"
IDENTITY = "[0 0 0, 0 1 0, 0 0 0]"
NOTHING = "; ".join(["0 0 0 0 0"] * 5)


@dataclass(frozen=True)
class Case:
    """An input and a kernel as typed, and what must come out."""

    input: str
    kernel: str
    output: str
    how: dict[str, Any] = field(default_factory=dict)
    flip: bool = False

    @property
    def scene(self) -> Scene:
        return Scene(
            Typed(Matrix.parse(self.input)),
            Matrix.parse(self.kernel),
            Geometry.of(**self.how),
            "conv" if self.flip else "corr",
        )


CASES = {
    # Dumoulin & Visin (2016), figure 1.1; the first sum is 3 + 4 + 1 + 4 = 12.
    "classic": Case(CLASSIC, CLASSIC_KERNEL, "12 12 17; 10 17 19; 9 6 14"),
    # With 2 1 0 / 0 2 2 / 2 1 0: 6 + 3 + 2 + 6 + 1 = 18.
    "classic, flipped": Case(CLASSIC, CLASSIC_KERNEL, "18 20 19; 10 9 17; 11 8 14", flip=True),
    # 8 x 7 - 8 x 7 = 0.
    "uniform": Case(SEVENS, SURROUND, "0 0 0; 0 0 0; 0 0 0"),
    # Five of the -1 lie on zeros in a corner, 5 x 7 = 35; three at an edge, 3 x 7 = 21.
    "uniform, zeros round it": Case(
        SEVENS,
        SURROUND,
        "35 21 21 21 35; 21 0 0 0 21; 21 0 0 0 21; 21 0 0 0 21; 35 21 21 21 35",
        {"padding": 1},
    ),
    "uniform, edge": Case(SEVENS, SURROUND, NOTHING, {"padding": 1, "boundary": "edge"}),
    "uniform, reflect": Case(SEVENS, SURROUND, NOTHING, {"padding": 1, "boundary": "reflect"}),
    "box blur of sevens": Case(SEVENS, NINTHS, "7 7 7; 7 7 7; 7 7 7"),
    # The nine numbers of a window add up to 9 + 9, 9 + 9 + 9, 9 + 18 and 9 + 9.
    "box blur": Case(
        "9 0 0 9; 0 9 0 0; 0 0 0 9; 18 0 0 0",
        NINTHS,
        "2 3; 3 2",
    ),
    **{
        f"identity, {boundary}": Case(
            CLASSIC, IDENTITY, CLASSIC, {"padding": 1, "boundary": boundary}
        )
        for boundary in BOUNDARIES
    },
    # 1 + 2 + ... + 9 = 45: one position, one number.
    "same size": Case("1 2 3; 4 5 6; 7 8 9", "1 1 1; 1 1 1; 1 1 1", "45"),
    # 1 + 20, 2 + 30, 3 + 40, 4 + 50, 5 + 0: an even kernel has its odd column on the right.
    "even kernel, same": Case("1 2 3 4 5", "1 10", "21 32 43 54 5", {"padding": "same"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_worked_case_comes_out_whatever_way_it_is_asked_for(case: Case) -> None:
    image, weights, expected = (
        Matrix.parse(text).weights for text in (case.input, case.kernel, case.output)
    )
    exact = {"rtol": 0, "atol": 1e-14}
    operate = convolve2d if case.flip else correlate2d
    np.testing.assert_allclose(operate(image, weights, **case.how), expected, **exact)
    steps = trace(image, weights, flip=case.flip, **case.how)
    totals = [step.total for step in steps]
    np.testing.assert_allclose(totals, expected.ravel(), **exact)
    # What is shown is exact: fractions are divided last.
    assert feature_map(case.scene).tolist() == expected.tolist()
    assert payload(case.scene)["output"]["values"] == expected.ravel().tolist()


def test_ninths_are_shown_as_ninths_and_their_sum_as_exactly_1() -> None:
    matrix = Matrix.parse(NINTHS)
    assert payload(CASES["box blur"].scene)["kernel"]["texts"] == ["1/9"] * 9
    assert describe(matrix)[0] == "Sum 1: keeps brightness."


@pytest.mark.parametrize("row", BUILT_INS, ids=lambda row: row.id)
def test_the_box_blur_of_any_input_is_its_mean(row) -> None:
    image = built_in(row.id)[:24, :24]
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3), axis=(0, 1))
    means = windows.mean(axis=(-2, -1), dtype=float)
    result = correlate2d(image, Matrix.parse(NINTHS).weights, dtype=np.float64)
    np.testing.assert_allclose(result, means, rtol=0, atol=1e-12)


@pytest.mark.parametrize("filters", [1, 2, 7])
def test_a_cifar_picture_gives_one_map_of_30_x_30_for_each_filter(filters: int) -> None:
    picture = np.random.default_rng(8).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    weights = np.random.default_rng(9).integers(-9, 10, (3, 3, 3, filters))
    maps = conv2d(picture, weights)
    assert maps.shape == (30, 30, filters)
    steps = trace(picture, weights[:, :, :, 0])
    assert len(steps) == 900
    # By hand for one position: all 27 products of the window at row 4, column 9.
    whole = picture[4:7, 9:12].astype(int) * weights[:, :, :, 0]
    assert maps[4, 9, 0] == steps.at(4, 9).total == whole.sum()
    # Padding, not more filters, keeps the size; 28 takes 5 x 5 or a second 3 x 3.
    assert conv2d(picture, weights, padding=1).shape == (32, 32, filters)
    assert conv2d(maps, np.ones((3, 3, filters, 1))).shape == (28, 28, 1)
    assert output_shape((32, 32), (5, 5)) == (28, 28)


def test_a_stride_that_does_not_fit_leaves_the_last_row_and_column_out() -> None:
    # (32 - 3) / 2 + 1 = 15.5: the fifteenth window ends at 28 + 2 = 30, and 31 is the last.
    image = np.zeros((32, 32))
    image[31], image[:, 31] = 1, 1
    result = correlate2d(image, np.ones((3, 3)), stride=2)
    assert (result.shape, result.any()) == ((15, 15), False)
    assert Geometry.of(stride=2).unreached((32, 32), (3, 3)) == (1, 1)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_kernel_of_another_depth_is_refused_with_both_depths(k: int) -> None:
    image = np.ones((6, 7, 3))
    for operate, kernel in ((conv2d, np.ones((k, k, 2, 4))), (trace, np.ones((k, k, 2)))):
        with pytest.raises(ValueError, match=r"depth 2 .*depth 3"):
            operate(image, kernel)


@pytest.mark.parametrize("size", [1, 3, 5, 7])
def test_same_puts_each_output_on_the_pixel_under_the_centre(size: int) -> None:
    # Only the centre has a weight, so the output is the pixel under it, wherever that is.
    kernel = np.zeros((size, size))
    kernel[size // 2, size // 2] = 1
    image = np.arange(42.0).reshape(6, 7)
    assert (correlate2d(image, kernel, padding="same") == image).all()
    # And one corner weight takes its pixel from half a kernel further up and left.
    corner = np.zeros((size, size))
    corner[0, 0] = 1
    half = size // 2
    moved = correlate2d(image, corner, padding="same")
    assert (moved[half:, half:] == image[: 6 - half, : 7 - half]).all()
