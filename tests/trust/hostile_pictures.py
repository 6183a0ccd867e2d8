"""Pictures that hide something, that are none, and that cost much to read."""

import io
import os
import struct
import zlib

from PIL import Image, PngImagePlugin

from consultations.actions.pictures import MOST_BYTES
from tests.pictures import HEIC, file_named, from_phone, picture, resized

CANARY = b"zqx7-canary"
PHP = b"<?php system($_GET['c']); ?>" + CANARY
HTML = b"<html><script>zqx7()</script>" + CANARY
ZIP = b"PK\x03\x04" + CANARY + b"PK\x05\x06" + b"\x00" * 18
PDF = b"%PDF-1.7\n" + CANARY
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>zqx7()</script></svg>"
TAILS = {"ZIP": ZIP, "HTML": HTML, "PHP": PHP, "JavaScript": b"*/=zqx7()/*" + CANARY, "PDF": PDF}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks, colour=0, depth=1, channels=1):
    """A PNG of nothing but zeros, in a few bytes however large."""
    line = b"\x00" * (1 + (width * depth * channels + 7) // 8)
    packed = zlib.compressobj(9)
    data = b"".join(packed.compress(line) for _row in range(height)) + packed.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(chunks)
        + chunk(b"IDAT", data)
        + chunk(b"IEND", b"")
    )


def packed_text(megabytes):
    return zlib.compress(b"a" * megabytes * 1_000_000, 9)


def many_scans(side, times):
    """A progressive JPEG that draws its last scan over and over."""
    content = picture((side, side), kind="JPEG", mode="L", colour=0, progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * times + b"\xff\xd9"


def frames(kind, count, side=600, **options):
    written = io.BytesIO()
    first, *others = (
        Image.new("RGB", (side, side), (number % 256, 0, 0)) for number in range(count)
    )
    first.save(written, kind, save_all=True, append_images=others, **options)
    return written.getvalue()


def with_comment(kind):
    if kind == "PNG":
        told = PngImagePlugin.PngInfo()
        told.add_itxt("XML:com.adobe.xmp", CANARY.decode())
        told.add_text("Comment", CANARY.decode())
        return picture(kind="PNG", pnginfo=told, exif=from_phone())
    options = {"comment": CANARY} if kind == "JPEG" else {}
    return picture(kind=kind, xmp=CANARY, exif=from_phone(), **options)


POLYGLOTS = {
    f"{kind} with {name} behind": picture(kind=kind) + tail
    for kind in ("JPEG", "PNG", "WEBP")
    for name, tail in TAILS.items()
} | {
    "HEIC with HTML behind": HEIC.read_bytes() + HTML,
    "JPEG that tells": with_comment("JPEG"),
    "PNG that tells": with_comment("PNG"),
    "WebP that tells": with_comment("WEBP"),
    "PHP in a PNG": png(8, 8, chunk(b"tEXt", b"Comment\x00" + PHP)),
    "PHP in a profile": picture(icc_profile=PHP),
    "HEIC cropped with HTML behind": file_named("cropped.heic") + HTML,
    "second picture": frames("MPO", 2, side=80) + CANARY,
}
NO_PICTURES = {
    "nothing": b"",
    "one byte": b"\xff",
    "start alone": b"\xff\xd8",
    "HTML": HTML,
    "SVG": SVG,
    "SVG with its own beginning": b"<?xml version='1.0'?>" + SVG,
    "PHP": PHP,
    "PDF": PDF,
    "ZIP": ZIP,
    "GIF": picture(kind="GIF"),
    "GIF and JAR": picture(kind="GIF") + ZIP,
    "GIF of a thousand frames": frames("GIF", 300, side=20),
    "TIFF of many frames": frames("TIFF", 50, side=20),
    "BMP": picture(kind="BMP"),
    "ICO": picture(kind="ICO"),
    "PDF of Pillow": picture(kind="PDF"),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    "shell": b"#!/bin/sh\nid\n",
    "page before a picture": HTML + picture(),
    "zeros": b"\x00" * 10_000,
}
BOMBS = {
    "PNG of 30,000 by 30,000": lambda: png(30_000, 30_000),
    "PNG of one column": lambda: png(1, 40_000_000 // 400),
    "PNG of a long line": lambda: png(40_000_000, 1),
    "largest PNG that is read": lambda: png(5400, 5400, colour=6, depth=8, channels=4),
    "largest JPEG that is read": lambda: picture((7700, 7700)),
    "JPEG of 169 megapixels": lambda: resized(picture(), 13000, 13000),
    "JPEG of 60 megapixels in several scans": lambda: resized(
        picture(progressive=True, subsampling=0), 7700, 7700
    ),
    "largest WebP that is read": lambda: picture((4400, 4400), kind="WEBP"),
    "WebP beyond that": lambda: picture((5000, 5000), kind="WEBP"),
    "JPEG drawn 5,000 times": lambda: many_scans(3000, 5000),
    "JPEG of a million segments": lambda: picture()[:-2] + b"\xff\xe1\x00\x02" * 1_000_000,
    "WebP of many frames": lambda: frames("WEBP", 100),
    "APNG of many frames": lambda: frames("PNG", 60),
    "text of 300 MB": lambda: png(
        9, 9, chunk(b"iTXt", b"k\x00\x01\x00\x00\x00" + packed_text(300))
    ),
    "profile of 300 MB": lambda: png(9, 9, chunk(b"iCCP", b"k\x00\x00" + packed_text(300))),
    "profile of noise": lambda: picture(icc_profile=os.urandom(1_000_000)),
    "large EXIF": lambda: picture(
        kind="PNG",
        exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"
        + b"\x01\x01\x02\x00\xff\xff\xff\x00\x00\x00\x00\x00" * 65_535,
    ),
    "25 MB of noise": lambda: b"\xff\xd8\xff\xe0" + os.urandom(MOST_BYTES - 4),
}
