"""The letter to a surgeon: what surgeons ask for before they see somebody.

Which is identity, contact and general practitioner; reason, area and grade with its scale; why no
laser; wishes; height, weight, BMI, smoking, blood thinners, medicines, allergies, past surgery; and
photographs where the patient agreed. Plastic surgery criteria of Queensland Health turn letters
away that lack blood thinners, height and weight, or smoking (clinical reference 8.3, [QLD]).
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Consultation, Photo
from consultations.models.health import AreaCheck
from consultations.models.text import day_in_words
from consultations.rules.candidacy.screen import unasked
from consultations.summaries.integrity import is_as_recorded, read_file
from consultations.summaries.signed_copy.fields import answer, label_of
from consultations.summaries.timeline import name_of
from consultations.vocabulary import LaserType, Level, Urgency

from .about_patient import (
    ASKED_AT_VISITS,
    ASKED_OF_PATIENT,
    allergies_of,
    contact_rows,
    history_rows,
    not_asked,
    said_of,
    said_of_each,
)
from .sheet import Section, row, signed_by

WHY_NO_LASER = (Level.REFER, Level.EXCLUDE, Level.HOLD)
EXAMINED = (*AreaCheck.CHECK_FIELDS, "radiotherapy")
MOST_PHOTOS = 5
# Who is written to by one of these is a person, and not a practice or its department.
TITLES = {
    *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lady", "lord"),
    *("doctor", "herr", "frau", "dott", "dra", "sr", "sra", "mme", "m"),
}


def gather(referral, by, *, with_photos=False):
    """Return what the letter about a referral says."""
    assessment = referral.assessment
    consultation, patient = assessment.consultation, referral.patient
    return {
        "title": _("Referral: %(area)s") % {"area": assessment.get_area_display().lower()},
        "to": _to(referral),
        "salutation": _salutation(referral),
        "opening": _opening(referral),
        "sections": [
            Section(_("Patient"), rows=contact_rows(patient)),
            _laxity(assessment),
            _why_no_laser(assessment),
            Section(
                _("What the patient wants"),
                consultation.concern or not_asked(),
                rows=_wishes(consultation),
            ),
            Section(_("History"), rows=history_rows(patient, said_of(patient))),
            Section(_("Examination of the area"), rows=_examination(assessment)),
            *([Section(_("Further notes"), referral.notes)] if referral.notes else []),
        ],
        "signed": [_("Yours sincerely"), *signed_by(by)],
        "photos": [_as_printed(photo) for photo in photos_for(referral)] if with_photos else [],
    }


def _to(referral):
    """Whom it is written to: with practice and address where the surgeon is on the list."""
    surgeon = _addressed(referral)
    if surgeon is None:
        return [referral.surgeon]
    return [surgeon.name, surgeon.practice, surgeon.address]


def _salutation(referral):
    """To a person by title and name, without the letters behind it; to anybody else in general."""
    surgeon = _addressed(referral)
    name = surgeon.name.partition(",")[0].strip() if surgeon else ""
    title, _space, rest = name.partition(" ")
    if rest and title.casefold().rstrip(".") in TITLES:
        return _("Dear %(name)s,") % {"name": name}
    return _("Dear colleague,")


def _addressed(referral):
    """The surgeon on the list, unless the referral names somebody else."""
    surgeon = referral.addressed_to
    is_named = surgeon and referral.surgeon in {str(surgeon), surgeon.name}
    return surgeon if is_named else None


def refusal(referral):
    """Return in words why there can be no letter yet; "" where there can."""
    if not referral.stands:
        return _("This referral was entered in error.")
    if not referral.is_open:
        return _("This referral is closed.")
    if referral.operated_by:
        day = day_in_words(referral.operated_by)
        return _("The area was operated by %(day)s. No surgeon is to be asked.") % {"day": day}
    return "" if referral.surgeon else _("The referral does not say to whom. Name the surgeon.")


def missing_of(referral):
    """Return what surgeons ask for and nobody asked, in words, and the photos that lack."""
    return [*unasked_of_each([referral])[referral.pk], *_photos_missing(referral)]


def unasked_of_each(referrals):
    """Return what surgeons ask for and nobody asked, in words, by the key of each referral; without
    its photos. To be read with their patients."""
    said = said_of_each([one.patient for one in referrals])
    return {one.pk: _unasked_of(one, said[one.patient.pk]) for one in referrals}


def _unasked_of(referral, said):
    assessment, patient = referral.assessment, referral.patient
    blank = {
        _("address"): patient.address,
        _("phone"): patient.phone,
        _("general practitioner"): patient.general_practitioner,
        _("grade"): assessment.grade is not None,
        _("what the patient wants"): assessment.consultation.concern,
        _("height"): said["height_cm"],
        _("weight"): said["weight_kg"],
        _("smoking"): said["smoker"] is not None,
        _("blood thinner or bleeding disorder"): said["anticoagulants"] is not None,
        _("phototype"): patient.phototype,
        _("allergies"): allergies_of(patient),
        _("medicines"): patient.medicines,
        _("past surgery"): patient.past_surgery,
        **_asked_beside(patient, said),
    }
    area = {name: _or_none(getattr(assessment, name)) for name in EXAMINED}
    return [*(words for words, known in blank.items() if not known), *unasked(area)]


def _asked_beside(patient, said):
    """What else surgeons ask for, each with whether somebody asked it."""
    asked = {name: getattr(patient, name) for name in ASKED_OF_PATIENT}
    asked |= {name: said[name] for name in ASKED_AT_VISITS}
    return {
        words: value is not None for name, value in asked.items() for words in unasked({name: None})
    }


def photos_for(referral):
    """Return the photos of the area that may be shown, of the last day on which some were taken;
    without those whose files are not what was recorded."""
    return [one for one in _photos_of_last_day(referral) if _is_readable(one)]


def _photos_of_last_day(referral):
    agreed = Photo.objects.agreed().of(referral.patient, referral.assessment.area)
    photos = list(agreed.order_by("-taken_on", "pk")[: 2 * MOST_PHOTOS])
    return [one for one in photos if one.taken_on == photos[0].taken_on][:MOST_PHOTOS]


def _is_readable(photo):
    content = read_file(photo.image)
    return content is not None and is_as_recorded(photo, "image", content)


def _photos_missing(referral):
    photos = _photos_of_last_day(referral)
    if not photos:
        return [_("photographs with consent")]
    lost = sum(not _is_readable(one) for one in photos)
    words = ngettext(
        "%(n)s photograph: its file is missing, or not the one that was recorded",
        "%(n)s photographs: their files are missing, or not those that were recorded",
        lost,
    )
    return [words % {"n": lost}] if lost else []


def _or_none(value):
    return None if value == "" else value


def _opening(referral):
    patient, assessment = referral.patient, referral.assessment
    words = _(
        "Please see %(name)s, %(age)s years old, for assessment and treatment of the %(area)s. "
        "Laxity: %(severity)s."
    )
    urgency = "" if referral.urgency == Urgency.ROUTINE else _("Urgency: %(urgency)s.")
    told = {
        "name": patient.full_name,
        "age": patient.age,
        "area": assessment.get_area_display().lower(),
        "severity": assessment.get_severity_display().lower(),
        "urgency": referral.get_urgency_display().lower(),
    }
    return " ".join(filter(None, (words % told, urgency % told if urgency else "")))


def _laxity(assessment):
    consultation = assessment.consultation
    grade = _("%(grade)s of 4 (Alexiades-Armenakas scale)")
    rows = [
        row(_("Area"), assessment.get_area_display()),
        row(_("Laxity"), assessment.get_severity_display()),
        row(
            _("Grade"),
            not_asked()
            if assessment.grade is None
            else grade % {"grade": answer(assessment, "grade")},
        ),
        row(_("Seen on"), day_in_words(consultation.consulted_on)),
        row(_("Seen by"), name_of(consultation.clinician)),
    ]
    return Section(_("Reason for referral"), rows=rows)


def _why_no_laser(assessment):
    why = assessment.decision_reason if assessment.decision else assessment.reason
    against = [one for one in assessment.findings if one["level"] in WHY_NO_LASER]
    # What is said of some lasers is beside the point where something is said of all of them.
    of_all = [one for one in against if len(one["lasers"]) == len(LaserType)]
    told = dict.fromkeys(one["message"] for one in of_all or against)
    found = [one for one in told if one not in why]
    return Section(_("Why laser is not suitable"), why, points=found)


def _wishes(consultation):
    return [
        row(label_of(consultation, name), said)
        for name in Consultation.EXPECTATIONS
        if (said := answer(consultation, name))
    ]


def _examination(assessment):
    return [
        row(label_of(assessment, name), answer(assessment, name) or not_asked())
        for name in EXAMINED
        if name != "recent_procedure_on" or assessment.recent_procedure_on
    ]


def _as_printed(photo):
    """Return a photo with the words that stand for it."""
    return {"path": photo.image.path, "alt": str(photo)}
