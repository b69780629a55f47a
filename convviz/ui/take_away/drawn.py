"""Pictures of steps: one alone, or all of them as an animation."""

from __future__ import annotations

import io

import streamlit as st

from convviz.export.animation import Animation, Detail, Format
from convviz.export.frame import frame
from convviz.export.raster import picture
from convviz.export.svg import svg_text
from convviz.scene import Scene
from convviz.ui import page
from convviz.ui.progress import Progress
from convviz.ui.take_away.files import File, offer, save, size, stem, text

_WIDTHS = (480, 640, 960, 1280, 1920)
_SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16)
_FORMATS: dict[str, Format] = {"GIF": "gif", "WebP": "webp", "PNG frames": "zip"}
_DETAILS: dict[str, Detail] = {"Position": "positions", "Term": "terms"}


def step(scene: Scene) -> None:
    """Show the step, and offer it as a picture."""
    with st.container(horizontal=True, key="look", vertical_alignment="bottom"):
        width, dark = _look()
    drawn = frame(
        scene.one_pass, scene.step, width=width, dark=dark, summary=page.summary(scene.one_pass)
    )
    svg = svg_text(drawn)
    name = f"{stem(scene)}-step-{scene.step}"
    offer(
        File("Save PNG", f"{name}.png", lambda file: picture(drawn).save(file, "PNG")),
        File("Save SVG", f"{name}.svg", text(svg)),
    )
    st.image(svg, caption=f"Position {scene.step} of {len(scene.block)}", width=width)


def animation(scene: Scene) -> None:
    """Say how large the animation will be, and make it when asked to."""
    with st.container(horizontal=True, key="look", vertical_alignment="bottom"):
        format = _FORMATS[_choice("Format", list(_FORMATS), "format-of-animation")]
        detail = _DETAILS[_choice("A frame for each", list(_DETAILS), "detail")]
        speed = st.selectbox(
            "Speed",
            _SPEEDS,
            index=2,
            format_func=lambda speed: f"{speed:g}×",
            key="speed",
            width=120,
        )
        width, dark = _look()
    try:
        made = Animation(
            scene.one_pass,
            detail,
            width=width,
            dark=dark,
            speed=speed,
            summary=page.summary(scene.one_pass),
        )
    except ValueError as error:
        st.text(str(error))
        return
    seconds = sum(made.durations) / 1000
    frames = f"{made.count} frame{'s' if made.count > 1 else ''}"
    st.text(f"{frames}, {seconds:.0f} s long, about {size(made.foretell(format))}.")
    if st.button("Make the animation", key="make"):
        _make(made, format, f"{stem(scene)}.{format}")


def _make(animation: Animation, format: Format, name: str) -> None:
    """Make it, with a bar; Cancel, like any other change, ends the run that makes it."""
    room = st.empty()
    room.button("Cancel", key="cancel")
    progress, file = Progress("Making the animation"), io.BytesIO()
    animation.write(format, file, progress)
    progress.end()
    data = file.getvalue()
    with room.container(horizontal=True, key="files"):
        save(f"Save {name} ({size(len(data))})", name, data)
    if format != "zip":
        st.image(data, caption="The animation", width=animation.size[0])


def _look() -> tuple[int, bool]:
    """Draw the choice of width and theme."""
    width = st.selectbox(
        "Width",
        _WIDTHS,
        index=2,
        format_func=lambda width: f"{width} px",
        key="width",
        width=140,
    )
    themes = ["Light", "Dark"]
    theme = _choice("Theme", themes, "theme", themes[st.context.theme.type == "dark"])
    return width, theme == "Dark"


def _choice(label: str, options: list[str], key: str, first: str = "") -> str:
    first = first or options[0]
    chosen = st.segmented_control(label, options, default=first, required=True, key=key)
    return chosen or first
