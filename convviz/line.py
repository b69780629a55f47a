"""A straight line from one pixel to another: which pixels it runs over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from convviz.geometry import Pair, integer

Line = tuple[int, int, int, int]
"""Row and column of the first pixel, row and column of the last, from 0."""
_NAMES = ("first row", "first column", "last row", "last column")


def check_line(line: object) -> Line:
    """Read the two ends of a line.

    Raises
    ------
    TypeError
        If these are no four whole numbers.
    ValueError
        If one is negative; where the picture ends is not known here.
    """
    if not isinstance(line, Sequence) or isinstance(line, str) or len(line) != 4:
        raise TypeError(f"line {line!r} must be row, column, row, column")
    pairs = zip(_NAMES, line, strict=True)
    ends = [integer(f"line {name}", value) for name, value in pairs]
    for name, value in zip(_NAMES, ends, strict=True):
        if value < 0:
            raise ValueError(f"The line's {name} {value} is outside the picture: use 0 or more.")
    return ends[0], ends[1], ends[2], ends[3]


def middle_row(shape: Pair) -> Line:
    """Return the line along the middle row, from edge to edge."""
    return shape[0] // 2, 0, shape[0] // 2, shape[1] - 1


def inside(line: Line, shape: Pair) -> Line:
    """Move the ends that lie beyond the last row or column onto it."""
    rows, columns = shape[0] - 1, shape[1] - 1
    row, column, last_row, last_column = line
    return min(row, rows), min(column, columns), min(last_row, rows), min(last_column, columns)


def pixels(line: Line) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the pixels of a line, one for each step along its longer direction.

    Returns
    -------
    rows, columns : (n,) int arrays
        From one end to the other, both included: the pixel nearest to each step, of two that are
        equally near the lower or the right one.

    Examples
    --------
    >>> rows, columns = pixels((0, 0, 2, 4))
    >>> rows.tolist(), columns.tolist()
    ([0, 1, 1, 2, 2], [0, 1, 2, 3, 4])
    """
    down, across = line[2] - line[0], line[3] - line[1]
    last = max(abs(down), abs(across))
    steps = np.arange(last + 1)
    # Whole numbers throughout: a half is a half, and the ends are the ends.
    rows, columns = (
        start + (2 * steps * way + last) // (2 * last or 1)
        for start, way in ((line[0], down), (line[1], across))
    )
    return rows, columns
