"""Which maps Explore shows: one, those of the colours, or a gallery of kernels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from convviz.gallery import Source
from convviz.kernels import GROUPS, preset_of
from convviz.scene import COLLECTED, MAX_COLLECTED, ONE_MAP, PLANE_TILES, SOBEL_TILES, Scene
from convviz.ui import gallery
from convviz.ui.controls.fields import Control, Desk, Drawing, Field, quiet

_GALLERY = "gallery"
_VIEWS = {ONE_MAP: "One map", PLANE_TILES: "Planes", _GALLERY: "Gallery"}
_KERNELS = {
    **{id: f"Presets: {name}" for id, name in GROUPS.items()},
    SOBEL_TILES: "Sobel: both directions, magnitude, direction",
    COLLECTED: "My collection",
}
_ADD = "collect"


def _view(desk: Desk) -> str:
    tiles = desk.scene.tiles
    return tiles if tiles in _VIEWS else _GALLERY


def _put_view(desk: Desk, view: str) -> Desk:
    return desk.showing(tiles=_first(desk.scene) if view == _GALLERY else view)


def _first(scene: Scene) -> str:
    """Begin a gallery with the kernels that the one in use is one of."""
    preset = preset_of(scene.kernel)
    return preset.group.lower() if preset else COLLECTED


def _put_kernels(desk: Desk, tiles: str) -> Desk:
    return desk.showing(tiles=tiles)


def _no_room(scene: Scene) -> str:
    """Say why the kernel in use cannot be added to the collection; "" if it can."""
    if scene.kernel in scene.collected:
        return "The kernel you are editing is in the collection already."
    if len(scene.collected) >= MAX_COLLECTED:
        return f"The collection is full: it holds {MAX_COLLECTED} kernels. Remove one to add one."
    return ""


def _collect(desk: Desk) -> Desk:
    if _no_room(desk.scene):
        return desk
    return desk.showing(collected=(*desk.scene.collected, desk.scene.kernel))


class _Add:
    """The button that collects the kernel in use."""

    def is_touched(self, desk: Desk) -> bool:
        return bool(st.session_state.get(_ADD))

    def read(self, desk: Desk) -> Desk:
        return desk.attempting(_ADD, _collect) if self.is_touched(desk) else desk


@dataclass(frozen=True)
class _Click:
    """A click on a tile."""

    what: Literal["choose", "remove"]
    put: Callable[[Desk, Source], Desk]

    def is_touched(self, desk: Desk) -> bool:
        return gallery.read(self.what) is not None

    def read(self, desk: Desk) -> Desk:
        source = gallery.read(self.what)
        if source is None:
            return desk
        return desk.attempting("view", lambda desk: self.put(desk, source))


def _choose(desk: Desk, source: Source) -> Desk:
    return desk.showing(kernel=source.kernel, plane=source.plane, tiles=ONE_MAP)


def _remove(desk: Desk, source: Source) -> Desk:
    left = tuple(matrix for matrix in desk.scene.collected if matrix != source.kernel)
    return desk.showing(collected=left)


VIEW = Field("view", str, _view, _put_view)
KERNELS = Field("tiles", str, lambda desk: desk.scene.tiles, _put_kernels)

CONTROLS: tuple[Control, ...] = (
    VIEW,
    KERNELS,
    _Add(),
    _Click("choose", _choose),
    _Click("remove", _remove),
)


def show(drawing: Drawing) -> None:
    """Draw the row."""
    scene = drawing.desk.scene
    with st.container(horizontal=True, key="view-row", vertical_alignment="bottom"):
        drawing.options(VIEW, "View", _VIEWS, buttons=True)
        if _view(drawing.desk) == _GALLERY:
            drawing.options(KERNELS, "Kernels", _KERNELS)
            reason = _no_room(scene)
            st.button("Add the one I am editing", key=_ADD, disabled=bool(reason))
            quiet(reason)
