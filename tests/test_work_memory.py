"""The work memory of a thread: no two buffers at once in the same place, whatever happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import ndimage

from convviz import correlate2d, plan
from convviz.methods.memory import KEPT_BYTES, KeptMemory, aligned

FLOAT = np.dtype(np.float32)
LARGE = (100, 300)


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((200, 300), np.float32)


def kernel(seed: int, size: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((size, size)).astype(np.float32)


def expected(image: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return ndimage.correlate(image, weights, output=np.float64, mode="constant")


def test_buffers_of_one_call_lie_apart_and_on_cache_lines() -> None:
    with KeptMemory():
        first, second = aligned(LARGE, FLOAT), aligned(LARGE, FLOAT)
        with KeptMemory():
            third = aligned(LARGE, FLOAT)
            buffers = [first, second, third]
            for number, buffer in enumerate(buffers):
                buffer.fill(number)
            assert [np.unique(buffer).tolist() for buffer in buffers] == [[0], [1], [2]]
            assert all(buffer.ctypes.data % 64 == 0 for buffer in buffers)
        assert aligned(LARGE, FLOAT).ctypes.data == third.ctypes.data
        place = first.ctypes.data
    with KeptMemory():
        assert aligned(LARGE, FLOAT).ctypes.data == place


def test_what_was_given_before_stays_when_the_rest_is_given_again() -> None:
    with KeptMemory():
        first = aligned(LARGE, FLOAT)
        with KeptMemory() as memory:
            second = aligned(LARGE, FLOAT)
            memory.free()
            assert aligned(LARGE, FLOAT).ctypes.data == second.ctypes.data != first.ctypes.data


def test_what_is_too_large_or_outside_is_memory_of_its_own() -> None:
    with KeptMemory():
        kept, large = aligned(LARGE, FLOAT), aligned((KEPT_BYTES,), FLOAT)
        assert large.shape == (KEPT_BYTES,)
    outside = aligned(LARGE, FLOAT)
    assert not np.may_share_memory(kept, outside)
    assert not np.may_share_memory(kept, large)


@pytest.mark.parametrize("size", [3, 7])
def test_a_report_may_compute_too(size: int) -> None:
    image, other, weights = picture(1), picture(2), kernel(3, size)
    planned = plan(image.shape, weights, padding="same")
    inner = []
    made = planned.map(
        image, 0.0, lambda _: inner.append(correlate2d(other, weights, padding="same"))
    )
    np.testing.assert_allclose(made, expected(image, weights), atol=1e-4)
    for result in inner:
        np.testing.assert_allclose(result, expected(other, weights), atol=1e-4)


def test_a_computation_given_up_leaves_nothing_taken() -> None:
    def give_up(_: float) -> None:
        raise RuntimeError("given up")

    image, weights = picture(4), kernel(5)
    with KeptMemory():
        place = aligned(LARGE, FLOAT).ctypes.data
    with pytest.raises(RuntimeError, match="given up"):
        plan(image.shape, weights, padding="same").map(image, 0.0, give_up)
    with KeptMemory():
        assert aligned(LARGE, FLOAT).ctypes.data == place


def test_threads_do_not_share_it() -> None:
    def elsewhere() -> np.ndarray:
        with KeptMemory():
            return aligned(LARGE, FLOAT)

    with KeptMemory(), ThreadPoolExecutor(1) as pool:
        first, second = aligned(LARGE, FLOAT), aligned(LARGE, FLOAT)
        theirs = pool.submit(elsewhere).result()
        distance = second.ctypes.data - first.ctypes.data
        assert theirs.ctypes.data != second.ctypes.data + distance


class Maker:
    """Makes a buffer of the work memory, and counts how often."""

    def __init__(self, *shape: int) -> None:
        self.shape, self.count = shape, 0

    def make(self) -> np.ndarray:
        self.count += 1
        return aligned(self.shape, FLOAT)


def test_what_was_made_of_memory_is_there_again_and_counts_as_taken() -> None:
    maker = Maker(*LARGE)
    for _ in range(3):
        with KeptMemory() as memory:
            first = memory.made(maker.make)
    assert maker.count == 1
    with KeptMemory() as memory:
        assert memory.made(maker.make) is first
        assert not np.may_share_memory(first, aligned(LARGE, FLOAT))


def test_it_is_made_anew_after_others_were_given_memory_and_while_it_is_in_use() -> None:
    maker, other = Maker(*LARGE), Maker(*LARGE)
    with KeptMemory() as memory:
        first = memory.made(maker.make)
        with KeptMemory() as inner:
            assert not np.may_share_memory(first, inner.made(maker.make))
        memory.free()
        memory.made(other.make)
    assert (maker.count, other.count) == (2, 1)
    for count in (3, 4):
        with KeptMemory() as memory:
            memory.made(maker.make)
        assert maker.count == count
        with KeptMemory():
            aligned(LARGE, FLOAT)


def test_memory_of_its_own_is_not_kept() -> None:
    maker = Maker(KEPT_BYTES)
    for _ in range(2):
        with KeptMemory() as memory:
            aligned_too = memory.made(maker.make)
    assert maker.count == 2
    assert aligned_too.nbytes == 4 * KEPT_BYTES


def test_plans_by_turns_do_not_see_each_other() -> None:
    weights = [kernel(4), kernel(5, 5), kernel(6, 7)]
    for number in (0, 0, 1, 0, 2, 2, 0, 1, 1):
        for seed in (7, 8):
            image = picture(seed)
            made = correlate2d(image, weights[number], padding="same")
            np.testing.assert_allclose(made, expected(image, weights[number]), atol=1e-4)
