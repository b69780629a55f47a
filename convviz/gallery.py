"""The gallery: the maps of one input side by side, on the plane of the explorer.

`sources` says which maps there are to compute, `Gallery.of` makes tiles of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from convviz.display import Display, Numbers, Scale, scale
from convviz.explorer import LONGEST, Rectangle, anchor, legend
from convviz.kernels import GROUPS, KERNELS, kernel, preset_of
from convviz.matrices import Matrix
from convviz.methods.strips import Report, part_of
from convviz.scene import COLLECTED, PLANE_TILES, SOBEL_TILES, Scene
from convviz.screen import SCREEN, Rows
from convviz.sketch import Sketch, unit_for
from convviz.tiles import DirectionTile, MapTile, PictureTile, Still, Tile, part
from convviz.whole_map import ShownMap

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

    @property
    def key(self) -> tuple[Matrix, str]:
        """What tells it from the other maps of one input."""
        return self.kernel, self.plane

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


def sketched(scene: Scene) -> object:
    """Return all that the sketches of a gallery's maps have in common beside that."""
    return in_common(scene), scene.display, _longest(scene, sources(scene))


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
    def of(
        cls,
        scene: Scene,
        known: dict[tuple[Matrix, str], Sketch] | None = None,
        report: Report | None = None,
    ) -> Gallery:
        """Make the tiles.

        Parameters
        ----------
        scene : Scene
        known : dict, optional
            Sketches of maps, by kernel and plane: those that are there are not made again, those
            that are made are put in.
        report : callable, optional
            Told now and then which share is done.
        """
        found, known = sources(scene), {} if known is None else known
        maps = [None if one.problem else ShownMap.of(one.scene(scene)) for one in found]
        missing = sum(one is not None for one in maps) - sum(one.key in known for one in found)
        others = (scene.tiles != PLANE_TILES) + (scene.tiles == SOBEL_TILES)
        todo = _Sketching(_longest(scene, found), report, missing + others)
        sketches = []
        for source, one in zip(found, maps, strict=True):
            if one and source.key not in known:
                known[source.key] = todo.sketch(one, scene.display, unit_for(one.scene.reach))
            sketches.append(known[source.key] if one else None)
        limits = [sketch.limits for sketch in sketches if sketch]
        shared = None
        if scene.tiles == PLANE_TILES and limits:
            lows, highs = zip(*limits, strict=True)
            shared = scale(scene.display, min(lows), max(highs))
        tiles = [
            MapTile(
                name=source.name,
                **_place(one.scene),
                source=number,
                maps=(one,),
                display=scene.display,
                colours=shared or scale(scene.display, *sketch.limits),
                sketch=sketch,
            )
            for number, (source, one, sketch) in enumerate(zip(found, maps, sketches, strict=True))
            if one and sketch
        ]
        if shared:
            return cls(scene, found, (*tiles, _recombined(tiles, shared)), shared)
        made = _gradient(tiles, todo) if scene.tiles == SOBEL_TILES and len(tiles) == 2 else ()
        return cls(scene, found, (_input(scene, todo), *tiles, *made))

    def overview(self) -> dict[str, Any]:
        """Describe the whole: every tile, small enough for the screen, and what is missing."""
        display, longest = self.scene.display, _longest(self.scene, self.sources)
        return {
            "shape": list(self.scene.shape),
            "tiles": [tile.overview(longest) for tile in self.tiles],
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


def _longest(scene: Scene, found: Sequence[Source]) -> int:
    """Return how long the tiles are sent, as many as they are."""
    maps = sum(not source.problem for source in found)
    # The input or the recombined picture; magnitude and direction.
    count = maps + 1 + (2 if scene.tiles == SOBEL_TILES and maps == 2 else 0)
    return SCREEN if count <= FEW else SMALL


@dataclass
class _Sketching:
    """Makes sketches one after the other, and reports each as its part of all."""

    longest: int
    report: Report | None
    count: int
    done: int = 0

    def sketch(self, values: Rows, display: Display, unit: float) -> Sketch:
        report = part_of(self.report, self.done, self.count)
        self.done += 1
        return Sketch.of(values, self.longest, display, unit, report)


def _input(scene: Scene, todo: _Sketching) -> Tile:
    image = scene.image
    unit = 1.0 if scene.is_picture else unit_for(float(np.abs(image).max()))
    sketch = todo.sketch(image, _AS_IT_IS, unit)
    return MapTile(
        name="Input",
        first=(0, 0),
        stride=(1, 1),
        maps=(Still(image),),
        display=_AS_IT_IS,
        colours=Scale.of_input(*sketch.limits, picture=scene.is_picture),
        sketch=sketch,
    )


def _recombined(planes: Sequence[MapTile], shared: Scale) -> Tile:
    one = planes[0]
    return PictureTile(
        name="Recombined",
        first=one.first,
        stride=one.stride,
        maps=tuple(tile.maps[0] for tile in planes),
        display=one.display,
        colours=shared,
        sketches=tuple(tile.sketch for tile in planes),
    )


def _gradient(parts: Sequence[MapTile], todo: _Sketching) -> tuple[Tile, ...]:
    across, down = parts
    maps = (across.maps[0], down.maps[0])
    rows, columns = map(range, across.shape)
    sketch = todo.sketch(part(maps, rows, columns, _length), across.display, across.sketch.unit)
    magnitude = MapTile(
        name="Magnitude",
        first=across.first,
        stride=across.stride,
        maps=maps,
        made=_length,
        display=across.display,
        colours=scale(across.display, *sketch.limits),
        sketch=sketch,
    )
    direction = DirectionTile(
        name="Direction",
        first=across.first,
        stride=across.stride,
        maps=maps,
        largest=sketch.limits[1],
    )
    return magnitude, direction


def _length(across: Numbers, down: Numbers) -> Numbers:
    return np.hypot(across.astype(np.float64), down.astype(np.float64))
