"""Visitors as they are: a server that is started anew, a slow line, two tabs, Back and Forward."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.driver import APP, SERVER_GONE, wait_until_ready
from tests.browser.screen import Screen, pick
from tests.browser.slow_line import slow_line


def cell(page: Page, row: int, column: int) -> Locator:
    editor = page.get_by_role("group", name="Kernel editor")
    return editor.get_by_role("textbox", name=f"Row {row}, column {column}", exact=True)


def retype(page: Page, row: int, column: int, text: str) -> None:
    cell(page, row, column).fill(text)
    cell(page, row, column).press("Enter")


def test_edits_made_after_a_restart_and_while_the_server_is_away_arrive(open_page, server, watch):
    watch.ignore += (*SERVER_GONE, "Cannot send rerun backMessage")
    own = server()
    page = open_page("?v=1&k=1,2,3_4,5,6_7,8,9", url=own.url)
    screen = Screen(page)
    own.kill()
    expect(page.get_by_text("Connection error")).to_be_visible(timeout=15_000)
    own.start()
    expect(page.get_by_text("Connection error")).to_have_count(0, timeout=30_000)
    retype(page, 1, 1, "10")
    # The first input is 3: nine times 3 more than 3+6+6 + 0+0+6 + 21+8+18 = 68.
    expect(screen.status).to_contain_text("equals 95.", timeout=10_000)
    page.wait_for_url("**k=10,2,3_4,5,6_7,8,9*")
    own.kill()
    retype(page, 1, 1, "20")
    own.start()
    expect(screen.status).to_contain_text("equals 125.", timeout=30_000)


def number(page: Page, label: str) -> Locator:
    return page.get_by_role("spinbutton", name=label, exact=True)


@pytest.fixture
def late(servers) -> Iterator[str]:
    with slow_line(servers.of(APP).port, 0.3) as url:
        yield url


def settled(page: Page, query: dict[str, str], seconds: int = 15) -> None:
    """Wait for the address; a reload shows the same."""
    wanted = {"v": "1"} | query
    deadline = time.monotonic() + seconds
    while (now := address(page)) != wanted:
        assert time.monotonic() < deadline, f"{now} is not {wanted}"
        page.wait_for_timeout(50)
    page.reload()
    wait_until_ready(page)
    assert address(page) == wanted


def address(page: Page) -> dict[str, str]:
    """Return the scene in the address; the step is the player's."""
    query = dict(parse_qsl(urlsplit(page.url).query))
    return {name: text for name, text in query.items() if name != "step"}


def test_a_preset_then_a_number_at_once(open_page, late):
    page = open_page("?v=1&in=random", url=late)
    pick(page, "Preset", "Gradient: Sobel x")
    number(page, "Stride, vertical").fill("2")
    number(page, "Stride, vertical").press("Enter")
    settled(page, {"in": "random", "k": "sobel-x", "s": "2,1"})


def test_many_changes_at_once_are_all_made(open_page, late):
    page = open_page("?v=1&in=random", url=late)
    pick(page, "Padding", "Same")
    page.get_by_role("button", name="Increment").first.click(click_count=3)
    retype(page, 1, 1, "7")
    number(page, "Bias").fill("2")
    number(page, "Bias").press("Enter")
    Screen(page).button("Next").click()
    retype(page, 2, 2, "9")
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    Screen(page).button("Next").click()
    numbers = {"k": "7,1,2_2,9,0_0,1,2", "bias": "2", "seed": "4"}
    Screen(page).at(3)
    settled(page, {"in": "random", "op": "conv", "pad": "same"} | numbers)


def test_a_link_with_rubbish_is_put_right_in_its_place(open_page):
    page = open_page("?v=1&k=sobel-x")
    page.goto(page.url.replace("?v=1&k=sobel-x", "?v=1&k=nonsense&s=0&x=y&pad=same"))
    page.wait_for_url("**/?v=1&pad=same")
    told = page.locator("p.told:visible")
    expect(told).to_have_text(
        "The link's kernel 'nonsense' is unknown, so the classic kernel is used; "
        "stride '0' is out of range (1 to 16), so 1 is used; "
        "it has unknown parameters, which are ignored: 'x'."
    )
    number(page, "Bias").fill("2")
    number(page, "Bias").press("Enter")
    page.wait_for_url("**/?v=1&pad=same&bias=2")
    expect(told).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/?v=1&pad=same")
    expect(number(page, "Bias")).to_have_value("0")
    page.go_back()
    page.wait_for_url("**/?v=1&k=sobel-x")
    Screen(page).at(1)
    expect(page.get_by_role("combobox", name="Preset")).to_have_value("Gradient: Sobel x")


def test_back_and_forward_walk_through_what_was_shown(open_page):
    page = open_page("?v=1&k=sobel-x")
    for text in ("2", "5"):
        number(page, "Bias").fill(text)
        number(page, "Bias").press("Enter")
        page.wait_for_url(f"**&bias={text}")
        Screen(page).at(1)
    for walk, shown in ((page.go_back, "20"), (page.go_forward, "25"), (page.go_back, "2")):
        for text in shown:
            walk()
            expect(number(page, "Bias")).to_have_value(text)
