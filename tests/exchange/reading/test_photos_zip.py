"""Photos in a ZIP, entry by entry."""

import io
import zipfile
from datetime import date

import pytest

from consultations.exchange.reading import photos_zip
from consultations.exchange.reading.photos_zip import photos_in
from consultations.exchange.reading.tables import UnreadableFileError

from .files import archive


def found(*names):
    """Number, name, patient and day of each photo of a ZIP."""
    photos = photos_in(archive(*((name, b"x") for name in names)), "x.zip")
    return [(one.number, one.name, one.record_number, one.taken_on) for one in photos]


def test_what_macos_and_windows_put_beside_them_is_no_photo():
    assert found(
        "P-000001/",
        "P-000001/a.jpg",
        "__MACOSX/P-000001/._a.jpg",
        "P-000001/._b.jpg",
        "P-000001/.DS_Store",
        "Thumbs.db",
    ) == [(1, "P-000001/a.jpg", "P-000001", None)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_photos_may_have_one_name():
    entries = archive(("P-000001/IMG_0001.jpg", b"one"), ("P-000001/IMG_0001.jpg", b"two"))
    assert [(one.number, one.read()) for one in photos_in(entries, "x.zip")] == [
        (1, b"one"),
        (2, b"two"),
    ]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("P-000012/neck.jpg", "P-000012"),
        ("photos/p-12 neck front.jpg", "P-000012"),
        ("P12_2026-03-05.jpg", "P-000012"),
        ("P-000012/P-000012_1.jpg", "P-000012"),
        ("P-000012/P-000013.jpg", None),
        ("IMG_0012.jpg", None),
        ("MP-12.jpg", None),
    ],
)
def test_the_patient_is_named_by_folder_or_file(name, number):
    assert found(name) == [(1, name, number, found(name)[0][3])]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("P-000001/2026-03-05 front.jpg", date(2026, 3, 5)),
        ("P-000001/IMG_20260305_140102.jpg", date(2026, 3, 5)),
        ("P-000001/2026-03-05/front.jpg", date(2026, 3, 5)),
        ("P-000001/2026-03-05/2026-03-06.jpg", date(2026, 3, 6)),
        ("P-000001/2026-03-05 or 2026-03-06.jpg", None),
        ("P-000001/2026-02-30.jpg", None),
        ("P-000001/20260305140102999.jpg", None),
    ],
)
def test_the_day_is_a_hint(name, day):
    assert found(name) == [(1, name, "P-000001", day)]


def test_names_are_shown_as_they_were_meant():
    decomposed = zipfile.ZipInfo("P-1/Zoe\u0308.jpg")
    assert found(decomposed)[0][1] == "P-1/Zoë.jpg"
    assert found("P-1\\front.jpg")[0][1] == "P-1/front.jpg"
    content = archive(("P-1/Zo__.jpg", b"x")).getvalue().replace(b"Zo__", "Zoë".encode())
    file = archive()
    file.truncate(0)
    file.seek(0)
    file.write(content)
    assert [one.name for one in photos_in(file, "x.zip")] == ["P-1/Zoë.jpg"]


def test_too_large_a_photo_is_refused_as_it_is_read(monkeypatch):
    monkeypatch.setattr(photos_zip, "MOST_BYTES", 2)
    small, large = photos_in(archive(("a.jpg", b"12"), ("b.jpg", b"123")), "x.zip")
    assert small.read() == b"12"
    with pytest.raises(UnreadableFileError) as refused:
        large.read()
    assert str(refused.value) == "Photo 2 (b.jpg) has more than 0 MB."


class Pipe(io.BytesIO):
    """Where nothing can be gone back to, as when a ZIP is made while it is sent."""

    def seekable(self):
        return False

    def seek(self, *where):
        raise io.UnsupportedOperation

    tell = seek


def test_entries_of_unknown_size_are_read_whole(monkeypatch):
    monkeypatch.setattr(photos_zip, "MOST_BYTES", 5000)
    pipe, content = Pipe(), {"P-1/a.jpg": b"one" * 1000, "P-1/b.jpg": b"", "P-1/c.jpg": b"x" * 5001}
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in content.items():
            made.writestr(name, data)
    file = io.BytesIO(pipe.getvalue())
    # Bit 3: the header before an entry has no sizes, they stand behind it.
    assert file.getvalue()[6] & 8
    assert file.getvalue()[18:26] == bytes(8)
    *read, large = photos_in(file, "x.zip")
    assert [one.read() for one in read] == [b"one" * 1000, b""]
    with pytest.raises(UnreadableFileError, match="has more than 0 MB"):
        large.read()


def test_a_damaged_or_protected_photo_is_named():
    file = archive(("a.jpg", b"some bytes"), ("b.jpg", b"x"))
    content = bytearray(file.getvalue())
    content[content.index(b"a.jpg") + 7] ^= 0xFF
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    file.seek(0)
    file.write(bytes(content))
    damaged, protected = photos_in(file, "x.zip")
    with pytest.raises(UnreadableFileError, match=r"Photo 1 \(a.jpg\) is damaged"):
        damaged.read()
    with pytest.raises(UnreadableFileError, match=r"Photo 2 \(b.jpg\) is protected"):
        protected.read()


def test_what_is_no_zip_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"no zip")
    with path.open("rb") as file, pytest.raises(UnreadableFileError, match="no ZIP file"):
        list(photos_in(file, "x.zip"))


def test_too_many_photos_are_refused(monkeypatch):
    monkeypatch.setattr(photos_zip, "MOST_PHOTOS", 1)
    with pytest.raises(UnreadableFileError, match="more than 1 photos"):
        found("a.jpg", "b.jpg")
