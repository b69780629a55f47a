"""The values of an input and its feature map along a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convviz.explorer import MOST_NUMBERS, Whole, cells_over
from convviz.line import Line, pixels


@dataclass(frozen=True, eq=False)
class Profile:
    """What lies along a line, one entry for each of its pixels.

    Attributes
    ----------
    line : Line
    rows, columns : (n,) int arrays
        The pixels, from 0.
    image : (n,) float64 array
        Their values.
    cell_rows, cell_columns : (n,) int arrays
        The cell of the feature map over each pixel, from 0; -1 where there is none.
    map : (n,) float64 array
        The cells' values; NaN where there is none.
    """

    line: Line
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    image: NDArray[np.float64]
    cell_rows: NDArray[np.intp]
    cell_columns: NDArray[np.intp]
    map: NDArray[np.float64]

    @property
    def gaps(self) -> int:
        """How many of the pixels have no cell over them."""
        return int(np.count_nonzero(self.cell_rows < 0))


def profile(whole: Whole, line: Line) -> Profile:
    """Read the values along a line.

    Parameters
    ----------
    whole : Whole
    line : Line
        Both ends in the input.
    """
    scene = whole.scene
    rows, columns = pixels(line)
    cells = [cells_over(scene, axis, at) for axis, at in enumerate((rows, columns))]
    there = np.logical_and(
        *((cell >= 0) & (cell < n) for cell, n in zip(cells, scene.windows.shape, strict=True))
    )
    cell_rows, cell_columns = (np.where(there, cell, -1) for cell in cells)
    values = np.full(rows.shape, np.nan)
    values[there] = _along(whole, cell_rows[there], cell_columns[there])
    image = scene.image[rows, columns].astype(np.float64)
    return Profile(line, rows, columns, image, cell_rows, cell_columns, values)


def _along(whole: Whole, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the numbers of cells along a line, piece by piece where it is oblique."""
    if not len(rows):
        return np.empty(0)
    ends = [sorted((int(at[0]), int(at[-1]))) for at in (rows, columns)]
    box = [range(first, last + 1) for first, last in ends]
    if len(box[0]) * len(box[1]) <= MOST_NUMBERS:
        return whole.part(box[0], box[1])[rows - box[0].start, columns - box[1].start]
    half = len(rows) // 2
    return np.concatenate(
        [_along(whole, rows[part], columns[part]) for part in (slice(half), slice(half, None))]
    )


def about(drawn: Profile) -> str:
    """Say in words where a line runs and between which values."""
    row, column, last_row, last_column = (end + 1 for end in drawn.line)
    count = len(drawn.rows)
    said = [
        f"From row {row}, column {column} to row {last_row}, column {last_column}: "
        f"{count} {'pixel' if count == 1 else 'pixels'}.",
        f"Input {_span(drawn.image)}.",
    ]
    if drawn.gaps == count:
        return " ".join([*said, "No window has its centre on this line."])
    said.append(f"Feature map {_span(drawn.map[drawn.cell_rows >= 0])}.")
    if drawn.gaps:
        said.append(f"{drawn.gaps} of the pixels have no cell: no window has its centre there.")
    return " ".join(said)


def _span(values: NDArray[np.float64]) -> str:
    return f"from {values.min():.6g} to {values.max():.6g}"
