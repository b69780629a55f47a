"""From page to page: one scene on all of them, whichever was opened first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driver import DEEP
from tests.browser.screen import Screen

EXPLORE = "Picture and feature map"


def follow(page: Page, label: str) -> None:
    page.get_by_role("link", name=label, exact=True).click()


def stride(page: Page) -> None:
    box = page.get_by_role("spinbutton", name="Stride, vertical")
    box.fill("2")
    box.press("Enter")


def test_a_change_on_one_page_is_there_on_the_other(open_page):
    page = open_page("?v=1&in=edge&k=sobel-x")
    page.get_by_test_id("stSidebar").get_by_text("Convolution", exact=True).click()
    page.wait_for_url("**op=conv")
    follow(page, "Explore")
    expect(page.get_by_role("region", name=EXPLORE)).to_be_visible()
    page.wait_for_url("**/Explore?v=1&in=edge&k=sobel-x&op=conv")
    stride(page)
    page.wait_for_url("**/Explore?v=1&in=edge&k=sobel-x&op=conv&s=2%2C1")
    follow(page, "Step by step")
    expect(Screen(page).status).to_contain_text("Position 1 of 8")
    # As Streamlit writes it, or soon as the player does.
    page.wait_for_url(re.compile(r"/\?v=1&in=edge&k=sobel-x&op=conv&s=2(,|%2C)1$"))


def test_back_goes_back_over_the_pages(open_page):
    page = open_page("?v=1&in=edge&k=sobel-x")
    follow(page, "Explore")
    expect(page.get_by_role("region", name=EXPLORE)).to_be_visible()
    stride(page)
    expect(page.get_by_text("Cross-correlation, stride 2 × 1")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Cross-correlation, stride 1, no padding")).to_be_visible()
    page.go_back()
    expect(Screen(page).status).to_contain_text("Position 1 of 16")


@pytest.mark.parametrize("path", ["Explore", "Explore?v=1&in=scene&k=sobel-x&pad=same"])
def test_explore_opens_cold_from_its_own_link(open_page, watch, path):
    watch.ignore += DEEP
    page = open_page(path, region=EXPLORE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("whole input")
    expect(page.get_by_role("link", name="Step by step")).to_be_visible()
