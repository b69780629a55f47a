"""The kernel: a preset with what it does, or numbers of one's own."""

from __future__ import annotations

from dataclasses import replace

from convviz.geometry import Pair
from convviz.kernels import KERNELS, MAX_KERNEL, kernel, preset_of
from convviz.limits import MAX_EXTENT
from convviz.matrices import Matrix
from convviz.notation import with_minus
from convviz.scene import Scene
from convviz.ui.controls.fields import Control, Desk, Drawing, Editor, Field, heading, quiet

LARGEST = (15, 15)
"""Rows and columns a kernel can be given by hand; presets and pasted ones may be larger."""

_OWN = "own"
_NAMES = {row.id: f"{row.group}: {row.name}" for row in KERNELS}


def _id(desk: Desk) -> str:
    preset = preset_of(desk.scene.kernel)
    return preset.id if preset else _OWN


def _put_id(desk: Desk, id: str) -> Desk:
    if id != _OWN:
        return _put_matrix(desk, kernel(id).matrix)
    return _put_matrix(desk, desk.own_kernel or desk.scene.kernel)


def _put_matrix(desk: Desk, matrix: Matrix) -> Desk:
    return desk.showing(kernel=matrix)


def room(scene: Scene) -> Pair:
    """Rows and columns of the largest kernel that fits and can be made by hand.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    (int, int)
        At most 15 x 15, at least the kernel in use where that is smaller.
    """
    geometry, reach = scene.geometry, (MAX_EXTENT, MAX_EXTENT)
    if geometry.padding not in ("same", "full"):
        reach = geometry.padded_shape(scene.shape, scene.kernel.shape)
    rows, columns = (
        min(LARGEST[axis], (min(MAX_EXTENT, reach[axis]) - 1) // geometry.dilation[axis] + 1)
        for axis in (0, 1)
    )
    return rows, columns


ID = Field("kernel", str, _id, _put_id)
EDITOR = Editor("kernel-matrix", lambda desk: desk.scene.kernel, _put_matrix, MAX_KERNEL)

CONTROLS: tuple[Control, ...] = (ID, EDITOR)


def remember(desk: Desk) -> Desk:
    """Keep the kernel in use if it is no preset."""
    if preset_of(desk.scene.kernel):
        return desk
    return replace(desk, own_kernel=desk.scene.kernel)


def show(drawing: Drawing) -> None:
    """Draw the section."""
    heading("Kernel")
    own = {_OWN: "Your own numbers"} if drawing.desk.own_kernel else {}
    drawing.options(ID, "Preset", {**own, **_NAMES})
    if preset := preset_of(drawing.desk.scene.kernel):
        quiet(preset.about, _in_print(preset.factors), preset.reference)
    drawing.editor(EDITOR, "Kernel", room(drawing.desk.scene))


def _in_print(factors: str) -> str:
    """Write factors as a book does: a true minus, a times sign, a raised T."""
    return with_minus(factors.replace("^T", "\u1d40").replace(" x ", " \u00d7 "))
