"""Bringing a picture to sRGB, whatever says its colours: an ICC profile, the code points of H.273
(PNG's cICP, HEIC's nclx), PNG's sRGB, gAMA and cHRM, or EXIF.

Whatever they say becomes an ICC profile, so that LittleCMS converts all of them in one way.
"""

import io
import struct
from functools import partial

from PIL import ImageCms

from .refused import Refused

SRGB = ImageCms.createProfile("sRGB")

# Chromaticities: red, green, blue and white, x and y of each. H.273, table 2, but where named.
D65, C, DCI, E = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351), (1 / 3, 1 / 3)
BT709 = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), D65)
ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06), D65)  # Adobe RGB (1998), 4.3.1.2
SMPTE_170M = ((0.630, 0.340), (0.310, 0.595), (0.155, 0.070), D65)
PRIMARIES = {
    1: BT709,
    4: ((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), C),
    5: ((0.64, 0.33), (0.29, 0.60), (0.15, 0.06), D65),
    6: SMPTE_170M,
    7: SMPTE_170M,
    8: ((0.681, 0.319), (0.243, 0.692), (0.145, 0.049), C),
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), D65),
    10: ((1, 0), (0, 1), (0, 0), E),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), DCI),
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), D65),
    22: ((0.630, 0.340), (0.295, 0.605), (0.155, 0.077), D65),
}
# Parametric curves of ICC.1, 10.18: from what is stored to light. Of BT.709 and its kin it is the
# curve of the screen, BT.1886, as browsers have it: what the maker saw, not what the camera met.
OF_SRGB = (3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
OF_SMPTE_240M = (3, 1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0913)
OF_BT1886 = (0, 2.4)
TRANSFERS = {
    **dict.fromkeys((1, 6, 11, 14, 15), OF_BT1886),
    4: (0, 2.2),
    5: (0, 2.8),
    7: OF_SMPTE_240M,
    8: (0, 1),
    13: OF_SRGB,
}
PQ, HLG = 16, 18
UNSPECIFIED = {0, 2, 3}
OF_ADOBE_RGB = (0, 563 / 256)

D50 = (0.9642, 1, 0.8249)
BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
BACK = (
    (0.9869929, -0.1470543, 0.1599627),
    (0.4323053, 0.5183603, 0.0492912),
    (-0.0085287, 0.0400428, 0.9684867),
)
EXIF_SRGB, EXIF_ADOBE_RGB, UNCALIBRATED = 1, 2, 0xFFFF
MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def in_srgb(image, info, metadata, *, is_grey):
    """The picture in sRGB; `is_grey` where it was stored so.

    What says the colours and cannot be read is passed over. Raises Refused for colours that can be
    read and not be brought to sRGB.
    """
    if image.mode not in {"RGB", "L", "CMYK"}:
        image = image.convert("RGB")
    for told in colours_told(info, metadata.colours):
        try:
            profile = told()
            return _converted(image, profile, is_grey) if profile else image.convert("RGB")
        except (ImageCms.PyCMSError, ArithmeticError, KeyError, OSError, TypeError, ValueError):
            continue
        except struct.error:
            continue
    return image.convert("RGB")


def _converted(image, profile, is_grey):
    profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = MODES[profile.profile.xcolor_space.strip()]
    if (mode == "L" and not is_grey) or (mode == "CMYK") != (image.mode == "CMYK"):
        raise ValueError("the profile of another kind of picture")
    return ImageCms.profileToProfile(image.convert(mode), profile, SRGB, outputMode="RGB")


def colours_told(info, exif):
    """What gives the profile, or None for sRGB, of each thing that says the colours: first what
    counts most, as PNG's third edition and HEIF have it. EXIF comes last."""
    if "cicp" in info:
        yield partial(of_code_points, *info["cicp"])
    if info.get("icc_profile"):
        yield partial(info.get, "icc_profile")
    if nclx := info.get("nclx_profile"):
        # Its matrix and range were the decoder's to use.
        yield partial(of_code_points, nclx["color_primaries"], nclx["transfer_characteristics"])
    if "srgb" in info:
        yield lambda: None
    if "gamma" in info or "chromaticity" in info:
        yield partial(of_png, info.get("gamma"), info.get("chromaticity"))
    yield partial(of_exif, exif)


def of_code_points(primaries, transfer, matrix=0, full_range=1):
    if transfer in {PQ, HLG}:
        raise Refused("hdr")
    if {primaries, transfer} <= UNSPECIFIED:
        raise ValueError("nothing is said")
    primaries = 1 if primaries in UNSPECIFIED else primaries
    transfer = 13 if transfer in UNSPECIFIED else transfer
    if matrix or not full_range or primaries not in PRIMARIES or transfer not in TRANSFERS:
        raise Refused("colours")
    if (primaries, transfer) == (1, 13):
        return None
    return profile_of(PRIMARIES[primaries], TRANSFERS[transfer])


def of_png(gamma, chromaticity):
    primaries = BT709
    if chromaticity:
        white, *others = zip(chromaticity[::2], chromaticity[1::2], strict=True)
        primaries = (*others, white)
    return profile_of(primaries, (0, 1 / gamma) if gamma else OF_SRGB)


def of_exif(said):
    """DCF: a camera set to Adobe RGB says "uncalibrated" and names the file's rules R03."""
    if said["space"] == EXIF_SRGB:
        return None
    if said["space"] == EXIF_ADOBE_RGB or said["index"] == "R03":
        return profile_of(ADOBE_RGB, OF_ADOBE_RGB)
    if said["space"] != UNCALIBRATED or not (said["white"] and said["primaries"]):
        raise ValueError("nothing is said")
    numbers = [float(one) for one in (*said["primaries"], *said["white"])]
    primaries = tuple(zip(numbers[::2], numbers[1::2], strict=True))
    return profile_of(primaries, (0, float(said["gamma"] or 2.2)))


# ICC


def profile_of(primaries, curve):
    """The bytes of an ICC profile (ICC.1:2022) with these chromaticities and this curve."""
    tags = {b"wtpt": _xyz(D50), b"rTRC": _curve(*curve)}
    for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns_of(*primaries), strict=True):
        tags[name] = _xyz(column)
    table, body, place = b"", b"", 128 + 4 + 12 * (len(tags) + 2)
    for name, data in tags.items():
        for each in (name,) if name != b"rTRC" else (b"rTRC", b"gTRC", b"bTRC"):
            table += struct.pack(">4sII", each, place + len(body), len(data))
        body += data
    body = struct.pack(">I", len(tags) + 2) + table + body
    header = struct.pack(
        ">I4xI4s4s4s12x4s28x12s48x",
        128 + len(body),
        0x04400000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        b"acsp",
        _numbers(D50),
    )
    return header + body


