"""All records of one or more patients, read in few queries, each tied to what it hangs on."""

from hashlib import sha256

from django.contrib.auth import get_user_model
from django.db.models import Q

from consultations.models import (
    Addendum,
    AdverseEvent,
    Appointment,
    AppointmentPlan,
    AreaAssessment,
    Consent,
    Consultation,
    Discount,
    IssuedDocument,
    Laser,
    LaserMode,
    Patient,
    Payment,
    Photo,
    PhotoUse,
    ReferralSending,
    Surgeon,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
    record_kinds,
)

# What is read along with records of some kinds.
WITH = {Consent: ("wording",), TestPatch: ("laser_mode__laser", "wording")}

# What records of some kinds are tied to beside what they hang on, where that was read.
TIED_TO = {IssuedDocument: ("patient", "plan", "referral", "session", "consent")}

MONEY = (Payment, Discount)
PHOTOS = (Photo, PhotoUse)


class RecordTree:
    """`tree[Photo]` are all photos of the patients, in the order of their keys.

    Kinds that few pages need are read when they are asked for.
    """

    def __init__(self, *patients):
        self.patients = patients
        self._found = {Patient: {one.pk: one for one in patients}}
        self._read_with_areas()
        self._read_with_sessions()
        self._read_appointments()
        for consultation in self[Consultation]:
            consultation.area_list = []
        for assessment in self[AreaAssessment]:
            assessment.consultation.area_list.append(assessment)
            assessment._prefetched_objects_cache = {"plans": [], "referrals": []}
        for referral in self[SurgicalReferral]:
            referral._prefetched_objects_cache = {"sendings": []}
        for sending in self[ReferralSending]:
            sending.referral._prefetched_objects_cache["sendings"].append(sending)
        for name, model in (("plans", TreatmentPlan), ("referrals", SurgicalReferral)):
            for one in self[model]:
                one.assessment._prefetched_objects_cache[name].append(one)

    def __getitem__(self, model):
        if model not in self._found and model in MONEY:
            self._read_money()
        if model not in self._found and model in PHOTOS:
            self._read_photos()
        if model not in self._found:
            rows = model.objects.filter(self._about(model))
            rows = rows.select_related(*WITH[model]) if model in WITH else rows
            found = {one.pk: one for one in rows}
            self._keep(model, found, *TIED_TO.get(model, ()))
        return list(self._found[model].values())

    def _about(self, model):
        """The condition that such a record is about the patients. What hangs on one thing or
        another is asked for by their keys: through joins, SQLite would read all of it."""
        keys = model.keys_to_patient()
        known = {key: self._found.get(model._meta.get_field(key).related_model) for key in keys}
        if len(keys) == 1 or None in known.values():
            return model.about(list(self.patients))
        return Q(*((f"{key}__in", list(found)) for key, found in known.items()), _connector=Q.OR)

    def _read_with_areas(self):
        found = joined(
            Consultation.objects.filter(patient__in=self.patients),
            "assessments",
            "assessments__plans",
            "assessments__referrals",
            "addenda",
            "assessments__referrals__sendings",
            "assessments__referrals__sendings__surgeon",
        )
        self._keep(Consultation, found[0])
        self._keep(AreaAssessment, found[1])
        self._keep(TreatmentPlan, found[2])
        self._keep(SurgicalReferral, found[3])
        self._addenda = found[4]
        self._found[Surgeon] = found[6]
        self._keep(ReferralSending, found[5], "referral", "surgeon")

    def _read_with_sessions(self):
        sessions, events, modes, lasers, addenda = joined(
            TreatmentSession.objects.filter(plan__in=self._found[TreatmentPlan]),
            "adverse_events",
            "laser_mode",
            "laser_mode__laser",
            "addenda",
        )
        self._found[Laser] = lasers
        self._keep(LaserMode, modes, "laser")
        self._keep(TreatmentSession, sessions, "plan", "laser_mode")
        self._keep(AdverseEvent, events)
        self._keep(Addendum, self._addenda | addenda)

    def _read_appointments(self):
        of_patients = Appointment.objects.filter(patient__in=self.patients)
        appointments, courses = joined(of_patients, "courses")
        self._keep(Appointment, appointments)
        self._keep(AppointmentPlan, courses, "appointment", "plan", "session")
        for appointment in self[Appointment]:
            appointment.course_list = []
        for course in self[AppointmentPlan]:
            course.appointment.course_list.append(course)

    def _read_money(self):
        found = joined(
            TreatmentPlan.objects.filter(pk__in=self._found[TreatmentPlan]), "payments", "discounts"
        )
        self._keep(Payment, found[1])
        self._keep(Discount, found[2])

    def _read_photos(self):
        photos, uses = joined(Photo.objects.filter(patient__in=self.patients), "uses")
        self._keep(Photo, photos)
        self._keep(PhotoUse, uses)

    def _keep(self, model, records, *keys):
        """Tie records to what they hang on, so that nothing of the tree is read twice."""
        for key in keys or model.hangs_on:
            parents = self._found.get(model._meta.get_field(key).related_model, {})
            for record in records.values():
                if parent := parents.get(getattr(record, f"{key}_id")):
                    setattr(record, key, parent)
        self._found[model] = dict(sorted(records.items()))

    def part(self, belongs):
        """Return the records by kind whose consultation, or else patient, `belongs` accepts."""
        return {
            model: [one for one in self[model] if belongs(root_of(one))] for model in record_kinds()
        }

    def latest_first(self, model):
        """Return the records of one kind, latest first: by their day, if any, then their key."""
        return sorted(self[model], key=lambda one: (_day(one), one.pk), reverse=True)

    def stamp(self):
        """Return the versions of everything: if the stamp differs, something has changed."""
        seen = sorted(
            f"{one._meta.model_name} {one.pk} {one.version}"
            for model in record_kinds()
            for one in self[model]
        )
        return sha256("\n".join(seen).encode()).hexdigest()[:32]

    def name_people(self):
        """Read everybody whom the records name, in one query."""
        people = get_user_model()
        named = [
            (record, field)
            for records in self._found.values()
            for record in records.values()
            if not isinstance(record, Patient | Laser | LaserMode | Surgeon)
            for field in record._meta.concrete_fields
            if field.related_model is people and getattr(record, field.attname)
        ]
        found = people.objects.in_bulk({getattr(record, field.attname) for record, field in named})
        for record, field in named:
            setattr(record, field.name, found[getattr(record, field.attname)])


