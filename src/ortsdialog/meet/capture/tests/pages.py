"""Reading a page as a person without scripts would: its form and its words."""

from __future__ import annotations

import re
from html import unescape
from typing import Any


def text_of(response: Any) -> str:
    """The page's words without markup, blanks folded."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def form_of(response: Any, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to `action`."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', response.content.decode(), re.DOTALL)
    assert found, f"no form goes to {action}"
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", found.group()):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name.group(1)] = unescape(value.group(1)) if value else ""
    return fields


def markup(response: Any) -> str:
    """The page's source with blanks folded, so that line breaks inside a tag do not matter."""
    return re.sub(r"\s+", " ", response.content.decode())
