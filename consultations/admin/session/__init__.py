"""Sessions: booked by reception, recorded by whoever treats, checked before they are kept."""

from functools import partial

from django.contrib import admin, messages
from django.forms import HiddenInput
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.courses import (
    keep_session,
    plan_as_it_stands,
    refuse_beside_events,
    refuse_session_beyond_plan,
    refuse_unlike_history,
)
from consultations.actions.judging import judge_session
from consultations.actions.prefilled import prefilled_session
from consultations.models import LaserMode, TreatmentPlan, TreatmentSession
from consultations.models.text import day_in_words, moment_in_words
from consultations.permissions import sees_clinical, writes_clinical
from consultations.rules.readiness.settings import SETTINGS, looks_like_wrong_unit, plain
from consultations.summaries.chart import earliest_safe
from consultations.summaries.devices import devices_on, modes_in_service, names_apart, names_on
from consultations.summaries.facts import last_done_session
from consultations.summaries.progress import progress_of
from consultations.summaries.records import stands
from consultations.summaries.visit import last_answers
from consultations.vocabulary import Level, PlanStatus, SessionStatus

from .base import RecordAdmin
from .pages.call_off import call_session_off
from .parts.asked_for import from_query
from .parts.displays import admin_url, chip, dots, struck, whose
from .parts.filters import (
    SessionAreaFilter,
    SessionDayFilter,
    SessionSignedFilter,
    SessionStatusFilter,
)
from .parts.forms import (
    RecordForm,
    hide_when_known,
    is_key,
    offer_last_answers,
    refuse_contradictions_about_health,
)
from .parts.half_filled import typed

PREFILLED = ("laser_mode", "performed_on", *TreatmentSession.SETTINGS)
BY_RECEPTION = (SessionStatus.BOOKED, SessionStatus.MISSED, SessionStatus.CANCELLED)


