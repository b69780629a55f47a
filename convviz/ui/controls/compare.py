"""What Explore does with the feature map: apply the kernel again, subtract another map."""

from __future__ import annotations

from convviz.kernels import KERNELS
from convviz.passes import INPUT, MAX_TIMES
from convviz.ui.controls.fields import Control, Desk, Drawing, Field, Whole

_NAMES = {
    "": "Nothing",
    INPUT: "The input",
    **{row.id: f"{row.group}: {row.name}" for row in KERNELS},
}


def _put_times(desk: Desk, times: int) -> Desk:
    return desk.showing(times=times)


def _put_minus(desk: Desk, minus: str) -> Desk:
    return desk.showing(minus=minus)


TIMES = Whole(
    "times",
    int,
    lambda desk: desk.scene.times,
    _put_times,
    "Apply (times)",
    lambda desk: (1, MAX_TIMES),
)
MINUS = Field("minus", str, lambda desk: desk.scene.minus, _put_minus)

CONTROLS: tuple[Control, ...] = (TIMES, MINUS)


def show(drawing: Drawing) -> None:
    """Draw its part of the row of the display."""
    drawing.row(TIMES)
    drawing.options(MINUS, "Minus", _NAMES)
