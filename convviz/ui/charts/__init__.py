"""More about a map: its kernel, frequencies, histogram, a profile, or how it was computed.

Only what the visitor chose is computed and drawn. Under every figure stands in words what it shows.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from convviz import costs, frequencies, matrix_edits
from convviz import profile as profiles
from convviz.display import GREY_HIGH, share
from convviz.explorer import Whole
from convviz.histogram import histogram
from convviz.scene import Scene
from convviz.ui.charts import figures
from convviz.ui.controls.fields import quiet
from convviz.ui.matrix_editor.payload import signed


def charts(scene: Scene, whole: Whole) -> None:
    """Draw what was chosen, if anything.

    Parameters
    ----------
    scene : Scene
    whole : Whole
        Its numbers.
    """
    with st.container(key="chart-drawn"):
        match scene.chart:
            case "kernel":
                _kernel(scene)
            case "frequencies":
                _frequencies(scene)
            case "histogram":
                _histogram(whole)
            case "profile":
                _profile(scene, whole)
            case "method":
                _method(whole)


def _kernel(scene: Scene) -> None:
    matrix = scene.kernel
    passes = min(matrix.shape) > 1 and matrix_edits.separable(matrix)
    beside = "Left and above: the column and the row of the two passes." if passes else ""
    said = (*map(signed, matrix_edits.describe(matrix)), beside)
    _draw(figures.kernel(matrix), *said, square=True)


def _frequencies(scene: Scene) -> None:
    kernel, geometry = scene.kernel, scene.geometry
    strided = "" if geometry.stride == (1, 1) else "The stride leaves out outputs after that."
    figure = figures.frequencies(frequencies.response(kernel, geometry))
    _draw(figure, frequencies.about(kernel, geometry), strided, square=True)


def _histogram(whole: Whole) -> None:
    image, values = whole.scene.image, whole.drawn
    below, above = share(values, np.less, 0), share(values, np.greater, GREY_HIGH)
    _draw(
        figures.histograms(histogram(image), histogram(values)),
        f"Of the feature map's values {below} are below 0 (orange) and {above} above 255.",
    )


def _profile(scene: Scene, whole: Whole) -> None:
    drawn = profiles.profile(whole, scene.line_in_use)
    _draw(figures.profile(drawn), signed(profiles.about(drawn)))


def _method(whole: Whole) -> None:
    quiet(costs.about(whole))
    if rows := costs.costs(whole):
        head = "| Method | Multiplications per output | Estimated time |\n|---|--:|--:|"
        st.markdown("\n".join([head, *map(_row, rows)]))
        quiet(
            "Of the methods worth trying for this kernel and size. Times are not measured: the "
            "model that chooses estimates them, in parts of that of the method used."
        )


def _row(cost: costs.Cost) -> str:
    about = "about " if cost.method == "fourier" else ""
    # Of two digits, but never with a power of ten.
    times = "1 (used)" if cost.times == 1 else f"{float(f'{cost.times:.2g}'):g} times"
    return f"| {costs.NAMES[cost.method]} | {about}{cost.multiplications:.0f} | {times} |"


def _draw(figure: figures.Figure, *said: str, square: bool = False) -> None:
    with st.container(key="chart-square" if square else "chart-wide"):
        st.plotly_chart(figure, config=figures.CONFIG)
    quiet(*said)
