"""Scene: everything a link or a session must remember, in one frozen value."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np

from convviz.geometry import Geometry, Pair
from convviz.images import BUILT_INS, PLANES, built_in, plane, resize
from convviz.kernels import MAX_KERNEL, kernel
from convviz.matrices import Matrix

MAX_POSITIONS = 64
"""Rows, and columns, of positions the player steps through."""
MAX_PADDING = 32
MAX_STRIDE = 16
MAX_DILATION = 8
MAX_EXTENT = 64
"""Rows, and columns, a dilated kernel may cover: it bounds what the player must draw."""
MAX_PATCH = 64
WHOLE_PATCH = 32
"""A picture up to this many pixels a side is stepped through whole."""
PATCH = 12
SIZES = (32, 64, 128, 256, 512, 1024)
"""Longest sides, in pixels, a picture can be worked at; 0 stands for its own size."""
FULL_SIZE = 0
DEFAULT_SIZE = 256
MAX_SUM = 1e280
"""Largest sum; times a divisor up to 2**31 and a factor up to 2**53 it is finite."""

Operation = Literal["corr", "conv"]
_PLAIN = Geometry()


@dataclass(frozen=True)
class Named:
    """A built-in input, by its id."""

    id: str = "classic"
    seed: int = 1

    def __post_init__(self) -> None:
        ids = [row.id for row in BUILT_INS]
        if self.id not in ids:
            raise ValueError(f"Input {self.id!r} is not built in: choose one of {', '.join(ids)}.")
        if not 0 <= self.seed < 2**31:
            raise ValueError(f"Seed {self.seed} is out of range: choose 0 to {2**31 - 1}.")


@dataclass(frozen=True)
class Typed:
    """Numbers the visitor typed, pasted or read from a table."""

    matrix: Matrix


@dataclass(frozen=True)
class Picture:
    """A picture the visitor brought; equal to another by its pixels.

    Parameters
    ----------
    pixels : ndarray
        uint8 (H, W, 3).
    name : str
        What it was called, for the screen only.
    cut_from : (int, int), optional
        Shape of the picture these pixels were cut from, where only a patch travelled in a link.
    """

    pixels: np.ndarray = field(compare=False, repr=False)
    name: str = field(default="picture", compare=False)
    cut_from: Pair | None = None
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        pixels = np.ascontiguousarray(self.pixels).view()
        if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
            raise ValueError(f"Pixels {pixels.dtype} {pixels.shape}: give uint8 (H, W, 3).")
        pixels.flags.writeable = False
        object.__setattr__(self, "pixels", pixels)
        digest = hashlib.sha256(f"{self.pixels.shape}".encode())
        digest.update(pixels.data)
        object.__setattr__(self, "digest", digest.hexdigest())
        object.__setattr__(self, "_planes", {})

    def working(self, which: str, longest: int) -> Plane:
        """Return one plane at the size it is worked at; the last one asked for is kept."""
        kept: dict[tuple[str, int], Plane] = self.__dict__["_planes"]
        if (which, longest) not in kept:
            kept.clear()
            kept[which, longest] = Plane.of(self.pixels, which, longest)
        return kept[which, longest]


Input = Named | Typed | Picture


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
        if self.row < 0 or self.column < 0:
            raise ValueError(f"Patch row {self.row}, column {self.column} is outside the picture.")
        if not 1 <= self.size <= MAX_PATCH:
            raise ValueError(f"Patch size {self.size} is out of range: choose 1 to {MAX_PATCH}.")


@dataclass(frozen=True, eq=False)
class Plane:
    """One plane of a picture at the size it is worked at: uint8 (H, W), read-only."""

    image: np.ndarray

    @classmethod
    def of(cls, pixels: np.ndarray, which: str, longest: int) -> Plane:
        """Take a plane of uint8 (H, W, 3) and make it smaller; longest 0 keeps the size."""
        image = plane(pixels, which)
        image = image if longest == FULL_SIZE else resize(image, longest)
        image.flags.writeable = False
        return cls(image)

    @cached_property
    def busiest(self) -> Patch:
        """The tile with the most contrast, so that there is something to see.

        Links without a patch rely on it: a change would show them somewhere else.
        """
        down, across = (max(1, length // PATCH) for length in self.image.shape)
        tiles = self.image[: down * PATCH, : across * PATCH].astype(np.float32)
        tiles = tiles.reshape(down, tiles.shape[0] // down, across, tiles.shape[1] // across)
        row, column = divmod(int(tiles.var(axis=(1, 3)).argmax()), across)
        return Patch(row * PATCH, column * PATCH)


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

    Raises
    ------
    ValueError
        Where the values do not go together, as one sentence that says what would.
    """

    input: Input = Named()
    kernel: Matrix = kernel("classic").matrix
    geometry: Geometry = _PLAIN
    operation: Operation = "corr"
    bias: float = 0.0
    plane: str = "grey"
    size: int = DEFAULT_SIZE
    patch: Patch | None = None
    step: int = 1

    def __post_init__(self) -> None:
        _check_kernel(self.kernel)
        _check_choice("Operation", self.operation, ("corr", "conv"))
        _check_choice("Plane", self.plane, PLANES)
        _check_choice("Size", self.size, (*SIZES, FULL_SIZE))
        if not np.isfinite([self.bias, self.geometry.fill_value]).all():
            raise ValueError("Bias and fill value must be finite numbers.")
        _check_limits(self.geometry)
        _check_extent(self.geometry.extent(self.kernel.shape))
        self.geometry.output_shape(self.image.shape, self.kernel.shape)
        self._check_sums()
        if self.step < 1:
            raise ValueError(f"Step {self.step} is out of range: positions are counted from 1.")

    def _check_sums(self) -> None:
        """Refuse numbers whose sums, on the way too, may be too large for a float64."""
        largest = 255.0 if self.is_picture else float(np.abs(self.image).max())
        with np.errstate(over="ignore"):
            reach = np.abs(self.kernel.values).sum() * max(1.0, abs(float(self.kernel.scale)))
            reach = max(largest, abs(self.geometry.fill_value)) * reach + abs(self.bias)
        if reach > MAX_SUM:
            raise ValueError(
                f"Sums may reach {reach:.0e}: use smaller numbers, for sums up to {MAX_SUM:.0e}."
            )

    @property
    def is_picture(self) -> bool:
        """Whether the numbers are the pixels of a picture."""
        match self.input:
            case Named(id=id):
                return next(row.kind for row in BUILT_INS if row.id == id) == "picture"
            case Picture():
                return True
            case _:
                return False

    @property
    def picture_shape(self) -> Pair | None:
        """Shape of the picture at its own size, or None for numbers."""
        if not self.is_picture:
            return None
        rows, columns = self.pixels.shape[:2]
        return rows, columns

    @property
    def pixels(self) -> np.ndarray:
        """The picture's own pixels, uint8 (H, W, 3)."""
        if isinstance(self.input, Picture):
            return self.input.pixels
        if isinstance(self.input, Named):
            return built_in(self.input.id, seed=self.input.seed)
        raise TypeError("Typed numbers have no pixels.")

    @property
    def image(self) -> np.ndarray:
        """The numbers worked on: float64 (H, W), or one uint8 plane of a picture."""
        match self.input:
            case Typed(matrix=matrix):
                return matrix.weights
            case Named(id=id, seed=seed) if not self.is_picture:
                return built_in(id, seed=seed)
            case _:
                return self._plane.image

    @cached_property
    def _plane(self) -> Plane:
        if isinstance(self.input, Picture):
            return self.input.working(self.plane, self.size)
        assert isinstance(self.input, Named)
        return _built_in_plane(self.input.id, self.plane, self.size)

    @property
    def flip(self) -> bool:
        """Whether the kernel is used rotated by 180 degrees."""
        return self.operation == "conv"

    @cached_property
    def output_shape(self) -> Pair:
        """Shape of the whole feature map."""
        return self.geometry.output_shape(self.shape, self.kernel.shape)

    @property
    def shape(self) -> Pair:
        """Shape of the whole image worked on."""
        rows, columns = self.image.shape
        return rows, columns

    @cached_property
    def patch_in_use(self) -> Patch | None:
        """The patch, moved and sized so that it lies in the picture; None for numbers."""
        if not self.is_picture:
            return None
        rows, columns = self.shape
        if self.patch is None and max(rows, columns) <= WHOLE_PATCH:
            return Patch(0, 0, max(rows, columns))
        patch = self.patch or self._plane.busiest
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


