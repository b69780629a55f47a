"""A drawing as SVG: shapes and real text, which other programs can edit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from convviz.export.drawing import Dashes, Drawing, Hatch, Polygon, Rect, Text

_FONTS = "Helvetica, Arial, sans-serif"
"""As wide as the font of the pictures, nearly; `textLength` makes up for the rest."""


def svg_text(drawing: Drawing) -> str:
    """Write a drawing as an SVG file.

    Parameters
    ----------
    drawing : Drawing

    Returns
    -------
    str
        One document, ending in a line break. Every text takes the room that was laid out for it,
        whatever font the reader has.
    """
    patterns = {hatch: f"hatch-{number}" for number, hatch in enumerate(_kinds(drawing))}
    items = (_WRITE[type(item)](item, patterns) for item in drawing.items)
    size = f'width="{drawing.width}" height="{drawing.height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" '
        f'viewBox="0 0 {drawing.width} {drawing.height}" font-family="{_FONTS}">',
        f"<title>{escape(drawing.title)}</title>",
        *_definitions(patterns),
        f'<rect {size} fill="{drawing.ground}"/>',
        *items,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


_Kind = tuple[str, str, int, int]
_Patterns = dict[_Kind, str]


def _kinds(drawing: Drawing) -> list[_Kind]:
    found = {_kind(item): None for item in drawing.items if isinstance(item, Hatch)}
    return list(found)


def _kind(hatch: Hatch) -> _Kind:
    return hatch.ground, hatch.line, hatch.gap, hatch.thickness


def _definitions(patterns: _Patterns) -> Iterator[str]:
    if not patterns:
        return
    yield "<defs>"
    for (ground, line, gap, thick), name in patterns.items():
        corners = f"M-1 1L1 -1M0 {gap}L{gap} 0M{gap - 1} {gap + 1}L{gap + 1} {gap - 1}"
        yield (
            f'<pattern id="{name}" width="{gap}" height="{gap}" patternUnits="userSpaceOnUse">'
            f'<rect width="{gap}" height="{gap}" fill="{ground}"/>'
            f'<path d="{corners}" stroke="{line}" stroke-width="{thick}"/></pattern>'
        )
    yield "</defs>"


def _rect(item: Rect, _: _Patterns) -> str:
    """Write a rectangle; SVG's line lies on the edge, ours inside it."""
    inset = item.thickness / 2 if item.line else 0
    box = _box(item.x + inset, item.y + inset, item.width - 2 * inset, item.height - 2 * inset)
    line = f' stroke="{item.line}" stroke-width="{item.thickness}"' if item.line else ""
    radius = f' rx="{_n(item.radius - inset)}"' if item.radius else ""
    return f'<rect {box} fill="{item.fill or "none"}"{line}{radius}/>'


def _dashes(item: Dashes, _: _Patterns) -> str:
    thick = min(item.width, item.height)
    dash = " ".join(str(part * thick) for part in item.dash)
    if item.width >= item.height:
        path = f"M{item.x} {_n(item.y + thick / 2)}h{item.width}"
    else:
        path = f"M{_n(item.x + thick / 2)} {item.y}v{item.height}"
    stroke = f'stroke="{item.colour}" stroke-width="{thick}" stroke-dasharray="{dash}"'
    return f'<path d="{path}" {stroke}/>'


def _hatch(item: Hatch, patterns: _Patterns) -> str:
    box = _box(item.x, item.y, item.width, item.height)
    return f'<rect {box} fill="url(#{patterns[_kind(item)]})"/>'


def _polygon(item: Polygon, _: _Patterns) -> str:
    points = " ".join(f"{x + 0.5},{y + 0.5}" for x, y in item.points)
    return f'<polygon points="{points}" fill="{item.fill}" stroke="{item.casing}"/>'


def _text(item: Text, _: _Patterns) -> str:
    weight = ' font-weight="600"' if item.bold else ""
    anchor = "" if item.anchor == "start" else f' text-anchor="{item.anchor}"'
    room = f' textLength="{_n(item.length)}" lengthAdjust="spacingAndGlyphs"'
    halo = (
        f' stroke="{item.halo}" stroke-width="{_n(0.35 * item.size)}" paint-order="stroke"'
        f' stroke-linejoin="round"'
        if item.halo
        else ""
    )
    return (
        f'<text x="{_n(item.x)}" y="{_n(item.y)}" font-size="{item.size}" fill="{item.fill}"'
        f"{weight}{anchor}{room if len(item.text) > 1 else ''}{halo}>{escape(item.text)}</text>"
    )


def _box(x: float, y: float, width: float, height: float) -> str:
    return f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


_WRITE: dict[type, Callable[[Any, _Patterns], str]] = {
    Rect: _rect,
    Dashes: _dashes,
    Hatch: _hatch,
    Polygon: _polygon,
    Text: _text,
}
