"""A first visit: what comes over the wire until the player stands there, and how long it takes."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.browser import Stand
from benchmarks.table import MET, MISSED, Goal, Section, figure
from benchmarks.traffic import Traffic
from tests.browser.driver import Server, wait_until_ready
from tests.browser.screen import Screen

LATER_VISITS = 5
KEPT_OUT = ("pandas", "pyarrow", "plotly")
_IMPORTED = re.compile(r"^import time:[^|]*\|[^|]*\|\s*([\w.]+)", re.MULTILINE)


@dataclass(frozen=True)
class Visit:
    seconds: float
    traffic: Traffic


def visit(stand: Stand, url: str) -> Visit:
    """Open a page with an empty cache."""
    page = stand.page()
    traffic = Traffic.watch(page)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    Screen(page).button("Next").wait_for()
    seconds = time.perf_counter() - start
    wait_until_ready(page)
    traffic.wait_for_rest(page)
    page.context.close()
    return Visit(seconds, traffic)


@contextmanager
def imports_logged() -> Iterator[None]:
    """Let Python programs that start in this block log what they import."""
    os.environ["PYTHONPROFILEIMPORTTIME"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONPROFILEIMPORTTIME"]


def imported(stand: Stand) -> tuple[str, ...]:
    """Make a row of which heavy packages the page imported, Streamlit's own start left out."""
    with imports_logged(), stand.fresh_server() as server:
        before = server.size()
        visit(stand, server.url)
        roots = {name.split(".")[0] for name in _IMPORTED.findall(server.text(before))}
    if "convviz" not in roots:
        raise RuntimeError("The server logged no imports.")
    found = [name for name in KEPT_OUT if name in roots]
    goal = f"none of {', '.join(KEPT_OUT)}"
    return (
        "heavy packages imported by the page",
        ", ".join(found) or "none",
        goal,
        MISSED if found else MET,
    )


def memory(server: Server) -> list[tuple[str, ...]]:
    """Make a row of the server's resident memory, where the system tells it."""
    status = Path(f"/proc/{server.process.pid}/status") if server.process else None
    if status is None or not status.exists():
        return []
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    if found is None:
        return []
    return [figure("memory of the server, first session", int(found[1]) * 1024, "bytes")]


def measure(stand: Stand) -> Section:
    with stand.fresh_server() as server:
        first = visit(stand, server.url)
        resident = memory(server)
        later = [visit(stand, server.url) for _ in range(LATER_VISITS)]
    size = median(one.traffic.received for one in later)
    return Section(
        "A first visit",
        "A browser with an empty cache opens the page over loopback. Streamlit sends its files "
        "uncompressed; a proxy that compresses them sends about a quarter. Seconds run from the "
        f"address to a player that can be used: the median of {LATER_VISITS} visitors, and the "
        "first one after the server started, who also waits for the imports.",
        [
            figure("received", size, "bytes", Goal(3_200_000)),
            figure("requests", median(one.traffic.requests for one in later), ""),
            figure("seconds to the player", median(one.seconds for one in later), "s"),
            figure("seconds for the first visitor of all", first.seconds, "s"),
            imported(stand),
            *resident,
        ],
    )
