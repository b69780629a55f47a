"""The handout on paper: exactly two pages of A4, with nothing cut off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from convviz.export.handout import handout
from convviz.geometry import Geometry
from convviz.inputs import Named, Typed
from convviz.kernels import kernel
from convviz.matrices import Matrix
from convviz.scene import Patch, Scene
from tests.browser.driver import COLOUR_RULES, axe
from tests.export_scenes import DECIMALS, SCENES

QR = '<svg role="img" aria-label="QR code" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>'
PHOTO = Named("portrait")
LONG = "A title that a lecturer may give to a handout for the second week of the term"


def on_photo(id: str, **how: object) -> Scene:
    return Scene(PHOTO, kernel(id).matrix, patch=Patch(20, 30, 12), **how)


SHEETS = {
    "classic": Scene(),
    "patch": on_photo("sobel-x"),
    "wide": on_photo("gaussian-31", geometry=Geometry(padding="same")),
    "five": on_photo("gaussian-5", operation="conv", bias=-0.125),
    "nine": on_photo("log-9"),
    "seven": Scene(
        PHOTO,
        Matrix.parse("-1/49 x [" + "; ".join(["1 2 3 4 3 2 1"] * 7) + "]"),
        operation="conv",
        patch=Patch(0, 0, 12),
    ),
    "decimals": Scene(
        DECIMALS,
        Matrix.parse("1/3 -0.123456 1e-3; 1 2 3; 1/7 0 1"),
        Geometry(padding="full"),
        "conv",
        0.333,
    ),
    "spread": SCENES["dilation"],
    "one number": Scene(Typed(Matrix.parse("7")), Matrix.parse("2")),
    "tall": Scene(Typed(Matrix.parse("\n".join(["1"] * 40))), Matrix.parse("1; 2; 3")),
    "far apart": on_photo("sobel-x", geometry=Geometry(stride=(16, 16), dilation=(8, 8))),
    "full": on_photo("box-5", geometry=Geometry(padding="full", boundary="reflect"), bias=1.5),
}
OVERFLOW = """() => [...document.querySelectorAll(".page")].flatMap((page) => {
    const box = page.getBoundingClientRect();
    return [...page.querySelectorAll("*")]
      .map((one) => [one.tagName, one.getBoundingClientRect()])
      .filter(([, at]) => at.width && (at.bottom > box.bottom - 30 || at.right > box.right - 30))
      .map(([name, at]) => `${name} ${Math.round(at.right)} ${Math.round(at.bottom)}`);
})"""


@pytest.fixture
def open_sheet(new_page, tmp_path: Path):
    """Save a handout and open it from the disk."""

    def open_it(scene: Scene, title: str = "Step by step", **how: object) -> Page:
        path = tmp_path / "handout.html"
        text = handout(
            scene,
            title=title,
            summary="Cross-correlation, stride 1, zero padding 1: output 3 × 3",
            address="https://example.org/?" + "m=1,2,3_" * 30,
            qr=QR,
        )
        path.write_text(text, encoding="utf-8")
        page = new_page(**how)
        page.goto(path.as_uri())
        return page

    return open_it


@pytest.mark.parametrize("name", SHEETS)
def test_it_prints_on_two_pages_with_nothing_cut_off(open_sheet, name: str) -> None:
    page = open_sheet(SHEETS[name], LONG)
    page.emulate_media(media="print")
    assert page.evaluate(OVERFLOW) == []
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
    millimetres = {(round(float(w) / 72 * 25.4), round(float(h) / 72 * 25.4)) for w, h in sizes}
    assert millimetres == {(210, 297)}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_paper_of_the_printer_makes_no_third_page(open_sheet, paper: str) -> None:
    printed = open_sheet(SHEETS["patch"]).pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        ("classic", 1280, 720),
        ("classic", 320, 640),
        ("patch", 390, 844),
        ("wide", 320, 640),
        ("spread", 390, 844),
    ],
)
def test_everybody_can_read_it_on_a_screen(open_sheet, name: str, width: int, height: int) -> None:
    page = open_sheet(SHEETS[name], width=width, height=height, scheme="dark")
    assert axe(page) == []
    inner = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert inner[0] <= inner[1]
    page.emulate_media(media="print")
    # On paper nothing is pressed or read aloud.
    assert axe(page, COLOUR_RULES) == []
