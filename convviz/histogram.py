"""How often which values come, counted in bins of one width that begin at 0."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_BINS = 256


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of values.

    Attributes
    ----------
    edges : (n + 1,) float64 array
        Where the bins begin, and where the last one ends. 0 is an edge if it is inside.
    counts : (n,) int array
        A value on an edge belongs to the bin that begins there.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.intp]


def histogram(values: NDArray[Any]) -> Histogram:
    """Count values in at most 256 bins.

    Parameters
    ----------
    values : ndarray
        Any shape; real and finite.

    Returns
    -------
    Histogram
        The width is 1, 2 or 5 times a power of ten, at least 1 for whole numbers; no bin is partly
        negative.
    """
    low, high = float(values.min()), float(values.max())
    width = _width(low, high, whole=_are_whole(values))
    first, last = math.floor(low / width), math.floor(high / width) + 1
    parts = []
    # Apart, so that 0 is an edge to the last bit: sums on either side of it are told by their sign.
    if first < 0:
        parts.append(_counted(values[values < 0], first, min(last, 0), width))
    if last > 0:
        parts.append(_counted(values[values >= 0], max(first, 0), last, width))
    edges = np.concatenate([parts[0].edges, *(part.edges[1:] for part in parts[1:])])
    return Histogram(edges, np.concatenate([part.counts for part in parts]))


def _counted(values: NDArray[Any], first: int, last: int, width: float) -> Histogram:
    edges = np.arange(first, last + 1, dtype=np.float64) * width
    places = np.floor(values / width).astype(np.intp) - first
    # Rounding may put the least or the largest value a bin too far.
    np.clip(places, 0, last - first - 1, out=places)
    return Histogram(edges, np.bincount(places.ravel(), minlength=last - first))


def _width(low: float, high: float, *, whole: bool) -> float:
    """Return the least round width with which the values fit into the bins."""
    least = (high - low) / (MOST_BINS - 2)
    # Of large numbers that lie close together no float64 is between.
    least = max(least, 4 * float(np.spacing(max(abs(low), abs(high)))), 1e-300)
    if whole:
        least = max(least, 1.0)
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def _are_whole(values: NDArray[Any]) -> bool:
    return values.dtype.kind in "biu" or bool(np.array_equal(values, np.rint(values)))
