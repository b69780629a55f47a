"""The link of a scene: to copy, to scan, to embed."""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from convviz import client
from convviz.export.links import iframe
from convviz.export.qr import qr_svg
from convviz.screen import data_url

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
    return data_url(qr_svg(text).encode("ascii"), "image/svg+xml")
