"""A real browser for the journeys. Every page is watched: foreign requests, script errors and CSP violations
fail the test that opened it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tools import chromium

OWN_HOSTS = {"127.0.0.1", "localhost"}
OWN_SCHEMES = {"data", "blob", "about"}
# Whatever is not of this machine goes to a proxy that is not there, and so never leaves.
NOTHING_OUTSIDE = ["--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=127.0.0.1;localhost"]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium.find()
    if path is None:
        pytest.fail("No Chromium: run `python -m tools.chromium` or name one in ORTSDIALOG_CHROMIUM.", pytrace=False)
    return path


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    # A module long, not longer: while Playwright runs, its event loop occupies the thread, and Django would
    # refuse the database to every later test.
    arguments = [*NOTHING_OUTSIDE, "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
        yield browser
        browser.close()


@dataclass
class Watched:
    """What went wrong on the pages of one test."""

    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        self.contexts.append(context)
        context.on("request", self._request)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("console", self._console)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and address.hostname not in OWN_HOSTS:
            self.faults.append(f"foreign request: {request.url}")

    def _console(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.faults.append(f"CSP: {message.text}")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages: `open_page(width=390, height=844, locale="ar", java_script=False)`, each like a person of its own.

    Further words go to Playwright's new_context as they are.
    """
    watched = Watched()

    def open_one(
        *, width: int = 1280, height: int = 800, locale: str = "de-DE", java_script: bool = True, **further: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Europe/Berlin",
            java_script_enabled=java_script,
            **further,
        )
        context.set_default_timeout(15_000)
        watched.watch(context)
        return context.new_page()

    yield open_one
    for context in watched.contexts:
        context.close()
    assert watched.faults == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page, 1280 x 800, German, with scripts."""
    return open_page()
