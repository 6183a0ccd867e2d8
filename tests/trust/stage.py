"""The stage of the matrix: a clinic whose every text is a canary, an account for each column."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.utils import timezone

from consultations.models import Addendum, ConsentWording, Discount, IssuedDocument, Payment
from consultations.models.record import SignedRecord
from consultations.permissions import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION
from consultations.summaries.signed_copy import rendition_of
from consultations.vocabulary import AccessKind, Area, MessageStatus
from tests.factories import (
    AccessRecordFactory,
    AddendumFactory,
    AppointmentFactory,
    AppointmentPlanFactory,
    AssessmentFactory,
    AuthorisedUserFactory,
    CalendarAddressFactory,
    ConsentFactory,
    ConsentWordingFactory,
    ConsultationFactory,
    DiscountFactory,
    DocumentFactory,
    DraftFactory,
    EventFactory,
    FollowUpFactory,
    ImportRowFactory,
    LaserFactory,
    LaserIncidentFactory,
    LaserModeFactory,
    LaserServiceFactory,
    MessageFactory,
    MessageTemplateFactory,
    PatientFactory,
    PaymentFactory,
    PhotoFactory,
    PhotoUseFactory,
    PlanFactory,
    PreCareFactory,
    ReferralFactory,
    SendingFactory,
    SessionFactory,
    TestPatchFactory,
    UserFactory,
    appointment_for,
    at,
)
from tests.pictures import picture
from tests.sweeps.world import make_world

PIXELS = "canarypixels"

# Never written by a person, or not free to be any word.
NOT_FILLED = {
    ("patient", "record_number"),
    ("patient", "sort_name"),
    ("consent", "digest"),
    ("consent", "no_reason"),
    ("issueddocument", "number"),
    ("issueddocument", "digest"),
    ("photo", "digest"),
    ("photo", "thumbnail_digest"),
    ("treatmentsession", "performed_elsewhere"),
    # Of what was called off alone.
    ("appointment", "reason"),
    ("appointment", "reason_words"),
    ("appointment", "declined_reason"),
    # Of what was closed otherwise alone.
    ("surgicalreferral", "closure_words"),
    # Not beside the reason why it need not be reported.
    ("adverseevent", "report_reference"),
}
# What is written once, and corrected as a whole.
KEPT = SignedRecord | Addendum | Discount | IssuedDocument | Payment
NEVER_FILLED = {"entered_in_error_reason"}


@dataclass
class Stage:
    """`records` by model name: those that pages are about. `spare` are those that nothing rests
    on. `canaries` by what they stand in: `patient.allergies`. `secrets`: what no refused answer
    holds, every canary and every record as it calls itself."""

    records: dict
    spare: dict
    users: dict
    canaries: dict
    secrets: frozenset = frozenset()

    def __getattr__(self, name):
        return self.records[name]

    def client(self, who):
        client = Client(raise_request_exception=False)
        if self.users.get(who):
            client.force_login(self.users[who])
        return client

    @property
    def every_record(self):
        kept = [*self.records.values(), *self.spare.values()]
        return [one for one in kept if not isinstance(one, User)]


def make_stage():
    users = make_users()
    by = UserFactory(username="colleague", password=None, first_name="Col", last_name="League")
    world = make_world(by)
    records = dict(world.records)
    spare = make_spare(by)
    records["elsewhere"] = SessionFactory(
        by=by,
        plan=records["treatmentplan"],
        elsewhere=True,
        performed_elsewhere="canaryelsewhere",
    )
    records["signed_session"] = make_signed_session(by, records["treatmentplan"])
    make_today_busy(by, users)
    stage = Stage(records, spare, users, {})
    fill(stage, by)
    spare["refused"] = MessageFactory(
        patient__by=by, status=MessageStatus.NOT_KNOWN, starts_at=timezone.now() + timedelta(days=9)
    )
    spare["waiting"] = FollowUpFactory(by=by, patient=spare["patient"])
    spare["import"] = ImportRowFactory(batch__made_by=by).batch
    stage.secrets = frozenset(secrets_of(stage))
    return stage


def make_users():
    """One account for each column of the matrix."""
    made = {
        role.lower(): UserFactory(username=role.lower(), role=role)
        for role in (RECEPTION, PRACTITIONER, CLINICIAN, MANAGER)
    }
    return made | {
        "superuser": UserFactory(username="superuser", is_superuser=True),
        "without a role": UserFactory(username="without"),
        "not staff": UserFactory(username="outside", is_staff=False, role=CLINICIAN),
        "switched off": UserFactory(username="off", is_active=False, is_superuser=True),
        "nobody": None,
    }


def make_spare(by):
    """A record of each kind that nothing rests on and that is open to every change."""
    person = PatientFactory(by=by)
    consultation = ConsultationFactory(by=by, patient=person)
    area = AssessmentFactory(by=by, consultation=consultation)
    plan = PlanFactory(by=by, assessment=area)
    severe = AssessmentFactory(by=by, consultation=consultation, area=Area.NECK, severe=True)
    alone = AssessmentFactory(by=by, consultation=consultation, area=Area.LEGS)
    unreferred = AssessmentFactory(by=by, consultation=consultation, area=Area.ARMS, severe=True)
    busy = PlanFactory(
        by=by, assessment=AssessmentFactory(by=by, consultation=consultation, area=Area.STOMACH)
    )
    return {
        "patient": PatientFactory(by=by),
        "consultation": ConsultationFactory(by=by, patient=PatientFactory(by=by)),
        "areaassessment": alone,
        "unreferred": unreferred,
        "surgicalreferral": ReferralFactory(by=by, assessment=severe),
        **make_sendings(by),
        "treatmentplan": plan,
        "treatmentsession": SessionFactory(by=by, plan=busy),
        "former": make_former(busy, by),
        **make_appointments(by),
        "done": SessionFactory(by=by, plan=busy),
        "adverseevent": EventFactory(by=by, session=SessionFactory(by=by, plan=busy)),
        "followup": FollowUpFactory(by=by, patient=person),
        "laser": LaserFactory(by=by),
        "lasermode": LaserModeFactory(by=by),
        "authoriseduser": AuthorisedUserFactory(by=by),
        "laserservice": LaserServiceFactory(by=by),
        "laserincident": LaserIncidentFactory(by=by),
        "photo": PhotoFactory(by=by, patient=person),
        "photouse": PhotoUseFactory(by=by, photo__patient=person),
        "consent": ConsentFactory(by=by, patient=person),
        "issueddocument": DocumentFactory(by=by, patient=person),
        "letter": DocumentFactory(by=by, patient=person, kind="gp_letter"),
        "consentwording": ConsentWordingFactory(by=by),
        "messagetemplate": MessageTemplateFactory(by=by, kind="moved"),
        "precare": PreCareFactory(by=by, laser_type="ablative_fractional"),
        "addendum": AddendumFactory(
            by=by, consultation=None, session=make_signed_session(by, busy)
        ),
        "payment": PaymentFactory(by=by, plan=busy),
        "discount": DiscountFactory(by=by, plan=busy),
        "testpatch": TestPatchFactory(by=by, patient=person, area=Area.NECK, reaction=True),
    }


def make_sendings(by):
    """Referrals to send, sent, and declined."""
    sent = SendingFactory(by=by)
    declined = {"status": "closed", "closure": "surgeon_declined", "closed_on": "2025-03-09"}
    return {
        "unsent": ReferralFactory(by=by),
        "referralsending": sent,
        "waiting_for_reply": SendingFactory(by=by).referral,
        "declined": ReferralFactory(by=by, **declined),
        "accepted": ReferralFactory(by=by, status="accepted"),
    }


def make_former(plan, by):
    """A session that was booked before there was a diary, and its appointment since."""
    former = SessionFactory(by=by, plan=plan, booked=True)
    AppointmentPlanFactory(by=by, plan=plan, session=former)
    return former


def make_appointments(by):
    """One of today, and what else can become of one."""
    kind = {"by": by, "kind": "review"}
    return {
        "appointment": AppointmentFactory(**kind, starts_at=at(12)),
        "review": AppointmentFactory(**kind, starts_at=at(0)),
        "arrived": AppointmentFactory(**kind, starts_at=at(12), arrived=True),
        "missed": AppointmentFactory(**kind, missed=True),
        "cancelled": AppointmentFactory(**kind, cancelled=True),
        "waiting_list": AppointmentFactory(
            **kind, starts_at=at(12, days=9), would_come_earlier=True
        ),
    }


def make_signed_session(by, plan):
    return SessionFactory(by=by, plan=plan, signed_by=by, signed_at=timezone.now())


def make_today_busy(by, users):
    """Something on every list of Today, drafts of two people, and a calendar address."""
    now, today = timezone.now(), timezone.localdate()
    for days in (-1, 0, 1):
        appointment_for(by=by, starts_at=now + timedelta(days=days))
    PlanFactory(by=by, next_due_on=today - timedelta(days=1))
    referral = ReferralFactory(by=by, status="sent", sent_on=today)
    FollowUpFactory(by=by, referral=referral, kind="referral_reply", patient=referral.patient)
    CalendarAddressFactory(user=users["practitioner"])
    DraftFactory(user=users["clinician"], title="canarydraft", values={"notes": "canarydraft"})


# Canaries


def fill(stage, by):
    """Put a word that is nowhere else into every text of every record, and into its history."""
    for record in stage.every_record:
        for field in texts_of(type(record)):
            place = f"{record._meta.model_name}.{field.name}"
            word = stage.canaries.setdefault(place, f"canary{1001 + len(stage.canaries)}")
            is_email = isinstance(field, models.EmailField)
            setattr(record, field.name, f"{word}@example.org" if is_email else word)
        keep_filled(record, by)
    stage.canaries |= {
        "treatmentsession.performed_elsewhere": "canaryelsewhere",
        "draft": "canarydraft",
    }
    fill_findings(stage)
    fill_signed(stage)
    fill_files(stage)
    fill_audit(stage, by)


def texts_of(model):
    name = model._meta.model_name
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.generated
        and field.name not in NEVER_FILLED
        and (name, field.name) not in NOT_FILLED
    ]


# What a text needs beside it.
TOGETHER = {
    "treatmentsession": ("overridden_by", "overridden_at"),
    "appointment": ("overbooked_by", "overbooked_at"),
    "adverseevent": ("cleared_by", "cleared_at"),
    "followup": ("done_by", "done_on"),
    "testpatch": ("cleared_by", "cleared_at"),
    "areaassessment": ("decided_by", "decided_at"),
}


def keep_filled(record, by):
    who, when = TOGETHER.get(record._meta.model_name, (None, None))
    if who:
        setattr(record, who, by)
        setattr(record, when, timezone.localdate() if when == "done_on" else timezone.now())
    if isinstance(record, ConsentWording):
        # Words that somebody has signed cannot be saved otherwise.
        ConsentWording.objects.filter(pk=record.pk).update(text=record.text)
        return
    stored = type(record)._base_manager.get(pk=record.pk)
    record.version = stored.version
    correcting = {"correcting": True} if isinstance(record, KEPT) else {}
    record.save(by=by, **correcting)


def fill_findings(stage):
    """Findings are kept as they were shown: words in JSON."""
    for name in ("areaassessment", "treatmentsession"):
        word = stage.canaries.setdefault(f"{name}.findings", f"canary{name}findings")
        said = {"id": "canary", "level": "caution", "message": word, "hint": word, "lasers": []}
        for record in (stage.records[name], stage.spare[name]):
            record.findings = [said | {"until": None, "source": word}]
            type(record).objects.filter(pk=record.pk).update(findings=record.findings)


def fill_signed(stage):
    """What was signed is kept as a page: words in JSON, which stand nowhere else."""
    for record in (stage.records["signed"], stage.records["signed_session"]):
        name = record._meta.model_name
        word = stage.canaries.setdefault(f"{name}.signed_as", f"canary{name}signed")
        record.signed_as = rendition_of(record)
        record.signed_as["sections"][0]["rows"].append({"label": word, "value": word})
        type(record).objects.filter(pk=record.pk).update(signed_as=record.signed_as)


def fill_audit(stage, by):
    word = stage.canaries["accessrecord.detail"] = "canarydetail"
    patient = stage.records["patient"]
    AccessRecordFactory(user=by, patient=patient, kind=AccessKind.EXPORT, detail=word)


def fill_files(stage):
    content = picture(comment=PIXELS.encode())
    for photo in (stage.records["photo"], stage.spare["photo"]):
        photo.image.save("", ContentFile(content), save=False)
        photo.thumbnail.save("", ContentFile(content), save=False)
        files = {"image": photo.image.name, "thumbnail": photo.thumbnail.name}
        digest = hashlib.sha256(content).hexdigest()
        digests = {"digest": digest, "thumbnail_digest": digest}
        type(photo).objects.filter(pk=photo.pk).update(**files, **digests)
        stage.canaries |= {f"{photo.pk}.{name}": path for name, path in files.items()}
    stage.canaries["pixels"] = PIXELS


def secrets_of(stage):
    return {*stage.canaries.values(), *(str(one) for one in stage.every_record)}
