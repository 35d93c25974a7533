"""The client for a LibreTranslate address, against a server that answers well, badly and not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ortsdialog.kernel import checks
from ortsdialog.kernel.language import translation
from ortsdialog.kernel.language.translation import (
    ServerUnwell,
    TextRefused,
    offered_languages,
    translate,
    translation_server,
)
from ortsdialog.kernel.tests.translating import WORDS, Elsewhere, translation_server_running

TEXT = "Wir brauchen einen Arzt im Dorf"


@pytest.fixture
def elsewhere(settings: Any) -> Iterator[Elsewhere]:
    with translation_server_running() as running:
        settings.TRANSLATION_URL, settings.TRANSLATION_KEY = running.url, ""
        yield running


def asked(target: str = "ar") -> str:
    server = translation_server()
    assert server is not None
    return translate(server, TEXT, source="de", target=target)


def test_without_an_address_there_is_no_server(settings: Any) -> None:
    settings.TRANSLATION_URL = ""
    assert translation_server() is None


def test_text_comes_back_in_the_other_language(elsewhere: Elsewhere) -> None:
    assert asked() == WORDS["de", "ar"]
    assert elsewhere.asked == [{"q": TEXT, "source": "de", "target": "ar", "format": "text"}]


def test_key_is_sent_and_never_printed(elsewhere: Elsewhere, settings: Any) -> None:
    settings.TRANSLATION_KEY = "geheim-4711"
    asked()
    assert elsewhere.asked[0]["api_key"] == "geheim-4711"
    assert "geheim" not in repr(translation_server())


def test_path_of_the_address_is_kept(elsewhere: Elsewhere, settings: Any) -> None:
    settings.TRANSLATION_URL = f"{elsewhere.url}/prefix"
    asked()
    assert elsewhere.followed == ["/prefix/translate"]


@pytest.mark.parametrize(("mood", "pause"), [("slow down", 7), ("broken", 60), ("no key", 900), ("elsewhere", 900)])
def test_unwell_server_is_left_alone_for_a_while(elsewhere: Elsewhere, mood: str, pause: int) -> None:
    elsewhere.mood = mood
    with pytest.raises(ServerUnwell) as unwell:
        asked()
    assert unwell.value.pause == pause


def test_redirect_is_not_followed(elsewhere: Elsewhere) -> None:
    elsewhere.mood = "elsewhere"
    with pytest.raises(ServerUnwell, match="another address"):
        asked()
    assert elsewhere.followed == []


@pytest.mark.parametrize(
    "mood",
    ["unsupported", "garbage", "another shape", "a list", "empty", "echo", "wrong language", "far too long", "huge"],
)
def test_useless_answer_is_no_translation(elsewhere: Elsewhere, mood: str) -> None:
    elsewhere.mood = mood
    with pytest.raises(TextRefused):
        asked()


@pytest.mark.parametrize("mood", ["asleep", "drips"])
def test_slow_server_does_not_hold_the_worker(elsewhere: Elsewhere, mood: str, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere.mood = mood
    server = translation_server()
    assert server is not None
    with pytest.raises(ServerUnwell, match="TimeoutError"):
        translation._ask(server, "POST", "/translate", {"q": TEXT}, patience=0.5)


def test_server_that_is_not_there_is_unwell(settings: Any) -> None:
    settings.TRANSLATION_URL, settings.TRANSLATION_KEY = "http://127.0.0.1:9", ""
    with pytest.raises(ServerUnwell) as unwell:
        asked()
    assert "127.0.0.1" not in str(unwell.value)


def test_languages_of_the_server_are_read(elsewhere: Elsewhere) -> None:
    server = translation_server()
    assert server is not None
    assert offered_languages(server) == {"de": {"ar", "en"}, "ar": {"de"}}


# ---- The check before the start ---------------------------------------------------------------


def _ids() -> list[str]:
    return [str(message.id) for message in checks.check_translation_server()]


def test_check_is_content_without_a_server_and_with_a_good_one(elsewhere: Elsewhere, settings: Any) -> None:
    assert _ids() == []
    settings.TRANSLATION_URL = ""
    assert _ids() == []


@pytest.mark.parametrize(("mood", "found"), [("broken", "W010"), ("garbage", "W011"), ("only others", "W011")])
def test_check_tells_of_a_server_that_translates_nothing(elsewhere: Elsewhere, mood: str, found: str) -> None:
    elsewhere.mood = mood
    assert _ids() == [f"ortsdialog.{found}"]
    (message,) = checks.check_translation_server()
    assert message.hint
