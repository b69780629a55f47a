"""The input: built-in, typed numbers or a picture, and the part of it that is stepped through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Any

import streamlit as st

from convviz.explorer import anchor
from convviz.geometry import Pair
from convviz.images import BUILT_INS, built_in, read_image
from convviz.inputs import FULL_SIZE, SIZES, Input, Named, Picture, Typed
from convviz.matrices import MAX_SHAPE, Matrix, read_table
from convviz.notation import with_minus
from convviz.scene import MAX_PATCH, Patch, Scene
from convviz.ui import explorer, picture_pair
from convviz.ui.controls.fields import (
    Control,
    Desk,
    Drawing,
    Editor,
    Field,
    Upload,
    Whole,
    heading,
    quiet,
)

_SOURCES = {"built-in": "Built-in", "numbers": "Numbers", "picture": "Picture"}
_PLANES = {"grey": "Grey", "red": "Red", "green": "Green", "blue": "Blue"}
_ABOUT = {row.id: row.about for row in BUILT_INS}
_NAMES = {row.id: row.name for row in sorted(BUILT_INS, key=lambda row: row.kind != "numbers")}
_TABLES = ["csv", "tsv", "txt", "npy"]
_PICTURES = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"]
_LARGEST_SEED = 2**31 - 1


def _source(desk: Desk) -> str:
    match desk.scene.input:
        case now if now == desk.waits:
            return "picture"
        case Typed():
            return "numbers"
        case Picture():
            return "picture"
        case _:
            return "built-in"


def _put_source(desk: Desk, source: str) -> Desk:
    chosen: Input | None = desk.built_in
    if source == "numbers":
        chosen = desk.typed or Typed(_numbers_at_hand(desk))
    if source == "picture":
        chosen = desk.picture
        if chosen is None:
            return replace(desk, waits=desk.scene.input)
    return _with_input(desk, chosen)


def _with_input(desk: Desk, chosen: Input | None) -> Desk:
    """Show another input from its first position."""
    if chosen == desk.scene.input:
        return replace(desk, waits=None)
    return replace(desk.showing(input=chosen, patch=None, step=1, line=None), waits=None)


def _numbers_at_hand(desk: Desk) -> Matrix:
    """Numbers to begin editing with: those on the screen, if they are numbers."""
    if isinstance(desk.scene.input, Typed):
        return desk.scene.input.matrix
    return Matrix.of(built_in("classic") if desk.scene.is_picture else desk.scene.image)


def _put_built_in(desk: Desk, id: str) -> Desk:
    return _with_input(desk, Named(id, desk.seed) if id == "random" else Named(id))


def _put_seed(desk: Desk, seed: int) -> Desk:
    return replace(desk.showing(input=Named("random", seed)), seed=seed)


def _put_table(desk: Desk, name: str, data: bytes) -> Desk:
    return _with_input(desk, Typed(read_table(data, name)))


def _put_picture(desk: Desk, name: str, data: bytes) -> Desk:
    return _with_input(desk, Picture(read_image(data), PurePath(name).name))


def _size(desk: Desk) -> int:
    """Tell the size in use; a picture that is no larger is worked at as it is."""
    shape = desk.scene.picture_shape
    return desk.scene.size if shape and desk.scene.size < max(shape) else FULL_SIZE


def _put_size(desk: Desk, size: int) -> Desk:
    """Work at another size; patch and line stay where they are in the picture."""
    scene = replace(desk.scene, size=size)
    if desk.scene.line is not None:
        shapes = zip(desk.scene.shape * 2, scene.shape * 2, strict=True)
        sizes = zip(desk.scene.line, shapes, strict=True)
        row, column, last_row, last_column = (
            int((at + 0.5) * after / before) for at, (before, after) in sizes
        )
        scene = replace(scene, line=(row, column, last_row, last_column))
    patch = desk.scene.patch
    if patch is not None:
        middle = (patch.row + patch.size / 2, patch.column + patch.size / 2)
        row, column = (
            max(0, round(at * after / before - patch.size / 2))
            for at, before, after in zip(middle, desk.scene.shape, scene.shape, strict=True)
        )
        patch = Patch(row, column, patch.size)
    return replace(desk, scene=replace(scene, patch=patch))


def _patch(desk: Desk) -> Patch:
    patch = desk.scene.patch_in_use or Patch(0, 0)
    return replace(patch, size=min(patch.size, max(desk.scene.shape)))


def _patch_limits(desk: Desk, name: str) -> Pair:
    rows, columns = desk.scene.shape
    if name == "size":
        return 1, min(MAX_PATCH, max(rows, columns))
    length = rows if name == "row" else columns
    return 1, max(1, length - _patch(desk).size + 1)


def _patch_field(name: str, first: int) -> Whole:
    def get(desk: Desk) -> int:
        return int(getattr(_patch(desk), name)) + first

    def put(desk: Desk, value: int) -> Desk:
        return desk.showing(patch=replace(_patch(desk), **{name: value - first}), step=1)

    limits = lambda desk: _patch_limits(desk, name)  # noqa: E731
    return Whole(f"patch-{name}", int, get, put, f"Patch {name}", limits)


def _typed_matrix(desk: Desk) -> Matrix:
    return desk.scene.input.matrix if isinstance(desk.scene.input, Typed) else Matrix((("0",),))


def _put_matrix(desk: Desk, matrix: Matrix) -> Desk:
    return desk.showing(input=Typed(matrix))


def step_at(scene: Scene, row: int, column: int) -> int:
    """Find the position whose window has its centre nearest to a pixel.

    Parameters
    ----------
    scene : Scene
    row, column : int
        Of the picture as it is worked on, from 0.

    Returns
    -------
    int
        A step of the scene's block, from 1.
    """
    pads = scene.geometry.pads(scene.shape, scene.kernel.shape)
    extent = scene.geometry.extent(scene.kernel.shape)
    nearest = []
    for axis, (at, part) in enumerate(((row, scene.block.rows), (column, scene.block.columns))):
        first = (extent[axis] - 1) // 2 - pads[axis][0]
        stride = scene.geometry.stride[axis]
        nearest.append(min(range(len(part)), key=lambda i: abs(part[i] * stride + first - at)))
    return nearest[0] * len(scene.block.columns) + nearest[1] + 1


def first_sum(scene: Scene) -> str:
    """Name the sum to check in one's head, where it is the one on the screen; else ""."""
    return "The first sum is 12." if scene.at_rest == Scene() and not scene.predict else ""


