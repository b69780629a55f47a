"""A drawing as a list: rectangles, lines and texts, which each backend draws in its own way.

Lengths are pixels, from the top left corner. The list is all that the backends are told, so an SVG
and a picture of it show the same; and two lists that differ in a few items tell what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor
from typing import Literal, NamedTuple

from convviz.export import lettering

Anchor = Literal["start", "middle", "end"]
Dash = tuple[int, int]
"""How much is drawn and how much is left out, in thicknesses of the line."""


class Box(NamedTuple):
    """Whole pixels from (left, top) up to, but without, (right, bottom)."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: Box) -> bool:
        """Tell whether the two share a pixel."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def cut(self, other: Box) -> Box:
        """Return what of it lies in another box."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


class Rect(NamedTuple):
    """A rectangle; its line, `thickness` wide, lies inside it."""

    x: int
    y: int
    width: int
    height: int
    fill: str | None = None
    line: str | None = None
    thickness: int = 1
    radius: int = 0

    @property
    def box(self) -> Box:
        """Where it draws."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


class Dashes(NamedTuple):
    """A bar that is drawn in dashes, along its longer side."""

    x: int
    y: int
    width: int
    height: int
    colour: str
    dash: Dash

    @property
    def box(self) -> Box:
        """Where it draws."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


class Hatch(NamedTuple):
    """A ground with rising lines, which go on from one hatch to the next."""

    x: int
    y: int
    width: int
    height: int
    ground: str
    line: str
    gap: int
    thickness: int = 1

    @property
    def box(self) -> Box:
        """Where it draws."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


class Polygon(NamedTuple):
    """A filled polygon with its casing round it."""

    points: tuple[tuple[int, int], ...]
    fill: str
    casing: str

    @property
    def box(self) -> Box:
        """Where it draws."""
        xs, ys = zip(*self.points, strict=True)
        return Box(min(xs) - 1, min(ys) - 1, max(xs) + 2, max(ys) + 2)


class Text(NamedTuple):
    """One line of text on its baseline; the halo keeps a ground off its letters."""

    x: float
    y: float
    text: str
    size: int
    fill: str
    anchor: Anchor = "start"
    bold: bool = False
    halo: str | None = None

    @property
    def left(self) -> float:
        """Where its first letter begins."""
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        return self.x - share * self.length

    @property
    def length(self) -> float:
        """How long it is."""
        return lettering.length(self.text, self.size)

    @property
    def box(self) -> Box:
        """Where it draws, with room for its halo."""
        rim = 1 + (self.size // 4 if self.halo else 0)
        return Box(
            floor(self.left) - rim,
            floor(self.y - 0.8 * self.size) - rim,
            ceil(self.left + self.length) + rim,
            ceil(self.y + 0.26 * self.size) + rim,
        )


Item = Rect | Dashes | Hatch | Polygon | Text


@dataclass(frozen=True)
class Layer:
    """Items that change together, the lowest first."""

    items: tuple[Item, ...]

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Where each of them draws."""
        return tuple(item.box for item in self.items)

    @cached_property
    def box(self) -> Box | None:
        """Where they draw, all together; None for nothing."""
        return around(self.boxes)

    def changed(self, before: Layer) -> Box | None:
        """Return where it differs from another layer; None where it does not."""
        if before is self:
            return None
        old = dict(zip(before.items, before.boxes, strict=True))
        new = dict(zip(self.items, self.boxes, strict=True))
        gone, come = old.keys() - new.keys(), new.keys() - old.keys()
        return around([*map(old.__getitem__, gone), *map(new.__getitem__, come)])


@dataclass(frozen=True)
class Drawing:
    """What one frame shows.

    Attributes
    ----------
    width, height : int
    ground : str
        The colour of the page.
    layers : tuple of Layer
        The lowest first.
    title : str
        What it shows, in words.
    """

    width: int
    height: int
    ground: str
    layers: tuple[Layer, ...]
    title: str

    @property
    def items(self) -> Iterator[Item]:
        """All items, the lowest first."""
        return (item for layer in self.layers for item in layer.items)


def dashed(rect: Rect, dash: Dash) -> tuple[Item, ...]:
    """Return a rectangle whose line is dashed."""
    x, y, width, height, fill, line, thick, _ = rect
    if line is None:
        return (rect,)
    across = (Dashes(x, y + down, width, thick, line, dash) for down in (0, height - thick))
    downwards = (Dashes(x + right, y, thick, height, line, dash) for right in (0, width - thick))
    ground = (Rect(x, y, width, height, fill),) if fill else ()
    return (*ground, *across, *downwards)


def around(boxes: Sequence[Box]) -> Box | None:
    """Return the smallest box round some boxes, None for none."""
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
