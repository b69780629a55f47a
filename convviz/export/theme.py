"""The colours round the values, light and dark, as on the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """The colours that are no values, each "#RRGGBB"; the casing of an outline is the page's."""

    page: str
    surface: str
    text: str
    muted: str
    line: str
    now: str
    padding: str
    padding_text: str


LIGHT = Theme(
    page="#FFFFFF",
    surface="#F5F6F8",
    text="#1A1D21",
    muted="#55606E",
    line="#6B7785",
    now="#B5179E",
    padding="#ECEEF1",
    padding_text="#55606E",
)
DARK = Theme(
    page="#121417",
    surface="#1C2026",
    text="#F2F4F7",
    muted="#A9B4C0",
    line="#7C8896",
    now="#FF7AD9",
    padding="#23282F",
    padding_text="#A9B4C0",
)
