"""Scene: what it accepts, and which part of a picture is stepped through."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry import Geometry
from convviz.images import BUILT_INS, built_in, plane, resize
from convviz.inputs import FULL_SIZE, Named, Picture, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import MAX_POSITIONS, PATCH, Patch, Scene


def picture(rows: int, columns: int, seed: int = 0) -> Picture:
    pixels = np.random.default_rng(seed).integers(0, 256, (rows, columns, 3), dtype=np.uint8)
    return Picture(pixels, "photo.png")


# The default


def test_the_default_is_the_classic_case() -> None:
    scene = Scene()
    assert scene.image.tolist() == [
        [3, 3, 2, 1, 0],
        [0, 0, 1, 3, 1],
        [3, 1, 2, 2, 3],
        [2, 0, 0, 2, 2],
        [2, 0, 0, 0, 1],
    ]
    assert scene.kernel.weights.tolist() == [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    assert (scene.output_shape, scene.step, scene.flip, scene.is_picture) == (
        (3, 3),
        1,
        False,
        False,
    )
    assert (scene.picture_shape, scene.patch_in_use, len(scene.block)) == (None, None, 9)


def test_a_scene_is_frozen_and_compares_by_value() -> None:
    assert Scene() == Scene(kernel=kernel("classic").matrix)
    assert Scene() != replace(Scene(), step=2)
    assert hash(Scene()) == hash(Scene())
    with pytest.raises(FrozenInstanceError):
        Scene().step = 2  # type: ignore[misc]


def test_convolution_flips() -> None:
    assert Scene(operation="conv").flip


# What is refused, with the sentence that says what would do

REFUSED = [
    (lambda: Named("clasic"), "Input 'clasic' is not built in: choose one of classic, "),
    (lambda: Named(seed=-1), "Seed -1 is out of range: choose 0 to 2147483647."),
    (lambda: Named(seed=2**31), "Seed 2147483648 is out of range"),
    (lambda: Patch(-1, 0), "Patch row -1, column 0 is outside the picture."),
    (lambda: Patch(0, -1), "Patch row 0, column -1 is outside the picture."),
    (lambda: Patch(0, 0, 0), "Patch size 0 is out of range: choose 1 to 64."),
    (lambda: Patch(0, 0, 65), "Patch size 65 is out of range: choose 1 to 64."),
    (lambda: Scene(operation="flip"), "Operation 'flip' is unknown: choose one of corr, conv."),
    (lambda: Scene(plane="alpha"), "Plane 'alpha' is unknown: choose one of grey, red, green, "),
    (
        lambda: Scene(chart="pie"),
        "Chart 'pie' is unknown: choose one of kernel, frequencies, histogram, profile, method.",
    ),
    (lambda: Scene(size=100), "Size 100 is unknown: choose one of 32, 64, "),
    (lambda: Scene(bias=float("nan")), "Bias and fill value must be finite numbers."),
    (lambda: Scene(geometry=Geometry(fill_value=float("inf"))), "Bias and fill value must be "),
    (lambda: Scene(tiles="all"), "Tiles 'all' is unknown: choose one of planes, start, blur, "),
    (
        lambda: Scene(collected=(Matrix.parse("1"),) * 7),
        "7 kernels are collected: keep at most 6.",
    ),
    (
        lambda: Scene(collected=(Matrix.of(np.ones((32, 3))),)),
        "The kernel is 32 × 3: use at most 31 × 31.",
    ),
    (lambda: Scene(view="cinema"), "View 'cinema' is unknown: choose one of lecture."),
    (lambda: Scene(step=0), "Step 0 is out of range: positions are counted from 1."),
    (lambda: Scene(geometry=Geometry.of(stride=(1, 17))), "Stride 17 is too large: choose at "),
    (lambda: Scene(geometry=Geometry.of(dilation=9)), "Dilation 9 is too large: choose at most 8."),
    (
        lambda: Scene(geometry=Geometry.of(padding=((0, 0), (0, 33)))),
        "Padding 33 is too wide: choose at most 32.",
    ),
    (
        lambda: Scene(Typed(Matrix.parse("1e300 1")), Matrix.parse("1 1")),
        "Sums may reach 2e+300: use smaller numbers, for sums up to 1e+280.",
    ),
    (lambda: Scene(kernel=Matrix.parse("1e200 x [1e100]")), "Sums may reach 3e+300: "),
    (lambda: Scene(bias=-1e300), "Sums may reach 1e+300: "),
    (lambda: Scene(geometry=Geometry(fill_value=-1e290)), "Sums may reach "),
    (
        lambda: Scene(kernel=Matrix.of(np.ones((32, 3)))),
        "The kernel is 32 × 3: use at most 31 × 31.",
    ),
    (
        lambda: Scene(kernel=Matrix.of(np.ones((6, 6)))),
        "kernel (6, 6) does not fit image (5, 5) with padding 0: pad by 1 or more, or use a "
        "smaller kernel",
    ),
]


@pytest.mark.parametrize(("make", "sentence"), REFUSED)
def test_what_does_not_go_is_refused_with_a_sentence(make, sentence: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        make()
    assert str(raised.value).startswith(sentence)


WRONG_KINDS = [
    (lambda: Scene(input=5), "input 5 must be Named or Typed or Picture"),
    (lambda: Scene(kernel="1 2"), "kernel '1 2' must be Matrix"),
    (lambda: Scene(geometry=None), "geometry None must be Geometry"),
    (lambda: Scene(patch=(1, 2)), "patch (1, 2) must be Patch or None"),
    (lambda: Scene(collected=("1 2",)), "collected kernel '1 2' must be Matrix"),
    (lambda: Scene(step=1.5), "step 1.5 must be an integer"),
    (lambda: Scene(step=True), "step True must be an integer"),
    (lambda: Scene(predict=1), "predict 1 must be bool"),
    (lambda: Scene(bias="1"), "bias '1' must be one real number"),
    (lambda: Named(seed=1.5), "seed 1.5 must be an integer"),
    (lambda: Patch(0.5, 0), "patch row 0.5 must be an integer"),
]


@pytest.mark.parametrize(("make", "sentence"), WRONG_KINDS)
def test_what_is_of_another_kind_is_refused_with_a_sentence(make, sentence: str) -> None:
    with pytest.raises(TypeError) as raised:
        make()
    assert str(raised.value) == sentence


# Inputs


@pytest.mark.parametrize("row", BUILT_INS, ids=lambda row: row.id)
def test_every_built_in_input_makes_a_scene(row) -> None:
    scene = Scene(input=Named(row.id), size=FULL_SIZE)
    assert scene.is_picture == (row.kind == "picture")
    own = built_in(row.id)
    assert scene.shape == own.shape[:2]
    assert (scene.image == (plane(own, "grey") if row.kind == "picture" else own)).all()
    assert len(scene.block) >= 1


def test_the_seed_chooses_the_random_digits() -> None:
    assert (Scene(input=Named("random", 3)).image == built_in("random", seed=3)).all()
    assert Scene(input=Named("random", 3)) != Scene(input=Named("random", 4))


def test_typed_numbers_are_multiplied_by_their_factor() -> None:
    scene = Scene(input=Typed(Matrix.parse("1/2 x [1 2 3; 4 5 6; 7 8 9]")))
    assert scene.image.tolist() == [[0.5, 1, 1.5], [2, 2.5, 3], [3.5, 4, 4.5]]
    assert not scene.is_picture
    assert scene.picture_shape is None


def test_pictures_are_equal_by_their_pixels_not_by_their_name() -> None:
    pixels = picture(4, 6).pixels
    assert Picture(pixels.copy(), "a") == Picture(pixels.copy(), "b")
    assert hash(Picture(pixels.copy(), "a")) == hash(Picture(pixels.copy(), "b"))
    assert Picture(pixels) != Picture(pixels.reshape(6, 4, 3))
    assert Picture(pixels) != Picture(pixels, cut_from=(40, 60))
    other = pixels.copy()
    other[3, 5, 2] ^= 1
    assert Picture(pixels) != Picture(other)


def test_the_pixels_of_a_picture_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        picture(4, 4).pixels[0, 0, 0] = 1


@pytest.mark.parametrize("which", ["grey", "red", "green", "blue"])
@pytest.mark.parametrize("size", [32, 64, FULL_SIZE])
def test_a_picture_is_worked_at_one_plane_and_size(which: str, size: int) -> None:
    brought = picture(90, 70)
    scene = Scene(input=brought, plane=which, size=size)
    whole = plane(brought.pixels, which)
    expected = whole if size == FULL_SIZE else resize(whole, size)
    assert scene.image.dtype == np.uint8
    assert (scene.image == expected).all()
    assert scene.picture_shape == (90, 70)


def test_a_plane_is_made_once() -> None:
    brought = picture(90, 70)
    first = Scene(input=brought).image
    assert Scene(input=brought, step=2).image is first
    assert Scene(input=brought, plane="red").image is not first


# The patch and the positions that are stepped through


def test_a_small_picture_is_stepped_through_whole() -> None:
    scene = Scene(input=picture(32, 20))
    assert scene.block.rows == range(30)
    assert scene.block.columns == range(18)


def test_of_a_large_picture_the_tile_with_most_contrast_is_stepped_through() -> None:
    pixels = np.full((101, 60, 3), 100, np.uint8)
    pixels[50, 30:33] = 250  # in the tile of 12 x 12 that begins at row 48, column 24
    pixels[70, 40] = 120
    scene = Scene(input=Picture(pixels), size=FULL_SIZE)
    assert scene.patch_in_use == Patch(48, 24, PATCH)
    assert (scene.block.rows, scene.block.columns) == (range(48, 60), range(24, 36))


@pytest.mark.parametrize(("rows", "columns"), [(33, 1), (1, 33), (5, 40), (600, 11)])
def test_a_narrow_picture_has_a_patch_too(rows: int, columns: int) -> None:
    scene = Scene(input=picture(rows, columns), kernel=Matrix.of([[1]]), size=FULL_SIZE)
    assert len(scene.block) == min(rows, PATCH) * min(columns, PATCH)


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        (Patch(0, 0), Patch(0, 0)),
        (Patch(28, 28), Patch(28, 28)),
        (Patch(29, 28), Patch(28, 28)),
        (Patch(9999, 0, 5), Patch(35, 0, 5)),
        (Patch(0, 9999, 40), Patch(0, 0, 40)),
    ],
)
def test_a_patch_is_moved_into_the_picture(asked: Patch, used: Patch) -> None:
    assert Scene(input=picture(40, 40), patch=asked).patch_in_use == used


@pytest.mark.parametrize(
    ("side", "dilation", "padding", "positions"),
    [
        (31, 1, "valid", 12),
        (15, 2, "valid", 12),
        (15, 2, "same", 12),
        (31, 2, "valid", 10),  # 61 x 61 fits 10 times into 70
        (31, 1, "full", 42),  # and in the padding round the patch 30 times more
    ],
)
def test_a_patch_counts_positions(side, dilation, padding, positions) -> None:
    geometry = Geometry.of(dilation=dilation, padding=padding)
    weights = Matrix.of(np.ones((side, side)))
    scene = Scene(picture(70, 90), weights, geometry, size=FULL_SIZE, patch=Patch(0, 20))
    assert len(scene.block.rows) == positions
    assert len(scene.block.columns) == (12 if positions < 12 else positions)


def test_at_most_64_x_64_positions_are_stepped_through() -> None:
    scene = Scene(input=Typed(Matrix.of(np.zeros((64, 64)))), geometry=Geometry.of(padding="full"))
    assert scene.output_shape == (66, 66)
    assert (scene.block.rows, scene.block.columns) == (range(64), range(64))


geometries = st.builds(
    Geometry.of,
    stride=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    padding=st.one_of(
        st.sampled_from(["valid", "same", "full"]),
        st.tuples(*[st.tuples(st.integers(0, 4), st.integers(0, 4))] * 2),
    ),
    dilation=st.tuples(st.integers(1, 3), st.integers(1, 3)),
)


@st.composite
def pictures(draw) -> Scene:
    """A picture, a kernel and a patch, of which some do not fit together."""
    rows, columns = draw(st.integers(1, 70)), draw(st.integers(1, 70))
    weights = np.ones((draw(st.integers(1, 7)), draw(st.integers(1, 7))))
    places = st.integers(0, 80)
    return Scene(
        input=picture(rows, columns),
        kernel=Matrix.of(weights),
        geometry=draw(geometries),
        size=FULL_SIZE,
        patch=draw(st.none() | st.builds(Patch, places, places, st.integers(1, 64))),
    )


def fitting(draw_scene: st.SearchStrategy[Scene]) -> st.SearchStrategy[Scene]:
    """Draw again where the kernel does not fit."""

    @st.composite
    def draw(draw) -> Scene:
        try:
            return draw(draw_scene)
        except ValueError:
            return Scene(input=picture(40, 40), patch=Patch(draw(st.integers(0, 40)), 3))

    return draw()


@given(fitting(pictures()))
def test_the_block_lies_in_the_output_and_has_a_position(scene: Scene) -> None:
    for part, positions in zip(
        (scene.block.rows, scene.block.columns), scene.output_shape, strict=True
    ):
        assert part.step == 1
        assert 0 <= part.start < part.stop <= positions
        assert len(part) <= MAX_POSITIONS


@given(fitting(pictures()))
def test_the_windows_of_the_block_lie_in_the_patch_and_the_padding_round_it(scene: Scene) -> None:
    patch = scene.patch_in_use
    assert patch is not None
    pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
    extent = scene.geometry.extent(scene.kernel.shape)
    for axis, (part, first) in enumerate(
        ((scene.block.rows, patch.row), (scene.block.columns, patch.column))
    ):
        length, stride = scene.shape[axis], scene.geometry.stride[axis]
        size = min(patch.size + max(0, extent[axis] - 1 - sum(pads[axis])), length)
        first = max(0, min(first, length - size))
        begin, end = part[0] * stride, part[-1] * stride + extent[axis]
        assert first - stride < begin <= first
        assert end <= first + size + sum(pads[axis])


@given(fitting(pictures()), st.data())
def test_every_position_can_be_stepped_to(scene: Scene, data) -> None:
    """A patch that begins at the image cell under a window's corner has that window."""
    pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
    target = [data.draw(st.integers(0, positions - 1)) for positions in scene.output_shape]
    corner = [
        max(0, place * scene.geometry.stride[axis] - pads[axis][0])
        for axis, place in enumerate(target)
    ]
    moved = replace(scene, patch=Patch(corner[0], corner[1], PATCH))
    assert target[0] in moved.block.rows
    assert target[1] in moved.block.columns
