"""What three readers of another make find in a PDF."""

import io
import re
import subprocess

import pypdf
from pdfminer.high_level import extract_text


def by_poppler(content):
    told = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=True
    )
    # Marks of direction around what runs from right to left.
    return told.stdout.decode().translate(dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f")))


def placed(content):
    """The words on the first page, each with its top and bottom in points."""
    told = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", "-l", "1", "-bbox", "-", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    found = re.findall(r'yMin="([\d.]+)".*yMax="([\d.]+)">(.*)</word>', told.stdout.decode())
    return [(word, float(top), float(bottom)) for top, bottom, word in found]


def by_pdfminer(content):
    return extract_text(io.BytesIO(content))


def by_pypdf(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def words(text):
    """A text on one line."""
    return " ".join(text.split())