class SessionForm(RecordForm):
    """The admin sets `is_recording` where a booking is opened to be recorded as done, and
    `plan_asked_for` to the plan whose page led here."""

    is_recording = False
    plan_asked_for = None
    known_of_area = {}  # what `session_facts` need not read again

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.overridden = self.instance.findings
        hide_when_known(self, "plan")
        if not self._is_clinical() and "status" in self.fields:
            self.fields["status"].choices = [
                (value, label)
                for value, label in self.fields["status"].choices
                if value in BY_RECEPTION
            ]
        if self._is_of_elsewhere():
            self._ask_for_history()
        elif self._is_clinical() and not self.is_bound and (plan := self._plan_known()):
            self._offer_last_time(plan)
        self._know_what_was_read()
        self._offer_lasers(self._plan_known() if self._is_clinical() else None)
        if {"status", "performed_on"} & {*self.fields} == {"status"} and not self.instance.pk:
            self._offer_safe_day()
            self._has_status(SessionStatus.BOOKED)
        if self.is_recording and self.instance.status == SessionStatus.BOOKED:
            self.initial |= recorded_now(self.instance.plan, by=self.user)

    def _know_what_was_read(self):
        known = {"plan": self._plan_known(), "operator": self.user}
        for name, record in known.items():
            if name in self.fields:
                self.fields[name].known = [record] if record else ()

    def full_clean(self):
        super().full_clean()
        offers = self._is_clinical() and not self._is_of_elsewhere()
        if self.errors and offers and (plan := self._plan_known()):
            # The page comes back.
            self._offer_last_time(plan)

    def _is_of_elsewhere(self):
        return "performed_elsewhere" in self.fields and "operator" not in self.fields

    def _has_status(self, status):
        """The page is about sessions of one status: it is not asked."""
        self.fields["status"].widget = HiddenInput()
        self.fields["status"].choices = [(status, status.label)]

    def _ask_for_history(self):
        self._has_status(SessionStatus.DONE)
        clinic = self.fields["performed_elsewhere"]
        clinic.required = self.fields["performed_on"].required = True
        clinic.label, clinic.help_text = _("Name of the other clinic"), ""
        clinic.widget.attrs["aria-label"] = clinic.label

    def _is_clinical(self):
        return writes_clinical(self.user)

    def _plan_known(self):
        if self.instance.plan_id:
            return self.instance.plan
        key = self.initial.get("plan") or self.data.get("plan") or ""
        if self.plan_asked_for and str(self.plan_asked_for.pk) == str(key):
            return self.plan_asked_for
        plans = TreatmentPlan.objects.select_related("assessment__consultation__patient")
        return plans.filter(pk=key).first() if is_key(key) else None

    def _day(self):
        """The day of the session: as typed, as stored, or today."""
        day = typed(TreatmentSession, ["performed_on"], self.data).get("performed_on")
        return day or self.instance.performed_on or timezone.localdate()

    def _offer_last_time(self, plan):
        """Earlier answers and settings stand beside the questions; they are not assumed."""
        before = self._day()
        for name, (day, record) in last_answers(plan.patient, before=before).items():
            offer_last_answers(self, record, day, [name])
        if last := last_done_session(plan, before=before):
            names = (*TreatmentSession.CHECK_FIELDS, *TreatmentSession.SETTINGS)
            offer_last_answers(self, last, last.performed_on, names)

    def _offer_lasers(self, plan):
        if "laser_mode" in self.fields:
            offer_lasers(self, plan, modes_in_service(self._day()))
            if named := names_on([self.instance] if self.instance.is_done else []):
                words = _("On that day it was called %(name)s.")
                name = named[self.instance.pk]
                self.fields["laser_mode"].help_text = words % {"name": name}

    def _offer_safe_day(self):
        plan = self._plan_known()
        safe_from = earliest_safe(plan) if plan else None
        if safe_from and "booked_for" in self.fields:
            words = _("Earliest safe day: %(day)s.") % {"day": day_in_words(safe_from)}
            self.fields["booked_for"].help_text = words

    def clean(self):
        cleaned = super().clean()
        day, plan = cleaned.get("performed_on"), cleaned.get("plan")
        refuse_future(self)
        elsewhere = cleaned.get("performed_elsewhere")
        if day and plan and not elsewhere and day < plan.assessment.consultation.consulted_on:
            self.add_error("performed_on", _("This is before the consultation."))
        refuse_contradictions_about_health(self, day or timezone.localdate())
        self._refuse_past_booking(cleaned)
        self._refuse_wrong_units(cleaned.get("laser_mode"))
        if cleaned.get("status") == SessionStatus.DONE:
            refuse_for_others(self)
        if "_sign" in self.data and cleaned.get("status") == SessionStatus.BOOKED:
            self.add_error("status", _("A booked session is signed once it is done."))
        return cleaned

    def _refuse_past_booking(self, cleaned):
        """A new or moved booking is for a day to come."""
        when = cleaned.get("booked_for")
        if cleaned.get("status") != SessionStatus.BOOKED or "booked_for" not in self.changed_data:
            return
        if when and timezone.localdate(when) < timezone.localdate():
            self.add_error("booked_for", _("This day is in the past."))

    def _refuse_wrong_units(self, mode):
        values = {name: self.cleaned_data.get(name) for name in SETTINGS}
        for name, words in wrong_units(mode, self._day(), values).items():
            self.add_error(name, words)

    def check_with_others(self):
        self.instance.plan = plan_as_it_stands(self.instance)
        self.try_to(refuse_session_beyond_plan, self.instance)
        self.try_to(refuse_beside_events, self.instance)
        self.try_to(partial(refuse_unlike_history, self.instance, by=self.user))
        if not self.errors:
            self._judge()

    def _is_overridden(self, blocking):
        """Whether the reason was given for what stops the session now, not for less."""
        if not self.instance.override_reason:
            return False
        known = {finding["id"] for finding in self.overridden if finding["level"] == Level.BLOCK}
        return "override_reason" in self.changed_data or {one.id for one in blocking} <= known

    def complete(self):
        """Who overrides, and when, follows from there being a reason."""
        session = self.instance
        if session.status == SessionStatus.BOOKED:
            session.performed_on = None
        if "override_reason" in self.changed_data:
            session.overridden_by = self.user if session.override_reason else None
            session.overridden_at = timezone.now() if session.override_reason else None

    def _judge(self):
        """What stops the session is told next to its field, unless a clinician gives a reason."""
        findings = judge_session(self.instance, **self.known_of_area)
        blocking = [finding for finding in findings if finding.level == Level.BLOCK]
        may_override = self.user.has_perm("consultations.override_treatmentsession")
        if "override_reason" in self.changed_data and not may_override:
            self.add_error("override_reason", _("Only a clinician can override."))
        elif not blocking or self._is_overridden(blocking):
            return
        for finding in blocking:
            self.tell_finding(finding)
        if all(finding.id == "screen.required" for finding in blocking):
            return
        if "override_reason" in self.fields and "override_reason" not in self.errors:
            self.add_error(
                "override_reason",
                _("To treat anyway, give a reason.")
                if may_override
                else _("To treat anyway, ask a clinician to give a reason."),
            )

    def tell_finding(self, finding):
        """Put what stops the session next to the field it is about."""
        known = finding.subject in self.fields and finding.subject != "plan"
        self.add_error(finding.subject if known else None, f"{finding.message} {finding.hint}")


