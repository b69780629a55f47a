"""What `from convviz import ...` promises of all its functions alike."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import convviz
from convviz import (
    avg_pool2d,
    conv2d,
    convolve2d,
    correlate2d,
    max_pool2d,
    output_shape,
    relu,
    trace,
)
from convviz.geometry import BOUNDARIES

WINDOW = "stride=1, padding='valid', dilation=1"
PADDED = f"{WINDOW}, boundary='constant', fill_value=0.0"

# Code that others wrote relies on these names, their order and their defaults.
SIGNATURES = {
    "avg_pool2d": "image, size, *, stride=None, padding=0",
    "conv2d": f"image, weights, *, bias=None, groups=1, {PADDED}, dtype=None",
    "convolve2d": f"image, kernel, *, {PADDED}, bias=0.0, dtype=None",
    "correlate2d": f"image, kernel, *, {PADDED}, bias=0.0, dtype=None",
    "format_matrix": "array",
    "kernel": "id",
    "max_pool2d": "image, size, *, stride=None, padding=0",
    "output_shape": f"image_shape, kernel_shape, *, {WINDOW}",
    "parse_matrix": "text",
    "plan": f"image_shape, kernel, *, {PADDED}, dtype=<class 'numpy.float32'>",
    "read_image": "data",
    "relu": "image",
    "trace": f"image, kernel, *, flip=False, {PADDED}, bias=0.0, dtype=None",
}


def test_the_public_functions_take_what_they_promise() -> None:
    found = {}
    for name in convviz.__all__:
        value = getattr(convviz, name)
        if inspect.isfunction(value):
            bare = [
                each.replace(annotation=each.empty)
                for each in inspect.signature(value).parameters.values()
            ]
            found[name] = str(inspect.Signature(bare)).strip("()")
    assert found == SIGNATURES


def test_the_other_public_names_are_a_table_three_values_and_two_errors() -> None:
    others = set(convviz.__all__) - set(SIGNATURES)
    assert others == {"KERNELS", "Plan", "Step", "Trace", "MatrixError", "ImageError"}
    assert issubclass(convviz.MatrixError, ValueError)
    assert issubclass(convviz.ImageError, ValueError)


SINGLE = [
    *(np.bool_, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64),
    *(np.float16, np.float32),
]


def all_results(image: np.ndarray) -> list[np.ndarray]:
    """What every function makes of an image of ones and a window of 2 x 2."""
    box = np.ones((2, 2))
    steps = trace(image, box)
    return [
        correlate2d(image, box),
        convolve2d(image, box),
        conv2d(image[:, :, np.newaxis], box[:, :, np.newaxis, np.newaxis]),
        steps.output,
        steps[0].window,
        steps[0].weights,
        steps[0].products,
        steps[0].partial_sums,
        steps[0].subtotals,
        max_pool2d(image, 2),
        avg_pool2d(image, 2),
        relu(image),
    ]


@pytest.mark.parametrize("given", SINGLE)
def test_what_has_no_more_than_single_precision_gives_float32(given: type) -> None:
    assert {array.dtype for array in all_results(np.ones((3, 3), given))} == {np.dtype(np.float32)}


def test_float64_stays() -> None:
    assert {array.dtype for array in all_results(np.ones((3, 3)))} == {np.dtype(np.float64)}


@pytest.mark.parametrize(
    "operate",
    [correlate2d, convolve2d, trace, lambda image, _: relu(image), max_pool2d, avg_pool2d],
)
def test_complex_is_refused(operate) -> None:
    with pytest.raises(TypeError, match=r"^image of dtype complex128 must hold real numbers"):
        operate(np.ones((3, 3), complex), 1 if operate in (max_pool2d, avg_pool2d) else [[1]])


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (2, 5)])
def test_padding_may_be_wider_than_the_image(shape: tuple[int, int], boundary: str) -> None:
    image = np.random.default_rng(6).normal(size=shape)
    how = {"padding": ((0, 11), (23, 7)), "boundary": boundary}
    expected = np.pad(image, how["padding"], boundary)
    one = np.ones((1, 1))
    for result in (
        correlate2d(image, one, **how),
        convolve2d(image, one, **how),
        conv2d(image[:, :, None], one[:, :, None, None], **how)[:, :, 0],
        trace(image, one, **how).output,
    ):
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda: correlate2d(np.ones((4, 4)), np.ones((5, 5))),
        lambda: convolve2d(np.ones((4, 4)), np.ones((5, 5))),
        lambda: conv2d(np.ones((4, 4, 2)), np.ones((5, 5, 2, 3))),
        lambda: trace(np.ones((4, 4)), np.ones((5, 5))),
        lambda: output_shape((4, 4), (5, 5)),
    ],
)
def test_a_kernel_that_does_not_fit_is_refused_in_the_same_words(call) -> None:
    # 4 + 2 = 6 is the first padded size that takes 5.
    with pytest.raises(ValueError, match="does not fit") as raised:
        call()
    assert str(raised.value) == (
        "kernel (5, 5) does not fit image (4, 4) with padding 0: pad by 1 or more, or use a "
        "smaller kernel"
    )
