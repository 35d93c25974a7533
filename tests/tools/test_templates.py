"""The search for script and style inside templates."""

from __future__ import annotations

import pytest

from tools.templates import inline_code

pytestmark = pytest.mark.one_database("sqlite", reason="no database is involved")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<p>\n<style>p {}</style>", "a style element"),
        ('\n<p class="x" style="color: red">', "a style attribute"),
        ("\n<script>alert(1)</script>", "a script without src"),
        ('\n<script type="module">go()</script>', "a script without src"),
        ('\n<c-button class="{% if a > b %}x{% endif %}" onclick="go()">', "an event attribute"),
        ('\n<a href="javascript:go()">', "a javascript: address"),
        ('\n<img alt="" src="https://cdn.example/x.png">', "another host"),
        ('\n<script src="//cdn.example/x.js"></script>', "another host"),
    ],
)
def test_inline_code_is_found_with_its_line(text: str, kind: str) -> None:
    assert list(inline_code(text)) == [(2, kind)]


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="{% static "js/live.js" %}"></script>',
        '<script type="application/json" id="way">{}</script>',
        '<p data-style="x" class="online once">style=, onclick= as words</p>',
        '{# <style> was here #}{% comment %}<p style="x">{% endcomment %}',
        '<a href="https://altdorf.example">a link goes where it wants</a>',
    ],
)
def test_what_the_policy_allows_is_no_fault(text: str) -> None:
    assert list(inline_code(text)) == []
