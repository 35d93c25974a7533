"""Photos as they are kept: looked at by content, turned upright, made smaller, without anything but the picture.

A phone writes into a photo where and when it was taken, with what, and sometimes by whom. So none of the bytes
that were sent are kept: the picture is drawn anew. Files lie under MEDIA_ROOT with random names; no address leads
to them but the views that ask for a right.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

# A phone's photo has 3 to 12 MB and 12 to 50 million points.
LARGEST_FILE = 15_000_000
MOST_POINTS = 50_000_000
LONGEST_SIDE = 3_000
THUMBNAIL_SIDE = 400
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "WEBP")
# How files begin that phones make and that are not read here: the brand stands behind "ftyp".
_NEWER_KINDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
_FOLDER = "sources"
_THUMBNAIL = "-small"
LEFT_ALONE = timedelta(days=1)
# A large photo takes 200 MB while it is open: one after the other, so that a small machine lives.
_one_at_a_time = threading.Semaphore(1)


class PictureNotStored(Exception):
    """The disk took no picture (it is full, or may not be written). Nothing of it is left."""


@dataclass(frozen=True)
class Picture:
    """A cleaned photo with a small copy, both JPEG. `sha256` is that of the file that was sent."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str


def sha256_of(sent: bytes) -> str:
    return hashlib.sha256(sent).hexdigest()


def cleaned_picture(sent: bytes) -> Picture:
    """The photo drawn anew. Raises ValidationError with words that say what to do."""
    if len(sent) > LARGEST_FILE:
        raise ValidationError(
            _("This photo has %(size)d MB; %(most)d MB are possible. Please take it with a smaller size."),
            code="too_large",
            params={"size": -(-len(sent) // 1_000_000), "most": LARGEST_FILE // 1_000_000},
        )
    if sent[4:8] == b"ftyp" and sent[8:12] in _NEWER_KINDS:
        raise ValidationError(
            _(
                "This photo is of the kind HEIC, which cannot be read here. On an iPhone choose Settings, Camera, "
                "Formats, “Most Compatible”, and take it once more; or send the photo to yourself by mail, which "
                "turns it into JPEG."
            ),
            code="heic",
        )
    with _one_at_a_time:
        upright = _opened(sent)
        shown = _within(upright, LONGEST_SIDE)
        content, thumbnail = _jpeg(shown), _jpeg(_within(shown, THUMBNAIL_SIDE))
    return Picture(content, thumbnail, shown.width, shown.height, sha256_of(sent))


def _opened(sent: bytes) -> Image.Image:
    """The picture upright, in plain colours, on white where it lets the ground shine through."""
    try:
        # Only the head of the file is read here: the size is looked at before a single point is unpacked.
        picture = Image.open(io.BytesIO(sent), formats=_FORMATS)
        if picture.width * picture.height > MOST_POINTS:
            raise _too_many_points()
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.load()
        turned = ImageOps.exif_transpose(picture)
        return _on_white(turned)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_points() from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, ArithmeticError):
        # Readers of pictures fail in many ways over a file that is broken or only pretends.
        raise ValidationError(
            _("This file is no photo that can be read here. Please send a photo as JPEG, PNG or WebP."),
            code="unreadable",
        ) from None


def _too_many_points() -> ValidationError:
    return ValidationError(
        _("This photo has more than %(most)d million points. Please take it with a smaller size."),
        code="too_many_points",
        params={"most": MOST_POINTS // 1_000_000},
    )


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _within(picture: Image.Image, side: int) -> Image.Image:
    """A copy that carries points alone; what was written into the file stays behind."""
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    bare.thumbnail((side, side), Image.Resampling.LANCZOS)
    return bare


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def new_name() -> str:
    """A random name, to be stored with the source before the files are written."""
    return f"{secrets.token_hex(16)}.jpg"


def write_picture(name: str, picture: Picture) -> None:
    """Put both files onto the disk, whole or not at all. Raises PictureNotStored."""
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        _write(path_of(name), picture.content)
        _write(path_of(name, small=True), picture.thumbnail)
    except OSError as problem:
        remove_picture(name)
        raise PictureNotStored(str(problem.strerror)) from problem


def _write(path: Path, content: bytes) -> None:
    begun = path.with_suffix(".part")
    try:
        with begun.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    except OSError:
        begun.unlink(missing_ok=True)
        raise


def read_picture(name: str, *, small: bool = False) -> bytes | None:
    """The file's content; None where it is gone."""
    try:
        return path_of(name, small=small).read_bytes()
    except FileNotFoundError:
        return None


def remove_picture(name: str) -> None:
    """Take both files away. Twice does no harm."""
    for small in (False, True):
        path_of(name, small=small).unlink(missing_ok=True)


def path_of(name: str, *, small: bool = False) -> Path:
    plain = Path(name).name
    return _folder() / (plain.replace(".jpg", f"{_THUMBNAIL}.jpg") if small else plain)


def sweep(known: Collection[str]) -> int:
    """Remove the files of pictures that are not among the known ones; returns how many files.

    An upload that was cut off leaves them behind. Young files are left alone: theirs may not have ended yet.
    """
    removed = 0
    eldest = time.time() - LEFT_ALONE.total_seconds()
    for path in list(_folder().iterdir()) if _folder().is_dir() else []:
        name = path.stem.removesuffix(_THUMBNAIL) + ".jpg"
        if name not in known and path.stat().st_mtime < eldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / _FOLDER
