"""Large maps lend their last rows as work memory to the first: the same numbers, nothing left."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from convviz import correlate2d, plan
from convviz.methods import ready
from convviz.methods.memory import KeptMemory, LentMemory, aligned
from convviz.plans import planned

SHAPE = (300, 400)
FLOAT = np.dtype(np.float32)


@pytest.fixture
def lends(monkeypatch):
    """Let small maps lend too, and count how often one does, of memory full of rubbish.

    What they lend is more than there is else.
    """
    counted = []

    class Watched(LentMemory):
        def __enter__(self) -> None:
            self.memory.fill(0xFF)  # NaN
            counted.append(self.memory.size)
            super().__enter__()

    monkeypatch.setattr(ready, "LentMemory", Watched)
    monkeypatch.setattr(ready, "LEAST_LENDING", 0)
    monkeypatch.setattr(ready, "MOST_LENT", 60_000)
    monkeypatch.setattr("convviz.methods.layout.WORK_BYTES", 40_000)
    return counted


def numbers(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def kernels():
    return {"im2col": numbers(1, 3, 3), "separable": np.outer(numbers(2, 7), numbers(3, 5)),
            "toeplitz": numbers(4, 11, 11)}  # fmt: skip


@pytest.mark.parametrize("method", kernels())
@pytest.mark.parametrize(
    ("boundary", "mode"), [("constant", "constant"), ("reflect", "mirror"), ("wrap", "wrap")]
)
def test_a_map_that_lends_is_the_same(method, boundary, mode, lends):
    image, kernel = numbers(5, *SHAPE), kernels()[method]
    made = plan(SHAPE, kernel, padding="same", boundary=boundary)
    assert made.method == method
    expected = ndimage.correlate(image, kernel, output=np.float64, mode=mode) + 2
    bound = 5e-7 * (np.abs(image).max() * np.abs(kernel).sum() + 2)
    for _ in range(2):
        np.testing.assert_allclose(made(image, bias=2.0), expected, rtol=0, atol=bound)
    assert len(lends) == 2
    assert min(lends) >= 60_000


@pytest.mark.parametrize("method", kernels())
@pytest.mark.parametrize("row", [0, 7, 150, 280, 299])
def test_a_number_that_is_not_finite_stays_in_its_windows(method, row, lends):
    image, kernel = numbers(6, *SHAPE), kernels()[method]
    image[row, 200] = np.nan
    down, across = (size // 2 for size in kernel.shape)
    spoiled = np.zeros(SHAPE, bool)
    spoiled[max(row - down, 0) : row + down + 1, 200 - across : 201 + across] = True
    np.testing.assert_array_equal(~np.isfinite(correlate2d(image, kernel, padding="same")), spoiled)
    assert lends


def test_progress_grows_and_a_report_may_compute_too(lends):
    image, kernel, told = numbers(7, *SHAPE), numbers(8, 3, 3), []
    expected = ndimage.correlate(image, kernel, output=np.float64, mode="constant")

    def report(share):
        told.append(share)
        np.testing.assert_allclose(correlate2d(image, kernel, padding="same"), expected, atol=1e-4)

    made = planned(SHAPE, kernel, FLOAT, (1, "same", 1, "constant", 0.0)).map(image, 0.0, report)
    np.testing.assert_allclose(made, expected, atol=1e-4)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(lends) == len(told) + 1


def test_a_map_that_does_not_lie_in_one_piece_lends_nothing(lends):
    picture = numbers(9, *SHAPE, 2)
    correlate2d(picture, numbers(10, 3, 3), stride=2)
    assert not lends


def test_what_is_lent_is_given_instead_and_then_again_what_is_kept():
    lent = np.zeros(10_100, np.float32)

    def make():
        return aligned((100, 100), FLOAT)

    with KeptMemory() as memory:
        kept = memory.made(make)
        with LentMemory(lent), KeptMemory():
            inner, large = aligned((100, 100), FLOAT), aligned((300, 300), FLOAT)
            assert np.may_share_memory(inner, lent)
            assert inner.ctypes.data % 64 == 0
            assert not np.may_share_memory(large, lent)  # It would not fit.
        again = aligned((100, 100), FLOAT)
        assert not np.may_share_memory(again, lent)
        assert not np.may_share_memory(again, kept)
    with KeptMemory() as memory:
        memory.made(make)
    with LentMemory(lent), KeptMemory() as memory:
        assert np.may_share_memory(memory.made(make), lent)
    with KeptMemory() as memory:
        assert not np.may_share_memory(memory.made(make), lent)
