"""What is shown of the kernel and the map beside the map, and where the profile runs."""

from __future__ import annotations

import streamlit as st

from convviz.geometry import Pair
from convviz.line import Line
from convviz.ui import explorer
from convviz.ui.controls.fields import Control, Desk, Drawing, Field, Whole, quiet

_CHARTS = {
    "kernel": "Kernel",
    "frequencies": "Frequencies",
    "histogram": "Histogram",
    "profile": "Profile",
    "method": "Method",
}


def _put_chart(desk: Desk, chart: str | None) -> Desk:
    return desk.showing(chart=chart or "")


def _end(place: int, label: str) -> Whole:
    """Make the field of one of the four numbers of the line."""

    def get(desk: Desk) -> int:
        return desk.scene.line_in_use[place] + 1

    def put(desk: Desk, value: int) -> Desk:
        line = desk.scene.line_in_use
        return desk.showing(line=(*line[:place], value - 1, *line[place + 1 :]))

    def limits(desk: Desk) -> Pair:
        return 1, desk.scene.shape[place % 2]

    return Whole(f"line-{place}", int, get, put, label, limits)


class _Drawn:
    """A line drawn on one of the explorer's pictures."""

    def is_touched(self, desk: Desk) -> bool:
        return explorer.read_line() is not None

    def read(self, desk: Desk) -> Desk:
        line: Line | None = explorer.read_line()
        if line is None:
            return desk
        return desk.showing(line=line, chart="profile")


# Any object, as None is a value too: the choice was taken back.
CHART = Field("chart", object, lambda desk: desk.scene.chart or None, _put_chart)
LINE = tuple(
    _end(place, label)
    for place, label in enumerate(("From row", "From column", "To row", "To column"))
)

CONTROLS: tuple[Control, ...] = (CHART, *LINE, _Drawn())


def show(drawing: Drawing) -> None:
    """Draw the row of choice, and for the profile its line."""
    with st.container(key="charts-row"):
        drawing.options(CHART, "More about this map", _CHARTS, buttons=True, required=False)
    if drawing.desk.scene.chart == "profile":
        with st.container(key="line-row"):
            drawing.row(*LINE)
        quiet("Or draw the line on a picture: hold Shift and drag, or press Draw a line.")
