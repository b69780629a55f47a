"""Explore: a changed kernel cell to the new map on the screen, zoom and pan, a visitor's memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload, Page

from benchmarks.browser import CHANGED, PAINTED, Stand
from benchmarks.edits import EDIT_MS, EDITS, IDLE, UPLOAD_MS, WARM_UP, new_weights, p95, with_weight
from benchmarks.scenes import address, photo
from benchmarks.table import Goal, Section, figure
from convviz.geometry import Geometry
from convviz.images import read_image
from convviz.inputs import FULL_SIZE
from convviz.kernels import kernel
from convviz.scene import Scene
from tests.browser.driver import Server, wait_until_ready

REGION = "Picture and feature map"
GALLERY = "Gallery"
SECONDS = 2
MB = 2**20

# Times run from the browser's own stamp of the key to the frame with the new map.
AWAIT = f"""() => {{
    {PAINTED} {CHANGED}
    const inside = (selector) => [...document.querySelectorAll("*")]
        .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean);
    const note = inside('.explorer [data-pane="map"] .note');
    const before = note.textContent;
    const pressed = new Promise((resolve) => window.addEventListener("keydown",
        (event) => event.key === "Enter" && resolve(event.timeStamp), true));
    const shown = changed(note, () => note.textContent !== before).then(painted);
    const tooLong = new Promise((_, reject) =>
        setTimeout(() => reject(new Error("no other map")), {EDIT_MS}));
    const both = Promise.all([pressed, shown]).then(([from, to]) => to - from);
    window.edit = Promise.race([both, tooLong]);
}}"""

# Zooms or drags a little in every frame, as a hand does, and counts the frames that are drawn.
FRAMES = """async ([way, ms]) => {
    const root = [...document.querySelectorAll("*")]
        .map((host) => host.shadowRoot?.querySelector(".explorer")).find(Boolean);
    const canvas = root.querySelector('[data-pane="image"] canvas');
    const area = canvas.getBoundingClientRect();
    const [x, y] = [area.left + area.width / 2, area.top + area.height / 2];
    const common = { bubbles: true, composed: true, cancelable: true, clientY: y };
    const hand = { ...common, pointerId: 1, isPrimary: true, button: 0, buttons: 1 };
    const point = (kind, dx) => canvas.dispatchEvent(new PointerEvent(kind,
        { ...hand, clientX: x + dx, pointerType: "mouse" }));
    const start = performance.now();
    let [frames, last, gap] = [0, start, 0];
    if (way === "pan") point("pointerdown", 0);
    while (performance.now() - start < ms) {
        const wave = Math.sin((performance.now() - start) / 200);
        if (way === "pan") point("pointermove", 60 * wave);
        else canvas.dispatchEvent(new WheelEvent("wheel",
            { ...common, clientX: x, deltaY: wave > 0 ? -40 : 40 }));
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        [frames, gap, last] = [frames + 1, Math.max(gap, now - last), now];
    }
    if (way === "pan") point("pointerup", 0);
    return [frames / ((last - start) / 1000), gap];
}"""


@dataclass(frozen=True)
class Case:
    """A picture to bring, and how fast its map must be."""

    name: str
    data: bytes
    kind: str
    limit: float


def cases() -> Iterator[Case]:
    data = photo()
    yield Case("1920 x 1080", data, "image/jpeg", 300)
    large = Image.open(io.BytesIO(data)).resize((4000, 3000), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    large.save(file, "JPEG", quality=90)
    yield Case("12 megapixels", file.getvalue(), "image/jpeg", 1000)


# What else may be shown of a picture: its memory is measured with each.
VIEWS: dict[str, dict[str, Any]] = {
    "six maps": {
        "tiles": "collected",
        "collected": tuple(
            kernel(id).matrix
            for id in ("sobel-x", "box-3", "sharpen", "gaussian-5", "emboss", "log-9")
        ),
    },
    "16 passes": {"kernel": kernel("gaussian-3").matrix, "times": 16},
    "minus a preset": {"minus": "gaussian-5"},
}


def opened(stand: Stand, server: Server, view: str = "") -> tuple[Page, Scene]:
    plain = Scene(
        kernel=kernel("sobel-x").matrix, geometry=Geometry(padding="same"), size=FULL_SIZE
    )
    scene = replace(plain, **VIEWS.get(view, {}))
    page = stand.page()
    page.goto(f"{server.url}/Explore{address(scene)}", wait_until="commit")
    wait_until_ready(page, GALLERY if scene.tiles else REGION)
    return page, scene


def upload(page: Page, case: Case) -> None:
    source = page.get_by_role("radiogroup", name="Source")
    source.get_by_text("Picture", exact=True).click()
    rows, columns = read_image(case.data).shape[:2]
    file = FilePayload(name="photo.jpg", mimeType=case.kind, buffer=case.data)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    # The sidebar says it last, when all is shown.
    page.get_by_text(f"photo.jpg, {rows} × {columns}.").wait_for(timeout=UPLOAD_MS)
    page.wait_for_function(IDLE, timeout=UPLOAD_MS)


def edits(page: Page, scene: Scene) -> np.ndarray:
    editor = page.get_by_role("group", name="Kernel editor")
    cell = editor.get_by_role("textbox", name="Row 1, column 1", exact=True)
    times, weights = [], new_weights()
    for _ in range(WARM_UP + EDITS):
        page.wait_for_function(IDLE)
        page.wait_for_timeout(50)
        weight = next(weights)
        scene = with_weight(scene, weight)
        page.evaluate(AWAIT)
        cell.select_text()
        page.keyboard.type(str(weight))
        page.keyboard.press("Enter")
        times.append(float(page.evaluate("window.edit")))
    return np.array(times[WARM_UP:])


def resident(server: Server, which: str = "VmRSS") -> float:
    """Return what the server's process holds in memory, or held at its most, in bytes."""
    if server.process is None:
        raise RuntimeError("The server is not running.")
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return float(status.split(f"{which}:")[1].split()[0]) * 1024


