"""The 12 x 12 scene the plain way: every step is a run of the script that sends a new table."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from benchmarks.scenes import twelve
from convviz.feature_map import feature_map
from convviz.palette import diverging_table

STYLE = """<style>
table { border-collapse: collapse; } td { width: 28px; height: 28px; text-align: center; }
td.now { outline: 2px solid #B5179E; } .row { display: flex; gap: 24px; flex-wrap: wrap; }
</style>"""


@cache
def free_the_collector() -> None:
    """Do what the app does too, so that only the way to step differs."""
    gc.collect()
    gc.freeze()


def grid(values: np.ndarray, limit: float, now: np.ndarray, known: int) -> str:
    shades = diverging_table(255)
    lines = []
    for row, line in enumerate(values):
        cells = [
            cell(value, limit, bool(now[row, column]), row * len(line) + column < known, shades)
            for column, value in enumerate(line)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(lines)}</table>"


def cell(value: float, limit: float, now: bool, known: bool, shades: np.ndarray) -> str:
    mark = ' class="now"' if now else ""
    if not known:
        return f"<td{mark}></td>"
    red, green, blue = shades[round((value / limit + 1) * 127)]
    return f'<td{mark} style="background:rgb({red},{green},{blue})">{value:g}</td>'


def grids(step: int) -> str:
    scene = twelve()
    image, weights = np.pad(scene.image, 1), scene.kernel.weights
    output = feature_map(scene)
    row, column = divmod(step - 1, output.shape[1])
    products = image[row : row + 3, column : column + 3] * weights
    window, spot, whole = np.zeros(image.shape), np.zeros(output.shape), np.ones((3, 3))
    window[row : row + 3, column : column + 3] = spot[row, column] = 1
    terms = " + ".join(
        f"{pixel:g} × {weight:g}"
        for pixel, weight in zip(
            image[row : row + 3, column : column + 3].flat, weights.flat, strict=True
        )
    )
    return (
        f'<div class="row">{grid(image, 9, window, image.size)}'
        f"<div>{grid(weights, 2, whole, 9)}{grid(products, 18, whole, 9)}</div>"
        f"{grid(output, float(np.abs(output).max()), spot, step)}</div><p>{terms} = "
        f'{output[row, column]:g}</p><p class="where">Position {step} of {output.size}</p>'
    )


@st.fragment
def player() -> None:
    state: Any = st.session_state
    state.setdefault("step", 1)
    if st.button("Next"):
        state.step = min(state.step + 1, 144)
    st.html(grids(state.step))


st.set_page_config(page_title="Rerun per step", layout="wide")
st.html(STYLE)
free_the_collector()
player()
