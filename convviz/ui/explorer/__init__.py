"""The explorer: a whole input and its whole feature map, side by side, down to single numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import streamlit as st

from convviz import explorer as spec
from convviz.explorer import Whole
from convviz.geometry import Pair
from convviz.line import Line
from convviz.scene import Scene
from convviz.ui import client, page

_HERE = Path(__file__).parent
_KEY = "explorer"
_FEED = "explorer-feed"
_SERIAL = "explorer-serial"
_CELL = re.compile(r"(\d{1,5}),(\d{1,5})", re.ASCII)
_LINE = re.compile(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})", re.ASCII)
_INTEGER = r"-?\d{1,6}"
_LOOK = re.compile(
    rf"(\d{{1,9}});(\d{{1,9}});((?:{_INTEGER},){{3}}{_INTEGER})?;({_INTEGER},{_INTEGER})?", re.ASCII
)
_SCRIPTS = ("view.js", "pane.js", "lens.js", "line.js", "pointer.js", "explorer.js")

_component = st.components.v2.component(
    "convviz_explorer",
    html=(_HERE / "explorer.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "explorer.css"),
    js=client.script(*(_HERE / name for name in _SCRIPTS)),
)
_feed_component = st.components.v2.component(
    "convviz_explorer_feed", js=(_HERE / "feed.js").read_text(encoding="utf-8")
)


def read() -> Pair | None:
    """Return row and column of the cell of the feature map the visitor just opened."""
    state = st.session_state.get(_KEY) or {}
    found = _CELL.fullmatch(str(state.get("open") or ""))
    return (int(found[1]), int(found[2])) if found else None


def read_line() -> Line | None:
    """Return the line the visitor just drew."""
    state = st.session_state.get(_KEY) or {}
    found = _LINE.fullmatch(str(state.get("line") or ""))
    return (int(found[1]), int(found[2]), int(found[3]), int(found[4])) if found else None


def explorer(scene: Scene) -> Whole:
    """Show the explorer.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    Whole
        What it shows.
    """
    serial, whole = _whole(scene)
    described = {"serial": serial, **spec.overview(whole)}
    line = scene.line_in_use if scene.chart == "profile" else None
    _component(
        data={"explorer": _json(described), "line": json.dumps(line)},
        key=_KEY,
        on_open_change=lambda: None,
        on_line_change=lambda: None,
    )
    _feed()
    return whole


@st.fragment
def _feed() -> None:
    """Answer the browser's latest question; only this runs again for it."""
    state = st.session_state.get(_FEED) or {}
    text = _answer(str(state.get("look") or ""))
    _feed_component(data={"answer": text}, key=_FEED, on_look_change=lambda: None)


def _answer(look: str) -> str:
    found = _LOOK.fullmatch(look)
    whole = _drawn().get(_KEY)
    serial = st.session_state.get(_SERIAL)
    if not found or whole is None or int(found[1]) != serial:
        return ""
    view, place = (
        [int(number) for number in part.split(",")] if part else None for part in found.group(3, 4)
    )
    return _json(
        {
            "serial": serial,
            "token": int(found[2]),
            "part": spec.part(whole, (view[0], view[1], view[2], view[3])) if view else None,
            "lens": spec.lens(whole, place[0], place[1]) if place else None,
        }
    )


def _whole(scene: Scene) -> tuple[int, Whole]:
    """Compute the map, or take what this visitor's session computed last; number what is shown."""
    drawn = _drawn()
    before: Whole | None = drawn.get(_KEY)
    shown = spec.of_the_whole(scene)
    if before is None or before.scene != shown:
        drawn[_KEY] = Whole.of(shown, before)
        st.session_state[_SERIAL] = st.session_state.get(_SERIAL, 0) + 1
    return st.session_state[_SERIAL], drawn[_KEY]


def _drawn() -> dict[str, Any]:
    opened = page.visit()
    return opened.drawn if opened else {}


def _json(described: dict[str, Any]) -> str:
    return json.dumps(described, allow_nan=False, separators=(",", ":"))
