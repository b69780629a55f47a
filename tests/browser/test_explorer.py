"""Explore in a real browser: the numbers under the pointer, zoom, keys, touch, and the way back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import pytest
import scipy.signal
from PIL import Image
from playwright.sync_api import ElementHandle, Locator, Page, WebSocketRoute, expect

from convviz.feature_map import feature_map
from convviz.geometry import BOUNDARIES
from convviz.url import decode
from tests.browser.driver import DEEP, wait_until_ready
from tests.browser.screen import (
    Screen,
    case,
    faults_in,
    first,
    go_back_to,
    in_each_window,
    number,
    pick,
    settle,
    touched,
)

REGION = "Picture and feature map"
SCENES = {
    "numbers": "?v=1",
    "picture": "?v=1&in=scene&k=sobel-x&pad=same",
    "stride": "?v=1&in=portrait&k=gaussian-3&pad=full&s=2,3&bd=reflect",
}
FOUND = re.compile(
    r"(?:Picture|Input) row (\d+), column (\d+): (\S+)\. "
    r"Feature map row (\d+), column (\d+): (\S+)\."
)


# To be told of it costs a third less than to ask again and again. An old number comes with dots.
ONCE_COMPLETE = """(readout, pattern) => new Promise((done) => {
    const found = new RegExp(`^${pattern}$`);
    const look = () => {
        const text = readout.textContent;
        if (found.test(text) && !text.includes("…")) done(text);
    };
    const all = { childList: true, characterData: true, subtree: true };
    new MutationObserver(look).observe(readout, all);
    setTimeout(() => done(readout.textContent), 10000);
    look();
})"""


class Explorer:
    def __init__(self, page: Page) -> None:
        self.page = page
        # As the role engine would find it, which takes longer.
        self.region = page.locator(f'[role=region][aria-label="{REGION}"]')
        self.readout = self.region.locator(".readout")
        self.status = self.region.get_by_role("status")

    def button(self, name: str) -> Locator:
        return self.region.get_by_role("button", name=name)

    def pane(self, name: str) -> Locator:
        return self.region.locator(f'[data-pane="{name}"] canvas')

    def place(self, name: str, row: float, column: float) -> tuple[float, float]:
        """Return where on the page a part of a pane is, from 0 to 1 down and across."""
        box = self.pane(name).bounding_box()
        assert box
        return box["x"] + 1 + column * (box["width"] - 2), box["y"] + 1 + row * (box["height"] - 2)

    def point(self, name: str, row: float, column: float) -> None:
        self.page.mouse.move(*self.place(name, row, column))

    def found(
        self, readout: ElementHandle | None = None
    ) -> tuple[tuple[int, int], float, tuple[int, int], float]:
        """Return what the readout says once it is complete: pixel, value, cell, value.

        Who asks often has found the readout before, which takes longer than the question.
        """
        text = (readout or self.readout).evaluate(ONCE_COMPLETE, FOUND.pattern)
        said = FOUND.fullmatch(text)
        assert said, text
        at = [int(said[i]) - 1 for i in (1, 2, 4, 5)]
        return (at[0], at[1]), number(said[3]), (at[2], at[3]), number(said[6])

    def press(self, key: str) -> None:
        self.region.focus()
        self.page.keyboard.press(key)


@pytest.fixture
def explore(open_page, watch):
    def open_it(query: str = "", **how: object) -> Explorer:
        watch.ignore += DEEP
        return Explorer(open_page(f"Explore{query}", region=REGION, **how))

    return open_it


@in_each_window
def test_axe_finds_nothing_and_nothing_scrolls_sideways(explore, sizes):
    page = explore(**first(sizes)).page
    for name, query in SCENES.items():
        with case(name):
            go_back_to(page, query)
            # The sidebar is that of the first page.
            part = None if name == "numbers" else page.get_by_test_id("stMain")
            assert faults_in(page, sizes, part) == []
        sizes = sizes[::-1]  # the next one begins in the window this one ends in


BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16
KERNELS = {
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "gaussian-5": np.outer(BINOMIAL, BINOMIAL),
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "1,-2_3,4": [[1, -2], [3, 4]],
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_numbers_under_the_pointer_are_numpys(explore, kernel):
    # An answer costs half as much in an embedded page, which has no sidebar.
    embedded = kernel != "sobel-x"
    begin = [*KERNELS].index(kernel)
    # The first kernel meets all of them, each of the others two.
    boundaries = (BOUNDARIES * 2)[begin : begin + 2] if embedded else BOUNDARIES
    query = f"?{'embed=true&' * embedded}v=1&in=scene&k={kernel}&pad=2&bd="
    image = decode({"in": "scene"}).image
    # Narrow enough for all of both panes to be in view.
    shown = explore(query + boundaries[0], width=900 if embedded else 1280)
    chance = np.random.default_rng(3)
    for boundary in boundaries:
        with case(boundary):
            if boundary == boundaries[1] and not embedded:
                pick(shown.page, "Boundary", boundary.capitalize())
                shown.page.wait_for_url(f"**bd={boundary}*")
                settle(shown.page)
            elif boundary != boundaries[0]:
                go_back_to(shown.page, query + boundary)
            padded = np.pad(image.astype(float), 2, boundary)
            values = scipy.signal.correlate2d(padded, KERNELS[kernel], "valid")
            places = chance.uniform(0.02, 0.98, (2 if embedded else 10, 2))
            if embedded:  # one kernel is looked at all over the map, the others at the padding too
                places = [*corners_of(image.shape, values.shape), *places]
            corner, far = (shown.place("map", end, end) for end in (0, 1))
            readout = shown.readout.element_handle()
            for at in places:
                shown.page.mouse.move(*(corner + at[::-1] * np.subtract(far, corner)))
                pixel, value, cell, output = shown.found(readout)
                assert (value, output) == (image[pixel], values[cell])
                # Where the pointer is: the map is the larger one on every side of it.
                assert abs((cell[0] + 0.5) / values.shape[0] - at[0]) < 0.02


def corners_of(image: tuple[int, int], values: tuple[int, int]) -> np.ndarray:
    """Return where in the map its first and its last cell over a pixel are, from 0 to 1."""
    before = (np.subtract(values, image) + 1) // 2
    # On the inner side of both, since beyond them lies the padding.
    return np.array([before + 0.9, before + image - 0.9]) / values


HEAR = """() => {
    window.heard = [];
    window.addEventListener("convviz:seen", (event) => window.heard.push(JSON.parse(event.detail)));
}"""


def zoomed_in_the_exact_numbers_of_what_is_seen_come(shown: Explorer) -> None:
    shown.page.evaluate(HEAR)
    for _ in range(5):
        shown.button("Zoom in").click()
    shown.page.wait_for_function("() => window.heard.some(({ part }) => part?.map.values)")
    part = shown.page.evaluate("() => window.heard.findLast(({ part }) => part).part")
    values = feature_map(decode({"in": "scene", "k": "sobel-x", "pad": "same"}))
    top, left = part["map"]["at"]
    rows, columns = part["map"]["shape"]
    sent = np.reshape(part["map"]["values"], (rows, columns))
    assert (sent == values[top : top + rows, left : left + columns]).all()
    assert rows * columns < values.size / 10
    shown.button("Whole").click()
    expect(shown.button("Zoom out")).to_be_disabled()


def test_a_late_answer_never_overwrites_a_newer_one(explore):
    shown = explore("?v=1&in=scene&k=sobel-x&pad=same&embed=true")
    shown.page.evaluate(HEAR)
    shown.point("map", 0.3, 0.3)
    shown.found()
    shown.point("map", 0.5, 0.5)
    true = shown.found()
    again = """(token) => {
        const last = (window.last ??= window.heard.findLast(({ lens }) => lens));
        const lens = { ...last.lens, value: 999, output: 999 };
        const detail = JSON.stringify({ ...last, lens, token: last.token + token });
        window.dispatchEvent(new CustomEvent("convviz:seen", { detail }));
    }"""
    for late in (-1, 0):
        shown.page.evaluate(again, late)
        assert shown.found() == true
    shown.page.evaluate(again, 1)
    assert shown.found()[1::2] == (999, 999)


def the_wheel_zooms_where_the_pointer_is_and_a_drag_moves_both(shown: Explorer) -> None:
    shown.point("map", 0.3, 0.7)
    before = shown.found()[0]
    for _ in range(4):
        shown.page.mouse.wheel(0, -300)
    expect(shown.button("Zoom out")).to_be_enabled()
    shown.page.mouse.move(*shown.place("map", 0.301, 0.7))
    assert np.abs(np.subtract(shown.found()[0], before)).max() <= 1
    x, y = shown.place("image", 0.5, 0.5)
    shown.point("image", 0.5, 0.5)
    held = shown.found()[0]
    shown.page.mouse.down()
    shown.page.mouse.move(x - 60, y - 40, steps=4)
    shown.page.mouse.up()
    # It was dragged, so no player is opened, and the pixel went with the pointer.
    shown.page.mouse.move(x - 60, y - 39)
    assert np.abs(np.subtract(shown.found()[0], held)).max() <= 1


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?v=1&in=portrait&k=gaussian-3&pad=full&s=2,3&bd=reflect",
        "?v=1&in=scene&op=conv&k=emboss",
    ],
)
def test_a_click_opens_the_player_on_the_same_number(explore, query):
    shown = explore(query)
    for place in [(0.5, 0.5), (0.35, 0.6)][: 1 if query else 2]:
        with case(place):
            shown.point("map", *place)
            _, _, cell, output = shown.found()
            shown.page.mouse.down()
            shown.page.mouse.up()
            player = Screen(shown.page)
            said = f"output row {cell[0] + 1}, column {cell[1] + 1}."
            expect(player.status).to_contain_text(said)
            assert player.value() == output
            shown.page.go_back()
            expect(shown.region).to_be_visible()
            wait_until_ready(shown.page, REGION)
            settle(shown.page)


def the_keyboard_alone_reaches_a_number_and_its_player(shown: Explorer) -> None:
    shown.press("ArrowDown")
    first = shown.found()[0]
    shown.press("Shift+ArrowRight")
    shown.press("ArrowUp")
    expect(shown.status).to_contain_text(f"Picture row {first[0]}, column {first[1] + 11}: ")
    shown.press("+")
    shown.press("+")
    expect(shown.button("Zoom out")).to_be_enabled()
    shown.press("0")
    expect(shown.button("Zoom out")).to_be_disabled()
    # Streamlit's own keys stay its own only outside.
    shown.press("r")
    shown.press("c")
    expect(shown.page.get_by_role("dialog")).to_have_count(0)
    output = shown.found()[3]
    shown.press("Enter")
    player = Screen(shown.page)
    expect(player.status).to_contain_text("Position")
    assert player.value() == output


WAYS = (
    zoomed_in_the_exact_numbers_of_what_is_seen_come,
    the_wheel_zooms_where_the_pointer_is_and_a_drag_moves_both,
    the_keyboard_alone_reaches_a_number_and_its_player,
)


def test_pointer_wheel_and_keys_reach_every_number(explore):
    # Narrow enough for all of both panes to be in view.
    shown = explore("?v=1&in=scene&k=sobel-x&pad=same&embed=true", width=900)
    for way in WAYS:
        with case(way.__name__):
            whole(shown)
            way(shown)


def whole(shown: Explorer) -> None:
    """Show all of both pictures, with the focus and the pointer elsewhere."""
    shown.press("0")
    expect(shown.button("Zoom out")).to_be_disabled()
    shown.region.evaluate("(region) => region.getRootNode().activeElement.blur()")
    shown.page.mouse.move(-10, -10)


def test_a_finger_points_and_a_button_opens(explore):
    shown = explore("?v=1&in=scene&k=sobel-x&embed=true", width=390, height=844, touch=True)
    expect(shown.button("Step through here")).to_be_disabled()
    touched(shown.page, [shown.place("image", 0.5, 0.5)], [])
    output = shown.found()[3]
    shown.button("Step through here").click()
    player = Screen(shown.page)
    expect(player.status).to_contain_text("Position")
    assert player.value() == output


def test_another_kernel_answers_for_itself(explore):
    shown = explore("?v=1&in=edge&k=sobel-x")
    shown.press("ArrowDown")
    pixel, value, cell, _ = shown.found()
    shown.page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    expect(shown.page.get_by_text("Convolution (kernel turned by 180°)").first).to_be_visible()
    settle(shown.page)
    scene = decode({"in": "edge", "k": "sobel-x", "op": "conv"})
    expected = feature_map(scene)[cell]
    shown.press("ArrowUp")
    shown.press("ArrowDown")
    assert shown.found() == (pixel, value, cell, expected)


def upload(shown: Explorer, file: str, kind: str, data: bytes) -> None:
    source = shown.page.get_by_role("radiogroup", name="Source")
    source.get_by_text("Picture", exact=True).click()
    box = shown.page.get_by_test_id("stFileUploaderDropzoneInput").first
    box.set_input_files({"name": file, "mimeType": kind, "buffer": data})


def test_uploaded_pictures_at_their_own_size(explore):
    shown = explore("?v=1&k=sobel-x&pad=same&size=full")
    for picture in (a_photo, a_picture_of_12_megapixels):
        with case(picture.__name__):
            picture(shown)


def a_photo(shown: Explorer) -> None:
    row, column = np.mgrid[:1080, :1920][..., np.newaxis]
    waves = np.sin(row / 17 + np.arange(3)) * 60 + np.cos(column / 23) * 50
    grain = np.random.default_rng(7).normal(0, 6, (1080, 1920, 1))
    pixels = np.clip(128 + waves + grain, 0, 255).astype(np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "JPEG", quality=90)
    upload(shown, "photo.jpg", "image/jpeg", data.getvalue())
    expect(shown.region.get_by_text("1080 × 1920").first).to_be_visible(timeout=20_000)
    sent = np.asarray(Image.open(data).convert("RGB")).astype(float)
    for at in [(0.2, 0.3), (0.7, 0.9)]:
        shown.point("image", *at)
        pixel, value, cell, _ = shown.found()
        # Grey is 0.299 R + 0.587 G + 0.114 B, rounded.
        assert abs(sent[pixel] @ [0.299, 0.587, 0.114] - value) <= 1
        assert pixel == cell


def a_picture_of_12_megapixels(shown: Explorer) -> None:
    row, column = np.mgrid[:3000, :4000]
    grey = (row // 7 * 5 + column // 11 * 3) % 256
    data = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(data, "PNG")
    upload(shown, "large.png", "image/png", data.getvalue())
    expect(shown.region.get_by_text("3000 × 4000").first).to_be_visible(timeout=30_000)
    padded = np.pad(grey.astype(float), 1)
    for at in np.random.default_rng(5).uniform(0.02, 0.98, (5, 2)):
        shown.point("image", *at)
        (row, column), value, cell, output = shown.found()
        assert (value, cell) == (grey[row, column], (row, column))
        assert output == (padded[row : row + 3, column : column + 3] * KERNELS["sobel-x"]).sum()


@pytest.fixture
def explore_losing(new_page, app_url, watch):
    """Open Explore where the first message is lost that this is true of; give what is lost too."""

    def open_it(query: str, is_lost: Callable[[bytes], bool]) -> tuple[Explorer, list[bytes]]:
        lost: list[bytes] = []

        def connect(line: WebSocketRoute) -> None:
            server = line.connect_to_server()

            def pass_on(message: str | bytes) -> None:
                loses = isinstance(message, bytes) and not lost and is_lost(message)
                (lost.append if loses else server.send)(message)

            line.on_message(pass_on)

        watch.ignore += DEEP
        page = new_page(own=True)
        page.route_web_socket("**/_stcore/stream", connect)
        page.goto(f"{app_url}/Explore{query}", wait_until="commit")
        wait_until_ready(page, REGION)
        return Explorer(page), lost

    return open_it


def test_a_click_that_is_lost_on_its_way_is_said_again(explore_losing):
    clicked: list[bool] = []
    shown, lost = explore_losing("?v=1", lambda message: bool(clicked))
    shown.point("map", 0.5, 0.5)
    _, _, cell, _ = shown.found()
    settle(shown.page)
    clicked.append(True)
    shown.page.mouse.down()
    shown.page.mouse.up()
    said = f"output row {cell[0] + 1}, column {cell[1] + 1}."
    expect(Screen(shown.page).status).to_contain_text(said)
    assert lost


def test_a_file_that_comes_along_with_a_question_is_read(explore_losing):
    """Streamlit's browser may ask for no run of the page then; here its request is lost."""
    shown, lost = explore_losing(
        "?v=1&pad=same&size=full", lambda message: b"/_stcore/upload_file" in message
    )
    page = shown.page
    data = io.BytesIO()
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(6, 8)).save(data, "PNG")
    upload(shown, "small.png", "image/png", data.getvalue())
    page.wait_for_function("document.body.innerText.includes('small.png')")
    for _ in range(500):
        if not lost:
            page.wait_for_timeout(20)
    assert lost
    shown.point("image", 0.5, 0.5)
    expect(page.get_by_text("small.png, 6 × 8.")).to_be_visible()
    settle(page)
    shown.point("image", 0.1, 0.1)
    assert shown.found()[:2] == ((0, 0), 0)


