"""QR codes as SVG."""

from __future__ import annotations

import io

import segno

# Any of the eight is read by every camera; trying them all for the prettiest takes most of the time.
_QUICK_MASK = 3


def qr_svg(text: str, *, scale: int = 8, border: int = 4, one_of_many: bool = False) -> bytes:
    """The code as a small SVG file. Error correction M: a sign may get a coffee stain.

    Dark on white in every theme, with the quiet zone that cameras need. `one_of_many`: drawn four times as fast,
    for sheets with hundreds of them.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=_QUICK_MASK if one_of_many else None).save(
        out, kind="svg", scale=scale, border=border, dark="#000", light="#fff", xmldecl=False, omitsize=False
    )
    return out.getvalue()
