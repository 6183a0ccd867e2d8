"""One of every record for the sweeps, and the addresses of every page about them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from consultations.models import ClinicSettings, LaserMode, MessageTemplate, PreCare
from consultations.summaries.signed_copy import rendition_of
from consultations.vocabulary import Area
from tests.factories import (
    AddendumFactory,
    AssessmentFactory,
    AuthorisedUserFactory,
    ClinicSettingsFactory,
    ConsentFactory,
    ConsultationFactory,
    EventFactory,
    FollowUpFactory,
    LaserIncidentFactory,
    LaserModeFactory,
    LaserServiceFactory,
    MessageTemplateFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    PreCareFactory,
    ReferralFactory,
    SessionFactory,
    TestPatchFactory,
    UserFactory,
)

MODELS = (
    "patient",
    "consultation",
    "areaassessment",
    "surgicalreferral",
    "treatmentplan",
    "treatmentsession",
    "adverseevent",
    "followup",
    "laser",
    "lasermode",
    "authoriseduser",
    "laserservice",
    "laserincident",
    "photo",
    "consent",
    "consentwording",
    "messagetemplate",
    "precare",
    "addendum",
    "testpatch",
    "clinicsettings",
    "user",
)


# These come into being on another record's page.
WITHOUT_ADD = ("areaassessment", "photo", "consent", "addendum")
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
    plan = PlanFactory(by=by, assessment=face)
    for state in ("missed", "booked"):
        SessionFactory(by=by, plan=plan, **{state: True})
    session = SessionFactory(by=by, plan=plan, laser_mode=mode)
    consent = ConsentFactory(by=by, patient=person)
    PhotoFactory(by=by, patient=person)
    signed = make_signed(person, by)
    return World(
        {
            "patient": person,
            "consultation": consultation,
            "areaassessment": face,
            "surgicalreferral": ReferralFactory(by=by, assessment=neck),
            "treatmentplan": plan,
            "treatmentsession": session,
            "adverseevent": EventFactory(by=by, session=session),
            "followup": FollowUpFactory(by=by, patient=person, plan=plan),
            "laser": mode.laser,
            "lasermode": mode,
            # Of another laser: with a list, this one would stop everybody who is not on it.
            "authoriseduser": AuthorisedUserFactory(by=by),
            "laserservice": LaserServiceFactory(by=by, laser=mode.laser),
            "laserincident": LaserIncidentFactory(by=by, laser=mode.laser),
            "photo": PhotoFactory(by=by, patient=person),
            "consent": consent,
            "consentwording": consent.wording,
            "messagetemplate": MessageTemplate.objects.first() or MessageTemplateFactory(by=by),
            "precare": PreCare.objects.first() or PreCareFactory(by=by),
            "addendum": AddendumFactory(by=by, consultation=signed),
            # Nothing is treated where the skin reacted.
            "testpatch": TestPatchFactory(by=by, patient=person, area=Area.LEGS, reaction=True),
            "signed": signed,
            "clinicsettings": ClinicSettings.objects.first() or ClinicSettingsFactory(by=by),
            "user": by,
            # A consultation may be moved to them, and they may be merged.
            "other": PatientFactory(by=by, phone="020 7946 0000"),
            # Nothing rests on this one yet: a plan can be started from it.
            "untreated": AssessmentFactory(by=by, consultation=consultation, area=Area.ARMS),
        }
    )


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
