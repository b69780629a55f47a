"""A page of its own: the app's player and one scene in a single file, without any server."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from string import Template

from convviz import client
from convviz.export.links import check_address
from convviz.payload import payload_text
from convviz.scene import Scene

_HERE = Path(__file__).parent


def standalone(scene: Scene, *, title: str, summary: str, address: str = "") -> str:
    """Write the page; saved as a file, it works from a disk, with no network at all.

    Parameters
    ----------
    scene : Scene
        One pass is shown, from the scene's step on.
    title : str
        Heading of the page and of its window.
    summary : str
        What slides how, in one line.
    address : str
        An http or https link to the scene in the app; "" for no link.

    Returns
    -------
    str
        HTML. Its policy allows its own script and nothing from anywhere else.

    Raises
    ------
    ValueError
        The address is of another kind.
    """
    player = client.player()
    script = f"\n{player.script}\n{client.bare(_HERE / 'standalone.js')}\n"
    return Template((_HERE / "standalone.html").read_text(encoding="utf-8")).substitute(
        policy=_policy(script),
        title=escape(title),
        summary=escape(summary),
        back=_back(address),
        style=f"{client.bare(_HERE / 'standalone.css')}\n{player.style}",
        player=player.html,
        data=_data(scene, summary),
        script=script.strip("\n"),
    )


def _data(scene: Scene, summary: str) -> str:
    text = payload_text(scene, summary=summary, seek=0, autoplay=False, linked=False)
    # Nothing in the numbers may look like the end of the element that holds them.
    return text.replace("<", "\\u003c")


def _policy(script: str) -> str:
    """Allow this very script; styles are also set one by one, so they need no permission."""
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("The player's script contains the end of a script element.")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _back(address: str) -> str:
    if not address:
        return ""
    check_address(address)
    return f'<a href="{escape(address)}">Open in the app</a>'
