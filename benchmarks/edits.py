"""A changed kernel cell: from the key that enters it to the new numbers on the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from playwright.sync_api import FilePayload, Page, expect

from benchmarks import rerun
from benchmarks.browser import CHANGED, PAINTED, Stand
from benchmarks.scenes import address, photo
from benchmarks.table import Goal, Section, figure
from benchmarks.traffic import Traffic
from convviz.images import read_image
from convviz.inputs import FULL_SIZE, Picture
from convviz.matrices import Matrix
from convviz.payload import payload
from convviz.scene import Scene
from tests.browser.driver import APP, wait_until_ready
from tests.browser.screen import Screen

EDITS = 40
WARM_UP = 3
TYPED = 5
UPLOAD_MS = 30_000
EDIT_MS = 10_000

IDLE = "() => document.querySelector('.stApp[data-test-script-state=notRunning]')"

# Times run from the browser's own stamp of the key, to: numbers in the DOM, numbers painted, map
# painted.
AWAIT = f"""([key, ending, hasMap]) => {{
    {PAINTED} {CHANGED}
    const inside = (selector) => [...document.querySelectorAll("*")]
        .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean);
    const status = inside(".player [role=status]");
    const pressed = new Promise((resolve) => {{
        const stamp = (event) => event.key === key && resolve(event.timeStamp);
        window.addEventListener("keydown", stamp, true);
    }});
    const drawn = changed(status, () => status.textContent.endsWith(ending));
    const shown = drawn.then(painted);
    const map = hasMap && inside('[data-figure="map"] img');
    const before = map && map.src;
    const mapped = !map ? drawn
        : changed(map, () => map.src !== before).then(() => map.decode()).then(painted);
    const tooLong = new Promise((_, reject) =>
        setTimeout(() => reject(new Error(`not on screen: ${{ending}}`)), {EDIT_MS}));
    const all = Promise.all([pressed, drawn, shown, mapped])
        .then(([from, ...ends]) => ends.map((end) => end - from));
    window.edit = Promise.race([all, tooLong]);
}}"""


@dataclass(frozen=True)
class Case:
    """A scene as it is opened, what is uploaded then, and what the scene is after that."""

    name: str
    opened: Scene
    shown: Scene
    upload: bytes | None = None


class Desk:
    """The open page of a case."""

    def __init__(self, stand: Stand, case: Case) -> None:
        page = stand.page()
        self.traffic = Traffic.watch(page)
        self.screen = Screen(page)
        self.scene = case.shown
        page.goto(f"{stand.servers.of(APP).url}/{address(case.opened)}", wait_until="commit")
        wait_until_ready(page)
        if case.upload is not None:
            self.upload(case.upload)
        editor = page.get_by_role("group", name="Kernel editor")
        self.cell = editor.get_by_role("textbox", name="Row 1, column 1", exact=True)

    def upload(self, data: bytes) -> None:
        page = self.screen.page
        page.get_by_role("radiogroup", name="Source").get_by_text("Picture", exact=True).click()
        file = FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=data)
        page.locator("input[type=file]").set_input_files(file)
        expect(self.screen.status).to_have_text(self.sentence(self.scene), timeout=UPLOAD_MS)
        page.get_by_text("Feature map").wait_for()

    @staticmethod
    def sentence(scene: Scene) -> re.Pattern[str]:
        """Return how the status ends for a scene at its first position."""
        return re.compile(re.escape(ending(scene)) + "$")

    def edit(self, weight: int, how: str = "Enter") -> list[float]:
        """Enter a weight; return ms from the key to the three ends of AWAIT."""
        page = self.screen.page
        page.wait_for_function(IDLE)
        page.wait_for_timeout(50)
        self.scene = with_weight(self.scene, weight)
        key = str(weight)[-1] if how == "typed" else how
        page.evaluate(AWAIT, [key, ending(self.scene), self.scene.is_picture])
        self.cell.select_text()
        page.keyboard.type(str(weight))
        if how != "typed":
            page.keyboard.press(how)
        return list(page.evaluate("window.edit"))


def new_weights() -> Iterator[int]:
    """Yield weights, each another one: what the browser had before is not sent again."""
    return (sign * size for size in count(2) for sign in (1, -1))


def with_weight(scene: Scene, weight: int) -> Scene:
    """Change the first weight of a scene's kernel."""
    cells = [list(row) for row in scene.kernel.cells]
    cells[0][0] = str(weight)
    return replace(scene, kernel=Matrix(tuple(map(tuple, cells)), scene.kernel.factor))


def ending(scene: Scene) -> str:
    """Return how the player's sentence ends at the first position, as Python computes it."""
    value = payload(scene)["output"]["values"][0]
    return f"equals {json.dumps(value)}.".replace("-", "\u2212")


def cases() -> Iterable[Case]:
    data = photo()
    picture = Picture(read_image(data))
    yield Case("classic 5 x 5", Scene(), Scene())
    for name, size in (("worked at 256 pixels", Scene().size), ("own size", FULL_SIZE)):
        scene = Scene(size=size)
        yield Case(f"1920 x 1080, {name}", scene, replace(scene, input=picture), data)


def of_case(stand: Stand, case: Case, demo: Page, limit: float) -> list[tuple[str, ...]]:
    desk = Desk(stand, case)
    weights = new_weights()
    for _ in range(WARM_UP):
        desk.edit(next(weights))
    before = desk.traffic.copy()
    pairs = [(desk.edit(next(weights)), rerun.step(demo, 1)[0]) for _ in range(EDITS)]
    times, bare = (np.array(part) for part in zip(*pairs, strict=True))
    cost = desk.traffic.since(before)
    typed = np.array([desk.edit(next(weights), "typed") for _ in range(TYPED)])
    desk.screen.page.context.close()
    _, shown, mapped = times.T
    rows = [
        figure(f"{case.name}: numbers on screen, p50", float(np.median(shown)), "ms"),
        figure(f"{case.name}: numbers on screen, p95", p95(shown), "ms", Goal(limit)),
        figure(f"{case.name}: p50 in steps of the rerun demo", over_bare(shown, bare), ""),
        figure(f"{case.name}: sent and received, an edit", cost.bytes / EDITS, "bytes"),
        figure(f"{case.name}: typed, no Enter, p50", float(np.median(typed[:, 1])), "ms"),
    ]
    if case.shown.is_picture:
        rows[2:2] = [
            figure(f"{case.name}: feature map on screen, p50", float(np.median(mapped)), "ms"),
            figure(f"{case.name}: feature map, p95", p95(mapped), "ms"),
        ]
    return rows


def p95(times: np.ndarray) -> float:
    return float(np.percentile(times, 95))


def over_bare(shown: np.ndarray, bare: np.ndarray) -> float:
    """Compare with a rerun that only changes a table, made by turns."""
    return float(np.median(shown) / np.median(bare[:, 1]))


def measure(stand: Stand) -> Section:
    demo, _ = rerun.opened(stand)
    rows = []
    for case in cases():
        rows += of_case(stand, case, demo, 400 if case.upload else 150)
    demo.context.close()
    return Section(
        "A changed kernel cell",
        f"{EDITS} times a number and Enter in the first cell of the sidebar's kernel editor, over "
        "loopback: from the browser's stamp of the key to the painted frame in which the player "
        "holds the sum that Python computes for it. Without Enter, the editor first waits 250 ms "
        "for more digits. No number is entered twice. A step of the rerun demo below is made after "
        "each edit: what a run of a script costs at all, whatever else the machine does. The "
        "picture is a drawn JPEG of 1920 x 1080 pixels; the feature map of the whole picture has "
        "no goal of its own.",
        rows,
    )
