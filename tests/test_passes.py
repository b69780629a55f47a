"""Windows of several passes: against impulses sent through plain loops."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.geometry import Geometry
from convviz.inputs import Typed
from convviz.kernels import KERNELS, kernel
from convviz.matrices import Matrix
from convviz.passes import MAX_TIMES, passes, taps, windows_after
from convviz.scene import Scene

SHAPE = (19, 23)
CASES = [
    # kernel, times, geometry
    ((3, 3), 1, Geometry()),
    ((3, 3), 3, Geometry()),
    ((2, 4), 3, Geometry.of(padding="same")),
    ((3, 2), 2, Geometry.of(padding="full", dilation=(1, 3))),
    ((3, 5), 2, Geometry.of(padding=((2, 0), (1, 3)), stride=(2, 1), dilation=(2, 1))),
    ((2, 3), 3, Geometry.of(padding="same", stride=(2, 2))),
    ((1, 2), 2, Geometry.of(stride=(1, 3), dilation=(1, 2))),
]


def once(images: np.ndarray, k: tuple[int, int], geometry: Geometry) -> np.ndarray:
    """Add up the taps of every window of images (n, H, W); what is padded is 0."""
    top_left = geometry.pads(images.shape[1:], k)
    padded = np.pad(images, ((0, 0), *top_left))
    (down, across), (apart, beside) = geometry.stride, geometry.dilation
    rows = (padded.shape[1] - (k[0] - 1) * apart - 1) // down + 1
    columns = (padded.shape[2] - (k[1] - 1) * beside - 1) // across + 1
    if rows < 1 or columns < 1:
        return images[:, :0]
    out = np.zeros((len(images), rows, columns))
    for row in range(rows):
        for column in range(columns):
            for i in range(k[0]):
                for j in range(k[1]):
                    at = row * down + i * apart, column * across + j * beside
                    out[:, row, column] += padded[:, at[0], at[1]]
    return out


@pytest.mark.parametrize(("k", "times", "geometry"), CASES)
def test_a_cell_is_reached_from_its_window_and_from_nowhere_else(k, times, geometry) -> None:
    maps = np.eye(SHAPE[0] * SHAPE[1]).reshape(-1, *SHAPE)
    for _ in range(times):
        maps = once(maps, k, geometry)
    windows = windows_after(times, geometry, SHAPE, k)
    assert maps.shape[1:] == windows.shape
    inner = 0
    for cell in np.ndindex(*windows.shape):
        # The pixels whose impulse arrives in this cell.
        found = [*np.argwhere(maps[:, *cell].reshape(SHAPE))]
        first = [windows.first[a] + cell[a] * windows.stride[a] for a in (0, 1)]
        rows, columns = (first[a] + taps(times, geometry, k)[a] for a in (0, 1))
        expected = [(row, column) for row in rows for column in columns]
        if all(0 <= first[a] <= SHAPE[a] - windows.extent[a] for a in (0, 1)):
            inner += 1
            assert [tuple(at) for at in found] == expected
            ends = [expected[-1][a] - first[a] + 1 for a in (0, 1)]
            assert tuple(ends) == windows.extent
        assert {tuple(at) for at in found} <= set(expected)
    assert inner > 0


@pytest.mark.parametrize(("k", "times", "geometry"), CASES)
def test_the_centre_is_the_middle_of_the_window(k, times, geometry) -> None:
    windows = windows_after(times, geometry, SHAPE, k)
    for axis in (0, 1):
        middle = windows.first[axis] + (windows.extent[axis] - 1) / 2
        assert windows.centre[axis] == np.floor(middle)


@given(
    k=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    shape=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    dilation=st.integers(1, 2),
    pad=st.integers(0, 1),
)
def test_it_fits_as_often_as_plain_loops_have_a_cell_left(k, shape, dilation, pad) -> None:
    geometry = Geometry.of(padding=pad, dilation=dilation)
    image, fits = np.zeros((1, *shape)), 0
    for fits in count():
        image = once(image, k, geometry)
        if image.size == 0 or fits == MAX_TIMES:
            break
    assert len(list(passes(geometry, shape, k))) == fits
    if 0 < fits < MAX_TIMES:
        words = "once" if fits == 1 else f"at most {fits} times"
        with pytest.raises(ValueError, match=rf"Apply it {words} \(on Explore\)[.,]"):
            windows_after(fits + 1, geometry, shape, k)


def test_windows_never_lie_further_apart_than_the_input_is_long() -> None:
    # Strides 3, 9, 27: 20 pixels are less than 27.
    geometry = Geometry.of(padding="same", stride=3)
    assert [each.stride for each in passes(geometry, (8, 20), (3, 3))] == [(3, 3), (9, 9)]
    # Once is always possible.
    assert len(list(passes(Geometry.of(stride=16), (3, 3), (3, 3)))) == 1


SAME, FULL = Geometry.of(padding="same"), Geometry.of(padding="full")
ROBERTS = kernel("roberts-1").matrix


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"times": 0}, "Times 0 is out of range: choose 1 to 16."),
        # 5, 3, 1: then there is nothing left to slide over.
        (
            {"times": 3},
            "Applied 3 times the kernel does not fit: applied 2 times it leaves 1 × 1. "
            'Apply it at most 2 times (on Explore), or choose the padding "same".',
        ),
        ({"minus": "blur"}, "Minus 'blur' is unknown: choose input or the id of a preset."),
        (
            {"minus": "box-5"},
            "Minus Box 5 × 5 needs two maps of one shape, and these are 3 × 3 and 1 × 1: "
            'choose the padding "same", or subtract nothing (on Explore).',
        ),
        (
            {"minus": "box-5", "geometry": FULL},
            "Minus Box 5 × 5 needs two maps of one shape, and these are 7 × 7 and 9 × 9: "
            'choose the padding "same", or subtract nothing (on Explore).',
        ),
        (
            {"minus": "log-9"},
            "Minus Laplacian of Gaussian 9 × 9 has no map here, since that kernel does not fit: "
            'choose the padding "same", or subtract nothing (on Explore).',
        ),
        (
            {"minus": "box-3", "times": 2, "geometry": Geometry(dilation=(2, 2))},
            "Applied 2 times the kernel does not fit: applied once it leaves 1 × 1. "
            'Apply it once (on Explore), or choose the padding "same".',
        ),
        (
            {"minus": "input", "geometry": FULL},
            "Minus the input needs a pixel under every cell, not padding: "
            'choose the padding "same", or subtract nothing (on Explore).',
        ),
        # Two passes of 2 x 2 span 3 x 3: their centre is a pixel further on than the cell's own.
        (
            {"minus": "input", "geometry": SAME, "kernel": ROBERTS, "times": 2},
            "Minus the input needs a pixel under every cell, not padding: "
            'choose the padding "valid", or subtract nothing (on Explore).',
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(changes: dict, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        Scene(**changes)
    assert str(refused.value) == sentence
    if 'padding "' in sentence and "times" not in sentence:
        word = sentence.split('"')[1]
        geometry = changes.get("geometry", Geometry())
        changed = Geometry(geometry.stride, word, geometry.dilation)
        Scene(**{**changes, "geometry": changed})


@pytest.mark.parametrize("minus", ["input", *(row.id for row in KERNELS)])
@pytest.mark.parametrize("stride", [1, 2])
def test_with_same_padding_all_can_be_subtracted_from_an_odd_kernel(minus, stride) -> None:
    picture = Typed(Matrix.of(np.ones((40, 33))))
    geometry = Geometry.of(padding="same", stride=stride)
    scene = Scene(picture, kernel("box-3").matrix, geometry, times=3, minus=minus)
    length = 40
    for _ in range(3):
        length = -(-length // stride)
    assert scene.windows.shape[0] == length


def test_sums_that_may_be_too_large_are_refused() -> None:
    wide = Matrix.parse("1e30")
    assert Scene(kernel=wide, times=9).times == 9
    with pytest.raises(ValueError, match=r"Sums may reach .* apply the kernel fewer times"):
        Scene(kernel=wide, times=10)
    # The other kernel counts too: 3e279 times the weights of "edges", 8 + 8, is more than 1e280.
    large = Typed(Matrix.parse("3e279 0; 0 0"))
    assert Scene(large, Matrix.parse("1"), SAME).minus == ""
    with pytest.raises(ValueError, match="Sums may reach"):
        Scene(large, Matrix.parse("1"), SAME, minus="edge-8")
