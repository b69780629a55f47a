"""How often which values come, counted in bins of one width that begin at 0."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_BINS = 256
_BLOCK = 1 << 16


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
    first, last = _places(np.array([low, high]), width).tolist()
    counts = np.zeros(last + 1 - first, np.intp)
    for block in _blocks(values):
        counts += np.bincount(_places(block, width) - first, minlength=len(counts))
    return Histogram(np.arange(first, last + 2, dtype=np.float64) * width, counts)


def _places(values: NDArray[np.float64], width: float) -> NDArray[np.intp]:
    """Give the number of the bin of each value; the one that begins at 0 is 0."""
    places: NDArray[np.intp] = np.floor(values / width).astype(np.intp)
    # A quotient may be too small for its sign.
    np.minimum(places, -1, out=places, where=values < 0)
    return places


def _blocks(values: NDArray[Any]) -> Iterator[NDArray[np.float64]]:
    """Yield the values some at a time: few enough to stay in the processor's cache."""
    flat = values.ravel()
    for start in range(0, flat.size, _BLOCK):
        yield flat[start : start + _BLOCK].astype(np.float64)


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
    return values.dtype.kind in "biu" or all(
        bool((block == np.rint(block)).all()) for block in _blocks(values)
    )
