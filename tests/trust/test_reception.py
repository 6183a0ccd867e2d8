"""Reception reads no health answer, verdict, setting or photo, wherever it stands and however it
is asked for; not even from what is missing, counted, ordered or warned of."""

import re
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.admin import site
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone

from consultations.models import Consent, Patient, TreatmentPlan, TreatmentSession
from consultations.vocabulary import Area, FollowUpKind
from tests.admin.browsing import list_shown
from tests.factories import (
    EventFactory,
    FollowUpFactory,
    PhotoFactory,
)
from tests.undone import undone

from .addresses import address_of, choosing_address, keys_to_choose, target_of
from .answers import whole
from .matrix import MATRIX
from .posts import form_of, posted
from .stage import TOGETHER

pytestmark = pytest.mark.django_db

# All that reception may read, by design section 5: who somebody is, how to reach them, what is
# booked and how far a course has come. Every other field is clinical, one added tomorrow too.
SEEN = {
    "patient": {
        *("record_number", "family_name", "given_name", "sort_name", "date_of_birth", "sex"),
        *("phone", "email", "address", "emergency_contact", "guardian", "interpreter_needed"),
        *("general_practitioner", "merged_into", "erased_at", "language"),
        *("email_reminders", "email_reminders_on", "email_reminders_by"),
        *("text_reminders", "text_reminders_on", "text_reminders_by"),
        *("email_instructions", "email_instructions_on", "email_instructions_by"),
    },
    "consultation": {"patient", "consulted_on"},
    "areaassessment": {"consultation", "area"},
    "treatmentplan": {
        *("assessment", "planned_sessions", "interval_days", "started_on", "status"),
        *("price_per_session", "next_due_on", "completed_on", "course_price"),
        *("quoted_at", "quoted_price", "quoted_per_session", "quoted_sessions", "quoted_worth"),
    },
    # Money is no health answer: reception takes it.
    "payment": {
        *("plan", "kind", "paid_on", "amount", "method", "receipt_number", "above_balance"),
        *("counters", "words"),
    },
    "discount": {"plan", "amount", "reason"},
    # The laser by its name alone: which type it is stands in its modes.
    "appointment": {
        *("patient", "kind", "starts_at", "ends_at", "practitioner", "room", "laser", "status"),
        *("arrived_at", "reason", "reason_of", "reason_words", "cancelled_late", "rebook"),
        *(
            "booked_again",
            "declined_reason",
            "note",
            "would_come_earlier",
            "overbooked_reason",
            "overbooked_by",
        ),
        *("overbooked_at", "before_diary", "uid", "sequence"),
    },
    "appointmentplan": {"appointment", "plan", "session"},
    # Whom to call back, and about which kind of thing.
    "followup": {"patient", "kind", "due_on", "done_on"},
    "appointmentreason": {"words", "reason_of", "in_use"},
    # The clinic's own: how long what takes.
    "appointmentlength": {"kind", "area", "laser_type", "minutes"},
    "room": {"name", "in_use"},
    "openinghours": {"weekday", "opens_at", "closes_at"},
    "closedday": {"day", "why"},
    # The clinic's head on paper, and what stands on the cards that reception issues.
    "clinicsettings": {
        *("name", "address", "phone", "grid_minutes", "currency", "worth_of_done"),
        *("logo", "registration", "signature_block", "vat_rate"),
    },
    "issueddocument": {"patient", "kind", "number", "issued_on"},
    "laser": {"name", "in_service"},
    "absence": {"user", "starts_at", "ends_at", "why"},
    "treatmentsession": {
        *("plan", "status", "status_reason", "booked_for", "performed_on", "day", "operator"),
        "performed_elsewhere",
    },
    # Nothing clinical stands in a message.
    "message": {
        *("patient", "appointment", "kind", "channel", "to", "subject", "body", "language"),
        *("due_at", "status", "attempts", "claimed_by", "claimed_at", "sent_at", "message_id"),
        "reply",
    },
}
OF_THE_RECORD = {
    *("id", "created_at", "created_by", "changed_at", "changed_by", "version", "form_token"),
    *("entered_in_error_at", "entered_in_error_by", "entered_in_error_reason"),
    *("signed_by", "signed_at"),
}


