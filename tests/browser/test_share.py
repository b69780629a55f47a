"""The page Share: its link, to copy, to scan, to embed."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import DEEP, HOST, SERVER_GONE, turn_to_theme
from tests.browser.screen import CUT_OR_OPEN, Screen, faults_in, first, in_each_window

REGION = "Share"
SCENES = {
    "classic": "",
    "own numbers": "?v=1&m=1,2_3,4&k=1/4,1/4_1/4,1/4&step=1",
    "long": "?v=1&in=random&pad=same&k=" + "_".join([",".join(["1/961"] * 31)] * 31),
}


@pytest.fixture
def open_share(open_page, watch):
    watch.ignore += DEEP
    return lambda query="", **how: open_page(f"Share{query}", region=REGION, **how)


@pytest.fixture
def visit_share(visit):
    return lambda query="", **how: visit(query, path="Share", region=REGION, **how)


def press_share(page: Page) -> None:
    page.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_role("region", name=REGION)).to_be_visible()


def link_field(page: Page):
    return page.get_by_role("textbox", name="Address", exact=True)


def scanned(page: Page) -> str:
    """Read the QR code as a camera would: from what is on the screen."""
    shot = page.get_by_role("img", name="QR code of the link").screenshot()
    picture = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
    return cv2.QRCodeDetector().detectAndDecode(picture)[0]


def test_share_takes_along_the_step_that_only_the_player_knows(open_page):
    page = open_page("?v=1&k=sobel-x")
    for _ in range(4):
        Screen(page).press("ArrowRight")
    press_share(page)
    expect(link_field(page)).to_have_value(re.compile(r"/\?v=1&k=sobel-x&step=5$"))
    page.get_by_role("link", name="Step by step").click()
    Screen(page).at(5)


def test_share_goes_on_predicting_and_so_does_the_way_back(open_page):
    page = open_page("?v=1&k=sobel-x&predict=1&step=3")
    press_share(page)
    expect(page.get_by_role("radio", name="Predict")).to_be_checked()
    expect(link_field(page)).to_have_value(re.compile(r"/\?v=1&k=sobel-x&step=3&predict=1$"))
    page.get_by_role("link", name="Step by step").click()
    expect(Screen(page).status).to_contain_text("Output hidden")
    expect(Screen(page).slider).to_have_value("3")


def test_fewer_positions_than_the_step_are_no_obstacle(open_page):
    page = open_page("?v=1&step=9")
    stride = page.get_by_role("spinbutton", name="Stride, vertical")
    stride.fill("3")
    stride.press("Enter")
    page.wait_for_url("**s=3,1*")
    page.get_by_role("link", name="Explore").click()
    expect(page.get_by_role("region", name="Picture and feature map")).to_be_visible()
    press_share(page)
    # (5 - 3) / 3 + 1 = 1 row, 3 columns
    expect(link_field(page)).to_have_value(re.compile("s=3,1&step=3$"))


def test_back_on_share_goes_back_to_the_position(open_page):
    page = open_page("?v=1&k=sobel-x&step=3")
    press_share(page)
    box = page.get_by_role("spinbutton", name="Position, 1 to 9")
    box.fill("7")
    box.press("Enter")
    page.wait_for_url("**step=7*")
    page.go_back()
    expect(link_field(page)).to_have_value(re.compile("step=3$"))
    expect(box).to_have_value("3")
    page.go_forward()
    expect(link_field(page)).to_have_value(re.compile("step=7$"))


def test_share_takes_along_what_was_just_changed(open_page):
    page = open_page()
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    expect(page.get_by_text("Convolution (kernel turned by 180°)").first).to_be_visible()
    press_share(page)
    expect(link_field(page)).to_have_value(re.compile(r"/\?v=1&op=conv$"))


def test_share_pressed_on_explore_leads_back_to_explore(open_page, watch):
    watch.ignore += DEEP
    page = open_page("Explore?v=1&in=edge&times=2", region="Picture and feature map")
    press_share(page)
    expect(link_field(page)).to_have_value(re.compile(r"/Explore\?v=1&in=edge&times=2$"))
    page.get_by_text("Step by step", exact=True).last.click()
    expect(link_field(page)).to_have_value(re.compile(r"[0-9]/\?v=1&in=edge&times=2$"))


@pytest.mark.parametrize("which", ["link", "HTML"])
def test_a_click_copies_and_says_so(visit_share, which):
    page = visit_share(SCENES["own numbers"].replace("&step=1", ""))
    page.get_by_role("button", name=f"Copy {which}").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "/?v=1&m=1,2_3,4&k=1/4,1/4_1/4,1/4" in copied.replace("&amp;", "&")
    assert copied.startswith("<iframe src=" if which == "HTML" else f"http://{HOST}:")


def test_where_copying_is_not_allowed_the_text_is_selected(open_share):
    page = open_share()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    page.evaluate("() => { document.execCommand = () => false; }")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Selected: press Ctrl+C to copy")).to_be_visible()


@pytest.mark.parametrize("query", SCENES.values(), ids=SCENES)
def test_a_camera_reads_the_link_off_the_screen(open_share, query):
    page = open_share(query)
    link = link_field(page).input_value()
    for theme in ("light", "dark"):
        turn_to_theme(page, theme)
        assert scanned(page) == link, theme
    page.goto(link)
    expect(Screen(page).status).to_contain_text("Position 1 of")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Serve a folder on an origin of its own."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://{HOST}:{server.server_port}"
        server.shutdown()


def test_the_player_works_in_a_page_of_another_origin(open_share, elsewhere):
    page = open_share(SCENES["own numbers"].replace("step=1", "pad=1"))
    html = page.get_by_role("textbox", name="To embed the player in a page").input_value()
    folder, origin = elsewhere
    (folder / "lesson.html").write_text(f"<!doctype html><title>Lesson</title>{html}")
    (folder / "favicon.ico").write_bytes(b"")
    page.goto(f"{origin}/lesson.html")
    frame = page.frame_locator("iframe")
    player = frame.get_by_role("region", name="Convolution player")
    player.get_by_role("button", name="Next").click()
    # 2 x 2 means of 1 2 / 3 4 with zeros round it: (1 + 2) / 4 at the second position.
    expect(player.get_by_role("status")).to_contain_text("equals 0.75.")
    for role, name in (("heading", None), ("button", "Share"), ("link", "Explore")):
        expect(frame.get_by_role(role, name=name)).to_have_count(0)
    for part in ("stSidebar", "stFileUploader", "stPageLink"):
        expect(frame.get_by_test_id(part)).to_have_count(0)
    player.get_by_role("button", name="Help").click()
    expect(frame.get_by_role("heading", name="Help")).to_be_focused()


def test_after_the_notice_of_a_lost_connection_the_focus_is_back(open_page, server, watch):
    watch.ignore += SERVER_GONE
    own = server()
    page = open_page("?v=1&k=sobel-x", url=own.url)
    screen = Screen(page)
    screen.press("ArrowRight")
    own.kill()
    expect(page.get_by_text("Connection error")).to_be_visible(timeout=15_000)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Connection error")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    screen.at(3)
    page.wait_for_url("**step=3*")


def test_on_a_phone_each_choice_is_a_button_of_its_own(open_share):
    page = open_share("?v=1&predict=1", width=390, height=844)
    expect(page.get_by_role("radio", name="Predict", exact=True)).to_be_checked()
    for name, count in (("The link opens", 4), ("What to take away", 7)):
        radios = page.get_by_role("radiogroup", name=name).get_by_role("radio")
        expect(radios).to_have_count(count)
        assert radios.evaluate_all(CUT_OR_OPEN) == []


@in_each_window
@pytest.mark.parametrize("query", [SCENES["classic"], SCENES["long"]], ids=["classic", "long"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit_share, query, sizes):
    page = visit_share(query, **first(sizes))
    assert faults_in(page, sizes) == []
