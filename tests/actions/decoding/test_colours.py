"""Every way a file can say its colours ends in the same sRGB, or in words.

The patches are stored as they would be in the file's own colours, computed with the matrices that
the standards print, and not with the chromaticities that the program works from.
"""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from consultations.actions.decoding import Refused, decode
from consultations.actions.decoding.colours import (
    ADOBE_RGB,
    OF_ADOBE_RGB,
    OF_SRGB,
    PRIMARIES,
    profile_of,
)
from tests.pictures import chunk, file_named, heic_with, png_with

PATCHES = [(231, 190, 165), (198, 134, 96), (141, 85, 54), (214, 92, 80),
           (112, 74, 110), (128, 128, 128), (243, 243, 242), (70, 148, 73)]  # fmt: skip

# RGB to XYZ: IEC 61966-2-1, SMPTE EG 432-1 with D65, Adobe RGB (1998), ITU-R BT.2020.
SRGB = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041))  # fmt: skip
DISPLAY_P3 = ((0.4865709, 0.2656677, 0.1982173), (0.2289746, 0.6917385, 0.0792869),
              (0.0, 0.0451134, 1.0439444))  # fmt: skip
ADOBE = ((0.5766690, 0.1855582, 0.1882286), (0.2973450, 0.6273636, 0.0752915),
         (0.0270314, 0.0706889, 0.9913375))  # fmt: skip
BT2020 = ((0.6369580, 0.1446169, 0.1688810), (0.2627002, 0.6779981, 0.0593017),
          (0.0, 0.0280727, 1.0609851))  # fmt: skip


