"""What can be taken away: a row of choice, and under it what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from convviz.scene import Scene
from convviz.ui.choice import choose
from convviz.ui.take_away import drawn, pages, written


def take_away(scene: Scene, address: str) -> None:
    """Draw the choice, and what was chosen.

    Parameters
    ----------
    scene : Scene
    address : str
        The link that a file leads back to.
    """
    sections: dict[str, Callable[[Scene], None]] = {
        "This step": drawn.step,
        "Animation": drawn.animation,
        "Feature map": written.feature_map,
        "Numbers": written.numbers,
        "Code": written.code,
        "Web page": partial(pages.web_page, address=address),
        "Handout": partial(pages.handout, address=address),
    }
    choose("What to take away", sections, "what")(scene)