def clinical_fields(model):
    name = model._meta.model_name
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in SEEN.get(name, set()) | OF_THE_RECORD and not field.generated
    ]


def is_clinical(place):
    model, _dot, field = place.partition(".")
    return field not in SEEN.get(model, set())


def addresses(stage, who):
    """Every address that answers this role with a page, in every way it can be asked."""
    for row, line in MATRIX.items():
        if line["GET"][who] == "200":
            yield address_of(stage, row)[0]
    for field in keys_to_choose():
        if opens(f"autocomplete@{target_of(field)}", who):
            yield from (choosing_address(field, term) for term in ("", "canary", "Non", "P-0"))
    for record in stage.every_record:
        model = record._meta.model_name
        for page in ("change", "history"):
            if opens(f"{model}_{page}", who) or opens(f"{model}_{page}@done", who):
                yield reverse(f"admin:consultations_{model}_{page}", args=[record.pk])
    former = stage.spare["former"].pk
    yield f"{reverse('admin:consultations_treatmentsession_add')}?plan={stage.treatmentplan.pk}"
    yield reverse("admin:consultations_treatmentsession_change", args=[former])
    yield f"{reverse('admin:consultations_appointment_add')}?plan={stage.treatmentplan.pk}"


def opens(row, who):
    return row in MATRIX and MATRIX[row]["GET"][who] == "200"


WORDS = ("canary", "33.125", "Severe", "VI", "referral", "isotretinoin")


def lists(stage, client, who):
    """Every list with each choice of each filter, each order and each kind of search."""
    for model in site._registry:
        name = model._meta.label_lower.replace(".", "_")
        if not opens(name.removeprefix("consultations_") + "_changelist", who):
            continue
        url = reverse(f"admin:{name}_changelist")
        for one in list_shown(client, url).filter_specs:
            yield from (f"{url}?{one.parameter_name}={key}" for key, _words in one.lookup_choices)
        yield from (f"{url}?o={order}" for order in ("1", "-1", "2", "-3", "9"))
        yield from (f"{url}?q={word}" for word in WORDS)


def walk(stage, who):
    """All that this role is answered to all of that: by address, as text."""
    client = stage.client(who)
    asked = [*addresses(stage, who), *lists(stage, client, who)]
    return {one: whole(client.get(one)) for one in dict.fromkeys(asked)}


CHANGING = re.compile(
    r'name="(?:csrfmiddlewaretoken|token)" value="[^"]*"|"token": "[^"]*"|csrftoken=[^;]*'
    r'|data-time-left="\d+"|"seconds": \d+'
    r"|sessionid=[^;]*|expires=[^;]*|'Expires': '[^']*'"
    r"|namesakes/\?record=\d+"  # the key of a patient who was just made
    r"|(?:[?&]|&amp;)s=\w+"  # a search is kept under a key of its own
    r"|As of \d+ \w+ \d+ [\d:]+"  # when the page was opened, for paper
)


def steady(text):
    """A page without what differs from one answer to the next."""
    return CHANGING.sub("", text)


# Canaries


def test_reception_reads_no_canary(stage, figure):
    clinical = {place: word for place, word in stage.canaries.items() if is_clinical(place)}
    pages = walk(stage, "reception")
    found = {
        (place, address)
        for address, page in pages.items()
        for place, word in clinical.items()
        if word in page
    }
    figure("canaries", len(clinical))
    figure("pages of reception", len(pages))
    assert found == set()


