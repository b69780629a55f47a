"""Draw every built-in picture: `python assets/draw.py` writes the PNG files beside this script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from brushes import Picture
from draw_charts import balloon, bricks, colour_wheel, text_page, zone_plate
from draw_portrait import portrait
from draw_scene import scene
from numpy.typing import NDArray
from PIL import Image

DRAWINGS: dict[str, Callable[[], Picture]] = {
    "scene": scene,
    "portrait": portrait,
    "text": text_page,
    "bricks": bricks,
    "zone-plate": zone_plate,
    "colour-wheel": colour_wheel,
    "tiny": balloon,
}


def pixels(name: str) -> NDArray[np.uint8]:
    """Draw one picture: uint8, shape (H, W, 3)."""
    return np.round(np.clip(DRAWINGS[name](), 0, 1) * 255).astype(np.uint8)


def main() -> None:
    """Write all pictures beside this script, grey ones with one band."""
    folder = Path(__file__).resolve().parent
    for name in DRAWINGS:
        picture = pixels(name)
        grey = (picture == picture[:, :, :1]).all()
        image = Image.fromarray(picture[:, :, 0] if grey else picture)
        image.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
