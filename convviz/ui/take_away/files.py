"""Files that are made when their button is pressed, and not kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import BinaryIO

import streamlit as st

from convviz.kernels import preset_of
from convviz.scene import Scene

_ONE_AT_A_TIME = Lock()
_KINDS = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "gif": "image/gif",
    "webp": "image/webp",
    "zip": "application/zip",
    "csv": "text/csv",
    "npy": "application/octet-stream",
    "json": "application/json",
    "tiff": "image/tiff",
    "py": "text/x-python",
    "html": "text/html",
}


@dataclass(frozen=True)
class File:
    """A file that can be asked for.

    Attributes
    ----------
    label : str
        What its button says.
    name : str
        With its ending.
    write : callable
        Writes it to a binary file.
    """

    label: str
    name: str
    write: Callable[[BinaryIO], object]

    def made(self) -> bytes:
        """Make the file, one for all visitors at a time: each may need as much as a large map."""
        with _ONE_AT_A_TIME:
            file = io.BytesIO()
            self.write(file)
            return file.getvalue()


def offer(*files: File) -> None:
    """Draw a button for each file, side by side."""
    with st.container(horizontal=True, key="files"):
        for file in files:
            save(file.label, file.name, file.made)


def save(label: str, name: str, data: bytes | Callable[[], bytes]) -> None:
    """Draw a button that saves a file; what is callable is called when it is pressed."""
    kind = _KINDS[name.rpartition(".")[2]]
    st.download_button(label, data, name, kind, key=f"save-{name}", on_click="ignore")


def stem(scene: Scene) -> str:
    """Begin the names of a scene's files: "convviz-sobel-x"."""
    preset = preset_of(scene.kernel)
    return f"convviz-{preset.id if preset else 'own-kernel'}"


def text(content: str) -> Callable[[BinaryIO], object]:
    """Write a text as UTF-8."""
    return lambda file: file.write(content.encode())


def size(count: int) -> str:
    """Say how large a file is: "12 kB", "3.4 MB"."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
