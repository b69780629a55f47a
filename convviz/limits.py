"""How large the parts of a scene may be, and the sentences that refuse more."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from types import NoneType

from convviz.geometry import Geometry, Pair
from convviz.kernels import MAX_KERNEL
from convviz.matrices import Matrix

MAX_PADDING = 32
MAX_STRIDE = 16
MAX_DILATION = 8
MAX_EXTENT = 64
"""Rows, and columns, a dilated kernel may cover: it bounds what the player must draw."""
MAX_SUM = 1e280
"""Largest sum; times a divisor up to 2**31 and a factor up to 2**53 it is finite."""


def check_choice(name: str, value: object, choices: Sequence[object]) -> None:
    """Refuse a value that is not one of the choices."""
    if value not in choices:
        listed = ", ".join(str(choice) for choice in choices)
        raise ValueError(f"{name} {value!r} is unknown: choose one of {listed}.")


def check_kind(name: str, value: object, *kinds: type) -> None:
    """Refuse a value of another kind with a TypeError."""
    if not isinstance(value, kinds):
        names = " or ".join("None" if kind is NoneType else kind.__name__ for kind in kinds)
        raise TypeError(f"{name} {reprlib.repr(value)} must be {names}")


def check_kernel(matrix: Matrix) -> None:
    """Refuse a kernel of too many weights."""
    if matrix.shape[0] > MAX_KERNEL[0] or matrix.shape[1] > MAX_KERNEL[1]:
        rows, columns = matrix.shape
        raise ValueError(
            f"The kernel is {rows} × {columns}: use at most {MAX_KERNEL[0]} × {MAX_KERNEL[1]}."
        )


def check_extent(extent: Pair) -> None:
    """Refuse a kernel that its dilation spreads too far."""
    if max(extent) > MAX_EXTENT:
        raise ValueError(
            f"The dilated kernel covers {extent[0]} × {extent[1]}, more than {MAX_EXTENT} × "
            f"{MAX_EXTENT}: use a smaller dilation or a smaller kernel."
        )


def check_geometry(geometry: Geometry) -> None:
    """Refuse a stride, dilation or padding that is too large."""
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