def offer_lasers(form, plan, modes):
    """Offer, of these modes, those of the plan's type (all, while no plan is known), and what the
    record has already; say so where there is none."""
    field = form.fields["laser_mode"]
    right = [mode for mode in modes if plan is None or mode.laser_type == plan.laser_type]
    kept = form.instance.laser_mode
    offered = [kept, *right] if kept and kept not in right else right
    field.known = offered
    field.choices = [("", "–"), *names_apart(offered).items()]
    if not right and plan is not None:
        words = _("No %(laser)s laser is in service.")
        field.help_text = words % {"laser": plan.get_laser_type_display().lower()}


def refuse_for_others(form):
    """Those who may not override record their own sessions only."""
    is_others = form.cleaned_data.get("operator") not in (None, form.user)
    if is_others and not form.user.has_perm("consultations.override_treatmentsession"):
        form.add_error("operator", _("You can record your own sessions only."))


def refuse_future(form):
    day = form.cleaned_data.get("performed_on")
    if day and day > timezone.localdate():
        form.add_error("performed_on", _("A session cannot be done in the future."))


def wrong_units(mode, day, values):
    """What to say beside each setting that is far outside all that the mode allowed on a day."""
    if mode is None:
        return {}
    wrong = [_far_outside(device.envelope(), values) for device in devices_on(mode, day)]
    return {name: words for name, words in wrong[0].items() if all(name in one for one in wrong)}


def _far_outside(envelope, values):
    return {
        name: wrong_unit_words(ends)
        for name, ends in envelope.items()
        if values.get(name) is not None and looks_like_wrong_unit(values[name], ends)
    }


def wrong_unit_words(envelope):
    return _("Ten times outside this mode's range (%(low)s to %(high)s): wrong unit?") % {
        "low": plain(envelope[0]),
        "high": plain(envelope[1]),
    }


def tell_progress(model_admin, request, session):
    """How far the course has come, and the way to book its next session."""
    progress = progress_of([session.plan])[session.plan_id]
    words = _("%(area)s: %(words)s sessions done.") % {
        "area": session.plan.assessment.get_area_display(),
        "words": progress.words,
    }
    goes_on = session.status == SessionStatus.DONE and session.plan.status == PlanStatus.ACTIVE
    if goes_on and not progress.booked_for:
        book = admin_url("treatmentsession", "add", plan=session.plan_id, status="booked")
        words = format_html('{} <a class="step" href="{}">{}</a>', words, book, _("Book next"))
    model_admin.message_user(request, words, messages.SUCCESS)


def tell_findings(model_admin, request, session):
    """What was overridden or cautioned."""
    for finding in session.findings:
        words = f"{finding['message']} {finding['hint']}"
        if finding["level"] == Level.BLOCK:
            words = _("Overridden: %(words)s") % {"words": words}
        model_admin.message_user(request, words, messages.WARNING)


