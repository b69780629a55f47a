"""The button Undo: back to the scene before the last change."""

from __future__ import annotations

import streamlit as st

from convviz.ui.controls.fields import Control, Desk

_KEY = "undo"


class _Undo:
    """The button. What it goes back to is the visit's to know, so it changes nothing by itself."""

    def is_touched(self, desk: Desk) -> bool:
        return is_pressed()

    def read(self, desk: Desk) -> Desk:
        return desk


CONTROLS: tuple[Control, ...] = (_Undo(),)


def is_pressed() -> bool:
    """Tell whether the visitor just pressed it."""
    return st.session_state.get(_KEY) is True


def show(*, possible: bool) -> None:
    """Draw it."""
    st.button("Undo", key=_KEY, disabled=not possible)
