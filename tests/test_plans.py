"""Plans: which method is chosen and why, and every method through the public door."""

from __future__ import annotations

import itertools
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import ndimage

from convviz import plans
from convviz.convolution import conv2d, convolve2d, correlate2d
from convviz.geometry import BOUNDARIES
from convviz.methods import ready
from convviz.methods.choice import SENTENCES, Choice, Task, choose
from convviz.plans import plan

TOLERANCE = {np.dtype(np.float64): 1e-12, np.dtype(np.float32): 5e-7}
SCIPY_MODE = {
    "constant": "constant",
    "edge": "nearest",
    "reflect": "mirror",
    "symmetric": "reflect",
    "wrap": "grid-wrap",
}
HD = (1080, 1920)


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def square(k, **others):
    return Task(**{"kernel": (k, k), "extent": (k, k), "out": HD} | others)


@pytest.fixture
def forced(monkeypatch):
    """Let a method be chosen by name, whatever it costs."""

    def force(method):
        monkeypatch.setattr(ready, "choose", lambda task: Choice(method, "", {}))
        monkeypatch.setattr(ready, "MOST_RANK", 31)
        monkeypatch.setattr(plans, "KEPT_WEIGHTS", 0)
        monkeypatch.setattr(plans, "KEPT_WEIGHTS_SMALL", 0)

    return force


@pytest.mark.parametrize("blas", ["packing", "direct"])
@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("method", SENTENCES)
def test_every_method_through_the_public_door(method, boundary, blas, forced, monkeypatch):
    monkeypatch.setattr(ready, "BLAS", blas)
    forced(method)
    for seed, (dtype, size, channels) in enumerate(
        itertools.product((np.float32, np.float64), (5, 7, 9), ((), (3,)))
    ):
        image = numbers(seed, 20, 17, *channels).astype(dtype)
        kernel = numbers(seed + 1, size, size)
        result = correlate2d(image, kernel, padding="same", boundary=boundary, bias=0.5)
        planes = image.astype(np.float64).reshape(20, 17, -1)
        expected = np.stack(
            [
                ndimage.correlate(planes[..., c], kernel, mode=SCIPY_MODE[boundary])
                for c in range(planes.shape[2])
            ],
            axis=2,
        ).reshape(result.shape)
        assert result.dtype == dtype
        bound = TOLERANCE[result.dtype] * (np.abs(image).max() * np.abs(kernel).sum() + 0.5)
        assert np.abs(result - 0.5 - expected).max() <= bound


def test_the_choice():
    assert choose(square(1)).method == "shifted"
    assert choose(square(3)).method == "im2col"
    assert choose(square(7)).method == "im2col"
    assert choose(square(13)).method == "toeplitz"
    assert choose(square(31)).method == "fourier"
    assert choose(square(3, rank=1)).method == "im2col"
    assert choose(square(7, rank=1)).method == "separable"
    assert choose(square(31, rank=2)).method == "separable"
    assert choose(square(3, out=(28, 28))).method == "dense"
    assert choose(square(15, out=(25, 25))).method == "dense"
    assert choose(square(3, out=(256, 256))).method == "im2col"
    assert choose(square(5, depth=3, filters=16)).method == "im2col"
    assert choose(square(3, out=(28, 28), depth=3)).method == "im2col"
    assert choose(square(15, stride=(1, 2))).method == "im2col"


def test_without_a_fast_product_copies_are_shifted():
    for size, rank in itertools.product((3, 7), (1, None)):
        assert choose(square(size, rank=rank, blas="none")).method == "shifted"
    assert choose(square(31, blas="none")).method == "fourier"


def test_direct_products_suit_other_sizes():
    for size, rank in itertools.product((3, 5, 7, 13, 31), (1, None)):
        packing, direct = (
            choose(square(size, rank=rank, blas=blas)) for blas in ("packing", "direct")
        )
        assert packing.method == direct.method
        assert direct.costs["im2col"] != packing.costs["im2col"]


def test_a_weight_that_is_not_finite_leaves_only_the_definition():
    choice = choose(square(31, finite=False))
    assert choice.method == "shifted"
    assert "not finite" in choice.sentence
    kernel = np.ones((5, 5))
    kernel[2, 2] = np.inf
    assert plan(HD, kernel).method == "shifted"


def test_the_reason_names_the_numbers():
    assert choose(square(7, rank=1)).sentence == "rank 1: two passes of 7 instead of 49 products"
    task = Task(kernel=(9, 5), extent=(9, 5), out=HD, rank=1)
    assert choose(task).sentence == "rank 1: passes of 9 and 5 instead of 45 products"
    assert choose(square(31)).sentence.startswith("31 × 31 of full rank")
    assert "3 × 3 × 3" in choose(square(3, depth=3, filters=16)).sentence


