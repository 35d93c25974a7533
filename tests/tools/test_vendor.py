"""The vendored files are what their manifest says, and the check notices when they are not."""

import json
import shutil
from pathlib import Path

import pytest

from tools import vendor


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A package root with the real vendored files, free to be damaged."""
    for folder in (vendor.STATIC, vendor.PDF_FONTS):
        shutil.copytree(vendor.PACKAGE_ROOT / folder, tmp_path / folder)
    return tmp_path


def test_check_on_the_repository_finds_nothing() -> None:
    assert vendor.problems(vendor.PACKAGE_ROOT) == []


def test_manifest_lists_every_target_of_every_source() -> None:
    listed = {(entry["file"], entry["version"]) for entry in vendor.read_manifest(vendor.PACKAGE_ROOT)}
    wanted = {(target, source.version) for source in vendor.SOURCES for target in source.targets}
    assert listed == wanted


def test_check_with_a_changed_file_names_it(copy: Path) -> None:
    style = copy / vendor.STATIC / "kern" / "kern.min.css"
    style.write_text(style.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert vendor.problems(copy) == ["static/vendored/kern/kern.min.css: differs from @kern-ux/native 2.7.2"]


def test_check_with_a_missing_and_an_unlisted_file_names_both(copy: Path) -> None:
    fonts = copy / vendor.STATIC / "fira-sans"
    (fonts / "fira-sans-latin-400-normal.woff2").rename(fonts / "other.woff2")
    assert vendor.problems(copy) == [
        "static/vendored/fira-sans/fira-sans-latin-400-normal.woff2: listed in the manifest, but missing",
        "static/vendored/fira-sans/other.woff2: not in the manifest",
    ]


def test_command_with_a_damaged_file_ends_with_one(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vendor.main(["--check"], root=copy) == 0
    (copy / vendor.STATIC / "kern" / "LICENSE.md").unlink()
    assert vendor.main(["--check"], root=copy) == 1
    assert "LICENSE.md: listed in the manifest, but missing" in capsys.readouterr().err


def test_refresh_without_npm_says_so(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(vendor.VendorError, match="npm is not on the PATH"):
        vendor.refresh(copy)


def test_every_vendored_folder_carries_its_licence() -> None:
    manifest = json.loads((vendor.PACKAGE_ROOT / vendor.MANIFEST).read_text(encoding="utf-8"))
    files = {entry["file"] for entry in manifest["files"]}
    for folder in ("kern", "fira-sans", "noto-sans-arabic", "idb"):
        assert any(file.startswith(f"{vendor.STATIC}/{folder}/LICENSE") for file in files)
    assert {f"{vendor.PDF_FONTS}/FiraSans-LICENSE.txt", f"{vendor.PDF_FONTS}/NotoSansArabic-LICENSE.txt"} <= files
