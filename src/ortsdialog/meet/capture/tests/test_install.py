"""The table's page as an app: manifest and worker."""

from __future__ import annotations

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from ortsdialog.meet.capture.web.table import SCRIPTS

pytestmark = pytest.mark.django_db


def test_the_worker_lies_under_the_tables_and_is_asked_for_anew(phone):
    answer = phone.get("/t/dienst.js")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert b'addEventListener("fetch"' in answer.content


def test_the_manifest_leads_to_this_table_in_the_readers_language(phone, table, other_table):
    address = f"/t/{table.code}/tisch.webmanifest"
    answer = phone.get(address, headers={"accept-language": "de"})
    assert answer.headers["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.content)
    assert (told["start_url"], told["scope"], told["display"]) == (f"/t/{table.code}/", "/t/", "standalone")
    assert (told["name"], told["short_name"], told["lang"]) == ("Tisch 1 · Altdorf", "Tisch 1", "de")
    assert {(icon["sizes"], icon["purpose"]) for icon in told["icons"]} >= {("192x192", "any"), ("512x512", "maskable")}
    arabic = json.loads(Client().get(f"{address}?sprache=ar").content)
    assert (arabic["lang"], arabic["dir"]) == ("ar", "rtl")
    assert address in phone.get(f"/t/{table.code}/").content.decode()
    assert "Altdorf" not in phone.get(f"/t/{other_table.code}/tisch.webmanifest").content.decode()


def test_an_unknown_table_has_no_manifest(phone):
    assert phone.get("/t/FALSCH/tisch.webmanifest").status_code == 404


def test_all_scripts_of_the_page_exist_and_are_named_beforehand():
    for script in SCRIPTS:
        assert finders.find(script)
