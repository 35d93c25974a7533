"""What people said is printed where it can be told from what the town says: in a frame of voices, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Printing the words of a statement, whatever the template calls it.
WORDS = re.compile(
    r"\{%\s*say\s+(?:(?:statement|stored|arrived|card|found|mine)\.text|heard\.(?:said|own)|words)\b"
    r"|\{\{\s*(?:statement|stored|arrived|card|found|mine)\.text(?:\.original_text)?\s*(?:\||\}\})"
)
# Elements on the paper of voices, or between its quotation marks.
FRAME = re.compile(
    r'<(?P<tag>[a-z]+)[^<>]*class="[^"]*(?<![\w-])'
    r"(?:statement|statement__words|statement__version|wall-card|wall-card__words|voice)(?![\w-])[^\"]*\"[^<>]*>"
)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
# In an attribute they are a name for a screen reader, not a sentence on the page.
IN_ATTRIBUTE = re.compile(r'="[^"<>]*$')


def homeless_words(pages: Iterable[tuple[str, str]]) -> list[str]:
    """Places that print what somebody said outside the frames of voices."""
    complaints = []
    for name, text in pages:
        for match in WORDS.finditer(text):
            before = TAGS.sub("", text[: match.start()])
            if "statement" not in text or IN_ATTRIBUTE.search(before.rpartition(">")[2]) or _in_frame(before):
                continue
            line = text.count("\n", 0, match.start()) + 1
            complaints.append(
                f"{name}:{line}: somebody's words outside a frame of voices. Use <c-statement>, "
                '{% voice statement %} or <blockquote class="statement__words">.'
            )
    return complaints


def _in_frame(before: str) -> bool:
    for frame in FRAME.finditer(before):
        tag, after = frame["tag"], before[frame.end() :]
        if len(re.findall(rf"<{tag}\b", after)) >= len(re.findall(rf"</{tag}>", after)):
            return True
    return False
