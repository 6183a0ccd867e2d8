"""The stage of the matrix: a clinic whose every text is a canary, an account for each column, and
for every address what is asked there and what is posted."""

import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_otp.oath import totp

from consultations.models import Addendum, ConsentWording, Patient
from consultations.models.record import SignedRecord
from consultations.permissions import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION
from consultations.summaries.signed_copy import rendition_of
from consultations.vocabulary import AccessKind, Area
from tests.admin.browsing import form_data
from tests.factories import (
    AccessRecordFactory,
    AddendumFactory,
    AssessmentFactory,
    ConsentFactory,
    ConsentWordingFactory,
    ConsultationFactory,
    DraftFactory,
    EventFactory,
    FollowUpFactory,
    LaserFactory,
    LaserModeFactory,
    PatientFactory,
    PhotoFactory,
    PlanFactory,
    ReferralFactory,
    SessionFactory,
    UserFactory,
)
from tests.pictures import picture, upload
from tests.sweeps.world import make_world

PASSWORD = "password"
NEW_PASSWORD = "Tr1cky-enough"
PIXELS = "canarypixels"
AUTHENTICATOR = "3132333435363738393031323334353637383930"  # the key that everybody is offered

# Never written by a person, or not free to be any word.
NOT_FILLED = {
    ("patient", "record_number"),
    ("patient", "sort_name"),
    ("consent", "digest"),
    ("photo", "digest"),
    ("photo", "thumbnail_digest"),
    ("treatmentsession", "performed_elsewhere"),
}
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
    spare["waiting"] = FollowUpFactory(by=by, patient=spare["patient"])
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
        "treatmentplan": plan,
        "treatmentsession": SessionFactory(by=by, plan=busy, booked=True),
        "done": SessionFactory(by=by, plan=busy),
        "adverseevent": EventFactory(by=by, session=SessionFactory(by=by, plan=busy)),
        "followup": FollowUpFactory(by=by, patient=person),
        "laser": LaserFactory(by=by),
        "lasermode": LaserModeFactory(by=by),
        "photo": PhotoFactory(by=by, patient=person),
        "consent": ConsentFactory(by=by, patient=person),
        "consentwording": ConsentWordingFactory(by=by),
        "addendum": AddendumFactory(
            by=by, consultation=None, session=make_signed_session(by, busy)
        ),
    }


def make_signed_session(by, plan):
    return SessionFactory(by=by, plan=plan, signed_by=by, signed_at=timezone.now())


def make_today_busy(by, users):
    """Something on every list of Today, and drafts of two people."""
    now, today = timezone.now(), timezone.localdate()
    for days in (-1, 0, 1):
        SessionFactory(by=by, booked=True, booked_for=now + timedelta(days=days))
    PlanFactory(by=by, next_due_on=today - timedelta(days=1))
    referral = ReferralFactory(by=by, status="sent", sent_on=today)
    FollowUpFactory(by=by, referral=referral, kind="referral_reply", patient=referral.patient)
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
    "adverseevent": ("cleared_by", "cleared_at"),
    "followup": ("done_by", "done_on"),
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
    correcting = {"correcting": True} if isinstance(record, SignedRecord | Addendum) else {}
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


# Addresses


@cache
def addresses_known():
    """Every address as the matrix calls it: its URL name, "" where it has none, and its pattern."""
    known = {}
    for name, pattern in walk(get_resolver()):
        short = (name or pattern).removeprefix("admin:").removeprefix("admin/")
        known[short.removeprefix("consultations_")] = (name, pattern)
    return known


def walk(resolver, before="", inside=()):
    for one in resolver.url_patterns:
        path = f"{before}{one.pattern}"
        if hasattr(one, "url_patterns"):
            yield from walk(one, path, [*inside, *filter(None, [one.namespace])])
        else:
            yield ":".join([*inside, one.name]) if one.name else "", path


def arguments(stage):
    """The arguments of addresses that take more, or others, than the key of their record."""
    kept, spare = stage.records, stage.spare
    superuser = stage.users["superuser"].pk
    return {
        "view_on_site": [ContentType.objects.get_for_model(Patient).pk, kept["patient"].pk],
        "app_list": ["consultations"],
        "app_list@auth": ["auth"],
        "(?P<url>.*)$": ["nothing-here/"],
        "auth_user_change@superuser": [superuser],
        "auth_user_password_change@superuser": [superuser],
        "treatmentsession_change@booked": [spare["treatmentsession"].pk],
        "treatmentsession_change@done": [spare["done"].pk],
        "treatmentsession_call_off": [spare["treatmentsession"].pk, "cancelled"],
        "treatmentsession_call_off@done": [spare["treatmentsession"].pk, "done"],
        "followup_done": [spare["waiting"].pk],
        "followup_no_answer": [spare["waiting"].pk],
        "consultation_change@signed": [kept["signed"].pk],
        "consultation_move@signed": [kept["signed"].pk],
        "consultation_addendum@unsigned": [kept["consultation"].pk],
        "treatmentsession_change@signed": [kept["signed_session"].pk],
        "treatmentsession_addendum@unsigned": [spare["done"].pk],
        "auth_user_unlock@superuser": [superuser],
        "auth_user_reset_second_factor@superuser": [superuser],
        "patient_photos@consent": [spare["patient"].pk],
    }


