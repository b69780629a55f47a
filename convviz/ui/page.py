"""The page round the views: what it opens with, what it keeps, its address, its first lines."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qsl

import streamlit as st

from convviz import client
from convviz.scene import Scene
from convviz.screen import data_url
from convviz.summary import summary
from convviz.ui.visit import Query, Visit, lasting
from convviz.url import encode, link, omitted, read_link

_ROOT = Path(__file__).parents[2]
_KEY = "visit"
_DRESS = "page"
_LONGEST = 100_000
# In the page itself: as a file it would be asked for again with every step in the address.
_ICON = data_url((_ROOT / "assets" / "icon.png").read_bytes(), "image/png")
_PROMISE = "A kernel slides over an image: multiply, add, write one number."

STEP_BY_STEP = "app.py"
EXPLORE = "pages/1_Explore.py"
SHARE = "pages/5_Share.py"
PAGES = (
    (STEP_BY_STEP, "Step by step"),
    (EXPLORE, "Explore"),
    ("pages/2_Channels.py", "Channels"),
    ("pages/3_Layers.py", "Layers"),
    ("pages/4_Learn.py", "Learn"),
    (SHARE, "Share"),
)
"""Every page the app will have, in the order of its links; linked once its file is there."""

# Before 1.65 Streamlit says nothing when the visitor goes back, so the page's script does.
_LISTENS = tuple(int(part) for part in st.__version__.split(".")[:2]) < (1, 65)

# Styles and script of the page itself: st.html would cost 30 kB more on every first visit.
_dress = st.components.v2.component(
    "convviz_page",
    html=Path(__file__).with_suffix(".html").read_text(encoding="utf-8"),
    css=client.tight(Path(__file__).with_suffix(".css")),
    js=client.lean(Path(__file__).with_suffix(".js")),
    isolate_styles=False,
)


def open(here: str, *, touched: bool) -> Scene:
    """Begin the page: the session's scene, else the link's, else the default.

    Parameters
    ----------
    here : str
        The page this is, one of PAGES.
    touched : bool
        Whether the visitor changed a control. If not, another address than the last one means that
        the visitor went back or forward in the browser. If so, the address is only late.

    Returns
    -------
    Scene
    """
    st.set_page_config(
        page_title="convviz",
        page_icon=_ICON,
        layout="wide",
        initial_sidebar_state="auto",
    )
    back = _back()
    _free_the_collector()
    params = st.query_params.to_dict()
    opened = visit()
    if opened is None:
        read = read_link(params)
        opened = Visit(read.scene, encode(read.scene), lasting(params), not params, read.notes)
        opened.remember()
        st.session_state[_KEY] = opened
    opened.come_to(here, params, back)
    if back is not None or not touched:
        opened.hear(params, back)
    return opened.scene


def is_late() -> bool:
    """Tell whether the browser may not yet have heard what its widgets were told last."""
    return _opened().late


def visit() -> Visit | None:
    """Return what the session keeps; None before the page was opened."""
    kept = st.session_state.get(_KEY)
    return kept if isinstance(kept, Visit) else None


def save(scene: Scene) -> None:
    """Write the address, if it stands for another scene. The session has the scene already."""
    opened = _opened()
    address = encode(scene)
    if address != opened.address:
        st.query_params.from_dict(address)
        opened.move_to(address)
    opened.remember()


def go(file: str, scene: Scene) -> NoReturn:
    """Turn to another page, which shows the scene; this one keeps the address it has.

    Parameters
    ----------
    file : str
        One of PAGES.
    scene : Scene
        The session has it already.
    """
    opened = _opened()
    opened.move_to(encode(scene))
    opened.autoplay = False
    st.switch_page(file, query_params=opened.address)


def path_of(file: str) -> str:
    """Return where below the app's address a page is: "Share"; "" for the first page.

    Parameters
    ----------
    file : str
        One of PAGES.
    """
    return Path(file).stem.partition("_")[2]


def seek() -> int:
    """Return the number that grows when the player must go to the scene's step."""
    return _opened().seek


def arrived() -> int:
    """Return the number that grows when the player must take over the scene's view and predict."""
    return _opened().arrived


def autoplay() -> bool:
    """Return whether the first positions play: not where a link says what to look at."""
    return _opened().autoplay


def reported() -> Query:
    """Return the address as the browser reports it.

    Before 1.65 Streamlit reports the one it wrote last itself; only the page's script knows better.
    """
    back = _back()
    if back is not None:
        return back
    return _opened().address if _LISTENS else st.query_params.to_dict()


