"""A trace: how long it takes to make one of a large picture, and one of its steps."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from benchmarks.browser import Stand
from benchmarks.table import Goal, Section, figure
from convviz import trace

SHAPE = (3000, 4000)
STEPS = 2000


def each(run: Callable[[int], object], times: int) -> float:
    """Return the median seconds of a call."""
    spent = []
    for number in range(times):
        start = time.perf_counter()
        run(number)
        spent.append(time.perf_counter() - start)
    return float(np.median(spent))


def memory(run: Callable[[], object]) -> int:
    """Return the most bytes allocated during a call, its result included."""
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def measure(_: Stand) -> Section:
    random = np.random.default_rng(1)
    rows = []
    for name, depth in (("one channel", ()), ("three channels", (3,))):
        image = random.integers(0, 256, (*SHAPE, *depth)).astype(np.uint8)
        kernel = random.normal(size=(3, 3, *depth))
        steps = trace(image, kernel, padding="same")
        places = random.integers(0, len(steps), STEPS)
        made = each(lambda _, i=image, k=kernel: trace(i, k, padding="same"), 50)
        one = each(lambda number, s=steps, p=places: s[int(p[number])].total, STEPS)
        most = max(memory(lambda s=steps, p=place: s[int(p)].total) for place in places[:50])
        rows += [
            figure(f"{name}: made", made * 1e6, "µs", Goal(1000)),
            figure(f"{name}: one step", one * 1e6, "µs", Goal(20)),
            figure(f"{name}: memory of a step", most, "bytes", Goal(16 * 1024)),
        ]
    return Section(
        "A trace",
        f"`trace` of a picture of {SHAPE[0]} x {SHAPE[1]} bytes and a 3 x 3 kernel, padding "
        f'"same": medians, of the steps over {STEPS} random positions. A step is its window, its '
        "products and its total.",
        rows,
    )
