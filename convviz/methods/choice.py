"""Which method is the fastest for a task: a pure function, which says why."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from convviz.methods.fourier import tile_size

# Up to so many multiplications, and copied cells, one product of everything is the fastest.
SMALL_PRODUCTS = 250_000
SMALL_CELLS = 100_000


@dataclass(frozen=True)
class Task:
    """All that the choice of a method depends on.

    Parameters
    ----------
    kernel, extent : (int, int)
        Rows and columns of weights, and of what they span with their dilation.
    out : (int, int)
        Rows and columns of a feature map.
    stride : (int, int)
    depth, filters : int
        Channels under the kernel and feature maps, of one group.
    rank : int or None
        Of a kernel of one channel and one filter; None if it is not known to be small.
    finite : bool
        Whether all weights are.
    blas : bool
        Whether matrix products are fast.
    """

    kernel: tuple[int, int]
    extent: tuple[int, int]
    out: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    depth: int = 1
    filters: int = 1
    rank: int | None = None
    finite: bool = True
    blas: bool = True

    @property
    def products(self) -> int:
        """Multiplications for one output cell, by the definition."""
        return self.kernel[0] * self.kernel[1] * self.depth


@dataclass(frozen=True)
class Choice:
    """A method, what it was chosen from, and why.

    Attributes
    ----------
    method : str
        "shifted", "toeplitz", "separable", "fourier" or "im2col".
    sentence : str
        The reason, as the app shows it.
    costs : dict of str to float
        Estimated nanoseconds for one output cell, on one core, for every method that could do it.
    multiplications : dict of str to float
        Of the same methods, for one output cell; see `multiplications`.
    """

    method: str
    sentence: str
    costs: dict[str, float]
    multiplications: dict[str, float] = field(default_factory=dict)


@lru_cache(maxsize=1024)
def choose(task: Task) -> Choice:
    """Choose the method that is estimated to be the fastest.

    Examples
    --------
    >>> task = Task(kernel=(7, 7), extent=(7, 7), out=(1080, 1920), rank=1)
    >>> choose(task).sentence
    'rank 1: two passes of 7 instead of 49 products'
    """
    costs = _costs(task)
    method = min(costs, key=lambda name: costs[name])
    counts = {name: multiplications(task, name) for name in costs}
    return Choice(method, SENTENCES[method](task), costs, counts)


def multiplications(task: Task, method: str) -> float:
    """Count the multiplications for one output cell; those with the zeros of a band not.

    Of the two passes, the first is made for every column of the image, whatever the stride. A
    Fourier transform of n real numbers is counted with n log2(n) real multiplications, forward and
    back, and two for each n in between.
    """
    if method == "separable":
        return (task.rank or 1) * (task.kernel[0] * task.stride[1] + task.kernel[1])
    if method == "fourier":
        down, across = _tiles(task)
        size, outputs = down[0] * across[0], down[1] * across[1]
        return size * 2 * (math.log2(size) + 1) / outputs * math.prod(task.stride)
    return task.products


def _tiles(task: Task) -> list[tuple[int, int]]:
    """Return, down and across, the length of a tile and how many outputs it gives at stride 1."""
    lengths = (
        (tile_size((n - 1) * step + 1, reach), reach)
        for n, step, reach in zip(task.out, task.stride, task.extent, strict=True)
    )
    return [(length, length - reach + 1) for length, reach in lengths]


def _costs(task: Task) -> dict[str, float]:
    """Estimate nanoseconds for one output cell; measured by `benchmarks/core.py`."""
    width, (rows, columns) = task.kernel[1], task.extent
    cells = task.out[0] * task.out[1]
    costs = {"shifted": 0.25 * task.products}
    if not task.finite:
        return costs
    single = task.depth == task.filters == 1
    if task.blas:
        shared = 0.12 * width * task.depth / task.filters
        costs["toeplitz"] = 0.2 + shared + 0.024 * rows * width * task.depth + 4000 / cells
        windows = task.products * cells
        if windows * task.filters <= SMALL_PRODUCTS and windows <= SMALL_CELLS:
            costs["im2col"] = 0.1 * task.products
    if task.blas and single and task.rank:
        costs["separable"] = 0.2 + task.rank * (0.9 + 0.0325 * (rows + columns))
    if single:
        tiles = [length / outputs for length, outputs in _tiles(task)]
        # Where products are slow, the transforms are compiled without vector instructions too.
        each = 9.0 if task.blas else 36.0
        costs["fourier"] = each * tiles[0] * tiles[1] * task.stride[0] * task.stride[1]
    return costs


def _two_passes(task: Task) -> str:
    (height, width), rank = task.kernel, task.rank
    passes = f"two passes of {height}" if height == width else f"passes of {height} and {width}"
    if rank != 1:
        passes = f"{rank} times {passes}"
    return f"rank {rank}: {passes} instead of {height * width} products"


def _banded(task: Task) -> str:
    size = f"{task.kernel[0]} × {task.kernel[1]}"
    deep = f" × {task.depth}" if task.depth > 1 else ""
    return f"{size}{deep}: banded matrix products, some output rows at a time"


SENTENCES: dict[str, Callable[[Task], str]] = {
    "shifted": lambda task: (
        f"{task.products} shifted copies, multiplied and added"
        if task.finite
        else "a weight is not finite: the plain definition, one product after the other"
    ),
    "toeplitz": _banded,
    "separable": _two_passes,
    "fourier": lambda task: (
        f"{task.kernel[0]} × {task.kernel[1]} of full rank: Fourier transforms of tiles "
        f"instead of {task.products} products"
    ),
    "im2col": lambda task: (
        f"a small image: all windows as the columns of one matrix, {task.products} products each"
    ),
}
