from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convviz.export.links import address, iframe
from convviz.export.qr import qr_svg
from convviz.kernels import kernel
from convviz.scene import Scene
from convviz.url import decode

BASE = "https://example.org/convviz"
SOBEL = Scene(kernel=kernel("sobel-x").matrix, operation="conv", step=3)


def test_an_address_is_short_and_whole() -> None:
    assert address(BASE, "", Scene()) == f"{BASE}/"
    assert address(f"{BASE}/", "", SOBEL) == f"{BASE}/?v=1&k=sobel-x&op=conv&step=3"
    assert address(BASE, "Explore", SOBEL) == f"{BASE}/Explore?v=1&k=sobel-x&op=conv&step=3"


class Sources(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append({"tag": tag, **dict(attrs)})


@pytest.mark.parametrize("scene", [Scene(), SOBEL], ids=["classic", "sobel"])
def test_an_iframe_shows_the_scene_embedded(scene: Scene) -> None:
    (frame,) = Sources(iframe(address(BASE, "", scene))).found
    query = dict(parse_qsl(urlsplit(frame["src"]).query))
    assert frame["tag"] == "iframe"
    assert query.pop("embed") == "true"
    assert decode(query) == scene


def pixels(svg: str) -> np.ndarray:
    """Draw the dark modules of a QR code, four pixels each, with a reader of our own."""
    root = ElementTree.fromstring(svg)
    side = int(root.attrib["viewBox"].split()[2])
    dark = np.full((side, side), 255, np.uint8)
    row = column = 0.0
    paths = root.findall(".//{http://www.w3.org/2000/svg}path")
    line = next(path.attrib["d"] for path in paths if path.attrib.get("stroke") == "#000")
    for command, numbers in commands(line):
        if command == "M":
            column, row = numbers
        elif command == "m":
            column, row = column + numbers[0], row + numbers[1]
        else:
            dark[int(row), int(column) : int(column + numbers[0])] = 0
            column += numbers[0]
    return np.kron(dark, np.ones((4, 4), np.uint8))


def commands(line: str) -> list[tuple[str, list[float]]]:
    parts = re.findall(r"([Mmh])([^Mmh]*)", line)
    number = r"-?(?:\d+\.?\d*|\.\d+)"
    return [(name, [float(text) for text in re.findall(number, rest)]) for name, rest in parts]


@given(st.text("abcXYZ019-_.~,/*&=?:", min_size=1, max_size=600))
def test_a_reader_gets_back_what_was_written(text: str) -> None:
    assert cv2.QRCodeDetector().detectAndDecode(pixels(qr_svg(text)))[0] == text


def test_the_code_is_dark_on_white_with_its_quiet_zone() -> None:
    drawn = pixels(qr_svg(BASE))
    assert (drawn[:16] == 255).all()
    assert (drawn[:, -16:] == 255).all()
    assert 'fill="#fff"' in qr_svg(BASE)


def test_a_text_that_no_code_holds_is_refused_with_its_length() -> None:
    with pytest.raises(ValueError, match=r"The link has 3000 characters.*use a smaller kernel"):
        qr_svg("a" * 3000)