# The names of files, and what only tells which rules were asked.
SHOWN_TO_NOBODY = (".image", ".thumbnail", "treatmentsession.rulebook")
# Where the manager alone reads what no clinician does.
SHOWN_TO_THE_MANAGER = {
    "accessrecord.detail": "audit",
    "clinicsettings.registration": "clinicsettings_change",
    "clinicsettings.signature_block": "clinicsettings_change",
    "closedday.why": "closedday_change",
    "messagetemplate.subject": "messagetemplate_change",
    "messagetemplate.body": "messagetemplate_change",
    "precare.text": "precare_change",
}


def test_a_clinician_reads_each_canary(stage, figure):
    """So that the search for them can fail."""
    pages = "\n".join(walk(stage, "clinician").values())
    unread = {place for place, word in stage.canaries.items() if word not in pages}
    figure("canaries read", len(stage.canaries) - len(unread))
    expected = {place for place in unread if place.endswith(SHOWN_TO_NOBODY)}
    assert unread - expected == set(SHOWN_TO_THE_MANAGER)


def test_the_manager_reads_the_others(stage):
    client = stage.client("manager")
    for place, row in SHOWN_TO_THE_MANAGER.items():
        address, _record = address_of(stage, row)
        assert stage.canaries[place] in client.get(address).content.decode()


def test_search_by_clinical_words_finds_nobody(stage):
    client = stage.client("reception")
    words = [word for place, word in stage.canaries.items() if is_clinical(place)]
    url = reverse("admin:consultations_patient_find")
    assert [one for one in words if b"Nobody" not in client.get(url, {"q": one}).content] == []
    for model in ("patient", "treatmentplan", "treatmentsession"):
        url = reverse(f"admin:consultations_{model}_changelist")
        found = [one for one in words if list_shown(client, f"{url}?q={one}").result_list]
        assert found == []


def test_no_list_is_asked_by_a_column_that_is_no_filter(stage, figure):
    client, answered, asked = stage.client("reception"), [], 0
    for model in (Patient, TreatmentPlan, TreatmentSession):
        url = reverse(f"admin:consultations_{model._meta.model_name}_changelist")
        for field in clinical_fields(model):
            for lookup in (f"{field.name}__isnull=True", f"{field.name}=canary"):
                asked += 1
                if client.get(f"{url}?{lookup}").status_code not in {302, 400}:
                    answered.append(lookup)
    figure("columns asked", asked)
    assert answered == []


# Nothing that reception reads depends on what it may not read


OTHERWISE = {
    "areaassessment": {
        "severity": "moderate",
        "grade": Decimal("2.5"),
        "outcome": "hold",
        "decision": "not_a_candidate",
    },
    "surgicalreferral": {
        "status": "closed",
        "closure": "no_reply",
        "closed_on": date(2025, 9, 9),
        "sent_on": date(2025, 9, 8),
        "accepted_on": None,
        "operated_on": None,
        "recovered_on": None,
    },
    "referralsending": {
        "sent_on": date(2025, 9, 8),
        "answer": "accepted",
        "answered_on": date(2025, 9, 9),
    },
    "adverseevent": {
        "severity": "severe",
        "resolved_on": date(2026, 1, 1),
        "reported_to": "maker",
        "reported_on": date(2026, 1, 1),
        "not_reportable_reason": "",
    },
    "laser": {"local_rules_review_due_on": date(2026, 1, 1)},
    "laserservice": {"next_due_on": date(2026, 1, 1)},
    "followup": {"due_on": date(2025, 2, 2), "kind": "recall", "session": None, "referral": None},
    "photouse": {"down_on": date(2026, 1, 1)},
    "photo": {"area": "neck", "view": "left_side"},
    "testpatch": {"done_on": date(2025, 1, 6), "read_on": date(2025, 1, 17)},
    "consent": {"withdrawn_on": date(2026, 1, 1)},
    "consentwording": {},
    # The laser stays as it is: the earliest safe day of a booking follows from it, as it must.
    "treatmentplan": {"laser_type": "non_ablative"},
}
KEPT = {
    # What a record hangs on or is unique by.
    "consentwording": {"kind", "laser_type", "edition"},
    "messagetemplate": {"kind", "channel", "language", "subject"},
    "precare": {"laser_type", "language"},
    "consent": {
        *("patient", "plan", "wording", "given_on", "refused", "no_reason"),
        *("laser_type", "severity", "sessions"),
    },
    "photo": {"patient", "image", "thumbnail", "digest", "thumbnail_digest", "taken_on"},
    "surgicalreferral": {"assessment", "closure_words"},
    "issueddocument": {"plan", "referral", "session", "file", "digest", "size", "month"},
    "adverseevent": {"session", "onset_on"},
    "followup": {"patient", "plan"},
    "testpatch": {"patient", "result"},  # only a reaction is cleared
    "lasermode": {"laser", "wavelength_nm"},
}


