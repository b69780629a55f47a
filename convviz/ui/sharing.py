"""The page Share: its sections, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from convviz.export.links import address
from convviz.scene import Scene
from convviz.ui import page
from convviz.ui.share import share


@dataclass(frozen=True)
class Opening:
    """What a link opens with: a page below the app's address, and what is changed for it."""

    path: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


_OPENINGS = {
    "Step by step": Opening(),
    "Explore": Opening("Explore"),
}


def link_section(scene: Scene) -> None:
    """Show the link, what it opens with, and what is not in it.

    Parameters
    ----------
    scene : Scene
    """
    st.markdown("## Link")
    first = "Explore" if page.came_from() == page.EXPLORE else "Step by step"
    label = st.segmented_control(
        "It opens", list(_OPENINGS), default=first, required=True, key="opens"
    )
    opening = _OPENINGS[label or first]
    base = (st.context.url or "").rstrip("/").removesuffix("/Share")
    shown = replace(scene, **opening.changes)
    share(address(base, opening.path, shown), address(base, "", shown))
    page.not_in_the_link(shown)