def of_case(stand: Stand, case: Case) -> list[tuple[str, ...]]:
    with stand.fresh_server() as server:
        page, scene = opened(stand, server)
        before = resident(server)
        upload(page, case)
        times = edits(page, scene)
        held = resident(server) - before
        frames = {way: page.evaluate(FRAMES, [way, SECONDS * 1000]) for way in ("zoom", "pan")}
        # A small picture in its place: what the large one took is given back.
        upload(page, replace(case, data=small(), kind="image/png"))
        page.wait_for_timeout(SECONDS * 1000)
        kept = resident(server) - before
        page.context.close()
    return [
        figure(f"{case.name}: new map on screen, p50", float(np.median(times)), "ms"),
        figure(f"{case.name}: new map on screen, p95", p95(times), "ms", Goal(case.limit)),
        *(
            row
            for way, (rate, gap) in frames.items()
            for row in (
                figure(f"{case.name}: {way}, frames a second", rate, "", Goal(50, least=True)),
                figure(f"{case.name}: {way}, longest gap between two frames", gap, "ms"),
            )
        ),
        figure(f"{case.name}: server's memory more than before", held, "bytes", most(case)),
        figure(
            f"{case.name}: of that, still held with a small picture", kept, "bytes", Goal(50 * MB)
        ),
    ]


def most(case: Case) -> Goal:
    return Goal(3 * float(read_image(case.data).nbytes) + 50 * MB)


def memory(stand: Stand, case: Case, view: str) -> list[tuple[str, ...]]:
    """Measure what a picture takes with one of the views, from its upload on."""
    with stand.fresh_server() as server:
        page, _ = opened(stand, server, view)
        before = resident(server)
        upload(page, case)
        page.wait_for_timeout(SECONDS * 1000)
        held, peak = resident(server) - before, resident(server, "VmHWM") - before
        page.context.close()
    return [
        figure(f"{case.name}, {view}: server's memory more than before", held, "bytes", most(case)),
        figure(f"{case.name}, {view}: at its most, the upload too", peak, "bytes"),
    ]


def small() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(file, "PNG")
    return file.getvalue()


def measure(stand: Stand) -> Section:
    rows = [row for case in cases() for row in of_case(stand, case)]
    rows += [row for case in cases() for view in VIEWS for row in memory(stand, case, view)]
    return Section(
        "Explore",
        f"{EDITS} times another number and Enter in the first cell of the kernel, with a picture "
        "at its own size: from the browser's stamp of the key to the painted frame with the new "
        f"map. Then {SECONDS} seconds each of zooming and of dragging a little in every frame. The "
        "memory is that of the server's process with one visitor, the goal 3 times the picture's "
        f"pixels and 50 MB; {SECONDS} seconds after a small picture took the place of the large "
        "one, 50 MB.",
        rows,
    )
