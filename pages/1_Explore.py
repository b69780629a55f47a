"""Explore: a whole picture and its whole feature map."""

from __future__ import annotations

from convviz.ui import controls, page
from convviz.ui.picture_pair import picture_pair

# What is shown: the session's scene or the link's, then what the visitor just did.
scene = page.open(touched=controls.touched())
scene = controls.read(scene)
page.save(scene)

page.heading(scene, title="What a kernel does to the whole picture, and why at any pixel.")
if scene.is_picture:
    picture_pair(scene)
    page.not_in_the_link(scene)

controls.show(scene)
