"""What is known of a map once its rows have passed by: limits, a small picture, what is cut off."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convviz.display import GREY_HIGH, Display, Numbers
from convviz.methods.strips import Report
from convviz.screen import Rows, shrunk

Limits = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Sketch:
    """A map as a screen shows it.

    Attributes
    ----------
    limits : (float, float)
        The least and the largest of its numbers.
    below, above : int
        How many numbers are below 0, and above 255.
    small : (h, w) float32 array
        What is shown of the numbers, made small, in parts of `unit`.
    unit : float
    """

    limits: Limits
    below: int
    above: int
    small: NDArray[np.float32]
    unit: float = 1.0

    @classmethod
    def of(
        cls,
        values: Rows,
        longest: int,
        display: Display,
        unit: float = 1.0,
        report: Report | None = None,
    ) -> Sketch:
        """Look at every number once.

        Parameters
        ----------
        values : Rows
            (H, W).
        longest : int
            Most pixels along a side of the small picture.
        display : Display
        unit : float
            So large that float32 holds the numbers in parts of it; a power of two.
        report : callable, optional
            Told which share of the rows is done.
        """
        seen = _Seen(values, report)
        small = shrunk(seen, longest, lambda numbers: in_parts(display.shown(numbers), unit))
        return cls((seen.low, seen.high), seen.below, seen.above, small, unit)

    @property
    def shown(self) -> Numbers:
        """What is shown of the numbers, made small."""
        return from_parts(self.small, self.unit)


class _Seen:
    """Rows, and what was seen of them so far."""

    def __init__(self, values: Rows, report: Report | None) -> None:
        self.values, self.shape, self.report = values, values.shape, report
        self.low, self.high = np.inf, -np.inf
        self.below = self.above = self.rows = 0

    def __getitem__(self, rows: slice) -> Numbers:
        found = self.values[rows]
        self.low, self.high = min(self.low, float(found.min())), max(self.high, float(found.max()))
        new = found[self.rows - rows.start :]
        self.below += int(np.count_nonzero(new < 0)) if self.low < 0 else 0
        self.above += int(np.count_nonzero(new > GREY_HIGH)) if self.high > GREY_HIGH else 0
        self.rows = rows.stop
        if self.report is not None:
            self.report(rows.stop / self.shape[0])
        return found


def unit_for(reach: float) -> float:
    """Return a power of two in parts of which float32 holds numbers of up to such a size."""
    return 1.0 if 1e-20 < reach < 1e30 or reach == 0 else 2.0 ** math.frexp(reach)[1]


def from_parts(parts: NDArray[np.float32], unit: float) -> Numbers:
    """Return numbers written in parts of a unit: float32 for 1, else float64."""
    return parts if unit == 1 else parts.astype(np.float64) * unit


def in_parts(numbers: Numbers, unit: float) -> Numbers:
    """Write numbers in parts of a unit."""
    return numbers if unit == 1 else numbers / unit
