"""Rows of appointments: those that were, and those to come."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions import messages
from consultations.exchange.imports.records import OWN, OfPatients, staff_by_name
from consultations.models import Appointment, AppointmentPlan, Laser, Room, TreatmentPlan
from consultations.models.appointment import LONGEST
from consultations.models.text import folded
from consultations.summaries.clashing import clashes_of
from consultations.summaries.lengths import minutes_for
from consultations.vocabulary import AppointmentStatus, Area, Rebook

CALLED_OFF = (AppointmentStatus.MISSED, AppointmentStatus.CANCELLED)
RESOURCES = ("patient", "laser", "practitioner", "room")
NEVER_SHARED = ("patient", "laser")


class Appointments(OfPatients):
    model = Appointment

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.staff = staff_by_name()
        self.rooms = {folded(one.name): one for one in Room.objects.standing().order_by("-pk")}
        self.lasers = {folded(one.name): one for one in Laser.objects.standing().order_by("-pk")}
        self.lengths, self.held, self.plans = {}, {}, {}
        self.to_come = []

    def prepare(self, givens):
        super().prepare(givens)
        plans = TreatmentPlan.objects.standing().filter(
            assessment__consultation__patient__in=self.finder.keys()
        )
        self.plans = {}
        for one in plans.select_related("assessment__consultation").order_by("pk"):
            key = (one.assessment.consultation.patient_id, one.assessment.area)
            self.plans[key] = one

    def build(self, given, *, checks=True):
        """Put the appointment of a row together."""
        patient = self.finder.patient(given)
        visit = Appointment(created_by=self.by, changed_by=self.by)
        visit.status = ""
        given.fill(
            visit,
            "appointment",
            leaves_out=("starts_at", "ends_at", "practitioner", "room", "laser"),
        )
        given.record, given.courses = visit, []
        self._say_when(given, visit)
        if patient is None or given.problems:
            return
        visit.patient = patient
        self._say_with_what(given, visit)
        self._say_what_became_of_it(given, visit)
        given.courses = [
            self.plans[patient.pk, area]
            for area in areas_in(given.text("areas"))
            if (patient.pk, area) in self.plans
        ]
        if checks:
            self._check(given, visit)

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
        visit.ends_at = given.value("ends_at")
        if visit.ends_at is None and (at := given.value("end_time")):
            day = timezone.localdate(visit.starts_at)
            visit.ends_at = timezone.make_aware(datetime.combine(day, at))
        if visit.ends_at is None:
            minutes = given.value("minutes") or self._minutes(visit.kind)
            visit.ends_at = visit.starts_at + timedelta(minutes=int(minutes))
        if visit.ends_at <= visit.starts_at:
            given.refuse("ends_at", _("An appointment takes some time."))
        elif visit.ends_at - visit.starts_at > LONGEST:
            given.refuse("ends_at", _("An appointment takes at most 12 hours."))

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
                label = Appointment._meta.get_field(name).verbose_name
                visit.note = f"{visit.note}\n{label}: {text}".strip()

    def _say_what_became_of_it(self, given, visit):
        """What is past is over; what was called off is not to be booked again by an import."""
        is_past = visit.ends_at <= timezone.now()
        if given.text("cancelled_at"):
            visit.status = AppointmentStatus.CANCELLED
        elif given.text("missed_at"):
            visit.status = AppointmentStatus.MISSED
        elif not visit.status or (is_past and visit.status not in CALLED_OFF):
            visit.status = AppointmentStatus.DONE if is_past else AppointmentStatus.BOOKED
        elif not is_past and visit.status not in CALLED_OFF:
            visit.status = AppointmentStatus.BOOKED
        is_off = visit.status in CALLED_OFF
        if is_off:
            visit.reason = visit.reason or _("Not said")
        else:
            visit.reason = visit.reason_of = visit.reason_words = visit.rebook = ""
            visit.declined_reason, visit.cancelled_late = "", False
        keeps = self.batch.format == OWN and visit.rebook in (Rebook.OPEN, Rebook.DECLINED)
        if not keeps:
            visit.rebook = visit.declined_reason = ""
        if visit.status == AppointmentStatus.BOOKED:
            visit.arrived_at = None
        if not visit.overbooked_reason:
            return
        visit.overbooked_by, visit.overbooked_at = self.by, timezone.now()

    def _check(self, given, visit):
        given.refuse_before(visit.patient.date_of_birth)
        given.check(visit, "appointment")
        if visit.is_holding and not given.problems:
            for clash in clashes_of(visit):
                if not clash.may_be_booked_over:
                    given.refuse(clash.field, clash.words)

    def same(self, given):
        """Nobody is twice at one time in one file, and no laser."""
        visit = given.record
        return visit.patient.pk, visit.starts_at, visit.kind

    def compared(self, givens):
        found = super().compared(givens)
        for given in givens:
            visit = given.record
            if not visit.is_holding or given.problems:
                continue
            for name, first in self._overlapping(visit, given.row.number):
                if name in NEVER_SHARED:
                    words = _("At the same time as row %(number)s.")
                    given.refuse(name, words % {"number": first})
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


def areas_in(text):
    """Return the areas that a cell names, by value or label."""
    words = {folded(one) for one in text.replace(";", ",").split(",")}
    return [one.value for one in Area if words & {folded(one.value), folded(str(one.label))}]
