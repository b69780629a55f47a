"""The player: a browser component that shows a scene position by position."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from convviz.payload import payload_text
from convviz.scene import Scene
from convviz.travelling import travelling
from convviz.ui import client

_HERE = Path(__file__).parent
_SCRIPTS = (
    "model.js", "grid.js", "layout.js", "clock.js", "equation.js", "tables.js", "stage.js",
    "controls.js", "player.js",
)  # fmt: skip

SCRIPT = client.script(*(_HERE / name for name in _SCRIPTS))
"""The whole script as the browser gets it."""

_component = st.components.v2.component(
    "convviz_player",
    html=(_HERE / "player.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "player.css"),
    js=SCRIPT,
)


def player(scene: Scene, *, summary: str, seek: int, autoplay: bool) -> None:
    """Show the player.

    Parameters
    ----------
    scene : Scene
    summary : str
        What slides how, in one line: for full screen, where the page round the player is not seen.
    seek : int
        A number that grows when the player must go to the scene's step; otherwise it stays where
        the visitor left it.
    autoplay : bool
        Whether the first three positions play once when the page opens.
    """
    # Where only a part of a patch fits into a link, its positions are counted differently.
    linked = len(travelling(scene).block) == len(scene.block)
    text = payload_text(scene, summary=summary, seek=seek, autoplay=autoplay, linked=linked)
    _component(data={"scene": text}, key="player")
