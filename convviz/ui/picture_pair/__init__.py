"""The picture pair: a whole picture beside its feature map, at the player's position."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import streamlit as st

from convviz import client
from convviz import picture_pair as spec
from convviz.scene import Scene
from convviz.ui.progress import Progress

_HERE = Path(__file__).parent
_KEY = "picture-pair"
_DRAWN = "picture-pair-drawn"
_PLACE = re.compile(r"(-?\d{1,5}),(-?\d{1,5})", re.ASCII)

_component = st.components.v2.component(
    "convviz_picture_pair",
    html=(_HERE / "pair.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "pair.css"),
    js=client.script(_HERE / "pair.js"),
)


def read() -> tuple[int, int] | None:
    """Return the row and column the visitor just clicked, in pixels of the picture worked on.

    They are outside the picture where the middle of a window is in the padding.
    """
    state = st.session_state.get(_KEY) or {}
    found = _PLACE.fullmatch(str(state.get("place") or ""))
    return (int(found[1]), int(found[2])) if found else None


def picture_pair(scene: Scene) -> None:
    """Show the pair.

    Parameters
    ----------
    scene : Scene
        Of a picture.
    """
    described = {**_pictures(scene), **spec.marks(scene)}
    data = json.dumps(described, allow_nan=False, separators=(",", ":"))
    _component(data={"pair": data}, key=_KEY, on_place_change=lambda: None)


def _pictures(scene: Scene) -> dict[str, Any]:
    """Draw the pair, or take what this visitor's session drew last, if it is the same."""
    drawn = scene.at_rest
    kept = st.session_state.get(_DRAWN)
    progress = Progress("Computing the feature map")
    if not kept or kept[0] != drawn:
        kept = st.session_state[_DRAWN] = drawn, spec.pictures(scene, progress)
        progress.end()
    pictures: dict[str, Any] = kept[1]
    return pictures
