"""The addresses of the matrix: which record each is about, and what is asked behind it."""

import re
from functools import cache
from urllib.parse import urlencode

from django.contrib.admin import site
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import get_resolver, reverse

from consultations.models import Patient


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
    consent = spare["treatmentplan"].consents.get()
    return {
        "view_on_site": [ContentType.objects.get_for_model(Patient).pk, kept["patient"].pk],
        "app_list": ["consultations"],
        "app_list@auth": ["auth"],
        "(?P<url>.*)$": ["nothing-here/"],
        "auth_user_change@superuser": [superuser],
        "auth_user_password_change@superuser": [superuser],
        "treatmentsession_change@former": [spare["former"].pk],
        "treatmentsession_change@done": [spare["done"].pk],
        "treatmentsession_call_off@former": [spare["former"].pk, "cancelled"],
        "treatmentsession_call_off": [spare["done"].pk, "cancelled"],
        "appointment_arrive": [spare["appointment"].pk],
        "appointment_enter": [spare["appointment"].pk],
        "appointment_finish": [spare["review"].pk],
        "appointment_put_back": [spare["arrived"].pk],
        "appointment_call_off": [spare["appointment"].pk, "cancelled"],
        "appointment_call_off@done": [spare["appointment"].pk, "done"],
        "appointment_fill": [spare["cancelled"].pk],
        "appointment_decline": [spare["missed"].pk],
        "surgicalreferral_accepted": [spare["waiting_for_reply"].pk],
        "surgicalreferral_declined": [spare["waiting_for_reply"].pk],
        "surgicalreferral_another": [spare["declined"].pk],
        "surgicalreferral_goes_on": [spare["accepted"].pk],
        "surgicalreferral_close": [spare["unsent"].pk],
        "followup_done": [spare["waiting"].pk],
        "followup_no_answer": [spare["waiting"].pk],
        "consultation_change@signed": [kept["signed"].pk],
        "consultation_move@signed": [kept["signed"].pk],
        "consultation_addendum@unsigned": [kept["consultation"].pk],
        "treatmentsession_change@signed": [kept["signed_session"].pk],
        "treatmentsession_addendum@unsigned": [spare["done"].pk],
        "import_batch": [spare["import"].pk],
        "import_template": ["patients"],
        "calendar_feed": ["unknown"],
        "calendar_feed@known": ["secret-practitioner"],
        "auth_user_end_calendar@superuser": [superuser],
        "auth_user_unlock@superuser": [superuser],
        "auth_user_reset_second_factor@superuser": [superuser],
        "patient_send_again": [spare["refused"].patient_id],
        "patient_photos@consent": [spare["patient"].pk],
        "consent_withdraw": [consent.pk],
        "issueddocument_file@letter": [spare["letter"].pk],
        "patient_photo_consent": [spare["patient"].pk],
        "patient_publicity_consent": [spare["patient"].pk],
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
        **documents_asked_for(stage),
        "consultation_add": {"patient": stage.patient.pk},
        "surgicalreferral_add": {"assessment": spare["unreferred"].pk},
        "referralsending_add": {"referral": spare["unsent"].pk},
        "treatmentplan_add": {"assessment": spare["areaassessment"].pk},
        "treatmentsession_add@booking": {"plan": plan, "status": "booked"},
        "treatmentsession_add@done": {"plan": plan},
        "appointment_add": {"patient": stage.patient.pk, "plan": plan},
        "adverseevent_add": {"session": stage.treatmentsession.pk},
        "followup_add": {"patient": stage.patient.pk},
        "payment_add": {"plan": plan},
        "payment_add@refund": {"plan": stage.payment.plan_id, "kind": "refund"},
        "discount_add": {"plan": plan},
        "photouse_add": {"photo": stage.photo.pk},
        "testpatch_add": {"patient": stage.patient.pk},
        "patient_merge": {"with": stage.other.pk},
        "patient_merge@choose": {"q": "canary"},
        "consultation_move": {"to": stage.patient.pk},
        "consultation_move@signed": {"to": stage.other.pk},
        "consultation_move@choose": {"q": "canary"},
        "audit": {"patient": stage.patient.pk},
        "figures_export": {"table": "money"},
    }


def documents_asked_for(stage):
    """The kind of a document and what it is about, by address."""
    about = {
        "": ("appointment_card", stage.patient),
        "@letter": ("referral_letter", stage.surgicalreferral),
        "@plan": ("plan_and_quote", stage.treatmentplan),
        "@chart": ("chart", stage.patient),
        "@receipt": ("receipt", stage.payment),
    }
    return {
        f"{page}{case}": {"kind": kind, "about": record.pk}
        for case, (kind, record) in about.items()
        for page in ("patient_document", "patient_document_draft")
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
