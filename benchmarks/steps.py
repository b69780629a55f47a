"""One step of the player: from the click to the changed page, and what it costs the server."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page

from benchmarks.browser import CHANGED, PAINTED, Stand
from benchmarks.scenes import address, twelve
from benchmarks.table import Goal, Section, figure
from benchmarks.traffic import Traffic
from tests.browser.driver import APP, wait_until_ready
from tests.browser.screen import Screen

STEPS = 100
# Longer than the player waits before it writes its step into the address.
REST_MS = 600

STEP = f"""async (region, count) => {{
    {PAINTED} {CHANGED}
    const next = region.querySelector('button[aria-label="Next"]');
    const status = region.querySelector('[role="status"]');
    const position = () => Number(status.textContent.match(/^Position (\\d+) of/)[1]);
    const result = [];
    await painted();
    for (let done = 0; done < count; done++) {{
        const goal = position() + 1;
        const start = performance.now();
        next.click();
        const drawn = await changed(status, () => position() === goal);
        result.push([drawn - start, (await painted()) - start]);
    }}
    return result;
}}"""


def step(screen: Screen, count: int) -> np.ndarray:
    """Click Next; return ms to the changed DOM and to the painted frame, (count, 2)."""
    return np.array(screen.region.evaluate(STEP, count))


def opened(stand: Stand) -> tuple[Screen, Traffic]:
    """Open the 12 x 12 scene with its traffic counted."""
    page: Page = stand.page()
    traffic = Traffic.watch(page)
    page.goto(f"{stand.servers.of(APP).url}/{address(twelve())}", wait_until="commit")
    wait_until_ready(page)
    traffic.wait_for_rest(page)
    return Screen(page), traffic


def measure(stand: Stand) -> Section:
    screen, traffic = opened(stand)
    before = traffic.copy()
    drawn, painted = step(screen, STEPS).T
    screen.page.wait_for_timeout(REST_MS)
    screen.at(STEPS + 1)
    cost = traffic.since(before)
    screen.page.context.close()
    return Section(
        "One step",
        f"{STEPS} clicks on Next at 12 x 12 with a 3 x 3 kernel, timed inside the page: from the "
        "click until drawing, tables, equation and sentence have changed, and until the frame that "
        "shows it is painted (which waits for the screen's next frame).",
        [
            figure("click to changed DOM, median", float(np.median(drawn)), "ms", Goal(2)),
            figure("click to changed DOM, p95", float(np.percentile(drawn, 95)), "ms", Goal(8)),
            figure("click to painted frame, median", float(np.median(painted)), "ms"),
            figure("click to painted frame, p95", float(np.percentile(painted, 95)), "ms"),
            figure(f"sent to the server in {STEPS} steps", cost.sent, "bytes", Goal(0)),
            figure(f"received from it in {STEPS} steps", cost.received, "bytes", Goal(0)),
            figure(f"requests and frames in {STEPS} steps", cost.requests + cost.frames, ""),
        ],
    )
