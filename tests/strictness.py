"""A green run means: everything ran, nothing was left out, and nothing outside this machine was asked."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

from tests.environment import database_choice

# Reasons for which a test may be skipped or be expected to fail. Each with a date and a way out; empty is best.
LISTED_REASONS: dict[str, str] = {}

_left_out: list[str] = []


# ---- Nothing is left out silently ---------------------------------------------------------------


def _note(report: Any) -> None:
    if not report.skipped and not hasattr(report, "wasxfail"):
        return
    reason = getattr(report, "wasxfail", "") or (
        report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    )
    if not any(listed in reason for listed in LISTED_REASONS):
        _left_out.append(f"{report.nodeid}: {reason}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Any:
    result = yield
    if _left_out and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    return result


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if _left_out:
        terminalreporter.section("left out without a listed reason: the run has failed", red=True)
        for line in sorted(set(_left_out)):
            terminalreporter.line(line)


# ---- A test for one database --------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "one_database(name, reason=…): runs on sqlite or on postgres only; the other run leaves it out."
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, other = [], []
    for item in items:
        mark = item.get_closest_marker("one_database")
        if mark is None:
            kept.append(item)
            continue
        if len(mark.args) != 1 or mark.args[0] not in {"sqlite", "postgres"} or not mark.kwargs.get("reason"):
            raise pytest.UsageError(f"{item.nodeid}: one_database needs 'sqlite' or 'postgres' and a reason.")
        (kept if mark.args[0] == database_choice() else other).append(item)
    items[:] = kept
    if other:
        config.hook.pytest_deselected(items=other)


# ---- Nobody outside is asked --------------------------------------------------------------------


class OutsideConnection(Exception):
    """A test tried to reach something outside this machine."""


def _refuse_outside(where: socket.socket, address: Any) -> None:
    if where.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = str(address[0])
    try:
        inside = ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        inside = host == "localhost"
    if not inside:
        raise OutsideConnection(f"A test must not connect to {host}.")


@pytest.fixture(autouse=True, scope="session")
def nothing_outside() -> Any:
    """Connections leave this process for loopback and local sockets only."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex", "sendto"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, *arguments: Any, _original: Any = original) -> Any:
            _refuse_outside(self, arguments[-1])
            return _original(self, *arguments)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()
