"""Which method is the fastest for a task: a pure function, which says why."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from convviz.methods.blas import Blas
from convviz.methods.fourier import tile_size
from convviz.methods.im2col import FILTERS_TOGETHER, MOST_TERMS, rows_at_once
from convviz.methods.layout import PRODUCT
from convviz.methods.toeplitz import block_and_copies

# The matrices of a small image have at most so many numbers.
MATRIX = 50_000


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
    blas : Blas
        What to expect of matrix products.
    """

    kernel: tuple[int, int]
    extent: tuple[int, int]
    out: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    depth: int = 1
    filters: int = 1
    rank: int | None = None
    finite: bool = True
    blas: Blas = "packing"

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
        "shifted", "im2col", "toeplitz", "separable", "dense" or "fourier".
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
    """Estimate nanoseconds for one output cell; measured by `benchmarks/core.py`.

    What has a number of cells below it is the time of a call.
    """
    cells = task.out[0] * task.out[1]
    costs = {"shifted": 0.4 + (0.25 + 1200 / cells) * task.products}
    if not task.finite:
        return costs
    if task.blas != "none":
        costs |= _of_products(task, cells)
    if task.depth == task.filters == 1:
        tiles = [length / outputs for length, outputs in _tiles(task)]
        # Where products are slow, the transforms are compiled without vector instructions too.
        each = {"none": 36.0, "packing": 6.7, "direct": 8.0}[task.blas]
        dense = tiles[0] * tiles[1] * task.stride[0] * task.stride[1]
        costs["fourier"] = each * dense + 60_000 / cells
    return costs


def _of_products(task: Task, cells: int) -> dict[str, float]:
    """Estimate the methods that multiply matrices."""
    rows, columns = task.extent
    costs = {"im2col": _im2col(task) + 12_000 / cells}
    if task.depth == task.filters == 1:
        high, wide = (n * step for n, step in zip(task.out, task.stride, strict=True))
        left, right = (task.kernel[1] * task.out[0] * wide * n for n in (high, task.out[1]))
        numbers = task.kernel[1] * max(task.out[0] * high, task.out[1] * wide)
        if max(left, right) <= PRODUCT and numbers <= MATRIX:
            costs["dense"] = (3500 + 0.02 * (left + right)) / cells
    if task.stride[1] == 1:
        costs["toeplitz"] = _toeplitz(task) + 16_000 / cells
    if task.rank and task.depth == task.filters == 1:
        steady, each = (0.3, 1.0 + 0.01 * (rows + columns))
        if task.blas == "packing":
            steady, each = 0.5, 0.75 + 0.0325 * (rows + columns)
        costs["separable"] = steady + task.rank * each + 15_000 / cells
    return costs


def _im2col(task: Task) -> float:
    copies = task.kernel[1] * task.depth
    windows = 4 * (task.extent[0] + task.stride[0]) * copies * task.out[1]
    block = rows_at_once(task.filters, task.blas, windows)
    products = (task.extent[0] + (block - 1) * task.stride[0]) * copies
    shared = (0.3 + 0.065 * copies * task.stride[0]) / task.filters
    each = 0.02 if task.filters >= FILTERS_TOGETHER else {1: 0.036, 2: 0.026, 4: 0.016}[block]
    added = task.filters == 1 and task.products > MOST_TERMS
    parts = math.ceil(products / MOST_TERMS) if added else 1
    return 0.3 + shared + each * products + 1.2 * (parts - 1)


def _toeplitz(task: Task) -> float:
    block, copies = block_and_copies(
        task.kernel, task.depth, task.filters, task.stride[0], task.blas
    )
    groups = math.ceil(task.kernel[1] / copies)
    products = (task.extent[0] + block - 1) * groups * copies * task.depth
    each = 0.016 if task.blas == "direct" and task.depth == task.filters == 1 else 0.022
    return 0.4 + 0.2 * copies + 0.2 * groups + each * products


def _two_passes(task: Task) -> str:
    (height, width), rank = task.kernel, task.rank
    passes = f"two passes of {height}" if height == width else f"passes of {height} and {width}"
    if rank != 1:
        passes = f"{rank} times {passes}"
    return f"rank {rank}: {passes} instead of {height * width} products"


def _size(task: Task) -> str:
    deep = f" × {task.depth}" if task.depth > 1 else ""
    return f"{task.kernel[0]} × {task.kernel[1]}{deep}"


SENTENCES: dict[str, Callable[[Task], str]] = {
    "shifted": lambda task: (
        f"{task.products} shifted copies, multiplied and added"
        if task.finite
        else "a weight is not finite: the plain definition, one product after the other"
    ),
    "toeplitz": lambda task: f"{_size(task)}: banded matrix products, some output rows at a time",
    "separable": _two_passes,
    "fourier": lambda task: (
        f"{task.kernel[0]} × {task.kernel[1]} of full rank: Fourier transforms of tiles "
        f"instead of {task.products} products"
    ),
    "dense": lambda task: (
        f"a small image of {task.out[0]} × {task.out[1]} outputs: "
        "one matrix on its left and one on its right"
    ),
    "im2col": lambda task: (
        f"{_size(task)}: windows as the columns of a matrix, {task.products} products each"
    ),
}
