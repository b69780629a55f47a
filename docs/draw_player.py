"""Draw the README's moving picture: `python docs/draw_player.py` writes docs/step-by-step.gif.

It is the app's own export of the classic case, all nine positions.
"""

from __future__ import annotations

from pathlib import Path

from convviz.export.animation import Animation
from convviz.scene import Scene

FILE = Path(__file__).parent / "step-by-step.gif"
WIDTH = 960
SUMMARY = "Cross-correlation, stride 1, no padding: output 3\u00a0×\u00a03"


if __name__ == "__main__":
    with FILE.open("wb") as file:
        Animation(Scene(), width=WIDTH, summary=SUMMARY).write("gif", file)