# Pages that are about a spare record where POST changes it.
ABOUT_SPARE = ("entered_in_error", "change", "erase", "move")
# Pages about what is signed.
ABOUT_SIGNED = {
    "consultation_addendum": "signed",
    "treatmentsession_addendum": "signed_session",
}


def queries(stage):
    """What is asked behind the address."""
    plan, spare = stage.treatmentplan.pk, stage.spare
    form = reverse("admin:consultations_patient_add")
    return {
        "draft": {"form": form},
        "patient_find": {"q": "canary"},
        "patient_visit": {"plan": plan},
        "consultation_add": {"patient": stage.patient.pk},
        "surgicalreferral_add": {"assessment": spare["unreferred"].pk},
        "treatmentplan_add": {"assessment": spare["areaassessment"].pk},
        "treatmentsession_add@booking": {"plan": plan, "status": "booked"},
        "treatmentsession_add@done": {"plan": plan},
        "adverseevent_add": {"session": stage.treatmentsession.pk},
        "followup_add": {"patient": stage.patient.pk},
        "patient_merge": {"with": stage.other.pk},
        "patient_merge@choose": {"q": "canary"},
        "consultation_move": {"to": stage.patient.pk},
        "consultation_move@signed": {"to": stage.other.pk},
        "consultation_move@choose": {"q": "canary"},
        "audit": {"patient": stage.patient.pk},
    }


def address_of(stage, row):
    """The address that a line of the matrix is about, with the record it is about; None where it
    is about none."""
    name, _at, case = row.partition("@")
    if name == "autocomplete":
        return choosing_address(
            next(one for one in keys_to_choose() if target_of(one) == case)
        ), None
    args = arguments(stage).get(row)
    record = None
    if args is None and (record := record_of(stage, name)):
        args = [record.pk]
    query = queries(stage).get(row)
    return path_of(name, args or []) + (f"?{urlencode(query)}" if query else ""), record


@cache
def keys_to_choose():
    """Every field of every model that autocomplete can be asked about."""
    return [
        field
        for model in site._registry
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
    ]


def target_of(field):
    return field.related_model._meta.model_name


def choosing_address(field, term=""):
    meta = field.model._meta
    asked = {"app_label": meta.app_label, "model_name": meta.model_name, "field_name": field.name}
    return f"{reverse('admin:autocomplete')}?{urlencode(asked | {'term': term})}"


def record_of(stage, name):
    """The record of an address that ends in the key of one."""
    found = re.match(r"(?:auth_|consultations/|auth/)?([a-z]+)[_/](.*)", name)
    pattern = addresses_known()[name][1]
    if not found or ("<path:object_id>" not in pattern and "<id>" not in pattern):
        return None
    if name in ABOUT_SIGNED:
        return stage.records[ABOUT_SIGNED[name]]
    model, page = found.groups()
    if page in ABOUT_SPARE and model in stage.spare:
        return stage.spare[model]
    return stage.records[model]


def path_of(name, args):
    url_name, pattern = addresses_known()[name]
    if url_name:
        return reverse(url_name, args=args)
    return "/" + re.sub(r"<path:object_id>|\(\?P<url>\.\*\)\$", lambda _: str(args[0]), pattern)


# What is posted


def soon(days=40):
    return timezone.localdate() + timedelta(days=days)


