"""Whatever is uploaded as a photo: a clean JPEG is kept, or a sentence says why not."""

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.test import RequestFactory
from django.urls import get_resolver, resolve, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from consultations.actions import decoding, pictures
from consultations.actions.pictures import MOST_BYTES, read_picture
from consultations.models import Photo
from tests.factories import ConsentFactory, PatientFactory
from tests.pictures import HEIC, from_phone, picture, upload

from .hostile_pictures import (
    BOMBS,
    CANARY,
    NO_PICTURES,
    POLYGLOTS,
    frames,
    png,
)
from .walking import Asking, dice

pytestmark = pytest.mark.django_db

PHOTOS = "/admin/consultations/patient/1/photos/"
ROOT = Path(__file__).parents[2]
# What would tell of the place, of the device or of something hidden.
TRACES = (CANARY, b"SecretCamera", b"Exif", b"GPS", b"http://ns.adobe.com", b"PK\x03\x04", b"<?php")


MOST_SECONDS, MOST_MEMORY = 20, 600  # megabytes, Python and its libraries included

NAMES = [
    "../../../../etc/cron.d/evil.jpg",
    "..\\..\\windows\\system32\\evil.jpg",
    "/etc/passwd",
    "C:\\autoexec.bat",
    "CON",
    "nul.jpg",
    "aux.php.jpg",
    "evil.php",
    "evil.php\x00.jpg",
    "x" * 500 + ".jpg",
    "photo\u202egpj.exe",
    "<img src=x onerror=zqx7()>.jpg",
    "' OR 1=1 --.jpg",
    "=1+1.jpg",
    ".htaccess",
    ".",
    "..",
    " ",
    "",
    "🙂.jpg",
    "a\r\nX-zqx7: 1.jpg",
    "%2e%2e%2fevil.jpg",
]


@pytest.fixture
def patient():
    return ConsentFactory(patient=PatientFactory()).patient


@pytest.fixture
def asking(clinician):
    return Asking(clinician, keeps=True)


@pytest.fixture
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


FIELDS = {"area": "face", "view": "front", "taken_on": "2025-03-03", "_upload": "1"}


def form_of(content, name="photo.jpg", kind="image/jpeg", count=1):
    """A body as browsers send it, and as they never would."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in FIELDS.items()
    ]
    name = name.replace("\\", "\\\\").replace('"', '\\"')
    head = f'--b\r\nContent-Disposition: form-data; name="photos"; filename="{name}"\r\n'
    if kind is not None:
        head += f"Content-Type: {kind}\r\n"
    parts += [head.encode() + b"\r\n" + content + b"\r\n"] * count
    return b"".join([*parts, b"--b--\r\n"])


def send(asking, patient, content, **options):
    """What the page's script is told: how many were kept, and the reasons for the others."""
    url = reverse("admin:consultations_patient_photos", args=[patient.pk])
    body = form_of(content, **options)
    answer = asking("POST", url, body, "multipart/form-data; boundary=b", Accept="application/json")
    told = answer.json() if answer.headers["Content-Type"] == "application/json" else {}
    return told.get("kept", 0), [
        *told.get("errors", []),
        *(one["reason"] for one in told.get("refused", [])),
    ]


