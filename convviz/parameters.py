"""The parameters of a link: one row each, which names a value of the scene, writes and reads it.

======== ===============================================================================
in, seed a built-in input, by its id; the seed of its random digits
m        an own input matrix, ``1,1,9_1,1,9``, with a factor ``1/2*1,1_1,1``
px       the pixels of a picture of up to 32 x 32 (see `convviz.packing`)
of       ``HxW`` of the picture that was brought, where the link has only part of it: px is the
         patch that was stepped through, one plane as grey; px of that very shape lacks only
         the colours; without px, nothing of the picture is there
k        the kernel: a preset's id, or own numbers as for m
op       ``corr`` or ``conv``
pad      ``valid``, ``same``, ``full``, or 1, 2 or 4 amounts: all sides; vertical,horizontal;
         top,bottom,left,right
bd, fill the boundary, and the value of constant padding
s, d     stride and dilation: one number, or vertical,horizontal
bias     a number
plane    ``grey``, ``red``, ``green`` or ``blue``
size     the longest side a picture is worked at, or ``full``
patch    row,column,size of the part of a picture that is stepped through, from 1
step     the position, from 1
view     ``lecture`` where the player fills the window
predict  1 where the player hides each output until it was predicted
show     how the feature map is shown: one of `display.MODES`
thr      the threshold of ``show=threshold``
relu     1 where negative values are shown as 0
times    how often Explore applies the kernel, from 1
minus    what Explore subtracts: ``input``, or the map of a preset, by its id
tiles    which maps stand side by side: one of `scene.TILES`
kk       collected kernels, each as for k, with ``~`` between them
chart    what is shown beside the map: one of `scene.CHARTS`
line     row,column,row,column of the two ends of the profile's line, from 1
======== ===============================================================================

An m, a k or one of kk that is only a shape, ``64x64``, was too long for the link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from numpy.typing import NDArray

from convviz.display import MODES
from convviz.geometry import BOUNDARIES, PADDINGS, Pair, Sides
from convviz.images import BUILT_INS, PLANES
from convviz.inputs import DEFAULT_SIZE, FULL_SIZE, SIZES
from convviz.kernels import KERNELS, MAX_KERNEL, preset_of
from convviz.limits import MAX_DILATION, MAX_PADDING, MAX_STRIDE
from convviz.line import Line
from convviz.matrices import MAX_SHAPE, Matrix, MatrixError
from convviz.packing import (
    MAX_SIDE,
    matrix_text,
    pixel_text,
    read_matrix,
    read_pixels,
    read_shape,
    shape_text,
)
from convviz.passes import MAX_TIMES, SUBTRACTED
from convviz.scene import CHARTS, MAX_COLLECTED, TILES, VIEWS, Operation, Patch, Scene

_INTEGER = re.compile(r"[0-9]{1,10}")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LARGEST = 2**31 - 1
BETWEEN = "~"
"""Stands between collected kernels: no link escapes it and no number has it."""


class RefusedError(ValueError):
    """What is wrong with a value, to stand behind it in a sentence: "is unknown"."""


@dataclass(frozen=True)
class Parameter:
    """One row of the table.

    Parameters
    ----------
    name : str
        As in the link.
    path : str
        The value of a scene it stands for, such as "geometry.stride".
    what : str
        What a note calls it.
    instead : str
        What a note says is used where it cannot be.
    write : value -> text, or None where it cannot travel
    read : text -> value
        Raises RefusedError with what is wrong, or another ValueError with a whole sentence.
    """

    name: str
    path: str
    what: str
    instead: str
    write: Callable[[Any], str | None]
    read: Callable[[str], Any]

    def text(self, scene: Scene) -> str | None:
        """Write the value this scene has; None where it has no such value."""
        value: Any = scene
        for attribute in self.path.split("."):
            value = getattr(value, attribute, None)
        return None if value is None else self.write(value)


def integer(text: str, least: int, most: int) -> int:
    """Read a whole number in ASCII digits."""
    if not _INTEGER.fullmatch(text):
        raise RefusedError("is not a whole number")
    if not least <= int(text) <= most:
        raise RefusedError(f"is out of range ({least} to {most})")
    return int(text)


def _integers(text: str, counts: Sequence[int], least: int, most: int) -> list[int]:
    parts = text.split(",")
    if len(parts) not in counts:
        raise RefusedError(f"is not {' or '.join(map(str, counts))} whole numbers")
    return [integer(part, least, most) for part in parts]


def _between(least: int, most: int) -> Callable[[str], int]:
    return lambda text: integer(text, least, most)


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise RefusedError("is unknown")
        return text

    return read


def _pair_text(values: Pair) -> str:
    return str(values[0]) if values[0] == values[1] else f"{values[0]},{values[1]}"


def _pair(most: int) -> Callable[[str], Pair]:
    def read(text: str) -> Pair:
        values = _integers(text, (1, 2), 1, most)
        return values[0], values[-1]

    return read


def _number_text(value: float) -> str:
    # Adding 0.0 takes the sign from -0.0; the + of "1e+22" would need an escape.
    return repr(float(value) + 0.0).removesuffix(".0").replace("e+", "e")


def _number(text: str) -> float:
    try:
        return float(Matrix(((text,),)).values[0, 0])
    except MatrixError:
        raise RefusedError("is not a number") from None


def _padding_text(padding: str | Sides) -> str:
    if isinstance(padding, str):
        return padding
    (top, bottom), (left, right) = padding
    if top == bottom and left == right:
        return _pair_text((top, left))
    return f"{top},{bottom},{left},{right}"


def _padding(text: str) -> str | Sides:
    if text in PADDINGS:
        return text
    if _ID.fullmatch(text):
        raise RefusedError("is unknown")
    sides = _integers(text, (1, 2, 4), 0, MAX_PADDING)
    if len(sides) == 4:
        return (sides[0], sides[1]), (sides[2], sides[3])
    return (sides[0], sides[0]), (sides[-1], sides[-1])


def _own_numbers(text: str, most: Pair) -> Matrix:
    if read_shape(text):
        raise RefusedError("was too long for the link")
    return read_matrix(text, most)


def _input_matrix(text: str) -> Matrix:
    return _own_numbers(text, MAX_SHAPE)


def _kernel_text(matrix: Matrix) -> str:
    preset = preset_of(matrix)
    return preset.id if preset else matrix_text(matrix)


def _kernel(text: str) -> Matrix:
    for row in KERNELS:
        if row.id == text:
            return row.matrix
    if _ID.fullmatch(text):
        raise RefusedError("is unknown")
    return _own_numbers(text, MAX_KERNEL)


def _collected_text(matrices: Sequence[Matrix]) -> str:
    return BETWEEN.join(map(_kernel_text, matrices))


def _collected(text: str) -> tuple[Matrix, ...]:
    parts = text.split(BETWEEN)
    if len(parts) > MAX_COLLECTED:
        raise RefusedError(f"has {len(parts)} kernels, more than {MAX_COLLECTED}")
    return tuple(_kernel(part) for part in parts if not read_shape(part))


def _pixels_text(pixels: NDArray[Any]) -> str | None:
    return pixel_text(pixels) if max(pixels.shape[:2]) <= MAX_SIDE else None


def _shape(text: str) -> Pair:
    shape = read_shape(text)
    if not shape:
        raise RefusedError("is not rows x columns")
    return shape


def _size_text(size: int) -> str:
    return "full" if size == FULL_SIZE else str(size)


def _size(text: str) -> int:
    sizes = {_size_text(size): size for size in (*SIZES, FULL_SIZE)}
    if text not in sizes:
        raise RefusedError(f"is none of {', '.join(sizes)}")
    return sizes[text]


def _patch_text(patch: Patch) -> str:
    return f"{patch.row + 1},{patch.column + 1},{patch.size}"


def _patch(text: str) -> Patch:
    row, column, size = _integers(text, (3,), 1, _LARGEST)
    return Patch(row - 1, column - 1, size)


def _line_text(line: Line) -> str:
    return ",".join(str(end + 1) for end in line)


def _line(text: str) -> Line:
    row, column, last_row, last_column = _integers(text, (4,), 1, _LARGEST)
    return row - 1, column - 1, last_row - 1, last_column - 1


def _switch_text(on: bool) -> str:
    return str(int(on))


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise RefusedError("is neither 0 nor 1")
    return text == "1"


_IDS = tuple(row.id for row in BUILT_INS)
_CLASSIC = "the classic input is used"
_WHOLE = "the pixels count as a whole picture"
_MEDIUM = f"size {DEFAULT_SIZE} is used"
_FIRST = "the first position is used"
_NOTHING = "nothing is subtracted"

# Parameter, renamed so that a row fits on a line.
_P = Parameter

PARAMETERS = (
    _P("in", "input.id", "input", _CLASSIC, str, _one_of(_IDS)),
    _P("seed", "input.seed", "seed", "seed 1 is used", str, _between(0, _LARGEST)),
    _P("m", "input.matrix", "input matrix", _CLASSIC, matrix_text, _input_matrix),
    _P("px", "input.pixels", "picture", _CLASSIC, _pixels_text, read_pixels),
    _P("of", "input.cut_from", "picture's full shape", _WHOLE, shape_text, _shape),
    _P("k", "kernel", "kernel", "the classic kernel is used", _kernel_text, _kernel),
    _P(
        "op",
        "operation",
        "operation",
        "cross-correlation is used",
        str,
        _one_of(get_args(Operation)),
    ),
    _P("pad", "geometry.padding", "padding", "none is used", _padding_text, _padding),
    _P("bd", "geometry.boundary", "boundary", "constant is used", str, _one_of(BOUNDARIES)),
    _P("fill", "geometry.fill_value", "fill value", "0 is used", _number_text, _number),
    _P("s", "geometry.stride", "stride", "1 is used", _pair_text, _pair(MAX_STRIDE)),
    _P("d", "geometry.dilation", "dilation", "1 is used", _pair_text, _pair(MAX_DILATION)),
    _P("bias", "bias", "bias", "0 is used", _number_text, _number),
    _P("plane", "plane", "plane", "grey is used", str, _one_of(PLANES)),
    _P("size", "size", "size", _MEDIUM, _size_text, _size),
    _P("patch", "patch", "patch", "the default one is used", _patch_text, _patch),
    _P("step", "step", "step", _FIRST, str, _between(1, _LARGEST)),
    _P("view", "view", "view", "the page is shown", str, _one_of(VIEWS)),
    _P("predict", "predict", "predict", "it is off", _switch_text, _switch),
    _P("show", "display.mode", "display", "signed is used", str, _one_of(MODES)),
    _P("thr", "display.threshold", "threshold", "128 is used", _number_text, _number),
    _P("relu", "display.relu", "ReLU", "it is off", _switch_text, _switch),
    _P("times", "times", "number of times", "one pass is shown", str, _between(1, MAX_TIMES)),
    _P("minus", "minus", "map to subtract", _NOTHING, str, _one_of(SUBTRACTED[1:])),
    _P("tiles", "tiles", "tiles", "one map is shown", str, _one_of(TILES)),
    _P("kk", "collected", "collection", "it is empty", _collected_text, _collected),
    _P("chart", "chart", "chart", "none is shown", str, _one_of(CHARTS)),
    _P("line", "line", "line", "the middle row is used", _line_text, _line),
)