def is_embedded() -> bool:
    """Return whether the page is a part of another one, which wants the player alone."""
    return bool(st.context.is_embedded)


def came_from() -> str:
    """Return the page that Share was pressed on, "" if this one was opened by a link."""
    return _opened().came_from


def heading(scene: Scene, title: str = _PROMISE) -> None:
    """Draw what the page is for, and what is shown; inside another page only what went wrong."""
    if not is_embedded():
        with st.container(horizontal=True, key="opening"):
            st.markdown(f"# {title}", width="content")
            st.text(summary(scene), width="content")
    if text := told():
        st.html(f'<p class="told" aria-live="polite">{escape(text)}</p>')


def told() -> str:
    """Return in one line what of the link could not be used, "" if all was."""
    notes = _opened().notes
    return in_one_line(notes) if notes else ""


def in_one_line(notes: Sequence[str]) -> str:
    """Join what is said of a link to one sentence, without naming the link again and again."""
    first, *more = (note.rstrip(".") for note in notes)
    more = [note.removeprefix("The link's ").replace("The link ", "it ", 1) for note in more]
    return "; ".join([first, *more]) + "."


def not_in_the_link(scene: Scene) -> None:
    """Say what a link cannot carry, under the picture it is about."""
    if left_out := omitted(scene):
        with st.container(key="quiet"):
            st.text(" ".join(left_out))


def links(scene: Scene) -> None:
    """Draw the links to the pages, which carry the scene along, and the button Share.

    They come before `save`: once the address is new, no link leads back to the old scene. They do
    not lead into a view that the visitor may have left by now.

    Parameters
    ----------
    scene : Scene
    """
    here = _opened().here
    if shared := _shared():
        _share(scene, here, *shared)
    with st.container(horizontal=True, vertical_alignment="center", key="pages"):
        if not is_embedded():
            _page_links(scene, here)
        _draw_dress(here)


def _page_links(scene: Scene, here: str) -> None:
    # Where there is no player, the scene knows whether a view was left.
    query = encode(scene if here == SHARE else replace(scene, view="", predict=False))
    for file, label in PAGES:
        if (_ROOT / file).is_file() and (file != SHARE or here == SHARE):
            st.page_link(file, label=label, query_params=query)


def _draw_dress(here: str) -> None:
    """Draw what belongs to the page itself: its styles, its script, its button Share."""
    opened = _opened()
    # Of a link that could not be used whole the address is put right, where the browser stands.
    address = link(opened.scene) if opened.notes else None
    _dress(
        key=_DRESS,
        data={
            "listens": _LISTENS,
            "heard": _said("back"),
            "page": path_of(here),
            "address": address,
            "shares": here != SHARE and not is_embedded(),
        },
        width="content",
        height="content",
        on_back_change=lambda: None,
        on_share_change=lambda: None,
    )


def _shared() -> tuple[int, bool] | None:
    """Return, if Share was just pressed, the player's step (0 without one), and whether it asks."""
    said = _said("share")
    if not isinstance(said, Mapping):
        return None
    step, predict = said.get("step"), said.get("predict")
    return (step, predict is True) if type(step) is int and step >= 0 else None


def _share(scene: Scene, here: str, step: int, predict: bool) -> NoReturn:
    """Turn to the page Share, with what only the browser knows."""
    opened = _opened()
    opened.came_from = here
    # Fewer positions may be left than there were on the page the player was on.
    step = min(step or scene.step, len(scene.block))
    opened.turn_to(replace(scene, step=step, predict=predict), opened.memory)
    go(SHARE, opened.scene)


def _opened() -> Visit:
    opened = visit()
    if opened is None:
        raise RuntimeError("page.open comes first.")
    return opened


def _back() -> Query | None:
    """Return the address the visitor just went back to, if the page's script says so."""
    text = _said("back")
    if not isinstance(text, str) or len(text) > _LONGEST:
        return None
    return dict(parse_qsl(text.removeprefix("?"), keep_blank_values=True))


def _said(what: str) -> object:
    """Return what the page's script just said, None if nothing."""
    said = st.session_state.get(_DRESS) or {}
    return said.get(what) if isinstance(said, Mapping) else None


@cache
def _free_the_collector() -> None:
    """Take what was imported out of every later collection, once per process.

    Streamlit collects after each run; walking all modules then costs more than the run.
    """
    gc.collect()
    gc.freeze()
