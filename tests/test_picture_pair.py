"""The picture pair: what is sent decodes to the picture and the map it stands for."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from convviz.feature_map import feature_map
from convviz.geometry import Geometry
from convviz.inputs import FULL_SIZE, Named, Picture
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.palette import DIVERGING, diverging_table
from convviz.picture_pair import marks, pictures
from convviz.scene import Patch, Scene
from convviz.screen import SCREEN

SOBEL = kernel("sobel-x").matrix


def picture_pair(scene: Scene) -> dict[str, object]:
    return {**pictures(scene), **marks(scene)}


def decoded(url: str) -> np.ndarray:
    return np.asarray(
        Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
    )


def test_map_colours_are_the_values():
    scene = Scene(Named("tiny"), SOBEL, Geometry(padding="same"))
    values = feature_map(scene)
    made = picture_pair(scene)
    table = diverging_table(255)
    shades = np.rint(values / np.abs(values).max() * 127).astype(int) + 127
    assert (decoded(made["map"]) == table[shades]).all()
    assert (made["low"], made["high"]) == (values.min(), values.max())


def test_the_scale_has_its_stops_and_zero_in_the_middle():
    table = diverging_table(255)
    hexes = [f"#{r:02X}{g:02X}{b:02X}" for r, g, b in table[[0, 127, 254]]]
    assert hexes == [DIVERGING[0], DIVERGING[5], DIVERGING[10]]


def test_a_flat_picture_has_a_map_of_zeros():
    flat = Picture(np.full((40, 50, 3), 90, np.uint8))
    made = picture_pair(Scene(flat, kernel("edge-8").matrix))
    assert made["limit"] == 0
    assert (decoded(made["map"]) == diverging_table(255)[127]).all()


def test_the_colours_of_the_map_span_its_largest_magnitude_whichever_its_sign():
    # Pixels of 10 and one of 200, with the weight -1: the map goes from -200 to -10.
    pixels = np.full((40, 50, 3), 10, np.uint8)
    pixels[3, 4] = 200
    made = pictures(Scene(Picture(pixels), Matrix.parse("-1")))
    assert (made["low"], made["high"], made["limit"]) == (-200, -10, 200)
    table = diverging_table(255)
    shades = decoded(made["map"])
    # -200 has the first of the 127 shades below zero, -10 the one nearest to 127 x 10 / 200 = 6.35.
    assert (shades[3, 4] == table[0]).all()
    assert (shades[0, 0] == table[127 - 6]).all()


def test_a_large_picture_is_sent_small_and_its_numbers_stay_whole():
    pixels = np.random.default_rng(1).integers(0, 256, (900, 1300, 3), np.uint8)
    scene = Scene(Picture(pixels), SOBEL, size=FULL_SIZE)
    made = picture_pair(scene)
    assert max(decoded(made["image"]).shape) == SCREEN
    assert made["shape"] == [900, 1300]
    assert made["mapShape"] == [898, 1298]
    assert len(json.dumps(made)) < 900_000


@pytest.mark.parametrize("geometry", [Geometry(), Geometry(stride=(2, 3), padding="same")])
def test_starts_are_where_the_windows_begin_in_the_picture(geometry):
    scene = Scene(Named("portrait"), SOBEL, geometry, patch=Patch(5, 9, 12))
    made = picture_pair(scene)
    top, left = (side[0] for side in geometry.pads(scene.shape, (3, 3)))
    assert made["rowStarts"][:2] == [-top, geometry.stride[0] - top]
    assert made["columnStarts"][:2] == [-left, geometry.stride[1] - left]
    assert len(made["rowStarts"]) == scene.output_shape[0]


def test_a_patch_off_the_corner_is_marked_where_it_lies_in_the_picture():
    # 12 windows take in 14 pixels: 40 - 14 and 50 - 14; with no padding and stride 1 the first
    # window begins there too.
    large = Picture(np.zeros((40, 50, 3), np.uint8))
    made = marks(Scene(large, SOBEL, patch=Patch(39, 9999)))
    assert made["patch"] == [26, 36, 14, 14]
    assert made["first"] == [26, 36]


def test_the_first_position_of_a_patch_is_the_one_whose_window_reaches_it():
    # Windows begin every 4 rows and 3 columns: the last at or before row 10 and column 20 are the
    # third (8) and the seventh (18).
    large = Picture(np.zeros((40, 50, 3), np.uint8))
    made = marks(Scene(large, SOBEL, Geometry(stride=(4, 3)), patch=Patch(10, 20)))
    assert made["first"] == [2, 6]
    assert (made["rowStarts"][2], made["columnStarts"][6]) == (8, 18)


def test_windows_in_the_padding_begin_before_the_picture():
    # 3 rows above and 1 column at the left: the first window begins at row -3, column -1.
    large = Picture(np.zeros((40, 50, 3), np.uint8))
    made = marks(Scene(large, SOBEL, Geometry(padding=((3, 0), (1, 2)))))
    assert (made["rowStarts"][:2], made["columnStarts"][:2]) == ([-3, -2], [-1, 0])


@pytest.mark.parametrize(
    ("longest", "kinds"), [(64, ("png", "png")), (65, ("jpeg", "png")), (640, ("jpeg", "png"))]
)
def test_a_small_picture_is_sent_without_loss(longest: int, kinds: tuple[str, str]):
    """Up to 64 pixels, where every pixel is seen as a square, none may be changed by JPEG."""
    pixels = np.random.default_rng(3).integers(0, 256, (longest, 20, 3), np.uint8)
    scene = Scene(Picture(pixels), SOBEL, size=FULL_SIZE)
    made = pictures(scene)
    found = tuple(made[name].partition(";")[0] for name in ("image", "map"))
    assert found == tuple(f"data:image/{kind}" for kind in kinds)
    sent = decoded(made["image"])
    if kinds[0] == "png":
        assert (sent == scene.image[:, :, np.newaxis]).all()
    assert sent.shape == (longest, 20, 3)


def test_numbers_have_no_patch():
    assert marks(Scene())["patch"] is None


@pytest.mark.parametrize(
    ("place", "padding", "drawn"),
    [
        # 12 windows of 3 x 3 take in 14 pixels; with the padding of "same" round it, 12 do.
        ((5, 9), "valid", [5, 9, 14, 14]),
        ((5, 9), "same", [5, 9, 12, 12]),
        # 256 x 256: the last 14.
        ((250, 9), "valid", [242, 9, 14, 14]),
    ],
)
def test_the_patch_is_drawn_as_the_pixels_its_windows_take_in(place, padding, drawn):
    scene = Scene(Named("portrait"), SOBEL, Geometry(padding=padding), patch=Patch(*place))
    assert picture_pair(scene)["patch"] == drawn
