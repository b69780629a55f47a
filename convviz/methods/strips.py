"""The frame round every method: strip after strip of output rows, each checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from convviz.arrays import in_dtype
from convviz.methods.layout import Layout

# strip (length, depth, W_padded) -> out (rows, W_out, filters), which is written.
Compute = Callable[[NDArray[Any], NDArray[Any]], None]
# Told now and then which share of the rows is done. What it raises ends the computation.
Report = Callable[[float], None]


def part_of(report: Report | None, done: int, count: int) -> Report | None:
    """Report one of several computations as its part of the whole."""
    return report and (lambda share: report((done + share) / count))


class Method(Protocol):
    """A kernel made ready for one layout: nothing in it changes, so threads may share it."""

    rows: int

    def begin(self) -> Compute:
        """Allocate the work buffers of one call and return what computes `rows` output rows."""
        ...


def run(
    method: Method,
    definition: Method,
    layout: Layout,
    image: NDArray[Any],
    bias: NDArray[Any] | None,
    out: NDArray[Any],
    report: Report | None = None,
    *,
    finite: bool = False,
) -> None:
    """Write the feature maps of an image into `out`.

    Parameters
    ----------
    method : Method
    definition : Method
        Computes again what holds an infinity or NaN, which a product with zeros or a Fourier
        transform would spread to other windows. It must take strips of any number of rows.
    layout : Layout
    image : (H, W, depth) array
        Any real dtype and memory layout.
    bias : (filters,) array, optional
        In the dtype of `out`.
    out : (H_out, W_out, filters) array
        Written; its dtype is the one computed in.
    report : callable, optional
    finite : bool
        Whether image, fill value and sums are known to be finite, so that nobody need look.
    """
    rows, total = min(method.rows, layout.out[0]), layout.out[0]
    buffer = np.empty((layout.reach(rows), image.shape[2], layout.width), out.dtype)
    fill = in_dtype(np.array(layout.fill), out.dtype)
    check = method is not definition and not finite
    check = check and (image.dtype.kind == "f" or not np.isfinite(fill))
    compute, again = method.begin(), None
    with np.errstate(over="ignore", invalid="ignore"):
        for begin in range(0, total, rows):
            first = min(begin, total - rows)
            strip = layout.strip(image, first * layout.stride[0], buffer)
            part = out[first : first + rows]
            compute(strip, part)
            if check and not _finite(part.reshape(-1)):
                again = again or definition.begin()
                again(strip, part)
            if bias is not None:
                part += bias
            if report is not None:
                report((first + rows) / total)


def _finite(numbers: NDArray[Any]) -> bool:
    """Whether all are; their sum of squares says so fastest, unless it overflows."""
    return bool(np.isfinite(numbers @ numbers) or np.isfinite(numbers).all())