def recorded_now(plan, *, by):
    """What a session that is done today starts from: last time's laser and settings."""
    session = prefilled_session(plan)
    values = {name: getattr(session, name) for name in PREFILLED}
    return values | {"status": SessionStatus.DONE, "operator": by.pk}


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
class TreatmentSessionAdmin(RecordAdmin):
    form = SessionForm
    change_form_template = "admin/consultations/session_form.html"
    patient_path = "plan__assessment__consultation__patient"
    when_empty = gettext_lazy("Sessions are booked and recorded on a treatment plan.")
    is_signed_here = True
    list_display = ["date", "who", "area", "number", "state", "operator_name", "signature"]
    list_select_related = ["plan__assessment__consultation__patient", "operator"]
    list_filter = [SessionDayFilter, SessionStatusFilter, SessionAreaFilter, SessionSignedFilter]
    ordering = ["-day", "-pk"]
    search_fields = ["plan__assessment__consultation__patient__record_number"]
    search_help_text = gettext_lazy("Patient's name, record number, phone, e-mail or date of birth")
    autocomplete_fields = ["plan", "operator"]
    segmented = ["isotretinoin"]
    read_as = {"operator": "operator_name"}

    NEW_BOOKING = (None, {"fields": ["plan", "status", "booked_for"]})
    BOOKING = (
        None,
        {"fields": ["plan", "status", "booked_for", "status_reason"]},
    )
    ELSEWHERE = (None, {"fields": ["plan", "status", ("performed_on", "performed_elsewhere")]})
    VISIT = (
        None,
        {
            "fields": [
                "plan",
                ("status", "performed_on"),
                ("operator", "laser_mode"),
            ]
        },
    )
    CLINICAL = (
        (
            gettext_lazy("Asked today"),
            {
                "fields": [
                    ("pregnant_or_breastfeeding", "isotretinoin", "infection"),
                    ("skin_problem", "suspicious_lesion", "tattoo"),
                    ("immunosuppressed", "uncontrolled_diabetes", "anticoagulants"),
                    ("photosensitising_drug", "isotretinoin_last_dose_on"),
                    ("tanned_on", "filler_on"),
                ]
            },
        ),
        (
            gettext_lazy("Settings"),
            {
                "fields": [
                    ("fluence_j_cm2", "pulse_energy_mj", "power_w"),
                    ("pulse_duration_us", "spot_size_mm", "density_percent"),
                    ("passes", "repetition_rate_hz", "pulse_count"),
                    ("cooling", "anaesthesia"),
                ]
            },
        ),
        (
            gettext_lazy("Care and result"),
            {
                "fields": [
                    ("eyewear_worn", "antiviral_given", "aftercare_given"),
                    ("endpoint", "reaction", "pain"),
                    ("grade", "global_improvement", "satisfaction"),
                    "notes",
                ]
            },
        ),
        (
            gettext_lazy("Booking, other clinic, override"),
            {
                "fields": [
                    ("booked_for", "status_reason"),
                    "performed_elsewhere",
                    "override_reason",
                ]
            },
        ),
    )

    def fieldsets_for(self, request, obj):
        if obj is None and is_booking(request):
            return [self.NEW_BOOKING]
        if obj is None and is_of_elsewhere(request):
            return [self.ELSEWHERE, *self.CLINICAL[1:3]]
        user = request.user
        reads = sees_clinical(user) and not self.may_write(request, obj)
        return [self.VISIT, *self.CLINICAL] if reads or writes_clinical(user) else [self.BOOKING]

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
        sessions = super().get_queryset(request)
        return sessions.select_related("plan__assessment__consultation__patient", "signed_by")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "laser_mode":
            kwargs["queryset"] = LaserMode.objects.standing().select_related("laser")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _plan_asked_for(self, request):
        """The plan that `?plan=` names; several parts of the page need it, one query finds it."""
        if not hasattr(request, "plan_asked_for"):
            request.plan_asked_for = self._find_plan(request)
        return request.plan_asked_for

    def _find_plan(self, request):
        parent = getattr(request, "locked_parent", None)
        is_asked_for = parent is not None and request.GET.get("plan") == str(parent.pk)
        if is_asked_for and isinstance(parent, TreatmentPlan) and stands(parent):
            return parent
        plans = TreatmentPlan.objects.standing().select_related("assessment__consultation__patient")
        return from_query(request, "plan", plans)

    def add_view(self, request, form_url="", extra_context=None):
        """A session booked for today is recorded where it was booked, not beside it."""
        booking = self._booking_of_today(request) if request.method == "GET" else None
        if booking is not None:
            return HttpResponseRedirect(f"{self.url_of(booking)}?record=1")
        return super().add_view(request, form_url, extra_context)

    def _booking_of_today(self, request):
        plan = self._plan_asked_for(request)
        if plan is None or is_booking(request) or is_of_elsewhere(request):
            return None
        return plan.sessions.booked().filter(day=timezone.localdate()).order_by("pk").first()

    def get_urls(self):
        call_off = path(
            "<path:object_id>/call-off/<slug:status>/",
            self.admin_site.admin_view(self.call_off_view),
            name="consultations_treatmentsession_call_off",
        )
        return [call_off, *super().get_urls()]

    def call_off_view(self, request, object_id, status):
        return call_session_off(self, request, object_id, status)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.plan_asked_for = self._plan_asked_for(request)
        form.is_recording = request.method == "GET" and request.GET.get("record") == "1"
        return form

    def get_changeform_initial_data(self, request):
        booking = is_booking(request)
        initial = {"status": SessionStatus.BOOKED if booking else SessionStatus.DONE}
        plan = self._plan_asked_for(request)
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

    def patient_on_page(self, request, obj):
        plan = obj.plan if obj is not None else self._plan_asked_for(request)
        return plan.assessment.consultation.patient if plan else None

    def more_on_page(self, request, obj):
        plan = obj.plan if obj is not None else self._plan_asked_for(request)
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

    def add_columns(self, request, rows):
        plans = list({row.plan_id: row.plan for row in rows}.values())
        progress = progress_of(plans)
        done = (
            TreatmentSession.objects.done()
            .filter(plan__in=plans)
            .order_by("plan", "performed_on", "pk")
            .values_list("plan_id", "pk")
        )
        numbers, counts = {}, {}
        for plan_id, pk in done:
            counts[plan_id] = numbers[pk] = counts.get(plan_id, 0) + 1
        for row in rows:
            row.course, row.place = progress[row.plan_id], numbers.get(row.pk)

    @admin.display(description=gettext_lazy("date"))
    def date(self, session):
        when = day_in_words(session.day)
        if session.status == SessionStatus.BOOKED:
            when = moment_in_words(session.booked_for)
        return struck(session, format_html('<a href="{}">{}</a>', self.url_of(session), when))

    @admin.display(description=gettext_lazy("patient"))
    def who(self, session):
        return whose(session.plan.assessment.consultation.patient)

    @admin.display(description=gettext_lazy("area"))
    def area(self, session):
        return session.plan.assessment.get_area_display()

    @admin.display(description=gettext_lazy("session"))
    def number(self, session):
        if session.place is None:
            return dots(session.course)
        return format_html("#{} · {}", session.place, dots(session.course))

    @admin.display(description=gettext_lazy("status"))
    def state(self, session):
        return chip(SessionStatus(session.status), session.get_status_display())

    @admin.display(description=gettext_lazy("operator"))
    def operator_name(self, session):
        if session.performed_elsewhere:
            return _("elsewhere")
        return session.operator and (
            session.operator.get_full_name() or session.operator.get_username()
        )

    @admin.display(description=gettext_lazy("signed"))
    def signature(self, session):
        if session.is_signed:
            return _("Signed")
        return _("Not signed") if session.status == SessionStatus.DONE else None
