"""What the core is measured on; run as a program, it measures and prints JSON."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from convviz import correlate2d, plan

SECONDS = 2.0
LEAST, MOST = 5, 200
HD, TWELVE = (1080, 1920), (3000, 4000)
CV2, SCIPY = "OpenCV", "SciPy"


@dataclass(frozen=True)
class Case:
    """One row: an image, a kernel, whom to compare with, and the ratio to reach."""

    shape: tuple[int, ...]
    size: int
    goal: float
    other: str = CV2
    dtype: type = np.float32
    rank_one: bool = False
    padding: str = "same"
    boundary: str = "constant"

    @property
    def name(self) -> str:
        rank = " of rank 1" if self.rank_one else ""
        border = self.padding if self.boundary == "constant" else f"same, {self.boundary}"
        shape, size = " x ".join(map(str, self.shape)), f"{self.size} x {self.size}"
        return f"{shape} {self.dtype.__name__}, {size}{rank}, {border}, {self.other}"


GENERIC = ((3, 2.5), (7, 1.9), (15, 1.1), (31, 2.0))
RANK_ONE = ((3, 2.2), (7, 1.0), (15, 0.3), (31, 0.3))
CASES = (
    *(Case(HD, *row, padding=padding) for padding in ("valid", "same") for row in GENERIC),
    *(
        Case(HD, *row, rank_one=True, padding=padding)
        for padding in ("valid", "same")
        for row in RANK_ONE
    ),
    Case(TWELVE, 3, 2.6),
    Case(TWELVE, 7, 0.8, rank_one=True),
    *(
        Case(HD, *row, dtype=np.uint8, boundary="reflect")
        for row in ((3, 1.4), (7, 0.55), (15, 0.6))
    ),
    Case((256, 256), 3, 3.5),
    Case((256, 256), 7, 2.0),
    Case((*HD, 3), 3, 2.0, dtype=np.uint8),
    *(Case((28, 28), size, 1.0, SCIPY) for size in (3, 7, 15)),
    *(Case((256, 256), size, 1 / 6, SCIPY) for size in (3, 7, 15)),
    *(Case(HD, size, 1 / 6, SCIPY) for size in (3, 7, 15, 31)),
    Case(HD, 7, 1 / 6, SCIPY, rank_one=True),
    Case(TWELVE, 3, 1 / 6, SCIPY),
    Case(HD, 3, 1 / 6, SCIPY, dtype=np.uint8, boundary="reflect"),
)


def calls(case: Case) -> tuple[Callable[[], np.ndarray], Callable[[], np.ndarray], str]:
    """Make both calls, which give the same numbers, and name our method."""
    import cv2
    from scipy import ndimage

    cv2.setNumThreads(1)
    random = np.random.default_rng(1)
    image = random.random(case.shape, np.float32)
    if case.dtype is np.uint8:
        image = (image * 256).astype(np.uint8)
    kernel = random.standard_normal((case.size, case.size)).astype(np.float32)
    if case.rank_one:
        kernel = np.outer(*random.standard_normal((2, case.size))).astype(np.float32)
    given = image
    if case.padding == "valid":
        given = np.pad(image, case.size // 2)
    border = cv2.BORDER_REFLECT_101 if case.boundary == "reflect" else cv2.BORDER_CONSTANT
    mode = "mirror" if case.boundary == "reflect" else "constant"

    def ours() -> np.ndarray:
        return correlate2d(given, kernel, padding=case.padding, boundary=case.boundary)

    def opencv() -> np.ndarray:
        return cv2.filter2D(image, cv2.CV_32F, kernel, borderType=border)

    def scipy() -> np.ndarray:
        return ndimage.correlate(image, kernel, output=np.float32, mode=mode)

    theirs = opencv if case.other == CV2 else scipy
    scale = float(np.abs(kernel).sum()) * float(image.max())
    np.testing.assert_allclose(ours(), theirs(), rtol=0, atol=1e-6 * scale)
    planned = plan(given.shape, kernel, padding=case.padding, boundary=case.boundary)
    return ours, theirs, planned.method


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def extra_memory(run: Callable[[], np.ndarray]) -> int:
    """Return the most bytes allocated during a call besides its result.

    A thread keeps its work memory, so it is the first call of a new one.
    """
    tracemalloc.start()
    with ThreadPoolExecutor(1) as thread:
        result = thread.submit(run).result()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - result.nbytes


def measured(case: Case) -> dict[str, object]:
    ours, theirs, method = calls(case)
    memory = extra_memory(ours)
    end = time.perf_counter() + SECONDS
    seconds: list[tuple[float, float]] = []
    while len(seconds) < LEAST or (len(seconds) < MOST and time.perf_counter() < end):
        seconds.append((timed(ours), timed(theirs)))
    return {"method": method, "memory": memory, "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps([measured(case) for case in CASES]))
