"""One of every record for the sweeps, and the addresses of every page about them."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from consultations.models import (
    AppointmentLength,
    ClinicSettings,
    ClosedDay,
    LaserMode,
    MessageTemplate,
    OpeningHours,
    PreCare,
)
from consultations.summaries.signed_copy import rendition_of
from consultations.vocabulary import Area
from tests.factories import (
    AbsenceFactory,
    AddendumFactory,
    AppointmentLengthFactory,
    AppointmentReasonFactory,
    AssessmentFactory,
    AuthorisedUserFactory,
    ClinicSettingsFactory,
    ClosedDayFactory,
    ConsentFactory,
    ConsultationFactory,
    DiscountFactory,
    DocumentFactory,
    EventFactory,
    FollowUpFactory,
    LaserIncidentFactory,
    LaserModeFactory,
    LaserServiceFactory,
    MessageTemplateFactory,
    OpeningHoursFactory,
    PatientFactory,
    PaymentFactory,
    PhotoFactory,
    PhotoUseFactory,
    PlanFactory,
    PreCareFactory,
    ReferralFactory,
    RoomFactory,
    SendingFactory,
    SessionFactory,
    SurgeonFactory,
    TestPatchFactory,
    UserFactory,
    appointment_for,
)
from tests.factories.appointment import at

# What the diary is set up with.
OF_THE_DIARY = (
    "room",
    "openinghours",
    "closedday",
    "absence",
    "appointmentreason",
    "appointmentlength",
)
MODELS = (
    "patient",
    "consultation",
    "areaassessment",
    "surgicalreferral",
    "referralsending",
    "surgeon",
    "treatmentplan",
    "treatmentsession",
    "appointment",
    "adverseevent",
    "followup",
    "laser",
    "lasermode",
    "authoriseduser",
    "laserservice",
    "laserincident",
    "photo",
    "photouse",
    "consent",
    "consentwording",
    "messagetemplate",
    "precare",
    "addendum",
    "testpatch",
    "payment",
    "discount",
    "issueddocument",
    *OF_THE_DIARY,
    "clinicsettings",
    "user",
)


# These come into being on another record's page.
WITHOUT_ADD = ("areaassessment", "photo", "consent", "addendum", "issueddocument")
# What stands in a ledger is countered.
NEVER_IN_ERROR = ("payment",)
# There is one row, so the list leads straight to its form.
WITHOUT_LIST = ("clinicsettings",)


@dataclass(frozen=True)
class World:
    """One patient's records by model name, staff and a laser among them."""

    records: dict

    def __getattr__(self, name):
        return self.records[name]

    def url(self, model, page):
        """The address of a page about this world's record of that model."""
        listed = page in {"changelist", "add", "due_for_erasure"}
        return admin_url(model, page, *([] if listed else [self.records[model].pk]))


def admin_url(model, page, *args):
    app = "auth" if model == "user" else "consultations"
    return reverse(f"admin:{app}_{model}_{page}", args=args)


