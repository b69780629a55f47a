"""The frame round every method: strip after strip of output rows, each checked."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout
from convviz.methods.memory import KeptMemory, aligned

# strip (length, depth, W_padded) -> out (rows, W_out, filters), which is written.
Compute = Callable[[NDArray[Any], NDArray[Any]], None]
# Told now and then which share of the rows is done. What it raises ends the computation.
Report = Callable[[float], None]

# Where to look for an infinity or NaN that may reach outputs whose window does not hold it, in a
# product with zeros or in a transform: in what is computed from, or, if sums on the way may
# overflow, in what comes out. "windows" are some of the outputs, in whose windows all numbers are.
Look = Literal["nowhere", "strip", "outputs", "windows"]

# BLAS starts no threads for a sum of so many products.
CHUNK = 8192


def part_of(report: Report | None, done: int, count: int) -> Report | None:
    """Report one of several computations as its part of the whole."""
    return report and (lambda share: report((done + share) / count))


class Method(Protocol):
    """A kernel made ready for one layout: nothing in it changes, so threads may share it."""

    rows: int
    look: Look
    # How the strips lie that it computes from.
    source: Layout

    def begin(self) -> Compute:
        """Allocate the work buffers of one call and return what computes `rows` output rows."""
        ...


def look_at(layout: Layout, *, zeros: bool) -> Look:
    """Say where to look after products with bands, which may have zeros besides the weights."""
    if layout.gap[0] > 1 or (zeros and layout.stride[0] > 1):
        return "strip"  # There are zeros for rows that no window holds.
    return "windows" if zeros else "nowhere"


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
        Computes again what holds an infinity or NaN that the method spreads to other windows. It
        must take strips of any number of rows.
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
    source, depth = method.source, image.shape[2]
    whole = image.dtype.kind != "f" and abs(layout.fill) < largest_moderate(out.dtype)
    unlooked = finite or (whole and method.look in ("strip", "windows"))
    look: Look = "nowhere" if unlooked else method.look
    with KeptMemory(), np.errstate(over="ignore", invalid="ignore"):
        buffer = aligned((layout.reach(rows), depth, source.width), out.dtype)
        compute, again = method.begin(), None
        seen = safe = 0  # Padded rows that were looked at, and from which on they were moderate.
        for begin in range(0, total, rows):
            first = min(begin, total - rows)
            top = first * layout.stride[0]
            strip = source.strip(image, top, buffer)
            part = out[first : first + rows]
            if look == "strip":
                # Before the products: then these find the strip in the cache.
                fresh, seen = max(seen - top, 0), top + strip.shape[0]
                safe = safe if moderate(strip[fresh:]) else seen
            compute(strip, part)
            doubtful = look == "outputs" or top < safe
            if look == "windows":
                doubtful = not windows_moderate(part, layout.extent[0])
            if doubtful and not all_finite(part):
                again = again or definition.begin()
                if source is not layout:
                    padded = np.empty((strip.shape[0], strip.shape[1], layout.width), out.dtype)
                    strip = layout.strip(image, top, padded)
                again(strip, part)
            if bias is not None:
                part += bias
            if report is not None:
                report((first + rows) / total)


def largest_moderate(dtype: np.dtype[Any]) -> float:
    """Return what two numbers may be at most, so that their product is far from overflowing."""
    return math.sqrt(np.finfo(dtype).max) / 16


def moderate(numbers: NDArray[Any]) -> bool:
    """Whether all are finite and none is so large that its square overflows.

    What is not may raise a warning of NumPy's, so callers ignore "over" and "invalid".
    """
    flat = numbers.reshape(-1)
    chunks = flat.size // CHUNK
    rest = flat[chunks * CHUNK :]
    total = rest.dot(rest)
    if chunks:
        rows = flat[: chunks * CHUNK].reshape(chunks, CHUNK)
        total += np.vecdot(rows, rows).sum()
    return math.isfinite(total)


def windows_moderate(part: NDArray[Any], extent: int) -> bool:
    """Whether some rows of one feature map are moderate, in whose windows all image rows are.

    Parameters
    ----------
    part : (rows, W_out, 1) array
    extent : int
        Image rows in a window. Windows begin one row apart, so every `extent`-th and the last hold
        all rows between them.
    """
    rows, last = part[::extent, :, 0], part[-1, :, 0]
    if last.size > CHUNK:
        return moderate(rows) and moderate(last)
    return math.isfinite(np.vecdot(rows, rows).sum() + last.dot(last))


def all_finite(numbers: NDArray[Any]) -> bool:
    """Whether all are; their sum of squares says so fastest, unless it overflows."""
    return moderate(numbers) or bool(np.isfinite(numbers).all())
