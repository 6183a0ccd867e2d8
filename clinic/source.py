"""Offer the source of the running program to its users (section 13 of the licence).

`SOURCE_URL` may name where it is published. Otherwise the program packs the code that it runs from,
and nothing of the clinic's: no data folder, media, database, hidden file or link.
"""

import gzip
import io
import tarfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

FOLDERS = (".ci", ".github", "clinic", "consultations", "findings", "templates", "tests")
FILES = (
    ".editorconfig",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "manage.py",
    "pyproject.toml",
)
# The kinds of file in our folders; any other was put there by somebody else.
KINDS = {
    ".css",
    ".csv",
    ".heic",
    ".html",
    ".jpg",
    ".js",
    ".md",
    ".mjs",
    ".png",
    ".py",
    ".sh",
    ".svg",
}
KINDS |= {".otf", ".ttf", ".txt", ".typ", ".webp", ".xlsx"}
SCRIPTS = {"checks", "run", "package.json", "package-lock.json"}


def source_url():
    return settings.SOURCE_URL or reverse("source")


@require_safe
def source(request):
    """Return the packed source, or redirect to where it is published."""
    if settings.SOURCE_URL:
        return HttpResponseRedirect(settings.SOURCE_URL)
    response = HttpResponse(archive(), content_type="application/gzip")
    response.headers["Content-Disposition"] = 'attachment; filename="turgor-source.tar.gz"'
    return response


@cache
def archive():
    """Return a .tar.gz; the same bytes as long as the code is the same."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w") as tar,
    ):
        for path in files():
            member = tarfile.TarInfo(f"turgor/{path.relative_to(settings.BASE_DIR).as_posix()}")
            member.size, member.mode = path.stat().st_size, path.stat().st_mode & 0o755
            with path.open("rb") as content:
                tar.addfile(member, content)
    return packed.getvalue()


def files():
    """Return the paths of the program's files, in order."""
    base, kept = settings.BASE_DIR, [settings.MEDIA_ROOT, settings.STATIC_ROOT, settings.DATA_DIR]
    kept = [Path(place).resolve() for place in kept]
    inside = [path for name in FOLDERS for path in sorted((base / name).rglob("*"))]
    ours = [path for path in inside if is_ours(path.relative_to(base))]
    return [
        path
        for path in [*(base / name for name in FILES), *ours]
        if path.is_file()
        and not path.is_symlink()
        and not any(path.is_relative_to(place) for place in kept)
    ]


def is_ours(path):
    """Whether a path below one of our folders is a file of ours, by its name."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts[1:])
    return not hidden and (path.suffix in KINDS or path.name in SCRIPTS)
