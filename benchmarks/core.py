"""The core beside OpenCV and SciPy: in a process of its own, one thread on either side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from benchmarks.browser import Stand
from benchmarks.core_cases import CASES, Case
from benchmarks.table import MET, MISSED, Goal, Section, number, quantity, ratio

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
HEAD = (
    "case", "method", "pairs", "ours", "theirs", "least", "most", "extra memory",
    "ratio, median", "goal", "",
)  # fmt: skip


def row(case: Case, found: dict[str, object]) -> tuple[str, ...]:
    ours, theirs = np.array(found["seconds"]).T
    ratios = ours / theirs
    median = float(np.median(ratios))
    goal = Goal(case.goal)
    return (
        case.name,
        str(found["method"]),
        number(len(ratios)),
        *(quantity(float(np.median(one)) * 1000, "ms") for one in (ours, theirs)),
        *(ratio(float(value)) for value in (ratios.min(), ratios.max())),
        quantity(float(str(found["memory"])), "bytes"),
        ratio(median),
        f"at most {ratio(case.goal)}",
        MET if goal.is_met(median) else MISSED,
    )


def section(title: str, about: str, **more: str) -> Section:
    """Measure all cases in a process of its own, with more environment variables.

    Settings of OpenBLAS that happen to be there are not passed on, so that tables compare.
    """
    passed = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.core_cases"],
        env={**passed, **dict.fromkeys(THREADS, "1"), **more},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=600,
    )
    if ran.returncode:
        raise RuntimeError(f"The core could not be measured:\n{ran.stderr}")
    found = json.loads(ran.stdout)
    return Section(
        title, about, [row(case, one) for case, one in zip(CASES, found, strict=True)], HEAD
    )


def measure(_: Stand) -> Section:
    return section(
        "The core",
        "`correlate2d` beside `cv2.filter2D` and `scipy.ndimage.correlate` on the same numbers, "
        "one thread each: pairs by turns in one process. Times are medians; the ratio is taken "
        "within each pair, and least and most are the smallest and largest of these ratios. "
        '"Same" adds a border inside the call, as OpenCV and SciPy do; "valid" takes an image '
        "that has its border already. The images are of random numbers, the kernels of full rank "
        "where nothing else is said. Extra memory is the most that was allocated besides the "
        "result; the goals are at most 2 MB, and 20 MB for Fourier. BLAS uses what it finds the "
        "processor to have, whatever `OPENBLAS_CORETYPE` says.",
    )
