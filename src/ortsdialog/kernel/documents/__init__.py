"""Documents: a typst template and data become a tagged PDF that a screen reader can read (PDF/UA-1).

Data never become markup: they travel as one JSON file, which the template reads with `json("/data.json")`,
so `#`, `$` or `*` in what people wrote stay what they are. Templates print texts with `say(text)` from
"/document.typ", which sets language and direction. Fonts come from the folder beside this file alone, so
a document looks the same on every machine.
"""

from ortsdialog.kernel.documents.pdf import DocumentFailed, render_pdf
from ortsdialog.kernel.documents.qr import qr_svg

__all__ = ["DocumentFailed", "qr_svg", "render_pdf"]
