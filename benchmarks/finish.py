"""Finish: how fast the rest of a run is drawn, and whether the page answers meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from benchmarks.browser import CHANGED, Stand
from benchmarks.scenes import address, large_patch, small_picture
from benchmarks.table import Goal, Section, figure
from convviz.scene import Scene
from tests.browser.screen import Screen

RUNS = 3
MOST_SECONDS = 30
PAUSE_AFTER_MS = 500

RUN = f"""async (region) => {{
    const button = (name) => region.querySelector(`button[aria-label="${{name}}"]`);
    const slider = region.querySelector('input[aria-label="Position"]');
    const first = Number(slider.value);
    const start = performance.now();
    let [frames, gap, last, shown] = [0, 0, start, first];
    button("Finish").click();
    return await new Promise((resolve) => {{
        const frame = () => {{
            const now = performance.now();
            gap = Math.max(gap, now - last);
            last = now;
            frames += Number(slider.value) !== shown;
            shown = Number(slider.value);
            const goesOn = button("Pause") && now - start < {MOST_SECONDS * 1000};
            if (goesOn) requestAnimationFrame(frame);
            else resolve([shown - first, frames, (now - start) / 1000, gap]);
        }};
        requestAnimationFrame(frame);
    }});
}}"""

# The browser stamps the press itself, before the page could be busy with anything else.
AWAIT_PAUSE = f"""(region) => {{
    {CHANGED}
    const button = region.querySelector('button[aria-label="Play"]');
    const label = () => button.getAttribute("aria-label");
    const press = new Promise((resolve, reject) => button.addEventListener("pointerup", (event) =>
        label() === "Pause" ? resolve(event.timeStamp) : reject(new Error("Finish was over")),
        {{once: true}}));
    window.stopping = press.then((from) =>
        changed(button, () => label() === "Play").then((to) => to - from));
    window.stopping.catch(() => null);
}}"""


@dataclass(frozen=True)
class Run:
    positions: int
    frames: int
    seconds: float
    gap: float


def finish(screen: Screen) -> Run:
    """Run from the first position to the last."""
    screen.button("First").click()
    run = Run(*screen.region.evaluate(RUN))
    if run.positions != int(screen.slider.get_attribute("max") or 0) - 1:
        raise RuntimeError(f"Finish did not come to the end in {MOST_SECONDS} s: {run}.")
    return run


def pause(screen: Screen) -> float:
    """Press Pause in the middle of a Finish; return ms until it stands still."""
    screen.button("First").click()
    box = screen.button("Play").bounding_box()
    if box is None:
        raise RuntimeError("There is no Play button.")
    screen.region.evaluate(AWAIT_PAUSE)
    screen.button("Finish").click()
    screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    screen.page.wait_for_timeout(PAUSE_AFTER_MS)
    screen.page.mouse.down()
    screen.page.mouse.up()
    return float(screen.page.evaluate("window.stopping"))


def of_scene(stand: Stand, name: str, scene: Scene) -> list[tuple[str, ...]]:
    screen = stand.screen(address(scene))
    runs = [finish(screen) for _ in range(RUNS)]
    answer = max(pause(screen) for _ in range(RUNS))
    screen.page.context.close()
    rates = [run.positions / run.seconds for run in runs]
    return [
        figure(f"{name}: positions a second", median(rates), "", Goal(50, least=True)),
        figure(f"{name}: frames drawn a second", median(r.frames / r.seconds for r in runs), ""),
        figure(f"{name}: seconds in all", median(run.seconds for run in runs), "s"),
        figure(f"{name}: longest gap between two frames", max(run.gap for run in runs), "ms"),
        figure(f"{name}: Pause pressed to standing still", answer, "ms", Goal(100)),
    ]


def measure(stand: Stand) -> Section:
    return Section(
        "Finish",
        f"The whole run from the first position, {RUNS} times: medians, and the longest gap of all "
        "of them. A frame may draw several positions. The goal that the page stays responsive has "
        "no number of its own; it is read here as: a press on Pause takes effect within 100 ms, "
        f"the worst of {RUNS} times.",
        [
            *of_scene(stand, "32 x 32", small_picture()),
            *of_scene(stand, "64 x 64", large_patch()),
        ],
    )
