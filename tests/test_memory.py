"""What one visitor's picture takes on Explore: at most 3 times its pixels and 50 MB, at any moment.

NumPy tells tracemalloc of every array, so nothing is timed and nothing depends on the machine.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from convviz.explorer import Whole, lens, overview, part
from convviz.gallery import Gallery
from convviz.geometry import Geometry
from convviz.histogram import histogram
from convviz.inputs import FULL_SIZE, Picture
from convviz.kernels import kernel
from convviz.picture_pair import pictures
from convviz.profile import profile
from convviz.scene import Scene

SHAPE = (1500, 2000, 3)
MB = 10**6
WHOLE = (0, 0, 1500, 2000)
SIX = tuple(
    kernel(id).matrix for id in ("sobel-x", "box-3", "sharpen", "gaussian-5", "emboss", "log-9")
)


def a_visit(show: Callable[[Scene], object], **more: object) -> int:
    """Return the most bytes held at once from the picture on, of which NumPy and Python know."""
    tracemalloc.start()
    try:
        tile = np.random.default_rng(3).integers(0, 256, (150, 200, 3), np.uint8)
        picture = Picture(np.tile(tile, (10, 10, 1)))
        geometry = Geometry.of(padding="same", boundary="reflect")
        show(Scene(**({"input": picture, "geometry": geometry, "size": FULL_SIZE} | more)))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def explored(scene: Scene) -> None:
    whole = Whole.of(scene)
    overview(whole)
    part(whole, WHOLE)
    part(whole, (700, 900, 760, 960))
    lens(whole, 700, 900)
    profile(whole, (0, 0, 1499, 1999))
    histogram(whole.drawn)


def hung(scene: Scene) -> None:
    shown = Gallery.of(scene)
    shown.overview()
    for tile in range(len(shown.tiles)):
        shown.part(WHOLE, tile)
        shown.part((700, 900, 760, 960), tile)
    shown.at(700, 900)


@pytest.mark.parametrize(
    ("show", "more"),
    [
        (explored, {"kernel": kernel("sobel-x").matrix}),
        # A division: float64.
        (explored, {"kernel": kernel("gaussian-31").matrix}),
        (explored, {"kernel": kernel("gaussian-3").matrix, "times": 16}),
        (explored, {"kernel": kernel("sobel-x").matrix, "minus": "gaussian-5"}),
        (explored, {"kernel": kernel("box-3").matrix, "minus": "gaussian-5", "times": 3}),
        (explored, {"kernel": kernel("box-3").matrix, "minus": "input"}),
        (hung, {"tiles": "collected", "collected": SIX}),
        (hung, {"tiles": "sobel"}),
        (hung, {"tiles": "planes", "kernel": kernel("gaussian-5").matrix}),
        (pictures, {"kernel": kernel("gaussian-5").matrix}),
    ],
    ids=[
        "one map", "a float64 map", "16 passes", "minus a preset", "passes minus passes",
        "minus the input", "six maps", "Sobel", "planes", "first page",
    ],
)  # fmt: skip
def test_a_visitor_holds_three_pictures_and_50_mb_at_most(show, more) -> None:
    assert a_visit(show, **more) <= 3 * np.prod(SHAPE) + 50 * MB


def test_a_gallery_keeps_no_map() -> None:
    """Beside the picture, its plane and six small pictures there is nothing."""
    picture = Picture(np.zeros(SHAPE, np.uint8))
    scene = Scene(picture, size=FULL_SIZE, tiles="collected", collected=SIX)
    assert scene.image.shape == SHAPE[:2]
    tracemalloc.start()
    shown = Gallery.of(scene)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(shown.tiles) == 7
    # A single map of float32 has 12 MB.
    assert held < 6 * MB
