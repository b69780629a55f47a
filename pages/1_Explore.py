"""Explore: the whole input and its whole feature map, and the way back to one pixel."""

from __future__ import annotations

from convviz.ui import controls, page
from convviz.ui.charts import charts
from convviz.ui.explorer import explorer, read
from convviz.ui.gallery import gallery

# What is shown: the session's scene or the link's, then what the visitor just did.
scene = page.open(page.EXPLORE, touched=controls.touched())
scene = controls.read(scene)
if read() and scene.is_one_pass:
    page.go(page.STEP_BY_STEP, scene)
page.links(scene)
page.save(scene)

# The input beside its feature map, or its maps side by side: first, since that is what changed.
page.heading(scene, title="The whole input, its whole feature map, and why a pixel is what it is.")
controls.show_view(scene)
touched = controls.touched
whole = None if gallery(scene, touched) else explorer(scene, touched)
controls.show_display(scene)
if whole:
    charts(scene, whole)
page.not_in_the_link(scene)

controls.show(scene)
