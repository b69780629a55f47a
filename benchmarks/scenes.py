"""What is measured on: the same scenes in the app, in the rerun demo and without a browser."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from convviz.url import link

PHOTO_SHAPE = (1080, 1920)


def twelve() -> Scene:
    """12 x 12 digits and a 3 x 3 kernel, same size: 144 positions."""
    rows, columns = np.indices((12, 12))
    digits = (3 * rows + 5 * columns + rows * columns) % 10
    return Scene(Typed(Matrix.of(digits)), kernel("sobel-x").matrix, Geometry(padding="same"))


def small_picture() -> Scene:
    """A picture of 32 x 32, same size: 1024 positions in SVG."""
    return Scene(Named("tiny"), kernel("gaussian-3").matrix, Geometry(padding="same"))


def large_patch() -> Scene:
    """64 x 64 of a picture, away from its rim, same size: 4096 positions on a canvas."""
    geometry = Geometry(padding="same")
    patch = Patch(0, 0, 64)
    return Scene(Named("scene"), kernel("gaussian-3").matrix, geometry, patch=patch)


def address(scene: Scene) -> str:
    """Write a scene's query so that nothing plays by itself, not even for the default."""
    return f"?{link(scene) or 'v=1'}"


def photo() -> bytes:
    """Draw a JPEG of 1920 x 1080 with the statistics of a photo: soft shapes, edges, grain."""
    random = np.random.default_rng(7)
    rows, columns = PHOTO_SHAPE
    pixels = np.zeros((rows, columns, 3))
    for size in (4, 9, 20, 60, 180):
        coarse = random.normal(size=(size, size * 2, 3)) * 90 / size**0.5
        pixels += _enlarged(coarse)
    down, across = np.indices(PHOTO_SHAPE)
    for _ in range(12):
        row, column, radius = random.integers((0, 0, 40), (rows, columns, 260))
        inside = (down - row) ** 2 + (across - column) ** 2 < radius**2
        pixels[inside] = pixels[inside] * 0.5 + random.uniform(-90, 90, 3)
    pixels += random.normal(scale=3, size=pixels.shape) + 128
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels, 1, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def _enlarged(coarse: np.ndarray) -> np.ndarray:
    size = PHOTO_SHAPE[::-1]
    planes = [
        Image.fromarray(plane.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
        for plane in np.moveaxis(coarse, 2, 0)
    ]
    return np.stack([np.asarray(plane) for plane in planes], axis=2)
