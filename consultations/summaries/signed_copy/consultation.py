"""The signed page of a consultation."""

from django.utils.translation import gettext as _

from consultations.models import AreaAssessment, Consultation, Patient
from consultations.models.health import AreaCheck
from consultations.models.text import day_in_words
from consultations.summaries.sendings import sent_from

from .fields import asked, health_asked, label_of, recorded, row
from .findings import finding_as_shown
from .sections import VERSION, identity, known_for_life, section, signature

ASKED_OF_AREA = (*AreaCheck.CHECK_FIELDS, "radiotherapy", *AreaAssessment.SURGERY_FIELDS)
FOUND_ON_AREA = ("severity", "grade")
TEST_PATCH = ("test_patch_on", "test_patch_result")
VERDICT = ("outcome", "until", "lasers", "proposed_laser", "pace")
DECISION = ("decision", "decision_reason", "decided_by", "decided_at")


def consultation_page(consultation):
    patient = Patient.objects.get(pk=consultation.patient_id)
    areas = consultation.assessments.filter(entered_in_error_at__isnull=True)
    areas = list(areas.select_related("decided_by").order_by("pk"))
    sent = sent_from(areas, consultation.signed_at)
    day = day_in_words(consultation.consulted_on)
    return {
        "version": VERSION,
        "title": _("Consultation of %(day)s") % {"day": day},
        "sections": [
            identity(patient, consultation.consulted_on),
            section(
                _("Consultation"), recorded(consultation, ("consulted_on", "clinician", "concern"))
            ),
            *(one for area in areas for one in _area(area, sent.get(area.pk, ()))),
            section(_("Health that day"), asked(consultation, health_asked(consultation))),
            known_for_life(patient),
            section(_("Expectations"), asked(consultation, Consultation.EXPECTATIONS)),
            section(_("Lifestyle"), asked(consultation, Consultation.LIFESTYLE)),
            section(_("Measurements and notes"), _measured(consultation)),
            signature(consultation),
        ],
    }


def _measured(consultation):
    rows = recorded(consultation, ("height_cm", "weight_kg", "chaperone", "notes"))
    if consultation.bmi:
        rows.insert(2, row(_("BMI"), consultation.bmi))
    return rows


def _area(area, sent):
    """Return two sections: the verdict on the area, with what was `sent` to surgeons so far, and
    the area as assessed."""
    named = {"area": area.get_area_display()}
    assessed = recorded(area, FOUND_ON_AREA) + asked(area, ASKED_OF_AREA)
    assessed += recorded(area, TEST_PATCH)
    if area.follows_referral_id:
        assessed += recorded(area, ("follows_referral",))
    concluded = recorded(area, VERDICT, blanks=_blank_in_verdict())
    if area.decision:
        concluded += recorded(area, DECISION)
    else:
        concluded.append(row(label_of(area, "decision"), _("Agrees with the verdict")))
    concluded += [row(_("Referral"), words) for words in sent]
    concluded += recorded(area, ("rulebook",))
    return [
        section(
            _("%(area)s, verdict") % named,
            concluded,
            area=area.pk,
            outcome=area.effective_outcome,
            state=str(area.get_effective_outcome_display()),
            text=area.reason,
            findings=[finding_as_shown(one) for one in area.findings],
        ),
        section(_("%(area)s, as assessed") % named, assessed, area=area.pk),
    ]


def _blank_in_verdict():
    none = _("None")
    return {"until": _("No date"), "lasers": none, "proposed_laser": none, "pace": none}
