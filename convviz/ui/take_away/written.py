"""Numbers and code: the feature map, all that is behind it, and programs that compute it again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from convviz.export import pictures, tables
from convviz.export.code import LIBRARIES, sample
from convviz.scene import Scene
from convviz.ui.choice import choose
from convviz.ui.controls.display import MODES
from convviz.ui.take_away.files import File, offer, stem, text

_PARTS = {
    "input": tables.INPUT,
    "kernel": tables.KERNEL,
    "feature map": tables.FEATURE_MAP,
    "products of all positions": tables.PRODUCTS,
}
_FORMS = {"CSV": "csv", "NPY": "npy", "JSON": "json"}


def feature_map(scene: Scene) -> None:
    """Offer the feature map as a picture."""
    modes = list(MODES)
    mode = st.selectbox(
        "Colours of the PNG",
        modes,
        index=modes.index(scene.display.mode),
        format_func=lambda mode: MODES[mode],
        key="colours",
        width=320,
    )
    shown = replace(scene, display=replace(scene.display, mode=mode))
    name = f"{stem(scene)}-feature-map"
    offer(
        File("Save map as PNG", f"{name}.png", partial(pictures.write_png, shown)),
        File("Save map as 32-bit TIFF", f"{name}.tiff", partial(pictures.write_tiff, scene)),
    )
    colours = MODES[mode][0].lower() + MODES[mode][1:]
    st.text(
        f"One pixel for each position. The PNG: {colours}. The TIFF holds the numbers themselves, "
        "as 32-bit floats: nothing is cut off."
    )


def numbers(scene: Scene) -> None:
    """Offer the arrays."""
    ending = choose("Format", _FORMS, "format")
    write = tables.WRITERS[ending]
    offer(
        *(
            File(
                f"Save {label} ({ending.upper()})",
                f"{stem(scene)}-{part}.{ending}",
                partial(write, scene, part),
            )
            for label, part in _PARTS.items()
        )
    )


def code(scene: Scene) -> None:
    """Show a program that computes the feature map, with the numbers in it, and offer it."""
    names = {id: library.name[0].upper() + library.name[1:] for id, library in LIBRARIES.items()}
    id = choose("With", {name: id for id, name in names.items()}, "with")
    program = sample(scene, id)
    files = [File(f"Save {names[id]} code", f"{stem(scene)}-{id}.py", text(program.text))]
    if program.needs:
        ending = program.needs.rpartition(".")[2]
        write = partial(tables.WRITERS[ending], scene, tables.INPUT)
        files.append(File(f"Save {program.needs}", program.needs, write))
    offer(*files)
    st.code(program.text, language="python", wrap_lines=True)
