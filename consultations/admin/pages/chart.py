"""The patient's chart: identity, alerts, each area's course and next step, and one timeline."""

from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from consultations.admin.displays import admin_url, next_steps
from consultations.summaries.chart import chart_of
from consultations.summaries.photos import photos_of


def chart(model_admin, request, object_id):
    """Show one patient's chart to those who may read clinical fields."""
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    summary = chart_of(patient)
    context = {
        **model_admin.page_context(request, patient, _("Chart")),
        "sees_clinical": True,
        "on_chart": True,
        "chart": summary,
        "courses": [(course, _steps(course, request.user)) for course in summary.courses],
        "events": [(event, _url(event.record)) for event in summary.events],
        "photos": photos_of(patient) if request.user.has_perm("consultations.view_photo") else (),
        "can_consult": request.user.has_perm("consultations.add_consultation"),
        "consult_url": admin_url("consultation", "add", patient=patient.pk),
    }
    return TemplateResponse(request, "admin/consultations/chart.html", context)


def _steps(course, user):
    """The latest assessment says what is next, unless an older plan or referral is still open."""
    older = course.plan if course.plan and course.progress.is_open else None
    if older is not None:
        return next_steps(older.assessment, user)
    if course.referral and course.referral.is_open:
        return next_steps(course.referral.assessment, user)
    return next_steps(course.assessment, user)


def _url(record):
    return admin_url(record._meta.model_name, "change", record.pk)