def srgb_light(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def srgb_stored(light):
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def gamma(exponent):
    return lambda light: light ** (1 / exponent)


def smpte_240m(light):
    return light * 4 if light < 0.0228 else 1.1115 * light**0.45 - 0.1115


def stored(matrix, curve, patches=PATCHES):
    """What a file of those colours holds for each patch."""
    for patch in patches:
        light = [srgb_light(value / 255) for value in patch]
        xyz = [sum(a * b for a, b in zip(row, light, strict=True)) for row in SRGB]
        yield tuple(round(255 * curve(max(one, 0))) for one in solved(matrix, xyz))


def solved(matrix, result):
    """Cramer's rule."""
    whole = volume(matrix)
    for number in range(3):
        rows = zip(matrix, result, strict=True)
        yield volume([[*row[:number], one, *row[number + 1 :]] for row, one in rows]) / whole


def volume(rows):
    (a, b, c), (d, e, f), (g, h, i) = rows
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def drawn(colours, mode="RGB"):
    image = Image.new(mode, (32 * len(PATCHES), 32))
    for number, colour in enumerate(colours):
        image.paste(colour, (32 * number, 0, 32 * number + 32, 32))
    return image


def seen(content):
    image, _moments = decode(io.BytesIO(content))
    return [image.getpixel((32 * number + 16, 16)) for number in range(len(PATCHES))]


def far(these, those):
    pairs = zip(these, those, strict=True)
    return max(abs(a - b) for one, other in pairs for a, b in zip(one, other, strict=True))


# How a file says its colours


def cicp(*code_points):
    return chunk(b"cICP", bytes(code_points))


def gama(value):
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(*numbers):
    return chunk(b"cHRM", struct.pack(">8I", *(round(one * 100_000) for one in numbers)))


def iccp(profile):
    return chunk(b"iCCP", b"of a test\0\0" + zlib.compress(profile))


def exif_of(space=None, index=None, entries=(), details=()):
    """What cameras write: the colour space, and the index of interoperability in its own folder."""
    exif = Image.Exif()
    exif.update(entries)
    folder = exif.get_ifd(0x8769)
    folder.update(details)
    folder.update({0xA001: space} if space else {})
    folder.update({0xA005: {1: index}} if index else {})
    return exif.tobytes()


SRGB_CHUNK, R03 = chunk(b"sRGB", b"\0"), exif_of(65535, "R03")
P3_PROFILE, ADOBE_PROFILE = profile_of(PRIMARIES[12], OF_SRGB), profile_of(ADOBE_RGB, OF_ADOBE_RGB)
LINEAR_PROFILE = profile_of(PRIMARIES[1], (0, 1))
P3_POINTS = (0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060)
ADOBE_POINTS = (0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
UNCALIBRATED = exif_of(
    65535,
    entries=[(0x013E, (0.3127, 0.3290)), (0x013F, (0.68, 0.32, 0.265, 0.69, 0.15, 0.06))],
    details={0xA500: 2.2},
)


def png(colours, *chunks):
    return png_with(drawn(colours), *chunks)


def png_and_behind(content, *chunks):
    """With chunks between the pixels and the end."""
    return content[:-12] + b"".join(chunks) + content[-12:]


def saved(kind, colours, **options):
    written = io.BytesIO()
    if kind == "JPEG":
        options |= {"quality": 98, "subsampling": 0}
    drawn(colours).save(written, kind, **({"lossless": True} if kind == "WEBP" else {}), **options)
    return written.getvalue()


AS_ADOBE = list(stored(ADOBE, gamma(2.2)))
WAYS = {
    "PNG that says nothing": png(PATCHES),
    "PNG, cICP: sRGB": png(PATCHES, cicp(1, 13, 0, 1)),
    "PNG, cICP: Display P3": png(stored(DISPLAY_P3, srgb_stored), cicp(12, 13, 0, 1)),
    "PNG, cICP: BT.2020": png(stored(BT2020, gamma(2.4)), cicp(9, 14, 0, 1)),
    "PNG, cICP: BT.709": png(stored(SRGB, gamma(2.4)), cicp(1, 1, 0, 1)),
    "PNG, cICP: gamma 2.2": png(stored(SRGB, gamma(2.2)), cicp(1, 4, 0, 1)),
    "PNG, cICP: gamma 2.8": png(stored(SRGB, gamma(2.8)), cicp(1, 5, 0, 1)),
    "PNG, cICP: SMPTE 240M": png(stored(SRGB, smpte_240m), cicp(1, 7, 0, 1)),
    "PNG, cICP: linear": png(stored(SRGB, gamma(1)), cicp(1, 8, 0, 1)),
    "PNG, cICP: primaries alone": png(stored(DISPLAY_P3, srgb_stored), cicp(12, 2, 0, 1)),
    "PNG, cICP: curve alone": png(stored(SRGB, gamma(1)), cicp(2, 8, 0, 1)),
    "PNG, profile": png(stored(DISPLAY_P3, srgb_stored), iccp(P3_PROFILE)),
    "PNG, sRGB": png(PATCHES, SRGB_CHUNK),
    "PNG, gAMA and cHRM": png(AS_ADOBE, gama(45455), chrm(*ADOBE_POINTS)),
    "PNG, gAMA alone": png(stored(SRGB, gamma(1)), gama(100_000)),
    "PNG, cHRM alone": png(stored(DISPLAY_P3, srgb_stored), chrm(*P3_POINTS)),
    "PNG, EXIF": png(AS_ADOBE, chunk(b"eXIf", R03[6:])),
    "JPEG that says nothing": saved("JPEG", PATCHES),
    "JPEG, profile": saved("JPEG", stored(DISPLAY_P3, srgb_stored), icc_profile=P3_PROFILE),
    "JPEG, EXIF: sRGB": saved("JPEG", PATCHES, exif=exif_of(1, "R98")),
    "JPEG, EXIF: Adobe RGB, as DCF says it": saved("JPEG", AS_ADOBE, exif=R03),
    "JPEG, EXIF: the index alone": saved("JPEG", AS_ADOBE, exif=exif_of(None, "R03")),
    "JPEG, EXIF: the index as bytes": saved("JPEG", AS_ADOBE, exif=exif_of(65535, b"R03\0")),
    "JPEG, EXIF: space 2": saved("JPEG", AS_ADOBE, exif=exif_of(2)),
    "JPEG, EXIF: primaries": saved("JPEG", stored(DISPLAY_P3, gamma(2.2)), exif=UNCALIBRATED),
    "JPEG, EXIF: uncalibrated, no more": saved("JPEG", PATCHES, exif=exif_of(65535)),
    "WebP that says nothing": saved("WEBP", PATCHES),
    "WebP, profile": saved("WEBP", AS_ADOBE, icc_profile=ADOBE_PROFILE),
    "WebP, EXIF": saved("WEBP", AS_ADOBE, exif=R03),
}  # fmt: skip
# What counts most stands first, as PNG's third edition has it; every other is wrong here.
PRECEDENCE = {
    "cICP before a profile": png(PATCHES, cicp(1, 13, 0, 1), iccp(LINEAR_PROFILE)),
    "cICP before the rest": png(PATCHES, SRGB_CHUNK, gama(100_000), cicp(1, 13, 0, 1)),
    "profile before sRGB": png(stored(SRGB, gamma(1)), SRGB_CHUNK, iccp(LINEAR_PROFILE)),
    "profile before gAMA": png(stored(SRGB, gamma(1)), gama(45455), iccp(LINEAR_PROFILE)),
    "sRGB before gAMA": png(PATCHES, SRGB_CHUNK, gama(100_000)),
    "sRGB before EXIF": png(PATCHES, SRGB_CHUNK, chunk(b"eXIf", R03[6:])),
    "cICP that specifies nothing": png(stored(SRGB, gamma(1)), cicp(2, 2, 0, 1), gama(100_000)),
    "cICP too late": png_and_behind(png(PATCHES), cicp(1, 8, 0, 1)),
    "profile too late": png_and_behind(png(PATCHES), iccp(LINEAR_PROFILE)),
    "gAMA too late": png_and_behind(png(PATCHES), gama(100_000)),
    "cHRM too late": png_and_behind(png(PATCHES), chrm(*P3_POINTS)),
    "sRGB too late": png_and_behind(png(stored(SRGB, gamma(1)), gama(100_000)), SRGB_CHUNK),
    "gAMA twice, once too late": png_and_behind(
        png(stored(SRGB, gamma(1)), gama(100_000)), gama(45455)),
    "profile that cannot be read": png(stored(SRGB, gamma(1)), iccp(b"no"), gama(100_000)),
    "profile of another kind": png(PATCHES, iccp(
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())),
    "gAMA of nothing": png(PATCHES, gama(0)),
    "gAMA beyond reason": png(PATCHES, gama(1)),
    "cHRM of nothing": png(PATCHES, chrm(*[0] * 8)),
    "cHRM on one line": png(PATCHES, chrm(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3)),
    "profile before EXIF": saved("JPEG", PATCHES, exif=R03,
                                 icc_profile=profile_of(PRIMARIES[1], OF_SRGB)),
    "EXIF that contradicts itself": saved("JPEG", PATCHES, exif=exif_of(1, "R03")),
    "chromaticities that divide by nothing": saved(
        "JPEG", PATCHES, exif=exif_of(65535, entries=[(0x013E, (0, 0)), (0x013F, (0,) * 6)])),
}  # fmt: skip


@pytest.mark.parametrize("content", WAYS.values(), ids=WAYS)
def test_colours_are_brought_to_srgb(content):
    assert far(seen(content), PATCHES) <= 4


@pytest.mark.parametrize("content", PRECEDENCE.values(), ids=PRECEDENCE)
def test_what_counts_most_is_believed(content):
    assert far(seen(content), PATCHES) <= 4


@pytest.mark.parametrize(
    "name",
    ["p3_cicp.png", "p3_chrm.png", "linear_gama.png", "adobe_rgb_dcf.jpg"],
)
def test_patches_of_files_made_elsewhere(name):
    """Made by another program; Chromium 156 shows the three PNG as the patches."""
    image, _moments = decode(io.BytesIO(file_named(f"patches_{name}")))
    got = [image.getpixel((200 * number + 100, 100)) for number in range(len(PATCHES))]
    assert far(got, PATCHES) <= 4


@pytest.mark.parametrize("mode", ["L", "LA", "1"])
def test_grey_picture_with_the_profile_of_a_coloured_one(mode):
    """Half of the light is 188 of 255 in sRGB; black and white stay."""
    image = drawn([255] * 8, "L").convert(mode) if mode == "1" else Image.new(mode, (256, 32), 128)
    if mode == "LA":
        image.putalpha(255)
    expected = 255 if mode == "1" else 188
    assert far(seen(png_with(image, iccp(LINEAR_PROFILE))), [(expected,) * 3] * 8) <= 1


def test_colours_are_not_lost_to_the_profile_of_a_grey_picture():
    """The class and the space of the header say "grey"."""
    grey = LINEAR_PROFILE[:16] + b"GRAY" + LINEAR_PROFILE[20:]
    assert far(seen(png(PATCHES, iccp(grey))), PATCHES) <= 4


# HEIC


def nclx(*code_points):
    """Primaries, transfer and matrix as HEIC holds them, at full range."""
    content = b"nclx" + struct.pack(">HHHB", *code_points, 0x80)
    return struct.pack(">I4s", 8 + len(content), b"colr") + content


def prof(profile):
    return struct.pack(">I4s4s", 12 + len(profile), b"colr", b"prof") + profile


# What those show in sRGB whose numbers, read as Display P3 or as light, are those of the file.
FROM_P3 = {
    colour: tuple(
        round(255 * srgb_stored(min(max(one, 0), 1)))
        for one in solved(
            SRGB,
            [
                sum(a * srgb_light(b / 255) for a, b in zip(row, colour, strict=True))
                for row in DISPLAY_P3
            ],
        )
    )
    for colour in ((200, 30, 30), (30, 160, 60), (40, 60, 200), (230, 200, 40))
}


def corners_of_heic(*properties):
    """Of the middle of a file whose quarters are red, green, blue and yellow."""
    image, _moments = decode(io.BytesIO(heic_with(file_named("cropped.heic"), *properties)))
    return [image.getpixel((x, y)) for y in (60, 180) for x in (80, 240)]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ([], list(FROM_P3)),
        ([nclx(1, 13, 6)], list(FROM_P3)),
        ([nclx(2, 2, 2)], list(FROM_P3)),
        ([nclx(12, 13, 6)], list(FROM_P3.values())),
        ([prof(P3_PROFILE)], list(FROM_P3.values())),
        ([nclx(1, 13, 6), prof(P3_PROFILE)], list(FROM_P3.values())),
    ],
    ids=["nothing", "sRGB", "unspecified", "Display P3", "profile", "profile before nclx"],
)
def test_heic_is_brought_to_srgb(properties, expected):
    assert far(corners_of_heic(*properties), expected) <= 4


# Refused


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (png(PATCHES, cicp(9, 16, 0, 1)), "hdr"),
        (png(PATCHES, cicp(9, 18, 0, 1)), "hdr"),
        (heic_with(file_named("cropped.heic"), nclx(9, 16, 9)), "hdr"),
        (heic_with(file_named("cropped.heic"), nclx(9, 18, 9)), "hdr"),
        (png(PATCHES, cicp(1, 1, 0, 0)), "colours"),  # of a narrow range
        (png(PATCHES, cicp(1, 13, 1, 1)), "colours"),  # not RGB, which PNG always is
        (png(PATCHES, cicp(1, 9, 0, 1)), "colours"),  # logarithmic
        (png(PATCHES, cicp(77, 13, 0, 1)), "colours"),
    ],
)
def test_colours_that_cannot_be_brought_to_srgb_are_refused(content, reason):
    with pytest.raises(Refused, match=reason):
        decode(io.BytesIO(content))
