"""How much the player is told: the bytes of its payload, from the usual to the largest."""

from __future__ import annotations

import time
from collections.abc import Iterable

import numpy as np

from benchmarks.browser import Stand
from benchmarks.scenes import twelve
from benchmarks.table import MET, MISSED, Goal, Section, quantity
from convviz.geometry import Geometry
from convviz.matrices import Matrix
from convviz.payload import payload_text
from convviz.scene import MAX_DILATION, Input, Named, Patch, Scene, Typed

SMALL, CAP = Goal(64_000), Goal(1_500_000)
STRIDES = (1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 16)
HEAD = ("scene", "positions", "padded input", "time to make", "bytes", "goal", "")


def row(name: str, scene: Scene, goal: Goal) -> tuple[str, ...]:
    start = time.perf_counter()
    size = len(payload_text(scene).encode())
    spent = (time.perf_counter() - start) * 1000
    block = scene.block
    extent, stride = scene.geometry.extent(scene.kernel.shape), scene.geometry.stride
    rows, columns = (
        (len(part) - 1) * stride[axis] + extent[axis]
        for axis, part in enumerate((block.rows, block.columns))
    )
    return (
        name,
        f"{len(block.rows)} x {len(block.columns)}",
        f"{rows} x {columns}",
        f"{spent:.0f} ms",
        quantity(size, "bytes"),
        goal.text("bytes"),
        MET if goal.is_met(size) else MISSED,
    )


def caps() -> Iterable[tuple[str, Input, Patch | None]]:
    """Yield the largest inputs: a picture, whole numbers, numbers with all their digits."""
    random = np.random.default_rng(3)
    yield "picture", Named("scene"), Patch(0, 0, 64)
    yield "whole numbers", Typed(Matrix.of(random.integers(0, 256, (64, 64)))), None
    yield "long decimals", Typed(Matrix.of(random.normal(size=(64, 64)))), None


def widest(source: Input, patch: Patch | None, kernel: Matrix) -> Scene:
    """Find the scene with the most to say: full padding that wraps, widest dilation, any stride."""
    scenes = [
        Scene(
            source,
            kernel,
            Geometry(
                stride=(stride, stride),
                padding="full",
                dilation=(MAX_DILATION, MAX_DILATION),
                boundary="wrap",
            ),
            patch=patch,
        )
        for stride in STRIDES
    ]
    return max(scenes, key=lambda scene: len(payload_text(scene)))


def measure(_: Stand) -> Section:
    kernel = Matrix.of(np.random.default_rng(4).integers(-9, 10, (31, 31)))
    same = Geometry(padding="same")
    rows = [row("12 x 12 with 3 x 3, same size", twelve(), SMALL)]
    for name, source, patch in caps():
        scene = Scene(source, kernel, same, patch=patch)
        rows.append(row(f"{name}, 31 x 31, same size", scene, CAP))
    for name, source, patch in caps():
        scene = widest(source, patch, kernel)
        stride = scene.geometry.stride[0]
        rows.append(row(f"{name}, 31 x 31, full, dilation 8, stride {stride}", scene, CAP))
    return Section(
        "Payload of the player",
        "The JSON text a scene becomes. Below the caps without dilation stand the largest scenes "
        "that can be chosen: full padding that wraps, the widest dilation, and of all strides the "
        "one with the most bytes. No browser is involved.",
        rows,
        HEAD,
    )
