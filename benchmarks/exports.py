"""Exports: how long an animation takes to write, and how large it becomes."""

from __future__ import annotations

import io
import time

from benchmarks.browser import Stand
from benchmarks.scenes import small_picture, twelve
from benchmarks.table import Goal, Section, figure
from convviz.export.animation import Animation, Format
from convviz.geometry import Geometry
from convviz.inputs import Named
from convviz.kernels import kernel
from convviz.scene import Patch, Scene

FRAMES = 100
WIDTH = 960
SECONDS, BYTES = Goal(5), Goal(3_000_000)


def patch() -> Scene:
    """12 x 12 positions of a picture and a 5 x 5 kernel: numbers in all cells."""
    geometry = Geometry(padding="same")
    return Scene(Named("scene"), kernel("gaussian-5").matrix, geometry, patch=Patch(60, 36, 12))


def of_scene(name: str, scene: Scene, formats: tuple[Format, ...]) -> list[tuple[str, ...]]:
    rows = []
    for format in formats:
        file, start = io.BytesIO(), time.perf_counter()
        Animation(scene, width=WIDTH, last=FRAMES).write(format, file)
        spent = time.perf_counter() - start
        # The goals were set for the GIF.
        goals = (SECONDS, BYTES) if format == "gif" else (None, None)
        rows.append(figure(f"{name}, {format}: time", spent, "s", goals[0]))
        rows.append(figure(f"{name}, {format}: size", file.tell(), "bytes", goals[1]))
    return rows


def foretold(name: str, scene: Scene) -> tuple[str, ...]:
    animation, start = Animation(scene, width=WIDTH, last=FRAMES), time.perf_counter()
    animation.foretell("gif")
    return figure(f"{name}, gif: time to foretell the size", time.perf_counter() - start, "s")


def measure(_: Stand) -> Section:
    rows = of_scene("picture, 12 x 12 with 5 x 5", patch(), ("gif", "webp", "zip"))
    rows.append(foretold("picture, 12 x 12 with 5 x 5", patch()))
    rows += of_scene("digits, 12 x 12 with 3 x 3", twelve(), ("gif",))
    rows += of_scene("picture, 32 x 32 with 3 x 3", small_picture(), ("gif",))
    return Section(
        "Exports",
        f"An animation of {FRAMES} positions, {WIDTH} pixels wide, drawn and written once to "
        "memory. No browser is involved.",
        rows,
    )
