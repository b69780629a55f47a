"""The player beside a rerun-per-step version of the same demo, measured by turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from benchmarks import steps
from benchmarks.browser import CHANGED, PAINTED, Stand
from benchmarks.table import Section, quantity, ratio
from benchmarks.traffic import Traffic

DEMO = Path(__file__).parent / "rerun_demo" / "app.py"
TURNS, EACH = 6, 10
HEAD = ("12 x 12, 3 x 3", "player", "rerun per step", "ratio")

STEP = f"""async (count) => {{
    {PAINTED} {CHANGED}
    const next = [...document.querySelectorAll("button")].find((one) => one.textContent === "Next");
    const position = () => Number(document.querySelector(".where")?.textContent.match(/\\d+/)[0]);
    const result = [];
    await painted();
    for (let done = 0; done < count; done++) {{
        const goal = position() + 1;
        const start = performance.now();
        next.click();
        const drawn = await changed(document.body, () => position() === goal);
        result.push([drawn - start, (await painted()) - start]);
    }}
    return result;
}}"""


def opened(stand: Stand) -> tuple[Page, Traffic]:
    """Open the demo with its traffic counted."""
    page = stand.page()
    traffic = Traffic.watch(page)
    page.goto(stand.servers.of(DEMO).url, wait_until="commit")
    page.get_by_text("Position 1 of 144").wait_for()
    traffic.wait_for_rest(page)
    return page, traffic


def step(page: Page, count: int) -> np.ndarray:
    """Click Next; return ms to the changed page and to the painted frame, (count, 2)."""
    return np.array(page.evaluate(STEP, count))


def timed(run: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    start = time.perf_counter()
    return run(), time.perf_counter() - start


def measure(stand: Stand) -> Section:
    screen, ours = steps.opened(stand)
    page, theirs = opened(stand)
    before = ours.copy(), theirs.copy()
    mine, demo = [], []
    for _ in range(TURNS):
        mine.append(timed(lambda: steps.step(screen, EACH)))
        demo.append(timed(lambda: step(page, EACH)))
        page.wait_for_timeout(100)
    costs = [now.since(then).bytes for now, then in zip((ours, theirs), before, strict=True)]
    screen.page.context.close()
    page.context.close()
    count = TURNS * EACH
    times = [np.concatenate([one for one, _ in turns]) for turns in (mine, demo)]
    rates = [count / sum(seconds for _, seconds in turns) for turns in (mine, demo)]
    return Section(
        "Beside a rerun per step",
        "`benchmarks/rerun_demo` shows the same 12 x 12 scene as a Streamlit script that runs "
        "again for each step: a button and HTML tables in a fragment, with the same settings and "
        f"the garbage collector freed in the same way. The two are clicked by turns, {EACH} steps "
        f"each, {count} in all; a click waits for the frame that shows the one before.",
        [
            ("bytes a step", *(quantity(cost / count, "bytes") for cost in costs), _over(costs)),
            *(
                (f"click to {what}, {name}", *(quantity(v, "ms") for v in values), _over(values))
                for at, what in ((0, "changed page"), (1, "painted frame"))
                for name, share in (("median", 50), ("p95", 95))
                for values in [[float(np.percentile(one[:, at], share)) for one in times]]
            ),
            ("steps a second", *(quantity(r, "") for r in rates), _over(rates[::-1])),
        ],
        HEAD,
    )


def _over(pair: Sequence[float]) -> str:
    return ratio(pair[1] / pair[0]) if pair[0] else ""
