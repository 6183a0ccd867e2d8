"""Erasing a person leaves none of them anywhere: every column of every table and every file is
read; what is counted stays the same, and the audit proves itself."""

import io
import json
import os
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from consultations.models import (
    AccessRecord,
    Addendum,
    AdverseEvent,
    Appointment,
    AreaAssessment,
    Consent,
    Consultation,
    Discount,
    Draft,
    Erasure,
    IssuedDocument,
    Patient,
    Payment,
    Photo,
    RefusalCount,
    TreatmentSession,
    kinds,
    record_kinds,
)
from consultations.trust import erased_fields
from consultations.trust.access import record_access
from consultations.trust.erased_fields import HISTORY, treatments_of, worded
from consultations.trust.erasure import erase
from consultations.vocabulary import AccessKind, Rebook, ReportedTo
from tests.factories import EventFactory
from tests.factories.person import make_story, texts_of

CANARY = "Kanarienvogel"
BORN = date(1961, 7, 23)
PHONE = "07700900461"
# Set by the program, never typed; or bound to a form that a constraint checks.
NOT_TYPED = {"record_number", "sort_name", "rulebook", "digest", "image", "thumbnail", "number"}
NOT_TYPED |= {"thumbnail_digest"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def story(clinician, media):
    """A person of whom every text says the canary, now and in the history."""
    story = make_story(clinician, date_of_birth=BORN)
    for record in story.records:
        record.refresh_from_db()
        sing(record)
        record.save(by=clinician, reason=f"{CANARY} reason", **correcting(record))
        quiet = record.history.first()
        assert CANARY in quiet.history_change_reason
    stories_end(story, clinician)
    return story


def correcting(record):
    written_once = Addendum | Discount | IssuedDocument | Payment
    closed = isinstance(record, written_once) or hasattr(record, "signed_at")
    return {"correcting": True} if closed else {}


def sing(record):
    """Write the canary into every text that a person may have typed, or that repeats one."""
    typed = {field.name for field in texts_of(type(record))} - NOT_TYPED
    for name in typed:
        setattr(record, name, f"{CANARY} {name}"[: record._meta.get_field(name).max_length])
    # Texts that stand only beside other fields.
    for name, beside in (
        ("entered_in_error_reason", "entered_in_error_at"),
        ("override_reason", "overridden_at"),
        ("clearance", "cleared_at"),
        ("outcome", "done_on"),
        ("report_reference", "reported_on"),
        ("reason_words", "reason_of"),
        ("declined_reason", "reason_of"),
        ("overbooked_reason", "overbooked_at"),
        ("no_reason", "withdrawn_on"),
        ("closure_words", "closure"),
    ):
        if hasattr(record, beside) and not getattr(record, beside) and name in typed:
            setattr(record, name, "")
    if isinstance(record, Appointment):
        record.reason = record.reason_of and "Did not come"
        record.rebook = Rebook.DECLINED if record.declined_reason else ""
    if isinstance(record, Consent):
        record.read_as = {"parts": [{"title": CANARY, "lines": [CANARY]}]}
    if isinstance(record, Patient):
        record.email, record.phone = f"{CANARY}@example.org", PHONE
    if isinstance(record, TreatmentSession):
        record.elsewhere_checked = False  # as earlier releases stored it: our laser beside it
    if isinstance(record, AreaAssessment):
        record.facts = {**record.facts, "age": 64, "remark": CANARY}
    if hasattr(record, "findings"):
        record.findings = [{"id": "x", "level": "info", "lasers": [], "message": CANARY}]
    if hasattr(record, "signed_as"):
        record.signed_as = {"version": 1, "title": CANARY, "sections": [{"rows": [CANARY]}]}


def closed_otherwise(now):
    closed = {"status": "closed", "closure": "other", "closed_on": now.date()}
    return closed | {"closure_words": CANARY}


def stories_end(story, by):
    """One record is in error, one signed, one event cleared; the other record is merged."""
    now = timezone.now()
    EventFactory(by=by, session=story.session, not_reportable_reason=CANARY)
    for record, changes in (
        (story.merged, {"entered_in_error_at": now, "merged_into": story.patient}),
        (story.event, {"cleared_at": now, "cleared_by": by, "clearance": CANARY} | reported(now)),
        (
            story.booked,
            {"overbooked_at": now, "overbooked_by": by, "overbooked_reason": CANARY},
        ),
        (story.plan.consents.get(), {"withdrawn_on": now.date(), "no_reason": CANARY}),
        (story.referral, closed_otherwise(now)),
        (story.patch, {"cleared_at": now, "cleared_by": by, "clearance": CANARY}),
        (story.follow_up, {"done_on": now.date(), "done_by": by, "outcome": CANARY}),
        (
            story.session,
            {
                "overridden_at": now,
                "overridden_by": by,
                "override_reason": CANARY,
                "signed_at": now,
                "signed_by": by,
            },
        ),
        (
            story.consultation,
            {"entered_in_error_at": now, "signed_at": now, "signed_by": by},
        ),
    ):
        for name, value in changes.items():
            setattr(record, name, value)
        if "entered_in_error_at" in changes:
            record.entered_in_error_by, record.entered_in_error_reason = by, CANARY
        record.save(by=by, **correcting(record))
    for draft in Draft.objects.all():
        draft.values |= {"notes": CANARY}
        draft.save()
    details = {"by": by, "address": None, "patient": story.patient, "record": story.patient}
    record_access(kind=AccessKind.EXPORT, detail=CANARY, **details)


def reported(now):
    """A report in the place of the reason why there need not be one."""
    report = {"reported_to": ReportedTo.MAKER, "reported_on": now.date()}
    return report | {"report_reference": CANARY, "not_reportable_reason": ""}


def everything():
    """Every value of every column of every table, as text; sessions in the clear."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", plain(table, name, value)


def plain(table, name, value):
    if table == "django_session" and name == "session_data":
        return json.dumps(SessionStore().decode(value), default=str)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def places(*words):
    """Where any of the words is found, whatever its case."""
    words = [word.casefold() for word in words]
    texts = ((place, text.casefold()) for place, text in everything())
    found = {place for place, text in texts if any(word in text for word in words)}
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        if any(word.encode() in content or word in str(path).casefold() for word in words):
            found.add(str(path))
    return found


def words_of(story):
    numbers = [story.patient.record_number, story.merged.record_number]
    day = ["1961-07-23", "19610723", "23 jul 1961"]
    return [CANARY, PHONE, "0900461", "image.jpg", "thumbnail.jpg", *numbers, *day]


def written():
    """Every column that somebody may have written in, in the records and in their history."""
    for model in kinds():
        fields = treatments_of(model)
        tables = [model, *([model.history.model] if hasattr(model, "history") else [])]
        names = {name for name, treatment in fields.items() if treatment is worded}
        # Two of the records are in error; that the others could be is the same column again.
        names -= set() if model in (Patient, Consultation) else {"entered_in_error_reason"}
        for one in tables:
            yield from (f"{one._meta.db_table}.{name}" for name in names)
        yield from (f"{one._meta.db_table}.history_change_reason" for one in tables[1:])


def counts():
    """What statistics and law ask of the rows, whoever they are of."""

    def by(model, *names):
        rows = model.objects.order_by().values_list(*names).annotate(Count("pk"))
        return sorted(rows, key=str)

    return {
        "outcomes": by(AreaAssessment, "area", "severity", "effective_outcome"),
        "sessions": by(
            TreatmentSession.objects.done().model, "performed_on", "laser_mode", "operator"
        ),
        "events": by(AdverseEvent, "kind", "severity", "onset_on"),
        "consultations": by(Consultation, "consulted_on", "clinician"),
        "photos": by(Photo, "area", "view", "taken_on"),
        "patients": by(Patient, "sex", "phototype"),
        "years": sorted(one.date_of_birth.year for one in Patient.objects.all()),
    }


def ask(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_nothing_of_the_person_is_left_anywhere(story, manager, media, figure):
    words = words_of(story)
    before, told = counts(), places(*words)
    assert told >= {"consultations_draft.values", "consultations_searchkey.key", *written()}
    other = make_story(manager)
    kept = counts()
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    assert places(*words) == set()
    assert counts() == kept != before
    assert sorted(media.rglob("*.jpg")) == sorted(
        Path(media / name)
        for photo in Photo.objects.filter(patient=other.patient)
        for name in (photo.image.name, photo.thumbnail.name)
    )
    figure("places before", len(told))
    figure("places after", 0)


def test_the_audit_proves_itself_after_an_erasure(story, manager):
    ask("seal_audit")
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    told = ask("verify_audit")
    assert "eras" in told.casefold()
    ask("seal_audit")
    ask("verify_audit")


def test_what_is_changed_behind_an_erasure_is_found(story, manager):
    ask("seal_audit")
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    rows = Patient.history.model._base_manager.filter(id=story.patient.pk)
    rows.update(family_name="Somebody")
    with pytest.raises((SystemExit, CommandError)):
        ask("verify_audit")


def test_staff_keep_their_names_and_every_record_says_who_erased_it(story, manager, clinician):
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    latest = Consultation.objects.get(pk=story.consultation.pk).history.first()
    assert (latest.history_user, latest.history_change_reason) == (manager, "Erased.")
    assert latest.created_by == latest.clinician == clinician
    patient = Patient.objects.get(pk=story.patient.pk)
    assert (patient.record_number, patient.full_name) == ("E-000001", "Erased")
    assert str(patient.date_of_birth) == "1961-01-01"
    assert patient.search_keys.count() == 0


def test_merged_records_are_erased_with_it(story, manager):
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    merged = Patient.objects.get(pk=story.merged.pk)
    assert (merged.record_number, bool(merged.erased_at)) == ("E-000002", True)
    assert Erasure.objects.get().patient == story.patient


def test_an_erasure_that_fails_leaves_everything(story, manager, media, monkeypatch):
    before, files = list(everything()), sorted(media.rglob("*.jpg"))
    monkeypatch.setattr("consultations.trust.erasure.entomb", lambda **options: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    assert sorted(everything()) == sorted(before)
    assert sorted(media.rglob("*.jpg")) == files


def test_files_that_could_not_be_deleted_are_deleted_later(
    story, manager, media, monkeypatch, caplog
):
    def refuse(storage, name):
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "delete", refuse)
        erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    assert "5 files" in caplog.text
    assert CANARY not in caplog.text
    for path in media.rglob("*.jpg"):
        assert path.exists()
    assert ask("erase_patient", files=True) == "0 files deleted.\n"
    for path in media.rglob("*.jpg"):
        os.utime(path, (0, 0))
    assert ask("erase_patient", files=True) == "4 files deleted.\n"
    assert list(media.rglob("*.jpg")) == []


def test_an_erasure_that_is_rolled_back_deletes_no_file(story, manager, media):
    files = sorted(media.rglob("*.jpg"))
    with transaction.atomic():
        erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
        transaction.set_rollback(True)
    assert sorted(media.rglob("*.jpg")) == files


def test_drafts_of_others_stay(story, manager, clinician):
    own = set(Draft.objects.values_list("pk", flat=True))
    other = make_story(manager)
    kept = set(Draft.objects.values_list("pk", flat=True)) - own
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    assert set(Draft.objects.values_list("pk", flat=True)) == kept
    assert other.patient.erased_at is None


# The tables


def has_way_to_patient(model, seen=()):
    """Whether a record of this model belongs, by whichever keys, to a patient."""
    keys = [
        field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is not model
    ]
    return Patient in keys or any(
        has_way_to_patient(one, (*seen, model)) for one in keys if one not in (*seen, model)
    )


def own_models():
    return [
        model
        for model in apps.get_app_config("consultations").get_models()
        if not model.__name__.startswith("Historical")
    ]


def test_every_kind_of_record_about_a_person_is_known():
    about = {model for model in own_models() if has_way_to_patient(model)} | {Patient}
    about -= {RefusalCount}  # refused sign-ins: rows of the audit that are about no patient
    assert about == set(kinds())


def test_every_field_is_classified():
    said = {model: set(treatments_of(model)) for model in kinds()}
    assert said == {
        model: {field.name for field in model._meta.concrete_fields} for model in kinds()
    }


def test_field_that_may_hold_anything_has_to_be_decided(monkeypatch):
    monkeypatch.setattr(erased_fields, "EXCEPTIONS", {})
    with pytest.raises(LookupError, match=r"AreaAssessment\.lasers"):
        treatments_of.__wrapped__(AreaAssessment)


def test_every_field_of_history_is_classified():
    for model in record_kinds():
        names = {field.name for field in model.history.model._meta.concrete_fields}
        assert names <= {*treatments_of(model), *HISTORY}, model


def test_access_records_of_the_person_keep_who_looked(story, manager):
    before = AccessRecord.objects.filter(patient=story.patient).values_list("user", "kind", "at")
    before = list(before)
    erase(patient=story.patient, by=manager, reason="Asked to.", legal_reason="Article 17.")
    after = AccessRecord.objects.filter(patient=story.patient).values_list("user", "kind", "at")
    assert list(after) == before