def _day(record):
    match record:
        case Consultation():
            return record.consulted_on
        case AreaAssessment():
            return record.consultation.consulted_on
        case TreatmentSession() | Appointment():
            return record.day
    return 0


def root_of(record):
    """Return what a record hangs on in the end: its consultation, or else its patient. An
    appointment goes with the consultation of its courses, where that is one."""
    if isinstance(record, Appointment):
        own = {course.plan.nearest(Consultation) for course in record.course_list}
        return own.pop() if len(own) == 1 else record.patient
    return record.nearest(Consultation) or record.nearest(Patient)


def joined(queryset, *paths):
    """Return the records of `queryset` and of each path from it, a dictionary by key for each.

    Like select_related, but also along relations to many.
    """
    models = [queryset.model, *(_model_at(queryset.model, path) for path in paths)]
    columns = [[field.attname for field in model._meta.concrete_fields] for model in models]
    prefixes = ["", *(f"{path}__" for path in paths)]
    names = [
        prefix + column for prefix, own in zip(prefixes, columns, strict=True) for column in own
    ]
    found = [{} for _model in models]
    for row in queryset.values_list(*names):
        start = 0
        for model, own, records in zip(models, columns, found, strict=True):
            values = row[start : start + len(own)]
            start += len(own)
            key = values[own.index(model._meta.pk.attname)]
            if key is not None and key not in records:
                records[key] = model.from_db(queryset.db, own, values)
    return found


def _model_at(model, path):
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
