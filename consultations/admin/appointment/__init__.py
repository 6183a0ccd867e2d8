"""Appointments: booked and moved by everybody who meets patients, with what became of each."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.booking import book
from consultations.admin.base import RecordAdmin
from consultations.admin.pages import appointment_acts
from consultations.admin.pages.send_again import messages_context
from consultations.admin.parts.appointments import (
    MAY_CHANGE,
    acts_of,
    presses_of,
    put_back_press,
    reasons_offered,
    rebook_acts,
    rebook_steps,
    record_step,
)
from consultations.admin.parts.asked_for import by_key, from_query
from consultations.admin.parts.displays import consent_chip
from consultations.models import (
    Appointment,
    Laser,
    Patient,
    Room,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import moment_in_words
from consultations.permissions import sees_clinical
from consultations.summaries.appointments import areas_in_words, booked_of, with_courses
from consultations.summaries.bookable import courses_of, due_together
from consultations.summaries.consents import standings_at
from consultations.summaries.waiting import who_would_come
from consultations.vocabulary import AppointmentKind, AppointmentStatus

from .asked import asked_time
from .columns import AppointmentColumns
from .form import AppointmentForm
from .offers import chosen, offers_for, with_courses_due, with_offer
from .to_move import to_move
from .whole_course import book_course

MOST_BOOKED = 20  # told of on the page that books another
FORMER_BOOKING = {"status", "booked_for", "status_reason"}


@admin.register(Appointment)
class AppointmentAdmin(AppointmentColumns, RecordAdmin):
    form = AppointmentForm
    change_form_template = "admin/consultations/appointment_form.html"
    when_empty = gettext_lazy("Appointments are booked from a patient, a course or the diary.")
    autocomplete_fields = ["patient"]
    segmented = ["kind"]
    own_pages = {
        "arrive": ("<path:object_id>/arrive/", appointment_acts.arrive),
        "enter": ("<path:object_id>/in-the-room/", appointment_acts.enter),
        "finish": ("<path:object_id>/done/", appointment_acts.finish),
        "put_back": ("<path:object_id>/put-back/", appointment_acts.put_back),
        "call_off": ("<path:object_id>/call-off/<slug:status>/", appointment_acts.call_off),
        "book_course": ("book-course/", book_course),
        "to_move": ("to-move/", to_move),
        "fill": ("<path:object_id>/fill/", appointment_acts.fill),
        "decline": ("<path:object_id>/not-again/", appointment_acts.decline),
    }
    BOOKING = (
        None,
        {
            "fields": [
                "patient",
                "kind",
                "plans",
                ("starts_at", "minutes"),
                ("practitioner", "room", "laser"),
                "would_come_earlier",
                "note",
                "overbooked_reason",
            ]
        },
    )

    def fieldsets_for(self, request, obj):
        fields = [one for one in self.BOOKING[1]["fields"] if one != "overbooked_reason"]
        writes = self.may_write(request, obj)
        if not writes:
            fields = [one for one in fields if one != "plans"]
            fields[fields.index(("starts_at", "minutes"))] = "span"
        if (writes and request.method == "POST") or (obj is not None and obj.overbooked_reason):
            fields.append("overbooked_reason")
        return [(None, {"fields": fields})]

    def fields_in_history(self, request):
        told = {"status", "arrived_at", "reason", "reason_words", "rebook", "declined_reason"}
        return super().fields_in_history(request) | told

    def records_in_history(self, request, record):
        """With what its former booking was, before there was a diary."""
        before = TreatmentSession.objects.filter(
            appointments__appointment=record, created_at__lt=record.created_at
        ).with_patient()
        return [
            *super().records_in_history(request, record),
            *((one, FORMER_BOOKING) for one in before),
        ]

    def has_change_permission(self, request, obj=None):
        """What is over is only read; a new one is booked."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.is_holding)

    def get_queryset(self, request):
        appointments = super().get_queryset(request)
        return appointments.select_related("practitioner", "room", "laser", "booked_again")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "room":
            kwargs["queryset"] = Room.objects.standing()
        if db_field.name == "laser":
            kwargs["queryset"] = Laser.objects.standing()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def add_view(self, request, form_url="", extra_context=None):
        """An offered time that was pressed is filled in, if it was offered for what is chosen;
        else, or where nothing but times was asked for, nothing is saved."""
        request.only_looks = False
        if request.method == "POST":
            if "slot" in request.POST and request.POST.get("offered_for") == chosen(request.POST):
                request.POST = with_offer(request.POST, request.POST["slot"])
            elif "slot" in request.POST or "_find" in request.POST:
                request.only_looks = True
                self._fill_in_what_is_due(request)
        return super().add_view(request, form_url, extra_context)

    def _fill_in_what_is_due(self, request):
        """Fill in the courses due of a patient whose courses could not be chosen yet."""
        if "courses_shown" not in request.POST and (patient := self._patient_of(request)):
            request.POST = with_courses_due(request.POST, self._courses_known(request, patient))

    def _patient_of(self, request):
        """The patient that was posted, or that the address names; None without one."""
        key = request.POST.get("patient", "")
        return by_key(key, Patient.objects.standing()) or self.parent_asked_for(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.patient_known = self.parent_asked_for(request) if obj is None else None
        form.courses_known, form.only_looks = None, getattr(request, "only_looks", False)
        if request.method == "GET" and form.patient_known is not None:
            form.courses_known = self._courses_known(request, form.patient_known)
        return form

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        for name in ("practitioner", "room", "laser"):
            if request.GET.get(name, "").isdecimal():
                initial[name] = request.GET[name]
        initial["starts_at"] = asked_time(request)
        plans = self._courses_asked_for(request)
        initial["kind"] = self._kind_in(request.GET, plans)
        initial["plans"] = [one.pk for one in plans]
        return initial

    def _courses_known(self, request, patient):
        """The open courses of a patient; several parts of the page need them."""
        if not hasattr(request, "courses_known"):
            request.courses_known = courses_of(patient)
        return request.courses_known

    def _courses_asked_for(self, request):
        """The course that the address names and what is due with it; of a patient, what is due."""
        patient = self.parent_asked_for(request)
        if patient is None:
            return []
        courses = self._courses_known(request, patient)
        again = from_query(request, "again", Appointment.objects.filter(patient=patient))
        if again is not None:
            keys = {course.plan_id for course in with_courses([again])[0].course_list}
            return [one for one in courses if one.pk in keys]
        plan = from_query(request, "plan", TreatmentPlan.objects.of(patient))
        asked_for = next((one for one in courses if plan and one.pk == plan.pk), None)
        return due_together(courses, asked_for)

    def more_on_page(self, request, obj):
        if obj is None:
            return {
                "title": _("Book appointment"),
                "offers": self._offers(request),
                "was_for_another": "slot" in request.POST and request.only_looks,
                "booked": self._booked(request),
                "whole_query": urlencode({**request.GET.dict(), "whole": "1"}),
                "asks_contact": self._asks_contact(request),
            }
        with_courses([obj])
        user, reasons = request.user, reasons_offered()
        record = record_step(obj, user) if obj.is_holding else None
        standings = standings_at([obj]) if obj.is_holding else {}
        return {
            "presses": presses_of(obj, user),
            "acts": (*acts_of(obj, user, reasons), *rebook_acts(obj, user)),
            "steps": [*([record] if record else []), *rebook_steps(obj, user)],
            "put_back": put_back_press(obj, user),
            "courses": [
                (
                    one,
                    consent_chip(standings[one.plan_id], user) if one.plan_id in standings else "",
                )
                for one in obj.course_list
            ],
            "would_come": self._who_would_come(request, obj),
            **messages_context(obj.patient, user, about=obj),
        }

    def _who_would_come(self, request, obj):
        """Those who could take the time of what was cancelled, for those who may move them."""
        if obj.status != AppointmentStatus.CANCELLED or not request.user.has_perm(MAY_CHANGE):
            return []
        return who_would_come(obj)

    def _asks_contact(self, request):
        """Whether nobody has asked yet if this patient wants e-mails about appointments."""
        patient = self.parent_asked_for(request)
        return settings.EMAIL_IS_ON and patient is not None and patient.email_reminders is None

    def _booked(self, request):
        """What the patient has booked already."""
        patient = self._patient_of(request)
        return booked_of(patient, MOST_BOOKED) if patient is not None else []

    def _offers(self, request):
        """The first free times, where it is known for whom, for what is filled in."""
        if (patient := self._patient_of(request)) is None:
            return None
        if request.method == "POST":
            keys = request.POST.getlist("plans")
            plans = [one for one in self._courses_known(request, patient) if str(one.pk) in keys]
            kind = self._kind_in(request.POST, plans)
        else:
            plans = self._courses_asked_for(request)
            kind = self._kind_in(request.GET, plans)
        day, time = asked_time(request)
        whole = request.GET.get("whole") == "1"
        return offers_for(patient, kind, plans, day=day, time=time, whole=whole)

    def _kind_in(self, data, plans):
        kind = data.get("kind", "")
        usual = AppointmentKind.TREATMENT if plans else AppointmentKind.CONSULTATION
        return kind if kind in AppointmentKind.values else usual

    def title_of(self, record):
        named = {
            "kind": record.get_kind_display(),
            "when": moment_in_words(record.starts_at),
            "areas": areas_in_words(with_courses([record])[0]),
        }
        if named["areas"]:
            return _("%(kind)s, %(areas)s, %(when)s") % named
        return _("%(kind)s, %(when)s") % named

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        plans = form.cleaned_data.get("plans", ())
        book(appointment=obj, plans=plans, by=request.user, checked=True)
        for words in form.told_early:
            self.message_user(request, words, messages.WARNING)

    def after_save(self, request, obj):
        """Whoever books without reading charts goes on with today's calls."""
        if sees_clinical(request.user):
            return super().after_save(request, obj)
        return reverse("admin:index")
