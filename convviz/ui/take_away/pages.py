"""Pages of their own: the player without a server, and a sheet to print."""

from __future__ import annotations

from functools import partial
from typing import BinaryIO

import streamlit as st

from convviz.export.handout import handout as sheet
from convviz.export.html import standalone
from convviz.export.qr import qr_svg
from convviz.scene import Scene
from convviz.summary import summary
from convviz.ui.take_away.files import File, offer, stem

TITLE = "A kernel slides over an image"


def web_page(scene: Scene, address: str) -> None:
    """Offer the player as one file."""
    st.text(
        "The player with these numbers in one HTML file. It works from a disk or any web server, "
        "without a network, keys and all."
    )
    offer(File("Save web page", f"{stem(scene)}.html", partial(_write_web_page, scene, address)))


def handout(scene: Scene, address: str) -> None:
    """Offer a sheet to print."""
    st.text(
        "Two pages to print: the input, the kernel and worked positions with an empty output to "
        "fill in; the answers on page two."
    )
    write = partial(_write_handout, scene, address)
    offer(File("Save handout", f"{stem(scene)}-handout.html", write))


def _write_web_page(scene: Scene, address: str, file: BinaryIO) -> None:
    said = summary(scene.one_pass)
    file.write(standalone(scene, title=TITLE, summary=said, address=address).encode())


def _write_handout(scene: Scene, address: str, file: BinaryIO) -> None:
    said, code = summary(scene.one_pass), qr_svg(address)
    file.write(sheet(scene, title=TITLE, summary=said, address=address, qr=code).encode())
