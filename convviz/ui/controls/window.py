"""The window settings. One rule limits them: the dilated kernel fits the padded image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from convviz.geometry import BOUNDARIES, Sides
from convviz.limits import MAX_DILATION, MAX_EXTENT, MAX_PADDING, MAX_STRIDE
from convviz.scene import Scene
from convviz.ui.controls.fields import Control, Desk, Drawing, Field, Whole, heading, quiet

_OPERATIONS = {"corr": "Cross-correlation", "conv": "Convolution"}
_FLIPS = {
    "corr": "The kernel is used as typed, not flipped: what CNNs call convolution.",
    "conv": "The kernel is turned by 180° first: what mathematics calls convolution.",
}
_WORDS = {"valid": "Valid: none", "same": "Same", "full": "Full"}
_FORMS = {"amount": "Amount", "sides": "Four sides"}
_BOUNDARIES = {word: word.capitalize() for word in BOUNDARIES}
_PICTURES_OF = {
    "constant": "k k | a b c d | k k",
    "edge": "a a | a b c d | d d",
    "reflect": "c b | a b c d | c b",
    "symmetric": "b a | a b c d | d c",
    "wrap": "c d | a b c d | a b",
}
_ROUNDING = "floor: rounded down, as a window that does not fit is left out."
_AXES = ("vertical", "horizontal")
_SIDES = (("top", "bottom"), ("left", "right"))


def missing(scene: Scene, axis: int) -> int:
    """Rows (axis 0) or columns (axis 1) of padding without which the kernel does not fit."""
    return max(0, scene.geometry.extent(scene.kernel.shape)[axis] - scene.shape[axis])


def least_amount(scene: Scene) -> int:
    """Return the smallest padding of all sides that lets the kernel fit."""
    return max((missing(scene, axis) + 1) // 2 for axis in (0, 1))


def least_side(scene: Scene, axis: int, side: int) -> int:
    """Return the smallest padding of one side, the opposite one staying as it is."""
    return max(0, missing(scene, axis) - _sides(scene)[axis][1 - side])


def largest_dilation(scene: Scene, axis: int) -> int:
    """Return the widest spread of the kernel that fits."""
    geometry, gaps = scene.geometry, scene.kernel.shape[axis] - 1
    if gaps == 0:
        return MAX_DILATION
    reach = MAX_EXTENT
    if geometry.padding not in ("same", "full"):
        reach = min(reach, geometry.padded_shape(scene.shape, scene.kernel.shape)[axis])
    return min(MAX_DILATION, (reach - 1) // gaps)


def paddings(scene: Scene) -> dict[str, str]:
    """Name the paddings with which the kernel can fit."""
    words = dict(_WORDS)
    if least_amount(scene) > 0:
        del words["valid"]
    return words | _FORMS


def size_lines(scene: Scene) -> tuple[str, str]:
    """Write the output-size formula with its numbers, for rows and for columns.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    (str, str)
        Such as "floor((5 + 0 + 0 − 3) / 1) + 1 = 3".
    """
    geometry, kernel = scene.geometry, scene.kernel.shape
    pads, extent = geometry.pads(scene.shape, kernel), geometry.extent(kernel)
    rows, columns = (
        f"floor(({scene.shape[axis]} + {pads[axis][0]} + {pads[axis][1]} − {extent[axis]})"
        f" / {geometry.stride[axis]}) + 1 = {scene.output_shape[axis]}"
        for axis in (0, 1)
    )
    return rows, columns


def size_words(scene: Scene) -> tuple[str, str]:
    """Name the numbers of the output-size formula in its order, for rows and for columns.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    (str, str)
        Such as "5 input rows, padding 0 top and 0 bottom, 3 kernel rows, vertical stride 1."
    """
    geometry, kernel = scene.geometry, scene.kernel.shape
    pads, extent = geometry.pads(scene.shape, kernel), geometry.extent(kernel)
    sentences = []
    for axis, word in enumerate(("row", "column")):
        first, second = _SIDES[axis]
        spread = f"({kernel[axis]} − 1) × {geometry.dilation[axis]} + 1"
        weights = counted(extent[axis], f"kernel {word}")
        sentences.append(
            f"{counted(scene.shape[axis], f'input {word}')}, "
            f"padding {pads[axis][0]} {first} and {pads[axis][1]} {second}, "
            f"{weights}{f' once dilated: {spread}' if extent[axis] != kernel[axis] else ''}, "
            f"{_AXES[axis]} stride {geometry.stride[axis]}."
        )
    return sentences[0], sentences[1]


def counted(count: int, word: str) -> str:
    """Write "1 row", "2 rows"."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def unreached(scene: Scene) -> str:
    """Say what no window covers; "" when every row and column is reached."""
    counts = scene.geometry.unreached(scene.shape, scene.kernel.shape)
    names = [
        f"the last {word}" if count == 1 else f"the last {count} {word}s"
        for count, word in zip(counts, ("row", "column"), strict=True)
        if count
    ]
    if not names:
        return ""
    verb = "is" if sum(counts) == 1 else "are"
    of = " of the padded image" if any(map(any, _sides(scene))) else ""
    text = f"{' and '.join(names)}{of} {verb} not reached: the next window would not fit."
    return text[0].upper() + text[1:]


def _sides(scene: Scene) -> Sides:
    return scene.geometry.pads(scene.shape, scene.kernel.shape)


