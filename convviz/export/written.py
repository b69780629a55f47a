"""The parts that code samples share: settings as numbers, and matrices as Python writes them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property

from convviz.geometry import Geometry, Pair, Sides
from convviz.inputs import Typed
from convviz.matrices import Matrix
from convviz.notation import shortest
from convviz.scene import Scene

LARGEST = 32
"""Rows, and columns, up to which the input stands in the code itself."""
CSV, NPY = "input.csv", "input.npy"
TURNED = "convolution turns the kernel by 180 degrees"

_LEADING_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")


@dataclass(frozen=True)
class Task:
    """What a sample must compute: one pass of a scene."""

    scene: Scene

    @property
    def geometry(self) -> Geometry:
        """Stride, dilation and boundary."""
        return self.scene.geometry

    @cached_property
    def pads(self) -> Sides:
        """Rows and columns added, as ((top, bottom), (left, right))."""
        return self.geometry.pads(self.scene.shape, self.scene.kernel.shape)

    @cached_property
    def extent(self) -> Pair:
        """Rows and columns a window spans."""
        return self.geometry.extent(self.scene.kernel.shape)

    @property
    def is_padded(self) -> bool:
        """Whether there is any padding."""
        return any(side for sides in self.pads for side in sides)

    @property
    def from_file(self) -> bool:
        """Whether the input is too large to stand in the code."""
        return max(self.scene.shape) > LARGEST

    @property
    def fill(self) -> str:
        """The fill value."""
        return shortest(self.geometry.fill_value)

    @property
    def bias(self) -> str:
        """What is added at the end, such as " + 0.5"; nothing for 0."""
        bias = self.scene.bias
        return f" {'-' if bias < 0 else '+'} {shortest(abs(bias))}" if bias else ""

    @property
    def factor(self) -> str:
        """The factor of the kernel, such as "1/9"; nothing for 1."""
        kernel = self.scene.kernel
        return "" if kernel.scale == 1 else literal(kernel.factor, float(kernel.scale))

    @property
    def strided(self) -> str:
        """The index that leaves out what the stride leaps over; nothing for 1."""
        return every_nth(self.geometry.stride)

    @property
    def input_rows(self) -> str:
        """The input as nested lists."""
        given = self.scene.input
        if isinstance(given, Typed) and given.matrix.factor == "1":
            return nested(given.matrix)
        return nested(Matrix.of(self.scene.image))

    @property
    def kernel_rows(self) -> str:
        """The kernel as typed, without its factor, as nested lists."""
        return nested(self.scene.kernel)


def every_nth(pair: Pair) -> str:
    """Write an index that takes every n-th row and column; nothing for 1."""
    rows, columns = (f"::{step}" if step > 1 else ":" for step in pair)
    return "" if pair == (1, 1) else f"[{rows}, {columns}]"


def nested(matrix: Matrix) -> str:
    """Write the cells as nested lists, one row a line, as they were typed."""
    rows = (
        ", ".join(literal(cell, value) for cell, value in zip(cells, values, strict=True))
        for cells, values in zip(matrix.cells, matrix.values.tolist(), strict=True)
    )
    return "[\n" + "".join(f"    [{row}],\n" for row in rows) + "]"


def literal(token: str, value: float) -> str:
    """Write a token so that Python reads its value: 1/9 stays, 05 loses its zero."""
    over, _, under = token.partition("/")
    divisor = float(under or 1)
    as_read = float(over) / divisor if divisor else math.inf
    if not math.isclose(as_read, value, rel_tol=1e-15):
        return shortest(value)
    return _LEADING_ZEROS.sub("", token)
