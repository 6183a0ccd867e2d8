"""Sessions: recorded by whoever treats, checked before they are kept."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.courses import keep_session
from consultations.admin.base import RecordAdmin
from consultations.admin.pages.former_bookings import former_call_off, former_course
from consultations.admin.parts.appointments import MAY_BOOK
from consultations.admin.parts.asked_for import is_choosing, is_listing
from consultations.admin.parts.displays import admin_url, booking_url, consent_chip, consent_step
from consultations.admin.parts.earlier_answers import EarlierAnswers
from consultations.models import LaserMode, TreatmentSession
from consultations.models.text import day_in_words
from consultations.permissions import sees_clinical, writes_clinical
from consultations.summaries.consents import standings_of
from consultations.summaries.progress import progress_of
from consultations.vocabulary import SessionStatus

from . import fieldsets
from .columns import SessionColumns
from .form import SessionForm, recorded_now
from .telling import tell_findings, tell_progress


def is_of_elsewhere(request):
    """Whether a new session is history from another clinic, which clinicians enter."""
    may_enter = request.user.has_perm("consultations.override_treatmentsession")
    return may_enter and request.GET.get("elsewhere") == "1"


@admin.register(TreatmentSession)
class TreatmentSessionAdmin(SessionColumns, EarlierAnswers, RecordAdmin):
    form = SessionForm
    change_form_template = "admin/consultations/session_form.html"
    when_empty = gettext_lazy("Sessions are recorded on a treatment plan.")
    is_signed_here = True
    autocomplete_fields = ["plan", "operator"]
    segmented = ["isotretinoin", "weight_loss_medicine"]
    read_as = {"operator": "operator_name"}
    own_pages = {
        "call_off": ("<path:object_id>/call-off/<slug:status>/", former_call_off),
    }

    def fieldsets_for(self, request, obj):
        if obj is None and is_of_elsewhere(request):
            return [fieldsets.ELSEWHERE, fieldsets.SETTINGS, fieldsets.CARE]
        if obj is not None and obj.is_former:
            return [fieldsets.FORMER]
        return fieldsets.ALL if sees_clinical(request.user) else [fieldsets.FOR_RECEPTION]

    def fields_in_history(self, request):
        names = super().fields_in_history(request)
        if sees_clinical(request.user):
            return names
        return {"performed_on"}

    def has_change_permission(self, request, obj=None):
        """Sessions are changed by their operator, or by a clinician."""
        if not super().has_change_permission(request, obj) or (obj is not None and obj.is_former):
            return False
        if obj is None:
            return True
        if request.user.has_perm("consultations.override_treatmentsession"):
            return True
        return writes_clinical(request.user) and obj.is_of(request.user)

    def get_queryset(self, request):
        """Former bookings are in no list; what was signed of them is still read by its address."""
        sessions = super().get_queryset(request).select_related("signed_by")
        is_list = is_listing(request) or is_choosing(request)
        return sessions.filter(status=SessionStatus.DONE) if is_list else sessions

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "laser_mode":
            kwargs["queryset"] = LaserMode.objects.standing().select_related("laser")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_view(self, request, form_url="", extra_context=None):
        """Where sessions were booked before there was a diary, appointments are."""
        books = request.user.has_perm(MAY_BOOK)
        if books and request.GET.get("status") == "booked":
            return HttpResponseRedirect(self._booking_page(request))
        return super().add_view(request, form_url, extra_context)

    def _booking_page(self, request):
        plan = self.parent_asked_for(request)
        return booking_url(plan) if plan is not None else admin_url("appointment", "add")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A former booking is now an appointment, unless it was signed."""
        course = former_course(object_id) if self.has_view_permission(request) else None
        if course is not None:
            return HttpResponseRedirect(admin_url("appointment", "change", course.appointment_id))
        return super().change_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.plan_asked_for = self.parent_asked_for(request)
        return form

    def get_changeform_initial_data(self, request):
        initial = {}
        plan = self.parent_asked_for(request)
        if plan is not None:
            initial["plan"] = plan.pk
        if is_of_elsewhere(request):
            return initial
        if plan is not None:
            return initial | recorded_now(plan, by=request.user)
        return initial | {"operator": request.user.pk}

    def more_on_page(self, request, obj):
        plan = obj.plan if obj is not None else self.parent_asked_for(request)
        more = {"plan": plan, "progress": progress_of([plan])[plan.pk] if plan else None}
        if obj is None and plan is not None:
            standing = standings_of([plan])[plan.pk]
            more["consent"] = consent_chip(standing, request.user)
            more["consent_step"] = (
                None if standing.is_given else consent_step(plan, standing, request.user)
            )
        if obj is None and is_of_elsewhere(request):
            more["title"] = _("Session at another clinic")
        return more

    def title_of(self, record):
        area = record.plan.assessment.get_area_display().lower()
        day = day_in_words(record.day)
        return _("Session of %(day)s, %(area)s") % {"day": day, "area": area}

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        keep_session(session=obj, by=request.user, checked=True)
        tell_progress(self, request, obj)
        tell_findings(self, request, obj)
