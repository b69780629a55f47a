"""The standalone page, opened from a disk with the network off."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from convviz.export.html import standalone
from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from tests.browser.driver import axe, wait_until
from tests.browser.screen import Screen, case, faults_in, first
from tests.export_scenes import expected_map

PATCH = Scene(Named("portrait"), kernel("sobel-x").matrix, patch=Patch(20, 30, 12))
NUMBERS = Typed(Matrix.of(np.random.default_rng(2).integers(-9, 10, (6, 7))))
SCENES = {
    "classic": Scene(),
    "flipped": Scene(
        NUMBERS, Matrix.parse("1/9 x [1 2 3; 4 5 6]"), Geometry(padding="same"), "conv", bias=0.5
    ),
    "spread": Scene(
        NUMBERS, kernel("sobel-y").matrix, Geometry((2, 1), ((1, 2), (3, 0)), (2, 1), "reflect")
    ),
    "patch": PATCH,
}
SIZES = [(1280, 720), (390, 844), (320, 640)]


@pytest.fixture
def open_file(new_page, tmp_path: Path):
    """Save a page, take the network away, and open it from the disk."""
    used = []

    def open_it(scene: Scene, *, query: str = "", address: str = "", **how: object) -> Page:
        path = tmp_path / "convolution.html"
        text = standalone(scene, title="Step by step", summary="What slides how", address=address)
        path.write_text(text, encoding="utf-8")
        page = new_page(**how)
        used.append(page)
        page.context.set_offline(True)
        page.goto(path.as_uri() + query)
        page.get_by_role("region", name="Convolution player").wait_for()
        return page

    yield open_it
    for page in used:
        page.context.set_offline(False)


@pytest.mark.parametrize("name", SCENES)
def test_its_numbers_are_numpys(open_file, name: str) -> None:
    scene = SCENES[name]
    whole = expected_map(scene)
    block = scene.block
    expected = whole[block.rows.start : block.rows.stop, block.columns.start : block.columns.stop]
    screen = Screen(open_file(scene))
    for step, total in list(enumerate(expected.ravel(), 1))[:12]:
        screen.at(step)
        assert screen.value() == pytest.approx(total, rel=1e-12)
        screen.press("ArrowRight")
    screen.press("End")
    screen.at(len(block))
    assert screen.value() == pytest.approx(expected.flat[-1], rel=1e-12)
    assert screen.flat("Output") == pytest.approx(expected.ravel().tolist(), rel=1e-12)


# Each key, and where it leads from where the one before it led; the first one from position 5.
MOVES = [
    ("PageDown", 6),
    ("ArrowRight", 7),
    ("ArrowUp", 4),
    ("PageUp", 3),
    ("ArrowLeft", 2),
    ("ArrowDown", 5),
    ("Home", 1),
    ("End", 9),
]


def test_keys_that_move(open_file) -> None:
    page = open_file(Scene(step=5))
    screen = Screen(page)
    screen.at(5)
    # With no click at all: a clicker works at once.
    for key, step in MOVES:
        with case(key):
            page.keyboard.press(key)
            screen.at(step)


def test_keys_that_do_something_else(open_file) -> None:
    page = open_file(Scene())
    screen = Screen(page)
    for key in ("Space", "k"):
        screen.press(key)
        expect(screen.button("Pause")).to_be_visible()
        screen.press(key)
        expect(screen.button("Play")).to_be_visible()
    screen.press("Home")
    screen.press(".")
    expect(screen.status).to_contain_text("term 1 of 9")
    screen.press(".")
    expect(screen.status).to_contain_text("term 2 of 9")
    screen.press(",")
    expect(screen.status).to_contain_text("term 1 of 9")
    screen.press("e")
    expect(screen.status).to_contain_text("3 times 0, plus 3 times 1")
    screen.press("g")
    page.keyboard.insert_text("7")
    page.keyboard.press("Enter")
    screen.at(7)
    screen.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    screen.press("f")
    wait_until(page, "() => document.fullscreenElement !== null")


def test_it_plays_to_the_end_by_itself(open_file) -> None:
    screen = Screen(open_file(Scene()))
    screen.button("Finish").click()
    screen.at(9)
    assert screen.flat("Output") == [12, 12, 17, 10, 17, 19, 9, 6, 14]


@pytest.mark.parametrize("name", ["classic", "patch"])
def test_everybody_can_read_it(open_file, name: str) -> None:
    page = open_file(SCENES[name], address="https://example.org/?v=1", **first(SIZES))
    assert faults_in(page, SIZES) == []


def test_the_colours_follow_the_system(open_file) -> None:
    page = open_file(Scene())
    region = page.get_by_role("region", name="Convolution player")
    expect(region).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(region).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_css("background-color", "rgb(18, 20, 23)")
    expect(region).to_have_css("background-color", "rgb(18, 20, 23)")


def test_no_other_script_runs_in_it(open_file, watch) -> None:
    watch.ignore.append("Content Security Policy")
    page = open_file(Scene())
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "document.title = 'changed'";
            document.body.append(script);
        }"""
    )
    expect(page).to_have_title("Step by step")
    failed = page.evaluate("() => fetch('http://127.0.0.1:9').then(() => '', (e) => e.name)")
    assert failed == "TypeError"


def test_it_leads_back_and_minds_its_own_address(open_file) -> None:
    address = "https://example.org/?v=1&k=sobel-x"
    page = open_file(Scene(), query="?step=4", address=address)
    link = page.get_by_role("link", name="Open in the app")
    expect(link).to_have_attribute("href", address)
    screen, opened = Screen(page), page.url
    # Whatever it does after a while it does at once, as the app would write its address.
    page.evaluate("() => { window.setTimeout = (act) => { act(); return 0; }; }")
    screen.press("ArrowRight")
    screen.at(2)
    assert page.url == opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lecture_view_fills_the_window_and_is_left_again(open_file, scheme: str) -> None:
    page = open_file(Scene(), address="https://example.org/", scheme=scheme)
    screen, covered = Screen(page), page.locator("header[inert]")
    screen.press("l")
    expect(covered).to_have_count(1)
    box = screen.region.bounding_box()
    assert (box["width"], box["height"]) == (1280, 720)
    assert axe(page) == []
    screen.press("PageDown")
    screen.at(2)
    page.keyboard.press("Escape")
    expect(covered).to_have_count(0)


def test_predicting_hides_and_reveals(open_file) -> None:
    screen = Screen(open_file(Scene()))
    screen.press("p")
    question = screen.region.get_by_role("group", name="Predict", exact=True)
    expect(question).to_be_visible()
    assert screen.table("Output")[0][0] == "?"
    screen.press("3")
    screen.press("v")
    screen.at(1)
    assert screen.flat("Output") == [12]
    screen.press("p")
    expect(question).not_to_be_visible()


def test_it_fits_the_first_screen(open_file) -> None:
    page = open_file(Scene(), width=1280, height=720)
    assert page.evaluate("document.documentElement.scrollHeight") <= 720
