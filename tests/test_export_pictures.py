"""Pictures of a feature map, opened by OpenCV."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from convviz.display import MODES, Display
from convviz.explorer import Whole, overview
from convviz.export.pictures import write_png, write_tiff
from convviz.geometry import Geometry
from convviz.inputs import Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.palette import DIVERGING
from convviz.scene import Scene
from tests.export_scenes import SCENES, expected_map

LARGE = np.random.default_rng(3).integers(0, 256, (700, 300, 3), dtype=np.uint8)


def opened(write, scene: Scene) -> np.ndarray:
    file = io.BytesIO()
    write(scene, file)
    return cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_UNCHANGED)


def as_explore_shows_it(scene: Scene) -> np.ndarray:
    """Read the picture that the page is sent, RGB."""
    url = overview(Whole.of(scene))["map"]
    return np.asarray(
        Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB")
    )


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("name", ["preset sobel-x", "decimals", "classic", "large picture"])
def test_a_png_is_what_explore_shows(name: str, mode: str, relu: bool) -> None:
    scene = replace(SCENES[name], display=Display(mode, relu, 100.0))
    made = opened(write_png, scene)
    in_colour = made if made.ndim == 3 else cv2.cvtColor(made, cv2.COLOR_GRAY2BGR)
    np.testing.assert_array_equal(in_colour[:, :, ::-1], as_explore_shows_it(scene))


def test_colours_by_hand() -> None:
    # -2, 0 and 2: the two ends and the middle of the scale.
    scene = Scene(Typed(Matrix.parse("-2 0 2")), Matrix.parse("1"))
    made = opened(write_png, scene)[0, :, ::-1]
    assert ["#" + bytes(pixel).hex().upper() for pixel in made.tolist()] == [
        DIVERGING[0],
        DIVERGING[5],
        DIVERGING[10],
    ]
    clipped = replace(scene, display=Display("rescale"))
    assert opened(write_png, clipped).tolist() == [[0, 128, 255]]


def test_a_png_of_many_strips_has_every_number_at_its_own_size() -> None:
    scene = Scene(
        Picture(LARGE), kernel("identity").matrix, Geometry(padding="same"), size=0, plane="red"
    )
    made = opened(write_png, replace(scene, display=Display("clip")))
    np.testing.assert_array_equal(made, LARGE[:, :, 0])


@pytest.mark.parametrize("name", ["classic", "decimals", "fractions", "large picture", "photo"])
def test_a_tiff_has_the_numbers(name: str) -> None:
    scene = SCENES[name]
    made, expected = opened(write_tiff, scene), expected_map(scene)
    assert made.dtype == np.float32
    # Both round to the nearest float32, but from sums that differ in their last bits.
    np.testing.assert_array_max_ulp(made, expected.astype(np.float32), 1)
    if name in ("classic", "photo"):  # whole numbers
        np.testing.assert_array_equal(made, expected)


def test_a_tiff_opens_from_a_file_too(tmp_path) -> None:
    path = tmp_path / "map.tiff"
    with path.open("wb") as file:
        write_tiff(Scene(Picture(LARGE), Matrix.parse("-1/3"), size=0, plane="blue"), file)
    expected = (LARGE[:, :, 2] / -3).astype(np.float32)
    np.testing.assert_array_equal(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), expected)


def test_numbers_no_float32_holds_are_refused() -> None:
    scene = Scene(Typed(Matrix.parse("1e200")), Matrix.parse("-2"))
    with pytest.raises(ValueError, match="reaches 2e\\+200, more than the 3e38"):
        write_tiff(scene, io.BytesIO())
    assert opened(write_png, scene).shape == (1, 1, 3)
