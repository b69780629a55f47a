"""The built-in pictures: drawn by the script beside them, small, and with nothing else inside."""

import re
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convviz.images import BUILT_INS, built_in

ASSETS = Path(__file__).resolve().parent.parent / "assets"
PICTURES = [row.id for row in BUILT_INS if row.kind == "picture"]


@pytest.fixture(scope="module")
def draw():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ASSETS)
        yield import_module("draw")
    for name in ("draw", "brushes", "draw_charts", "draw_portrait", "draw_scene"):
        sys.modules.pop(name, None)


def test_every_picture_is_drawn_and_every_drawing_is_used(draw):
    files = {path.stem for path in ASSETS.glob("*.png")} - {"icon"}  # the sign of the app itself
    assert files == set(draw.DRAWINGS) == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_drawing_again_gives_the_file(draw, name):
    # With the releases of today not one level differs. Others may round a sine or the outline of a
    # letter in another way, so a level or two, and a few pixels, are let pass.
    again = draw.pixels(name).astype(int)
    difference = np.abs(again - built_in(name))
    assert difference.mean() < 0.1
    assert (difference > 2).mean() < 0.002


def test_the_files_are_small_and_carry_nothing_but_pixels():
    paths = list(ASSETS.glob("*.png"))
    assert sum(path.stat().st_size for path in paths) < 900_000
    for path in paths:
        with Image.open(path) as image:
            image.load()
            assert image.info == {}
            assert image.mode == ("RGBA" if path.stem == "icon" else image.mode)
            assert image.mode in ("L", "RGB", "RGBA")


def test_sources_names_every_picture_with_its_size():
    text = (ASSETS / "SOURCES.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\S+)\.png \| (\d+, \d+) \|", text, re.MULTILINE))
    assert rows == {name: "{}, {}".format(*built_in(name).shape) for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_has_dark_and_bright_and_edges(name):
    grey = built_in(name).mean(axis=2)
    assert np.percentile(grey, 95) - np.percentile(grey, 5) > 80
    across, down = (np.abs(np.diff(grey, axis=axis)) for axis in (1, 0))
    for steps in (across, down):
        assert np.percentile(steps, 99.5) > 25  # edges across and edges down
        assert np.percentile(steps, 25) < 12  # and calmer places beside them


def test_the_tiny_picture_travels_in_a_link():
    assert built_in("tiny").shape == (32, 32, 3)


def test_the_zone_plate_starts_as_a_cosine_of_the_square_of_the_radius():
    # cos(0.46 pi r^2 / 128) along the row through the middle, whose pixels lie at r = 0.5, 1.5 ...
    radius = np.arange(50) + 0.5
    wave = 0.5 + 0.5 * np.cos(0.46 * np.pi * (radius**2 + 0.25) / 128)
    row = built_in("zone-plate")[128, 128:178, 0] / 255
    np.testing.assert_allclose(row, wave, atol=0.05)


def test_the_colour_wheel_runs_clockwise_from_red_at_the_top():
    wheel = built_in("colour-wheel")
    for row, column, colour in (
        (18, 128, (255, 0, 0)),
        (183, 223, (0, 255, 0)),
        (183, 33, (0, 0, 255)),
        (128, 128, (255, 255, 255)),
    ):
        np.testing.assert_allclose(wheel[row, column].astype(int), colour, atol=12)
