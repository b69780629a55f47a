"""The frame round every method: strip after strip of output rows, each checked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from convviz.methods.layout import Layout
from convviz.methods.memory import KeptMemory

# A strip -> out (rows, W_out, filters), which is written.
Compute = Callable[[Any, NDArray[Any]], None]
# Told now and then which share of the rows is done. What it raises ends the computation.
Report = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Windows:
    """Look at one output row of so many and at the last; see `look_at`."""

    apart: int


# Where to look for an infinity or NaN that may reach outputs whose window does not hold it, in a
# product with zeros or in a transform: in what is computed from (a strip that is an array), in what
# comes out (if sums on the way may overflow), or in some of that.
Look = Literal["nowhere", "strip", "outputs"] | Windows

# BLAS starts no threads for a sum of so many products.
CHUNK = 8192


def part_of(report: Report | None, done: int, count: int) -> Report | None:
    """Report one of several computations as its part of the whole."""
    return report and (lambda share: report((done + share) / count))


class Source(Protocol):
    """What gives the strips: a layout, as arrays (length, depth, W_padded), or `Copies`."""

    def strips(self, image: NDArray[Any], rows: int, dtype: np.dtype[Any]) -> Callable[[int], Any]:
        """Give what makes the strip that begins with a padded row; it holds until the next."""
        ...


class Method(Protocol):
    """A kernel made ready for one layout: nothing in it changes, so threads may share it."""

    rows: int
    look: Look

    @property
    def source(self) -> Source:
        """What gives the strips that it computes from."""
        ...

    def begin(self) -> Compute:
        """Allocate the work buffers of one call and return what computes `rows` output rows."""
        ...


def look_at(layout: Layout, block: int, *, zeros: bool) -> Look:
    """Say where to look after products with bands of `block` output rows.

    Parameters
    ----------
    layout : Layout
    block : int
    zeros : bool
        Whether the bands have zeros besides the weights; with gaps they have.
    """
    if not zeros and layout.gap[0] == 1:
        return "nowhere"
    # A number that is not finite spoils all rows of each band that meets it, whether with a weight
    # or with a zero. So many bands in succession meet an image row, or fewer at either end.
    down = layout.stride[0]
    under = (block - 1) * down + layout.extent[0]
    return Windows(max(under // (block * down), 1) * block)


@np.errstate(over="ignore", invalid="ignore")
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
    begin: int = 0,
    end: int | None = None,
) -> None:
    """Write the feature maps of an image into `out`.

    Parameters
    ----------
    method : Method
    definition : Method
        Computes again what holds an infinity or NaN that the method spreads to other windows, some
        rows at a time.
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
    begin, end : int
        The rows to write, up to the last one without `end`. It is at least as many as the method
        makes at a time.
    """
    rows, total = min(method.rows, layout.out[0]), layout.out[0]
    end = total if end is None else end
    source, look = method.source, method.look
    whole = image.dtype.kind != "f" and abs(layout.fill) < largest_moderate(out.dtype)
    if finite or (whole and look != "outputs"):
        look = "nowhere"
    apart = look.apart if isinstance(look, Windows) else 0
    with KeptMemory() as memory:
        strips = source.strips(image, rows, out.dtype)
        # Of many filters the weights would be kept with it.
        compute = memory.made(method.begin) if out.shape[2] == 1 else method.begin()
        seen = safe = 0  # Padded rows that were looked at, and from which on they were moderate.
        for place in range(begin, end, rows):
            first = min(place, end - rows)
            top = first * layout.stride[0]
            strip = strips(top)
            part = out[first : first + rows]
            if look == "strip":
                # Before the products: then these find the strip in the cache.
                fresh, seen = max(seen - top, 0), top + strip.shape[0]
                safe = safe if moderate(strip[fresh:]) else seen
            compute(strip, part)
            if apart:
                doubtful = not windows_moderate(part, apart)
            else:
                doubtful = look == "outputs" or top < safe
            if doubtful and not all_finite(part):
                # Each may need all work memory, so one begins when the other has ended.
                del strip, strips, compute
                memory.free()
                _again(definition, layout, image, top, part)
                memory.free()
                strips, compute = source.strips(image, rows, out.dtype), method.begin()
            if bias is not None:
                part += bias
            if report is not None:
                report((first + rows) / total)


def _again(
    definition: Method, layout: Layout, image: NDArray[Any], top: int, part: NDArray[Any]
) -> None:
    """Compute output rows, from a padded row on, by the definition."""
    few = min(definition.rows, len(part))
    strips, compute = layout.strips(image, few, part.dtype), definition.begin()
    for row in range(0, len(part), few):
        place = min(row, len(part) - few)
        compute(strips(top + place * layout.stride[0]), part[place : place + few])


def largest_moderate(dtype: np.dtype[Any]) -> float:
    """Return what two numbers may be at most, so that their product is far from overflowing."""
    return math.sqrt(np.finfo(dtype).max) / 16


def moderate(numbers: NDArray[Any]) -> bool:
    """Whether all are finite and none is so large that its square overflows.

    What is not may raise a warning of NumPy's, so callers ignore "over" and "invalid".
    """
    if not numbers.flags.c_contiguous and len(numbers) > 1:  # All of them would be copied.
        return all(moderate(numbers[row : row + 1]) for row in range(len(numbers)))
    flat = numbers.reshape(-1)
    chunks = flat.size // CHUNK
    rest = flat[chunks * CHUNK :]
    total = rest.dot(rest)
    if chunks:
        rows = flat[: chunks * CHUNK].reshape(chunks, CHUNK)
        total += np.vecdot(rows, rows).sum()
    return math.isfinite(total)


def windows_moderate(part: NDArray[Any], apart: int) -> bool:
    """Whether so many rows apart, and in the last row, the first feature map is moderate.

    Parameters
    ----------
    part : (rows, W_out, filters) array
        What was computed as one product for all filters.
    apart : int
    """
    rows, last = part[::apart, :, 0], part[-1, :, 0]
    if last.size > CHUNK:  # One after the other, for all of them would be copied.
        return all(moderate(row) for row in rows) and moderate(last)
    # A list is added up in half the time of an array so small.
    return math.isfinite(sum(np.vecdot(rows, rows).tolist(), float(last.dot(last))))


def all_finite(part: NDArray[Any]) -> bool:
    """Whether all (rows, ...) are; their sum of squares says so fastest, unless it overflows."""
    if moderate(part):
        return True
    few = max(CHUNK * len(part) // part.size, 1)  # what is made of all of them would be large
    return all(np.isfinite(part[first : first + few]).all() for first in range(0, len(part), few))