def otherwise(record):
    """Another value for each clinical field of a record, as the database would take it."""
    name, values = record._meta.model_name, {}
    for field in clinical_fields(type(record)):
        if field.name in OTHERWISE.get(name, {}):
            values[field.name] = OTHERWISE[name][field.name]
        elif field.name not in KEPT.get(name, set()) and not field.is_relation:
            values[field.name] = another(field, getattr(record, field.name))
    return {one: value for one, value in values.items() if value != getattr(record, one)}


def another(field, value):
    if field.choices:
        kinds = [key for key, _label in field.flatchoices if key != value]
        return kinds[0]
    match field:
        case models.BooleanField():
            return not value
        case models.DateTimeField():
            return (value or timezone.now()) - timedelta(days=3)
        case models.DateField():
            return (value or date(2025, 1, 20)) - timedelta(days=3)
        case models.TimeField():
            return time(4) if value is None else None
        case models.DecimalField() | models.IntegerField():
            return 3 if value is None or value > 3 else value + 1
        case models.JSONField():
            return {} if isinstance(value, dict) else []
        case models.CharField() | models.TextField():
            return f"other{field.name}"[: field.max_length or None]
    raise AssertionError(f"how is {field} made another?")


def turn_round(stage):
    """Change all that is clinical, and add what reception is not to know of."""
    changed = 0
    for record in stage.every_record:
        if record._meta.model_name == "followup":
            continue  # whom to call back is seen; the others are on no page of reception's
        values = otherwise(record)
        if (who := TOGETHER.get(record._meta.model_name, [""])[0]) and not getattr(record, who):
            values[who] = record.created_by
        type(record).objects.filter(pk=record.pk).update(**values)
        changed += len(values)
    # Consent is to what was graded: where it stands is seen, as it must be.
    for consent in Consent.objects.select_related("plan__assessment").exclude(plan=None):
        consent.severity = consent.plan.assessment.severity
        Consent.objects.filter(pk=consent.pk).update(severity=consent.severity)
    by = stage.users["clinician"]
    EventFactory(by=by, session=stage.treatmentsession, moderate=True)
    FollowUpFactory(
        by=by,
        patient=stage.patient,
        session=stage.treatmentsession,
        kind=FollowUpKind.INFECTION_WATCH,
        due_on=timezone.localdate(),
    )
    PhotoFactory(by=by, patient=stage.patient, area=Area.LEGS)
    return changed


def test_nothing_that_reception_reads_depends_on_what_is_clinical(stage, figure):
    # At one moment, or what tells the time (the line of now, a wait) would differ too.
    with time_machine.travel(timezone.now(), tick=False):
        before = walk(stage, "reception")
        changed = turn_round(stage)
        after = walk(stage, "reception")
    figure("clinical values changed", changed)
    figure("pages compared", len(before))
    # Where one is signed in: once more, for the second walk.
    compared = before.keys() - {reverse("admin:sessions")}
    differ = {one: first_difference(before[one], after[one]) for one in compared}
    assert [(one, words) for one, words in differ.items() if words][:5] == []


