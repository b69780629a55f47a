"""Links: what is written is read back, nothing is lost silently, and no link is fatal."""

from __future__ import annotations

import random
import tracemalloc
import zlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz import url
from convviz.display import MODES, Display
from convviz.feature_map import feature_map
from convviz.geometry import BOUNDARIES, Geometry
from convviz.images import BUILT_INS, PLANES, built_in
from convviz.inputs import SIZES, Named, Picture, Typed
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.packing import matrix_text, pack, pixel_text, read_matrix, read_pixels, unpack
from convviz.parameters import PARAMETERS
from convviz.passes import SUBTRACTED
from convviz.scene import CHARTS, TILES, VIEWS, Patch, Scene
from convviz.url import MAX_LINK, decode, encode, link, omitted, read_link

RNG = np.random.default_rng(5)


def opened(query: str) -> dict[str, str]:
    """The parameters a browser sends on for a query string."""
    return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))


def noise(rows: int, columns: int, *, grey: bool = False) -> np.ndarray:
    pixels = RNG.integers(0, 256, (rows, columns, 1 if grey else 3), dtype=np.uint8)
    return np.repeat(pixels, 3, axis=2) if grey else pixels


# Scenes of every kind, with what fits into a link

tokens = st.one_of(
    st.integers(-999, 999).map(str),
    st.floats(-1e6, 1e6, allow_subnormal=False).map(repr),  # times 1/16 some would become 0
    st.sampled_from(
        ["1/9", "-2/3", "1e-3", "+1", "0.5", ".5", "5.", "1e+4", "-0", "1.5/2e2", "007"]
    ),
)


factors = st.sampled_from(["1", "1", "1/16", "-2", "0.1", "1e+2"])


# Hypothesis looks at each new strategy for longer than it draws from it.
@cache
def row_of(cells: int) -> st.SearchStrategy[list[str]]:
    return st.lists(tokens, min_size=cells, max_size=cells)


@st.composite
def matrices(draw, most: int) -> Matrix:
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    flat = draw(row_of(rows * columns))
    cells = tuple(tuple(flat[r * columns : (r + 1) * columns]) for r in range(rows))
    return Matrix(cells, draw(factors))


