"""The page round the views: what it opens with, what it keeps, its address, its first lines."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from convviz.scene import Picture, Scene, Typed
from convviz.url import encode, omitted, read_link

Query = dict[str, str]

_ROOT = Path(__file__).parents[2]
_KEY = "visit"
_PAST = 50

PAGES = (
    ("app.py", "Step by step"),
    ("pages/1_Explore.py", "Explore"),
    ("pages/2_Channels.py", "Channels"),
    ("pages/3_Layers.py", "Layers"),
    ("pages/4_Learn.py", "Learn"),
    ("pages/5_Share.py", "Share"),
)
"""Every page the app will have, in the order of its links; linked once its file is there."""

# The first line stands where Streamlit keeps a header free that is empty but for its two buttons.
_STYLE = """<style>
[data-testid="stMainBlockContainer"] { padding: 1rem; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: .5rem; }
.opening { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; }
.opening h1 { font-size: 1.25rem; line-height: 1.3; margin: 0; padding: 0; }
.opening p { margin: 0; opacity: .78; }
.quiet, p.told { font-size: .875rem; line-height: 1.4; overflow-wrap: anywhere; }
.quiet { opacity: .78; }
.quiet p { font-size: inherit; margin: 0; }
.quiet p + p { margin-top: .25rem; }
p.told { border-left: 4px solid currentColor; margin: 0; padding: .125rem 0 .125rem .75rem; }
@media (min-width: 768px) {
  [data-testid="stHeader"] { background: transparent; pointer-events: none; }
  [data-testid="stHeader"] button { pointer-events: auto; }
  .opening { padding-right: 2.5rem; }
  .stApp:has([data-testid="stExpandSidebarButton"]) .opening { padding-left: 2.5rem; }
}
@media (max-width: 767px) {
  .stApp:has([data-testid="stHeader"]) [data-testid="stMainBlockContainer"] { padding-top: 3.25rem; }
  .opening h1 { font-size: 1.0625rem; }
  .opening p { font-size: .875rem; }
}
</style>"""


@dataclass
class Visit:
    """What one visitor's session keeps.

    Attributes
    ----------
    scene : Scene
        What is shown.
    address : dict of str to str
        What the scene was called when it was last read from the address or written there.
    query : dict of str to str
        The address as the browser will report it, without the parts it changes by itself.
    autoplay : bool
        Whether the first positions play by themselves.
    notes : tuple of str
        What of a link could not be used.
    seek : int
        Grows when the player must go to the scene's step.
    memory : Any
        What the controls remember; theirs alone.
    past : tuple of (dict, Scene)
        Recent addresses and what they showed, the latest last.
    """

    scene: Scene
    address: Query
    query: Query
    autoplay: bool
    notes: tuple[str, ...] = ()
    seek: int = 0
    memory: Any = None
    past: tuple[tuple[Query, Scene], ...] = ()

    def turn_to(self, scene: Scene, memory: Any) -> None:
        """Take over what the visitor did, as a whole: Streamlit cannot interrupt it half-way."""
        if scene != self.scene:
            self.notes = ()
        if _place(scene) != _place(self.scene):
            self.seek += 1
        self.scene, self.memory = scene, memory

    def go_back(self, query: Query) -> None:
        """Show what an older address stands for."""
        self.query = query
        known = next((scene for past, scene in reversed(self.past) if past == query), None)
        link = None if known else read_link(query)
        self.scene = link.scene if link else known or self.scene
        self.notes = link.notes if link else ()
        self.address = encode(self.scene)
        self.seek += 1

    def remember(self) -> None:
        """Keep the scene under its address, so that Back brings a picture back that no link holds.

        Of all pictures only the latest is kept.
        """
        latest = self.scene.input
        kept = self.past
        if isinstance(latest, Picture):
            kept = tuple(
                (query, scene)
                for query, scene in kept
                if not isinstance(scene.input, Picture) or scene.input == latest
            )
        self.past = (*kept, (self.query, self.scene))[-_PAST:]


def open(*, touched: bool) -> Scene:
    """Begin the page: the session's scene, else the link's, else the default.

    Parameters
    ----------
    touched : bool
        Whether the visitor changed a control. If not, another address than the last one means that
        the visitor went back or forward in the browser. If so, the address is only late.

    Returns
    -------
    Scene
    """
    st.set_page_config(
        page_title="convviz",
        page_icon=_ROOT / "assets" / "icon.png",
        layout="wide",
        initial_sidebar_state="auto",
    )
    st.html(_STYLE)
    _free_the_collector()
    query = _lasting(st.query_params.to_dict())
    opened = visit()
    if opened is None:
        link = read_link(st.query_params.to_dict())
        autoplay = not st.query_params
        opened = Visit(link.scene, encode(link.scene), query, autoplay, link.notes)
        opened.remember()
        st.session_state[_KEY] = opened
    elif not touched and query != opened.query:
        opened.go_back(query)
    return opened.scene


def visit() -> Visit | None:
    """Return what the session keeps; None before the page was opened."""
    kept = st.session_state.get(_KEY)
    return kept if isinstance(kept, Visit) else None


def save(scene: Scene) -> None:
    """Write the address, if it stands for another scene. The session has the scene already."""
    opened = _opened()
    address = encode(scene)
    if address == opened.address:
        return
    st.query_params.from_dict(address)
    opened.address, opened.query = address, _lasting(address)
    opened.remember()


def seek() -> int:
    """Return the number that grows when the player must go to the scene's step."""
    return _opened().seek