def _form(desk: Desk) -> str:
    padding = desk.scene.geometry.padding
    if isinstance(padding, str):
        return padding
    equal = len({amount for side in padding for amount in side}) == 1
    return "amount" if equal and padding != desk.four_sides else "sides"


def _put_form(desk: Desk, form: str) -> Desk:
    if form == "amount":
        widest = max(1, *(amount for side in _sides(desk.scene) for amount in side))
        return _put_amount(desk, min(MAX_PADDING, widest))
    if form == "sides":
        return _put_sides(desk, _within(desk.scene))
    return desk.moving(padding=form)


def _within(scene: Scene) -> Sides:
    """Take the padding in use side by side, as far as it may go."""
    (top, bottom), (left, right) = _sides(scene)
    top, bottom, left, right = (min(MAX_PADDING, n) for n in (top, bottom, left, right))
    return (top, bottom), (left, right)


def _put_amount(desk: Desk, amount: int) -> Desk:
    padding = ((amount, amount), (amount, amount))
    return replace(desk.moving(padding=padding), four_sides=None)


def _put_sides(desk: Desk, sides: Sides) -> Desk:
    return replace(desk.moving(padding=sides), four_sides=sides)


def _pair_field(name: str, axis: int, most: Callable[[Scene, int], int]) -> Whole:
    def get(desk: Desk) -> int:
        return int(getattr(desk.scene.geometry, name)[axis])

    def put(desk: Desk, value: int) -> Desk:
        pair = [*getattr(desk.scene.geometry, name)]
        pair[axis] = value
        return desk.moving(**{name: tuple(pair)})

    label = f"{name.capitalize()}, {_AXES[axis]}"
    limits = lambda desk: (1, most(desk.scene, axis))  # noqa: E731
    return Whole(f"{name}-{_AXES[axis]}", int, get, put, label, limits)


def _side_field(axis: int, side: int) -> Whole:
    def get(desk: Desk) -> int:
        return _within(desk.scene)[axis][side]

    def put(desk: Desk, value: int) -> Desk:
        sides = [[*pair] for pair in _within(desk.scene)]
        sides[axis][side] = value
        (top, bottom), (left, right) = sides
        return _put_sides(desk, ((top, bottom), (left, right)))

    limits = lambda desk: (least_side(desk.scene, axis, side), MAX_PADDING)  # noqa: E731
    name = _SIDES[axis][side]
    return Whole(f"padding-{name}", int, get, put, name.capitalize(), limits)


OPERATION = Field(
    "operation",
    str,
    lambda desk: desk.scene.operation,
    lambda desk, value: desk.showing(operation=value),
)
STRIDES = tuple(_pair_field("stride", axis, lambda scene, axis: MAX_STRIDE) for axis in (0, 1))
DILATIONS = tuple(_pair_field("dilation", axis, largest_dilation) for axis in (0, 1))
PADDING = Field("padding", str, _form, _put_form)
AMOUNT = Whole(
    "padding-amount",
    int,
    lambda desk: _within(desk.scene)[0][0],
    _put_amount,
    "Rows and columns on each side",
    lambda desk: (least_amount(desk.scene), MAX_PADDING),
)
SIDES = tuple(tuple(_side_field(axis, side) for side in (0, 1)) for axis in (0, 1))
BOUNDARY = Field(
    "boundary",
    str,
    lambda desk: desk.scene.geometry.boundary,
    lambda desk, value: desk.moving(boundary=value),
)
FILL = Field(
    "fill",
    float,
    lambda desk: desk.scene.geometry.fill_value,
    lambda desk, value: desk.moving(fill_value=value),
)
BIAS = Field(
    "bias", float, lambda desk: desk.scene.bias, lambda desk, value: desk.showing(bias=value)
)

CONTROLS: tuple[Control, ...] = (
    OPERATION, *STRIDES, *DILATIONS, PADDING, AMOUNT, *SIDES[0], *SIDES[1], BOUNDARY, FILL, BIAS,
)  # fmt: skip


def show(drawing: Drawing) -> None:
    """Draw the section."""
    scene = drawing.desk.scene
    heading("Window")
    drawing.options(OPERATION, "Operation", _OPERATIONS, buttons=True)
    quiet(_FLIPS[scene.operation])
    drawing.row(*STRIDES)
    drawing.row(*DILATIONS)
    _show_padding(drawing)
    drawing.real(BIAS, "Bias")
    _show_size(scene)


def _show_padding(drawing: Drawing) -> None:
    scene = drawing.desk.scene
    drawing.options(PADDING, "Padding", paddings(scene))
    match _form(drawing.desk):
        case "amount":
            drawing.row(AMOUNT)
        case "sides":
            drawing.row(*SIDES[0])
            drawing.row(*SIDES[1])
        case "same" | "full":
            (top, bottom), (left, right) = _sides(scene)
            quiet(f"{top} top, {bottom} bottom, {left} left, {right} right.")
    if not any(map(any, _sides(scene))):
        return
    drawing.options(BOUNDARY, "Boundary", _BOUNDARIES)
    quiet(_PICTURES_OF[scene.geometry.boundary])
    if scene.geometry.boundary == "constant":
        drawing.real(FILL, "Fill value (k)")


def _show_size(scene: Scene) -> None:
    heading("Output size", 3)
    rows, columns = size_lines(scene)
    st.text(f"Rows: {rows}\nColumns: {columns}")
    several = "" if scene.times == 1 else f"That is one pass; Explore applies {scene.times}."
    quiet(*size_words(scene), _ROUNDING, unreached(scene), several)