def test_what_is_chosen_costs_least_and_alternatives_are_named():
    for size, rank, out in itertools.product((1, 3, 9, 31), (None, 1, 3), (HD, (40, 40))):
        choice = choose(square(size, rank=rank, out=out))
        assert choice.costs[choice.method] == min(choice.costs.values())
        assert {"shifted", "toeplitz", "fourier"} <= set(choice.costs)


def test_the_rank_is_found():
    column, row = numbers(1, 9), numbers(2, 9)
    kernel = np.outer(column, row)
    assert "rank 1" in plan(HD, kernel).sentence
    assert "rank 1" in plan(HD, kernel.astype(np.float32)).sentence
    assert "rank 2" in plan(HD, kernel + np.outer(row, column), dtype=np.float64).sentence
    assert plan(HD, numbers(3, 13, 13)).method == "toeplitz"


def test_one_plan_for_many_images():
    kernel = numbers(4, 7, 7)
    planned = plan((30, 40), kernel, padding="same", boundary="wrap", dtype=np.float64)
    assert planned.shape == (30, 40)
    for seed in range(3):
        image = numbers(seed, 30, 40)
        expected = ndimage.correlate(image, kernel, mode="grid-wrap")
        result = planned(image, bias=2)
        np.testing.assert_allclose(
            result, expected + 2, rtol=0, atol=1e-12 * np.abs(kernel).sum() * 5
        )


@pytest.mark.parametrize("size", [3, 9, 31])
def test_threads_may_share_a_plan(size):
    kernel = np.round(numbers(5, size, size) * 9)
    planned = plan((60, 70), kernel, padding="same")
    images = [np.full((60, 70), value, np.uint8) for value in range(16)]
    alone = [planned(image) for image in images]
    with ThreadPoolExecutor(4) as threads:
        for result, expected in zip(threads.map(planned, images), alone, strict=True):
            np.testing.assert_array_equal(result, expected)


def test_a_plan_is_for_one_shape():
    with pytest.raises(
        ValueError, match=r"image of shape \(5, 6\) does not fit a plan for \(6, 5\)"
    ):
        plan((6, 5), np.ones((3, 3)))(np.ones((5, 6)))


@pytest.mark.parametrize("shape", [(5,), (5, 6, 3, 1)])
def test_a_shape_of_another_number_of_dimensions_is_refused(shape):
    with pytest.raises(ValueError, match=r"image_shape \(5,.*\) must be \(H, W\) or \(H, W, C\)"):
        plan(shape, np.ones((3, 3)))


def test_a_boundary_that_is_no_word_is_refused_with_a_sentence():
    with pytest.raises(TypeError, match=r"boundary .* must be one of constant, edge"):
        correlate2d(np.ones((4, 4)), np.ones((2, 2)), boundary=["edge"])


def test_plans_that_are_kept_are_not_mixed_up():
    # Equal bytes, or equal values of another type, that mean another plan.
    image = np.arange(48.0).reshape(6, 8)
    wide = np.array([[1.0, 2.0, 3.0, 4.0]])
    for kernel in (wide, wide.T, wide.reshape(2, 2), wide.astype(np.float32)):
        for stride in (1, 2):
            for padding in (1, 2, "same", "full"):
                first = correlate2d(image, kernel, stride=stride, padding=padding)
                again = correlate2d(image, kernel[::-1, ::-1][::-1, ::-1], stride=(stride, stride),
                                    padding=padding)  # fmt: skip
                np.testing.assert_array_equal(first, again)
    for fill in (0.0, 1.0, -0.0):
        corner = correlate2d(image, np.ones((2, 2)), padding=1, fill_value=fill)[0, 0]
        assert corner == 3 * fill
    with pytest.raises(TypeError):
        correlate2d(image, wide, stride=True)


def test_the_kernel_may_change_after_planning():
    for shape, size in (((20, 20), 3), (HD, 3), (HD, 13)):  # kept plans and others
        kernel = np.ones((size, size))
        planned = plan(shape, kernel, dtype=np.float64)
        kernel[:] = 7
        image = np.ones(shape)
        image[-1, -1] = np.nan  # so that the definition is asked too
        assert planned(image)[-4, -4] == planned(image)[0, 0] == size**2


def test_a_colour_picture_with_a_stride():
    picture, kernel = numbers(10, 300, 280, 3), numbers(11, 5, 3)
    for stride in (2, (1, 2), (3, 1)):
        result = correlate2d(picture, kernel, stride=stride, padding="same")
        for channel in range(3):
            alone = correlate2d(picture[:, :, channel], kernel, stride=stride, padding="same")
            np.testing.assert_allclose(result[..., channel], alone, rtol=0, atol=1e-11)


@pytest.mark.parametrize("size", [1, 3, 13])
def test_a_colour_picture_is_one_wide_plane(size):
    assert plan((*HD, 3), numbers(10, size, size)).interleaved is not None
    assert plan((*HD, 3), numbers(10, size, size), stride=2).interleaved is None


