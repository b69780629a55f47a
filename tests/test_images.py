"""The built-in inputs, the planes of a picture, and smaller pictures."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.images import BUILT_INS, PLANES, built_in, plane, resize
from tests.picture_files import (
    COLOUR,
    GREY,
    in_three,
)

NUMBERS = [row.id for row in BUILT_INS if row.kind == "numbers"]
PICTURES = [row.id for row in BUILT_INS if row.kind == "picture"]


def test_ids():
    assert " ".join(NUMBERS) == (
        "classic edge uniform impulse step checkerboard letter-f gradient random"
    )
    assert {"scene", "text", "zone-plate", "colour-wheel", "portrait", "tiny"} <= set(PICTURES)
    assert len(NUMBERS) + len(PICTURES) == len(BUILT_INS) == len({row.id for row in BUILT_INS})


@pytest.mark.parametrize("row", BUILT_INS, ids=lambda row: row.id)
def test_every_built_in(row):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.id)
    assert row.name
    assert row.about.endswith(".")
    array = built_in(row.id)
    if row.kind == "numbers":
        assert array.dtype == np.float64
        assert max(array.shape) <= 8
        assert set(array.ravel().tolist()) <= set(range(10))
    else:
        assert array.dtype == np.uint8
        assert array.shape[2:] == (3,)
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 0
    np.testing.assert_array_equal(built_in(row.id), array)


def test_numbers_that_are_worked_by_hand():
    # Dumoulin & Visin (2016), figure 1.1.
    assert built_in("classic").tolist() == [
        [3, 3, 2, 1, 0],
        [0, 0, 1, 3, 1],
        [3, 1, 2, 2, 3],
        [2, 0, 0, 2, 2],
        [2, 0, 0, 0, 1],
    ]
    assert (built_in("uniform") == np.full((5, 5), 7)).all()
    assert built_in("impulse").sum() == built_in("impulse")[3, 3] == 1
    assert (built_in("edge") == built_in("edge")[:1]).all()
    assert built_in("edge")[0].tolist() == [0, 0, 0, 9, 9, 9]
    assert (built_in("step") == 9 * np.tri(6)).all()
    assert (np.diff(built_in("gradient"), axis=1) == 1).all()
    assert (built_in("checkerboard") == 9 * (np.indices((8, 8)).sum(axis=0) % 2)).all()


def test_the_letter_f_is_unlike_itself_in_every_mirror_and_turn():
    letter = built_in("letter-f")
    others = [np.fliplr(letter), np.flipud(letter), np.rot90(letter, 2)]
    assert not any(np.array_equal(letter, other) for other in others)
    assert letter.shape[0] != letter.shape[1]


def test_random_digits_stay_the_same_for_ever():
    # Links carry the seed: these rows were written down once and must not change.
    assert built_in("random")[0].tolist() == [5, 9, 1, 9, 3, 4, 8, 4]
    assert built_in("random", seed=2**70)[0].tolist() == [5, 9, 4, 9, 6, 5, 0, 2]
    assert not np.array_equal(built_in("random", seed=2), built_in("random", seed=3))
    np.testing.assert_array_equal(built_in("random"), built_in("random", seed=1))
    with pytest.raises(ValueError, match="seed is -1"):
        built_in("random", seed=-1)
    with pytest.raises(TypeError):
        built_in("random", seed=1.5)


def test_unknown_built_in():
    with pytest.raises(ValueError, match=r"'mona-lisa': choose one of classic, edge, .*tiny"):
        built_in("mona-lisa")
    with pytest.raises(ValueError, match="no built-in input"):
        built_in("../scene")


# ---- planes and sizes ----


def test_planes():
    assert PLANES == ("grey", "red", "green", "blue")
    for band, name in enumerate(("red", "green", "blue")):
        np.testing.assert_array_equal(plane(COLOUR, name), COLOUR[:, :, band])
        assert not np.shares_memory(plane(COLOUR, name), COLOUR)
    luma = COLOUR.astype(float) @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(plane(COLOUR, "grey"), luma, atol=0.51)
    np.testing.assert_array_equal(plane(in_three(GREY), "grey"), GREY)
    tall = np.random.default_rng(2).integers(0, 256, (700, 7, 3), np.uint8)
    np.testing.assert_allclose(plane(tall, "grey"), tall @ [0.299, 0.587, 0.114], atol=0.51)


def test_what_has_no_planes():
    with pytest.raises(ValueError, match="no plane 'alpha': choose one of grey, red, green, blue"):
        plane(COLOUR, "alpha")
    for wrong in (GREY, COLOUR.astype(float), np.zeros((2, 2, 4), np.uint8)):
        with pytest.raises(ValueError, match="is needed"):
            plane(wrong, "grey")


def test_resize_takes_the_mean_of_what_it_covers():
    # Squares of 3 x 3: the mean of nine numbers each.
    fine = np.random.default_rng(3).integers(0, 256, (30, 60), dtype=np.uint8)
    means = fine.reshape(10, 3, 20, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(fine, 20), means, atol=1)
    assert resize(fine, 20).shape == (10, 20)
    # Sizes that do not divide: still the whole picture, and still its mean.
    assert resize(fine, 17).shape == (9, 17)
    assert abs(resize(fine, 17).mean() - fine.mean()) < 2


def test_resize_keeps_flat_areas_and_colours():
    assert (resize(np.full((40, 31), 77, np.uint8), 13) == 77).all()
    small = resize(np.kron(COLOUR, np.ones((4, 4, 1), np.uint8)), 7)
    np.testing.assert_array_equal(small, COLOUR)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 80))
def test_resize_shapes(height, width, longest):
    small = resize(np.zeros((height, width), np.uint8), longest)
    assert small.dtype == np.uint8
    assert max(small.shape) == min(longest, max(height, width))
    assert min(small.shape) >= 1
    for n, original in zip(small.shape, (height, width), strict=True):
        assert n <= original
        scale = max(small.shape) / max(height, width)
        assert n == 1 or abs(n - original * scale) <= 0.5


def test_resize_to_nothing():
    with pytest.raises(ValueError, match="longest is 0"):
        resize(GREY, 0)
