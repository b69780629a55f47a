"""The link of a scene: to copy, to scan, to embed."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import streamlit as st

from convviz import client
from convviz.export.links import iframe
from convviz.export.qr import qr_svg

_HERE = Path(__file__).parent

_component = st.components.v2.component(
    "convviz_share",
    html=(_HERE / "share.html").read_text(encoding="utf-8"),
    css=client.style(_HERE / "share.css"),
    js=client.script(_HERE / "share.js"),
)


def share(address: str, player_address: str) -> None:
    """Show the link with its QR code, and what embeds the player.

    Parameters
    ----------
    address : str
        What the link leads to.
    player_address : str
        The same scene on the first page.
    """
    data = {"link": address, "embed": iframe(player_address), "qr": _picture(address)}
    _component(data={"share": json.dumps(data)}, key="share")


def _picture(text: str) -> str:
    encoded = base64.b64encode(qr_svg(text).encode("ascii")).decode("ascii")
    return f"data:image/svg+xml;base64,{encoded}"
