"""The feature map as Explore shows it: the kernel applied several times, minus another map."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from convviz.chain import Chain, Map
from convviz.geometry import Pair
from convviz.kernels import kernel
from convviz.methods.choice import Choice
from convviz.methods.strips import Report, part_of
from convviz.passes import INPUT
from convviz.scene import Scene

BLOCK = 2**19
"""Numbers of the input that a block of a large map is computed from."""
_MOST_BESIDE = 32
_LEAST = 16
_NARROW = 0.02


@dataclass(frozen=True, eq=False)
class ShownMap:
    """The map that Explore shows, computed wherever it is looked at: it is never there as a whole.

    Attributes
    ----------
    scene : Scene
    chain : Chain
    other : Chain or None
        What gives the map that is subtracted, if a map is.
    """

    scene: Scene
    chain: Chain
    other: Chain | None

    @classmethod
    def of(cls, scene: Scene) -> ShownMap:
        """Make ready."""
        other = None
        if scene.minus not in ("", INPUT):
            other = Chain.of(replace(scene, kernel=kernel(scene.minus).matrix, minus=""))
        return cls(scene, Chain.of(scene), other)

    @property
    def shape(self) -> Pair:
        """Rows and columns."""
        return self.chain.shape

    def __getitem__(self, rows: slice) -> Map:
        """Compute some rows."""
        return self.part(range(*rows.indices(self.shape[0])), range(self.shape[1]))

    def part(self, rows: range, columns: range, report: Report | None = None) -> Map:
        """Compute a part, as `Chain.part`."""
        if not self.scene.minus:
            return self.chain.part(rows, columns, report)
        if self.other is None:
            values = self.chain.part(rows, columns, report)
            return values - self._under(rows, columns).astype(np.float64)
        values = self.chain.part(rows, columns, part_of(report, 0, 2))
        return values.astype(np.float64) - self.other.part(rows, columns, part_of(report, 1, 2))

    def blocks(self, report: Report | None = None) -> Iterator[tuple[range, range, Map]]:
        """Compute all of it, block by block, each row and column of the map once."""
        height, width = self.shape
        size = self.block
        count = -(-height // size[0]) * -(-width // size[1])
        done = 0
        for row in range(0, height, size[0]):
            for column in range(0, width, size[1]):
                rows = range(row, min(row + size[0], height))
                columns = range(column, min(column + size[1], width))
                yield rows, columns, self.part(rows, columns, part_of(report, done, count))
                done += 1

    def whole(self, report: Report | None = None) -> Map:
        """Compute all of it at once, for those who need it so."""
        found = np.empty(self.shape, self.part(range(1), range(1)).dtype)
        for rows, columns, values in self.blocks(report):
            found[rows.start : rows.stop, columns.start : columns.stop] = values
        return found

    @cached_property
    def block(self) -> Pair:
        """Rows and columns of a block: few enough to be held, with the least computed twice."""
        shapes = (self._block(beside) for beside in range(1, min(_MOST_BESIDE, self.shape[1]) + 1))
        # Of nearly equals the widest, whose rows lie in one piece.
        costs = [
            (math.prod(self._spans(shape)) / math.prod(shape) * (1 + _NARROW * beside), shape)
            for beside, shape in enumerate(shapes, 1)
        ]
        return min(costs)[1]

    def _block(self, beside: int) -> Pair:
        """Return the shape of a block, of so many side by side."""
        height, width = self.shape
        columns = -(-width // beside)
        windows = self.scene.windows
        room = BLOCK // self._spans((1, columns))[1]
        rows = height
        if self._spans((height, 1))[0] > room:
            rows = (room - windows.extent[0]) // windows.stride[0] + 1
        return min(height, max(rows, _LEAST)), columns

    def _spans(self, block: Pair) -> Pair:
        """Count the rows and columns of the input under a block."""
        windows = self.scene.windows
        rows, columns = (
            min((block[axis] - 1) * windows.stride[axis] + windows.extent[axis], length)
            for axis, length in enumerate(self.scene.shape)
        )
        return rows, columns

    def choice(self) -> Choice | None:
        """Return how a map of one pass is computed; None for the definition, and for several."""
        return self.chain.choice(self.block) if self.scene.is_one_pass else None

    def _under(self, rows: range, columns: range) -> Map:
        """Return the pixels under the centres of windows."""
        windows = self.scene.windows
        down, across = (
            slice(
                windows.centre[axis] + places.start * windows.stride[axis],
                windows.centre[axis] + (places.stop - 1) * windows.stride[axis] + 1,
                windows.stride[axis],
            )
            for axis, places in enumerate((rows, columns))
        )
        return self.scene.image[down, across]