def is_clean(content):
    """A JPEG of Pillow's own, with nothing before, behind or beside the pixels."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        plain = image.format == "JPEG" and not image.getexif() and "comment" not in image.info
    ends = content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9")
    return plain and ends and not any(trace in content for trace in TRACES)


def outcome(content):
    """Kept clean, or the reason why not; anything else is raised."""
    try:
        known, pixels = decoding.written_anew(content)
    except decoding.Refused as refusal:
        return str(refusal)
    assert is_clean(pixels[: known["length"]])
    assert is_clean(pixels[known["length"] :])
    return "kept"


def outcome_elsewhere(content):
    """The same where the decoder, as in the program, has a process to itself."""
    try:
        kept = read_picture(upload(content))
    except ValidationError as refusal:
        [sentence] = refusal.messages
        return next(name for name, words in pictures.REASONS.items() if words == sentence)
    assert is_clean(kept.image)
    assert is_clean(kept.thumbnail)
    return "kept"


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS)
def test_polyglot_is_kept_as_its_pixels_alone(content, asking, patient, media):
    kept, _refused = send(asking, patient, content)
    files = [path.read_bytes() for path in media.rglob("*") if path.is_file()]
    assert (kept, len(files)) == (1, 2)
    assert all(map(is_clean, files))


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_photo_is_refused_in_words(content, asking, patient, media):
    kept, refused = send(asking, patient, content, name="a.jpg", kind="image/jpeg")
    assert (kept, [words[-1:] for words in refused]) == (0, ["."])
    assert asking.broken == []
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_type_is_decided_by_content(asking, patient, media):
    for number, kind in enumerate(("text/html", "image/svg+xml", "application/x-php", None, "")):
        content = picture(colour=(number * 50, 0, 0), kind="PNG")
        assert send(asking, patient, content, name="x.html", kind=kind) == (1, [])


@pytest.mark.parametrize("name", NAMES)
def test_name_of_the_file_means_nothing(name, asking, patient, media):
    kept, refused = send(asking, patient, picture(), name=name)
    assert asking.broken == []
    if kept:
        photo = Photo.objects.get()
        for file in (photo.image, photo.thumbnail):
            assert len(file.name) == len("photos/ab/.jpg") + 32
            assert file.name.endswith(".jpg")
            assert set(file.name[10:-4]) <= set("0123456789abcdef")
    else:
        assert refused
    inside = {path for path in media.rglob("*") if path.is_file()}
    assert len(inside) == 2 * kept
    assert all(path.suffix == ".jpg" for path in inside)


def test_files_are_private_and_have_no_address(asking, patient, media):
    send(asking, patient, picture())
    photo = Photo.objects.get()
    static = {Path(settings.STATIC_ROOT), ROOT / "consultations" / "static"}
    for file in (photo.image, photo.thumbnail):
        path = Path(file.path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert not any(path.is_relative_to(folder) for folder in static)
        with pytest.raises(NotImplementedError):
            _ = file.url
        for prefix in ("/media/", "/static/", "/", "/static/../", "/.data/media/"):
            assert asking.get(f"{prefix}{file.name}").status_code in {301, 404}
    assert settings.MEDIA_URL in {"", "/"}
    assert not any("media" in str(one.pattern) for one in get_resolver().url_patterns)


def test_too_many_files_are_refused_at_once(asking, patient, media):
    kept, refused = send(asking, patient, picture(), count=21)
    assert (kept, len(refused)) == (0, 1)
    assert send(asking, patient, picture(), count=101) == (0, [])
    assert (asking.answers[400], Photo.objects.count()) == (2, 0)


class Untouched(io.BytesIO):
    """A body that nobody may read."""

    def read(self, size=-1):
        raise AssertionError("was read")


def posted(user, body, size, path=PHOTOS):
    kind = "multipart/form-data; boundary=b"
    request = RequestFactory().post(path, content_type=kind)
    request.resolver_match, request.session = resolve(path), {}
    request.META["CONTENT_LENGTH"] = str(size)
    request._stream, request.user = body, user
    return request


def test_body_too_large_is_refused_unread(clinician, manager):
    TOTPDevice.objects.create(user=manager)  # whose code has not been given yet
    for user, path, size in (
        (AnonymousUser(), PHOTOS, 3_000_000),
        (manager, PHOTOS, 3_000_000),
        (clinician, PHOTOS, 22 * MOST_BYTES),
        *((clinician, path, 3_000_000) for path in ("/admin/login/", "/admin/drafts/")),
    ):
        with pytest.raises(RequestDataTooBig):
            _ = posted(user, Untouched(), size, path).POST


def test_file_too_large_is_not_kept_whole(clinician):
    """It is taken off the line, but not to disk; its size still says that it is too large."""
    body = form_of(b"x" * (2 * MOST_BYTES))
    [file] = posted(clinician, io.BytesIO(body), len(body)).FILES.getlist("photos")
    assert MOST_BYTES < file.size <= MOST_BYTES + 2**17
    assert os.stat(file.temporary_file_path()).st_size == file.size
    with pytest.raises(ValidationError, match="larger than 25 MB"):
        read_picture(file)


# Time and memory


# A child starts with the peak of whoever starts it, and this process may have grown large.
WATCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_pid, status, used = os.wait4(process.pid, 0)
seconds = used.ru_utime + used.ru_stime
print(seconds, used.ru_maxrss // 1024, os.waitstatus_to_exitcode(status), file=sys.stderr)
"""