@st.composite
def small_pictures(draw) -> Picture:
    rows, columns = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    channels = draw(st.sampled_from([1, 3]))
    data = draw(st.binary(min_size=rows * columns * channels, max_size=rows * columns * channels))
    pixels = np.frombuffer(data, np.uint8).reshape(rows, columns, channels)
    return Picture(np.repeat(pixels, 3 // channels, axis=2), draw(st.text(max_size=5)))


inputs = st.one_of(
    st.builds(Named, st.sampled_from([row.id for row in BUILT_INS]), st.integers(0, 2**31 - 1)),
    matrices(6).map(Typed),
    small_pictures(),
)
fours = st.tuples(*[st.tuples(st.integers(0, 32), st.integers(0, 32))] * 2)
geometries = st.builds(
    Geometry.of,
    stride=st.tuples(st.integers(1, 16), st.integers(1, 16)),
    padding=st.sampled_from(["valid", "same", "full", 0, 1, (2, 1)]) | fours,
    dilation=st.tuples(st.integers(1, 8), st.integers(1, 8)),
    boundary=st.sampled_from(BOUNDARIES),
    fill_value=st.floats(-1e9, 1e9),
)
displays = st.builds(
    Display, st.sampled_from(MODES), st.booleans(), st.floats(allow_nan=False, allow_infinity=False)
)
kernels = st.sampled_from([row.matrix for row in KERNELS]) | matrices(5)


parts_of_scenes = st.fixed_dictionaries(
    {
        "kernel": kernels,
        "operation": st.sampled_from(["corr", "conv"]),
        "bias": st.floats(-1e100, 1e100),
        "plane": st.sampled_from(PLANES),
        "size": st.sampled_from([*SIZES, 0]),
        "input": inputs,
        "display": displays,
        "tiles": st.sampled_from(TILES),
        "collected": st.lists(kernels, max_size=2).map(tuple),
        "chart": st.sampled_from(["", *CHARTS]),
        "view": st.sampled_from(["", *VIEWS]),
        "predict": st.booleans(),
    }
)
passed = st.tuples(st.integers(1, 16), st.sampled_from(SUBTRACTED))
places = st.integers(0, 300)
patches = st.builds(Patch, places, places, st.integers(1, 64))
lines = st.tuples(places, places, places, places)


@st.composite
def scenes(draw) -> Scene:
    """A scene whose step, patch and line are where they are used."""
    parts = draw(parts_of_scenes)
    geometry = draw(geometries)
    try:
        scene = Scene(geometry=geometry, **parts)
    except ValueError:  # the kernel does not fit
        scene = Scene(geometry=replace(geometry, padding="full", dilation=(1, 1)), **parts)
    try:
        times, minus = draw(passed)
        scene = replace(scene, times=times, minus=minus)
    except ValueError:  # they do not fit
        pass
    if draw(st.booleans()):
        scene = replace(scene, patch=draw(patches))
        scene = replace(scene, patch=scene.patch_in_use or scene.patch)
    if draw(st.booleans()):
        scene = replace(scene, line=draw(lines))
        scene = replace(scene, line=scene.line_in_use)
    return replace(scene, step=draw(st.integers(1, len(scene.block))))


@given(scenes())
@settings(max_examples=400)
def test_what_is_written_is_read_back(scene: Scene) -> None:
    params = encode(scene)
    found = read_link(params)
    assert (found.scene, found.notes, omitted(scene)) == (scene, (), ())
    assert encode(found.scene) == params
    assert opened(link(scene)) == params
    # It begins with its version and is not too long.
    assert next(iter(params.items()), ("v", "1")) == ("v", "1")
    assert len(link(scene)) <= len(urlencode(params)) <= MAX_LINK


@pytest.mark.parametrize("preset", KERNELS, ids=lambda row: row.id)
def test_every_preset_is_written_by_its_id(preset) -> None:
    scene = Scene(
        input=Named("letter-f"), kernel=preset.matrix, geometry=Geometry.of(padding="full")
    )
    expected = {} if preset.id == "classic" else {"k": preset.id}
    assert encode(scene) == {"v": "1", "in": "letter-f", **expected, "pad": "full"}
    assert decode(encode(scene)) == scene


def test_a_kernel_is_a_preset_only_with_its_cells_and_its_factor() -> None:
    assert encode(Scene(kernel=Matrix.parse("1/16 x [1 2 1; 2 4 2; 1 2 1]"))) == {
        "v": "1",
        "k": "gaussian-3",
    }
    assert encode(Scene(kernel=Matrix.parse("2/32 x [1 2 1; 2 4 2; 1 2 1]"))) == {
        "v": "1",
        "k": "2/32*1,2,1_2,4,2_1,2,1",
    }


# What a link looks like

LOOKS = [
    (Scene(), ""),
    (Scene(step=9), "v=1&step=9"),
    (
        Scene(
            Named("random", 7),
            kernel("sobel-x").matrix,
            Geometry.of(padding=1, boundary="edge", stride=2, dilation=(1, 2)),
            "conv",
            step=3,
        ),
        "v=1&in=random&seed=7&k=sobel-x&op=conv&pad=1&bd=edge&s=2&d=1,2&step=3",
    ),
    (
        Scene(
            Typed(Matrix.parse("1 1 9; 1 1 9; 0.5 -1 1e+3")),
            Matrix.parse("1/9 1/9; 1/9 1/9"),
            bias=-0.5,
        ),
        "v=1&m=1,1,9_1,1,9_0.5,-1,1e%2B3&k=1/9,1/9_1/9,1/9&bias=-0.5",
    ),
    (
        Scene(geometry=Geometry.of(padding=(1, 2), fill_value=1e22), bias=1e-7),
        "v=1&pad=1,2&fill=1e22&bias=1e-07",
    ),
    (Scene(geometry=Geometry.of(padding=((1, 0), (2, 0)))), "v=1&pad=1,0,2,0"),
    (Scene(geometry=Geometry.of(padding=0)), "v=1&pad=0"),
    (
        Scene(Named("scene"), plane="red", size=0, patch=Patch(40, 7, 20)),
        "v=1&in=scene&plane=red&size=full&patch=41,8,20",
    ),
    (Scene(bias=-0.0), ""),
    (
        Scene(tiles="collected", collected=(kernel("sobel-x").matrix, Matrix.parse("1/2 x 1 -1"))),
        "v=1&tiles=collected&kk=sobel-x~1/2*1,-1",
    ),
    (Scene(display=Display("clip", relu=True)), "v=1&show=clip&relu=1"),
    (Scene(display=Display("threshold", threshold=-0.5)), "v=1&show=threshold&thr=-0.5"),
    (Scene(times=2, minus="input"), "v=1&times=2&minus=input"),
    (Scene(minus="gaussian-3"), "v=1&minus=gaussian-3"),
    (Scene(chart="frequencies"), "v=1&chart=frequencies"),
    (Scene(chart="profile", line=(0, 1, 4, 3)), "v=1&chart=profile&line=1,2,5,4"),
    (Scene(step=3, view="lecture"), "v=1&step=3&view=lecture"),
    (Scene(predict=True), "v=1&predict=1"),
]


@pytest.mark.parametrize(("scene", "query"), LOOKS, ids=[query for _, query in LOOKS])
def test_a_link_is_short_and_readable(scene: Scene, query: str) -> None:
    assert link(scene) == query
    assert read_link(opened(query)) == read_link(encode(scene))
    assert decode(opened(query)) == scene


@given(st.sampled_from(["bias", "fill"]), st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_exactly_the_same_float(name: str, value: float) -> None:
    fill = Geometry(fill_value=value if name == "fill" else 0.0)
    try:
        scene = Scene(geometry=fill, bias=value if name == "bias" else 0.0)
    except ValueError:  # too large to add up
        return
    found = decode(encode(scene))
    assert (found.bias, found.geometry.fill_value) == (scene.bias, scene.geometry.fill_value)


def test_a_step_or_patch_out_of_range_is_written_where_it_is_used() -> None:
    assert link(Scene(step=99)) == "v=1&step=9"
    assert link(Scene(Named("tiny"), patch=Patch(99, 0, 5))) == "v=1&in=tiny&patch=28,1,5"


# Long numbers and pictures


def test_a_long_matrix_is_packed() -> None:
    matrix = Matrix(tuple(("1/256",) * 20 for _ in range(20)))
    scene = Scene(Typed(matrix), kernel("box-3").matrix)
    assert encode(scene)["m"].startswith("z.")
    assert len(link(scene)) < 200
    assert (decode(encode(scene)), omitted(scene)) == (scene, ())


def test_of_a_long_collection_what_does_not_fit_is_named() -> None:
    long = [Matrix(tuple(map(tuple, RNG.integers(0, 999, (31, 31)).astype(str)))) for _ in "ab"]
    short = kernel("sobel-x").matrix
    scene = Scene(collected=(short, long[0], Matrix.parse("5 7"), long[1]))
    assert encode(scene)["kk"] == "sobel-x~31x31~5,7~31x31"
    assert omitted(scene) == (
        "Of 4 collected kernels 2 are not in the link: too long for 2000 characters.",
    )
    found = read_link(encode(scene))
    assert found.scene == replace(scene, collected=(short, Matrix.parse("5 7")))
    assert found.notes == ("Of 4 collected kernels 2 are not in the link: they were too long.",)
    assert (omitted(found.scene), decode(encode(found.scene))) == ((), found.scene)


def test_a_long_collection_is_packed() -> None:
    matrices = tuple(Matrix(tuple((f"1/{n}",) * 20 for _ in range(20))) for n in range(2, 8))
    scene = Scene(collected=matrices)
    assert encode(scene)["kk"].count("z.") == 6
    assert (decode(encode(scene)), omitted(scene)) == (scene, ())


def test_only_as_much_is_packed_as_is_needed() -> None:
    long = Matrix(tuple(("1/256",) * 15 for _ in range(15)))
    both = encode(Scene(Typed(Matrix(long.cells, "2")), long))
    assert both["m"].startswith("z.")
    alone = encode(Scene(Named("tiny"), Matrix(long.cells[:9])))
    assert alone["k"].startswith("1/256,1/256")
    assert decode(both).kernel == long


def test_escapes_count_towards_the_length() -> None:
    """Streamlit escapes the commas in the address bar: 40 cells more and the link is packed."""
    cells = (("12345",) * 31,) * 8  # 1487 characters, 1983 with its 248 commas escaped
    scene = Scene(Named("tiny"), Matrix(cells), Geometry.of(padding="full"))
    assert 1400 < len(link(scene)) < 1700 < len(urlencode(encode(scene))) <= MAX_LINK
    assert encode(replace(scene, kernel=Matrix((*cells, cells[0]))))["k"].startswith("z.")


def test_a_small_picture_travels_with_its_colours() -> None:
    scene = Scene(Picture(noise(16, 20), "own.png"), plane="blue")
    found = read_link(encode(scene))
    assert (found.scene, found.notes, omitted(scene)) == (scene, (), ())
    assert (found.scene.input.pixels == scene.input.pixels).all()


def test_a_built_in_like_picture_of_32_x_32_travels_whole() -> None:
    smooth = np.add.outer(np.arange(32), np.arange(32)).astype(np.uint8)
    scene = Scene(Picture(np.stack([smooth, smooth * 2, 255 - smooth], axis=2)))
    assert (decode(encode(scene)), omitted(scene)) == (scene, ())


@pytest.mark.parametrize("plane", PLANES)
def test_a_picture_too_long_with_its_colours_travels_as_its_plane(plane: str) -> None:
    scene = Scene(Picture(noise(32, 32), "own.png"), plane=plane, step=40)
    assert omitted(scene) == (
        "The colours of the picture 'own.png' (32 × 32) are not in the link: only one plane is. "
        "Add it again to see the whole.",
    )
    found = read_link(encode(scene))
    assert found.notes == (
        "The colours of the picture (32 × 32) are not in the link: only one plane is. "
        "Upload it to see the whole.",
    )
    assert (found.scene.image == scene.image).all()
    assert (feature_map(found.scene) == feature_map(scene)).all()
    assert encode(found.scene) == encode(scene)
    assert found.scene == replace(scene, input=found.scene.input)


def test_a_grey_picture_of_32_x_32_is_whole_in_a_link() -> None:
    scene = Scene(Picture(noise(32, 32, grey=True)))
    assert (decode(encode(scene)), omitted(scene)) == (scene, ())


def test_of_a_large_picture_the_patch_travels() -> None:
    # 12 x 12 windows of 3 x 3 without padding: 14 x 14 pixels.
    scene = Scene(Picture(noise(108, 192), "holiday.png"), size=0, patch=Patch(30, 40), step=77)
    assert omitted(scene) == (
        "The picture 'holiday.png' (108 × 192) is not in the link: only the 14 × 14 patch is. "
        "Add it again to see the whole.",
    )
    found = read_link(encode(scene))
    assert found.notes == (
        "The picture (108 × 192) is not in the link: only the 14 × 14 patch is. "
        "Upload it to see the whole.",
    )
    assert isinstance(found.scene.input, Picture)
    assert found.scene.input.cut_from == (108, 192)
    assert (found.scene.image == scene.image[30:44, 40:54]).all()
    assert found.scene.step == 77
    assert encode(found.scene) == encode(scene)
    assert read_link(encode(found.scene)) == found
    # Who opened the link has no name for the picture, but is told the same.
    assert omitted(found.scene) == (omitted(scene)[0].replace(" 'holiday.png'", ""),)


@pytest.mark.parametrize("size", [0, 32, 64])
@pytest.mark.parametrize(
    "patch", [None, Patch(0, 0), Patch(96, 180), Patch(3, 7, 20), Patch(9, 9, 50)]
)
def test_the_patch_shows_the_same_numbers_at_the_same_step(size, patch) -> None:
    """Every window without padding in the link has the numbers of the picture."""
    picture = Picture(noise(108, 192), "photo.png")
    for stride, padding in product([(1, 1), (2, 3), (5, 4)], ["valid", "same", "full", 1]):
        geometry = Geometry.of(stride=stride, padding=padding, dilation=(1, 2), boundary="edge")
        scene = Scene(
            picture, kernel("classic").matrix, geometry, plane="green", size=size, patch=patch
        )
        whole = feature_map(scene)
        for step in {1, len(scene.block) // 2 + 1, len(scene.block)}:
            scene = replace(scene, step=step)
            found = decode(encode(scene))
            here, there = place_of(scene), place_of(found)
            if is_inside(found, there):
                assert feature_map(found)[there] == whole[here], (geometry, step)
            if max(found.shape) < 32:
                assert found.step == step, geometry


def place_of(scene: Scene) -> tuple[int, int]:
    """Output row and column of the scene's step."""
    row, column = divmod(scene.step - 1, len(scene.block.columns))
    return scene.block.rows[row], scene.block.columns[column]


def is_inside(scene: Scene, place: tuple[int, int]) -> bool:
    pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
    extent = scene.geometry.extent(scene.kernel.shape)
    starts = [place[axis] * scene.geometry.stride[axis] - pads[axis][0] for axis in (0, 1)]
    return all(0 <= starts[axis] <= scene.shape[axis] - extent[axis] for axis in (0, 1))


def test_what_the_patch_is_too_small_for_is_named_as_missing() -> None:
    # 14 x 14 pixels of the patch: 3 x 3 fits 6 times (12, 10, 8, 6, 4, 2), not 7 times.
    for times, said in ((6, ""), (7, "What Explore does after one pass is not in the link")):
        scene = Scene(
            Picture(noise(60, 60)), kernel("box-3").matrix, times=times, patch=Patch(20, 30)
        )
        assert ("times" in encode(scene)) == (said == "")
        assert any(text.startswith(said) for text in omitted(scene)[1:]) == (said != "")
        patch, found = scene.patch_in_use, decode(encode(scene))
        assert (found.image == scene.image[patch.row :, patch.column :][:14, :14]).all()


def test_without_padding_the_patch_of_every_stride_has_all_its_numbers() -> None:
    picture = Picture(noise(70, 90))
    for stride in range(1, 8):
        for patch in (Patch(0, 0), Patch(13, 17), Patch(58, 78), Patch(31, 5, 17)):
            geometry = Geometry.of(stride=stride)
            scene = Scene(picture, kernel("sobel-x").matrix, geometry, size=0, patch=patch)
            found = decode(encode(scene))
            rows, columns = scene.block.rows, scene.block.columns
            whole = feature_map(scene)[rows.start : rows.stop, columns.start : columns.stop]
            assert (feature_map(found) == whole).all()


def test_a_picture_whose_kernel_spans_more_than_can_travel_is_named_as_missing() -> None:
    geometry = Geometry.of(dilation=8)
    scene = Scene(Picture(noise(80, 80), "wide.png"), kernel("box-5").matrix, geometry, size=0)
    assert encode(scene) == {"v": "1", "of": "80x80", "k": "box-5", "d": "8", "size": "full"}
    assert omitted(scene) == (
        "The picture 'wide.png' (80 × 80) is not in the link. Add it again to see it.",
    )
    found = read_link(encode(scene))
    assert found.scene.input == Named()
    assert found.notes[0] == (
        "The picture (80 × 80) is not in the link. Upload it to see it. "
        "Until then the classic input is used."
    )


def test_the_name_of_a_picture_is_harmless_and_not_in_the_link() -> None:
    name = "a\n<b>\u202e\x00" + "long" * 50
    scene = Scene(Picture(noise(60, 60), name))
    assert "long" not in link(scene)
    (sentence,) = omitted(scene)
    assert "'a<b>longlong" in sentence
    assert sentence.isprintable()
    assert len(sentence) < 200


def test_what_is_too_long_is_left_out_and_named() -> None:
    matrix = Typed(Matrix.of(RNG.normal(size=(64, 64))))
    scene = Scene(matrix, kernel("box-3").matrix, bias=2, step=70)
    assert encode(scene) == {"v": "1", "m": "64x64", "k": "box-3", "bias": "2"}
    assert omitted(scene) == (
        "The input matrix (64 × 64) is not in the link: it is too long for 2000 characters.",
    )
    found = read_link(encode(scene))
    assert found.scene == Scene(kernel=kernel("box-3").matrix, bias=2)
    assert found.notes == (
        "The link's input matrix '64x64' was too long for the link, so the classic input is used.",
    )


def test_the_input_is_left_out_before_the_kernel_if_that_is_enough() -> None:
    input, weights = Matrix.of(RNG.normal(size=(9, 9))), Matrix.of(RNG.normal(size=(9, 9)))
    params = encode(Scene(Typed(input), weights))
    assert (params["m"], params["k"][:2]) == ("9x9", "z.")
    long = Matrix.of(RNG.normal(size=(31, 31)))
    params = encode(Scene(Typed(input), long, Geometry.of(padding="full"), step=5))
    assert params == {"v": "1", "m": params["m"], "k": "31x31", "pad": "full"}
    assert read_matrix(params["m"], (64, 64)) == input
    params = encode(Scene(Typed(Matrix.of(RNG.normal(size=(64, 64)))), long))
    assert params == {"v": "1", "m": "64x64", "k": "31x31"}


def test_a_text_too_long_to_be_read_back_is_not_packed() -> None:
    matrix = Matrix(tuple(("0.12345",) * 64 for _ in range(64)))  # 32 kB, and packs well
    assert encode(Scene(Typed(matrix)))["m"] == "64x64"


# Links that are out in the world: these lines never change

STORED = [
    ("", Scene()),
    ("step=9", Scene(step=9)),
    (
        "v=1&in=classic&k=sobel-x&op=corr&pad=1&bd=constant&s=1&d=1&step=9",
        Scene(kernel=kernel("sobel-x").matrix, geometry=Geometry.of(padding=1), step=9),
    ),
    (
        "v=1&m=1,1,9_1,1,9&k=1/9,1/9_1/9,1/9",
        Scene(Typed(Matrix((("1", "1", "9"),) * 2)), Matrix((("1/9", "1/9"),) * 2)),
    ),
    (
        "v=1&k=1/16*1,2,1_2,4,2_1,2,1&op=conv",
        Scene(kernel=kernel("gaussian-3").matrix, operation="conv"),
    ),
    ("v=1&m=%E2%88%921,2_3,4&k=5", Scene(Typed(Matrix.parse("-1 2; 3 4")), Matrix.parse("5"))),
    ("v=1&pad=same&s=2,1", Scene(geometry=Geometry.of(padding="same", stride=(2, 1)))),
    ("v=1&pad=full&bd=reflect", Scene(geometry=Geometry.of(padding="full", boundary="reflect"))),
    ("v=1&pad=valid", Scene()),
    ("v=1&pad=1,2&bd=symmetric", Scene(geometry=Geometry.of(padding=(1, 2), boundary="symmetric"))),
    (
        "v=1&pad=1,0,2,0&bd=wrap",
        Scene(geometry=Geometry.of(padding=((1, 0), (2, 0)), boundary="wrap")),
    ),
    ("v=1&pad=2&d=2,3", Scene(geometry=Geometry.of(padding=2, dilation=(2, 3)))),
    (
        "v=1&pad=1&bd=edge&fill=7.5",
        Scene(geometry=Geometry(padding=((1, 1), (1, 1)), boundary="edge", fill_value=7.5)),
    ),
    ("v=1&bias=-1e-3&fill=1e22", Scene(geometry=Geometry(fill_value=1e22), bias=-0.001)),
    ("v=1&bias=1/3", Scene(bias=1 / 3)),
    ("v=1&in=random&seed=2147483647", Scene(Named("random", 2147483647))),
    ("v=1&in=scene&plane=red&size=full", Scene(Named("scene"), plane="red", size=0)),
    ("v=1&in=portrait&plane=green&size=64", Scene(Named("portrait"), plane="green", size=64)),
    (
        "v=1&in=text&plane=blue&patch=3,41,20",
        Scene(Named("text"), plane="blue", patch=Patch(2, 40, 20)),
    ),
    (
        "v=1&m=z.eNoz1DHUsYw3RJAAIDADmA&k=1",
        Scene(Typed(Matrix((("1", "1", "9"),) * 3)), Matrix.parse("1")),
    ),
    (
        "v=1&px=1x3.eNr7z8DA8B-EAQ76Av4&k=1",
        Scene(
            Picture(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)),
            Matrix.parse("1"),
        ),
    ),
    (
        "v=1&px=2x2g.eNpjYPjPAAACAgEA&k=1",
        Scene(
            Picture(np.repeat(np.array([[[0], [0]], [[255], [0]]], np.uint8), 3, axis=2)),
            Matrix.parse("1"),
        ),
    ),
    ("embed=true&embed_options=dark_theme&utm_source=mail&utm_=", Scene()),
    ("v=1&show=absolute&relu=1", Scene(display=Display("absolute", relu=True))),
    ("v=1&show=threshold&thr=9", Scene(display=Display("threshold", threshold=9))),
    (
        "v=1&pad=same&times=16&minus=box-5",
        Scene(geometry=Geometry.of(padding="same"), times=16, minus="box-5"),
    ),
    ("v=1&times=1", Scene()),
    ("v=1&chart=method", Scene(chart="method")),
    ("v=1&line=5,4,1,2", Scene(line=(4, 3, 0, 1))),
    ("v=1&step=4&view=lecture&predict=1", Scene(step=4, view="lecture", predict=True)),
    ("v=1&predict=0", Scene()),
]


@pytest.mark.parametrize(("query", "scene"), STORED, ids=[query for query, _ in STORED])
def test_a_stored_link_shows_the_same_for_ever(query: str, scene: Scene) -> None:
    assert read_link(opened(query)) == read_link({}).__class__(scene)


# Shape of each built-in input, and the CRC-32 of its numbers as bytes (digits, or R, G, B).
STORED_INPUTS = {
    "classic": ((5, 5), 649076506),
    "edge": ((6, 6), 2396041670),
    "uniform": ((5, 5), 2321848637),
    "impulse": ((7, 7), 4145975547),
    "step": ((6, 6), 1264305972),
    "checkerboard": ((8, 8), 1097651215),
    "letter-f": ((8, 7), 2557725850),
    "gradient": ((6, 8), 2925378707),
    "random": ((8, 8), 3537653990),
    "scene": ((320, 480), 62973767),
    "portrait": ((384, 320), 2315490293),
    "text": ((320, 416), 279394190),
    "bricks": ((256, 256), 3295576518),
    "zone-plate": ((256, 256), 458498822),
    "colour-wheel": ((256, 256), 541046460),
    "tiny": ((32, 32), 3644978395),
}
# Shape of each preset, and the CRC-32 of the text that a link would have for its numbers.
STORED_KERNELS = {
    "classic": ((3, 3), 3125768301),
    "identity": ((3, 3), 3989147857),
    "impulse": ((3, 3), 1556713254),
    "box-3": ((3, 3), 728429392),
    "box-5": ((5, 5), 514230268),
    "gaussian-3": ((3, 3), 657178202),
    "gaussian-5": ((5, 5), 154784761),
    "gaussian-31": ((31, 31), 3592890376),
    "motion-blur": ((9, 9), 564970694),
    "sharpen": ((3, 3), 2135454893),
    "unsharp": ((5, 5), 1515446829),
    "edge-8": ((3, 3), 1592248325),
    "outline": ((5, 5), 2221684355),
    "laplacian-4": ((3, 3), 1590490507),
    "laplacian-8": ((3, 3), 2160216110),
    "log-5": ((5, 5), 4068878684),
    "log-9": ((9, 9), 3371755901),
    "sobel-x": ((3, 3), 2455338682),
    "sobel-y": ((3, 3), 4162159922),
    "prewitt-x": ((3, 3), 1799924649),
    "prewitt-y": ((3, 3), 3550187417),
    "scharr-x": ((3, 3), 3183146571),
    "scharr-y": ((3, 3), 2650703855),
    "roberts-1": ((2, 2), 719953189),
    "roberts-2": ((2, 2), 4119785640),
    "emboss": ((3, 3), 1225405631),
    "gabor-vertical": ((9, 9), 2262407324),
    "gabor-diagonal": ((9, 9), 2191249864),
}


def test_every_built_in_input_of_a_stored_link_is_the_same_for_ever() -> None:
    shown = {}
    for row in BUILT_INS:
        found = read_link(opened(f"v=1&in={row.id}&size=full"))
        assert found.notes == ()
        assert found.scene.input == Named(row.id)
        crc = zlib.crc32(built_in(row.id).astype(np.uint8).tobytes())
        shown[row.id] = (found.scene.shape, crc)
    assert {id: shown.get(id) for id in STORED_INPUTS} == STORED_INPUTS
    assert set(shown) == set(STORED_INPUTS), "give the new input a line in STORED_INPUTS"


def test_every_preset_of_a_stored_link_is_the_same_for_ever() -> None:
    shown = {}
    for row in KERNELS:
        found = read_link(opened(f"v=1&k={row.id}&pad=full"))
        assert found.notes == ()
        shown[row.id] = (
            found.scene.kernel.shape,
            zlib.crc32(matrix_text(found.scene.kernel).encode()),
        )
    assert {id: shown.get(id) for id in STORED_KERNELS} == STORED_KERNELS
    assert set(shown) == set(STORED_KERNELS), "give the new preset a line in STORED_KERNELS"


# What cannot be used: the default alone, and one plain sentence

KEPT = "v=1&bias=2"
UNUSABLE = [
    ("in=clasic", "The link's input 'clasic' is unknown, so the classic input is used."),
    ("seed=-1", "The link's seed '-1' is not a whole number, so seed 1 is used."),
    (
        "seed=2147483648",
        "The link's seed '2147483648' is out of range (0 to 2147483647), so seed 1 is used.",
    ),
    (
        "m=1,2_3",
        "The link's input matrix '1,2_3' cannot be used, so the classic input is used: Row 2 has "
        "1 number where row 1 has 2: give every row the same number.",
    ),
    (
        "m=" + ",".join("1" * 65),
        "The link's input matrix '1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,...' cannot be used, so "
        "the classic input is used: It is 1 × 65: at most 64 × 64 fit.",
    ),
    (
        "m=64x64",
        "The link's input matrix '64x64' was too long for the link, so the classic input is used.",
    ),
    (
        "px=40x2.eNpjYPjPAAACAgEA",
        "The link's picture '40x2.eNpjYPjPAAACAgEA' cannot be used, so the classic input is used: "
        "It is 40 × 2: 1 × 1 to 32 × 32 travel.",
    ),
    (
        "px=2x2.eNpjYPjPAAACAgEA",
        "The link's picture '2x2.eNpjYPjPAAACAgEA' cannot be used, so the classic input is used: "
        "It holds 4 bytes where 2 × 2 pixels take 12.",
    ),
    (
        "px=2x2g.eNpjYPjPAAACAg",
        "The link's picture '2x2g.eNpjYPjPAAACAg' cannot be used, so the classic input is used: "
        "The packed text is cut short or too long: copy the whole link.",
    ),
    (
        "px=a.png",
        "The link's picture 'a.png' cannot be used, so the classic input is used: "
        "A picture is written as its shape, a point and its packed pixels.",
    ),
    (
        "of=9",
        "The link's picture's full shape '9' is not rows x columns, "
        "so the pixels count as a whole picture.",
    ),
    (
        "of=30x40",
        "The picture (30 × 40) is not in the link. Upload it to see it. "
        "Until then the classic input is used.",
    ),
    ("k=sobel-q", "The link's kernel 'sobel-q' is unknown, so the classic kernel is used."),
    ("k=Sobel-x", "The link's kernel 'Sobel-x' is unknown, so the classic kernel is used."),
    (
        "k=1,1_1,1/0",
        "The link's kernel '1,1_1,1/0' cannot be used, so the classic kernel is used: "
        "Row 2, column 2: 1/0 divides by zero, so write another denominator.",
    ),
    (
        "k=31x31",
        "The link's kernel '31x31' was too long for the link, so the classic kernel is used.",
    ),
    (
        "k=" + "_".join("1" * 32),
        "The link's kernel '1_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1_1_...' cannot be used, so the "
        "classic kernel is used: It is 32 × 1: at most 31 × 31 fit.",
    ),
    (
        "k=z.eNoz1DHUsYw3RJA",
        "The link's kernel 'z.eNoz1DHUsYw3RJA' cannot be used, so the classic kernel is used: "
        "The packed text is cut short or too long: copy the whole link.",
    ),
    (
        "k=z.AAAA",
        "The link's kernel 'z.AAAA' cannot be used, so the classic kernel is used: "
        "The packed text is damaged: copy the whole link.",
    ),
    (
        "k=z.a!",
        "The link's kernel 'z.a!' cannot be used, so the classic kernel is used: "
        "The packed text holds other characters than A-Z, a-z, 0-9, - and _.",
    ),
    ("op=flip", "The link's operation 'flip' is unknown, so cross-correlation is used."),
    ("pad=sme", "The link's padding 'sme' is unknown, so none is used."),
    ("pad=1,2,3", "The link's padding '1,2,3' is not 1 or 2 or 4 whole numbers, so none is used."),
    ("pad=33", "The link's padding '33' is out of range (0 to 32), so none is used."),
    ("pad=-1", "The link's padding '-1' is not a whole number, so none is used."),
    ("bd=zero", "The link's boundary 'zero' is unknown, so constant is used."),
    ("fill=nan", "The link's fill value 'nan' is not a number, so 0 is used."),
    ("fill=1e400", "The link's fill value '1e400' is not a number, so 0 is used."),
    ("s=0", "The link's stride '0' is out of range (1 to 16), so 1 is used."),
    ("s=2.5", "The link's stride '2.5' is not a whole number, so 1 is used."),
    ("s=1,17", "The link's stride '1,17' is out of range (1 to 16), so 1 is used."),
    ("s=%EF%BC%91", "The link's stride '\uff11' is not a whole number, so 1 is used."),
    ("d=9", "The link's dilation '9' is out of range (1 to 8), so 1 is used."),
    ("d=1,1,1", "The link's dilation '1,1,1' is not 1 or 2 whole numbers, so 1 is used."),
    ("plane=alpha", "The link's plane 'alpha' is unknown, so grey is used."),
    (
        "size=100",
        "The link's size '100' is none of 32, 64, 128, 256, 512, 1024, full, so size 256 is used.",
    ),
    ("patch=1,2", "The link's patch '1,2' is not 3 whole numbers, so the default one is used."),
    (
        "patch=0,1,12",
        "The link's patch '0,1,12' is out of range (1 to 2147483647), so the default one is used.",
    ),
    (
        "patch=1,1,65",
        "The link's patch '1,1,65' cannot be used, so the default one is used: "
        "Patch size 65 is out of range: choose 1 to 64.",
    ),
    (
        "step=0",
        "The link's step '0' is out of range (1 to 2147483647), so the first position is used.",
    ),
    ("step=10", "The link's step '10' is out of range (1 to 9), so the first position is used."),
    ("step=", "The link's step '' is not a whole number, so the first position is used."),
    ("view=cinema", "The link's view 'cinema' is unknown, so the page is shown."),
    ("view=", "The link's view '' is unknown, so the page is shown."),
    ("predict=yes", "The link's predict 'yes' is neither 0 nor 1, so it is off."),
    ("show=loud", "The link's display 'loud' is unknown, so signed is used."),
    ("thr=much", "The link's threshold 'much' is not a number, so 128 is used."),
    ("relu=yes", "The link's ReLU 'yes' is neither 0 nor 1, so it is off."),
    (
        "times=17",
        "The link's number of times '17' is out of range (1 to 16), so one pass is shown.",
    ),
    (
        "times=3",
        "The link does not fit together, so one pass is used: Applied 3 times the kernel does not "
        "fit: applied 2 times it leaves 1 × 1. Apply it at most 2 times (on Explore), "
        'or choose the padding "same".',
    ),
    ("minus=box", "The link's map to subtract 'box' is unknown, so nothing is subtracted."),
    (
        "minus=box-5",
        "The link does not fit together, so no map to subtract is used: Minus Box 5 × 5 needs two "
        'maps of one shape, and these are 3 × 3 and 1 × 1: choose the padding "same", or subtract '
        "nothing (on Explore).",
    ),
    ("tiles=all", "The link's tiles 'all' is unknown, so one map is shown."),
    ("kk=box-3~q", "The link's collection 'box-3~q' is unknown, so it is empty."),
    (
        "kk=1~2~3~4~5~6~7",
        "The link's collection '1~2~3~4~5~6~7' has 7 kernels, more than 6, so it is empty.",
    ),
    ("chart=pie", "The link's chart 'pie' is unknown, so none is shown."),
    ("chart=", "The link's chart '' is unknown, so none is shown."),
    ("line=1,2,3", "The link's line '1,2,3' is not 4 whole numbers, so the middle row is used."),
    (
        "line=0,1,1,1",
        "The link's line '0,1,1,1' is out of range (1 to 2147483647), so the middle row is used.",
    ),
    (
        "line=1,1,6,5",
        "The link's line '1,1,6,5' is outside the input (5 × 5), so the middle row is used.",
    ),
    ("v=0", "The link's version '0' is unknown, so it is read as 1."),
    ("v=one", "The link's version 'one' is unknown, so it is read as 1."),
    ("v=2", "The link's version 2 is newer than 1: not all of it may show."),
    ("kernel=3", "The link has unknown parameters, which are ignored: 'kernel'."),
    (
        "a=1&b=2&c=3&d2=4&e=5&embed=true",
        "The link has unknown parameters, which are ignored: 'a', 'b', 'c' and 2 more.",
    ),
    (
        "k=9,9,9,9,9,9",
        "The link does not fit together, so the classic kernel is used: kernel (1, 6) does not fit "
        "image (5, 5) with padding 0: pad by 1 or more, or use a smaller kernel.",
    ),
]


@pytest.mark.parametrize(("query", "sentence"), UNUSABLE, ids=[query[:30] for query, _ in UNUSABLE])
def test_what_cannot_be_used_has_its_default_alone_and_is_named(query: str, sentence: str) -> None:
    found = read_link(opened(f"bias=2&{query}"))
    assert found.notes == (sentence,)
    assert found.scene == Scene(bias=2)


def test_every_parameter_is_among_the_unusable_ones() -> None:
    assert {row.name for row in PARAMETERS} <= {
        query.partition("=")[0] for query, _ in UNUSABLE
    } | {"bias"}
    assert read_link({"bias": "1,2"}).notes == (
        "The link's bias '1,2' is not a number, so 0 is used.",
    )


def test_a_patch_outside_the_picture_is_named() -> None:
    found = read_link({"in": "tiny", "patch": "30,1,12"})
    assert found.scene == Scene(Named("tiny"))
    assert found.notes == (
        "The link's patch '30,1,12' is outside the picture (32 × 32), so the default one is used.",
    )


FITTING = [
    ("k=box-5&d=2&s=3", Scene(kernel=kernel("box-5").matrix), "the default window settings are"),
    ("k=gaussian-31&pad=1", Scene(geometry=Geometry.of(padding=1)), "the classic kernel is"),
    ("m=1&op=conv", Scene(operation="conv"), "the classic input is"),
    (
        "k=gaussian-31&d=8",
        Scene(),
        "the default window settings and the classic kernel are",
    ),
    (
        "m=1&k=box-3&d=3",
        Scene(kernel=kernel("box-3").matrix),
        "the default window settings and the classic input are",
    ),
    ("m=1e300&k=1e300", Scene(), "the classic kernel and the classic input are"),
    ("k=box-3&times=9", Scene(kernel=kernel("box-3").matrix), "one pass is"),
    ("k=box-3&minus=box-5", Scene(kernel=kernel("box-3").matrix), "no map to subtract is"),
    (
        "k=box-3&times=9&minus=box-5",
        Scene(kernel=kernel("box-3").matrix),
        "no map to subtract and one pass are",
    ),
]


@pytest.mark.parametrize(("query", "scene", "words"), FITTING)
def test_of_what_does_not_fit_together_as_little_as_possible_is_dropped(
    query: str, scene: Scene, words: str
) -> None:
    found = read_link(opened(query))
    (note,) = found.notes
    assert note.startswith(f"The link does not fit together, so {words} used: ")
    assert found.scene == scene


def test_several_inputs_are_named() -> None:
    found = read_link({"in": "scene", "m": "1,2_3,4", "k": "1"})
    assert found.scene.input == Typed(Matrix.parse("1 2; 3 4"))
    assert found.notes == ("The link has m and in, so only m is used.",)
    bad = read_link({"in": "scene", "m": "x", "k": "1"})
    assert bad.scene.input == Named()
    assert len(bad.notes) == 2


def test_a_newer_version_is_read_as_far_as_it_is_understood() -> None:
    found = read_link(opened("v=2&k=sobel-x&depth=3&step=4"))
    assert found.scene == Scene(kernel=kernel("sobel-x").matrix, step=4)
    assert len(found.notes) == 2


# Whatever comes

VALUES = st.one_of(
    st.text(),
    st.text("0123456789,_/*.-+exzg ", max_size=60),
    st.sampled_from(["z.", "z.eNoz", "32x32.", "1x1g.eNpjAAAAAQAB", "64x64", "\ud800", "\x00"]),
    # No zlib stream, no base64, what is out of range, and what is a value but perhaps not here.
    st.sampled_from(["z.AAAA", "z.A", "2x2g.AAAA", "0", "9", "99", "1,1,900,900", "2,2", "full"]),
    st.binary(),
    st.none(),
    st.integers(),
    st.lists(st.text(max_size=3), max_size=3),
    st.floats(),
)
NAMES = st.sampled_from(["v", *(row.name for row in PARAMETERS)])


# 100 times 20 queries: drawing each value anew would take three times as long as reading it.
@given(
    st.lists(NAMES | st.text() | st.integers() | st.none(), min_size=20, max_size=20),
    st.lists(VALUES, min_size=30, max_size=30),
    st.integers(min_value=0),
)
def test_nothing_makes_decode_fail(names: list, values: list, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        params = {chance.choice(names): chance.choice(values) for _ in range(chance.randrange(9))}
        found = read_link(params)
        assert isinstance(found.scene, Scene)
        for note in found.notes:
            assert note.isprintable()
            assert len(note) < 600
        assert decode(encode(found.scene)) == found.scene
    # Of a rubbish link, too, it is the scene that is read; once in 20 is enough to see it.
    assert decode(params) == found.scene


@given(st.dictionaries(NAMES, st.text() | VALUES, min_size=1))
def test_a_fallback_is_never_silent(params: dict) -> None:
    """Where there is no note, the link that would be written holds all that was asked for."""
    found = read_link(params)
    if not found.notes:
        written = encode(found.scene)
        defaults = {row.name: row.text(Scene()) for row in PARAMETERS} | {"v": "1"}
        for name, text in params.items():
            meant = read_link({"in": params.get("in", "classic"), name: text}).scene
            assert name in written or encode(meant).get(name, defaults[name]) == defaults[name]


@pytest.mark.parametrize(
    "params", [None, 3, "k=box-3", b"k", ["k", "v"], object(), {1: 2}, {None: "x"}]
)
def test_what_is_no_link_shows_the_classic_case_with_a_note(params: object) -> None:
    found = read_link(params)  # type: ignore[arg-type]
    assert found.scene == Scene()
    assert len(found.notes) == 1


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_a_value_that_is_not_text_is_named(row) -> None:
    for value in (None, 3, 2.5, ["sobel-x"], b"sobel-x", ("1",), {"a": 1}, object()):
        found = read_link({row.name: value})
        assert found.scene == Scene(), value
        assert found.notes == (f"The link's {row.what} is not text, so {row.instead}.",), value


LONG = ["1" * 500_000, "1," * 250_000, "z." + "A" * 500_000, "((((" * 125_000, "_" * 500_000]


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:6])
def test_half_a_megabyte_is_refused_unread(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    params: Mapping[str, str] = {row.name: text for row in PARAMETERS}
    read: list[str] = []
    monkeypatch.setattr(
        url, "PARAMETERS", tuple(replace(row, read=read.append) for row in PARAMETERS)
    )
    found = read_link(params)
    assert read == []
    assert found.scene == Scene()
    assert sum("characters long, more than 4000" in note for note in found.notes) == len(PARAMETERS)


class Counted(str):
    """A text that counts how often one like it is compared with another."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return super().__eq__(other)

    def __hash__(self) -> int:
        return super().__hash__()


def test_many_parameters_take_no_more_than_a_look_at_each() -> None:
    params = {Counted(f"{name}" * 3): "x" for name in range(3000)}
    Counted.compared = 0
    found = read_link(params)
    # With "v", and with one parameter of its hash at times; each with each would be 4 500 000.
    assert Counted.compared < 10 * len(params)
    assert len(found.notes) == 1
    assert len(found.notes[0]) < 200


def test_a_packed_text_is_never_unpacked_beyond_its_bound() -> None:
    bomb = pack(b"1" * 2_000_000)
    assert len(bomb) < 4000
    with pytest.raises(ValueError, match="more than 20000 bytes"):
        unpack(bomb, 20_000)
    large = pack(b"1" * 20_000_000)
    tracemalloc.start()
    with pytest.raises(ValueError, match="more than 3072 bytes"):
        unpack(large, 3072)
    assert tracemalloc.get_traced_memory()[1] < 500_000
    tracemalloc.stop()
    (note,) = read_link({"k": f"z.{bomb}"}).notes
    assert "more than 20000 bytes" in note
    (note,) = read_link({"px": f"32x32.{bomb}"}).notes
    assert "more than 3072 bytes" in note


@given(st.binary(max_size=3000))
def test_packing_loses_nothing(data: bytes) -> None:
    assert unpack(pack(data), len(data)) == data
    assert unpack(pack(data), len(data) + 5) == data


@given(small_pictures())
def test_pixels_are_read_back(picture: Picture) -> None:
    assert (read_pixels(pixel_text(picture.pixels)) == picture.pixels).all()


@given(matrices(8))
def test_a_matrix_is_read_back_as_it_was_typed(matrix: Matrix) -> None:
    assert read_matrix(matrix_text(matrix), (64, 64)) == matrix


def test_notes_show_foreign_text_short_and_without_control_characters() -> None:
    (note,) = read_link({"k": "a\x00\u202e\n<script>" + "b" * 300}).notes
    assert note == (
        "The link's kernel 'a<script>" + "b" * 31 + "...' cannot be used, so the classic kernel "
        "is used: " + note.rpartition("used: ")[2]
    )
    assert note.isprintable()


# The line of the profile in a link that has only a part of the picture


def test_a_line_in_the_patch_travels_with_it() -> None:
    pixels = np.random.default_rng(6).integers(0, 256, (90, 80, 3)).astype(np.uint8)
    scene = Scene(Picture(pixels), size=0, patch=Patch(40, 30), line=(41, 40, 48, 33))
    there = decode(encode(scene))
    assert there.line is not None
    row, column, last_row, last_column = there.line
    assert there.shape == (14, 14)
    assert there.image[row, column] == scene.image[41, 40]
    assert there.image[last_row, last_column] == scene.image[48, 33]


@pytest.mark.parametrize("line", [(41, 40, 80, 33), (0, 40, 48, 33), (41, 79, 48, 33)])
def test_a_line_that_leaves_the_patch_does_not_travel(line) -> None:
    pixels = np.random.default_rng(6).integers(0, 256, (90, 80, 3)).astype(np.uint8)
    scene = Scene(Picture(pixels), size=0, patch=Patch(40, 30), line=line)
    assert "line" not in encode(scene)


def test_a_line_does_not_travel_without_its_numbers() -> None:
    long = Typed(Matrix.of(np.random.default_rng(2).normal(size=(64, 64))))
    params = encode(Scene(long, line=(9, 9, 60, 3), chart="profile"))
    assert (params["m"], params["chart"], "line" in params) == ("64x64", "profile", False)
