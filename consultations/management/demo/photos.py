"""Drawn stand-ins for photos: an oval or a limb of skin, with lines that soften from visit to
visit. Nobody's picture."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from consultations.actions.consents import give_photo_consent
from consultations.actions.photos import keep_photo
from consultations.models import ConsentWording
from consultations.vocabulary import Area, ConsentKind, PhotoView

# Which of the stories are photographed, and from where.
VIEWS = {
    1: {Area.FACE: (PhotoView.FRONT, PhotoView.LEFT_OBLIQUE), Area.NECK: (PhotoView.FRONT,)},
    3: {Area.FACE: (PhotoView.FRONT,)},
}
WIDTH, HEIGHT = 600, 800
BACKGROUND, SKIN, LINE, HAIR = "#cfd8d6", "#d9a988", "#8a5a3f", "#5b4636"


def photograph(diary):
    """Photos of each done session, and the consent before them, as `VIEWS` says for this story."""
    views, visits = VIEWS.get(diary.number), {}
    if not views:
        return
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
    for area, sides in views.items():
        days = sorted(visits.get(area, ()))
        for number, day in enumerate(days):
            for view in sides:
                drawn = draw(area, view, number, number / max(len(days) - 1, 1))
                file = SimpleUploadedFile("drawing.jpg", drawn)
                where = {"area": area, "view": view, "taken_on": day}
                keep_photo(patient=diary.patient, file=file, by=by, **where)


def draw(area, view, number, progress):
    """One drawing as JPEG; `progress` runs from 0, many lines, to 1, few and faint."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    skin = Image.new("L", picture.size)
    if area == Area.FACE:
        lines = _face(picture, skin, -60 if view == PhotoView.LEFT_OBLIQUE else 0)
    else:
        lines = _neck(picture, skin)
    folds = _folds(picture.size, lines, progress)
    picture.paste(Image.new("RGB", picture.size, LINE), mask=ImageChops.multiply(folds, skin))
    words = f"Demo drawing, visit {number + 1}"
    ImageDraw.Draw(picture).text((20, HEIGHT - 40), words, fill="#33413e", font_size=24)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def _face(picture, skin, turn):
    """A head whose features lie `turn` to the side; returns where its lines begin."""
    pen, oval = ImageDraw.Draw(picture), (120, 110, 480, 720)
    pen.ellipse((105, 60, 495, 470), fill=HAIR)
    pen.rectangle((230, 640, 370, HEIGHT), fill=SKIN)
    pen.ellipse(oval, fill=SKIN)
    ImageDraw.Draw(skin).ellipse(oval, fill=255)
    for eye in (190 + turn, 340 + turn):
        pen.ellipse((eye, 370, eye + 70, 400), fill="#ffffff", outline=LINE)
        pen.ellipse((eye + 24, 372, eye + 48, 398), fill=HAIR)
    pen.line((300 + turn, 400, 285 + 2 * turn, 500, 315 + turn, 505), LINE, 4)
    pen.arc((230 + turn, 540, 370 + turn, 610), 20, 160, fill="#a3574f", width=8)
    brow = [(195 + turn, top) for top in (230, 262, 294)]
    return [*brow, (80 + turn, 500), (310 + turn, 500), (195 + turn, 640)]


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
