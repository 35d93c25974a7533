"""Photos are looked at by content, turned upright, made smaller, and keep nothing but the picture."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, PngImagePlugin

from ortsdialog.meet.contributions import pictures, tasks
from ortsdialog.meet.contributions.pictures import (
    LONGEST_SIDE,
    THUMBNAIL_SIDE,
    PictureNotStored,
    cleaned_picture,
    new_name,
    path_of,
    read_picture,
    remove_picture,
    sweep,
    write_picture,
)

SECRET = b"Lindenstrasse-7-Kameramodell"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Path(settings.MEDIA_ROOT)


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **more: Any) -> bytes:
    """A red picture with a blue left edge, as a camera would send it."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, 0, size[0] // 4, size[1]))
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def photo_with_everything() -> bytes:
    """With place, device, orientation, thumbnail-like notes, XMP, a comment and a colour profile."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 44.0, 12.5), 3: "E", 4: (9.0, 18.0, 3.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return photo(exif=exif, xmp=b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>", comment=SECRET, icc_profile=profile)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_cleaned_picture_keeps_nothing_that_the_phone_wrote_into_it() -> None:
    sent = photo_with_everything()
    # The file that is sent does hold it all.
    assert SECRET in sent
    assert opened(sent).getexif().get_ifd(0x8825)[2] == (48.0, 44.0, 12.5)
    cleaned = cleaned_picture(sent)
    for content in (cleaned.content, cleaned.thumbnail):
        assert SECRET not in content
        picture = opened(content)
        assert dict(picture.getexif()) == {}
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_cleaned_picture_stands_upright() -> None:
    cleaned = cleaned_picture(photo_with_everything())
    picture = opened(cleaned.content)
    assert picture.size == (480, 640) == (cleaned.width, cleaned.height)
    # What was on the left is on top after a turn to the right.
    red, _green, blue = picture.convert("RGB").getpixel((240, 20))
    assert blue > 200 > red


def test_cleaned_picture_is_no_longer_than_it_needs_to_be() -> None:
    cleaned = cleaned_picture(photo(size=(4000, 1000)))
    assert (cleaned.width, cleaned.height) == (LONGEST_SIDE, 750)
    assert max(opened(cleaned.thumbnail).size) == THUMBNAIL_SIDE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_cleaned_picture_is_jpeg_whatever_was_sent(kind: str) -> None:
    assert opened(cleaned_picture(photo(kind)).content).format == "JPEG"


def test_cleaned_picture_puts_what_lets_the_ground_through_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert min(opened(cleaned_picture(out.getvalue()).content).getpixel((10, 10))) > 250


def refused(sent: bytes) -> str:
    with pytest.raises(ValidationError) as refusal:
        cleaned_picture(sent)
    return str(refusal.value.code)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "unreadable"),
        (b"GIF89a" + b"0" * 100, "unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unreadable"),
        (b"%PDF-1.7", "unreadable"),
        (b"\xff\xd8\xff\xe0" + b"0" * 200, "unreadable"),
        (b"\0\0\0\x18ftypheic" + b"0" * 200, "heic"),
        (b"\0\0\0\x18ftypmif1" + b"0" * 200, "heic"),
    ],
)
def test_cleaned_picture_of_something_else_is_refused_with_words(sent: bytes, code: str) -> None:
    assert refused(sent) == code


def test_cleaned_picture_that_is_cut_off_is_refused() -> None:
    assert refused(photo()[:2000]) == "unreadable"


def test_cleaned_picture_larger_than_allowed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST_FILE", 1000)
    assert refused(photo()) == "too_large"


@pytest.mark.parametrize("side", [7_200, 9_600, 14_000])
def test_cleaned_picture_that_would_fill_the_memory_is_refused_unopened(side: int) -> None:
    """A few kilobytes that unfold to 52, 92 and 196 million points."""
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    assert refused(out.getvalue()) == "too_many_points"


def test_cleaned_picture_with_notes_that_unfold_is_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("bomb", "a" * 3_000_000, zip=True)
    assert refused(photo("PNG", pnginfo=notes)) == "unreadable"


def test_write_picture_stores_both_sizes_and_remove_takes_both(media: Path) -> None:
    name = new_name()
    assert name != new_name()
    picture = cleaned_picture(photo())
    write_picture(name, picture)
    assert read_picture(name) == picture.content
    assert read_picture(name, small=True) == picture.thumbnail
    remove_picture(name)
    remove_picture(name)
    assert read_picture(name) is None
    assert list((media / "sources").iterdir()) == []


def test_write_picture_on_a_full_disk_leaves_nothing(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PictureNotStored):
        write_picture(new_name(), cleaned_picture(photo()))
    assert len(written) == 2
    assert list((media / "sources").iterdir()) == []


def test_path_of_never_leaves_its_folder(media: Path) -> None:
    assert path_of("../../settings.jpg").parent == media / "sources"


def test_sweep_removes_old_files_that_nobody_knows(media: Path) -> None:
    kept, young, old = new_name(), new_name(), new_name()
    for name in (kept, young, old):
        write_picture(name, cleaned_picture(photo()))
    (media / "sources" / "cut-off.part").write_bytes(b"half a photo")
    before = time.time() - pictures.LEFT_ALONE.total_seconds() - 60
    for path in (media / "sources").iterdir():
        if not path.name.startswith(young.removesuffix(".jpg")):
            os.utime(path, (before, before))
    assert sweep({kept}) == 3
    assert read_picture(kept) is not None
    assert read_picture(young, small=True) is not None
    assert read_picture(old) is None


def test_sweep_without_a_folder_does_nothing() -> None:
    assert sweep(set()) == 0


def test_the_daily_job_sweeps_what_no_source_knows(db: Any) -> None:
    name = new_name()
    write_picture(name, cleaned_picture(photo()))
    before = time.time() - pictures.LEFT_ALONE.total_seconds() - 60
    for small in (False, True):
        os.utime(path_of(name, small=small), (before, before))
    tasks.sweep_pictures()
    assert read_picture(name) is None
