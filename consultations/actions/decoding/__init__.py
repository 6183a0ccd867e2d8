"""Decodes one picture: its pixels upright and in sRGB, and the moments that its camera wrote.

Decoders are large, old and written in C; a forged file makes one of them crash, or go on for hours.
So they run in a process of their own (`__main__.py`), with an empty environment and limits of time
and memory, and this folder imports nothing of the program. The user and the file system are the
program's.
"""

import io
import struct

from PIL import Image, ImageFile

from .colours import in_srgb
from .heic import is_heic, open_heic
from .limits import LONGEST_SIDE, MOST_PIXELS, refuse_too_many_pixels, shrink_jpeg
from .metadata import Metadata, iptc_of
from .refused import Refused

__all__ = ["Refused", "decode", "logo", "turned", "written_anew"]

FORMATS = ("JPEG", "PNG", "WEBP")
# Our own limits are lower, but for a JPEG, which is not decoded at its full size.
Image.MAX_IMAGE_PIXELS = None
THUMBNAIL_SIDE = 400
QUALITY = 85
LONGEST_SIDE_OF_LOGO = 1200
# On letters a logo is 16 mm high: below this it is a blur, and a longer one leaves the sheet.
SHORTEST_SIDE_OF_LOGO = 24
TIMES_AS_LONG = 8
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"}
COLOURS_OF_PNG = {"chromaticity", "cicp", "gamma", "icc_profile", "srgb"}
GREY = {"1", "L", "LA"}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
TO_THE_RIGHT = {90: TURNS[6], 180: TURNS[3], 270: TURNS[8]}


def decode(file):
    """The picture in a file, and the moments told beside it. Raises Refused."""
    content = file.read()
    try:
        if is_heic(content):
            image, is_turned = open_heic(content)
            metadata = Metadata(image.info)
            # Phones of Samsung and cameras of Fujifilm leave the turn to EXIF; those of Apple write
            # it twice. So EXIF counts where the file itself says nothing.
            return upright(image, metadata, 1 if is_turned else metadata.orientation)
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            metadata = prepared(image, content)
            return upright(image, metadata, metadata.orientation)
    except Refused:
        raise
    except Image.UnidentifiedImageError:
        raise Refused("unknown") from None
    except Exception:
        # Broken and forged files make decoders raise anything; none of it is for staff to read.
        raise Refused("broken") from None


def written_anew(content):
    """What is known of the picture, and the bytes of the image and of its thumbnail."""
    whole, moments = decode(io.BytesIO(content))
    return told(whole, moments)


def logo(content):
    """The same as a PNG in RGB: no PDF/A takes CMYK, and letters stay sharp."""
    whole, _moments = decode(io.BytesIO(content))
    short, long = sorted(whole.size)
    if long > TIMES_AS_LONG * short:
        raise Refused("narrow")
    if short < SHORTEST_SIDE_OF_LOGO:
        raise Refused("small")
    whole.thumbnail((LONGEST_SIDE_OF_LOGO, LONGEST_SIDE_OF_LOGO), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    whole.save(written, "PNG", optimize=True)
    return {"size": whole.size}, written.getvalue()


def turned(content, degrees):
    """The same of a JPEG of our own, turned to the right. Its tables of quantization turn with it:
    so its blocks stay what they are, and next to nothing is lost."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as image:
            tables = image.quantization
            whole = image.convert("RGB").transpose(TO_THE_RIGHT[degrees])
    except Exception:
        raise Refused("broken") from None
    if degrees != 180:
        tables = {
            key: [table[n % 8 * 8 + n // 8] for n in range(64)] for key, table in tables.items()
        }
    return told(whole, [], qtables=tables)


def told(whole, moments, **options):
    small = whole.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    image, thumbnail = as_jpeg(whole, **options), as_jpeg(small)
    known = {"size": whole.size, "taken": moments, "length": len(image)}
    return known, image + thumbnail


def prepared(image, content):
    """Refuse what is too large before it is decoded; what is written beside the rest."""
    # A phone's two pictures in one file are JPEG.
    if image.format in MOST_PIXELS:
        refuse_too_many_pixels(MOST_PIXELS[image.format], image.size)
        if image.format == "PNG" and (code_points := code_points_of(content)):
            image.info["cicp"] = code_points
        load(image)
        return Metadata(image.info)
    shrink_jpeg(image, content)
    return Metadata(image.info, iptc_of(image))


def load(image):
    """Read a picture to its end. What a PNG has behind its pixels counts, but for colours."""
    early = dict(image.info)
    image.load()
    late = {key: value for key, value in image.info.items() if key not in COLOURS_OF_PNG}
    image.info = late | early


def code_points_of(content):
    """PNG's cICP, which Pillow passes over: primaries, transfer, matrix and range, or None."""
    place = 8
    while place + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        if kind in {b"PLTE", b"IDAT"}:
            return None
        if kind == b"cICP":
            return tuple(content[place + 8 : place + 12]) if length == 4 else None
        place += 12 + length
    return None


def upright(image, metadata, orientation):
    """A new picture of the same pixels: small enough, the right way up, in plain sRGB."""
    if image.mode not in MODES:
        raise Refused("colours")
    info, is_grey = image.info, image.mode in GREY
    if image.has_transparency_data and image.mode != "RGBA":
        image = image.convert("RGBA")
    elif image.mode in {"1", "P"}:
        image = image.convert("RGB")
    # Before anything else: what follows then works on nine million pixels at most.
    if (times := max(image.size) // LONGEST_SIDE) > 1:
        image = image.reduce(times)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    clean = Image.new("RGB", image.size)
    clean.paste(in_srgb(on_white(image), info, metadata, is_grey=is_grey))
    return clean, metadata.moments


def on_white(image):
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGBA", image.size, "white")
    flat.alpha_composite(image)
    return flat.convert("RGB")


def as_jpeg(image, **options):
    """With colours at full resolution: fine red vessels are what staff look for."""
    written = io.BytesIO()
    options = options or {"quality": QUALITY}
    # Optimised, a JPEG must fit Pillow's buffer: a byte a pixel, too little for a grainy picture.
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 4 * image.width * image.height)
    image.save(written, "JPEG", subsampling=0, optimize=True, **options)
    return written.getvalue()
