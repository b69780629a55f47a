"""The player's payload: a golden one, and its numbers against the core for every kind of scene."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from convviz.convolution import convolve2d, correlate2d
from convviz.geometry import BOUNDARIES, Geometry
from convviz.inputs import Named, Picture, Typed
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.payload import numbers, payload, payload_text
from convviz.scene import MAX_POSITIONS, Patch, Scene

# fmt: off
CLASSIC = {
    "image": {
        "rows": 5, "columns": 5,
        "values": [3, 3, 2, 1, 0, 0, 0, 1, 3, 1, 3, 1, 2, 2, 3, 2, 0, 0, 2, 2, 2, 0, 0, 0, 1],
        "fractions": {},
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
    "view": "",
    "predict": False,
}
# fmt: on


def test_the_classic_payload_is_this():
    assert payload(Scene()) == CLASSIC


DARK = Picture(np.full((8, 9, 3), 40, np.uint8))
INPUT_COLOURS = [
    # Grey up to the largest number typed; signed up to the largest magnitude, whichever its sign.
    (Typed(Matrix.parse("0 1 2; 3 4 2.5; 0 0 1")), "grey", 4),
    (Typed(Matrix.parse("0 1 2; 3 -9 2; 0 0 1")), "diverging", 9),
    (Typed(Matrix.parse("0 1 12; 3 -9 2; 0 0 1")), "diverging", 12),
    (Typed(Matrix.parse("-3 -1 -2; -3 -4 -2; -1 -2 -1")), "diverging", 4),
    # A dark picture stays dark: its 40s are 40 of 255.
    (DARK, "grey", 255),
]


@pytest.mark.parametrize(("given", "scale", "limit"), INPUT_COLOURS)
def test_the_colours_of_the_input_span_its_largest_number(given, scale: str, limit: float):
    made = payload(Scene(given))["image"]
    assert (made["scale"], made["limit"]) == (scale, limit)
    assert made["picture"] == isinstance(given, Picture)


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


WIDE = Picture(np.random.default_rng(7).integers(0, 256, (40, 53, 3), dtype=np.uint8))
PARTS = [
    Scene(
        Typed(Matrix.of(np.arange(56.0).reshape(7, 8))),
        Matrix.parse("1/3 -2; 5 1/4; 0 7"),
        geometry,
    )
    for geometry in GEOMETRIES
]
PARTS += [
    Scene(WIDE, Matrix.parse("1/2 x 1 2 3; 4 5 -6"), geometry, "conv", 1.5, patch=Patch(*place, 9))
    for geometry in GEOMETRIES
    for place in ((0, 0), (20, 30), (40, 53))
]


def terms_as_the_player_reads_them(made: dict, row: int, column: int) -> list[tuple[int, int]]:
    """The drawn cell and the cell of the kernel of each term of one position."""
    window, kernel_told = made["geometry"], made["kernel"]
    places = product(window["tapRows"], window["tapColumns"])
    return [
        (
            (window["rowStarts"][row] + down) * made["image"]["columns"]
            + window["columnStarts"][column]
            + across,
            tap,
        )
        for tap, (down, across) in zip(kernel_told["taps"], places, strict=True)
    ]


@pytest.mark.parametrize("scene", PARTS, ids=lambda scene: f"{scene.geometry} {scene.patch}")
def test_the_player_finds_every_term_of_every_output(scene):
    """What is told, put together by a plain loop, is the output that is told."""
    made = payload(scene)
    image, output = made["image"], made["output"]
    for drawn in (image, output):
        assert drawn["rows"] * drawn["columns"] == len(drawn["values"])
    assert (image["rows"], image["columns"]) == (
        len(image["rowSources"]),
        len(image["columnSources"]),
    )
    assert (image["wholeRows"], image["wholeColumns"]) == scene.shape
    assert (output["wholeRows"], output["wholeColumns"]) == scene.output_shape
    assert (output["firstRow"], output["firstColumn"]) == (
        scene.block.rows.start,
        scene.block.columns.start,
    )
    assert made["kernel"]["flip"] == scene.flip
    largest = 0.0
    for number, told in enumerate(output["values"]):
        total = 0.0
        for cell, tap in terms_as_the_player_reads_them(made, *divmod(number, output["columns"])):
            term = image["values"][cell] * made["kernel"]["numerators"][tap]
            total += term
            largest = max(largest, abs(term))
        shown = total / made["kernel"]["divisor"] * float(scene.kernel.scale) + scene.bias
        assert told == pytest.approx(shown, abs=1e-9)
    assert made["products"]["limit"] == pytest.approx(largest / made["kernel"]["divisor"])


@pytest.mark.parametrize("scene", PARTS, ids=lambda scene: f"{scene.geometry} {scene.patch}")
def test_every_number_drawn_comes_from_where_the_player_says(scene):
    image = payload(scene)["image"]
    for at, value in enumerate(image["values"]):
        row, column = divmod(at, image["columns"])
        source = image["rowSources"][row], image["columnSources"][column]
        inside = image["firstRow"] + row, image["firstColumn"] + column
        if 0 <= inside[0] < scene.shape[0] and 0 <= inside[1] < scene.shape[1]:
            assert source == inside
        assert value == (scene.geometry.fill_value if -1 in source else scene.image[source])


def test_whole_numbers_are_written_without_a_point_where_they_are_exact():
    # Above 2**53 a float64 no longer holds every whole number, so it is written as a float.
    values = np.array([[2.0, -0.5], [2.0**53 - 1, 2.0**53]])
    assert json.dumps(numbers(values)) == "[2, -0.5, 9007199254740991, 9007199254740992.0]"


def test_a_kernel_that_is_used_as_typed_meets_the_window_in_order():
    assert payload(Scene())["kernel"]["taps"] == [*range(9)]
    assert payload(Scene(operation="conv"))["kernel"]["taps"] == [8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_what_no_weight_meets_has_no_part_in_the_colours_of_the_products():
    # 7 columns, stride 3: windows at 0 and 3, the 900 in the last column is not reached. The 50
    # lies only under the first weight, 1, and the 8 only under the second, 9: 8 x 9 = 72.
    scene = Scene(
        Typed(Matrix.parse("50 8 0 50 8 0 900")), Matrix.parse("1 9"), Geometry(stride=(1, 3))
    )
    assert payload(scene)["products"]["limit"] == 72
    # 1 row and 2 columns not reached: (4 - 1) % 2 = 1 and (6 - 1) % 3 = 2.
    uneven = Scene(Typed(Matrix.of(np.ones((4, 6)))), Matrix.parse("1"), Geometry(stride=(2, 3)))
    assert payload(uneven)["geometry"]["unreached"] == [1, 2]


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


WRAPPED = Geometry.of(padding=1, boundary="wrap")


def test_a_fraction_in_the_input_keeps_its_text_wherever_it_is_copied_to() -> None:
    typed = Typed(Matrix.parse("1/9 -2/9; 0.5 1"))
    shown = payload(Scene(input=typed, kernel=Matrix.parse("1"), geometry=WRAPPED))["image"]
    # 4 x 4 with one cell wrapped round each side: the corner (0, 0) is also at (3, 3), and so on.
    assert shown["fractions"][5] == shown["fractions"][15] == "1/9"
    assert shown["fractions"][4] == shown["fractions"][6] == "-2/9"
    assert set(shown["fractions"].values()) == {"1/9", "-2/9"}
    zero = replace(WRAPPED, boundary="constant")
    padded = payload(Scene(input=typed, kernel=Matrix.parse("1"), geometry=zero))["image"]
    assert padded["fractions"] == {5: "1/9", 6: "-2/9"}
    # With a factor in front, the text in the cell is not the number.
    halved = Typed(Matrix.parse("1/2 x [1/9 2/9; 1 1]"))
    assert payload(Scene(input=halved, kernel=Matrix.parse("1")))["image"]["fractions"] == {}
