"""The matrix editor: a grid of numbers to type in, for the kernel and for the input.

A run reads the event, makes the next state and mounts it::

    state = step(state, read("kernel"))
    mount(state, key="kernel", label="Kernel", limit=(15, 15))

Keep the state right after `step`: the browser stops repeating a change once it has been told that
it was handled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from convviz import client
from convviz.geometry import Pair
from convviz.ui.matrix_editor.events import Event, parse_event
from convviz.ui.matrix_editor.payload import payload
from convviz.ui.matrix_editor.state import EditorState, step

__all__ = ["EditorState", "Event", "mount", "read", "step"]

_HERE = Path(__file__).parent
_SCRIPTS = (
    "tokens.js",
    "outbox.js",
    "grid.js",
    "picture.js",
    "paste.js",
    "actions.js",
    "editor.js",
)

_editor = st.components.v2.component(
    "convviz_matrix_editor",
    html=(_HERE / "editor.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "editor.css"),
    js=client.script(*(_HERE / name for name in _SCRIPTS)),
)


def read(key: str) -> Event | None:
    """Read what the browser said, before the editor is mounted in this run.

    Parameters
    ----------
    key : str
        The key the editor is mounted with.

    Returns
    -------
    Event or None
        None when nothing was changed, or nothing that makes sense.
    """
    value = st.session_state.get(key)
    return parse_event(value.get("edit")) if isinstance(value, Mapping) else None


def mount(
    state: EditorState,
    *,
    key: str,
    label: str,
    limit: Pair,
    largest_grid: int = 15,
    greys: tuple[float, float] | None = None,
    caption: Sequence[str] | None = None,
) -> None:
    """Show an editor.

    Parameters
    ----------
    state : EditorState
        What it shows.
    key : str
        Its own key; the cells keep focus and text as long as it stays the same.
    label : str
        What the matrix is: "Kernel", "Input matrix".
    limit : (int, int)
        Rows and columns up to which the sizes can be raised. What may be pasted is bounded by
        `EditorState.largest`.
    largest_grid : int
        Cells a side up to which the cells can be typed; above it the matrix is drawn.
    greys : (float, float), optional
        The values shown black and white, for pixels. Without it the fill is the diverging scale.
    caption : sequence of str, optional
        Sentences below the grid. Without it, what the numbers mean as a kernel.
    """
    data = payload(
        state, label=label, limit=limit, largest_grid=largest_grid, greys=greys, caption=caption
    )
    _editor(key=key, data={"editor": data}, on_edit_change=lambda: None)
