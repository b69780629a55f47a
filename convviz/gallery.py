"""The gallery: the maps of one input side by side, on the plane of the explorer.

`sources` says which maps there are to compute, `Gallery.of` makes tiles of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from convviz.display import Display, Numbers, Scale, scale
from convviz.explorer import LONGEST, Rectangle, anchor, legend
from convviz.kernels import GROUPS, KERNELS, kernel, preset_of
from convviz.matrices import Matrix
from convviz.scene import COLLECTED, PLANE_TILES, SOBEL_TILES, Scene
from convviz.screen import SCREEN
from convviz.tiles import DirectionTile, MapTile, PictureTile, Tile, limits_of

FEW = 4
"""Tiles up to which each is sent as large as the explorer's pictures."""
SMALL = 400
"""Longest side, in pixels, of the tiles of a larger gallery."""
_PLANES = ("red", "green", "blue")
_OWN_TO_EACH = ("kernel", "plane", "patch", "step", "display", "tiles", "collected")
_AS_IT_IS = Display("rescale")


@dataclass(frozen=True)
class Source:
    """One map of a gallery.

    Attributes
    ----------
    name : str
    kernel : Matrix
    plane : str
    problem : str
        Why there is no such map; "" where there is.
    """

    name: str
    kernel: Matrix
    plane: str
    problem: str = ""

    def scene(self, scene: Scene) -> Scene:
        """Return the scene whose feature map it is; ValueError where there is none."""
        return replace(scene.at_rest, kernel=self.kernel, plane=self.plane)


def sources(scene: Scene) -> tuple[Source, ...]:
    """Return the maps of a gallery, those that cannot be included."""
    if scene.tiles == PLANE_TILES:
        planes = [Source(name.capitalize(), scene.kernel, name) for name in _PLANES]
        return tuple(planes) if _is_coloured(scene) else ()
    return tuple(_checked(scene, name, matrix) for name, matrix in _kernels(scene))


def emptiness(scene: Scene) -> str:
    """Say why a gallery has nothing to show; "" for one that has, and for one map."""
    if scene.tiles == PLANE_TILES and not _is_coloured(scene):
        return "This input has no colours, so it has one map: choose a colour picture."
    if scene.tiles == COLLECTED and not scene.collected:
        return "The collection is empty: add the kernel you are editing. Until then, its map."
    return ""


def in_common(scene: Scene) -> tuple[object, ...]:
    """Return all that the maps of a gallery have in common: with other values, they are others."""
    return tuple(getattr(scene, row.name) for row in fields(scene) if row.name not in _OWN_TO_EACH)


def depends_on(scene: Scene) -> object:
    """Return all that what is shown of a gallery depends on."""
    return in_common(scene), scene.tiles, scene.display, scene.plane, sources(scene)


def name_of(matrix: Matrix, number: int) -> str:
    """Name a collected kernel, the number-th."""
    preset = preset_of(matrix)
    rows, columns = matrix.shape
    return _in_print(preset.name) if preset else f"Own {rows} × {columns}, number {number}"


