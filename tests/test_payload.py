"""The player's payload: a golden one, and its numbers against the core for every kind of scene."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from convviz.convolution import convolve2d, correlate2d
from convviz.geometry import BOUNDARIES, Geometry
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.payload import payload, payload_text
from convviz.scene import MAX_POSITIONS, Named, Patch, Scene, Typed

# fmt: off
CLASSIC = {
    "image": {
        "rows": 5, "columns": 5,
        "values": [3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1],
        "rowSources": [0, 1, 2, 3, 4], "columnSources": [0, 1, 2, 3, 4],
        "firstRow": 0, "firstColumn": 0, "wholeRows": 5, "wholeColumns": 5,
        "scale": "grey", "limit": 3.0, "picture": False,
    },
    "kernel": {
        "rows": 3, "columns": 3,
        "texts": ["0", "1", "2", "2", "2", "0", "0", "1", "2"],
        "numerators": [0, 1, 2, 2, 2, 0, 0, 1, 2], "divisor": 1, "factor": "1",
        "limit": 2.0, "flip": False, "taps": [0, 1, 2, 3, 4, 5, 6, 7, 8],
    },
    "geometry": {
        "stride": [1, 1], "dilation": [1, 1],
        "boundary": "constant", "fill": 0.0, "extent": [3, 3],
        "tapRows": [0, 1, 2], "tapColumns": [0, 1, 2],
        "rowStarts": [0, 1, 2], "columnStarts": [0, 1, 2], "unreached": [0, 0],
    },
    # The largest: 3 x 2 where a 3 of the input meets a 2 of the kernel.
    "products": {"limit": 6.0},
    "output": {
        "rows": 3, "columns": 3, "values": [12, 12, 17, 10, 17, 19, 9, 6, 14],
        "firstRow": 0, "firstColumn": 0, "wholeRows": 3, "wholeColumns": 3, "limit": 19.0,
    },
    "bias": 0.0,
    "step": 1,
}
# fmt: on


def test_the_classic_payload_is_this():
    assert payload(Scene()) == CLASSIC


GEOMETRIES = [
    Geometry(),
    Geometry(padding="same"),
    Geometry(padding="full", stride=(2, 3)),
    Geometry(padding=((1, 0), (2, 3)), dilation=(2, 1), fill_value=-1.5),
    *(Geometry(padding=((3, 3), (3, 3)), boundary=name) for name in BOUNDARIES),
]


@pytest.mark.parametrize(
    ("geometry", "operation"), [*product(GEOMETRIES, ("corr", "conv"))], ids=str
)
def test_outputs_are_the_cores(geometry, operation):
    matrix = Matrix.parse("1/16 * [[1, 2, -1], [0.5, 4, 0], [1/3, 2, 7]]")
    image = np.random.default_rng(2).integers(0, 9, (8, 7))
    made = payload(Scene(Typed(Matrix.of(image)), matrix, geometry, operation, bias=0.25))
    operate = correlate2d if operation == "corr" else convolve2d
    expected = operate(
        image,
        matrix.weights,
        stride=geometry.stride,
        padding=geometry.padding,
        dilation=geometry.dilation,
        boundary=geometry.boundary,
        fill_value=geometry.fill_value,
        bias=0.25,
        dtype=np.float64,
    )
    np.testing.assert_allclose(made["output"]["values"], expected.ravel(), rtol=0, atol=1e-12)
    assert made["output"]["limit"] == np.abs(made["output"]["values"]).max()


@pytest.mark.parametrize("row", KERNELS, ids=lambda row: row.id)
def test_every_preset_makes_a_payload(row):
    made = json.loads(payload_text(Scene(Named("portrait"), row.matrix, Geometry(padding="same"))))
    assert len(made["output"]["values"]) == made["output"]["rows"] * made["output"]["columns"]


def test_a_mean_typed_in_ninths_is_exact():
    # Nine sevens and nine weights of 1/9: 7, where a float sum gives 6.999999999999999.
    scene = Scene(Named("uniform"), Matrix.parse("1/9 1/9 1/9\n1/9 1/9 1/9\n1/9 1/9 1/9"))
    assert payload(scene)["output"]["values"] == [7] * 9


def test_colours_of_products_span_the_largest_product():
    scene = Scene(operation="conv", geometry=Geometry(stride=(2, 2), padding="same"))
    image = np.pad(scene.image, 1)
    flipped = scene.kernel.values[::-1, ::-1]
    largest = max(
        abs(image[row + 2 * i, column + 2 * j] * flipped[row, column])
        for row, column, i, j in product(range(3), range(3), range(3), range(3))
    )
    assert payload(scene)["products"]["limit"] == largest


def test_unreached_rows_are_told_only_where_they_are_drawn():
    scene = Scene(Named("tiny"), kernel("sobel-x").matrix, Geometry(stride=(2, 2)))
    # (32 - 3) / 2 + 1 = 15.5: the last row and column are not reached.
    assert payload(scene)["geometry"]["unreached"] == [1, 1]
    assert payload(scene)["image"]["rows"] == 32
    part = Scene(
        Named("portrait"), kernel("sobel-x").matrix, Geometry(stride=(2, 2)), patch=Patch(0, 0, 9)
    )
    assert payload(part)["geometry"]["unreached"] == [0, 0]


def test_payload_sizes_are_bounded():
    small = Typed(Matrix.of(np.random.default_rng(3).normal(size=(12, 12))))
    assert len(payload_text(Scene(small, kernel("gabor-vertical").matrix))) <= 64_000
    widest = Scene(
        Typed(Matrix.of(np.random.default_rng(4).normal(size=(64, 64)))),
        Matrix.of(np.random.default_rng(5).normal(size=(31, 31))),
        Geometry(padding=((32, 32), (32, 32))),
    )
    assert len(widest.block) <= MAX_POSITIONS**2
    assert len(payload_text(widest)) <= 1_500_000
