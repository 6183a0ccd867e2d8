"""Drawn stand-ins for photos: an oval or a limb of skin, with lines that soften from visit to
visit. Nobody's picture."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter

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
MOST_LINES = 7


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
    pen = ImageDraw.Draw(picture)
    turned = 70 if view == PhotoView.LEFT_OBLIQUE else 0
    if area == Area.FACE:
        _face(pen, turned)
        places = [(180 + turned, 230), (180 + turned, 260), (190 + turned, 290)]
        places += [(150 + turned, 520), (330 + turned, 520), (240 + turned, 640)]
    else:
        _neck(pen, turned)
        places = [(190 + turned, 300 + 60 * step) for step in range(MOST_LINES)]
    _lines(picture, places, progress)
    pen.text((20, HEIGHT - 40), f"Demo drawing, visit {number + 1}", fill="#33413e", font_size=24)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def _face(pen, turned):
    pen.ellipse((110 + turned, 60, 490 + turned, 420), fill=HAIR)
    pen.rectangle((230, 640, 370, HEIGHT), fill=SKIN)
    pen.ellipse((120 + turned, 110, 480 + turned, 720), fill=SKIN)
    for eye in (190, 340):
        pen.ellipse((eye + turned, 370, eye + 70 + turned, 400), fill="#ffffff", outline=LINE)
        pen.ellipse((eye + 24 + turned, 372, eye + 48 + turned, 398), fill=HAIR)
    pen.line((300 + 2 * turned, 400, 285 + 2 * turned, 500, 315 + 2 * turned, 505), LINE, 4)
    pen.arc((230 + turned, 540, 370 + turned, 610), 20, 160, fill="#a3574f", width=8)


def _neck(pen, turned):
    pen.ellipse((130 + turned, -380, 470 + turned, 200), fill=SKIN)
    pen.rectangle((190, 120, 410, 620), fill=SKIN)
    pen.polygon(
        [(190, 560), (0, 700), (0, HEIGHT), (WIDTH, HEIGHT), (WIDTH, 700), (410, 560)], SKIN
    )


def _lines(picture, places, progress):
    """Fold lines over the picture, fewer and fainter the further the course has come."""
    shade = Image.new("L", picture.size)
    pen = ImageDraw.Draw(shade)
    for place, (left, top) in enumerate(places):
        if place < len(places) - 2 * progress:
            strength = int(200 - 130 * progress)
            pen.arc((left, top - 20, left + 210, top + 25), 20, 160, fill=strength, width=7)
    shade = shade.filter(ImageFilter.GaussianBlur(2 + 2 * progress))
    picture.paste(Image.new("RGB", picture.size, LINE), mask=shade)
