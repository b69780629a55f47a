"""What the browser is told about an editor: one JSON text, made from the state alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from convviz import matrix_edits
from convviz.geometry import Pair
from convviz.matrices import Matrix
from convviz.ui.matrix_editor.state import EditorState, wrong_cells, wrong_factor

PREVIEW_SIDE = 5
"""Rows and columns of a preview: enough to see whether the text was read as it was meant."""


def payload(
    state: EditorState,
    *,
    label: str,
    limit: Pair,
    largest_grid: int = 15,
    greys: tuple[float, float] | None = None,
    caption: Sequence[str] | None = None,
) -> str:
    """Describe an editor to its browser side.

    Parameters
    ----------
    state : EditorState
        What to show.
    label : str
        What the matrix is: "Kernel", "Input matrix".
    limit : (int, int)
        Rows and columns up to which the sizes can be raised.
    largest_grid : int
        Cells a side up to which the cells can be typed; above it the matrix is drawn.
    greys : (float, float), optional
        The values shown black and white. Without it the fill is the diverging scale.
    caption : sequence of str, optional
        Sentences below the grid. Without it, what the numbers mean as a kernel.

    Returns
    -------
    str
        JSON without NaN or Infinity.
    """
    typed = state.shown
    sentences = matrix_edits.describe(state.matrix) if caption is None else caption
    shape = state.matrix.shape if state.draft is None else (len(typed.cells), len(typed.cells[0]))
    content = {
        "serial": state.serial,
        "label": label,
        "cells": typed.cells,
        "factor": typed.factor,
        "wrong": wrong_cells(typed) if state.draft else (),
        "wrongFactor": state.draft is not None and wrong_factor(typed),
        "message": state.message,
        "caption": [signed(text) for text in sentences],
        "preview": _preview(state.preview),
        "most": [max(pair) for pair in zip(limit, shape, strict=True)],
        "drawn": max(shape) > largest_grid,
        "greys": greys,
        "undo": bool(state.past) or state.draft is not None,
        "redo": bool(state.future),
    }
    return json.dumps(content, allow_nan=False, separators=(",", ":"))


def _preview(preview: Matrix | str | None) -> dict[str, Any] | None:
    if preview is None:
        return None
    if isinstance(preview, str):
        return {"message": preview}
    rows, columns = preview.shape
    corner = [row[:PREVIEW_SIDE] for row in preview.cells[:PREVIEW_SIDE]]
    return {"rows": rows, "columns": columns, "factor": preview.factor, "cells": corner}


def signed(sentence: str) -> str:
    """Give numbers in a sentence their true minus sign, and leave hyphens alone."""
    return re.sub(r"(?<!\w)-(?=[\d.])", "\u2212", sentence)
