"""Pictures of steps: one alone, or all of them as an animation."""

from __future__ import annotations

import io
from typing import Any

import streamlit as st

from convviz.export.animation import Animation, Detail, Format
from convviz.export.frame import frame
from convviz.export.raster import picture
from convviz.export.svg import svg_text
from convviz.scene import Scene
from convviz.screen import data_url
from convviz.summary import summary
from convviz.ui import page
from convviz.ui.choice import choose
from convviz.ui.progress import Progress
from convviz.ui.take_away.files import File, offer, save, size, stem, text

_WIDTHS = (480, 640, 960, 1280, 1920)
_SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16)
_FORETOLD = "foretold"
_LARGEST = 50_000_000
"""Bytes of an animation that one visitor may have made at a time."""
_MOST_SHOWN = 5_000_000
"""Bytes of an animation that is shown as well as saved."""
_FORMATS: dict[str, Format] = {"GIF": "gif", "WebP": "webp", "PNG frames": "zip"}
_DETAILS: dict[str, Detail] = {"Position": "positions", "Term": "terms"}


class _TooLargeError(ValueError):
    """More bytes than were foretold, and too many."""


class _Limited(io.BytesIO):
    """A file that does not grow beyond the limit, whatever was foretold."""

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > _LARGEST:
            raise _TooLargeError(
                f"The animation has more than {size(_LARGEST)}: "
                "choose a smaller width or fewer positions."
            )
        return super().write(data)


def step(scene: Scene) -> None:
    """Show the step, and offer it as a picture."""
    with st.container(horizontal=True, key="look", vertical_alignment="bottom"):
        width, dark = _width_and_theme()
    drawn = frame(
        scene.one_pass, scene.step, width=width, dark=dark, summary=summary(scene.one_pass)
    )
    svg = svg_text(drawn)
    name = f"{stem(scene)}-step-{scene.step}"
    offer(
        File("Save step as PNG", f"{name}.png", lambda file: picture(drawn).save(file, "PNG")),
        File("Save step as SVG", f"{name}.svg", text(svg)),
    )
    _show(svg.encode(), "image/svg+xml", f"Position {scene.step} of {len(scene.block)}", width)


def animation(scene: Scene) -> None:
    """Say how large the animation will be, and make it when asked to."""
    with st.container(horizontal=True, key="look", vertical_alignment="bottom"):
        format = choose("Format", _FORMATS, "format-of-animation")
        detail = choose("A frame for each", _DETAILS, "detail")
        speed = st.selectbox(
            "Speed",
            _SPEEDS,
            index=2,
            format_func=lambda speed: f"{speed:g}×",
            key="speed",
            width=120,
        )
        width, dark = _width_and_theme()
    first, last = _positions(len(scene.block))
    try:
        planned = Animation(
            scene.one_pass,
            detail,
            width=width,
            dark=dark,
            speed=speed,
            summary=summary(scene.one_pass),
            first=first,
            last=last,
        )
    except ValueError as error:
        st.text(str(error))
        return
    asked = (scene.one_pass, format, detail, width, dark, first, last)
    if _foretold(planned, format, asked) and st.button("Make the animation", key="make"):
        _make(planned, format, f"{stem(scene)}.{format}")


def _positions(count: int) -> tuple[int, int]:
    """Draw the choice of the positions to show."""
    if count == 1:
        return 1, 1
    first, last = st.slider("Positions", 1, count, (1, count), key="positions", width=480)
    return first, last


def _foretold(planned: Animation, format: Format, asked: object) -> bool:
    """Say how large it will be, and whether it may be made."""
    opened = page.visit()
    drawn = opened.drawn if opened else {}
    kept = drawn.get(_FORETOLD)
    if not kept or kept[0] != asked:
        progress = Progress("Estimating the size")
        kept = drawn[_FORETOLD] = asked, planned.foretell(format, progress)
        progress.end()
    seconds = sum(planned.durations) / 1000
    frames = f"{planned.count} frame{'s' if planned.count > 1 else ''}"
    about = f"{frames}, {seconds:.0f} s long, about {size(kept[1])}"
    fits: bool = kept[1] <= _LARGEST
    fix = "" if fits else f", more than {size(_LARGEST)}: choose a smaller width or fewer positions"
    st.text(f"{about}{fix}.")
    return fits


def _make(animation: Animation, format: Format, name: str) -> None:
    """Make it, with a bar; Cancel, like any other change, ends the run that makes it."""
    room = st.empty()
    room.button("Cancel", key="cancel")
    progress, file = Progress("Making the animation"), _Limited()
    try:
        animation.write(format, file, progress)
    except _TooLargeError as error:
        progress.end()
        room.text(str(error))
        return
    progress.end()
    data = file.getvalue()
    with room.container(horizontal=True, key="files"):
        save(f"Save {name} ({size(len(data))})", name, data)
    if format != "zip" and len(data) <= _MOST_SHOWN:
        _show(data, f"image/{format}", "The animation", animation.size[0])


def _show(data: bytes, kind: str, alt: str, width: int) -> None:
    """Show a picture with a text in its place: st.image has none for it before Streamlit 1.65."""
    url = data_url(data, kind)
    st.html(f'<img src="{url}" alt="{alt}" width="{width}" style="max-width: 100%; height: auto">')


def _width_and_theme() -> tuple[int, bool]:
    """Draw the choice of width and theme."""
    width = st.selectbox(
        "Width",
        _WIDTHS,
        index=2,
        format_func=lambda width: f"{width} px",
        key="width",
        width=140,
    )
    first = "Dark" if st.context.theme.type == "dark" else "Light"
    return width, choose("Theme", {"Light": False, "Dark": True}, "theme", first)
