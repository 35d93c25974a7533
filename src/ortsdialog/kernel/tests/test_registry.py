from __future__ import annotations

import pytest

from ortsdialog.kernel import registry
from ortsdialog.kernel.registry import NavigationEntry, Section, navigation_entries, register_navigation


def test_navigation_follows_time_and_holds_each_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_navigation", [])
    plan = NavigationEntry(Section.DELIVER, "Plan", "plan:desk", "plan.see_plan")
    tables = NavigationEntry(Section.MEET, "Tische", "gatherings:tables", "gatherings.see_gathering", order=20)
    events = NavigationEntry(Section.MEET, "Veranstaltungen", "gatherings:list", "gatherings.see_gathering", order=10)
    register_navigation(plan, tables)
    register_navigation(events, plan)
    assert navigation_entries() == [events, tables, plan]
