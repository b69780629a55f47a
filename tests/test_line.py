"""Lines over the input, against a drawing by OpenCV, and the values along them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.explorer import Whole
from convviz.geometry import Geometry
from convviz.inputs import FULL_SIZE, Picture, Typed
from convviz.kernels import kernel
from convviz.line import check_line, inside, middle_row, pixels
from convviz.matrices import Matrix
from convviz.profile import about, profile
from convviz.scene import Scene

PHOTO = Picture(np.random.default_rng(8).integers(0, 256, (40, 60, 3), np.uint8))
SOBEL = kernel("sobel-x").matrix
ends = st.integers(0, 40)


def test_the_middle_of_an_image_is_its_middle_row() -> None:
    assert middle_row((5, 7)) == (2, 0, 2, 6)


def test_ends_outside_are_moved_onto_the_last_row_and_column() -> None:
    assert inside((9, 3, 2, 99), (5, 7)) == (4, 3, 2, 6)


# By hand: 2 rows down on 4 columns is half a row a step; a half goes down.
BY_HAND = [
    ((0, 0, 2, 4), [(0, 0), (1, 1), (1, 2), (2, 3), (2, 4)]),
    ((2, 4, 0, 0), [(2, 4), (2, 3), (1, 2), (1, 1), (0, 0)]),
    ((3, 5, 3, 5), [(3, 5)]),
    ((4, 1, 1, 1), [(4, 1), (3, 1), (2, 1), (1, 1)]),
]


@pytest.mark.parametrize(("line", "expected"), BY_HAND)
def test_a_line_runs_over_the_nearest_pixels(line, expected) -> None:
    rows, columns = pixels(line)
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == expected


@given(st.tuples(ends, ends, ends, ends))
def test_a_line_is_opencvs_but_for_halves(line) -> None:
    row, column, last_row, last_column = line
    drawn = cv2.line(np.zeros((41, 41), np.uint8), (column, row), (last_column, last_row), 1)
    rows, columns = pixels(line)
    assert ((rows[0], columns[0]), (rows[-1], columns[-1])) == ((row, column), line[2:])
    assert len(rows) == drawn.sum()
    down, across = abs(last_row - row), abs(last_column - column)
    # Of two pixels equally near, OpenCV takes another one: a neighbour in the shorter direction.
    around = cv2.dilate(drawn, np.ones((3, 1) if across >= down else (1, 3), np.uint8))
    assert around[rows, columns].all()


REFUSED = [
    ("1,2,3,4", TypeError, "line '1,2,3,4' must be row, column, row, column"),
    ((1, 2, 3), TypeError, "line (1, 2, 3) must be row, column, row, column"),
    ((1, 2.5, 3, 4), TypeError, "line first column 2.5 must be an integer"),
    ((1, 2, -3, 4), ValueError, "The line's last row -3 is outside the picture: use 0 or more."),
]


@pytest.mark.parametrize(("line", "kind", "sentence"), REFUSED)
def test_what_is_no_line_is_refused_with_a_sentence(line, kind, sentence: str) -> None:
    for make in (check_line, lambda line: Scene(line=line)):
        with pytest.raises(kind) as raised:
            make(line)
        assert str(raised.value) == sentence


def test_a_line_in_use_lies_in_the_input() -> None:
    assert Scene().line_in_use == (2, 0, 2, 4)
    assert Scene(line=(1, 2, 99, 3)).line_in_use == (1, 2, 4, 3)


# Values along a line


GEOMETRIES = [
    Geometry(),
    Geometry.of(padding="same"),
    Geometry.of(padding="full", boundary="wrap"),
    Geometry.of(stride=(2, 3), padding=((1, 0), (2, 4)), dilation=2, fill_value=9),
]


def cell_over(scene: Scene, axis: int, pixel: int) -> int | None:
    """Look for the cell along one axis that is as wide as the stride and has the pixel under it."""
    stride, dilation = scene.geometry.stride[axis], scene.geometry.dilation[axis]
    weights = scene.kernel.shape[axis]
    before = scene.geometry.pads(scene.shape, scene.kernel.shape)[axis][0]
    for cell in range(scene.output_shape[axis]):
        middle = cell * stride - before + (weights - 1) * dilation // 2
        if middle - stride / 2 <= pixel < middle + stride / 2:
            return cell
    return None


@pytest.mark.parametrize("geometry", GEOMETRIES)
@pytest.mark.parametrize("line", [(0, 0, 39, 59), (20, 59, 20, 0), (39, 7, 3, 7), (5, 5, 5, 5)])
def test_a_profile_has_the_pixels_and_the_cells_over_them(geometry, line) -> None:
    whole = Whole.of(Scene(PHOTO, SOBEL, geometry, size=FULL_SIZE))
    made = profile(whole, line)
    assert (made.rows[0], made.columns[0]) == line[:2]
    assert (made.rows[-1], made.columns[-1]) == line[2:]
    for n, (row, column) in enumerate(zip(made.rows, made.columns, strict=True)):
        assert made.image[n] == whole.scene.image[row, column]
        cell = tuple(cell_over(whole.scene, axis, at) for axis, at in enumerate((row, column)))
        if None in cell:
            assert (np.isnan(made.map[n]), made.cell_rows[n], made.cell_columns[n]) == (1, -1, -1)
        else:
            assert (made.cell_rows[n], made.cell_columns[n]) == cell
            assert made.map[n] == whole.near[cell]
    assert made.gaps == np.isnan(made.map).sum()


def test_the_classic_profile() -> None:
    # Dumoulin & Visin, figure 1.1: row 3 of the input is 3 1 2 2 3, row 2 of the map 10 17 19,
    # which begins over column 2.
    made = profile(Whole.of(Scene()), (2, 0, 2, 4))
    assert made.image.tolist() == [3, 1, 2, 2, 3]
    assert made.map[1:4].tolist() == [10, 17, 19]
    assert about(made) == (
        "From row 3, column 1 to row 3, column 5: 5 pixels. Input from 1 to 3. Feature map from 10 "
        "to 19. 2 of the pixels have no cell: no window has its centre there."
    )


def test_a_line_beside_the_map_says_so() -> None:
    made = profile(Whole.of(Scene(Typed(Matrix.parse("1 2 3; 4 5 6; 7 8 9")))), (0, 1, 0, 1))
    assert about(made) == (
        "From row 1, column 2 to row 1, column 2: 1 pixel. Input from 2 to 2. "
        "No window has its centre on this line."
    )


@pytest.mark.parametrize("line", [(0, 0, 299, 399), (299, 0, 0, 399), (120, 3, 120, 380)])
def test_a_long_oblique_line_has_every_number(line) -> None:
    # A mean of nine: no float32 holds a third.
    grey = np.random.default_rng(6).integers(0, 256, (300, 400, 1), np.uint8).repeat(3, axis=2)
    scene = Scene(Picture(grey), kernel("box-3").matrix, size=FULL_SIZE)
    made = profile(Whole.of(scene), line)
    padded = np.pad(grey[..., 0].astype(float), 1, constant_values=np.nan)
    for row, column, value in zip(made.rows, made.columns, made.map, strict=True):
        expected = padded[row : row + 3, column : column + 3].sum() / 9
        assert value == expected or (np.isnan(value) and np.isnan(expected))
