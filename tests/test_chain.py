"""Any part of a map is that part of the whole map, which is SciPy's (see test_whole_map)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import signal

from convviz.chain import Chain
from convviz.geometry import BOUNDARIES, Geometry
from convviz.inputs import FULL_SIZE, Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.passes import passes
from convviz.scene import Scene
from convviz.whole_map import BLOCK, ShownMap

RNG = np.random.default_rng(12)
GREY = RNG.integers(0, 256, (41, 36, 1), np.uint8).repeat(3, axis=2)
PICTURE = Picture(GREY)
NUMBERS = Typed(Matrix.of(RNG.normal(size=(17, 13)).round(3)))
GEOMETRIES = [
    Geometry(),
    *(Geometry.of(padding="same", boundary=word, fill_value=7) for word in BOUNDARIES),
    *(Geometry.of(padding="full", boundary=word, fill_value=-2.5) for word in BOUNDARIES),
    # Wider than the window: after some passes a window lies in nothing but padding.
    Geometry.of(padding=9, fill_value=2),
    # Wider than the input: of the wrapped rows those needed lie apart.
    Geometry.of(padding=(9, 14), boundary="wrap"),
    Geometry.of(padding=5, stride=(2, 3), dilation=(2, 1), boundary="wrap"),
    Geometry.of(padding=((1, 2), (0, 3)), stride=(2, 1), dilation=(1, 2), boundary="reflect"),
    # Rows that no window takes in lie between the windows.
    Geometry.of(padding=2, stride=(4, 5)),
]


def parts(shape: tuple[int, int]) -> list[tuple[range, range]]:
    """The corners, a single cell, a row, and some more."""
    height, width = shape
    found = [
        (range(1), range(1)),
        (range(height - 1, height), range(width - 1, width)),
        (range(height // 2, height // 2 + 1), range(width)),
        (range(height), range(min(2, width))),
    ]
    for _ in range(6):
        top, left = int(RNG.integers(height)), int(RNG.integers(width))
        bottom, right = int(RNG.integers(top, height)), int(RNG.integers(left, width))
        found.append((range(top, bottom + 1), range(left, right + 1)))
    return found


@pytest.mark.parametrize("input", [PICTURE, NUMBERS], ids=["picture", "numbers"])
@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=str)
def test_a_part_is_that_part_of_the_whole(geometry, times, input) -> None:
    for matrix in (kernel("sobel-x").matrix, kernel("box-3").matrix, Matrix.parse("0.3 -1.7; 2 1")):
        scene = Scene(input, matrix, geometry, "conv", bias=-3, size=FULL_SIZE)
        fitting = len([*passes(geometry, scene.shape, matrix.shape)])
        scene = replace(scene, times=min(times, fitting))
        chain = Chain.of(scene)
        whole = chain.part(range(chain.shape[0]), range(chain.shape[1]))
        sure = all(one.whole or one.dtype is None for one in chain.passes)
        for rows, columns in parts(chain.shape):
            found = chain.part(rows, columns)
            expected = whole[rows.start : rows.stop, columns.start : columns.stop]
            if sure:
                assert (found == expected).all()
            else:
                atol = 1e-12 * np.abs(whole).max()
                np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("minus", ["input", "sobel-y"])
def test_a_part_of_a_difference_is_that_part_of_the_whole(minus: str) -> None:
    geometry = Geometry.of(padding="same", stride=(2, 3), boundary="edge")
    scene = Scene(
        PICTURE, kernel("box-3").matrix, geometry, times=2, minus=minus, size=FULL_SIZE
    )  # fmt: skip
    shown = ShownMap.of(scene)
    whole = shown[:]
    for rows, columns in parts(shown.shape):
        found = shown.part(rows, columns)
        assert (found == whole[rows.start : rows.stop, columns.start : columns.stop]).all()


@pytest.mark.parametrize("minus", ["", "input", "gaussian-5"])
@pytest.mark.parametrize("times", [1, 4])
def test_the_blocks_of_a_large_map_are_scipys(times: int, minus: str) -> None:
    tall = RNG.integers(0, 256, (900, 1100, 1), np.uint8).repeat(3, axis=2)
    geometry = Geometry.of(padding="same", boundary="wrap")
    scene = Scene(
        Picture(tall), kernel("gaussian-3").matrix, geometry, times=times, minus=minus,
        size=FULL_SIZE,
    )  # fmt: skip
    shown = ShownMap.of(scene)
    found, seen = np.full(shown.shape, np.nan), np.zeros(shown.shape, int)
    for rows, columns, values in shown.blocks():
        cut = slice(rows.start, rows.stop), slice(columns.start, columns.stop)
        found[cut] = values
        seen[cut] += 1
        assert values.size <= BLOCK
    assert (seen == 1).all()
    assert shown.block != shown.shape

    def passed(weights: np.ndarray) -> np.ndarray:
        values = tall[..., 0].astype(float)
        for _ in range(times):
            values = signal.correlate2d(values, weights, "same", "wrap")
        return values

    expected = passed(scene.kernel.weights)
    if minus:
        expected -= tall[..., 0] if minus == "input" else passed(kernel(minus).matrix.weights)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


def test_a_block_is_wide_unless_its_rim_is_computed_twice_too_often() -> None:
    pixels = Picture(np.zeros((3000, 4000, 3), np.uint8))
    same = Geometry(padding="same")
    once = Scene(pixels, kernel("sobel-x").matrix, same, size=FULL_SIZE)
    assert ShownMap.of(once).block[1] == 4000
    # 16 times 31 x 31 takes in 481 rows and columns for a single cell.
    often = replace(once, kernel=kernel("gaussian-31").matrix, times=16)
    rows, columns = ShownMap.of(often).block
    assert (rows + 480) * (columns + 480) <= BLOCK
    assert min(rows, columns) > 100


def test_a_computation_is_reported_once_through_and_can_be_ended() -> None:
    tall = Picture(np.zeros((900, 1100, 3), np.uint8))
    for more in ({}, {"times": 3}, {"minus": "box-3"}):
        scene = Scene(tall, kernel("box-5").matrix, Geometry(padding="same"), size=FULL_SIZE)
        shown = ShownMap.of(replace(scene, **more))
        shares: list[float] = []
        for _ in shown.blocks(shares.append):
            pass
        assert len(shares) > 5
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1)
        assert shares[0] < 0.5

        def give_up(share: float) -> None:
            if share > 0.2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(shown.blocks(give_up))
