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
from convviz.kernels import kernel
from convviz.palette import DIVERGING, diverging_table
from convviz.picture_pair import SCREEN, marks, pictures
from convviz.scene import FULL_SIZE, Named, Patch, Picture, Scene

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