def first_difference(before, after):
    for old, new in zip(steady(before).splitlines(), steady(after).splitlines(), strict=False):
        if old != new:
            return old.strip()[:200], new.strip()[:200]
    return () if steady(before) == steady(after) else ("length",)


WRITES = (
    "patient_add",
    "patient_change",
    "appointment_add",
    "appointment_change",
    "appointment_call_off",
)


def told_on_saving(stage):
    """What reception is told after each of its saves, right and wrong ones."""
    said = {}
    for row in WRITES:
        for kind, changes in (
            ("right", {}),
            ("wrong", {"date_of_birth": "1850-01-01", "starts_at_0": "2020-01-01", "words": ""}),
            ("younger", {"date_of_birth": "2015-01-01"}),
        ):
            with undone():
                client = stage.client("reception")
                address, _record = address_of(stage, row)
                data = form_of(client.get(address)) | posted(stage).get(row, {}) | changes
                answer = client.post(address, data, follow=True)
                told = f"{answer.redirect_chain} {steady(answer.content.decode())}"
                # PostgreSQL does not take back the keys of what is taken back.
                said[row, kind] = re.sub(r"(?<=/)\d+(?=/)", "key", told)
    return said


def test_no_message_to_reception_depends_on_what_is_clinical(stage, figure):
    before = told_on_saving(stage)
    turn_round(stage)
    after = told_on_saving(stage)
    figure("saves compared", len(before))
    differ = {one: before[one] for one in before if before[one] != after[one]}
    assert {one: first_difference(str(before[one]), str(after[one])) for one in differ} == {}


# Where each record is read in whole.
SHOWN_ON = {
    "patient": ["patient_change", "patient_chart"],
    "consultation": ["consultation_change"],
    "areaassessment": ["consultation_change", "patient_chart"],
    "surgicalreferral": ["surgicalreferral_change"],
    "referralsending": ["referralsending_change"],
    "treatmentplan": ["treatmentplan_change"],
    "treatmentsession": ["treatmentsession_change"],
    "adverseevent": ["adverseevent_change"],
    "followup": ["followup_change"],
    "testpatch": ["testpatch_change"],
}


# What the findings and the verdict say in words, the moment beside a name, and what is kept as it
# was signed, of records that are not.
BEHIND_THE_WORDS = {
    "areaassessment.decided_at",
    "areaassessment.facts",
    "areaassessment.pace",
    "areaassessment.proposed_laser",
    "areaassessment.until",
    "consultation.signed_as",
    "followup.done_on",
    "testpatch.cleared_at",
    "treatmentsession.elsewhere_checked",
    "treatmentsession.rulebook",
    "treatmentsession.signed_as",
}


def test_each_clinical_field_is_read_by_a_clinician(stage, figure):
    """So that the comparison can fail: on the page of its record each field makes a difference."""
    client, same, tried = stage.client("clinician"), set(), 0
    for model, pages in SHOWN_ON.items():
        record = stage.records[model]
        urls = [url_of(stage, page) for page in pages]
        before = [steady(whole(client.get(url))) for url in urls]
        for name, value in otherwise(record).items():
            if not can_be(record, name, value):
                continue
            tried += 1
            with transaction.atomic():
                type(record).objects.filter(pk=record.pk).update(**{name: value})
                if before == [steady(whole(client.get(url))) for url in urls]:
                    same.add(f"{model}.{name}")
                transaction.set_rollback(True)
    figure("fields", tried)
    assert sorted(same - BEHIND_THE_WORDS) == []


def url_of(stage, page):
    about = stage.records[page.partition("_")[0]]
    return reverse(f"admin:consultations_{page}", args=[about.pk])


def can_be(record, name, value):
    """Whether the database takes this value by itself."""
    try:
        with transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(**{name: value})
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True
