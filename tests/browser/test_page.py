"""The first page as a whole: cold links, every size and theme, and a server that goes away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driver import SERVER_GONE
from tests.browser.screen import Screen, faults_in, first, in_each_window

# Each with the position it is looked at in.
SCENES = {
    "classic": ("", 1),
    "picture": ("?v=1&in=portrait&k=sobel-x&pad=same", 14),
    "special cases": ("?v=1&in=random&k=gaussian-3&op=conv&pad=2&bd=reflect&s=2&d=2&bias=1", 1),
}


@in_each_window
@pytest.mark.parametrize(("query", "step"), SCENES.values(), ids=SCENES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visit, query, step, sizes):
    page = visit(query, **first(sizes))
    Screen(page).slider.fill(str(step))
    assert faults_in(page, sizes) == []


def test_the_default_fits_a_small_projector(visit):
    page = visit()
    box = Screen(page).button("Help").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 720
    assert page.get_by_role("heading", name="A kernel slides over an image").is_visible()


def test_equation_and_controls_stay_in_view_on_a_phone(visit):
    page = visit("?v=1&in=random&k=sobel-x&pad=same", width=390, height=844)
    screen = Screen(page)
    for name in ("input", "kernel", "output"):
        screen.panel(name).evaluate("(grid) => grid.scrollIntoView({block: 'center'})")
        for button in ("First", "Next"):
            expect(screen.button(button)).to_be_in_viewport()
        expect(screen.region.get_by_role("group", name="Equation")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("query", "start", "value"),
    [
        ("?v=1&step=5", "Position 5 of 9", 17),
        ("?v=1&op=conv&embed=true", "Position 1 of 9", 18),
        # Uniform 7 under 8 and eight times -1, zeros round it: a corner keeps 8*7 - 3*7 = 35.
        ("?v=1&in=uniform&k=edge-8&pad=1&embed=true", "Position 1 of 25", 35),
        ("?v=1&m=1,2_3,4&k=1/4,1/4_1/4,1/4&embed=true", "Position 1 of 1", 2.5),
        ("?v=1&m=1,2,3,4,5&k=1,10&pad=same&step=5", "Position 5 of 5", 5),
    ],
)
def test_links_open_cold(open_page, query, start, value):
    screen = Screen(open_page(query))
    expect(screen.status).to_contain_text(start)
    assert screen.value() == value


def test_a_link_with_rubbish_says_so_in_one_line_and_shows_the_rest(open_page):
    page = open_page("?v=1&k=no-such-kernel&s=0&pad=same&in=uniform")
    screen = Screen(page)
    expect(screen.status).to_contain_text("Position 1 of 25")
    expect(page.get_by_text("no-such-kernel")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_step_is_in_the_address_and_a_reload_shows_it(open_page):
    page = open_page("?v=1&k=sobel-x&pad=same")
    screen = Screen(page)
    screen.press("ArrowDown")
    screen.press("ArrowRight")
    page.wait_for_url("**step=7*")
    page.reload()
    screen.at(7)


def test_play_survives_a_rerun(visit):
    page = visit("?v=1&in=random&pad=same")
    screen = Screen(page)
    screen.button("Play").click()
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    expect(page.get_by_text("Convolution (kernel turned by 180°)").first).to_be_visible()
    expect(screen.button("Pause")).to_be_visible()
    screen.button("Pause").click()
    expect(screen.button("Play")).to_be_visible()


def test_play_goes_on_when_the_server_dies_and_the_scene_comes_back(open_page, server, watch):
    watch.ignore += SERVER_GONE
    own = server()
    page = open_page("?v=1&in=random&k=sobel-y&pad=same", url=own.url)
    screen = Screen(page)
    kernel = screen.table("Kernel")
    screen.region.get_by_role("combobox", name="Speed").select_option("16")
    screen.button("Play").click()
    own.kill()
    expect(screen.slider).to_have_value("64", timeout=15_000)
    own.start()
    expect(page.get_by_text("Connection error")).to_have_count(0, timeout=30_000)
    screen.button("First").click()
    screen.at(1)
    assert screen.table("Kernel") == kernel


def test_an_embedded_page_is_only_the_player(open_page):
    page = open_page("?embed=true&v=1&step=2")
    Screen(page).at(2)
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