# The cursor rests for 60 ms before it is asked what is there.
LATER = "() => new Promise((done) => setTimeout(done, 300))"


class Held:
    """What goes up to the server from now on, and what comes down only when it is let go."""

    def __init__(self, page: Page) -> None:
        self.sent: list[str | bytes] = []
        self._down: list[tuple[WebSocketRoute, str | bytes]] = []
        self._holds = False
        page.route_web_socket("**/_stcore/stream", self._connect)

    def begin(self) -> None:
        self._holds = True
        self.sent.clear()

    def let_go(self) -> None:
        self._holds = False
        for line, message in self._down:
            line.send(message)

    def _connect(self, line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def up(message: str | bytes) -> None:
            self.sent.append(message)
            server.send(message)

        def down(message: str | bytes) -> None:
            if self._holds:
                self._down.append((line, message))
            else:
                line.send(message)

        line.on_message(up)
        server.on_message(down)


def test_nothing_is_asked_while_another_page_is_on_its_way(new_page, app_url, watch):
    """Else it is answered with nothing right after the other page, which that empties."""
    watch.ignore += DEEP
    page = new_page(own=True)
    held = Held(page)
    page.goto(f"{app_url}/Explore?v=1", wait_until="commit")
    wait_until_ready(page, REGION)
    shown = Explorer(page)
    page.evaluate(HEAR)
    shown.press("ArrowDown")
    page.wait_for_function("() => window.heard.some(({ lens }) => lens)")
    settle(page)
    held.begin()
    page.get_by_role("link", name="Step by step", exact=True).click()
    shown.press("ArrowDown")
    page.evaluate(LATER)
    held.let_go()
    expect(Screen(page).status).to_contain_text("Position 1 of 9")
    assert len(held.sent) == 1


def test_nothing_is_asked_while_the_page_is_run_anew(explore):
    shown = explore("?v=1&embed=true")
    settle(shown.page)
    shown.page.evaluate(
        """() => {
            window.asked = 0;
            window.addEventListener("convviz:look", () => { window.asked += 1; });
        }"""
    )
    says = "(state) => { document.querySelector('.stApp').dataset.testScriptState = state; }"
    shown.page.evaluate(says, "running")
    shown.press("ArrowDown")
    shown.page.evaluate(LATER)
    assert shown.page.evaluate("window.asked") == 0
    shown.page.evaluate(says, "notRunning")
    shown.page.wait_for_function("window.asked === 1")


def test_a_long_computation_shows_how_far_it_is_and_the_next_change_ends_it(explore):
    row, column = np.mgrid[:3000, :4000]
    data = io.BytesIO()
    Image.fromarray(((row // 9 + column // 7) % 256).astype(np.uint8)).save(data, "PNG")
    # No whole number: the map is computed term by term, 961 terms for each of its cells.
    shown = explore("?v=1&k=gaussian-31&pad=same&fill=0.1&size=full")
    upload(shown, "large.png", "image/png", data.getvalue())
    bar = shown.page.get_by_role("progressbar")
    expect(bar).to_be_visible(timeout=30_000)
    expect(shown.page.get_by_text("Computing the feature map: ")).to_be_visible()
    pick(shown.page, "Preset", "Start: Identity")
    expect(shown.region.get_by_text("3000 × 4000").first).to_be_visible(timeout=30_000)
    expect(bar).to_have_count(0)
    shown.point("image", 0.4, 0.6)
    _, value, _, output = shown.found()
    assert value == output


DISPLAYS = {
    # Of 60, 300, -20: 255 * 60 / 300 = 51 and 255 * 20 / 300 = 17.
    "Clipped": ("clip", [60, 255, 0]),
    "Absolute values": ("absolute", [51, 255, 17]),
    # 255 * (60 + 20) / (300 + 20) = 63.75.
    "Rescaled": ("rescale", [64, 255, 0]),
    "Threshold": ("threshold", [0, 255, 0]),
}


def test_a_display_changes_colours_and_words_and_no_number(explore):
    shown = explore("?v=1&m=60,300,-20&k=identity&pad=same")
    shown.press("ArrowDown")
    before = shown.found()
    relu_is_a_display_too(shown)
    for name, (id, grey) in DISPLAYS.items():
        with case(name):
            shown.page.get_by_role("combobox", name="Feature map shown as").click()
            shown.page.get_by_role("option", name=name).click()
            shown.page.wait_for_url(f"**show={id}*")
            wait_for_greys(shown, grey)
            shown.press("ArrowRight")
            shown.press("ArrowLeft")
            assert shown.found() == before


def relu_is_a_display_too(shown: Explorer) -> None:
    said = shown.region.get_by_text("33 % of values are negative and shown as 0")
    relu = shown.page.get_by_text("ReLU", exact=True)
    relu.click()
    expect(said).to_be_visible()
    shown.page.wait_for_url("**relu=1")
    shown.press("ArrowRight")
    assert shown.found()[3] == -20
    relu.click()
    expect(said).to_be_hidden()
    shown.press("ArrowLeft")


def wait_for_greys(shown: Explorer, grey: list[int]) -> None:
    """Return when the three cells of the map have these greys."""
    colours = """(canvas) => [1, 3, 5].map((sixth) => {
        const y = canvas.height * 0.5;
        const cell = Math.min(canvas.width / 3, 72);
        const at = canvas.width / 2 + (sixth - 3) / 2 * cell;
        return canvas.getContext("2d").getImageData(at - cell * 0.3, y - cell * 0.3, 1, 1).data[0];
    })"""
    shown.page.wait_for_function(
        """([grey, source]) => {
            const found = [];
            const walk = (node) => node.querySelectorAll("*").forEach((one) => {
                if (one.matches('[data-pane="map"] canvas')) found.push(one);
                if (one.shadowRoot) walk(one.shadowRoot);
            });
            walk(document);
            return `${eval(source)(found[0])}` === `${grey}`;
        }""",
        arg=[grey, colours],
    )


def test_two_fingers_enlarge_what_is_between_them(explore):
    shown = explore("?v=1&in=scene&k=sobel-x&embed=true", width=390, height=844, touch=True)
    x, y = shown.place("image", 0.5, 0.5)
    touched(shown.page, *([(x - apart, y), (x + apart, y)] for apart in (20, 40, 60, 80)), [])
    expect(shown.button("Zoom out")).to_be_enabled()
    touched(shown.page, [(x, y)], [])
    rows, columns = decode({"in": "scene"}).shape
    row, column = shown.found()[0]
    assert abs(row - rows / 2) <= 3
    assert abs(column - columns / 2) <= 3
