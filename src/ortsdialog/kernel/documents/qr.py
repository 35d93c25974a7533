"""QR codes as SVG."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str, *, scale: int = 8, border: int = 4) -> bytes:
    """The code as a small SVG file. Error correction M: a sign may get a coffee stain.

    Dark on white in every theme, with the quiet zone that cameras need.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=scale, border=border, dark="#000", light="#fff", xmldecl=False, omitsize=False
    )
    return out.getvalue()