def posted(stage):
    """What is filled in, by address, beside what the form itself has."""
    day = datetime.combine(soon(), time(10, 30))
    when = {"booked_for_0": f"{day:%Y-%m-%d}", "booked_for_1": "10:30"}
    plan, mode = stage.treatmentplan, stage.lasermode
    visit = f"plan-{plan.pk}-"
    new_person = {"family_name": "New", "given_name": "Person", "date_of_birth": "1990-01-02"}
    asked = {"pregnant_or_breastfeeding": "false", "isotretinoin": "never"}
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    reason = {"reason": "A slip."}
    return {
        "password_change": {
            "old_password": PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
        "draft": {
            "form": reverse("admin:consultations_patient_add"),
            "values": '{"family_name": "Half"}',
        },
        "patient_add": new_person,
        "patient_change": {"phone": "020 7946 0001"},
        "patient_visit": asked
        | {
            f"{visit}include": "on",
            f"{visit}laser_mode": mode.pk,
            f"{visit}infection": "false",
            f"{visit}suspicious_lesion": "false",
        },
        "patient_photos": {
            "area": "face",
            "view": "front",
            "taken_on": "2025-03-03",
            "photos": [upload(picture())],
        },
        "patient_photos@consent": {
            "_consent": "1",
            "signed_name": "Given Family",
            "given_on": "2025-03-03",
        },
        "consultation_add": {
            "assessments-0-area": "face",
            "assessments-0-severity": "mild",
        },
        "consultation_change": {"concern": "Another."},
        "consultation_verdict": {"patient": stage.patient.pk},
        "surgicalreferral_add": {"surgeon": "A surgeon"},
        "surgicalreferral_change": {"surgeon": "Another surgeon"},
        "treatmentplan_add": {},
        "treatmentplan_change": {"interval_days": "30"},
        "treatmentsession_add@booking": when,
        "treatmentsession_add@done": asked
        | {"infection": "false", "laser_mode": mode.pk, "status": "done"},
        "treatmentsession_change@booked": when,
        "treatmentsession_change@done": {"pain": "3"},
        "treatmentsession_call_off": {
            "words": "Clinic cancelled",
            "version": stage.spare["treatmentsession"].version,
        },
        "treatmentsession_call_off@done": {"words": "Slip"},
        "adverseevent_add": {
            "kind": "oedema",
            "severity": "mild",
            "onset_on": stage.treatmentsession.performed_on.isoformat(),
        },
        "adverseevent_change": {"action_taken": "Another."},
        "followup_add": {"due_on": f"{soon():%Y-%m-%d}", "kind": "recall"},
        "followup_change": {"outcome": "Another."},
        "followup_done": {"words": "Booked", "version": stage.spare["waiting"].version},
        "followup_no_answer": {"words": "Tried", "version": stage.spare["waiting"].version},
        "laser_add": {"name": "New laser", "modes-TOTAL_FORMS": "0"},
        "laser_change": {"manufacturer": "Another"},
        "lasermode_add": {
            "laser": stage.laser.pk,
            "name": "New mode",
            "laser_type": "non_ablative",
            "wavelength_nm": "1064",
            "pulse": "long",
        },
        "lasermode_change": {"wavelength_nm": "1320"},
        "photo_change": {"taken_on": "2025-03-04"},
        "photo_turn": {"degrees": "90", "version": stage.records["photo"].version},
        "consent_change": {"withdrawn_on": f"{timezone.localdate():%Y-%m-%d}"},
        "consentwording_add": {"kind": "photo", "text": "New words."},
        "consentwording_change": {"text": "Other words."},
        "patient_merge": {"with": stage.other.pk, "_merge": "1"} | reason,
        "patient_erase": {"confirm": stage.spare["patient"].record_number}
        | {"legal_reason": "A court asks for it."}
        | reason,
        "consultation_move": {"to": stage.patient.pk} | reason,
        "consultation_move@signed": {"to": stage.other.pk} | reason,
        "consultation_addendum": {"text": "Also the left side."},
        "consultation_addendum@unsigned": {"text": "Also the left side."},
        "treatmentsession_addendum": {"text": "Also the left side."},
        "treatmentsession_addendum@unsigned": {"text": "Also the left side."},
        "clinicsettings_add": {"name": "New clinic", "retention_years": "1"},
        "clinicsettings_change": {"retention_years": "12"},
        "clinicsettings_entered_in_error": reason,
        "second_factor_set_up": {
            "code": f"{totp(bytes.fromhex(AUTHENTICATOR)):06d}",
            "password": PASSWORD,
        },
        "second_factor_new_codes": {"password": PASSWORD},
        "auth_user_add": {"username": "newcomer", "usable_password": "true"} | passwords,
        "auth_user_change": {"first_name": "New"},
        "auth_user_change@superuser": {"first_name": "New"},
        "auth_user_password_change": passwords,
        "auth_user_password_change@superuser": passwords,
    } | {f"{model}_entered_in_error": reason for model in stage.spare}


def form_of(answer):
    """What a browser would post from the page that was answered, its search aside."""
    if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
        return {}
    soup = BeautifulSoup(answer.content, "html.parser")
    found = soup.select_one("#content form[method=post]:not([role=search])")
    return form_data(found) if found else {}


def fields_of(answer):
    """The names of all that can be filled in on the page that was answered."""
    soup = BeautifulSoup(answer.content, "html.parser")
    named = soup.select("#content form[method=post]:not([role=search]) [name]")
    return {one["name"] for one in named if not one.has_attr("disabled")}


# What was answered

# Kept of every request, whoever asks and whatever is answered.
ALSO_WRITTEN = re.compile(
    r"django_session|consultations_accessrecord|axes_|otp_|SET \"last_login\" = \S+ WHERE"
)
WRITES = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) \W?(\w+)")


@contextmanager
def writes_watched():
    """Collects the tables written inside."""
    written = set()

    def watch(execute, sql, params, many, context):
        if (found := WRITES.match(sql)) and not ALSO_WRITTEN.search(sql):
            written.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield written


def whole(answer):
    """All that an answer says: its body, headers and cookies."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cookies = answer.cookies.output()
    return f"{body.decode(errors='replace')}\n{answer.headers}\n{cookies}"