def cost(path):
    """Processor seconds and megabytes that decoding takes, and how it ended."""
    program = [sys.executable, "-I"]
    watched = [*program, "-c", WATCH, *program, pictures.DECODER]
    with path.open("rb") as content:
        found = subprocess.run(watched, stdin=content, capture_output=True, env={}, check=True)
    seconds, megabytes, code = found.stderr.split()
    known = json.loads(found.stdout.partition(b"\n")[0] or b"{}")
    ended = known.get("refused", "kept") if known else f"ended by {code.decode()}"
    return float(seconds), int(megabytes), ended


def test_bombs_cost_little(tmp_path, figure):
    """Each in a process of its own, as in the program; so what it takes can be measured."""
    path, told = tmp_path / "bomb", {}
    for name, make in BOMBS.items():
        path.write_bytes(make())
        told[name] = cost(path)
    figure("bombs", len(told))
    figure("longest", f"{max(one[0] for one in told.values()):.1f} s of processor time")
    figure("most memory", f"{max(one[1] for one in told.values())} MB")
    costly = {
        name: one for name, one in told.items() if one[0] > MOST_SECONDS or one[1] > MOST_MEMORY
    }
    assert costly == {}
    assert {one[2] for one in told.values()} <= {"kept", *pictures.REASONS}


@pytest.mark.filterwarnings("ignore")
def test_broken_files_of_every_decoder(seed, rounds, figure):
    """Bytes flipped, cut off and doubled at random."""
    whole = {
        "JPEG": picture((40, 30), exif=from_phone()),
        "progressive JPEG": picture((40, 30), progressive=True),
        "PNG": picture((40, 30), kind="PNG", exif=from_phone()),
        "interlaced PNG": png(16, 16),
        "palette": picture((40, 30), kind="PNG", mode="P", colour=3),
        "WebP": picture((40, 30), kind="WEBP", exif=from_phone()),
        "WebP of frames": frames("WEBP", 3, side=30),
    }
    answers = {}
    for name, content in whole.items():
        chance = dice(seed, name)
        for _round in range(rounds(150)):
            told = outcome(mutation(content, chance))
            answers[told] = answers.get(told, 0) + 1
    figure("files", sum(answers.values()))
    figure("answers", answers)
    assert {*answers} <= {"kept", *pictures.REASONS}


def test_broken_files_of_phones(seed, rounds, figure):
    """The decoder of HEIC has crashed on such files, and with it the whole program."""
    chance, answers = dice(seed, "HEIC"), {}
    for _round in range(rounds(40)):
        told = outcome_elsewhere(mutation(HEIC.read_bytes(), chance))
        answers[told] = answers.get(told, 0) + 1
    figure("files", sum(answers.values()))
    figure("answers", answers)
    assert {*answers} <= {"kept", *pictures.REASONS}


def mutation(content, chance):
    forged = bytearray(content)
    for _flip in range(chance.choice((1, 1, 2, 5, 30))):
        forged[chance.randrange(len(forged))] = chance.choice(
            (0, 1, 0x7F, 0xFF, chance.randrange(256))
        )
    match chance.randrange(6):
        case 0:
            return bytes(forged[: chance.randrange(len(forged))])
        case 1:
            start, end = sorted(chance.choices(range(len(forged)), k=2))
            return bytes(forged[:end] + forged[start:])
    return bytes(forged)
