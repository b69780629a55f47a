"""The gallery against SciPy and plain NumPy: its maps, what is made of them, its colours."""

from __future__ import annotations

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image
from scipy.signal import correlate2d

from convviz.display import Display
from convviz.gallery import Gallery, depends_on, emptiness
from convviz.geometry import Geometry
from convviz.inputs import FULL_SIZE, Picture, Typed
from convviz.kernels import GROUPS, KERNELS, kernel
from convviz.matrices import Matrix
from convviz.palette import cyclic_table
from convviz.scene import TILES, Scene
from convviz.screen import SCREEN

PHOTO = Picture(np.random.default_rng(5).integers(0, 256, (60, 90, 3), np.uint8))
GREY = np.rint(PHOTO.pixels @ [0.299, 0.587, 0.114])
SAME = Geometry(padding="same")
WHOLE = (-99, -99, 999, 999)


def gallery(scene: Scene) -> Gallery:
    return Gallery.of(scene)


def photo(tiles: str, **more: object) -> Gallery:
    return gallery(Scene(PHOTO, size=FULL_SIZE, tiles=tiles, **more))


def decoded(url: str) -> np.ndarray:
    data = base64.b64decode(url.partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def seen(shown: Gallery, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers and the colours a tile has, over a part small enough to have them."""
    number = [tile.name for tile in shown.tiles].index(name)
    piece = shown.part((0, 0, 40, 60), number)["piece"]
    return np.reshape(piece["values"], piece["shape"]), decoded(piece["url"])


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_the_input_and_the_map_of_each_of_its_presets(group: str) -> None:
    scene = Scene(PHOTO, geometry=SAME, size=FULL_SIZE, tiles=group)
    shown = gallery(scene)
    presets = [row for row in KERNELS if row.group.lower() == group]
    assert len(shown.tiles) == 1 + len(presets)
    assert (shown.tiles[0].name, shown.tiles[0].source) == ("Input", None)
    for tile, row in zip(shown.tiles[1:], presets, strict=True):
        expected = correlate2d(GREY, row.weights, "same")
        if min(row.shape) % 2 == 0:  # SciPy's middle of an even window is the other one
            expected = correlate2d(np.pad(GREY, ((0, 1), (0, 1))), row.weights, "valid")
        low, high = tile.caption()["limits"]
        assert np.allclose([low, high], [expected.min(), expected.max()])
        for at in [(0, 0), (30, 40), (59, 89)]:
            found = shown.at(*at)["tiles"][shown.tiles.index(tile)]
            assert found["cell"] == list(at)
            assert np.isclose(found["values"][0], expected[at], atol=1e-9)


def test_every_choice_but_one_map_has_tiles_that_a_browser_can_be_told() -> None:
    for tiles in TILES[1:]:
        shown = photo(tiles, collected=(Matrix.parse("1 2"),))
        told = json.loads(json.dumps(shown.overview(), allow_nan=False))
        assert len(told["tiles"]) == len(shown.tiles) >= 2
        for number in range(len(shown.tiles)):
            json.dumps(shown.part((0, 0, 9, 9), number), allow_nan=False)


def test_presets_that_do_not_fit_are_named_with_why() -> None:
    scene = Scene(Typed(Matrix.parse("1 2 3\n4 5 6\n7 8 9\n")), tiles="blur")
    told = gallery(scene).overview()
    assert [tile["name"] for tile in told["tiles"]] == ["Input", "Box 3 × 3", "Gaussian 3 × 3"]
    assert [one["name"] for one in told["missing"]] == [
        "Box 5 × 5", "Gaussian 5 × 5", "Gaussian 31 × 31", "Motion blur",
    ]  # fmt: skip
    assert "kernel (5, 5) does not fit image (3, 3)" in told["missing"][0]["why"]
    # The mean of 1 to 9 is 5; 1/16 of (1 3 7 9) + 2 (2 4 6 8) + 4 x 5 is 5 too.
    assert [tile["limits"] for tile in told["tiles"]] == [[1, 9], [5, 5], [5, 5]]


def test_an_input_with_negative_numbers_keeps_them_and_their_colours() -> None:
    shown = gallery(Scene(Typed(Matrix.parse("-4 0 4")), Matrix.parse("1"), tiles="start"))
    values, colours = seen(shown, "Input")
    assert values.tolist() == [[-4, 0, 4]]
    # The ends and the middle of the diverging scale.
    assert colours[0].tolist() == [[0x7F, 0x3B, 0x08], [0xF7, 0xF7, 0xF7], [0x05, 0x30, 0x61]]


def sobel() -> tuple[np.ndarray, np.ndarray]:
    across = correlate2d(GREY, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "valid")
    down = correlate2d(GREY, [[-1, -2, -1], [0, 0, 0], [1, 2, 1]], "valid")
    return across, down


def test_sobels_magnitude_and_direction_are_numpys() -> None:
    shown = photo("sobel", display=Display("rescale"))
    assert [tile.name for tile in shown.tiles] == [
        "Input", "Sobel x", "Sobel y", "Magnitude", "Direction",
    ]  # fmt: skip
    across, down = sobel()
    magnitude, direction = np.hypot(across, down), np.degrees(np.arctan2(down, across))
    for name, expected in [("Sobel x", across), ("Sobel y", down), ("Magnitude", magnitude)]:
        values, _ = seen(shown, name)
        assert (values == expected[: values.shape[0], : values.shape[1]]).all()
    assert shown.tiles[3].caption()["limits"] == [magnitude.min(), magnitude.max()]
    values, colours = seen(shown, "Direction")
    rows, columns = values.shape
    assert (values == direction[:rows, :columns]).all()
    weak = (magnitude <= 0.1 * magnitude.max())[:rows, :columns]
    assert 0 < weak.sum() < weak.size
    assert ((colours == (0x8C, 0x8C, 0x8C)).all(axis=2) == weak).all()


@pytest.mark.parametrize(
    ("weights", "degrees", "colour"),
    [
        # A slope that rises by 1 a pixel: to the right, down, left, up. The stops of the scale.
        ("0 1 2 3", 0, "#FFF1A8"),
        ("0 0 0 0\n1 1 1 1\n2 2 2 2", 90, "#3B7DD8"),
        ("3 2 1 0", 180, "#2A1045"),
        ("2 2 2 2\n1 1 1 1\n0 0 0 0", -90, "#D9541E"),
    ],
)
def test_the_four_directions_have_their_colours(weights: str, degrees: int, colour: str) -> None:
    rows = weights.splitlines() * (3 if "\n" not in weights else 1)
    shown = gallery(Scene(Typed(Matrix.parse("\n".join(rows))), tiles="sobel"))
    values, colours = seen(shown, "Direction")
    assert values[0, 0] == degrees
    expected = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    # The nearest of 255 steps.
    assert np.abs(colours[0, 0].astype(int) - expected).max() <= 3


def test_where_there_is_no_gradient_there_is_no_direction() -> None:
    shown = gallery(Scene(Typed(Matrix.parse("7 7 7 7\n7 7 7 7\n7 7 7 7")), tiles="sobel"))
    assert shown.at(1, 1)["tiles"][4] == {"cell": [0, 0], "values": [None]}
    assert (decoded(shown.overview()["tiles"][4]["url"]) == 0x8C).all()


def test_the_circle_of_directions_closes_without_a_jump() -> None:
    table = cyclic_table(255)[:-1].astype(int)
    assert len(table) == 255
    steps = np.abs(np.diff(np.vstack([table, table[:1]]), axis=0)).max()
    assert steps <= 8
    opposite = table @ [0.299, 0.587, 0.114]
    assert opposite[0] - opposite[127] > 150  # right is light, left is dark


MODES = [Display("clip"), Display("absolute"), Display("rescale"), Display("signed"),
         Display("threshold", threshold=40), Display("clip", relu=True)]  # fmt: skip


@pytest.mark.parametrize("display", MODES, ids=str)
def test_the_recombined_picture_is_each_plane_through_the_display(display: Display) -> None:
    matrix = kernel("sharpen").matrix
    shown = photo("planes", kernel=matrix, display=display, geometry=SAME)
    planes = PHOTO.pixels.astype(float).transpose(2, 0, 1)
    maps = np.stack([correlate2d(plane, matrix.values, "same") for plane in planes], axis=2)
    limit = np.abs(maps).max()
    expected = {
        "clip": np.clip(maps, 0, 255),
        "absolute": np.abs(maps) * 255 / limit,
        "rescale": (maps - maps.min()) * 255 / (maps.max() - maps.min()),
        "signed": (maps + limit) * 255 / (2 * limit),
        "threshold": np.where(maps >= 40, 255, 0),
    }[display.mode]
    for at in [(0, 0), (11, 50), (59, 89)]:
        assert np.abs(shown.at(*at)["tiles"][3]["values"] - expected[at]).max() <= 0.5
        found = [shown.at(*at)["tiles"][plane]["values"][0] for plane in range(3)]
        assert found == maps[at].tolist()
    piece = shown.part((0, 0, 60, 90), 3)["piece"]
    assert (np.abs(decoded(piece["url"]) - expected) <= 0.5001).all()
    assert piece["values"] is None


def test_the_three_planes_have_one_scale_and_the_share_cut_off_is_said() -> None:
    matrix = kernel("sharpen").matrix
    shown = photo("planes", kernel=matrix, display=Display("clip"), geometry=SAME)
    planes = PHOTO.pixels.astype(float).transpose(2, 0, 1)
    maps = np.stack([correlate2d(plane, matrix.values, "same") for plane in planes])
    below, above = (100 * np.mean(which) for which in (maps < 0, maps > 255))
    told = shown.overview()
    assert told["about"].endswith(
        f"{below + above:.0f}\u00a0% of values are cut off: "
        f"{below:.0f}\u00a0% below 0, {above:.0f}\u00a0% above 255."
    )
    assert told["shared"] == {"low": 0, "high": 255, "diverging": False}
    signed = photo("planes", kernel=matrix, geometry=SAME).overview()
    limit = np.abs(maps).max()
    assert signed["shared"] == {"low": -limit, "high": limit, "diverging": True}
    assert [tile["scale"]["high"] for tile in signed["tiles"][:3]] == [limit] * 3
    assert signed["about"].endswith("0\u00a0% of values are cut off.")


def test_a_picture_without_colours_and_an_empty_collection_say_so() -> None:
    grey = Picture(np.repeat(PHOTO.pixels[..., :1], 3, axis=2))
    assert emptiness(Scene(grey, tiles="planes")).startswith("This input has no colours")
    assert emptiness(Scene(tiles="planes")).startswith("This input has no colours")
    # One pixel off the grid of those that are looked at first.
    pixels = grey.pixels.copy()
    pixels[33, 41, 2] ^= 1
    assert emptiness(Scene(Picture(pixels), tiles="planes")) == ""
    assert emptiness(Scene(tiles="collected")).startswith("The collection is empty")
    assert emptiness(Scene(tiles="collected", collected=(Matrix.parse("1"),))) == ""


def test_tiles_of_different_sizes_lie_on_one_plane() -> None:
    kernels = (kernel("box-5").matrix, Matrix.parse("1 0; 0 2"))
    shown = photo("collected", collected=kernels, geometry=Geometry.of(stride=2))
    names = ["Input", "Box 5 × 5", "Own 2 × 2, number 2"]
    assert [tile.name for tile in shown.tiles] == names
    # Row 5, column 8 of the input: the 5 x 5 window round it begins at 3, 6; with stride 2 the
    # nearest windows begin at 4, 6. A 2 x 2 window has its middle in its own first pixel.
    there = shown.at(5, 8)["tiles"]
    assert there[0] == {"cell": [5, 8], "values": [GREY[5, 8]]}
    assert there[1]["cell"] == [2, 3]
    assert np.isclose(there[1]["values"][0], GREY[4:9, 6:11].mean())
    assert there[2] == {"cell": [3, 4], "values": [GREY[6, 8] + 2 * GREY[7, 9]]}
    assert shown.at(0, 0)["tiles"][1] is None
    assert shown.part((0, 0, 1, 1), 1)["piece"] is None


def test_large_tiles_are_sent_small() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (700, 1000, 3), np.uint8)
    scene = Scene(Picture(pixels), size=FULL_SIZE, tiles="sobel")
    shown = gallery(scene)
    for tile in shown.overview()["tiles"]:
        assert max(decoded(tile["url"]).shape) <= SCREEN
    assert decoded(shown.tiles[4].whole_url(100)).shape == (70, 100, 3)
    assert shown.tiles[4].shape == (698, 998)
    piece = shown.part(WHOLE, 3)["piece"]
    assert (piece["values"], max(decoded(piece["url"]).shape)) == (None, SCREEN)


def test_what_a_gallery_depends_on() -> None:
    one = Scene(PHOTO, tiles="edges")
    other = Scene(PHOTO, tiles="edges", kernel=kernel("box-3").matrix, step=2)
    assert depends_on(one) == depends_on(other)
    for change in [{"bias": 1.0}, {"display": Display("clip")}, {"tiles": "blur"}]:
        assert depends_on(Scene(PHOTO, **({"tiles": "edges"} | change))) != depends_on(one)
    planes = [Scene(PHOTO, tiles="planes", kernel=kernel(id).matrix) for id in ("box-3", "box-5")]
    assert depends_on(planes[0]) != depends_on(planes[1])
