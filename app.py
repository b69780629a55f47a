"""Step by step: the first page."""

from __future__ import annotations

from convviz.summary import summary
from convviz.ui import controls, page
from convviz.ui.picture_pair import picture_pair
from convviz.ui.player import player

# What is shown: the session's scene or the link's, then what the visitor just did.
scene = page.open(page.STEP_BY_STEP, touched=controls.touched())
scene = controls.read(scene)
page.links(scene)
page.save(scene)

# The promise, the player, and the whole picture under it: first, since that is what changed.
page.heading(scene.one_pass)
player(
    scene,
    summary=summary(scene.one_pass),
    told=page.told(),
    seek=page.seek(),
    arrived=page.arrived(),
    autoplay=page.autoplay(),
)
if scene.is_picture and not page.is_embedded():
    picture_pair(scene)
    page.not_in_the_link(scene)

controls.show(scene)
