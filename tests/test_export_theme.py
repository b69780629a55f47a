"""The colours of the exported pages are those of the pictures."""

from __future__ import annotations

import re
from pathlib import Path

from convviz.export import theme
from convviz.export.theme import DARK, LIGHT

HERE = Path(theme.__file__).parent
LINK, DARK_LINK = "#1D4ED8", "#8AB4FF"
PAPER, DESK = "#FFF", "#E4E7EB"
DARK_RULES = re.compile(r"@media \(prefers-color-scheme: dark\) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


def rules(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def colours(css: str) -> set[str]:
    return {found.upper() for found in re.findall(r"#[0-9A-Fa-f]{3,8}\b", css)}


def test_a_handout_has_the_colours_of_the_light_theme() -> None:
    assert colours(rules("handout.css")) == {
        LIGHT.text,
        LIGHT.muted,
        LIGHT.line,
        LINK,
        PAPER,
        DESK,
    }


def test_a_web_page_has_the_colours_of_both_themes() -> None:
    css = rules("standalone.css")
    dark = "".join(DARK_RULES.findall(css))
    assert colours(DARK_RULES.sub("", css)) == {LIGHT.page, LIGHT.text, LIGHT.muted, LINK}
    assert colours(dark) == {DARK.page, DARK.text, DARK.muted, DARK_LINK}
