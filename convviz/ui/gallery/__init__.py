"""The gallery: several maps of one input side by side, with one view and one cursor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from convviz import client
from convviz import gallery as spec
from convviz.gallery import Gallery, Source
from convviz.matrices import Matrix
from convviz.scene import ONE_MAP, Scene
from convviz.sketch import Sketch
from convviz.ui import explorer
from convviz.ui.progress import Progress

_HERE = Path(__file__).parent
_KEY = "gallery"
_SKETCHES = "gallery-sketches"
_CLICK = re.compile(r"(\d{1,9}),(\d{1,2})", re.ASCII)
_SCRIPTS = (_HERE / "tile.js", _HERE / "gallery.js")
_EXPLORER = Path(explorer.__file__).with_name("explorer.css")

_component = st.components.v2.component(
    "convviz_gallery",
    html=(_HERE / "gallery.html").read_text(encoding="utf-8"),
    css=client.style(_EXPLORER, _HERE / "gallery.css"),
    js=client.script(*explorer.SCRIPTS, *_SCRIPTS),
)


@dataclass(frozen=True, eq=False)
class _Shown:
    """What is on the screen.

    Attributes
    ----------
    of : object
        All it depends on.
    gallery : Gallery
    text : str
        What the component is told, without its number.
    """

    of: object
    gallery: Gallery
    text: dict[str, Any]


@dataclass
class _Known:
    """The sketches of maps made for this visitor, by kernel and plane."""

    common: object
    sketches: dict[tuple[Matrix, str], Sketch]


def read(what: Literal["choose", "remove"]) -> Source | None:
    """Return the map whose name, or whose Remove, the visitor just clicked."""
    state = st.session_state.get(_KEY) or {}
    found = _CLICK.fullmatch(str(state.get(what) or ""))
    shown: _Shown | None = explorer.drawn().get(_KEY)
    if not found or shown is None or int(found[1]) != explorer.serial(new=False):
        return None
    sources = shown.gallery.sources
    return sources[int(found[2])] if int(found[2]) < len(sources) else None


def gallery(scene: Scene, touched: Callable[[], bool]) -> bool:
    """Show the gallery, if the scene is one; where it would be empty, say why.

    Parameters
    ----------
    scene : Scene
    touched : callable
        Tells whether the visitor changed a control that no run has read.

    Returns
    -------
    bool
        Whether it is there; else there is room for the one map.
    """
    scene = scene.one_pass
    why = spec.emptiness(scene)
    if scene.tiles == ONE_MAP or why:
        _give_back()
        if why:
            st.html(f'<p class="told" role="status">{escape(why)}</p>')
        return False
    number, shown = _shown(scene)
    text = explorer.as_json({"serial": number, **shown.text})
    _component(
        data={"gallery": text},
        key=_KEY,
        on_choose_change=lambda: None,
        on_remove_change=lambda: None,
    )
    explorer.feed(explorer.Answers(shown.gallery.part, shown.gallery.at, touched))
    return True


def _give_back() -> None:
    kept = explorer.drawn()
    kept.pop(_SKETCHES, None)
    if kept.pop(_KEY, None) is not None:
        explorer.forget()


def _shown(scene: Scene) -> tuple[int, _Shown]:
    """Make the gallery, or take what this visitor's session made last; number what is shown."""
    kept = explorer.drawn()
    key = spec.depends_on(scene)
    before: _Shown | None = kept.get(_KEY)
    if before is not None and before.of == key:
        return explorer.serial(new=False), before
    del before
    kept.pop(_KEY, None)
    explorer.forget()
    progress = Progress("Computing the feature maps")
    made = Gallery.of(scene, _sketches(scene), progress)
    progress.end()
    kept[_KEY] = _Shown(key, made, made.overview())
    return explorer.serial(new=True), kept[_KEY]


def _sketches(scene: Scene) -> dict[tuple[Matrix, str], Sketch]:
    """Return the sketches that are there already; let go of those that are of no use here."""
    kept = explorer.drawn()
    known: _Known | None = kept.get(_SKETCHES)
    if known is None or known.common != spec.sketched(scene):
        known = kept[_SKETCHES] = _Known(spec.sketched(scene), {})
    wanted = {source.key for source in spec.sources(scene)}
    for key in known.sketches.keys() - wanted:
        del known.sketches[key]
    return known.sketches
