"""Bring the design system and the fonts into the repository, and prove that they are still what they were.

    python tools/vendor.py --check     compare every vendored file with the manifest; needs no network
    python tools/vendor.py             fetch the pinned packages again (maintainers; needs npm on the PATH)

Neither running nor building Ortsdialog needs Node: what is fetched here is committed. Files are copied unchanged and
keep their licences; the derived kinds (a mirrored style sheet, fonts unpacked for PDF or cut to letters in daily use)
say so in the manifest.
A refresh of an unchanged version that yields different bytes stops, because a published version must not change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

PACKAGE_ROOT = Path(__file__).resolve().parent.parent / "src" / "ortsdialog"
STATIC = "static/vendored"
PDF_FONTS = "kernel/documents/fonts"
MANIFEST = f"{STATIC}/MANIFEST.json"

RTLCSS = "rtlcss@4.3.0"
FONT_UNPACKERS = ("fonttools==4.68.0", "brotli==1.2.1")
# What Arabic, Persian, Dari, Pashto, Kurdish, Urdu and Uyghur are written with. The whole face is three times as heavy:
# it holds the forms of old encodings too. It stays for every other letter; fonts-arabic.css says which is which.
ARABIC_LETTERS = (
    "U+0600-060F,U+061B,U+061C,U+061F-065F,U+0660-066F,U+0670,U+0671,U+0679,U+067C,U+067E,U+0681,U+0685,U+0686,U+0688,"
    "U+0689,U+0691,U+0693,U+0695,U+0696,U+0698,U+069A,U+06A4,U+06A9,U+06AB,U+06AD,U+06AF,U+06B5,U+06BA,U+06BC,U+06BE,"
    "U+06C0-06C3,U+06C6-06C8,U+06CB-06CE,U+06D0,U+06D2-06D5,U+06F0-06F9,U+200C-200E,U+2010-2011,U+FDFC"
)


@dataclass(frozen=True)
class Source:
    """One published package and the files that are taken from it, as (path in the package, path here)."""

    name: str
    version: str
    licence: str
    copies: tuple[tuple[str, str], ...]
    # Compressed web fonts that the PDF writer needs as plain TrueType: (path in the package, path here).
    unpacked: tuple[tuple[str, str], ...] = ()
    # Style sheets with physical margins, mirrored for right-to-left: (path in the package, path here).
    mirrored: tuple[tuple[str, str], ...] = ()
    # Web fonts cut to the letters that are in daily use: (path in the package, path here).
    cut: tuple[tuple[str, str], ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(target for _, target in (*self.copies, *self.unpacked, *self.mirrored, *self.cut))


def _web_fonts(family: str, folder: str, subsets: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    names = [f"{family}-{subset}-{weight}-normal.woff2" for subset in subsets for weight in (400, 600)]
    return tuple((f"files/{name}", f"{STATIC}/{folder}/{name}") for name in names)


SOURCES = (
    Source(
        name="@kern-ux/native",
        version="2.7.2",
        licence="EUPL-1.2",
        copies=(
            ("dist/kern.min.css", f"{STATIC}/kern/kern.min.css"),
            ("LICENSE.md", f"{STATIC}/kern/LICENSE.md"),
        ),
        mirrored=(("dist/kern.min.css", f"{STATIC}/kern/kern.rtl.css"),),
        # The complete faces: a letter to a resident must be able to print any European name.
        unpacked=(
            ("dist/fonts/fira-sans/FiraSans-Regular.woff2", f"{PDF_FONTS}/FiraSans-Regular.ttf"),
            ("dist/fonts/fira-sans/FiraSans-SemiBold.woff2", f"{PDF_FONTS}/FiraSans-SemiBold.ttf"),
        ),
    ),
    Source(
        name="@fontsource/fira-sans",
        version="5.3.0",
        licence="OFL-1.1",
        copies=(
            *_web_fonts("fira-sans", "fira-sans", ("latin", "latin-ext", "cyrillic")),
            ("LICENSE", f"{STATIC}/fira-sans/LICENSE"),
            ("LICENSE", f"{PDF_FONTS}/FiraSans-LICENSE.txt"),
        ),
    ),
    Source(
        name="@fontsource/noto-sans-arabic",
        version="5.3.0",
        licence="OFL-1.1",
        copies=(
            *_web_fonts("noto-sans-arabic", "noto-sans-arabic", ("arabic", "latin")),
            ("LICENSE", f"{STATIC}/noto-sans-arabic/LICENSE"),
            ("LICENSE", f"{PDF_FONTS}/NotoSansArabic-LICENSE.txt"),
        ),
        unpacked=(
            ("files/noto-sans-arabic-arabic-400-normal.woff2", f"{PDF_FONTS}/NotoSansArabic-Regular.ttf"),
            ("files/noto-sans-arabic-arabic-600-normal.woff2", f"{PDF_FONTS}/NotoSansArabic-SemiBold.ttf"),
        ),
        cut=tuple(
            (
                f"files/noto-sans-arabic-arabic-{weight}-normal.woff2",
                f"{STATIC}/noto-sans-arabic/noto-sans-arabic-letters-{weight}-normal.woff2",
            )
            for weight in (400, 600)
        ),
    ),
    # What makes the browser's store of records usable with promises: 8 kB that the platform leaves out.
    Source(
        name="idb",
        version="8.0.4",
        licence="ISC",
        copies=(
            ("build/index.js", f"{STATIC}/idb/idb.js"),
            ("LICENSE", f"{STATIC}/idb/LICENSE"),
        ),
    ),
)


class VendorError(Exception):
    """A sentence for the maintainer: what is wrong and with which file."""


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_manifest(root: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads((root / MANIFEST).read_text(encoding="utf-8"))["files"]
    return entries


def problems(root: Path) -> list[str]:
    """Every difference between the manifest and the files on disk, one sentence each; empty when all is well."""
    entries = {entry["file"]: entry for entry in read_manifest(root)}
    found = []
    for file, entry in entries.items():
        path = root / file
        if not path.is_file():
            found.append(f"{file}: listed in the manifest, but missing")
        elif sha256(path) != entry["sha256"]:
            found.append(f"{file}: differs from {entry['name']} {entry['version']}")
    for folder in (STATIC, PDF_FONTS):
        for path in sorted((root / folder).rglob("*")):
            file = path.relative_to(root).as_posix()
            if path.is_file() and file != MANIFEST and file not in entries:
                found.append(f"{file}: not in the manifest")
    return found


def _run(*command: str, cwd: Path) -> None:
    finished = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise VendorError(f"{' '.join(command)} failed:\n{finished.stderr.strip()}")


def _fetch(source: Source, work: Path) -> Path:
    """Download one package and unpack it; return its folder."""
    folder = work / source.name.replace("/", "-").lstrip("@")
    folder.mkdir()
    _run("npm", "pack", f"{source.name}@{source.version}", "--silent", cwd=folder)
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "package"


def _font_python(work: Path) -> Path:
    """An interpreter with the font tools, outside the project's own environment."""
    folder = work / "font-tools"
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    _run(str(python), "-m", "pip", "install", "--quiet", *FONT_UNPACKERS, cwd=work)
    return python