@dataclass(frozen=True, eq=False)
class Gallery:
    """Tiles on one plane.

    Attributes
    ----------
    scene : Scene
    sources : tuple of Source
    tiles : tuple of Tile
    shared : Scale or None
        The scale of all maps, if it is one.
    """

    scene: Scene
    sources: tuple[Source, ...]
    tiles: tuple[Tile, ...]
    shared: Scale | None = None

    @classmethod
    def of(cls, scene: Scene, maps: Sequence[Numbers | None]) -> Gallery:
        """Make the tiles.

        Parameters
        ----------
        scene : Scene
        maps : sequence of ndarray or None
            The feature map of each of `sources`; None where there is none.
        """
        found = sources(scene)
        limits = [None if values is None else limits_of(np.asarray, (values,)) for values in maps]
        whole = [pair for pair in limits if pair]
        shared = None
        if scene.tiles == PLANE_TILES and whole:
            lows, highs = zip(*whole, strict=True)
            shared = scale(scene.display, min(lows), max(highs))
        tiles = [
            MapTile(
                name=source.name,
                **_place(replace(scene, kernel=source.kernel)),
                source=number,
                maps=(values,),
                display=scene.display,
                colours=shared or scale(scene.display, *pair),
                limits=pair,
            )
            for number, (source, values, pair) in enumerate(zip(found, maps, limits, strict=True))
            if values is not None and pair is not None
        ]
        if shared:
            return cls(scene, found, (*tiles, _recombined(tiles, shared)), shared)
        made = _gradient(tiles) if scene.tiles == SOBEL_TILES and len(tiles) == 2 else ()
        return cls(scene, found, (_input(scene), *tiles, *made))

    def overview(self, before: Callable[[int], object] = lambda _: None) -> dict[str, Any]:
        """Describe the whole: every tile, small enough for the screen, and what is missing.

        Parameters
        ----------
        before : callable
            Called with the number of each tile, from 1, before it is drawn.
        """
        display, longest = self.scene.display, SCREEN if len(self.tiles) <= FEW else SMALL
        tiles = []
        for number, tile in enumerate(self.tiles, 1):
            before(number)
            tiles.append(tile.overview(longest))
        return {
            "shape": list(self.scene.shape),
            "tiles": tiles,
            "shared": legend(self.shared) if self.shared else None,
            "threshold": display.threshold if display.mode == "threshold" else None,
            "removable": self.scene.tiles == COLLECTED,
            "missing": [
                {"name": source.name, "source": number, "why": source.problem}
                for number, source in enumerate(self.sources)
                if source.problem
            ],
            "about": self._about(),
        }

    def _about(self) -> str:
        if isinstance(self.tiles[-1], PictureTile):
            share = self.tiles[-1].cut_off()
            return f"One scale for the three maps. Recombined: each, as shown, is a colour; {share}"
        if isinstance(self.tiles[-1], DirectionTile):
            where = "darker" if self.scene.flip else "brighter"
            return (
                f"Magnitude: √(x² + y²). Direction: where it gets {where}; grey where the "
                "magnitude is at most 10\u00a0% of its largest."
            )
        return "Each tile has its own scale, from its own limits."

    def part(self, view: Rectangle, tile: int | None) -> dict[str, Any]:
        """Describe what of one tile lies under a rectangle of the plane."""
        number = 0 if tile is None else min(tile, len(self.tiles) - 1)
        piece = self.tiles[number].piece(view, LONGEST // 2)
        return {"view": list(view), "tile": number, "piece": piece}

    def at(self, row: int, column: int) -> dict[str, Any]:
        """Describe one place of the plane: the cell and the number each tile has there."""
        return {"at": [row, column], "tiles": [tile.at(row, column) for tile in self.tiles]}


def _kernels(scene: Scene) -> list[tuple[str, Matrix]]:
    if scene.tiles == SOBEL_TILES:
        return [(kernel(id).name, kernel(id).matrix) for id in ("sobel-x", "sobel-y")]
    if scene.tiles == COLLECTED:
        return [(name_of(matrix, at), matrix) for at, matrix in enumerate(scene.collected, 1)]
    group = GROUPS.get(scene.tiles)
    return [(_in_print(row.name), row.matrix) for row in KERNELS if row.group == group]


def _in_print(name: str) -> str:
    """Give a number its true minus sign, and leave hyphens alone."""
    return re.sub(r"(?<!\w)-(?=\d)", "\u2212", name)


def _checked(scene: Scene, name: str, matrix: Matrix) -> Source:
    source = Source(name, matrix, scene.plane)
    try:
        source.scene(scene)
    except ValueError as error:
        return replace(source, problem=str(error))
    return source


def _is_coloured(scene: Scene) -> bool:
    if not scene.is_picture:
        return False
    pixels = scene.input.array
    # Nearly always a few pixels tell.
    return any(bool((part != part[..., :1]).any()) for part in (pixels[::16, ::16], pixels))


def _place(scene: Scene) -> dict[str, Any]:
    return {"first": anchor(scene, (0, 0)), "stride": scene.geometry.stride}


def _input(scene: Scene) -> Tile:
    image = scene.image
    low, high = float(image.min()), float(image.max())
    return MapTile(
        name="Input",
        first=(0, 0),
        stride=(1, 1),
        maps=(image,),
        display=_AS_IT_IS,
        colours=Scale.of_input(low, high, picture=scene.is_picture),
        limits=(low, high),
    )


def _recombined(planes: Sequence[MapTile], shared: Scale) -> Tile:
    one = planes[0]
    maps = tuple(tile.maps[0] for tile in planes)
    return PictureTile(
        name="Recombined",
        first=one.first,
        stride=one.stride,
        maps=maps,
        display=one.display,
        colours=shared,
    )


def _gradient(parts: Sequence[MapTile]) -> tuple[Tile, ...]:
    across, down = parts
    maps = (across.maps[0], down.maps[0])
    limits = limits_of(np.hypot, maps)
    magnitude = MapTile(
        name="Magnitude",
        first=across.first,
        stride=across.stride,
        maps=maps,
        made=np.hypot,
        display=across.display,
        colours=scale(across.display, *limits),
        limits=limits,
    )
    direction = DirectionTile(
        name="Direction",
        first=across.first,
        stride=across.stride,
        across=maps[0],
        down=maps[1],
        largest=limits[1],
    )
    return magnitude, direction
