"""The figures, as Plotly reads them: plain data, so that Plotly is loaded only to draw one."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.frequencies import axis
from convviz.histogram import Histogram
from convviz.matrices import Matrix, MatrixError, token_of
from convviz.matrix_edits import separable
from convviz.notation import shortest, with_minus
from convviz.palette import DIVERGING, ink
from convviz.profile import Profile

Figure = dict[str, Any]

CONFIG = {"displayModeBar": False, "doubleClick": False, "showAxisDragHandles": False}
NUMBERED = 9
"""Rows, and columns, of the largest kernel with numbers in its cells."""
_LONGEST = 6
_CLEAR = "rgba(0,0,0,0)"
# Each stands out on a light page and on a dark one.
_GREY, _BELOW, _ABOVE = "#6B7785", DIVERGING[1], DIVERGING[8]
_SCALE = [[place / 10, colour] for place, colour in enumerate(DIVERGING)]
_FROM_ZERO = [[place / 5, colour] for place, colour in enumerate(DIVERGING[5:])]


def kernel(matrix: Matrix) -> Figure:
    """Draw the weights; of a kernel of rank 1 also its column and its row, left and above."""
    parts = [(matrix, 1, 1)]
    passes = separable(matrix) if min(matrix.shape) > 1 else None
    if passes is not None:
        parts += [(passes[0], 1, -1), (passes[1], -1, 1)]
    traces = [trace for part in parts for trace in _cells(*part)]
    rows, columns = matrix.shape
    return _figure(
        traces,
        xaxis=_axis("Column", **_ticks(columns)),
        yaxis=_axis("Row", autorange="reversed", scaleanchor="x", **_ticks(rows)),
        height=360,
    )


def _cells(matrix: Matrix, row: int, column: int) -> list[dict[str, Any]]:
    """Draw weights as cells, the first one at a place; few enough with their numbers."""
    (rows, columns), values = matrix.shape, matrix.weights
    limit = float(np.abs(values).max()) or 1.0
    across, down = _counted(column, columns), _counted(row, rows)
    weights = [[value * matrix.scale for value in cells] for cells in matrix.fractions]
    cells = {
        "type": "heatmap",
        "x": across,
        "y": down,
        # In parts of the limit: no script draws 1e280.
        "z": (values / limit).tolist(),
        "zmin": -1,
        "zmax": 1,
        "colorscale": _SCALE,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "text": [[_exact(weight) for weight in cells] for cells in weights],
        "hovertemplate": "%{text}<extra></extra>",
    }
    if max(rows, columns) > NUMBERED:
        return [cells]
    digits = {
        "type": "scatter",
        "mode": "text",
        "x": across * rows,
        "y": [at for at in down for _ in across],
        "text": [_short(weight) for cells in weights for weight in cells],
        "textfont": {
            "size": 14 if max(rows, columns) <= 5 else 11,
            "color": [ink(value) for value in (values / limit).ravel().tolist()],
        },
        "hoverinfo": "skip",
    }
    return [cells, digits]


def frequencies(magnitude: NDArray[np.float64]) -> Figure:
    """Draw a frequency response, 0 in the middle."""
    places = axis().tolist()
    most = float(magnitude.max()) or 1.0
    heat = {
        "type": "heatmap",
        "x": places,
        "y": places,
        "z": magnitude.tolist(),
        "zmin": 0,
        "zmax": most,
        "colorscale": _FROM_ZERO,
        # Above it, so that a narrow screen has its width for the map.
        "colorbar": {
            "title": {"text": "Gain"},
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "thickness": 12,
        },
        "hovertemplate": "%{y:.3f} down, %{x:.3f} across: gain %{z:.4g}<extra></extra>",
    }
    return _figure(
        [heat],
        xaxis=_axis("Columns, cycles per pixel", dtick=0.25, constrain="domain"),
        yaxis=_axis(
            "Rows, cycles per pixel",
            dtick=0.25,
            scaleanchor="x",
            autorange="reversed",
            constrain="domain",
        ),
        height=440,
    )


def histograms(image: Histogram, map: Histogram) -> Figure:
    """Draw how often which values come, in the input above, in the feature map below."""
    below = np.where(map.edges[:-1] < 0, _BELOW, _ABOVE).tolist()
    return _stacked(
        [_bars(image, _GREY, "y"), _bars(map, below, "y2") | {"xaxis": "x2"}],
        titles=("Value in the input", "Value in the feature map"),
        sides=("Pixels", "Cells"),
    )


def _bars(counted: Histogram, colours: Any, side: str) -> dict[str, Any]:
    edges = counted.edges
    return {
        "type": "bar",
        "x": ((edges[:-1] + edges[1:]) / 2).tolist(),
        "y": counted.counts.tolist(),
        "width": np.diff(edges).tolist(),
        "marker": {"color": colours, "line": {"width": 0}},
        "text": [
            f"{_rounded(first)} to below {_rounded(end)}" for first, end in pairwise(edges.tolist())
        ],
        "textposition": "none",
        "hovertemplate": "%{text}: %{y}<extra></extra>",
        "yaxis": side,
    }


def profile(drawn: Profile) -> Figure:
    """Draw the values along a line, of the input above, of the feature map below."""
    steps = _counted(1, len(drawn.rows))
    places = zip(drawn.rows + 1, drawn.columns + 1, drawn.image.tolist(), strict=True)
    pixels = [f"row {row}, column {column}: {_number(value)}" for row, column, value in places]
    cells = [
        f"row {row + 1}, column {column + 1}: {_number(value)}" if row >= 0 else ""
        for row, column, value in zip(
            drawn.cell_rows, drawn.cell_columns, drawn.map.tolist(), strict=True
        )
    ]
    values = drawn.map
    fills = (
        _curve(steps, part, "y2", colour, filled=True)
        for part, colour in (
            (np.where(values > 0, values, 0 * values), _ABOVE),
            (np.where(values < 0, values, 0 * values), _BELOW),
        )
    )
    traces = [
        _curve(steps, drawn.image, "y", _GREY, pixels),
        *fills,
        _curve(steps, values, "y2", _GREY, cells),
    ]
    return _stacked(
        [trace | ({"xaxis": "x2"} if trace["yaxis"] == "y2" else {}) for trace in traces],
        titles=("", "Pixel along the line"),
        sides=("Input", "Feature map"),
        together=True,
    )


def _curve(
    steps: list[int],
    values: NDArray[np.float64],
    side: str,
    colour: str,
    hover: list[str] | None = None,
    *,
    filled: bool = False,
) -> dict[str, Any]:
    curve: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines",
        "x": steps,
        "y": [None if np.isnan(value) else value for value in values.tolist()],
        # A pixel is as wide as a step, and nothing is between two of them.
        "line": {"shape": "hvh", "width": 0 if filled else 1.5, "color": colour},
        "yaxis": side,
    }
    if filled:
        return curve | {"fill": "tozeroy", "fillcolor": colour, "hoverinfo": "skip"}
    return curve | {"text": hover, "hovertemplate": "%{text}<extra></extra>"}


def _stacked(
    traces: list[dict[str, Any]],
    *,
    titles: tuple[str, str],
    sides: tuple[str, str],
    together: bool = False,
) -> Figure:
    """Put two plots one over the other, along the same axis where they go together."""
    upper = _axis(titles[0], anchor="y")
    if together:
        upper |= {"matches": "x2", "showticklabels": False}
    gap = 0.04 if together else 0.12
    return _figure(
        traces,
        xaxis=upper,
        xaxis2=_axis(titles[1], anchor="y2"),
        yaxis=_axis(sides[0], domain=[0.5 + gap, 1]),
        yaxis2=_axis(sides[1], domain=[0, 0.5 - gap], anchor="x2"),
        height=420,
        bargap=0,
    )


def _figure(traces: list[dict[str, Any]], *, height: int, **layout: Any) -> Figure:
    still = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": _CLEAR,
        "plot_bgcolor": _CLEAR,
        "showlegend": False,
        "dragmode": False,
    }
    return {"data": traces, "layout": {**still, **layout}}


def _axis(title: str, **more: Any) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 8},
        "fixedrange": True,
        "automargin": True,
        "zeroline": False,
        **more,
    }


def _ticks(count: int) -> dict[str, Any]:
    """Mark the cells, all of them or the first and every fifth; no lines between them."""
    places = _counted(1, count)
    places = [place for place in places if count <= NUMBERED or place == 1 or place % 5 == 0]
    return {"tickvals": places, "showgrid": False, "constrain": "domain"}


def _counted(first: int, count: int) -> list[int]:
    return list(range(first, first + count))


def _exact(value: Fraction) -> str:
    """Write a weight exactly, or where that takes too long as its float64."""
    try:
        return with_minus(token_of(value))
    except MatrixError:
        return _number(float(value))


def _short(value: Fraction) -> str:
    """Write a weight in a cell: exactly, if that is short."""
    text = _exact(value)
    return text if len(text) <= _LONGEST else with_minus(f"{float(value):.2g}")


def _number(value: float) -> str:
    """Write every digit, as the explorer does."""
    return with_minus(shortest(value + 0.0))


def _rounded(value: float) -> str:
    return with_minus(f"{value:.6g}")
