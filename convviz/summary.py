"""A scene in one line: what slides how."""

from __future__ import annotations

from convviz.kernels import kernel
from convviz.notation import with_minus
from convviz.passes import INPUT
from convviz.scene import Scene


def summary(scene: Scene) -> str:
    """Say in one line what slides how, and what size comes out.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    str
        Such as "Cross-correlation, stride 2, zero padding 1: output 3 × 3"; a line never ends
        beside a ×.
    """
    geometry = scene.geometry
    rows, columns = scene.windows.shape
    parts = [
        "Convolution (kernel turned by 180°)" if scene.flip else "Cross-correlation",
        f"stride {_pair(geometry.stride)}",
        *([f"dilation {_pair(geometry.dilation)}"] if geometry.dilation != (1, 1) else []),
        _padding(scene),
        *([with_minus(f"bias {scene.bias:g}")] if scene.bias else []),
        *([f"{scene.times} times"] if scene.times > 1 else []),
        *([f"minus {_subtracted(scene.minus)}"] if scene.minus else []),
    ]
    text = f"{', '.join(parts)}: output {rows} × {columns}"
    return text.replace(" × ", "\u00a0×\u00a0")


def _subtracted(minus: str) -> str:
    return "the input" if minus == INPUT else kernel(minus).name


def _padding(scene: Scene) -> str:
    geometry = scene.geometry
    pads = geometry.pads(scene.shape, scene.kernel.shape)
    (top, bottom), (left, right) = pads
    if not any((top, bottom, left, right)):
        return "no padding"
    kind = geometry.boundary
    if kind == "constant":
        kind = with_minus(f"{geometry.fill_value:g}") if geometry.fill_value else "zero"
    if top == bottom and left == right:
        return f"{kind} padding {_pair((top, left))}"
    return f"{kind} padding {top} top, {bottom} bottom, {left} left, {right} right"


def _pair(values: tuple[int, int]) -> str:
    return str(values[0]) if values[0] == values[1] else f"{values[0]} × {values[1]}"