def _put_click(desk: Desk, row: int, column: int) -> Desk:
    """Go to a pixel; the patch of a picture moves so that it is in its middle."""
    patch = _patch(desk)
    if desk.scene.is_picture and patch.size < max(desk.scene.shape):
        middle = [span // 2 for span in desk.scene.patch_span]
        patch = Patch(max(0, row - middle[0]), max(0, column - middle[1]), patch.size)
        desk = desk.showing(patch=patch)
    return desk.showing(step=step_at(desk.scene, row, column))


class _Click:
    """A click on the picture beside its feature map."""

    def is_touched(self, desk: Desk) -> bool:
        return picture_pair.read() is not None

    def read(self, desk: Desk) -> Desk:
        place = picture_pair.read()
        if place is None or not desk.scene.is_picture:
            return desk
        return desk.attempting("patch-row", lambda desk: _put_click(desk, *place))


class _Cell:
    """A cell of the explorer's feature map, to be stepped through."""

    def is_touched(self, desk: Desk) -> bool:
        return explorer.read() is not None

    def read(self, desk: Desk) -> Desk:
        cell = explorer.read()
        if cell is None or not desk.scene.is_one_pass:
            return desk
        pixel = anchor(desk.scene, cell)
        return desk.attempting("patch-row", lambda desk: _put_click(desk, *pixel))


SOURCE = Field("source", str, _source, _put_source)
BUILT_IN = Field("built-in", str, lambda desk: desk.built_in.id, _put_built_in)
SEED = Whole(
    "seed", int, lambda desk: desk.seed, _put_seed, "Seed", lambda desk: (0, _LARGEST_SEED)
)
PLANE = Field("plane", str, lambda desk: desk.scene.plane, lambda desk, v: desk.showing(plane=v))
SIZE = Field("size", int, _size, _put_size)
PATCH_ROW = _patch_field("row", 1)
PATCH_COLUMN = _patch_field("column", 1)
PATCH_SIZE = _patch_field("size", 0)
CAMERA = Field("camera", bool, lambda desk: desk.camera, lambda desk, on: replace(desk, camera=on))
TABLE = Upload("table", _put_table)
FILE = Upload("picture", _put_picture)
PHOTO = Upload("photo", lambda desk, _, data: _put_picture(desk, "photo", data))
EDITOR = Editor("input-matrix", _typed_matrix, _put_matrix, MAX_SHAPE)

CONTROLS: tuple[Control, ...] = (
    SOURCE, BUILT_IN, SEED, PLANE, SIZE, PATCH_SIZE, PATCH_ROW, PATCH_COLUMN, CAMERA,
    TABLE, FILE, PHOTO, EDITOR, _Click(), _Cell(),
)  # fmt: skip


def remember(desk: Desk) -> Desk:
    """Keep the input in use as the last one of its kind."""
    match desk.scene.input:
        case Named(id=id, seed=seed) as named:
            return replace(desk, built_in=named, seed=seed if id == "random" else desk.seed)
        case Typed() as typed:
            return replace(desk, typed=typed)
        case picture:
            return replace(desk, picture=picture)


def show(drawing: Drawing) -> None:
    """Draw the section."""
    heading("Input")
    drawing.options(SOURCE, "Source", _SOURCES, buttons=True)
    match _source(drawing.desk):
        case "built-in":
            _show_built_in(drawing)
        case "numbers":
            _show_numbers(drawing)
        case _:
            _show_picture(drawing)
    if drawing.desk.scene.is_picture and drawing.desk.waits is None:
        _show_part(drawing)


def _show_built_in(drawing: Drawing) -> None:
    drawing.options(BUILT_IN, "Built-in input", _NAMES)
    quiet(_ABOUT[drawing.desk.built_in.id], first_sum(drawing.desk.scene))
    if drawing.desk.built_in.id == "random":
        drawing.row(SEED)


def _show_numbers(drawing: Drawing) -> None:
    image = drawing.desk.scene.image
    low, high = float(image.min()), float(image.max())
    span = with_minus(f"From {low:g} to {high:g}.")
    drawing.editor(
        EDITOR,
        "Input matrix",
        MAX_SHAPE,
        greys=None if low < 0 else (0.0, high),
        caption=(span,),
    )
    st.file_uploader("Numbers from a file (CSV, TSV, NPY)", _TABLES, key=TABLE.key)
    drawing.refusal(TABLE.key)


def _show_picture(drawing: Drawing) -> None:
    st.file_uploader(
        "Picture from a file",
        _PICTURES,
        key=FILE.key,
        help="What is transparent in a picture is shown on white.",
    )
    drawing.refusal(FILE.key)
    drawing.switch(CAMERA, "Use the camera")
    if drawing.desk.camera:
        st.camera_input("Photo", resolution="720p", key=PHOTO.key)
        drawing.refusal(PHOTO.key)
    picture = drawing.desk.scene.input
    if isinstance(picture, Picture):
        rows, columns = picture.pixels.shape[:2]
        quiet(f"{picture.name}, {rows} × {columns}.")
    else:
        quiet("Until there is a picture, the input stays as it is.")


def _show_part(drawing: Drawing) -> None:
    """Draw what is taken from a picture: plane, size, patch."""
    drawing.options(PLANE, "Plane", _PLANES, buttons=True)
    drawing.options(SIZE, "Size to work at", _sizes(drawing.desk.scene))
    rows, columns = drawing.desk.scene.shape
    drawing.row(PATCH_ROW, PATCH_COLUMN)
    drawing.row(PATCH_SIZE)
    quiet(f"Worked at {rows} × {columns}. A click on the picture moves the patch there.")


def _sizes(scene: Scene) -> dict[Any, str]:
    """Name the sizes that make this picture smaller, and its own."""
    rows, columns = scene.picture_shape or (0, 0)
    smaller = {size: f"{size} pixels" for size in SIZES if size < max(rows, columns)}
    return {**smaller, FULL_SIZE: f"Own size, {rows} × {columns}"}
