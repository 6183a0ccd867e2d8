"""Rows of appointments: those that were, and those to come."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions import messages
from consultations.exchange.imports.records import OWN, OfPatients, staff_by_name
from consultations.exchange.reading.services import areas_in, kind_of
from consultations.exchange.reading.words import KINDS
from consultations.models import Appointment, AppointmentPlan, Laser, Room, TreatmentPlan
from consultations.models.appointment import CALLED_OFF, HERE, LONGEST
from consultations.models.text import folded, moment_in_words
from consultations.summaries.clashing import clashes_of
from consultations.summaries.lengths import minutes_for
from consultations.vocabulary import AppointmentKind, AppointmentStatus, Area, Rebook

CAME = (*HERE, AppointmentStatus.DONE)
RESOURCES = ("patient", "laser", "practitioner", "room")
NEVER_SHARED = ("patient", "laser")
# What says by its moment alone that it did not take place.
CALLED_OFF_AT = (
    ("cancelled_at", AppointmentStatus.CANCELLED, gettext_lazy("cancelled at")),
    ("archived_at", AppointmentStatus.CANCELLED, gettext_lazy("deleted at")),
    ("missed_at", AppointmentStatus.MISSED, gettext_lazy("missed at")),
)


class Appointments(OfPatients):
    model = Appointment

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.staff = staff_by_name()
        self.rooms = {folded(one.name): one for one in Room.objects.standing().order_by("-pk")}
        self.lasers = {folded(one.name): one for one in Laser.objects.standing().order_by("-pk")}
        self.lengths, self.held, self.plans, self.known = {}, {}, {}, set()
        self.to_come = []

    @property
    def is_own(self):
        return self.batch.format == OWN

    def prepare(self, givens):
        super().prepare(givens)
        plans = TreatmentPlan.objects.standing().filter(
            assessment__consultation__patient__in=self.finder.keys()
        )
        self.plans = {}
        for one in plans.select_related("assessment__consultation").order_by("started_on", "pk"):
            key = (one.assessment.consultation.patient_id, one.assessment.area)
            self.plans.setdefault(key, []).append(one)
        known = Appointment.objects.standing().filter(patient__in=self.finder.keys())
        columns = ("patient", "starts_at", "kind", "status")
        self.known = {_same(*one) for one in known.values_list(*columns)}

    def build(self, given, *, checks=True):
        """Put the appointment of a row together."""
        visit = Appointment(created_by=self.by, changed_by=self.by)
        given.record, given.courses = visit, []
        if given.value("is_break"):
            given.refuse("is_break", _("A break in the diary is no appointment."))
            return
        patient = self.finder.patient(given)
        visit.status = visit.kind = ""
        given.fill(
            visit,
            "appointment",
            leaves_out=("starts_at", "ends_at", "practitioner", "room", "laser"),
        )
        self._say_what(given, visit)
        self._say_when(given, visit)
        if patient is None or given.problems:
            return
        visit.patient = patient
        self._say_with_what(given, visit)
        self._say_what_became_of_it(given, visit)
        self._say_for_which_courses(given, visit)
        if checks:
            self._check(given, visit)

    def _say_what(self, given, visit):
        """What the other system calls the service tells the kind, and stands in the note: their
        reception booked by it."""
        service = given.text("treatment")
        if service:
            visit.kind = visit.kind or kind_of(service)
            if folded(service) not in KINDS:
                _note(visit, _("service"), service)
        if not visit.kind:
            is_for_laser = given.text("areas") or given.text("laser")
            visit.kind = AppointmentKind.TREATMENT if is_for_laser else AppointmentKind.OTHER

    def _say_when(self, given, visit):
        visit.starts_at = given.value("starts_at")
        if visit.starts_at is None and (day := given.value("start_day")):
            if (at := given.value("start_time")) is None:
                given.refuse("start_time", _("Say at what time it begins."))
                return
            visit.starts_at = timezone.make_aware(datetime.combine(day, at))
        if visit.starts_at is None:
            given.refuse("starts_at", _("Say when the appointment is."))
            return
        visit.ends_at, told_in = given.value("ends_at"), "ends_at"
        if visit.ends_at is None and (at := given.value("end_time")):
            day, told_in = timezone.localdate(visit.starts_at), "end_time"
            visit.ends_at = timezone.make_aware(datetime.combine(day, at))
        if visit.ends_at is None:
            minutes, told_in = given.value("minutes"), "minutes"
            if minutes is None:
                minutes = self._minutes(visit.kind)
            visit.ends_at = visit.starts_at + timedelta(minutes=int(minutes))
        if visit.ends_at <= visit.starts_at:
            given.refuse(told_in, _("An appointment takes some time."))
        elif visit.ends_at - visit.starts_at > LONGEST:
            given.refuse(told_in, _("An appointment takes at most 12 hours."))

    def _minutes(self, kind):
        if kind not in self.lengths:
            self.lengths[kind] = minutes_for(kind)
        return self.lengths[kind]

    def _say_with_what(self, given, visit):
        """Colleagues, rooms and lasers that are here; other names stand in the note."""
        known = {"practitioner": self.staff, "room": self.rooms, "laser": self.lasers}
        for name, by_name in known.items():
            text = given.text(name)
            setattr(visit, name, by_name.get(folded(text)) if text else None)
            if text and getattr(visit, name) is None:
                _note(visit, Appointment._meta.get_field(name).verbose_name, text)

    def _say_what_became_of_it(self, given, visit):
        """What is called off is not to be booked again by an import. Nobody is said to have come
        who is not in the file."""
        self._say_status(given, visit)
        if visit.status in CALLED_OFF:
            visit.reason = visit.reason or _("Not said")
        else:
            visit.reason = visit.reason_of = visit.reason_words = visit.rebook = ""
            visit.declined_reason, visit.cancelled_late = "", False
        keeps = self.is_own and visit.rebook in (Rebook.OPEN, Rebook.DECLINED)
        if not keeps:
            visit.rebook = visit.declined_reason = ""
        if visit.status == AppointmentStatus.BOOKED:
            visit.arrived_at = None
        if not visit.overbooked_reason:
            return
        visit.overbooked_by, visit.overbooked_at = self.by, timezone.now()

    def _say_status(self, given, visit):
        now = timezone.now()
        for key, status, words in CALLED_OFF_AT:
            if at := given.value(key):
                visit.status = status
                said = f"{words}: {moment_in_words(at)}"
                visit.reason_words = f"{visit.reason_words}\n{said}".strip()
                return
        if visit.status in CALLED_OFF:
            return
        if timezone.localdate(visit.starts_at) > timezone.localdate(now):
            visit.status = AppointmentStatus.BOOKED
        elif self.is_own and visit.status:
            return  # as it stood in the diary that it comes from
        elif visit.ends_at > now:
            visit.status = AppointmentStatus.BOOKED
        elif visit.status in CAME or visit.arrived_at:
            visit.status = AppointmentStatus.DONE
        else:
            words = _("This is past. Say what became of it: done, missed or cancelled.")
            given.refuse("status", words)

    def _say_for_which_courses(self, given, visit):
        """Its courses, of each area the last that had begun; an area without one is noted."""
        areas, unknown = areas_in(given.text("areas"))
        for word in unknown:
            words = _("“%(text)s” is none of: %(choices)s.")
            choices = ", ".join(str(one.label) for one in Area)
            given.refuse("areas", words % {"text": word[:60], "choices": choices})
        without = []
        for area in areas:
            plans = self.plans.get((visit.patient.pk, area), [])
            begun = [one for one in plans if one.started_on <= visit.day]
            if plans:
                given.courses.append((begun or plans)[-1])
            else:
                without.append(str(area.label))
        if without:
            _note(visit, _("areas"), ", ".join(without))

    def _check(self, given, visit):
        given.refuse_before(visit.patient.date_of_birth)
        given.check(visit, "appointment")
        if self.same(given) in self.known:
            given.refuse("", _("This patient has this appointment already."))
        if visit.is_holding and not given.problems:
            for clash in clashes_of(visit):
                if not clash.may_be_booked_over:
                    given.refuse(_column_of(given, clash.field), clash.words)

    def same(self, given):
        """Nobody is twice at one time in one file; what was called off may be booked again."""
        visit = given.record
        return _same(visit.patient_id, visit.starts_at, visit.kind, visit.status)

    def compared(self, givens):
        found = super().compared(givens)
        for given in givens:
            visit = given.record
            if not visit.is_holding or given.problems:
                continue
            for name, first in self._overlapping(visit, given.row.number):
                if name in NEVER_SHARED:
                    words = _("At the same time as row %(number)s.")
                    given.refuse(_column_of(given, name), words % {"number": first})
                    break
        return found

    def _overlapping(self, visit, number):
        """Yield what another row holds at that time: the resource, and the row."""
        found = []
        for name in RESOURCES:
            if (key := getattr(visit, f"{name}_id")) is None:
                continue
            held = self.held.setdefault((name, key, timezone.localdate(visit.starts_at)), [])
            for start, end, row in held:
                if start < visit.ends_at and visit.starts_at < end:
                    found.append((name, row))
            held.append((visit.starts_at, visit.ends_at, number))
        return found

    def keep(self, givens, keeper):
        """What is over a colleague, a room or the hours comes in as booked over them."""
        for given in givens:
            visit = given.record
            if visit.is_holding and not visit.overbooked_reason and self._is_over(given):
                visit.overbooked_reason = keeper.reason[:200]
                visit.overbooked_by, visit.overbooked_at = self.by, self.batch.saved_at
        keeper.keep(Appointment, [given.record for given in givens])
        courses = [
            AppointmentPlan(appointment=given.record, plan=plan)
            for given in givens
            for plan in given.courses
        ]
        keeper.keep(AppointmentPlan, courses)
        self.to_come += [given.record for given in givens if given.record.is_holding]

    def _is_over(self, given):
        visit = given.record
        return bool(self._overlapping(visit, given.row.number) or clashes_of(visit))

    def finish(self, keeper):
        """Reminders in their time; an import confirms nothing."""
        for visit in self.to_come:
            messages.remind(visit, by=self.by)


def _column_of(given, name):
    """The field whose column says what is taken."""
    return given.whose().field if name == "patient" else name


def _same(patient, starts_at, kind, status):
    """By what two appointments are one."""
    return patient, starts_at, kind, status if status in CALLED_OFF else ""


def _note(visit, label, text):
    """Write beside an appointment what has no place of its own."""
    visit.note = f"{visit.note}\n{label}: {text}".strip()
