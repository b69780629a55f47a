"""correlate2d beside OpenCV's filter2D: in a process of its own, one thread on either side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.browser import Stand
from benchmarks.table import Section, number, quantity, ratio
from convviz import correlate2d

CASES = (
    ((1080, 1920), (3, 3)),
    ((1080, 1920), (7, 7)),
    ((1080, 1920), (15, 15)),
    ((256, 256), (3, 3)),
    ((256, 256), (7, 7)),
    ((256, 256), (15, 15)),
)
SECONDS = 5.0
LEAST, MOST = 5, 60
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
HEAD = (
    "image, kernel", "pairs", "correlate2d", "filter2D", "ratio, median", "least", "most",
)  # fmt: skip


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def pairs(shape: tuple[int, int], size: tuple[int, int]) -> list[tuple[float, float]]:
    """Time both on the same numbers by turns; return seconds, ours first."""
    import cv2

    cv2.setNumThreads(1)
    random = np.random.default_rng(1)
    image = random.random(shape, np.float32)
    kernel = random.standard_normal(size).astype(np.float32)

    def ours() -> np.ndarray:
        return correlate2d(image, kernel, padding="same")

    def theirs() -> np.ndarray:
        return cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_CONSTANT)

    np.testing.assert_allclose(ours(), theirs(), atol=1e-4 * float(np.abs(kernel).sum()))
    end = time.perf_counter() + SECONDS
    result: list[tuple[float, float]] = []
    while len(result) < LEAST or (len(result) < MOST and time.perf_counter() < end):
        result.append((timed(ours), timed(theirs)))
    return result


def row(shape: tuple[int, int], size: tuple[int, int], found: list[list[float]]) -> tuple[str, ...]:
    ours, theirs = np.array(found).T
    ratios = ours / theirs
    return (
        f"{shape[0]} x {shape[1]}, {size[0]} x {size[1]}",
        number(len(found)),
        *(quantity(float(np.median(one)) * 1000, "ms") for one in (ours, theirs)),
        *(ratio(float(value)) for value in (np.median(ratios), ratios.min(), ratios.max())),
    )


def measure(_: Stand) -> Section:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.core"],
        env={**os.environ, **dict.fromkeys(THREADS, "1")},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=180,
    )
    if ran.returncode:
        raise RuntimeError(f"The core could not be measured:\n{ran.stderr}")
    found = json.loads(ran.stdout)
    return Section(
        "The core",
        "`correlate2d` and `cv2.filter2D` on the same float32 numbers, same size, zero padding, "
        "one thread each: pairs by turns in one process. Times are medians; the ratio is taken "
        "within each pair. A base line: there is no goal for it yet.",
        [row(*case, one) for case, one in zip(CASES, found, strict=True)],
        HEAD,
    )


if __name__ == "__main__":
    print(json.dumps([pairs(*case) for case in CASES]))
