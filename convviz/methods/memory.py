"""Work memory that a thread keeps: pages fresh from the system cost as much as copying them."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

# All work buffers of a call together. More rows at a time are fewer calls, and fewer rows that two
# strips share; of the 2 MB that are promised, NumPy and Python may need up to a quarter of one.
WORK_BYTES = 1_720_000
# All work buffers of a call, and the little that a method does not count.
KEPT_BYTES = WORK_BYTES + 50_000
# A buffer of so few bytes is no concern.
LEAST_BYTES = 20_000
LINE_BYTES = 64

Made = TypeVar("Made")


class _Latest(NamedTuple):
    """What was made of memory, by what, and how much of it."""

    make: Callable[[], Any]
    made: Any
    taken: int


class _Kept(threading.local):
    block: NDArray[np.uint8] | None = None
    size = KEPT_BYTES
    taken = 0
    users = 0
    beside = 0  # Buffers that found no room.
    latest: _Latest | None = None  # None after others were given memory.


_kept = _Kept()


class KeptMemory:
    """Inside, `aligned` gives from what this thread keeps; at the end that is free again."""

    def __enter__(self) -> KeptMemory:
        _kept.users += 1
        self.begin = _kept.taken
        return self

    def free(self) -> None:
        """Let what was given so far be given again; nobody may use it any longer."""
        _kept.taken = self.begin

    def made(self, make: Callable[[], Made]) -> Made:
        """Give what `make` makes of memory, or made before, if nobody else was given any since.

        To make a small map ready takes as long as to compute it.
        """
        if _kept.users > 1 or _kept.taken > 0:
            return make()
        latest = _kept.latest
        if latest is not None and latest.make == make:
            _kept.taken = latest.taken
            found: Made = latest.made
            return found
        beside = _kept.beside
        found = make()
        # What lies beside the kept memory is not to be kept.
        if _kept.taken and _kept.beside == beside:
            _kept.latest = _Latest(make, found, _kept.taken)
        return found

    def __exit__(self, *_: object) -> None:
        _kept.users -= 1
        self.free()


class LentMemory:
    """Inside, `KeptMemory` and `aligned` give from other memory than what this thread keeps.

    Parameters
    ----------
    memory : array
        In one piece; what is in it is lost.
    """

    def __init__(self, memory: NDArray[Any]) -> None:
        self.memory = memory.reshape(-1).view(np.uint8)

    def __enter__(self) -> None:
        self.outer = _kept.block, _kept.size, _kept.taken, _kept.latest
        _kept.block = self.memory[-self.memory.ctypes.data % LINE_BYTES :]
        _kept.size, _kept.taken, _kept.latest = _kept.block.size, 0, None

    def __exit__(self, *_: object) -> None:
        _kept.block, _kept.size, _kept.taken, _kept.latest = self.outer


def aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Make an uninitialised array; one that is not small begins on a cache line.

    Inside `KeptMemory` it may be memory of the thread, which holds only until the end of that.
    """
    size = math.prod(shape) * dtype.itemsize
    if size < LEAST_BYTES:
        return np.empty(shape, dtype)
    block, begin = _from_kept(size) or _on_a_line(size)
    return np.ndarray(shape, dtype, block, begin)


def _on_a_line(size: int) -> tuple[NDArray[np.uint8], int]:
    """Allocate memory and say where in it the first cache line begins."""
    block = np.empty(size + LINE_BYTES, np.uint8)
    return block, -block.ctypes.data % LINE_BYTES


def _from_kept(size: int) -> tuple[NDArray[np.uint8], int] | None:
    begin = _kept.taken
    end = begin + -(-size // LINE_BYTES) * LINE_BYTES
    if not _kept.users or end > _kept.size:
        _kept.beside += 1
        return None
    if _kept.block is None:
        block, first = _on_a_line(KEPT_BYTES)
        _kept.block = block[first:]
    _kept.taken, _kept.latest = end, None
    return _kept.block, begin