def columns_of(red, green, blue, white):
    """XYZ of each primary at full light, seen from D50 as ICC wants it."""
    points = [(x, y, 1 - x - y) for x, y in (red, green, blue)]
    x, y = white
    light = (x / y, 1, (1 - x - y) / y)
    whole = _volume(*points)
    shares = [
        _volume(*(light if number == n else point for n, point in enumerate(points))) / whole
        for number in range(3)
    ]
    seen, wanted = _times(BRADFORD, light), _times(BRADFORD, D50)
    ratios = [to / of for to, of in zip(wanted, seen, strict=True)]
    for share, point in zip(shares, points, strict=True):
        cones = _times(BRADFORD, [share * part for part in point])
        yield _times(BACK, [ratio * cone for ratio, cone in zip(ratios, cones, strict=True)])


def _times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _volume(a, b, c):
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1])
        - b[0] * (a[1] * c[2] - a[2] * c[1])
        + c[0] * (a[1] * b[2] - a[2] * b[1])
    )


def _numbers(numbers):
    return struct.pack(f">{len(numbers)}i", *(round(one * 65536) for one in numbers))


def _xyz(numbers):
    return b"XYZ \0\0\0\0" + _numbers(numbers)


def _curve(kind, *numbers):
    return struct.pack(">4s4xHxx", b"para", kind) + _numbers(numbers)
