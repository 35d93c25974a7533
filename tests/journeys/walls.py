"""A site with a wall, for the journeys that look at it: filled and run by commands, never by its own database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.sites import Site, running_copy

WALL = "/wand/LINDEWAND/"

PREPARED = """
import json, sys, uuid
from datetime import timedelta
from django.utils import timezone
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.queries import actor_of_user
from ortsdialog.ground.places.queries import place_by_slug
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.kernel.live import announce
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture import actions
from ortsdialog.meet.capture.models import Wall
from ortsdialog.meet.contributions.actions import approve_statement, edit_statement, hold_statement
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.gatherings.codes import new_host_key, new_table_code
from ortsdialog.meet.gatherings.models import Gathering, Table

alma = actor_of_user(User.objects.get(email="alma@lindenbronn.example"), second_factor=True)
place = place_by_slug("lindenbronn")

def write(text, *, table=1, ago=0, state="approved", ar=""):
    gathering = wall.gathering
    seat = Table.objects.filter(gathering=gathering, number=table).first() or Table.objects.create(
        place=place, gathering=gathering, number=table, theme=MultilingualText.written("Wohnen und Nachbarschaft"),
        code=new_table_code(), host_key=new_host_key())
    words = MultilingualText.written(text)
    if ar:
        words = words.with_version("ar", ar, State.CHECKED)
    current = gathering.current_round
    return Statement.objects.create(
        id=uuid.uuid4(), place=place, process_id=gathering.process_id, gathering=gathering, table=seat,
        round=current, question=current.question, text=words, state=state, receipt_code=new_receipt_code(),
        moderated_at=timezone.now() - timedelta(seconds=ago) if state == "approved" else None)

def saying(words):
    return next(one for one in Statement.objects.filter(gathering=wall.gathering) if words in one.text.original_text)

def changed():
    announce(f"gathering:{wall.gathering_id}", "wall", wall.pk)

with open_place(place):
    wall = Wall.objects.select_related("gathering__current_round__question").get(code="LINDEWAND")
"""
EMPTY = """
Statement.everything.filter(gathering=wall.gathering).update(state="held")
Wall.objects.filter(pk=wall.pk).update(second_language="", arrangement="mixed", paused_at=None, stepped_at=None,
    steps_back=0, highlighted=None, is_quiet=False)
wall.refresh_from_db()
Gathering.objects.filter(pk=wall.gathering_id).update(is_rehearsing=False, state="running")
"""


@dataclass
class Hall:
    """A site whose wall a test fills and runs."""

    site: Site

    def do(self, code: str) -> str:
        """Run lines with `wall`, `alma`, `write`, `saying` at hand; what they print."""
        lines = "\n".join(f"    {line}" for line in code.strip().splitlines())
        return self.site.python(f"{PREPARED}{lines}\n").strip()

    def fill(self, code: str) -> None:
        """The same on a wall without cards and with its first settings."""
        self.do(f"{EMPTY}\n{code}\nchanged()")


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    with running_copy("demo") as site:
        yield Hall(site)


def shown(page: Page) -> list[str]:
    """The words of the cards whose whole box lies inside the picture, and so of those that the hall sees."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.wall-card')].filter((card) => {
            const box = card.getBoundingClientRect();
            return card.checkVisibility() && box.left >= 0 && box.right <= innerWidth && visible(card, box);
            function visible(card, box) {
                const list = card.closest('.wall-cards')?.getBoundingClientRect();
                return !list || (box.left >= list.left - 1 && box.right <= list.right + 1);
            }
        }).map((card) => card.querySelector('.wall-card__words').innerText)"""
    )
    return found
