"""What a kernel slides over: a built-in input, typed numbers, or a picture the visitor brought."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import ClassVar

import numpy as np

from convviz.geometry import Pair, integer
from convviz.images import BUILT_INS, built_in, plane, resize
from convviz.matrices import Matrix

SIZES = (32, 64, 128, 256, 512, 1024)
"""Longest sides, in pixels, a picture can be worked at; 0 stands for its own size."""
FULL_SIZE = 0
DEFAULT_SIZE = 256
TILE = 12
"""Rows and columns of the tiles that are compared for contrast."""


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
    def busiest(self) -> Pair:
        """First row and column of the tile with the most contrast: there is something to see.

        Links without a patch rely on it: a change would show them somewhere else.
        """
        down, across = (max(1, length // TILE) for length in self.image.shape)
        tiles = self.image[: down * TILE, : across * TILE].astype(np.float32)
        tiles = tiles.reshape(down, tiles.shape[0] // down, across, tiles.shape[1] // across)
        row, column = divmod(int(tiles.var(axis=(1, 3)).argmax()), across)
        return row * TILE, column * TILE


@dataclass(frozen=True)
class Named:
    """A built-in input, by its id."""

    id: str = "classic"
    seed: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", integer("seed", self.seed))
        ids = [row.id for row in BUILT_INS]
        if self.id not in ids:
            raise ValueError(f"Input {self.id!r} is not built in: choose one of {', '.join(ids)}.")
        if not 0 <= self.seed < 2**31:
            raise ValueError(f"Seed {self.seed} is out of range: choose 0 to {2**31 - 1}.")

    @property
    def is_picture(self) -> bool:
        """Whether the numbers are the pixels of a picture."""
        return next(row.kind for row in BUILT_INS if row.id == self.id) == "picture"

    @property
    def array(self) -> np.ndarray:
        """A picture's pixels at its own size, uint8 (H, W, 3), or numbers, float64 (H, W)."""
        return built_in(self.id, seed=self.seed)

    def working(self, which: str, longest: int) -> Plane:
        """Return one plane of a picture at the size it is worked at."""
        return _built_in_plane(self.id, which, longest)


@dataclass(frozen=True)
class Typed:
    """Numbers the visitor typed, pasted or read from a table."""

    matrix: Matrix
    is_picture: ClassVar[bool] = False

    @property
    def array(self) -> np.ndarray:
        """The numbers, float64 (H, W)."""
        return self.matrix.weights


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
    is_picture: ClassVar[bool] = True

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

    @property
    def array(self) -> np.ndarray:
        """The pixels at their own size."""
        return self.pixels

    def working(self, which: str, longest: int) -> Plane:
        """Return one plane at the size it is worked at; the last one asked for is kept."""
        kept: dict[tuple[str, int], Plane] = self.__dict__["_planes"]
        if (which, longest) not in kept:
            kept.clear()
            kept[which, longest] = Plane.of(self.pixels, which, longest)
        return kept[which, longest]


Input = Named | Typed | Picture


@lru_cache(maxsize=16)
def _built_in_plane(id: str, which: str, longest: int) -> Plane:
    return Plane.of(built_in(id), which, longest)
