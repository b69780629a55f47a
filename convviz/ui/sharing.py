"""The page Share: its link, and its files."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from convviz.export.links import address
from convviz.scene import Scene
from convviz.ui import page
from convviz.ui.choice import choose
from convviz.ui.share import share
from convviz.ui.take_away import take_away

_POSITION = "position"


@dataclass(frozen=True)
class Opening:
    """What a link opens with: a page below the app's address, and what is changed for it."""

    path: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


_LECTURE, _PREDICT, _EXPLORE = "Lecture view", "Predict", "Explore"
_OPENINGS = {
    "Step by step": Opening(),
    _LECTURE: Opening(changes={"view": "lecture"}),
    _PREDICT: Opening(changes={"predict": True}),
    _EXPLORE: Opening(page.path_of(page.EXPLORE)),
}


def read(scene: Scene) -> Scene:
    """Return the scene at the position that was just chosen here, or gone back to."""
    opened, step = page.visit(), st.session_state.get(_POSITION)
    if opened is None:
        return scene
    count = len(scene.block)
    if isinstance(step, int) and step != scene.step and 1 <= step <= count:
        opened.stand_at(step)
    elif isinstance(step, int) and opened.is_elsewhere(reported := page.reported()):
        opened.go_to(reported)
    elif scene.step > count:
        opened.stand_at(count)
    return opened.scene


def sections(scene: Scene) -> None:
    """Draw the page: which scene, its link, its files.

    Parameters
    ----------
    scene : Scene
    """
    st.markdown("## Link")
    opening = _opening(scene)
    count = len(scene.block)
    if st.session_state.get(_POSITION) != scene.step:
        st.session_state[_POSITION] = scene.step
    st.number_input(f"Position, 1 to {count}", 1, count, key=_POSITION, width=180)
    plain = replace(scene, view="", predict=False)
    shown = replace(plain, **opening.changes)
    link = address(_base(), opening.path, shown)
    share(link, address(_base(), "", shown))
    page.not_in_the_link(shown)
    st.markdown("## Files")
    take_away(scene, link)


def _opening(scene: Scene) -> Opening:
    """Draw the choice; it begins with what the page was like that Share was pressed on."""
    likely = {
        _LECTURE: scene.view == "lecture",
        _PREDICT: scene.predict,
        _EXPLORE: page.came_from() == page.EXPLORE,
    }
    first = next((name for name, so in likely.items() if so), "")
    return choose("The link opens", _OPENINGS, "opens", first)


def _base() -> str:
    """Return the address of the app, without this page; "" where none is known."""
    here = (st.context.url or "").rstrip("/").removesuffix(f"/{page.path_of(page.SHARE)}")
    return here if here.startswith(("http://", "https://")) else ""
