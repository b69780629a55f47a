"""Traces: every product and sum, against hand work and against the whole map."""

from __future__ import annotations

import itertools
import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.convolution import conv2d, convolve2d, correlate2d
from convviz.geometry import BOUNDARIES, Geometry
from convviz.trace import trace

CLASSIC = np.array(
    [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
CLASSIC_KERNEL = np.array([[0, 1, 2], [2, 2, 0], [0, 1, 2]])
NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def test_first_step_of_the_classic():
    # 3*0 + 3*1 + 2*2 + 0*2 + 0*2 + 1*0 + 3*0 + 1*1 + 2*2 = 12
    step = trace(CLASSIC, CLASSIC_KERNEL)[0]
    assert (step.row, step.column) == (0, 0)
    assert step.window.tolist() == [[3, 3, 2], [0, 0, 1], [3, 1, 2]]
    assert step.weights.tolist() == CLASSIC_KERNEL.tolist()
    assert step.products.tolist() == [[0, 3, 4], [0, 0, 0], [0, 1, 4]]
    assert step.partial_sums.tolist() == [[0, 3, 7], [7, 7, 7], [7, 8, 12]]
    assert step.total == 12
    assert step.subtotals.tolist() == [12]


def test_all_steps_of_the_classic():
    steps = trace(CLASSIC, CLASSIC_KERNEL)
    assert len(steps) == 9
    assert steps.shape == (3, 3)
    assert [step.total for step in steps] == [12, 12, 17, 10, 17, 19, 9, 6, 14]
    assert [(step.row, step.column) for step in steps] == list(np.ndindex(3, 3))


def test_flip_uses_the_rotated_kernel():
    steps = trace(CLASSIC, CLASSIC_KERNEL, flip=True)
    assert [step.total for step in steps] == [18, 20, 19, 10, 9, 17, 11, 8, 14]
    # 3*2 + 3*1 + 2*0 + 0*0 + 0*2 + 1*2 + 3*2 + 1*1 + 2*0 = 18
    assert steps[0].weights.tolist() == [[2, 1, 0], [0, 2, 2], [2, 1, 0]]
    assert steps[0].products.tolist() == [[6, 3, 0], [0, 0, 2], [6, 1, 0]]


def test_padding_by_hand():
    # The corner of 1 2 / 3 4 with nines round it: 9 9 9 / 9 1 2 / 9 3 4, five 9 and 10 = 55.
    step = trace([[1, 2], [3, 4]], np.ones((3, 3)), padding=1, fill_value=9, bias=-1)[0]
    assert step.window.tolist() == [[9, 9, 9], [9, 1, 2], [9, 3, 4]]
    assert step.partial_sums.flat[-1] == 55
    assert step.total == 54


def test_dilation_skips_cells_and_stride_skips_windows():
    image = np.arange(30.0).reshape(5, 6)
    steps = trace(image, np.ones((2, 2)), dilation=(3, 2), stride=(1, 3))
    assert steps.shape == (2, 2)  # rows (5-4)/1+1, columns floor((6-3)/3)+1
    assert steps.at(1, 1).window.tolist() == [[9, 11], [27, 29]]


def test_channels_make_one_total_with_subtotals():
    # Pixel (1, 10, 100) and (2, 20, 200); weights (1, 2, 3) and (4, 5, 6).
    # Channels: 1*1 + 2*4 = 9, 10*2 + 20*5 = 120, 100*3 + 200*6 = 1500; total 1629 + bias 1.
    image = np.array([[[1, 10, 100], [2, 20, 200]]], np.uint8)
    kernel = np.array([[[1, 2, 3], [4, 5, 6]]])
    steps = trace(image, kernel, bias=1)
    assert steps.shape == (1, 1)
    step = steps[0]
    assert step.window.shape == step.products.shape == step.partial_sums.shape == (1, 2, 3)
    # Row-major: 1, 1+20, 21+300, 321+8, 329+100, 429+1200
    assert step.partial_sums.ravel().tolist() == [1, 21, 321, 329, 429, 1629]
    assert step.subtotals.tolist() == [9, 120, 1500]
    assert step.total == 1630
    flipped = trace(image, kernel, flip=True)[0]
    assert flipped.weights.tolist() == [[[4, 5, 6], [1, 2, 3]]]  # the channels keep their order


def test_cifar_sized_is_one_map_of_900_positions():
    image, kernel = numbers(1, 32, 32, 3), numbers(2, 3, 3, 3)
    steps = trace(image, kernel)
    assert len(steps) == 900
    assert steps.output.shape == (30, 30)
    bound = 1e-12 * np.abs(image).max() * np.abs(kernel).sum()
    expected = conv2d(image, kernel[..., None])[:, :, 0]
    np.testing.assert_allclose(steps.output, expected, rtol=0, atol=bound)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("depth", [(), (1,), (3,)])
def test_every_geometry_gives_the_whole_map_bit_for_bit(depth, boundary, dtype):
    image = (numbers(3, 5, 6, *depth) * 50 + 128).astype(dtype)
    kernel = numbers(4, 3, 2, *depth)
    for padding, stride, dilation, flip in itertools.product(
        ("valid", "same", ((7, 0), (1, 12))), (1, (3, 2)), (1, (2, 3)), (False, True)
    ):
        keywords = {"padding": padding, "stride": stride, "dilation": dilation}
        keywords |= {"boundary": boundary, "fill_value": 0.3}
        steps = trace(image, kernel, flip=flip, bias=0.1, **keywords)
        used = kernel[::-1, ::-1] if flip else kernel
        if depth:
            whole = conv2d(image, used[..., None], bias=[0.1], **keywords)[:, :, 0]
        else:
            whole = (convolve2d if flip else correlate2d)(image, kernel, bias=0.1, **keywords)
        assert steps.geometry == Geometry.of(**keywords)
        assert steps.output.dtype == whole.dtype
        np.testing.assert_allclose(steps.output, whole, rtol=1e-5, atol=1e-4)
        # The padded image comes from the index maps alone, unlike the window of a step inside.
        rows, columns = steps.geometry.sources(image.shape[:2], kernel.shape[:2])
        padded = image[np.ix_(rows, columns)].astype(whole.dtype)
        padded[rows < 0] = padded[:, columns < 0] = 0.3
        (down, right), (vertical, horizontal) = steps.geometry.stride, steps.geometry.dilation
        places = [*np.ndindex(steps.shape)]
        corners = [(row * down, column * right) for row, column in places]
        windows = np.array(
            [
                padded[top : top + 2 * vertical + 1 : vertical, left : left + horizontal + 1][
                    :, ::horizontal
                ]
                for top, left in corners
            ]
        )
        made = [*steps]
        assert [(step.row, step.column) for step in made] == places
        np.testing.assert_array_equal([step.window for step in made], windows)
        used = used.astype(whole.dtype)
        assert all((step.weights == used).all() for step in made)
        np.testing.assert_array_equal([step.products for step in made], windows * used)
        assert [step.total for step in made] == steps.output.ravel().tolist()
        arrays = [a for step in made for a in (step.window, step.products, step.partial_sums)]
        assert {array.dtype for array in arrays} == {whole.dtype}


@given(
    st.lists(NUMBERS, min_size=12, max_size=12),
    st.lists(NUMBERS, min_size=4, max_size=4),
    NUMBERS,
    st.sampled_from([np.float32, np.float64]),
)
def test_products_and_bias_add_up_in_order_to_the_output(cells, weights, bias, dtype):
    image = np.reshape(np.array(cells, dtype), (3, 4))
    steps = trace(image, np.reshape(weights, (2, 2)), bias=bias, padding=(1, 0), dtype=dtype)
    for step in steps:
        running = dtype(0)
        for product, partial in zip(step.products.flat, step.partial_sums.flat, strict=True):
            running = running + product
            assert partial == running
        assert running + dtype(bias) == step.total == steps.output[step.row, step.column]
        assert step.total == step.partial_sums.flat[-1] + bias
        assert step.subtotals[0] == running


@pytest.mark.parametrize(
    ("given", "expected"),
    [(np.uint8, np.float32), (np.float16, np.float32), (np.float64, np.float64)],
)
def test_dtype_follows_the_image(given, expected):
    image = CLASSIC.astype(given)
    for steps in (trace(image, CLASSIC_KERNEL), trace(image, CLASSIC_KERNEL, padding=1)):
        assert steps.output.dtype == steps[0].window.dtype == steps[-1].products.dtype == expected
    wide = trace(image, CLASSIC_KERNEL, dtype=np.float64, padding=1)
    assert wide.output.dtype == wide[0].window.dtype == wide[12].window.dtype == np.float64
    assert isinstance(wide[0].total, float)


def test_windows_inside_are_views_and_nothing_can_be_written():
    image, kernel = numbers(5, 6, 7), numbers(6, 3, 3)
    before = image.copy()
    steps = trace(image, kernel, padding=1)
    assert np.shares_memory(steps.at(2, 3).window, image)
    assert not np.shares_memory(steps.at(0, 0).window, image)
    assert not np.shares_memory(steps.weights, kernel)
    for step in (steps.at(2, 3), steps.at(0, 0)):
        for array in (
            step.window,
            step.weights,
            step.products,
            step.partial_sums,
            step.subtotals,
            steps.output,
            steps.image,
        ):
            with pytest.raises(ValueError, match="read-only"):
                array[:] = 0
    assert image.flags.writeable
    assert kernel.flags.writeable
    np.testing.assert_array_equal(image, before)


def test_any_memory_layout():
    base = numbers(7, 8, 9)
    for view in (base[::-1, ::-2], np.asfortranarray(base), base.T, base.astype(">f8")):
        plain = trace(np.array(view, np.float64, order="C"), np.ones((2, 3)), padding=1)
        for mine, theirs in zip(trace(view, np.ones((2, 3)), padding=1), plain, strict=True):
            np.testing.assert_array_equal(mine.partial_sums, theirs.partial_sums)
            assert mine.total == theirs.total


def test_a_trace_of_a_large_picture_costs_no_memory():
    image = np.zeros((3000, 4000), np.uint8)
    tracemalloc.start()
    steps = trace(image, np.ones((31, 31)), padding="same", boundary="reflect")
    total = steps.at(1500, 2000).total + steps[0].total + steps[-1].total
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 0
    assert len(steps) == 12_000_000
    assert peak < 300_000


def test_inf_and_nan_are_numbers_like_others():
    steps = trace([[np.inf, 1.0, 2.0]], [[0.0, 1.0]])
    assert np.isnan(steps[0].products[0, 0])
    assert np.isnan(steps[0].total)
    assert steps[1].total == 2.0
    assert np.isnan(steps.output).tolist() == [[True, False]]
    edge = trace(np.float32([[1]]), [[1]], padding=1, fill_value=1e300, bias=1)
    assert edge[0].total == edge.output[0, 0] == np.inf


def test_positions_count_like_a_sequence():
    steps = trace(np.arange(20.0).reshape(4, 5), np.ones((2, 2)), stride=(1, 2))
    assert len(steps) == 6
    for index in range(-6, 6):
        step = steps[np.int64(index)]
        assert (step.row, step.column) == divmod(index % 6, 2)
        assert step.total == steps.at(step.row, step.column).total == steps.output.flat[index]
    assert len(list(steps)) == len(list(steps)) == 6


@pytest.mark.parametrize("index", [6, -7, 10**30])
def test_no_such_position(index):
    steps = trace(np.ones((4, 5)), np.ones((2, 2)), stride=(1, 2))
    message = f"position {index} is not in a trace of 6: use 0 to 5"
    with pytest.raises(IndexError, match=f"^{message}$"):
        steps[index]


@pytest.mark.parametrize("place", [(3, 0), (0, 2), (-1, 0), (0, -1)])
def test_no_such_cell(place):
    steps = trace(np.ones((4, 5)), np.ones((2, 2)), stride=(1, 2))
    message = (
        f"row {place[0]}, column {place[1]} is not in the output (3, 2): "
        "use rows 0 to 2 and columns 0 to 1"
    )
    with pytest.raises(IndexError, match=f"^{re.escape(message)}$"):
        steps.at(*place)


@pytest.mark.parametrize("index", [1.0, True, "0", None, slice(0, 2)])
def test_positions_are_integers(index):
    steps = trace(np.ones((4, 5)), np.ones((2, 2)))
    with pytest.raises(TypeError, match=r"^position .* must be an integer"):
        steps[index]
    with pytest.raises(TypeError, match=r"^column .* must be an integer"):
        steps.at(0, index)


@pytest.mark.parametrize(
    ("image", "kernel", "message"),
    [
        (
            (5, 5, 3),
            (3, 3, 2),
            "kernel (3, 3, 2) has depth 2 and image (5, 5, 3) has depth 3: "
            "for this image, give a kernel of shape (kh, kw, 3)",
        ),
        ((5, 5, 3), (3, 3), "kernel (3, 3) has depth 1 and image (5, 5, 3) has depth 3: "),
        ((5, 5), (3, 3, 3), "kernel (3, 3, 3) has depth 3 and image (5, 5) has depth 1: "),
        ((4, 4), (5, 5), "kernel (5, 5) does not fit image (4, 4) with padding 0: "),
        ((4, 4, 3), (5, 5, 3), "kernel (5, 5) does not fit image (4, 4) with padding 0: "),
        ((4,), (1, 1), "image of shape (4,) must be (H, W) or (H, W, C)"),
        ((4, 4), (1, 0), "kernel of shape (1, 0) is empty"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_at_once(image, kernel, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        trace(np.ones(image), np.ones(kernel))


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"bias": 1j}, TypeError),
        ({"bias": "1"}, TypeError),
        ({"dtype": np.int32}, TypeError),
        ({"stride": 0}, ValueError),
        ({"padding": 0.5}, TypeError),
        ({"boundary": "mirror"}, ValueError),
        ({"fill_value": None}, TypeError),
        ({"dilation": -1}, ValueError),
    ],
)
def test_bad_values_are_named(keywords, error):
    with pytest.raises(error, match=rf"^{next(iter(keywords))} .*must be "):
        trace(CLASSIC, CLASSIC_KERNEL, **keywords)


def test_complex_is_refused():
    for image, kernel in (([[1j]], [[1]]), ([[1]], [[1j]])):
        with pytest.raises(TypeError, match="must hold real numbers"):
            trace(image, kernel)
