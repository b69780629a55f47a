"""Draw the README's moving picture: `python docs/draw_player.py` writes docs/step-by-step.gif.

It is the app's own export of the classic case, all nine positions.
"""

from __future__ import annotations

from pathlib import Path

from convviz.export.animation import Animation
from convviz.scene import Scene
from convviz.summary import summary

FILE = Path(__file__).parent / "step-by-step.gif"
WIDTH = 960


if __name__ == "__main__":
    with FILE.open("wb") as file:
        Animation(Scene(), width=WIDTH, summary=summary(Scene())).write("gif", file)
