"""The whole address of a scene, and what puts it into another page."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from convviz.scene import Scene
from convviz.url import link

EMBEDDED = (960, 720)
"""Width and height of an embedded player in CSS pixels: the classic case fits without scrolling."""


def address(base: str, path: str, scene: Scene) -> str:
    """Write the whole address of a scene.

    Parameters
    ----------
    base : str
        Where the app is: "https://example.org/convviz".
    path : str
        The page below it, "" for the first one.
    scene : Scene

    Returns
    -------
    str
    """
    query = link(scene)
    return f"{base.rstrip('/')}/{path}" + (f"?{query}" if query else "")


def check_address(address: str) -> None:
    """Refuse what a file must not lead to.

    Raises
    ------
    ValueError
        The address is neither http nor https.
    """
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError(f"The address {address!r} is no link: begin it with https://.")


def iframe(address: str) -> str:
    """Write the HTML that shows the player of an address inside another page.

    Parameters
    ----------
    address : str
        Of the first page, which shows the player alone where it is embedded.

    Returns
    -------
    str
        An `<iframe>` element.
    """
    width, height = EMBEDDED
    source = f"{address}{'&' if '?' in address else '?'}embed=true"
    return (
        f'<iframe src="{escape(source)}" width="{width}" height="{height}" '
        'style="border: 0; max-width: 100%" allow="fullscreen" loading="lazy" '
        'title="convviz: a kernel slides over an image"></iframe>'
    )
