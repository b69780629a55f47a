"""A map in blocks, each from a copy of the padded image under it, where no panels can be cut."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import GATHERED, Layout
from convviz.methods.memory import WORK_BYTES

# Of the work memory, what a copy takes; the rest is for what computes a block.
COPY_BYTES = 120_000


def block_of(layout: Layout, dtype: np.dtype[Any]) -> Layout:
    """Lay out one block of the map: all its padded rows and columns are its image.

    Blocks are as square as the map allows, for neighbours share a kernel's rows and columns.
    """
    side = math.isqrt(COPY_BYTES // dtype.itemsize)
    out = []
    for total, stride, extent in zip(layout.out, layout.stride, layout.extent, strict=True):
        out.append(min(max((side - extent) // stride + 1, 1), total))
    high, wide = (
        (n - 1) * stride + extent
        for n, stride, extent in zip(out, layout.stride, layout.extent, strict=True)
    )
    nothing = np.empty(0, np.intp)
    return replace(
        layout,
        image=(high, wide),
        out=(out[0], out[1]),
        top=0,
        left=0,
        width=wide,
        channels=1,  # They are all one plane where there is no padding.
        above=nothing,
        below=nothing,
        margins=(),
        lent=WORK_BYTES - COPY_BYTES,
    )


def places(layout: Layout, block: Layout) -> Iterator[tuple[int, int, float]]:
    """Give the rows and columns at which blocks begin, and which share is done after each.

    The last ones overlap others.
    """
    (rows, columns), (high, wide) = layout.out, block.out
    count, done = -(-rows // high) * -(-columns // wide), 0
    for row in range(0, rows, high):
        for column in range(0, columns, wide):
            done += 1
            yield min(row, rows - high), min(column, columns - wide), done / count


@np.errstate(over="ignore", invalid="ignore")  # As in all strips: what is too large is infinite.
def copy_block(
    layout: Layout, image: NDArray[Any], place: tuple[int, int], into: NDArray[Any]
) -> None:
    """Copy the padded rows and columns under a block that begins at a place of the map.

    Parameters
    ----------
    layout : Layout
        Of the whole map.
    image : (H, W, depth) array
    place : (int, int)
    into : (rows, columns, depth) array
    """
    top, left = (n * stride for n, stride in zip(place, layout.stride, strict=True))
    rows = layout.rows_at(np.arange(top, top + into.shape[0]))
    columns = layout.columns_at(np.arange(left, left + into.shape[1]))
    few = max(GATHERED // into[0].size, 1)
    for first in range(0, len(into), few):
        some = rows[first : first + few, np.newaxis]
        into[first : first + few] = image[some, columns]
    if layout.constant:
        into[rows < 0] = layout.fill
        into[:, columns < 0] = layout.fill