def in_a_new_thread(function, *arguments, **how):
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments, **{"padding": "same", **how}).result()


def extra_memory(image, kernel, function=correlate2d, **how):
    """Measure what a new thread takes, which has no work memory yet, besides the map."""
    in_a_new_thread(function, image[:9, :9], kernel, **how)  # what is made once for all
    tracemalloc.start()
    result = in_a_new_thread(function, image, kernel, **how)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - result.nbytes


def test_channels_cut_out_of_a_picture_are_not_copied_as_a_whole():
    picture = np.zeros((1500, 1000, 4), np.uint8)[..., :3]
    assert extra_memory(picture, np.ones((3, 3))) < 2e6


@pytest.mark.parametrize("channels", [(), (3,)])
def test_memory_layouts_of_a_picture(channels):
    picture = (numbers(6, 40, 50, *channels) * 50 + 128).astype(np.uint8)
    kernel = numbers(7, 3, 3)
    expected = convolve2d(picture, kernel, padding="same", boundary="edge")
    frozen = picture.copy()
    frozen.flags.writeable = False
    doubled = np.repeat(picture, 2, axis=1)[:, ::2]
    turned = picture[::-1].copy()[::-1]
    for image in (frozen, np.asfortranarray(picture), doubled, turned):
        result = convolve2d(image, kernel, padding="same", boundary="edge")
        np.testing.assert_allclose(result, expected, rtol=0, atol=5e-7 * 255 * np.abs(kernel).sum())
    np.testing.assert_array_equal(frozen, picture)


@pytest.mark.parametrize(
    ("size", "rank", "limit"), [(3, None, 2e6), (13, None, 2e6), (15, 1, 2e6), (31, None, 20e6)]
)
def test_extra_memory(size, rank, limit):
    image = np.zeros((1500, 2000), np.float32)
    kernel = numbers(8, size, size) if rank is None else np.outer(*numbers(9, 2, size))
    assert extra_memory(image, kernel, boundary="reflect") < limit


@pytest.mark.parametrize(
    ("shape", "groups"),
    [((3, 3, 3, 8), 1), ((7, 7, 3, 8), 1), ((5, 5, 3, 64), 1), ((7, 7, 1, 8), 4)],
)
def test_extra_memory_of_many_filters(shape, groups):
    image = np.zeros((600, 900, shape[2] * groups), np.float32)
    assert extra_memory(image, numbers(14, *shape), conv2d, groups=groups) < 2e6


@pytest.mark.parametrize("shape", [(3, 3, 256, 256), (3, 3, 512, 64)])
def test_weights_of_many_channels_are_not_copied(shape):
    image, weights = np.zeros((20, 20, shape[2]), np.float32), numbers(17, *shape)
    assert extra_memory(image, weights.astype(np.float32), conv2d) < 2e6


@pytest.mark.parametrize(
    ("shape", "size", "how"),
    [
        ((300, 50_000), 3, {}),
        ((300, 50_000), 3, {"dilation": 2}),
        ((300, 50_000), 5, {"dtype": float}),
        ((50_000, 300), 5, {"dtype": float}),
        # Narrow maps, whose rows lie further apart in work memory than they are long.
        ((50_000, 60), 3, {}),
        ((50_000, 60), 9, {"stride": 2}),
        # Many tiles, and rows of a kernel that would take all work memory.
        ((100, 50_000), 21, {"stride": 2}),
        ((100, 50_000), 15, {"stride": (2, 1), "dtype": float}),
        # The columns of this padding are not evenly spaced, so they are gathered.
        ((2000, 10), 2, {"padding": (1, 500), "boundary": "wrap", "dtype": float}),
        ((2000, 10), 9, {"padding": (4, 500), "boundary": "wrap", "dtype": float}),
    ],
)
def test_extra_memory_of_a_long_narrow_image(shape, size, how):
    image = np.zeros(shape, how.get("dtype", np.float32))
    assert extra_memory(image, numbers(12, size, size), **how) < 2e6


@pytest.mark.parametrize("boundary", ["reflect", "wrap"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("size", "rank", "limit"), [(15, 1, 2e6), (31, 1, 2e6), (31, None, 20e6)])
def test_extra_memory_of_panels_and_blocks(size, rank, limit, dtype, boundary):
    kernel = numbers(15, size, size) if rank is None else np.outer(*numbers(16, 2, size))
    image = np.zeros((60, 50_000), dtype)
    image[30, 777] = np.nan
    assert extra_memory(image, kernel, boundary=boundary) < limit


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [3, 7, 13])
def test_extra_memory_where_a_strip_is_computed_again(size, dtype):
    image = np.zeros((700, 4000), dtype)
    image[300, 50] = np.nan
    kernels = [numbers(13, size, size), np.outer(*numbers(13, 2, size))]
    assert max(extra_memory(image, kernel) for kernel in kernels) < 2e6
