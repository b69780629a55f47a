from __future__ import annotations

import base64
import io
import json
import re

import numpy as np
import pytest
from PIL import Image

from convviz.explorer import MOST_NUMBERS, Whole, anchor, cell_at, lens, overview, part
from convviz.feature_map import feature_map
from convviz.geometry import BOUNDARIES, Geometry
from convviz.inputs import FULL_SIZE, Named, Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.palette import diverging_table
from convviz.scene import Scene
from convviz.screen import SCREEN, shrunk
from convviz.ui.explorer import _LOOK
from convviz.whole_map import ShownMap

SOBEL = kernel("sobel-x").matrix
PHOTO = Picture(np.random.default_rng(5).integers(0, 256, (90, 140, 3), np.uint8))
GEOMETRIES = [
    Geometry(),
    Geometry.of(padding="full", boundary="wrap"),
    Geometry.of(stride=(2, 3), padding=((1, 0), (2, 4)), dilation=2, fill_value=9),
]


def decoded(url: str) -> np.ndarray:
    data = base64.b64decode(url.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def photo_scene(geometry: Geometry = GEOMETRIES[0], **more: object) -> Scene:
    return Scene(PHOTO, SOBEL, geometry, size=FULL_SIZE, **more)


def every_number(whole: Whole) -> np.ndarray:
    """The whole map at once."""
    return ShownMap.of(whole.scene)[:]


def test_the_classic_map_lies_in_the_middle_of_its_input() -> None:
    # 3 x 3 without padding: the first window, rows 0 to 2, has its centre on row 1, column 1.
    made = overview(Whole.of(Scene()))
    assert (made["anchor"], made["stride"], made["extent"]) == ([1, 1], [1, 1], [3, 3])
    assert (made["shape"], made["mapShape"], made["limits"]) == ([5, 5], [3, 3], [6, 19])
    assert made["scale"] == {"low": -19, "high": 19, "diverging": True}


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_every_cell_lies_over_its_anchor(geometry: Geometry) -> None:
    scene = photo_scene(geometry)
    rows, columns = scene.output_shape
    for cell in [(0, 0), (3, 5), (rows - 1, columns - 1)]:
        assert cell_at(scene, anchor(scene, cell)) == cell
    assert cell_at(scene, anchor(scene, (rows, 0))) is None
    assert cell_at(scene, anchor(scene, (0, -1))) is None


def test_the_centre_of_an_even_window_is_that_of_same_padding() -> None:
    # With "same", output and input have the same rows and columns: a cell lies over its pixel.
    scene = Scene(kernel=kernel("roberts-1").matrix, geometry=Geometry(padding="same"))
    assert scene.kernel.shape == (2, 2)
    assert anchor(scene, (3, 4)) == (3, 4)


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_a_part_has_the_very_numbers_and_colours(geometry: Geometry) -> None:
    whole = Whole.of(photo_scene(geometry))
    made = part(whole, (-9, -9, 21, 33))
    image, feature = made["image"], made["map"]
    assert (image["at"], image["shape"]) == ([0, 0], [21, 33])
    assert (np.reshape(image["values"], image["shape"]) == whole.scene.image[:21, :33]).all()
    assert (decoded(image["url"])[..., 0] == whole.scene.image[:21, :33]).all()
    rows, columns = feature["shape"]
    expected = feature_map(whole.scene)[:rows, :columns]
    assert (np.reshape(feature["values"], feature["shape"]) == expected).all()
    limit = max(-whole.low, whole.high)
    shades = np.rint((expected + limit) * 127 / limit).astype(int)
    assert (decoded(feature["url"]) == diverging_table(255)[shades]).all()
    # The last cell begins inside the view, the next one does not.
    ends = [
        anchor(whole.scene, cell)[axis] + 0.5 - geometry.stride[axis] / 2
        for axis, cell in enumerate([(rows, 0), (0, columns)])
    ]
    assert [end >= edge for end, edge in zip(ends, (21, 33), strict=True)] == [True, True]


def test_a_part_beside_everything_is_empty() -> None:
    made = part(Whole.of(photo_scene()), (500, 0, 600, 10))
    assert (made["image"], made["map"]) == (None, None)


def test_a_large_part_has_no_numbers() -> None:
    assert MOST_NUMBERS < 90 * 140
    made = part(Whole.of(photo_scene()), (0, 0, 90, 140))
    assert (made["image"]["values"], made["map"]["values"]) == (None, None)
    assert decoded(made["map"]["url"]).shape[:2] == (88, 138)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("flip", ["corr", "conv"])
def test_a_lens_shows_what_makes_the_value(boundary: str, flip: str) -> None:
    geometry = Geometry.of(padding=3, stride=2, dilation=(2, 1), boundary=boundary, fill_value=4)
    whole = Whole.of(photo_scene(geometry, operation=flip, bias=1.5))
    weights = SOBEL.values[::-1, ::-1] if flip == "conv" else SOBEL.values
    for cell in [(0, 0), (5, 9), (whole.near.shape[0] - 1, 0)]:
        row, column = anchor(whole.scene, cell)
        made = lens(whole, row, column)
        assert made["cell"] == list(cell)
        window = np.reshape(made["window"], made["windowShape"])
        assert (window * weights).sum() + 1.5 == made["output"] == every_number(whole)[cell]
    # The first window begins 3 rows above the input and reaches every other row: rows -3, -1, 1.
    first = np.reshape(lens(whole, *anchor(whole.scene, (0, 0)))["padded"], (3, 3))
    assert first.tolist() == [[1, 1, 1]] * 3


def test_outside_the_input_there_is_no_pixel_and_outside_the_map_no_cell() -> None:
    full = Whole.of(Scene(geometry=Geometry(padding="full")))
    # One row and column above the classic 5 x 5; 3 x 0 + ... only the corner 3 times 2: 6.
    assert lens(full, -1, -1)["value"] is None
    assert (lens(full, -1, -1)["cell"], lens(full, -1, -1)["output"]) == ([0, 0], 6)
    assert lens(Whole.of(Scene()), 0, 0) == {"at": [0, 0], "value": 3, "cell": None}


def test_cells_of_several_passes_lie_over_their_anchors() -> None:
    # Strides 2 and 3 twice: 4 and 9 pixels from window to window. The first begins 1 + 2 rows above
    # the input (padding 1, then 1 cell of 2 rows), spans 3 + 2 * 2 = 7, so its middle is row 0.
    geometry = Geometry.of(stride=(2, 3), padding=((1, 0), (2, 4)))
    scene = photo_scene(geometry, times=2)
    assert anchor(scene, (0, 0)) == (0, -2 - 2 * 3 + (3 + 2 * 3) // 2)
    assert anchor(scene, (2, 3)) == (8, anchor(scene, (0, 0))[1] + 27)
    rows, columns = scene.windows.shape
    for cell in [(0, 0), (3, 5), (rows - 1, columns - 1)]:
        assert cell_at(scene, anchor(scene, cell)) == cell
    made = overview(Whole.of(scene))
    assert (made["anchor"], made["stride"]) == ([*anchor(scene, (0, 0))], [4, 9])
    assert (made["extent"], made["mapShape"]) == ([7, 9], [rows, columns])
    assert made["closed"].startswith("The player shows one pass")
    assert overview(Whole.of(photo_scene(geometry)))["closed"] == ""


def test_a_part_of_several_passes_has_the_very_numbers() -> None:
    whole, view = Whole.of(photo_scene(GEOMETRIES[2], times=2)), (20, 30, 60, 70)
    made = part(whole, view)["map"]
    (top, left), (rows, columns) = made["at"], made["shape"]
    expected = every_number(whole)[top : top + rows, left : left + columns]
    assert (np.reshape(made["values"], made["shape"]) == expected).all()
    # Those cells meet the view that are 4 rows high and 9 columns wide round their pixel.
    for axis, (side, first, count) in enumerate(((4, top, rows), (9, left, columns))):
        begins = [
            anchor(whole.scene, (cell, cell))[axis] + 0.5 - side / 2
            for cell in range(whole.near.shape[axis])
        ]
        met = [
            cell for cell, at in enumerate(begins) if at + side > view[axis] and at < view[axis + 2]
        ]
        assert met == [*range(first, first + count)]


def test_a_lens_of_several_passes_shows_the_pixels_that_count() -> None:
    whole = Whole.of(photo_scene(Geometry.of(padding=1, dilation=2), times=2))
    # Taps 0, 2, 4 of 0, 2, 4: five of them, 0 to 8; the first window begins 2 rows outside.
    made = lens(whole, *anchor(whole.scene, (10, 20)))
    assert made["cell"] == [10, 20]
    assert made["output"] == every_number(whole)[10, 20]
    window = np.reshape(made["window"], made["windowShape"])
    assert (window == whole.scene.image[8:17:2, 18:27:2]).all()
    corner = lens(whole, *anchor(whole.scene, (0, 0)))
    assert np.reshape(corner["padded"], (5, 5)).tolist() == [[1] * 5] + [[1, 0, 0, 0, 0]] * 4
    # No pass but the first meets the padding of the input: no number stands for it.
    assert corner["window"][:7] == [None] * 6 + [whole.scene.image[0, 0]]


def test_a_lens_of_several_strided_passes_is_at_its_window() -> None:
    whole = Whole.of(photo_scene(Geometry.of(stride=2), times=2))
    # From window to window 2 * 2 pixels; a window of 3 and 2 * 2 more: rows 20 to 26.
    made = lens(whole, *anchor(whole.scene, (5, 6)))
    window = np.reshape(made["window"], made["windowShape"])
    assert (window == whole.scene.image[20:27, 24:31]).all()


def test_of_a_lens_with_more_than_any_kernel_the_middle_is_shown() -> None:
    whole = Whole.of(Scene(PHOTO, kernel("box-5").matrix, size=FULL_SIZE, times=16))
    made = lens(whole, *anchor(whole.scene, (3, 4)))
    # 16 times 4 and 1 are 65 rows: 17 are left out on each side.
    window = np.reshape(made["window"], made["windowShape"])
    assert (window == whole.scene.image[20:51, 21:52]).all()


def test_a_difference_is_shown_as_one_map() -> None:
    whole = Whole.of(photo_scene(Geometry.of(padding="same"), minus="input"))
    once = feature_map(whole.scene).astype(float)
    values = every_number(whole)
    assert (values == once - whole.scene.image).all()
    assert (whole.low, whole.high) == (values.min(), values.max())


def test_the_map_is_not_computed_again_for_what_does_not_change_it() -> None:
    whole = Whole.of(photo_scene())
    assert Whole.of(photo_scene(step=3), whole).near is whole.near
    for changes in ({"tiles": "edges"}, {"collected": (SOBEL,)}):
        assert Whole.of(photo_scene(**changes), whole).near is whole.near
    for changes in ({"bias": 1.0}, {"times": 2}, {"minus": "input"}):
        assert Whole.of(photo_scene(**changes), whole).near is not whole.near


@pytest.mark.parametrize("exponent", [-300, 0, 270])
def test_numbers_of_any_size_can_be_drawn(exponent: int) -> None:
    scene = Scene(Typed(Matrix.parse(f"1e{exponent} -1e{exponent}\n0 0")), Matrix.parse("1"))
    whole = Whole.of(scene)
    for url in (overview(whole)["map"], part(whole, (0, 0, 2, 2))["map"]["url"]):
        assert (decoded(url) == diverging_table(255)[[[254, 0], [127, 127]]]).all()


def test_a_large_picture_is_sent_small() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (900, 1300, 3), np.uint8)
    made = overview(Whole.of(Scene(Picture(pixels), SOBEL, size=FULL_SIZE)))
    assert max(decoded(made["map"]).shape) == max(decoded(made["image"]).shape) == SCREEN
    assert made["mapShape"] == [898, 1298]
    assert len(json.dumps(made, allow_nan=False)) < 900_000


def test_typed_numbers_have_the_players_colours() -> None:
    made = part(Whole.of(Scene(Named("classic"))), (0, 0, 5, 5))
    # Greys from 0 to the largest, 3: the first row is 3 3 2 1 0.
    assert decoded(made["image"]["url"])[0, :, 0].tolist() == [255, 255, 170, 85, 0]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1;2;0,-4,5,6;-1,2", True),
        ("1;2;;3,4", True),
        ("1;2;0,0,5,6;", True),
        ("1;2;0,0,5;", False),
        ("1;2;0,0,5,99999999;", False),
        ("\u0661;2;;", False),
        ("1;2;nan,0,0,0;", False),
    ],
)
def test_only_whole_numbers_are_a_question(text: str, is_one: bool) -> None:
    assert (re.fullmatch(_LOOK, text) is not None) == is_one


@pytest.mark.parametrize("shape", [(1500, 2100), (1081, 1923), (2000, 13), (20, 30)])
def test_a_map_is_made_smaller_as_pillow_does_it_whole(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    ratio = min(1, 640 / max(shape))
    size = [max(1, round(side * ratio)) for side in shape[::-1]]
    whole = Image.fromarray(abs(values)).resize((size[0], size[1]), Image.Resampling.BOX)
    assert np.abs(shrunk(values, 640, np.abs) - np.asarray(whole)).max() < 1e-6
