"""Tables read by independent readers: csv, json and numpy.load."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from convviz.export.tables import PARTS, WRITERS, write_csv, write_json
from convviz.geometry import Geometry
from convviz.inputs import Named, Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from tests.export_scenes import SCENES, expected_map

NAMES = ["classic", "flipped", "fractions", "decimals", "dilation", "even", "wrap wide", "photo"]


def written(form: str, scene: Scene, part: str) -> bytes:
    file = io.BytesIO()
    WRITERS[form](scene, part, file)
    return file.getvalue()


def read(form: str, scene: Scene, part: str) -> np.ndarray:
    data = written(form, scene, part)
    if form == "npy":
        return np.load(io.BytesIO(data), allow_pickle=False)
    if form == "json":
        return np.array(json.loads(data)[part.replace("-", "_")]["values"], float)
    rows = csv.reader(io.StringIO(data.decode("ascii"), newline=""))
    return np.array([[float(text) for text in row] for row in rows])


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("name", NAMES)
def test_input_kernel_and_map_are_read_back(name: str, form: str) -> None:
    scene = SCENES[name]
    image = scene.image.astype(float)
    np.testing.assert_array_equal(read(form, scene, "input"), image)
    np.testing.assert_array_equal(read(form, scene, "kernel"), scene.kernel.weights)
    expected = expected_map(scene)
    given = read(form, scene, "feature-map")
    np.testing.assert_allclose(given, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("name", NAMES)
def test_all_forms_have_the_same_numbers_to_the_last_bit(name: str) -> None:
    for part in ("input", "kernel", "feature-map"):
        csv_, npy, json_ = (read(form, SCENES[name], part) for form in ("csv", "npy", "json"))
        np.testing.assert_array_equal(csv_, npy)
        np.testing.assert_array_equal(json_, npy)


def windows(scene: Scene) -> np.ndarray:
    """Cut out every window of a scene without a patch with NumPy: (positions, kh, kw)."""
    geometry = scene.geometry
    fill = {"constant_values": geometry.fill_value} if geometry.boundary == "constant" else {}
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    padded = np.pad(scene.image, pads, geometry.boundary, **fill)
    extent = geometry.extent(scene.kernel.shape)
    (down, right), (apart, beside) = geometry.stride, geometry.dilation
    every = np.lib.stride_tricks.sliding_window_view(padded, extent)[::down, ::right]
    every = every[:, :, ::apart, ::beside]
    return every.reshape(-1, *every.shape[2:])


@pytest.mark.parametrize("name", ["classic", "flipped", "fractions", "dilation", "even full"])
def test_products_of_all_positions(name: str) -> None:
    scene = SCENES[name]
    kernel = scene.kernel.values[::-1, ::-1] if scene.flip else scene.kernel.values
    expected = windows(scene) * kernel
    sums = expected_map(scene)
    npy = read("npy", scene, "products")
    np.testing.assert_allclose(npy, expected, rtol=1e-15)
    np.testing.assert_array_equal(read("json", scene, "products"), npy)

    rows = csv.reader(io.StringIO(written("csv", scene, "products").decode(), newline=""))
    names, *lines = rows
    assert names[:3] == ["output row", "output column", "product 1 1"]
    assert names[-3:] == ["factor", "bias", "sum"]
    table = np.array(lines, float)
    places = [(row + 1, column + 1) for row, column in np.ndindex(*sums.shape)]
    assert [tuple(place) for place in table[:, :2].tolist()] == places
    np.testing.assert_array_equal(table[:, 2:-3], npy.reshape(len(npy), -1))
    np.testing.assert_allclose(table[:, -1], sums.ravel(), rtol=1e-12, atol=1e-12)
    again = table[:, 2:-3].sum(axis=1) * table[:, -3] + table[:, -2]
    np.testing.assert_allclose(again, table[:, -1], rtol=1e-12, atol=1e-12)


def test_products_of_a_patch_say_where_they_are_in_the_whole_map() -> None:
    scene = SCENES["photo"]
    lines = written("csv", scene, "products").decode().splitlines()[1:]
    found = {tuple(map(int, line.split(",")[:2])): float(line.split(",")[-1]) for line in lines}
    whole = expected_map(scene)
    patch = scene.patch_in_use
    assert len(found) == 144  # a patch of 12 x 12 positions
    assert min(found) == (patch.row + 1, patch.column + 1)
    assert all(value == whole[row - 1, column - 1] for (row, column), value in found.items())


def test_csv_is_what_rfc_4180_says() -> None:
    # The worked sums of the classic case.
    assert written("csv", Scene(), "feature-map") == b"12,12,17\r\n10,17,19\r\n9,6,14\r\n"


def test_the_map_is_the_one_explore_shows() -> None:
    scene = Scene(Typed(Matrix.parse("1 2 4; 8 16 32; 64 128 256")), Matrix.parse("2"), times=3)
    assert read("csv", scene, "feature-map").tolist() == (8 * scene.image).tolist()
    less = replace(scene, times=1, minus="input")
    assert read("npy", less, "feature-map").tolist() == scene.image.tolist()


def test_a_document_explains_itself() -> None:
    geometry = Geometry((2, 1), ((1, 0), (2, 3)), (1, 2), "wrap")
    scene = Scene(kernel=kernel("box-3").matrix, geometry=geometry, operation="conv", bias=0.5)
    file = io.BytesIO()
    write_json(scene, file)
    told = json.loads(file.getvalue())
    assert told["format"] == "convviz"
    assert told["version"] == 1
    assert (told["operation"], told["kernel_used"]) == ("convolution", "turned by 180 degrees")
    assert (told["stride"], told["dilation"]) == ([2, 1], [1, 2])
    assert told["padding"] == {"top": 1, "bottom": 0, "left": 2, "right": 3}
    assert (told["boundary"], told["bias"]) == ("wrap", 0.5)
    assert told["kernel"]["factor"] == "1/9"
    assert told["kernel"]["typed"] == [["1"] * 3] * 3
    for part in PARTS:
        about = told[part.replace("-", "_")]
        assert about["shape"] == list(np.array(about["values"]).shape)
    assert told["products"]["sums"] == np.ravel(told["feature_map"]["values"]).tolist()


def test_fractions_stay_as_typed() -> None:
    file = io.BytesIO()
    write_json(Scene(kernel=Matrix.parse("1/9 0.50; 1e-3 -7")), file, ["kernel"])
    told = json.loads(file.getvalue())
    assert told["kernel"]["typed"] == [["1/9", "0.50"], ["1e-3", "-7"]]
    assert told["kernel"]["values"] == [[1 / 9, 0.5], [0.001, -7]]
    assert "input" not in told


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(ValueError, match="Part 'output' is unknown: choose one of input"):
        write_json(Scene(), io.BytesIO(), ["output"])
    with pytest.raises(ValueError, match="Part 'output' is unknown"):
        write_csv(Scene(), "output", io.BytesIO())


class Nowhere(io.RawIOBase):
    """A file that keeps nothing but how much was written."""

    size = 0

    def write(self, data) -> int:
        self.size += len(data)
        return len(data)


class Watched(Nowhere):
    """Notes the most memory that was taken before the numbers come, and while they do."""

    writes = 0

    def __init__(self) -> None:
        self.peaks: list[int] = []

    def write(self, data) -> int:
        self.writes += 1
        if self.writes == 100:
            self.note()
        return super().write(data)

    def note(self) -> None:
        self.peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.reset_peak()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_large_map_is_written_row_by_row(form: str) -> None:
    pixels = np.zeros((400, 600, 3), np.uint8)
    pixels[::2] = 200
    scene = Scene(Picture(pixels), kernel("box-3").matrix, size=0)
    map_bytes, file = 398 * 598 * 8, Watched()
    # A plane is made once and kept, and so is the memory of each thread that work is done in.
    WRITERS["npy"](scene, "feature-map", Nowhere())
    tracemalloc.start()
    WRITERS[form](scene, "feature-map", file)
    file.note()
    tracemalloc.stop()
    assert file.size > 2 * map_bytes
    computing, writing = file.peaks
    # The map, the block it is computed in (here all of it), and what that needs: 2.2 maps.
    assert computing < 2.9 * map_bytes
    assert writing < 1.5 * map_bytes


def test_the_largest_products_are_written_one_position_at_a_time() -> None:
    scene = Scene(Named("portrait"), kernel("gaussian-31").matrix, patch=Patch(0, 0, 64), size=128)
    file = Nowhere()
    tracemalloc.start()
    WRITERS["npy"](scene, "products", file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert file.size == pytest.approx(64 * 64 * 31 * 31 * 8, abs=200)
    assert peak < file.size / 4
