"""Drawn stand-ins for photos: skin with lines that soften from visit to visit.

They are nobody's picture.
"""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from consultations.actions.consents import give_photo_consent
from consultations.actions.photos import keep_photo
from consultations.models import ConsentWording
from consultations.vocabulary import Area, ConsentKind, PhotoView

# Which of the stories are photographed, all from the front.
AREAS = {
    1: (Area.FACE, Area.NECK),
    3: (Area.FACE,),
}
WIDTH, HEIGHT = 600, 800
BACKGROUND, SKIN, LINE, HAIR = "#cfd8d6", "#d9a988", "#8a5a3f", "#5b4636"


def photograph(diary):
    """Photos of each done session, and the consent before them, as `AREAS` says for this story."""
    if diary.number not in AREAS:
        return
    visits = {}
    for plan in diary.plans.values():
        for session in plan.done_sessions():
            visits.setdefault(plan.area, []).append(session.performed_on)
    by = diary.account("practitioner")
    give_photo_consent(
        patient=diary.patient,
        signed_name=f"{diary.patient.given_name} {diary.patient.family_name}",
        given_on=min(day for days in visits.values() for day in days),
        wording=ConsentWording.objects.current(ConsentKind.PHOTO),
        by=by,
    )
    for area in AREAS[diary.number]:
        days = sorted(visits.get(area, ()))
        for number, day in enumerate(days):
            drawn = draw(area, number, number / max(len(days) - 1, 1))
            keep_photo(
                patient=diary.patient,
                file=SimpleUploadedFile("drawing.jpg", drawn),
                area=area,
                view=PhotoView.FRONT,
                taken_on=day,
                by=by,
            )


def draw(area, number, progress):
    """One drawing as JPEG; `progress` runs from 0, many lines, to 1, few and faint."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    skin = Image.new("L", picture.size)
    lines = _face(picture, skin) if area == Area.FACE else _neck(picture, skin)
    folds = _folds(picture.size, lines, progress)
    picture.paste(Image.new("RGB", picture.size, LINE), mask=ImageChops.multiply(folds, skin))
    words = f"Demo drawing, visit {number + 1}"
    ImageDraw.Draw(picture).text((20, HEIGHT - 40), words, fill="#33413e", font_size=24)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def _face(picture, skin):
    """A head from the front; returns where its lines begin."""
    pen, oval = ImageDraw.Draw(picture), (120, 110, 480, 720)
    pen.ellipse((105, 60, 495, 470), fill=HAIR)
    pen.rectangle((230, 640, 370, HEIGHT), fill=SKIN)
    pen.ellipse(oval, fill=SKIN)
    ImageDraw.Draw(skin).ellipse(oval, fill=255)
    for eye in (190, 340):
        pen.ellipse((eye, 370, eye + 70, 400), fill="#ffffff", outline=LINE)
        pen.ellipse((eye + 24, 372, eye + 48, 398), fill=HAIR)
    pen.line((300, 400, 285, 500, 315, 505), LINE, 4)
    pen.arc((230, 540, 370, 610), 20, 160, fill="#a3574f", width=8)
    brow = [(195, top) for top in (230, 262, 294)]
    return [*brow, (80, 500), (310, 500), (195, 640)]


def _neck(picture, skin):
    pen, column = ImageDraw.Draw(picture), (190, 120, 410, 640)
    shoulders = [(190, 560), (0, 700), (0, HEIGHT), (WIDTH, HEIGHT), (WIDTH, 700), (410, 560)]
    pen.ellipse((130, -380, 470, 200), fill=SKIN)
    pen.rectangle(column, fill=SKIN)
    pen.polygon(shoulders, SKIN)
    ImageDraw.Draw(skin).rectangle(column, fill=255)
    return [(195, 300 + 60 * step) for step in range(6)]


def _folds(size, lines, progress):
    """How strongly each point is shaded: fewer and fainter, the further the course has come."""
    shade = Image.new("L", size)
    pen = ImageDraw.Draw(shade)
    for left, top in lines[: len(lines) - int(2 * progress)]:
        pen.arc((left, top - 20, left + 210, top + 25), 20, 160, int(200 - 130 * progress), 7)
    return shade.filter(ImageFilter.GaussianBlur(2 + 2 * progress))
