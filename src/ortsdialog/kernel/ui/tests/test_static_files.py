"""The design system is served without what no page uses, and with all that one uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from ortsdialog.kernel.ui.static_files import NamedByContent, without_unused, words_in_use

KERN = Path(settings.PACKAGE) / "static/vendored/kern"
CLASS = re.compile(r"\.(kern-[a-zA-Z0-9_-]+)")
STYLE = (
    '@charset "utf-8";:root{--kern-a:1}.kern-btn{color:red}.kern-badge,.kern-btn:hover>b{color:blue}'
    ".kern-btn--primary{x:y}.kern-card .kern-btn{x:y}a:is(.kern-card,.kern-btn){x:y}"
    '@media (min-width:1px){.kern-card{x:y}}@media print{.kern-btn{x:"}"}}@keyframes kern-spin{from{x:y}}'
)


def test_what_no_page_uses_is_left_out_and_all_else_stays() -> None:
    assert without_unused(STYLE, {"kern-btn", "kern-btn--"}) == (
        '@charset "utf-8";:root{--kern-a:1}.kern-btn{color:red}.kern-btn:hover>b{color:blue}'
        ".kern-btn--primary{x:y}a:is(.kern-card,.kern-btn){x:y}"
        '@media print{.kern-btn{x:"}"}}@keyframes kern-spin{from{x:y}}'
    )


@pytest.mark.parametrize("name", ["kern.min.css", "kern.rtl.css"])
def test_every_class_of_ours_keeps_its_rules(name: str) -> None:
    whole, used = (KERN / name).read_text(encoding="utf-8"), words_in_use()
    light = without_unused(whole, used)
    known = set(CLASS.findall(whole))
    assert {"kern-btn", "kern-form-input__input", "kern-sr-only"} <= used & known
    assert used & known <= set(CLASS.findall(light))
    # Where everything is in use nothing is left out.
    assert len(without_unused(whole, used | known)) >= len(whole) - 10
    assert len(light) < len(whole) / 2


def test_scripts_that_import_one_another_are_named_by_their_content() -> None:
    # Deep enough for a page whose script imports one that imports one.
    assert NamedByContent.support_js_module_import_aggregation
    assert NamedByContent.max_post_process_passes >= 6
