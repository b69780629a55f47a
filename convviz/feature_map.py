"""The numbers of a scene: exact sums first, one division last.

The kernel is used as whole numbers over a common divisor, so that a mean of nine sevens typed as
1/9 is 7 and not 6.999999999999999, and so that every method gives the same number for a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.matrices import Matrix
from convviz.methods.choice import Choice
from convviz.methods.strips import Report
from convviz.plans import plan
from convviz.scene import Scene
from convviz.trace import Trace, trace


@dataclass(frozen=True)
class Finish:
    """What turns a sum of pixel x numerator products into the output.

    ``output = sums * multiply / divide + bias``; ``sums / divisor`` is the sum of the products as
    they are shown.
    """

    numerators: np.ndarray
    divisor: int
    multiply: float
    divide: int
    bias: float

    @classmethod
    def of(cls, kernel: Matrix, bias: float) -> Finish:
        """Split a kernel into whole numbers and one division."""
        numerators, divisor = kernel.numerators()
        multiply, divide = kernel.scale.numerator, divisor * kernel.scale.denominator
        if max(abs(multiply), divide) > 2**53:
            # No float64 holds both exactly, so one rounded factor takes their place.
            return cls(numerators, divisor, float(kernel.scale / divisor), 1, bias)
        return cls(numerators, divisor, multiply, divide, bias)

    @property
    def trivial(self) -> bool:
        """Whether the sums are the output."""
        return self.multiply == self.divide == 1 and self.bias == 0

    def __call__(self, sums: np.ndarray) -> np.ndarray:
        """Return the output for these sums, in the dtype of the sums."""
        result = sums if self.multiply == 1 else sums * self.multiply
        result = result if self.divide == 1 else result / self.divide
        return result if self.bias == 0 else result + self.bias


@dataclass(frozen=True, eq=False)
class Computed:
    """A whole feature map, and how it was computed.

    Attributes
    ----------
    values : ndarray
        (H_out, W_out): float64, or float32 where that holds every number of a picture's map.
    choice : Choice or None
        The method, why it was chosen, and what the others would have cost; None where the numbers
        are not whole, so that only the definition gives the player's last bits.
    """

    values: np.ndarray
    choice: Choice | None


def computed(scene: Scene, report: Report | None = None) -> Computed:
    """Compute the whole feature map of a scene, and tell how.

    Parameters
    ----------
    scene : Scene
    report : callable, optional
        Told now and then which share is done, from 0 to 1. What it raises ends the computation.
    """
    finish = Finish.of(scene.kernel, scene.bias)
    bound = _whole_bound(scene, finish)
    if bound > SURE_FLOAT64:
        sums, choice = _summed(scene, finish, report), None
    else:
        sums, choice = _planned(scene, finish, bound, report)
    values = sums if finish.trivial else finish(sums.astype(np.float64, copy=False))
    return Computed(values, choice)


def feature_map(scene: Scene, report: Report | None = None) -> np.ndarray:
    """Return the whole feature map of a scene; see `computed`."""
    return computed(scene, report).values


# Sums of whole numbers up to here are known to less than a half whatever the method, so that
# rounding gives them exactly: the error is at most 5e-7 of the bound in float32, 1e-12 in float64.
SURE_FLOAT32 = 2.0**19
SURE_FLOAT64 = 2.0**38


def _planned(
    scene: Scene, finish: Finish, bound: float, report: Report | None
) -> tuple[np.ndarray, Choice]:
    """Add up whole numbers, by the fastest method."""
    numerators = finish.numerators[::-1, ::-1] if scene.flip else finish.numerators
    planned = plan(
        scene.image.shape,
        numerators,
        **_keywords(scene),
        dtype=np.float32 if bound <= SURE_FLOAT32 else np.float64,
    )
    sums = planned.map(scene.image, 0.0, report)
    return sums if planned.exact else np.rint(sums, out=sums), planned.choice


def _summed(scene: Scene, finish: Finish, report: Report | None) -> np.ndarray:
    """Add up any numbers, in the order of the terms: the same last bits as in the player."""
    traced = trace(
        scene.image, finish.numerators, flip=scene.flip, **_keywords(scene), dtype=np.float64
    )
    return traced.map(report)


def _keywords(scene: Scene) -> dict[str, Any]:
    geometry = scene.geometry
    return {
        "stride": geometry.stride,
        "padding": geometry.padding,
        "dilation": geometry.dilation,
        "boundary": geometry.boundary,
        "fill_value": geometry.fill_value,
    }


def _whole_bound(scene: Scene, finish: Finish) -> float:
    """Bound the sums of a picture's map; infinite if they need not be whole numbers."""
    whole = (scene.geometry.fill_value, *finish.numerators.flat)
    if not scene.is_picture or not all(float(value).is_integer() for value in whole):
        return np.inf
    largest = max(255.0, abs(scene.geometry.fill_value))
    return float(np.abs(finish.numerators).sum()) * largest


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
