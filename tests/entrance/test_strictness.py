"""The rules of a test run bite: seen failing on a run of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database("sqlite", reason="no database is involved")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p tests.strictness -p no:django -p no:cacheprovider")
    return pytester


@pytest.mark.parametrize(
    "test",
    [
        "import pytest\n@pytest.mark.skip(reason='later')\ndef test_one(): pass",
        "import pytest\ndef test_one(): pytest.skip('no browser')",
        "import pytest\npytest.importorskip('no_such_module')",
        "import pytest\n@pytest.mark.xfail\ndef test_one(): assert False",
        "import pytest\n@pytest.mark.xfail\ndef test_one(): pass",
    ],
)
def test_a_test_that_is_left_out_fails_the_run(run: pytest.Pytester, test: str) -> None:
    run.makepyfile(test_left_out=test, test_fine="def test_two(): pass")
    result = run.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*left out without a listed reason*"])


def test_a_left_out_test_fails_a_parallel_run_too(run: pytest.Pytester) -> None:
    run.makepyfile("import pytest\ndef test_one(): pytest.skip('no browser')\ndef test_two(): pass")
    assert run.runpytest_subprocess("-n", "1").ret == pytest.ExitCode.TESTS_FAILED


def test_a_run_without_left_out_tests_is_green(run: pytest.Pytester) -> None:
    run.makepyfile("def test_one(): pass")
    assert run.runpytest_subprocess().ret == pytest.ExitCode.OK


def test_a_test_for_the_other_database_is_deselected(run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    run.makepyfile(
        """
        import pytest
        @pytest.mark.one_database("sqlite", reason="its own")
        def test_one(): pass
        @pytest.mark.one_database("postgres", reason="its own")
        def test_two(): pass
        """
    )
    for choice, name in {"sqlite": "test_one", "postgres": "test_two"}.items():
        monkeypatch.setenv("ORTSDIALOG_TEST_DATABASE", choice)
        result = run.runpytest_subprocess("-v")
        result.assert_outcomes(passed=1, deselected=1)
        result.stdout.fnmatch_lines([f"*{name} PASSED*"])


@pytest.mark.parametrize("mark", ["()", "('sqlite')", "('oracle', reason='x')", "('sqlite', reason='')"])
def test_one_database_without_name_and_reason_is_refused(run: pytest.Pytester, mark: str) -> None:
    run.makepyfile(f"import pytest\n@pytest.mark.one_database{mark}\ndef test_one(): pass")
    assert run.runpytest_subprocess().ret == pytest.ExitCode.USAGE_ERROR


def test_connections_leave_for_loopback_only(run: pytest.Pytester) -> None:
    # 192.0.2.1 belongs to nobody; the guard refuses before anything is sent.
    run.makepyfile(
        """
        import socket, pytest
        from tests.strictness import OutsideConnection
        @pytest.mark.parametrize("call", ["connect", "connect_ex"])
        def test_outside(call):
            with socket.socket() as s, pytest.raises(OutsideConnection):
                getattr(s, call)(("192.0.2.1", 9))
        def test_outside_datagram():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, pytest.raises(OutsideConnection):
                s.sendto(b"x", ("192.0.2.1", 9))
        def test_inside():
            with socket.socket() as server, socket.socket() as s:
                server.bind(("127.0.0.1", 0)); server.listen()
                s.connect(server.getsockname())
        """
    )
    run.runpytest_subprocess().assert_outcomes(passed=4)
