"""A link as a QR code."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """Draw a text as a QR code (ISO/IEC 18004), dark on white with its quiet zone.

    Parameters
    ----------
    text : str
        At most 2953 characters of ASCII.

    Returns
    -------
    str
        SVG, a unit a module, without a size of its own. It repairs as much damage as fits into
        the smallest code that holds the text.

    Raises
    ------
    ValueError
        If the text is too long for a QR code.
    """
    try:
        code = segno.make(text, error="l", micro=False)
    except segno.DataOverflowError:
        raise ValueError(
            f"The link has {len(text)} characters, too many for a QR code: "
            "use a smaller kernel or a smaller input."
        ) from None
    drawn = io.BytesIO()
    code.save(
        drawn,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
    )
    return drawn.getvalue().decode("ascii")
