"""Wide images in panels side by side: the same map for every boundary, and no seams."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from convviz import correlate2d, plan
from convviz.geometry import BOUNDARIES, Geometry
from convviz.methods.layout import Layout
from convviz.methods.panels import panels
from convviz.plans import planned

WIDE = (9, 400)


@pytest.fixture(autouse=True)
def little(monkeypatch):
    """So little work memory that a few hundred columns are wide."""
    monkeypatch.setattr("convviz.methods.layout.WORK_BYTES", 20_000)
    monkeypatch.setattr("convviz.methods.blocks.COPY_BYTES", 5_000)


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def padded_by_numpy(image, kernel, pads, boundary, fill):
    more = {"constant_values": fill} if boundary == "constant" else {}
    return signal.correlate2d(np.pad(image, pads, boundary, **more), kernel, mode="valid")


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("stride", [1, 2, (1, 3)])
@pytest.mark.parametrize("pads", [((0, 0), (0, 0)), ((3, 2), (5, 30)), ((4, 4), (40, 7))])
@pytest.mark.parametrize("rank", [1, None])
def test_panels_make_the_map(boundary, stride, pads, rank):
    image = numbers(1, *WIDE)
    kernel = numbers(2, 7, 9) if rank is None else np.outer(numbers(2, 7), numbers(3, 9))
    down, right = stride if isinstance(stride, tuple) else (stride, stride)
    expected = padded_by_numpy(image, kernel, pads, boundary, 1.5)[::down, ::right]
    how = {"stride": stride, "padding": pads, "boundary": boundary, "fill_value": 1.5}
    made = plan(WIDE, kernel, dtype=float, **how)
    # "wrap" copies what lies at the other end: it is computed in blocks.
    assert bool(made.ready.panels) == (boundary != "wrap" or pads[1] == (0, 0))
    assert bool(made.ready.panels) != bool(made.ready.block)
    bound = 1e-12 * np.abs(image).max() * np.abs(kernel).sum()
    np.testing.assert_allclose(made(image), expected, rtol=0, atol=bound)


@pytest.mark.parametrize("rank", [1, None])
@pytest.mark.parametrize("column", range(0, WIDE[1], 13))
def test_a_number_that_is_not_finite_stays_in_its_windows(column, rank):
    image = numbers(4, *WIDE)
    image[4, column] = np.inf
    kernel = numbers(5, 5, 5) if rank is None else np.outer(numbers(5, 5), numbers(6, 5))
    result = correlate2d(image, kernel, padding="same")
    spoiled = np.zeros(WIDE, bool)
    spoiled[2:7, max(column - 2, 0) : column + 3] = True
    np.testing.assert_array_equal(~np.isfinite(result), spoiled)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_colour_and_a_bias(boundary):
    picture, kernel = numbers(7, *WIDE, 3), numbers(8, 7, 7)
    result = correlate2d(picture, kernel, padding=2, boundary=boundary, bias=3.0)
    pads = ((2, 2), (2, 2))
    for channel in range(3):
        plane = padded_by_numpy(picture[..., channel], kernel, pads, boundary, 0) + 3
        np.testing.assert_allclose(result[..., channel], plane, rtol=0, atol=1e-11)


def test_progress_grows_to_the_end():
    told = []
    kernel = np.outer(numbers(9, 7), numbers(10, 7))
    made = planned(WIDE, kernel, np.dtype(float), (1, "same", 1, "constant", 0.0))
    made.map(numbers(11, *WIDE), 0.0, told.append)
    assert len(made.ready.panels) > 1
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("count", [2, 3, 7])
def test_panels_cover_the_map_once(count):
    layout = Layout.of(Geometry.of(padding="same", stride=(1, 2)), WIDE, (3, 5))
    found = panels(layout, count)
    assert found is not None
    columns = [column for _, outputs, _ in found for column in range(*outputs.indices(10**6))]
    assert columns == list(range(layout.out[1]))
    assert max(part.width for _, _, part in found) <= 400 / count + 5


@pytest.mark.parametrize(("boundary", "pads"), [("wrap", (0, 4)), ("constant", (0, 900))])
def test_what_no_panel_can_copy_is_made_in_blocks(boundary, pads):
    geometry = Geometry.of(padding=pads, boundary=boundary)
    assert panels(Layout.of(geometry, WIDE, (3, 5)), 5) is None
    image, kernel = numbers(12, *WIDE), numbers(13, 7, 9)
    image[3, 390] = np.nan
    how = {"padding": pads, "boundary": boundary}
    told = []
    made = planned(WIDE, kernel, np.dtype(float), (1, pads, 1, boundary, 0.0))
    result = made.map(image, 2.0, told.append)
    assert made.ready.block is not None
    assert told == sorted(told)
    assert told[-1] == 1
    whole = padded_by_numpy(image, kernel, ((0, 0), (pads[1], pads[1])), boundary, 0) + 2
    np.testing.assert_allclose(result, whole, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(correlate2d(image, kernel, bias=2.0, **how), result)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("boundary", ["edge", "wrap"])
def test_a_number_too_large_for_the_map_is_infinite_without_a_warning(boundary):
    image = numbers(16, *WIDE)
    image[4, 200] = 1e300
    made = plan(WIDE, np.ones((9, 9)), padding=4, boundary=boundary, dtype=np.float32)
    assert bool(made.ready.block) == (boundary == "wrap")
    result = made(image)
    spoiled = np.zeros(WIDE, bool)
    spoiled[:, 196:205] = True
    np.testing.assert_array_equal(~np.isfinite(result), spoiled)


def test_a_block_of_colour_may_begin_at_any_channel(monkeypatch):
    monkeypatch.setattr("convviz.methods.layout.WORK_BYTES", 8_000)
    monkeypatch.setattr("convviz.methods.blocks.COPY_BYTES", 3_000)
    picture, kernel = numbers(14, 6, 277, 3).astype(np.float32), numbers(15, 1, 10)
    result = correlate2d(picture, kernel, padding="same", boundary="wrap")
    for channel in range(3):
        plane = padded_by_numpy(picture[..., channel], kernel, ((0, 0), (4, 5)), "wrap", 0)
        np.testing.assert_allclose(result[..., channel], plane, rtol=0, atol=1e-4)
