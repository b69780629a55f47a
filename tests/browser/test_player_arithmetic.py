"""The only arithmetic in the browser: products, and their sum in order, to the last bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.palette import diverging_table
from convviz.payload import payload
from convviz.scene import Patch, Scene
from convviz.trace import trace

RANDOM = Typed(Matrix.of(np.random.default_rng(5).normal(size=(9, 8))))
SCENES = {
    "classic": Scene(),
    "flipped": Scene(operation="conv"),
    "decimals": Scene(
        RANDOM, Matrix.parse("0.1 -0.7\n1/3 1e-3"), Geometry(padding="same", boundary="wrap")
    ),
    "floats": Scene(
        RANDOM,
        Matrix.of(np.random.default_rng(6).normal(size=(3, 2))),
        Geometry(stride=(2, 1), dilation=(1, 2), padding=((1, 0), (2, 3)), fill_value=0.3),
        "conv",
        bias=0.1,
    ),
    "picture": Scene(Named("portrait"), kernel("gaussian-5").matrix, patch=Patch(3, 200, 14)),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_products_and_sums_equal_the_trace_to_the_last_bit(run, scene):
    sent = json.loads(json.dumps(payload(scene)))
    image = np.array(sent["image"]["values"], float).reshape(
        sent["image"]["rows"], sent["image"]["columns"]
    )
    numerators, divisor = scene.kernel.numerators()
    steps = trace(
        image,
        numerators,
        flip=scene.flip,
        stride=scene.geometry.stride,
        dilation=scene.geometry.dilation,
    )
    assert len(steps) == len(sent["output"]["values"])
    for index in {0, 1, len(steps) // 2, len(steps) - 1}:
        terms = run("terms", sent, index + 1)
        step = steps[index]
        assert [term["product"] for term in terms] == (step.products / divisor).ravel().tolist()
        assert [term["sum"] for term in terms] == (step.partial_sums / divisor).ravel().tolist()
        assert [term["pixel"] for term in terms] == step.window.ravel().tolist()


@pytest.mark.parametrize(
    ("value", "cell", "exact"),
    [
        (0, "0", "0"),
        (-0.0, "0", "0"),
        (-4, "\u22124", "\u22124"),
        (1 / 9, "0.111", "0.1111111111111111"),
        (1020, "1020", "1020"),
        (12345, "1.2e4", "12345"),
        (-0.00012, "\u22121.2e\u22124", "\u22120.00012"),
        (99.96, "100", "99.96"),
    ],
)
def test_numbers_as_people_read_them(run, value, cell, exact):
    assert run("cellText", value) == cell
    assert run("exactText", value) == exact


def test_ink_reads_on_every_fill(run):
    # WCAG 2.2: contrast is (lighter + 0.05) / (darker + 0.05); 4.5:1 for text.
    for share in np.linspace(-1, 1, 81).tolist():
        fill = run("divergingColour", share, 1)
        ink = 0.0 if run("inkOn", fill) == "#000" else 1.0
        channels = np.array(fill) / 255
        curved = ((channels + 0.055) / 1.055) ** 2.4
        linear = np.where(channels <= 0.04045, channels / 12.92, curved)
        light = float(linear @ [0.2126, 0.7152, 0.0722])
        assert (max(ink, light) + 0.05) / (min(ink, light) + 0.05) >= 4.5


def test_colours_are_pythons(run):
    table = diverging_table(11)
    shares = np.linspace(-1, 1, 11)
    assert [run("divergingColour", share, 1) for share in shares.tolist()] == table.tolist()
    assert run("greyColour", 0, 0, 255) == [0, 0, 0]
    assert run("greyColour", 255, 0, 255) == [255, 255, 255]
    assert run("greyColour", 51, 0, 255) == [51, 51, 51]


@pytest.mark.parametrize("boundary", ["edge", "reflect", "symmetric", "wrap"])
def test_padding_says_where_each_number_came_from(run, boundary):
    scene = Scene(geometry=Geometry(padding=((2, 2), (2, 2)), boundary=boundary))
    sent = json.loads(json.dumps(payload(scene)))
    padded = np.pad(np.arange(25).reshape(5, 5), 2, mode=boundary)
    for cell, index in enumerate(padded.ravel().tolist()):
        source = run("origin", sent, cell)["source"]
        assert (source["row"], source["column"]) == divmod(index, 5)
