"""Decodes one picture in a process of its own: `python decoding.py < picture`.

Decoders are large, old and written in C; a forged file makes one of them crash, or go on for hours.
So they run in a process of their own, with an empty environment and limits of time and memory, and
this file imports nothing of the program. The user and the file system are the program's.
"""

import io
import json
import re
import resource
import struct
import sys
import warnings
from datetime import datetime

import pi_heif
from PIL import Image, ImageCms, ImageOps

pi_heif.register_heif_opener(thumbnails=False)

MOST_SECONDS = 30
MOST_MEMORY = 2 * 1024**3
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# Above any phone, and below the 89 million from which Pillow itself suspects a bomb. A JPEG can be
# decoded at half its size; the others are held whole, a WebP several times over.
MOST_PIXELS = {"JPEG": 60_000_000, "HEIF": 60_000_000, "PNG": 30_000_000, "WEBP": 20_000_000}
# A JPEG may draw its pixels over and over, in a few bytes each time: cameras do once, others ten
# times.
MOST_SCANS = 20
MOST_SEGMENTS = 2000
LONGEST_SIDE = 3000
THUMBNAIL_SIDE = 400
QUALITY = 85
SRGB = ImageCms.createProfile("sRGB")
STORED_SIZE = re.compile(rb"ispe\x00{4}(.{8})", re.DOTALL)
NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
START_OF_SCAN, END_OF_IMAGE = b"\xda", b"\xd9"
WITHOUT_LENGTH = {b"\x01", b"\xd8"}
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"}

EXIF_FOLDER, EXIF_TAKEN, EXIF_WRITTEN = 0x8769, 0x9003, 0x9004


class Refused(Exception):
    """The picture is not taken; names the reason."""


def decode(file):
    """The picture in a file, and the day its camera kept or None. Raises Refused."""
    try:
        with Image.open(file, formats=FORMATS) as opened:
            refuse_too_many_pixels(kind_of(opened), opened.size, *stored_sizes(opened, file))
            refuse_too_many_scans(opened, file)
            # A JPEG is decoded at a half or a quarter where that is still large enough.
            opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            taken_on = day_taken(opened)
            return upright(opened), taken_on
    except Refused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("pixels") from None
    except Image.UnidentifiedImageError:
        raise Refused("unknown") from None
    except Exception:
        # Broken and forged files make decoders raise anything; none of it is for staff to read.
        raise Refused("broken") from None


def written_anew(content):
    """What is known of the picture, and the bytes of the image and of its thumbnail."""
    whole, taken_on = decode(io.BytesIO(content))
    small = whole.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    image, thumbnail = as_jpeg(whole), as_jpeg(small)
    known = {"size": whole.size, "taken_on": str(taken_on or ""), "length": len(image)}
    return known, image + thumbnail


def refuse_too_many_pixels(kind, *sizes):
    if any(width * height > MOST_PIXELS[kind] for width, height in sizes):
        raise Refused("pixels")


def kind_of(image):
    """By which decoder a picture is read. A phone's two pictures in one file are JPEG."""
    return image.format if image.format in MOST_PIXELS else "JPEG"


def stored_sizes(image, file):
    """What a HEIC file says it holds before it is cropped: a small window may hide a huge image."""
    if image.format != "HEIF":
        return []
    file.seek(0)
    return [struct.unpack(">II", size) for size in STORED_SIZE.findall(file.read())]


def refuse_too_many_scans(image, file):
    """Each scan costs the time of a whole picture, however few its bytes."""
    if kind_of(image) != "JPEG":
        return
    file.seek(0)
    if not _may_be_decoded(file.read()):
        raise Refused("scans")


def _may_be_decoded(content):
    """Whether a JPEG has, up to its end, no more scans and segments than an honest one."""
    place, scans = 2, 0
    for _segment in range(MOST_SEGMENTS):
        found = NEXT_MARKER.search(content, place)
        if found is None or found[1] == END_OF_IMAGE:
            return True
        scans += found[1] == START_OF_SCAN
        if scans > MOST_SCANS:
            return False
        place = found.end()
        if found[1] not in WITHOUT_LENGTH:
            place += int.from_bytes(content[place : place + 2], "big")
    return False


def upright(image):
    """A new picture of the same pixels: small enough, the right way up, in plain sRGB."""
    if image.mode not in MODES:
        raise Refused("colours")
    if image.has_transparency_data and image.mode != "RGBA":
        image = image.convert("RGBA")
    elif image.mode in {"1", "P"}:
        image = image.convert("RGB")
    # Before anything else: what follows then works on nine million pixels at most.
    if (times := max(image.size) // LONGEST_SIDE) > 1:
        image = image.reduce(times)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(image, in_place=True)
    clean = Image.new("RGB", image.size)
    clean.paste(in_srgb(on_white(image)))
    return clean


def on_white(image):
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image)
    flat.info = image.info
    return flat.convert("RGB")


def in_srgb(image):
    """In the colours every screen understands; a profile that cannot be read is left out."""
    profile = image.info.get("icc_profile")
    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")


def day_taken(image):
    """The day the camera wrote beside the picture, or None."""
    exif = image.getexif()
    details = exif.get_ifd(EXIF_FOLDER)
    for text in (details.get(EXIF_TAKEN), details.get(EXIF_WRITTEN)):
        try:
            return datetime.strptime(str(text)[:10], "%Y:%m:%d").date()  # noqa: DTZ007  no zone
        except ValueError:
            continue
    return None


def as_jpeg(image):
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def limit_this_process():
    """So much time and memory, and not one file written."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    limit_this_process()
    warnings.simplefilter("ignore")
    try:
        known, pixels = written_anew(sys.stdin.buffer.read())
    except Refused as refusal:
        known, pixels = {"refused": str(refusal)}, b""
    sys.stdout.buffer.write(json.dumps(known).encode() + b"\n" + pixels)


if __name__ == "__main__":
    main()
