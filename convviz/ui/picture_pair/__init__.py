"""The picture pair: a whole picture beside its feature map, at the player's position."""

from __future__ import annotations

import json
import re
from pathlib import Path

import streamlit as st

from convviz import picture_pair as spec
from convviz.scene import Scene
from convviz.ui import client

_HERE = Path(__file__).parent
_KEY = "picture-pair"
_PLACE = re.compile(r"(\d{1,5}),(\d{1,5})", re.ASCII)

_component = st.components.v2.component(
    "convviz_picture_pair",
    html=(_HERE / "pair.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "pair.css"),
    js=client.script(_HERE / "pair.js"),
)


def read() -> tuple[int, int] | None:
    """Return the row and column the visitor just clicked, in pixels of the picture worked on."""
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
    data = json.dumps(spec.picture_pair(scene), allow_nan=False, separators=(",", ":"))
    _component(data={"pair": data}, key=_KEY, on_place_change=lambda: None)
