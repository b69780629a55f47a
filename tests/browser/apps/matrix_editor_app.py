"""Two matrix editors, a copy of their numbers, and presets from outside: for the browser tests."""

from __future__ import annotations

from typing import Any

import streamlit as st

from convviz.matrices import Matrix, format_matrix
from convviz.ui.matrix_editor import EditorState, mount, read, step

# ?side=31 opens with a preset.
BLUR = Matrix.parse("1/16 x [[1, 2, 1], [2, 4, 2], [1, 2, 1]]")
CLASSIC = Matrix.parse("3 3 2 1 0; 0 0 1 3 1; 3 1 2 2 3; 2 0 0 2 2; 2 0 0 0 1")


def square(side: int) -> Matrix:
    return Matrix.of([[(row * column) % 7 - 3 for column in range(side)] for row in range(side)])


def start(name: str) -> EditorState:
    if name == "input":
        return EditorState(CLASSIC)
    side = int(st.query_params.get("side", 0))
    return EditorState(square(side) if side else BLUR, largest=(31, 31))


def choose(side: int) -> None:
    st.session_state["kernel-state"] = st.session_state["kernel-state"].replaced_by(square(side))


def begin_again() -> None:
    """Forget all, as a new session has nothing; under another key the editors are new ones too."""
    begun = st.session_state["begun"] + 1
    st.session_state.clear()
    st.session_state["begun"] = begun


def editor(name: str, label: str, **look: Any) -> None:
    key = f"{name}-{st.session_state['begun']}"
    state = step(st.session_state.get(f"{name}-state") or start(name), read(key))
    st.session_state[f"{name}-state"] = state
    mount(state, key=key, label=label, **look)
    with st.container(key=f"{name}-numbers"):
        st.text(format_matrix(state.matrix.weights))


st.set_page_config(page_title="Matrix editors", initial_sidebar_state="expanded")
st.session_state.setdefault("begun", 0)
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.title("Matrix editors", anchor=False)
st.text(f"Run {st.session_state['runs']}")
with st.sidebar:
    st.header("Kernel", anchor=False)
    editor("kernel", "Kernel", limit=(15, 15))
for column, side in zip(st.columns(6), (1, 3, 5, 7, 15, 31), strict=True):
    column.button(f"{side} x {side}", on_click=choose, args=(side,))
st.button("Begin again", on_click=begin_again)
editor("input", "Input matrix", limit=(64, 64), greys=(0.0, 3.0), caption=())
