"""Weights made ready for one layout: which method, in which pieces, and the maps themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.arrays import in_dtype
from convviz.methods.blas import BLAS
from convviz.methods.blocks import block_of, copy_block, places
from convviz.methods.choice import Choice, Task, choose
from convviz.methods.dense import Dense
from convviz.methods.fourier import Fourier
from convviz.methods.im2col import Im2col
from convviz.methods.layout import Layout
from convviz.methods.memory import KEPT_BYTES, WORK_BYTES, KeptMemory, LentMemory, aligned
from convviz.methods.panels import panel_count, panels
from convviz.methods.rank import factors
from convviz.methods.separable import Separable
from convviz.methods.shifted import Shifted
from convviz.methods.strips import Method, Report, part_of, run
from convviz.methods.toeplitz import Toeplitz

# A kernel is taken for one of lower rank if a feature map cannot differ by more than this part of
# max|image| times sum|kernel|: a fifth of what is promised for float32, a hundredth for float64.
TOLERANCE = {4: 1e-7, 8: 1e-14}
MOST_RANK = 4
# What is faster with more work memory. A map of so many bytes lends a share of them, up to a limit.
ROOMY = ("im2col", "toeplitz", "separable")
LEAST_LENDING = 16_000_000
LENT_SHARE = 0.3
MOST_LENT = 5_000_000
# Columns of an image and of its map, and what makes the weights ready for these.
Panel = tuple[slice, slice, Callable[[], "Ready"]]


@dataclass(frozen=True, eq=False, slots=True)
class Ready:
    """One group of filters, made ready for one layout.

    Attributes
    ----------
    choice : Choice
    layout : Layout
    method, definition : Method
        What computes, and what computes again where infinities and NaN must stay in their windows.
    panels : list of Panel
        Empty if all is done at once. They are made ready one after the other, for all together
        take memory.
    roomy : (Method, int), optional
        What computes the first rows of a large map, and the bytes of the last rows that it takes
        as work memory.
    block : Ready, optional
        What computes a block, if all is done in blocks.
    """

    choice: Choice
    layout: Layout
    method: Method | Dense
    definition: Method
    panels: list[Panel] = field(default_factory=list)
    roomy: tuple[Method, int] | None = None
    block: Ready | None = None

    @classmethod
    def of(cls, weights: NDArray[Any], layout: Layout, dtype: np.dtype[Any]) -> Ready:
        """Choose a method for weights (kh, kw, depth, filters) of any real dtype and prepare it.

        They are not copied, so they are not to change as long as it is used.
        """
        used = in_dtype(weights, dtype)
        ready = cls._at_once(weights, used, layout)
        count = panel_count(layout, used, ready.method)
        if count == 1:
            return ready
        divided = panels(layout, count)
        if divided is None:
            part = cls._at_once(weights, used, block_of(layout, dtype))
            return cls(part.choice, layout, part._of_strips, part.definition, block=part)
        parts: list[Panel] = [
            (columns, outputs, partial(cls._at_once, weights, used, part))
            for columns, outputs, part in divided
        ]
        ready = parts[0][2]()
        return cls(ready.choice, layout, ready._of_strips, ready.definition, parts)

    @classmethod
    def _at_once(cls, weights: NDArray[Any], used: NDArray[Any], layout: Layout) -> Ready:
        """Prepare weights, and the same in the dtype computed in, for one layout."""
        (height, width, depth, filters), dtype = used.shape, used.dtype
        finite = bool(np.isfinite(np.add.reduce(used, axis=None)))
        parts = None
        if finite and BLAS != "none" and depth == filters == 1 and max(height, width) > 4:
            kernel = weights[..., 0, 0].astype(np.float64)
            parts = factors(kernel, min(MOST_RANK, height, width), TOLERANCE[dtype.itemsize])
        task = Task(
            kernel=(height, width),
            extent=layout.extent,
            out=layout.out,
            stride=layout.stride,
            depth=depth,
            filters=filters,
            rank=None if parts is None else len(parts[0]),
            finite=finite,
            blas=BLAS,
        )
        choice, definition = choose(task), Shifted(used, layout)
        prepare = partial(_method, choice.method, used, parts, definition)
        lent, roomy = lent_bytes(layout, dtype) if filters == 1 else 0, None
        if lent and choice.method in ROOMY:
            larger = prepare(replace(layout, lent=lent))
            roomy = None if isinstance(larger, Dense) else (larger, lent)
        return cls(choice, layout, prepare(layout), definition, roomy=roomy)

    def __call__(
        self,
        image: NDArray[Any],
        bias: NDArray[Any] | None,
        out: NDArray[Any],
        report: Report | None = None,
        *,
        finite: bool = False,
    ) -> None:
        """Write the maps (H_out, W_out, filters) of an image (H, W, depth)."""
        if isinstance(self.method, Dense):
            self.plane(image[:, :, 0], bias, out[:, :, 0], report, finite=finite)
        else:
            self._maps(image, bias, out, report, finite)

    def plane(
        self,
        image: NDArray[Any],
        bias: NDArray[Any] | None,
        out: NDArray[Any],
        report: Report | None = None,
        *,
        finite: bool = False,
    ) -> None:
        """Write the map (H_out, W_out) of one filter and an image (H, W)."""
        if isinstance(self.method, Dense) and self.method(image, bias, out):
            return
        self._maps(image[:, :, None], bias, out[:, :, None], report, finite)

    def _maps(
        self,
        image: NDArray[Any],
        bias: NDArray[Any] | None,
        out: NDArray[Any],
        report: Report | None,
        finite: bool,
    ) -> None:
        for number, (columns, outputs, ready) in enumerate(self.panels):
            told = part_of(report, number, len(self.panels))
            ready()(image[:, columns], bias, out[:, outputs], told, finite=finite)
        if self.block is not None:
            self._in_blocks(self.block, image, bias, out, report, finite)
        if self.panels or self.block is not None:
            return
        begin = self._lending_rows(out)
        if self.roomy is not None and begin:
            given = self.roomy[0], self.definition, self.layout, image, bias, out, report
            with LentMemory(out[begin:]):
                run(*given, finite=finite, end=begin)
        given = self._of_strips, self.definition, self.layout, image, bias, out, report
        run(*given, finite=finite, begin=begin)

    @property
    def _of_strips(self) -> Method:
        return self.definition if isinstance(self.method, Dense) else self.method

    def _in_blocks(
        self,
        block: Ready,
        image: NDArray[Any],
        bias: NDArray[Any] | None,
        out: NDArray[Any],
        report: Report | None,
        finite: bool,
    ) -> None:
        rows, columns = block.layout.out
        with KeptMemory():
            copy = aligned((*block.layout.image, image.shape[2]), out.dtype)
            for row, column, done in places(self.layout, block.layout):
                copy_block(self.layout, image, (row, column), copy)
                part = out[row : row + rows, column : column + columns]
                block(copy, bias, part, finite=finite)
                if report is not None:
                    report(done)

    def _lending_rows(self, out: NDArray[Any]) -> int:
        """Say from which row on a map lends its memory to the rows above; 0 if it does not."""
        if self.roomy is None or not out.flags.c_contiguous:
            return 0
        roomy, lent = self.roomy
        rows = -(-(lent + KEPT_BYTES - WORK_BYTES) // out[0].nbytes)
        return int(max(len(out) - rows, 0) // roomy.rows * roomy.rows)


def lent_bytes(layout: Layout, dtype: np.dtype[Any]) -> int:
    """Say how many bytes a map lends while its first rows are computed; 0 if it is not large."""
    size = layout.out[0] * layout.out[1] * dtype.itemsize
    return min(int(size * LENT_SHARE), MOST_LENT) if size >= LEAST_LENDING else 0


def _method(
    name: str,
    weights: NDArray[Any],
    parts: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    definition: Method,
    layout: Layout,
) -> Method | Dense:
    """Prepare the method of this name."""
    if name == "toeplitz":
        return Toeplitz(weights, layout, BLAS)
    if name == "im2col":
        return Im2col(weights, layout, BLAS)
    if name == "dense":
        return Dense(weights[..., 0, 0], layout)
    if name == "fourier":
        return Fourier(weights[..., 0, 0], layout)
    if name == "separable" and parts is not None:
        columns, rows = (in_dtype(part, weights.dtype) for part in parts)
        return Separable(columns, rows, layout, BLAS)
    return definition