def autoplay() -> bool:
    """Return whether the first positions play: not where a link says what to look at."""
    return _opened().autoplay


def heading(scene: Scene) -> None:
    """Draw the links to the other pages, the promise, and what is shown."""
    _navigation(scene)
    st.html(
        '<div class="opening"><h1>A kernel slides over an image: multiply, add, write one number.'
        f"</h1><p>{escape(summary(scene))}</p></div>"
    )
    if notes := _opened().notes:
        st.html(f'<p class="told" aria-live="polite">{escape(" ".join(notes))}</p>')


def not_in_the_link(scene: Scene) -> None:
    """Say what a link cannot carry, under the picture it is about."""
    if left_out := omitted(scene):
        st.html(f'<div class="quiet"><p>{escape(" ".join(left_out))}</p></div>')


def summary(scene: Scene) -> str:
    """Say in one line what slides how, and what size comes out.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    str
        Such as "Cross-correlation, stride 2, zero padding 1: output 3 × 3".
    """
    geometry = scene.geometry
    rows, columns = scene.output_shape
    parts = [
        "Convolution (kernel turned by 180°)" if scene.flip else "Cross-correlation",
        f"stride {_pair(geometry.stride)}",
        *([f"dilation {_pair(geometry.dilation)}"] if geometry.dilation != (1, 1) else []),
        _padding(scene),
        *([f"bias {scene.bias:g}".replace("-", "−")] if scene.bias else []),
    ]
    return f"{', '.join(parts)}: output {rows} × {columns}"


def _padding(scene: Scene) -> str:
    geometry = scene.geometry
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    (top, bottom), (left, right) = pads
    if not any((top, bottom, left, right)):
        return "no padding"
    kind = geometry.boundary
    if kind == "constant":
        kind = f"{geometry.fill_value:g}".replace("-", "−") if geometry.fill_value else "zero"
    if top == bottom and left == right:
        return f"{kind} padding {_pair((top, left))}"
    return f"{kind} padding {top} top, {bottom} bottom, {left} left, {right} right"


def _pair(values: tuple[int, int]) -> str:
    return str(values[0]) if values[0] == values[1] else f"{values[0]} × {values[1]}"


def _navigation(scene: Scene) -> None:
    here = [(file, label) for file, label in PAGES if (_ROOT / file).is_file()]
    if len(here) < 2 or st.context.is_embedded:
        return
    with st.container(horizontal=True):
        for file, label in here:
            st.page_link(file, label=label, query_params=encode(scene))


def _opened() -> Visit:
    opened = visit()
    if opened is None:
        raise RuntimeError("page.open comes first.")
    return opened


def _lasting(params: Mapping[str, str]) -> Query:
    """Leave out what the player writes into the address by itself, and what says nothing."""
    return {name: text for name, text in params.items() if name not in ("step", "v")}


def _place(scene: Scene) -> object:
    """Tell what a position belongs to; numbers that are being typed stay the same place."""
    match scene.input:
        case Typed():
            source: object = Typed
        case Picture(digest=digest):
            source = digest
        case named:
            source = named.id
    return source, scene.patch, scene.step


@cache
def _free_the_collector() -> None:
    """Take what was imported out of every later collection, once per process.

    Streamlit collects after each run; walking all modules then costs more than the run.
    """
    gc.collect()
    gc.freeze()
