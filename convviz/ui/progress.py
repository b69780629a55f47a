"""How far a long computation is."""

from __future__ import annotations

import time

import streamlit as st

_PATIENCE = 0.5
_PAUSE = 0.1


class Progress:
    """A bar over the page, once a computation takes longer than half a second.

    Drawing it is also where a change that the visitor made meanwhile ends this run, and with it the
    computation: Streamlit raises through whoever draws.

    Parameters
    ----------
    doing : str
        What takes so long: "Computing the feature map".
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._due = time.monotonic() + _PATIENCE
        # Two may follow one another in a run: each has a key of its own.
        self._room = st.container(key=f"progress {doing}").empty()

    def __call__(self, share: float) -> None:
        """Show which share is done, from 0 to 1."""
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + _PAUSE
        self._room.progress(min(share, 1.0), text=f"{self._doing}: {share:.0%}")

    def end(self) -> None:
        """Take the bar away."""
        self._room.empty()