@lru_cache(maxsize=16)
def _built_in_plane(id: str, which: str, longest: int) -> Plane:
    return Plane.of(built_in(id), which, longest)


def _inside(first: int, size: int, length: int) -> int:
    return max(0, min(first, length - size))


def _positions(first: int, size: int, length: int, pads: int, extent: int, stride: int) -> range:
    """Positions along one axis whose window lies in the patch and the padding round it."""
    first = _inside(first, size, length)
    last = first + size + pads - extent
    start = first // stride
    return range(start, min(last // stride + 1, start + MAX_POSITIONS))


def _check_choice(name: str, value: object, choices: Sequence[object]) -> None:
    if value not in choices:
        listed = ", ".join(str(choice) for choice in choices)
        raise ValueError(f"{name} {value!r} is unknown: choose one of {listed}.")


def _check_kernel(matrix: Matrix) -> None:
    if matrix.shape[0] > MAX_KERNEL[0] or matrix.shape[1] > MAX_KERNEL[1]:
        rows, columns = matrix.shape
        raise ValueError(
            f"The kernel is {rows} x {columns}: use at most {MAX_KERNEL[0]} x {MAX_KERNEL[1]}."
        )


def _check_extent(extent: Pair) -> None:
    if max(extent) > MAX_EXTENT:
        raise ValueError(
            f"The dilated kernel covers {extent[0]} x {extent[1]}, more than {MAX_EXTENT} x "
            f"{MAX_EXTENT}: use a smaller dilation or a smaller kernel."
        )


def _check_limits(geometry: Geometry) -> None:
    limits = (
        ("Stride", geometry.stride, MAX_STRIDE),
        ("Dilation", geometry.dilation, MAX_DILATION),
    )
    for name, values, most in limits:
        if max(values) > most:
            raise ValueError(f"{name} {max(values)} is too large: choose at most {most}.")
    if not isinstance(geometry.padding, str):
        widest = max(max(side) for side in geometry.padding)
        if widest > MAX_PADDING:
            raise ValueError(f"Padding {widest} is too wide: choose at most {MAX_PADDING}.")
