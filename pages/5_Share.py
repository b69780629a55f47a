"""Share: the link of what is shown, and files to take away."""

from __future__ import annotations

from convviz.ui import page, sharing

# What was shown on the page that Share was pressed on, or what the link says.
scene = page.open(page.SHARE, touched=False)
scene = sharing.read(scene)
page.links(scene)
page.save(scene)

# The link to copy, scan or embed; the files, made when they are asked for.
page.heading(scene, title="Share what you see, or take it away.")
sharing.sections(scene)
