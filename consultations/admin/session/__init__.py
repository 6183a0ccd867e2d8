"""Sessions: booked by reception, recorded by whoever treats, checked before they are kept."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.courses import keep_session
from consultations.admin.base import RecordAdmin
from consultations.admin.pages.call_off import call_session_off
from consultations.admin.parts.earlier_answers import EarlierAnswers
from consultations.models import LaserMode, TreatmentSession
from consultations.models.text import day_in_words, moment_in_words
from consultations.permissions import sees_clinical, writes_clinical
from consultations.summaries.chart import earliest_safe
from consultations.summaries.progress import progress_of
from consultations.vocabulary import SessionStatus

from . import fieldsets
from .columns import SessionColumns
from .form import SessionForm, recorded_now
from .telling import tell_findings, tell_progress


def is_booking(request):
    """Whether a new session is to be booked: all that reception does, and others where they say."""
    records = writes_clinical(request.user)
    return not records or request.GET.get("status") == SessionStatus.BOOKED


def is_of_elsewhere(request):
    """Whether a new session is history from another clinic, which clinicians enter."""
    may_enter = request.user.has_perm("consultations.override_treatmentsession")
    return may_enter and request.GET.get("elsewhere") == "1"


def best_day(plan):
    """The day a booking starts from: when the next session is due, never before it is safe."""
    days = [timezone.localdate(), earliest_safe(plan), plan.next_due_on]
    return max(day for day in days if day)


@admin.register(TreatmentSession)
class TreatmentSessionAdmin(SessionColumns, EarlierAnswers, RecordAdmin):
    form = SessionForm
    change_form_template = "admin/consultations/session_form.html"
    when_empty = gettext_lazy("Sessions are booked and recorded on a treatment plan.")
    is_signed_here = True
    autocomplete_fields = ["plan", "operator"]
    segmented = ["isotretinoin", "weight_loss_medicine"]
    read_as = {"operator": "operator_name"}
    own_pages = {
        "call_off": ("<path:object_id>/call-off/<slug:status>/", call_session_off),
    }

    def fieldsets_for(self, request, obj):
        if obj is None and is_booking(request):
            return [fieldsets.NEW_BOOKING]
        if obj is None and is_of_elsewhere(request):
            return [fieldsets.ELSEWHERE, fieldsets.SETTINGS, fieldsets.CARE]
        user = request.user
        reads = sees_clinical(user) and not self.may_write(request, obj)
        return fieldsets.ALL if reads or writes_clinical(user) else [fieldsets.BOOKING]

    def fields_in_history(self, request):
        names = super().fields_in_history(request)
        if sees_clinical(request.user):
            return names
        return {"status", "booked_for"}

    def has_change_permission(self, request, obj=None):
        """Done sessions are changed by their operator, or by a clinician."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or obj.status != SessionStatus.DONE:
            return True
        if request.user.has_perm("consultations.override_treatmentsession"):
            return True
        return writes_clinical(request.user) and obj.is_of(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("signed_by")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "laser_mode":
            kwargs["queryset"] = LaserMode.objects.standing().select_related("laser")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_view(self, request, form_url="", extra_context=None):
        """A session booked for today is recorded where it was booked, not beside it."""
        booking = self._booking_of_today(request) if request.method == "GET" else None
        if booking is not None:
            return HttpResponseRedirect(f"{self.url_of(booking)}?record=1")
        return super().add_view(request, form_url, extra_context)

    def _booking_of_today(self, request):
        plan = self.parent_asked_for(request)
        if plan is None or is_booking(request) or is_of_elsewhere(request):
            return None
        return plan.sessions.booked().filter(day=timezone.localdate()).order_by("pk").first()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.plan_asked_for = self.parent_asked_for(request)
        form.is_recording = request.method == "GET" and request.GET.get("record") == "1"
        return form

    def get_changeform_initial_data(self, request):
        booking = is_booking(request)
        initial = {"status": SessionStatus.BOOKED if booking else SessionStatus.DONE}
        plan = self.parent_asked_for(request)
        if plan is not None:
            initial["plan"] = plan.pk
        if is_of_elsewhere(request):
            return initial
        if plan is not None and booking:
            initial["booked_for"] = [best_day(plan), None]
        elif plan is not None:
            initial |= recorded_now(plan, by=request.user)
        elif not booking:
            initial["operator"] = request.user.pk
        return initial

    def more_on_page(self, request, obj):
        plan = obj.plan if obj is not None else self.parent_asked_for(request)
        more = {"plan": plan, "progress": progress_of([plan])[plan.pk] if plan else None}
        if obj is None and is_booking(request):
            # Signed once it is done.
            more |= {"title": _("Book session"), "can_sign": False}
        elif obj is None and is_of_elsewhere(request):
            more["title"] = _("Session at another clinic")
        return more

    def title_of(self, record):
        area = record.plan.assessment.get_area_display().lower()
        if record.status == SessionStatus.BOOKED:
            when = moment_in_words(record.booked_for)
            return _("Session booked for %(when)s, %(area)s") % {"when": when, "area": area}
        day = day_in_words(record.day)
        return _("Session of %(day)s, %(area)s") % {"day": day, "area": area}

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        keep_session(session=obj, by=request.user, checked=True)
        tell_progress(self, request, obj)
        tell_findings(self, request, obj)
        self._warn_of_early_booking(request, obj)

    def after_save(self, request, obj):
        """Whoever books without reading charts goes on with today's calls."""
        if sees_clinical(request.user):
            return super().after_save(request, obj)
        return reverse("admin:index")

    def _warn_of_early_booking(self, request, session):
        safe_from = earliest_safe(session.plan) if session.status == SessionStatus.BOOKED else None
        if safe_from and session.day < safe_from:
            words = _("Booked before the earliest safe day for this laser, %(day)s.")
            self.message_user(request, words % {"day": day_in_words(safe_from)}, messages.WARNING)
