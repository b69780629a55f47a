"""The explorer: a whole input and its whole feature map, side by side, down to single numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from convviz import client
from convviz import explorer as spec
from convviz.explorer import Rectangle, Whole
from convviz.geometry import Pair
from convviz.line import Line
from convviz.scene import Scene
from convviz.ui import page
from convviz.ui.progress import Progress

_HERE = Path(__file__).parent
_KEY = "explorer"
_FEED = "explorer-feed"
_SERIAL = "explorer-serial"
_ANSWERS = "answers"
_CELL = re.compile(r"(\d{1,5}),(\d{1,5})", re.ASCII)
_LINE = re.compile(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})", re.ASCII)
_INTEGER = r"-?\d{1,6}"
_LOOK = re.compile(
    rf"(\d{{1,9}});(\d{{1,9}});((?:{_INTEGER},){{3}}{_INTEGER})?;({_INTEGER},{_INTEGER})?"
    r"(?:;(\d{1,2}))?",
    re.ASCII,
)
SCRIPTS = tuple(
    _HERE / name
    for name in (
        "view.js", "pane.js", "lens.js", "line.js", "pointer.js", "divider.js", "explorer.js",
    )
)  # fmt: skip
"""What the gallery shares: views, panes, the pointer, questions."""

_component = st.components.v2.component(
    "convviz_explorer",
    html=(_HERE / "explorer.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "explorer.css"),
    js=client.script(*SCRIPTS, _HERE / "mount.js"),
)
_feed_component = st.components.v2.component(
    "convviz_explorer_feed", js=client.lean(_HERE / "feed.js")
)


@dataclass
class Answers:
    """What the browser's questions about a scene are answered with.

    Parameters
    ----------
    part : (Rectangle, int or None) -> dict
        What lies under a rectangle of the plane; of one tile only, if one is named.
    place : (row, column) -> dict
        What is at a pixel of the plane.
    touched : callable
        Tells whether the visitor changed a control that no run has read.
    alone : bool
        Whether the page's own run is over, so that only questions are answered.
    """

    part: Callable[[Rectangle, int | None], dict[str, Any]]
    place: Callable[[int, int], dict[str, Any]]
    touched: Callable[[], bool]
    alone: bool = False


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


def explorer(scene: Scene, touched: Callable[[], bool]) -> Whole:
    """Show the explorer.

    Parameters
    ----------
    scene : Scene
    touched : callable
        Tells whether the visitor changed a control that no run has read.

    Returns
    -------
    Whole
        What it shows.
    """
    number, whole = _whole(scene)
    described = {"serial": number, **spec.overview(whole)}
    line = scene.line_in_use if scene.chart == "profile" else None
    _component(
        data={"explorer": as_json(described), "line": json.dumps(line)},
        key=_KEY,
        on_open_change=lambda: None,
        on_line_change=lambda: None,
    )
    feed(
        Answers(
            lambda view, _: spec.part(whole, view),
            lambda row, column: spec.lens(whole, row, column),
            touched,
        )
    )
    return whole


def feed(answers: Answers) -> None:
    """Answer the browser's questions about what is shown."""
    drawn()[_ANSWERS] = answers
    _feed()


def serial(*, new: bool) -> int:
    """Return the number of what is shown, which its questions and their answers carry."""
    number: int = st.session_state.get(_SERIAL, 0) + new
    st.session_state[_SERIAL] = number
    return number


def drawn() -> dict[str, Any]:
    """Return what this visitor's session keeps of what it computed."""
    opened = page.visit()
    return opened.drawn if opened else {}


def forget() -> None:
    """Let go of what was shown, before something else is computed."""
    for key in (_KEY, _ANSWERS):
        drawn().pop(key, None)


def as_json(described: dict[str, Any]) -> str:
    """Write what a component is told."""
    return json.dumps(described, allow_nan=False, separators=(",", ":"))


@st.fragment
def _feed() -> None:
    """Answer the browser's latest question; only this runs again for it.

    Streamlit's browser may let what was changed at the same moment come along with the question,
    above all a file that was just uploaded, and then asks for no run of the page itself.
    """
    answers: Answers | None = drawn().get(_ANSWERS)
    if answers is not None:
        if answers.alone and answers.touched():
            st.rerun()
        answers.alone = True
    state = st.session_state.get(_FEED) or {}
    text = _answer(str(state.get("look") or ""))
    _feed_component(data={"answer": text}, key=_FEED, on_look_change=lambda: None)


def _answer(look: str) -> str:
    found = _LOOK.fullmatch(look)
    answers: Answers | None = drawn().get(_ANSWERS)
    if not found or answers is None or int(found[1]) != serial(new=False):
        return ""
    view, place = (
        [int(number) for number in part.split(",")] if part else None for part in found.group(3, 4)
    )
    tile = int(found[5]) if found[5] else None
    return as_json(
        {
            "serial": int(found[1]),
            "token": int(found[2]),
            "part": answers.part((view[0], view[1], view[2], view[3]), tile) if view else None,
            "lens": answers.place(place[0], place[1]) if place else None,
        }
    )


def _whole(scene: Scene) -> tuple[int, Whole]:
    """Compute the map, or take what this visitor's session computed last; number what is shown."""
    kept = drawn()
    before: Whole | None = kept.get(_KEY)
    shown = spec.of_the_whole(scene)
    progress = Progress("Computing the feature map")
    new = before is None or before.scene != shown
    if new:
        if before and not before.is_of(shown):
            before = None
            forget()  # Before the next one: two maps at once may be larger than the picture.
        kept[_KEY] = Whole.of(shown, before, progress)
        progress.end()
    return serial(new=new), kept[_KEY]