def make_world(by, **patient):
    """A patient with a face under treatment, a neck referred to surgery, three sessions and two
    photos."""
    mode = LaserMode.objects.first() or LaserModeFactory(by=by)
    person = PatientFactory(by=by, phone="020 7946 0000", **patient)
    consultation = ConsultationFactory(by=by, patient=person)
    face = AssessmentFactory(by=by, consultation=consultation)
    neck = AssessmentFactory(by=by, consultation=consultation, area=Area.NECK, severe=True)
    referral = ReferralFactory(by=by, assessment=neck)
    sending = SendingFactory(by=by, referral=referral)
    plan = PlanFactory(by=by, assessment=face, price_per_session=Decimal(200))
    # Of another consultation: this one may be moved, which what was paid for may not.
    paid = PlanFactory(
        by=by,
        assessment__consultation__patient=person,
        assessment__area=Area.STOMACH,
        status="stopped",
        status_reason="Moved away.",
        price_per_session=Decimal(200),
    )
    SessionFactory(by=by, plan=plan, booked=True)  # from before there was a diary
    appointment_for(plan, by=by, missed=True)
    session = SessionFactory(by=by, plan=plan, laser_mode=mode)
    consent = ConsentFactory(by=by, patient=person)
    ConsentFactory(by=by, patient=person, wording__kind="publicity")
    PhotoFactory(by=by, patient=person)
    photo = PhotoFactory(by=by, patient=person)
    signed = make_signed(person, by)
    return World(
        {
            "patient": person,
            "consultation": consultation,
            "areaassessment": face,
            "surgicalreferral": referral,
            "referralsending": sending,
            "surgeon": SurgeonFactory(by=by),
            "treatmentplan": plan,
            "treatmentsession": session,
            "appointment": appointment_for(plan, by=by),
            "adverseevent": EventFactory(by=by, session=session),
            "followup": FollowUpFactory(by=by, patient=person, plan=plan),
            "laser": mode.laser,
            "lasermode": mode,
            # Of another laser: with a list, this one would stop everybody who is not on it.
            "authoriseduser": AuthorisedUserFactory(by=by),
            "laserservice": LaserServiceFactory(by=by, laser=mode.laser),
            "laserincident": LaserIncidentFactory(by=by, laser=mode.laser),
            "payment": PaymentFactory(by=by, plan=paid),
            "discount": DiscountFactory(by=by, plan=paid),
            "photo": photo,
            "photouse": PhotoUseFactory(by=by, photo=photo),
            "consent": consent,
            "consentwording": consent.wording,
            "messagetemplate": MessageTemplate.objects.first() or MessageTemplateFactory(by=by),
            "precare": PreCare.objects.first() or PreCareFactory(by=by),
            "addendum": AddendumFactory(by=by, consultation=signed),
            # Nothing is treated where the skin reacted.
            "testpatch": TestPatchFactory(by=by, patient=person, area=Area.LEGS, reaction=True),
            "issueddocument": DocumentFactory(by=by, patient=person, recipient="Mr Tan"),
            **make_diary(by),
            "signed": signed,
            "clinicsettings": ClinicSettings.objects.first() or ClinicSettingsFactory(by=by),
            "user": by,
            # A consultation may be moved to them, and they may be merged.
            "other": PatientFactory(by=by, phone="020 7946 0000"),
            # Nothing rests on this one yet: a plan can be started from it.
            "untreated": AssessmentFactory(by=by, consultation=consultation, area=Area.ARMS),
        }
    )


def make_diary(by):
    """Rooms and reasons of its own; hours, a closed day and a length as they are there already.
    Open every day, and nobody away soon, so that everything can be booked."""
    for weekday in range(7) if not OpeningHours.objects.exists() else ():
        OpeningHoursFactory(by=by, weekday=weekday)
    closed, (start, end) = at(0, days=300).date(), (at(0, days=200), at(0, days=201))
    return {
        "room": RoomFactory(by=by),
        "openinghours": OpeningHours.objects.first(),
        "closedday": ClosedDay.objects.first() or ClosedDayFactory(by=by, day=closed),
        "absence": AbsenceFactory(by=by, user=by, starts_at=start, ends_at=end),
        "appointmentreason": AppointmentReasonFactory(by=by),
        "appointmentlength": AppointmentLength.objects.first() or AppointmentLengthFactory(by=by),
    }


def make_signed(person, by, **consultation):
    """A consultation of the same person that was signed, its page kept."""
    signed = ConsultationFactory(by=by, patient=person, **consultation)
    AssessmentFactory(by=by, consultation=signed, area=Area.LEGS)
    signed.signed_by, signed.signed_at = by, timezone.now()
    signed.signed_as = rendition_of(signed)
    signed.save(by=by)
    return signed


def make_more(count, by):
    """So many more worlds, each with a laser and a colleague of its own."""
    for number in range(count):
        make_world(by)
        LaserModeFactory(by=by)
        UserFactory(username=f"colleague{count}-{number}")
