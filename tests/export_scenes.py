"""Scenes that exports are tried on, and the same numbers from SciPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from convviz.geometry import BOUNDARIES, Geometry
from convviz.inputs import Named, Picture, Typed
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene

RNG = np.random.default_rng(11)
DECIMALS = Typed(Matrix.of(RNG.normal(size=(9, 8))))
SMALL = Picture(RNG.integers(0, 256, (20, 17, 3), dtype=np.uint8))
LARGE = Picture(RNG.integers(0, 256, (40, 50, 3), dtype=np.uint8))
FRACTIONS = Typed(Matrix.parse("1/2 x [1/3 2 3 4; 5 6 7 8; 9 1 2 3; 4 5 6 7; .5 01 +2 -3e-1]"))
SOBEL = kernel("sobel-x").matrix
WIDE = ((5, 6), (7, 4))

SCENES = {
    "classic": Scene(),
    "flipped": Scene(operation="conv"),
    "fractions": Scene(FRACTIONS, Matrix.parse("-1/9 x [1 2 3; 4 05 6]"), bias=-0.25),
    "decimals": Scene(DECIMALS, Matrix.parse("0.1 -0.7; 1/3 1e-3"), bias=1e-3),
    "stride": Scene(DECIMALS, SOBEL, Geometry((2, 3), "same"), "conv"),
    "dilation": Scene(DECIMALS, SOBEL, Geometry((1, 2), "full", (2, 3)), "conv", 2.0),
    "even": Scene(DECIMALS, Matrix.parse("1 2; 3 4"), Geometry(padding="same", fill_value=-0.5)),
    "even full": Scene(
        DECIMALS, Matrix.parse("1 2; 3 1/7"), Geometry(padding="full", boundary="edge"), "conv"
    ),
    "small picture": Scene(SMALL, kernel("gaussian-3").matrix, Geometry(padding="same")),
    "one pixel": Scene(
        Typed(Matrix.parse("7")), SOBEL, Geometry(padding=((2, 1), (1, 3)), boundary="reflect")
    ),
    # More weights than a person works by hand; those of 31 x 31 come with the presets.
    "large picture": Scene(
        LARGE, kernel("log-9").matrix, Geometry(padding="same", boundary="reflect")
    ),
    "photo": Scene(Named("portrait"), SOBEL, patch=Patch(3, 20, 12), size=64),
    **{
        f"{boundary} {name}": Scene(
            DECIMALS, Matrix.parse("1 -2 3; 0 1 1"), Geometry(stride, pad, (1, 1), boundary, 0.3)
        )
        for boundary in BOUNDARIES
        for name, pad, stride in (
            ("four sides", ((1, 0), (2, 3)), (1, 1)),
            ("same", "same", (2, 1)),
            ("wide", ((10, 12), (17, 9)), (3, 2)),
        )
    },
    **{
        f"centred {boundary}": Scene(
            DECIMALS, SOBEL, Geometry(padding="same", boundary=boundary, fill_value=0.3), "conv"
        )
        for boundary in BOUNDARIES
    },
    **{f"preset {row.id}": Scene(SMALL, row.matrix, Geometry(padding="same")) for row in KERNELS},
}


def expected_map(scene: Scene) -> NDArray[np.float64]:
    """Compute the map of one pass with SciPy."""
    geometry = scene.geometry
    used = scene.kernel.weights[::-1, ::-1] if scene.flip else scene.kernel.weights
    spread = np.zeros(geometry.extent(used.shape))
    spread[:: geometry.dilation[0], :: geometry.dilation[1]] = used
    fill = {"constant_values": geometry.fill_value} if geometry.boundary == "constant" else {}
    pads = geometry.pads(scene.shape, used.shape)
    padded = np.pad(scene.image.astype(float), pads, geometry.boundary, **fill)
    every = signal.correlate2d(padded, spread, mode="valid")
    return every[:: geometry.stride[0], :: geometry.stride[1]] + scene.bias
