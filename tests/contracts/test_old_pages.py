"""A new release strands no old page: what version 1 of a page sends and keeps is frozen beside this file.

An old page with a full outbox delivers to this server; this page delivers what an old one kept; and where a newer
release has changed the browser's database already, this page, old by then, still delivers.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.sites import Site

HERE = Path(__file__).parent
TABLE = "LINDE1"
pytestmark = pytest.mark.timeout(120)


def frozen(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return found


def send(site: Site, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    try:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def texts(site: Site, id: str) -> list[str]:
    code = (
        "import json; from ortsdialog.kernel.tenancy import Reason, across_places\n"
        "from ortsdialog.meet.contributions.models import Statement\n"
        "with across_places(reason=Reason.SITE_MAINTENANCE):\n"
        f"    print(json.dumps([s.text.original_text for s in Statement.everything.filter(pk='{id}')]))"
    )
    found: list[str] = json.loads(site.python(code))
    return found


def test_the_request_of_an_old_page_arrives_once(demo_site: Site) -> None:
    request = frozen("inbox_v1_request.json")
    first, second = (send(demo_site, f"/t/{TABLE}/einwurf/", request) for _ in range(2))
    assert (first[0], second[0]) == (201, 200)
    assert {"state", "receipt_code", "handle"} <= first[1].keys()
    assert first[1] == second[1]
    assert first[1]["state"] == "arrived"
    assert texts(demo_site, request["id"]) == [request["text"]]
    assert send(demo_site, f"/t/{TABLE}/einwurf/", {**request, "text": "Anders"}) == (409, {"state": "differs"})


PUT = """async ([record, version]) => {
  const stores = (db) => ["statements", "settings", "later"].slice(0, version + 1).forEach((name) => {
    if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, name === "statements" ? { keyPath: "id" } : {});
  });
  const db = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("ortsdialog", version);
    opening.onupgradeneeded = () => stores(opening.result);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked: the page does not let go of the old version"));
  });
  const writing = db.transaction(["statements", "settings"], "readwrite");
  writing.objectStore("statements").put(record);
  writing.objectStore("settings").put(record.guest, "guest");
  await new Promise((resolve) => (writing.oncomplete = resolve));
  db.close();
}"""


@pytest.mark.parametrize("version", [1, 2], ids=["kept-by-an-old-page", "database-of-a-newer-release"])
def test_what_lies_in_the_outbox_is_delivered(demo_site: Site, open_page: Callable[..., Page], version: int) -> None:
    record = frozen("outbox_v1_record.json")
    record["id"] = record["id"][:-1] + str(version + 4)
    page = open_page(width=390, height=844)
    page.goto(f"{demo_site.url}/t/{TABLE}/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.evaluate(PUT, [record, version])
    page.reload()
    kept = page.locator(f'[data-record="{record["id"]}"]')
    expect(kept).to_have_attribute("data-state", "arrived")
    expect(kept).to_contain_text(record["text"])
    assert texts(demo_site, record["id"]) == [record["text"]]
    # And the page goes on keeping and sending.
    page.fill("#id_text", f"Danach geschrieben, {version}.")
    page.click("#abgeben button")
    expect(page.locator("[data-record]").first).to_have_attribute("data-state", "arrived")
