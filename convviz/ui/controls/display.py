"""How the feature map is shown: which numbers get which colour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convviz.ui.controls.fields import Control, Desk, Drawing, Field

MODES = {
    "signed": "Signed: 0 in the middle",
    "clip": "Clipped to 0 to 255",
    "absolute": "Absolute values",
    "rescale": "Rescaled, least black, largest white",
    "threshold": "Threshold",
}


def _field(key: str, kind: type, name: str) -> Field:
    def get(desk: Desk) -> Any:
        return getattr(desk.scene.display, name)

    def put(desk: Desk, value: Any) -> Desk:
        return desk.showing(display=replace(desk.scene.display, **{name: value}))

    return Field(key, kind, get, put)


MODE = _field("display", str, "mode")
THRESHOLD = _field("threshold", float, "threshold")
RELU = _field("relu", bool, "relu")

CONTROLS: tuple[Control, ...] = (MODE, THRESHOLD, RELU)


def show(drawing: Drawing) -> None:
    """Draw its part of the row."""
    drawing.options(MODE, "Feature map shown as", MODES)
    if drawing.desk.scene.display.mode == "threshold":
        drawing.real(THRESHOLD, "Threshold")
    drawing.switch(RELU, "ReLU")
