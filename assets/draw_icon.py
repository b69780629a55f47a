"""Draw the icon of the app: `python assets/draw_icon.py` writes icon.png beside this script."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from brushes import Picture, flat, mask, rgb
from PIL import Image, ImageDraw

SIDE = 64
_GREYS = ("#000000", "#5a5a5a", "#b4b4b4", "#5a5a5a", "#ffffff", "#5a5a5a", "#b4b4b4", "#5a5a5a")
_NOW = "#B5179E"


def icon() -> Picture:
    """Draw four by four pixels with a kernel's window on them: (64, 64, 3), 0 to 1."""
    picture = flat((SIDE, SIDE), "#6B7785")
    cell = SIDE // 4
    for row in range(4):
        for column in range(4):
            inside = np.s_[
                row * cell + 1 : (row + 1) * cell - 1, column * cell + 1 : (column + 1) * cell - 1
            ]
            picture[inside] = rgb(_GREYS[(row * 3 + column) % len(_GREYS)])
    for colour, near, width in (("#ffffff", 0, 8), (_NOW, 1, 6)):
        frame = _frame(near, 3 * cell - near, width)[:, :, np.newaxis]
        picture = picture * (1 - frame) + np.array(rgb(colour)) * frame
    return picture


def _frame(start: int, stop: int, width: int) -> Picture:
    def paint(pen: ImageDraw.ImageDraw, scale: int) -> None:
        pen.rectangle((start * scale, start * scale, stop * scale - 1, stop * scale - 1), 255)
        near, far = (start + width) * scale, (stop - width) * scale - 1
        pen.rectangle((near, near, far, far), 0)

    return mask((SIDE, SIDE), paint)


def main() -> None:
    """Write the icon beside this script, with round corners."""

    def corners(pen: ImageDraw.ImageDraw, scale: int) -> None:
        pen.rounded_rectangle((0, 0, SIDE * scale - 1, SIDE * scale - 1), 8 * scale, 255)

    picture = np.dstack([icon(), mask((SIDE, SIDE), corners)])
    pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    Image.fromarray(pixels).save(Path(__file__).with_name("icon.png"), optimize=True)


if __name__ == "__main__":
    main()
