"""The controls: what the visitor does becomes another scene, and the sidebar shows the scene.

`touched` and `read` come before the scene is saved, `show` after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from convviz.scene import ONE_MAP, Scene
from convviz.ui import page
from convviz.ui.controls import (
    charts,
    compare,
    display,
    fields,
    input,
    kernel,
    undo,
    view,
    window,
)
from convviz.ui.controls.fields import Desk, Drawing

_CONTROLS = (
    *input.CONTROLS,
    *kernel.CONTROLS,
    *window.CONTROLS,
    *display.CONTROLS,
    *view.CONTROLS,
    *compare.CONTROLS,
    *undo.CONTROLS,
    *charts.CONTROLS,
)


def touched() -> bool:
    """Tell whether the visitor just changed anything with a control."""
    desk = _desk(None)
    return desk is not None and fields.touched(_CONTROLS, desk)


def read(scene: Scene) -> Scene:
    """Apply what the visitor just did.

    Parameters
    ----------
    scene : Scene
        As it was.

    Returns
    -------
    Scene
        As it is now. What cannot be is refused with a sentence beside its control, and the scene
        stays as it was.
    """
    desk = (_desk(scene) or Desk(scene)).hearing(late=page.is_late())
    if fields.touched(_CONTROLS, desk):
        desk = replace(desk, refused={})
    desk = _remember(desk)
    for control in _CONTROLS:
        desk = control.read(desk)
    desk = _remember(desk)
    opened, undone = page.visit(), undo.is_pressed()
    if opened is None:
        return desk.scene
    opened.turn_to(desk.scene, desk)
    if undone:
        opened.undo()
        opened.memory = _remember(replace(desk, scene=opened.scene))
    return opened.scene


def show(scene: Scene) -> None:
    """Draw the sidebar, with every widget showing the scene; nothing on an embedded page."""
    if not page.is_embedded():
        with st.sidebar:
            _draw(scene, input.show, kernel.show, window.show)


def show_view(scene: Scene) -> None:
    """Draw which maps are shown, where the page stands."""
    _draw(scene, view.show)


def show_display(scene: Scene) -> None:
    """Draw how the feature map is made and shown, and what more is, where the page stands.

    Beside other maps it is one pass, and nothing more is shown of it.
    """
    alone = scene.tiles == ONE_MAP
    with st.container(horizontal=True, key="display-row", vertical_alignment="bottom"):
        opened = page.visit()
        undo.show(possible=opened is not None and bool(opened.earlier))
        _draw(scene, display.show, *([compare.show] if alone else []))
    if alone:
        _draw(scene, charts.show)


def _draw(scene: Scene, *sections: Callable[[Drawing], None]) -> None:
    desk = _desk(scene)
    if desk is None:
        return
    drawing = Drawing(desk)
    for section in sections:
        section(drawing)
    if opened := page.visit():
        opened.memory = drawing.desk
    if drawing.is_behind:
        st.rerun()


def _desk(scene: Scene | None) -> Desk | None:
    opened = page.visit()
    desk = opened.memory if opened else None
    if not isinstance(desk, Desk):
        return None
    return desk if scene is None else replace(desk, scene=scene)


def _remember(desk: Desk) -> Desk:
    return kernel.remember(input.remember(desk))
