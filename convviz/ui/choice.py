"""A choice of one of a few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

_T = TypeVar("_T")


def choose(label: str, options: Mapping[str, _T], key: str, first: str = "") -> _T:
    """Draw a row of buttons of which one is always chosen.

    Parameters
    ----------
    label : str
        What is chosen.
    options : mapping
        What each button says, and what it stands for.
    key : str
        Of the widget.
    first : str
        Chosen at first; "" for the first of all.

    Returns
    -------
    object
        What the chosen button stands for.
    """
    first = first or next(iter(options))
    chosen = st.segmented_control(label, list(options), default=first, required=True, key=key)
    return options[chosen or first]