# recalcTimestamp=False keeps the result the same on every machine and day.
UNPACK = """
import sys
from fontTools.ttLib import TTFont
font = TTFont(sys.argv[1], recalcTimestamp=False)
font.flavor = None
font.save(sys.argv[2])
"""


def refresh(root: Path) -> None:
    """Fetch every source, place its files and write the manifest."""
    if shutil.which("npm") is None:
        raise VendorError("npm is not on the PATH. Only a refresh needs it; --check does not.")
    known = {entry["file"]: entry for entry in read_manifest(root)} if (root / MANIFEST).is_file() else {}
    entries: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        python = _font_python(work)
        for source in SOURCES:
            package = _fetch(source, work)
            derived = {target: "unpacked for PDF" for _, target in source.unpacked}
            derived |= {target: f"mirrored with {RTLCSS}" for _, target in source.mirrored}
            derived |= {target: "cut to letters in daily use" for _, target in source.cut}
            for target in source.targets:
                (root / target).parent.mkdir(parents=True, exist_ok=True)
            for origin, target in source.copies:
                shutil.copyfile(package / origin, root / target)
            for origin, target in source.unpacked:
                _run(str(python), "-c", UNPACK, str(package / origin), str(root / target), cwd=work)
            for origin, target in source.cut:
                words = (f"--unicodes={ARABIC_LETTERS}", "--flavor=woff2", f"--output-file={root / target}")
                _run(str(python), "-m", "fontTools.subset", str(package / origin), *words, cwd=work)
            for origin, target in source.mirrored:
                command = ("npm", "exec", "--yes", f"--package={RTLCSS}", "--", "rtlcss")
                _run(*command, str(package / origin), str(root / target), cwd=work)
            for target in source.targets:
                entry = {
                    "name": source.name,
                    "version": source.version,
                    "licence": source.licence,
                    "file": target,
                    "sha256": sha256(root / target),
                    **({"derived": derived[target]} if target in derived else {}),
                }
                before = known.get(target)
                if before and before["version"] == source.version and before["sha256"] != entry["sha256"]:
                    raise VendorError(f"{target}: {source.name} {source.version} no longer has the same content")
                entries.append(entry)
    manifest = {"format": 1, "files": sorted(entries, key=lambda entry: entry["file"])}
    (root / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None, *, root: Path = PACKAGE_ROOT) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare files with the manifest, offline")
    options = parser.parse_args(arguments)
    try:
        if not options.check:
            refresh(root)
        found = problems(root)
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    for sentence in found:
        print(sentence, file=sys.stderr)
    if not found:
        print(f"{len(read_manifest(root))} vendored files are as published.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
