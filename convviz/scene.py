"""Scene: everything a link or a session must remember, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import NoneType
from typing import Literal

import numpy as np

from convviz.display import Display
from convviz.geometry import Geometry, Pair, integer, real
from convviz.images import PLANES
from convviz.inputs import DEFAULT_SIZE, FULL_SIZE, SIZES, Input, Named, Picture, Plane, Typed
from convviz.kernels import GROUPS, kernel
from convviz.limits import (
    MAX_SUM,
    check_choice,
    check_extent,
    check_geometry,
    check_kernel,
    check_kind,
)
from convviz.line import Line, check_line, inside, middle_row
from convviz.matrices import Matrix
from convviz.passes import INPUT, Windows, check_minus, windows_after

MAX_POSITIONS = 64
"""Rows, and columns, of positions the player steps through."""
MAX_PATCH = 64
WHOLE_PATCH = 32
"""A picture up to this many pixels a side is stepped through whole."""
PATCH = 12
ONE_MAP, PLANE_TILES, SOBEL_TILES, COLLECTED = "", "planes", "sobel", "collected"
TILES = (ONE_MAP, PLANE_TILES, *GROUPS, SOBEL_TILES, COLLECTED)
"""What stands side by side: nothing, planes, a group of presets, Sobel, the collection."""
MAX_COLLECTED = 6
VIEWS = ("lecture",)
CHARTS = ("kernel", "frequencies", "histogram", "profile", "method")

Operation = Literal["corr", "conv"]
_CLASSIC = Named()
_PLAIN = Geometry()
_SIGNED = Display()


@dataclass(frozen=True)
class Patch:
    """The part of a picture the player steps through: first row and column (from 0) and size.

    The size counts positions: without padding the windows take in more of the picture, so that a
    large kernel has as many steps as a small one.
    """

    row: int
    column: int
    size: int = PATCH

    def __post_init__(self) -> None:
        for name in ("row", "column", "size"):
            object.__setattr__(self, name, integer(f"patch {name}", getattr(self, name)))
        if self.row < 0 or self.column < 0:
            raise ValueError(f"Patch row {self.row}, column {self.column} is outside the picture.")
        if not 1 <= self.size <= MAX_PATCH:
            raise ValueError(f"Patch size {self.size} is out of range: choose 1 to {MAX_PATCH}.")


@dataclass(frozen=True)
class Block:
    """The output positions the player steps through, as rows and columns of the whole output."""

    rows: range
    columns: range

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)


@dataclass(frozen=True)
class Scene:
    """The single truth of a run; the default is the classic case.

    Parameters
    ----------
    input : Named, Typed or Picture
    kernel : Matrix
        Up to 31 x 31, as typed, with its factor.
    geometry : Geometry
    operation : {"corr", "conv"}
        Cross-correlation uses the kernel as typed, convolution rotates it by 180 degrees.
    bias : float
    plane : str
        Which plane of a picture is worked on: one of `images.PLANES`.
    size : int
        Longest side a picture is worked at, in pixels; 0 for its own size.
    patch : Patch, optional
        The part of a picture that is stepped through; None for the one with the most contrast.
    step : int
        The position, from 1.
    view : str
        How the player opens: one of `VIEWS`, or "" for its place in the page.
    predict : bool
        Whether the player opens with its outputs hidden, to be predicted.
    display : Display
        How the whole feature map is shown.
    times : int
        How often the kernel is applied to the whole; the player shows one pass.
    minus : str
        What is subtracted from the whole feature map: one of `passes.SUBTRACTED`.
    tiles : str
        Which feature maps stand side by side: one of `TILES`, "" for one map alone.
    collected : tuple of Matrix
        Up to six kernels the visitor collected.
    chart : str
        What is shown of the kernel or the map beside it: one of `CHARTS`, or "" for nothing.
    line : (int, int, int, int), optional
        Row and column of two pixels of the input, from 0: where the profile runs; None for the
        middle row.

    Raises
    ------
    TypeError
        Where a value is of another kind, such as a step of 1.5.
    ValueError
        Where the values do not go together, as one sentence that says what would.
    """

    input: Input = _CLASSIC
    kernel: Matrix = kernel("classic").matrix
    geometry: Geometry = _PLAIN
    operation: Operation = "corr"
    bias: float = 0.0
    plane: str = "grey"
    size: int = DEFAULT_SIZE
    patch: Patch | None = None
    step: int = 1
    view: str = ""
    predict: bool = False
    display: Display = _SIGNED
    times: int = 1
    minus: str = ""
    tiles: str = ONE_MAP
    collected: tuple[Matrix, ...] = ()
    chart: str = ""
    line: Line | None = None

    def __post_init__(self) -> None:
        check_kind("display", self.display, Display)
        check_kind("input", self.input, Named, Typed, Picture)
        check_kind("kernel", self.kernel, Matrix)
        check_kind("geometry", self.geometry, Geometry)
        check_kind("patch", self.patch, Patch, NoneType)
        object.__setattr__(self, "bias", real("bias", self.bias))
        object.__setattr__(self, "step", integer("step", self.step))
        check_kernel(self.kernel)
        self._check_gallery()
        check_choice("Operation", self.operation, ("corr", "conv"))
        check_choice("Plane", self.plane, PLANES)
        check_choice("Size", self.size, (*SIZES, FULL_SIZE))
        check_kind("predict", self.predict, bool)
        if self.view != "":
            check_choice("View", self.view, VIEWS)
        if self.chart != "":
            check_choice("Chart", self.chart, CHARTS)
        if self.line is not None:
            object.__setattr__(self, "line", check_line(self.line))
        if not np.isfinite([self.bias, self.geometry.fill_value]).all():
            raise ValueError("Bias and fill value must be finite numbers.")
        check_geometry(self.geometry)
        check_extent(self.geometry.extent(self.kernel.shape))
        self.geometry.output_shape(self.image.shape, self.kernel.shape)
        object.__setattr__(self, "times", integer("times", self.times))
        check_kind("minus", self.minus, str)
        if not self.is_one_pass:
            windows_after(*self._passes)
            check_minus(self.minus, *self._passes)
        self._check_sums()
        if self.step < 1:
            raise ValueError(f"Step {self.step} is out of range: positions are counted from 1.")

    def _check_gallery(self) -> None:
        if self.tiles != ONE_MAP:
            check_choice("Tiles", self.tiles, TILES[1:])
        if len(self.collected) > MAX_COLLECTED:
            count = len(self.collected)
            raise ValueError(f"{count} kernels are collected: keep at most {MAX_COLLECTED}.")
        for matrix in self.collected:
            check_kind("collected kernel", matrix, Matrix)
            check_kernel(matrix)

    def _check_sums(self) -> None:
        """Refuse numbers whose sums, on the way too, may be too large for a float64."""
        if self.reach > MAX_SUM:
            fewer = " or apply the kernel fewer times (on Explore)" if self.times > 1 else ""
            raise ValueError(
                f"Sums may reach {self.reach:.0e}: use smaller numbers{fewer}, "
                f"for sums up to {MAX_SUM:.0e}."
            )

    @cached_property
    def reach(self) -> float:
        """How large the sums of a map may become, on the way to the one that Explore shows too."""
        largest = 255.0 if self.is_picture else float(np.abs(self.image).max())
        matrices = [self.kernel]
        if self.minus not in ("", INPUT):
            matrices.append(kernel(self.minus).matrix)
        with np.errstate(over="ignore"):
            return max(self._reach(matrix, largest) for matrix in matrices)

    def _reach(self, matrix: Matrix, largest: float) -> float:
        """Bound the sums of a kernel's passes over numbers up to the largest."""
        weight = np.abs(matrix.values).sum() * max(1.0, abs(float(matrix.scale)))
        reach = [largest]
        for _ in range(self.times):
            before = max(reach[-1], abs(self.geometry.fill_value))
            reach.append(float(before * weight + abs(self.bias)))
        return max(reach[1:])

    @property
    def is_picture(self) -> bool:
        """Whether the numbers are the pixels of a picture."""
        return self.input.is_picture

    @property
    def picture_shape(self) -> Pair | None:
        """Shape of the picture at its own size, or None for numbers."""
        if not self.is_picture:
            return None
        rows, columns = self.input.array.shape[:2]
        return rows, columns

    @property
    def image(self) -> np.ndarray:
        """The numbers worked on: float64 (H, W), or one uint8 plane of a picture."""
        return self._plane.image if self._plane else self.input.array

    @cached_property
    def _plane(self) -> Plane | None:
        if isinstance(self.input, Typed) or not self.input.is_picture:
            return None
        return self.input.working(self.plane, self.size)

    @property
    def flip(self) -> bool:
        """Whether the kernel is used rotated by 180 degrees."""
        return self.operation == "conv"

    @property
    def is_one_pass(self) -> bool:
        """Whether Explore shows what the player does: one pass, with nothing subtracted."""
        return self.times == 1 and self.minus == ""

    @property
    def one_pass(self) -> Scene:
        """The scene as the player shows it."""
        return self if self.is_one_pass else replace(self, times=1, minus="")

    @property
    def at_rest(self) -> Scene:
        """The scene without where the player stands and how it opens: what is computed of it."""
        return replace(self, patch=None, step=1, view="", predict=False)

    @property
    def _passes(self) -> tuple[int, Geometry, Pair, Pair]:
        return self.times, self.geometry, self.shape, self.kernel.shape

    @cached_property
    def windows(self) -> Windows:
        """Where the windows of the map that Explore shows lie on the input."""
        return windows_after(*self._passes)

    @cached_property
    def output_shape(self) -> Pair:
        """Shape of the whole feature map of one pass."""
        return self.geometry.output_shape(self.shape, self.kernel.shape)

    @property
    def shape(self) -> Pair:
        """Shape of the whole image worked on."""
        rows, columns = self.image.shape
        return rows, columns

    @property
    def line_in_use(self) -> Line:
        """The line of the profile, its ends moved into the input."""
        return middle_row(self.shape) if self.line is None else inside(self.line, self.shape)

    @cached_property
    def patch_in_use(self) -> Patch | None:
        """The patch, moved and sized so that it lies in the picture; None for numbers."""
        if self._plane is None:
            return None
        rows, columns = self.shape
        if self.patch is None and max(rows, columns) <= WHOLE_PATCH:
            return Patch(0, 0, max(rows, columns))
        patch = self.patch or Patch(*self._plane.busiest)
        row = _inside(patch.row, patch.size, rows)
        return Patch(row, _inside(patch.column, patch.size, columns), patch.size)

    @cached_property
    def patch_span(self) -> Pair:
        """Rows and columns of the picture that the windows of a patch take in."""
        patch = self.patch_in_use or Patch(0, 0)
        pads = self.geometry.pads(self.shape, self.kernel.shape)
        extent = self.geometry.extent(self.kernel.shape)
        rows, columns = (
            min(patch.size + max(0, extent[axis] - 1 - sum(pads[axis])), self.shape[axis])
            for axis in (0, 1)
        )
        return rows, columns

    @cached_property
    def block(self) -> Block:
        """The positions the player steps through."""
        pads = self.geometry.pads(self.shape, self.kernel.shape)
        extent = self.geometry.extent(self.kernel.shape)
        patch = self.patch_in_use
        first = (patch.row, patch.column) if patch else (0, 0)
        size = self.patch_span if patch else self.shape
        rows, columns = (
            _positions(
                first[axis],
                size[axis],
                self.shape[axis],
                sum(pads[axis]),
                extent[axis],
                self.geometry.stride[axis],
            )
            for axis in (0, 1)
        )
        return Block(rows, columns)


def _inside(first: int, size: int, length: int) -> int:
    return max(0, min(first, length - size))


def _positions(first: int, size: int, length: int, pads: int, extent: int, stride: int) -> range:
    """Positions along one axis whose window lies in the patch and the padding round it."""
    first = _inside(first, size, length)
    last = first + size + pads - extent
    start = first // stride
    return range(start, min(last // stride + 1, start + MAX_POSITIONS))
