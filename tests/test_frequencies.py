"""The frequency response, against SciPy's and against the sum over the weights."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from convviz.frequencies import about, axis, effect, gain, response
from convviz.geometry import Geometry
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix

PLAIN = Geometry()
SPREAD = Geometry.of(dilation=(2, 3))
IDS = ["box-3", "sobel-x", "gaussian-5", "roberts-1", "emboss"]


def by_sum(weights: np.ndarray, dilation: tuple[int, int], u: float, v: float) -> float:
    """|H(u, v)| by its definition, one weight after the other."""
    total = 0j
    for (row, column), weight in np.ndenumerate(weights):
        turn = u * row * dilation[0] + v * column * dilation[1]
        total += weight * np.exp(-2j * np.pi * turn)
    return abs(total)


def test_the_frequencies_go_from_minus_a_half_to_a_half_with_0_in_the_middle() -> None:
    assert (axis()[0], axis()[32], axis()[64], len(axis())) == (-0.5, 0, 0.5, 65)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("geometry", [PLAIN, SPREAD])
def test_a_response_is_the_sum_over_the_weights(id: str, geometry: Geometry) -> None:
    weights = kernel(id).matrix.weights
    made = response(kernel(id).matrix, geometry)
    for row, column in [(0, 0), (32, 32), (32, 64), (5, 50), (64, 10), (47, 31)]:
        expected = by_sum(weights, geometry.dilation, axis()[row], axis()[column])
        assert made[row, column] == pytest.approx(expected, abs=1e-12)


def test_down_is_down_and_across_is_across() -> None:
    # One column with SciPy's response of a filter of one dimension; the same across every column.
    column = Matrix.parse("1; 3; -2")
    _, expected = signal.freqz([1, 3, -2], worN=2 * np.pi * axis())
    np.testing.assert_allclose(response(column, PLAIN)[:, 11], np.abs(expected), atol=1e-12)
    turned = response(Matrix.parse("1 3 -2"), PLAIN)
    np.testing.assert_allclose(turned[11], np.abs(expected), atol=1e-12)


@pytest.mark.parametrize("row", KERNELS, ids=lambda row: row.id)
@pytest.mark.parametrize("geometry", [PLAIN, Geometry.of(dilation=2)])
def test_a_gain_is_the_response_at_its_frequency(row, geometry: Geometry) -> None:
    made = response(row.matrix, geometry)
    for pattern in [(0, 0), (1, 0), (0, 1), (1, 1)]:
        at = made[32 + 32 * pattern[0], 32 + 32 * pattern[1]]
        assert gain(row.matrix, geometry, pattern) == pytest.approx(at, abs=1e-9)


def test_a_gain_is_exact() -> None:
    # 1/9 nine times: 1. With the sign of the row: (1 - 1 + 1) / 3. Of a chessboard: 1/9.
    box = Matrix.parse("1/9 x [1 1 1; 1 1 1; 1 1 1]")
    patterns = [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert [gain(box, PLAIN, pattern) for pattern in patterns] == [1, 1 / 3, 1 / 3, 1 / 9]
    # Spread by 2, every weight meets the same sign.
    assert [gain(box, Geometry.of(dilation=2), pattern) for pattern in patterns] == [1] * 4
    # The rows 2 apart, the columns 3: only the columns change sign.
    assert [gain(box, SPREAD, pattern) for pattern in patterns] == [1, 1, 1 / 3, 1 / 3]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "removes"),
        (1e-12, "all but removes"),
        (0.5, "weakens"),
        (1, "keeps"),
        (1 + 1e-9, "keeps"),
        (2, "doubles"),
        (1.5, "strengthens"),
        (8, "strengthens"),
    ],
)
def test_a_gain_has_its_word(value: float, said: str) -> None:
    assert effect(value) == said


@pytest.mark.parametrize(
    ("id", "said"),
    [
        (
            "box-3",
            "This kernel keeps flat areas (gain 1); it weakens lines one row high and lines one "
            "column wide (gain 0.333); it weakens a chessboard of pixels (gain 0.111).",
        ),
        (
            "sobel-x",
            "This kernel removes flat areas, lines one row high, lines one column wide and a "
            "chessboard of pixels (gain 0).",
        ),
        # 5 - 4 = 1; rows: 5 + 1 + 1 - 1 - 1 = 5; chessboard: 5 + 4 = 9.
        (
            "sharpen",
            "This kernel keeps flat areas (gain 1); it strengthens lines one row high and lines "
            "one column wide (gain 5); it strengthens a chessboard of pixels (gain 9).",
        ),
    ],
)
def test_what_it_does_is_said_in_one_line(id: str, said: str) -> None:
    assert about(kernel(id).matrix, PLAIN) == said
