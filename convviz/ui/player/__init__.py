"""The player: a browser component that shows a scene position by position."""

from __future__ import annotations

import streamlit as st

from convviz import client
from convviz.payload import payload_text
from convviz.scene import Scene
from convviz.travelling import travelling

PLAYER = client.player()
SCRIPT = PLAYER.script
"""The whole script as the browser gets it."""

_component = st.components.v2.component(
    "convviz_player",
    html=PLAYER.html,
    css=PLAYER.style,
    js=SCRIPT,
)


def player(
    scene: Scene, *, summary: str, told: str = "", seek: int, arrived: int, autoplay: bool
) -> None:
    """Show the player.

    Parameters
    ----------
    scene : Scene
    summary : str
        What slides how, in one line: for full screen, where the page round the player is not seen.
    told : str
        What of the link could not be used, for lecture view, which lies over the page.
    seek : int
        A number that grows when the player must go to the scene's step; otherwise it stays where
        the visitor left it.
    arrived : int
        The same for lecture view and predicting, which the visitor enters and leaves as well.
    autoplay : bool
        Whether the first three positions play once when the page opens.
    """
    # Where only a part of a patch fits into a link, its positions are counted differently.
    linked = len(travelling(scene).block) == len(scene.block)
    more = {"seek": seek, "arrived": arrived, "autoplay": autoplay, "linked": linked}
    text = payload_text(scene, summary=summary, told=told, **more)
    _component(data={"scene": text}, key="player")
