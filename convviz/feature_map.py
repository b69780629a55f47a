"""The numbers of a scene: exact sums first, one division last.

The kernel is used as whole numbers over a common divisor, so that a mean of nine sevens typed as
1/9 is 7 and not 6.999999999999999, and so that every method gives the same number for a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.chain import Chain, Finish, Map
from convviz.methods.strips import Report
from convviz.scene import Scene
from convviz.trace import Trace, trace


def feature_map(scene: Scene, report: Report | None = None) -> Map:
    """Return the whole feature map of one pass.

    Parameters
    ----------
    scene : Scene
    report : callable, optional
        Told now and then which share is done, from 0 to 1. What it raises ends the computation.

    Returns
    -------
    ndarray
        (H_out, W_out): float64, or float32 where that holds every number of a picture's map.
    """
    chain = Chain.of(scene.one_pass)
    rows, columns = chain.shape
    return chain.part(range(rows), range(columns), report)


@dataclass(frozen=True)
class Region:
    """The part of the padded image that the block of positions touches.

    Parameters
    ----------
    values : ndarray
        float64 (rows, columns), padding filled in.
    row_sources, column_sources : ndarray
        The image row (column) each row (column) copies; -1 where it is the fill value.
    first_row, first_column : int
        Where the region begins, in the coordinates of the unpadded image.
    """

    values: np.ndarray
    row_sources: np.ndarray
    column_sources: np.ndarray
    first_row: int
    first_column: int


def region(scene: Scene) -> Region:
    """Cut out what the player draws as its input, the part no window reaches included."""
    geometry, block = scene.geometry, scene.block
    rows, columns = geometry.sources(scene.shape, scene.kernel.shape)
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    extent = geometry.extent(scene.kernel.shape)
    cuts = [
        _cut(part, len(sources), extent[axis], geometry.stride[axis], scene.output_shape[axis])
        for axis, (part, sources) in enumerate(
            ((block.rows, rows), (block.columns, columns)),
        )
    ]
    rows, columns = rows[cuts[0]], columns[cuts[1]]
    values = scene.image[np.ix_(rows, columns)].astype(np.float64)
    values[rows < 0] = geometry.fill_value
    values[:, columns < 0] = geometry.fill_value
    return Region(values, rows, columns, cuts[0].start - pads[0][0], cuts[1].start - pads[1][0])


def _cut(part: range, length: int, extent: int, stride: int, positions: int) -> slice:
    """Slice from the first window of the block to the end of its last, or of everything."""
    last = part.stop == positions
    return slice(part.start * stride, length if last else (part.stop - 1) * stride + extent)


def block_trace(scene: Scene, part: Region, finish: Finish) -> Trace:
    """Trace the block on its region: exact sums of pixel x numerator, in order."""
    return trace(
        part.values,
        finish.numerators,
        flip=scene.flip,
        stride=scene.geometry.stride,
        dilation=scene.geometry.dilation,
    )
