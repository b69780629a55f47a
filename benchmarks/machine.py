"""What a run ran on, in general words."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

from convviz.methods.blas import blas_of

_LISTED = ("numpy", "pillow", "streamlit", "playwright", "opencv-python-headless")


def facts(chromium: str, busy: str) -> list[tuple[str, str]]:
    """Name the machine and the versions of what was measured."""
    versions = [(name, version(name)) for name in _LISTED]
    blas = blas_of(getattr(np.__config__, "CONFIG", {}), sys.platform, "")
    return [
        ("processor", processor()),
        ("cores it may use", str(cores())),
        ("load in the minute before", busy),
        ("system", f"{platform.system()}, {platform.machine()}"),
        ("BLAS in the core's first table", f"{blas} (see methods.md)"),
        ("Python", platform.python_version()),
        *versions,
        ("Chromium", f"{chromium}, headless, no graphics card"),
        ("threads", "one for either side in the core's table; elsewhere what the libraries choose"),
    ]


def processor() -> str:
    """Return the model as the system names it."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text().splitlines() if listed.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or platform.machine())


def load() -> str:
    """Return how many programs wanted a core: above the number of cores, figures suffer."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return f"{os.getloadavg()[0]:.1f} programs at work"


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
