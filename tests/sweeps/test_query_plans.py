"""No page reads a whole table: the plans of everything it asks, over a few thousand rows."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone

from consultations.admin.parts import changelist
from consultations.models import (
    Addendum,
    AdverseEvent,
    Appointment,
    AreaAssessment,
    Consent,
    Consultation,
    Discount,
    FollowUp,
    IssuedDocument,
    Patient,
    Payment,
    Photo,
    PhotoUse,
    ReferralSending,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
    search,
)
from tests.benchmarks import records
from tests.benchmarks.writer import RARE_FAMILY_NAME
from tests.factories import ConsentWordingFactory, SurgeonFactory

from .plans import explained
from .world import NEVER_IN_ERROR, OF_THE_DIARY, admin_url

PATIENTS = 2000
CAP = 100  # as far below the number of patients here as the real one is below a big clinic's
MODELS = {
    "patient": Patient,
    "consultation": Consultation,
    "areaassessment": AreaAssessment,
    "surgicalreferral": SurgicalReferral,
    "referralsending": ReferralSending,
    "treatmentplan": TreatmentPlan,
    "treatmentsession": TreatmentSession,
    "appointment": Appointment,
    "adverseevent": AdverseEvent,
    "followup": FollowUp,
    "photo": Photo,
    "photouse": PhotoUse,
    "consent": Consent,
    "addendum": Addendum,
    "testpatch": TestPatch,
    "payment": Payment,
    "discount": Discount,
    "issueddocument": IssuedDocument,
}
AUTOCOMPLETE = [
    ("consultation", "patient"),
    ("surgicalreferral", "assessment"),
    ("treatmentsession", "plan"),
    ("payment", "counters"),
]


@pytest.fixture
def client(clinician, client_for, monkeypatch):
    """A clinician's, in a clinic of a few thousand rows."""
    monkeypatch.setattr(records, "BLOCK", 250)
    monkeypatch.setattr(changelist, "FOUND_AT_MOST", CAP)
    monkeypatch.setattr(search, "FOUND_AT_MOST", CAP)
    records.load(PATIENTS, by=clinician, quiet=True)
    photograph_everybody(clinician)
    add_to_everything_signed(clinician)
    send_every_referral(clinician)
    pay_for_everything(clinician)
    give_everybody_a_card(clinician)
    records.analyse()
    return client_for(clinician)


def photograph_everybody(by):
    """A consent and two photos of every patient; past `save`, as only the loader may."""
    wording, named = ConsentWordingFactory(by=by), {"created_by": by, "changed_by": by}
    patients = Patient.objects.only("pk")
    Consent.objects.bulk_create(
        Consent(patient=patient, wording=wording, signed_name="Eva", **named)
        for patient in patients
    )
    Photo.objects.bulk_create(
        Photo(
            patient=patient,
            area=area,
            view="front",
            taken_on=timezone.localdate() - timedelta(days=patient.pk % 900),
            digest=f"{area}{patient.pk}",
            width=600,
            height=800,
            taken_by=by,
            **named,
        )
        for patient in patients
        for area in ("face", "neck")
    )
    PhotoUse.objects.bulk_create(
        PhotoUse(photo=photo, where="Website", since=photo.taken_on, **named)
        for photo in Photo.objects.only("pk", "taken_on")
    )


def add_to_everything_signed(by):
    """An addendum to every signed record; past `save`, as only the loader may."""
    named = {"text": "The left side.", "created_by": by, "changed_by": by}
    for of, model in (("consultation", Consultation), ("session", TreatmentSession)):
        signed = model.objects.filter(signed_at__isnull=False).only("pk")
        Addendum.objects.bulk_create(Addendum(**{of: one}, **named) for one in signed)


def send_every_referral(by):
    """A sending of every referral; past `save`, as only the loader may."""
    named = {"surgeon": SurgeonFactory(by=by), "words": "By post.", "sent_on": date(2025, 3, 4)}
    named |= {"created_by": by, "changed_by": by}
    referrals = SurgicalReferral.objects.only("pk")
    ReferralSending.objects.bulk_create(ReferralSending(referral=one, **named) for one in referrals)


def pay_for_everything(by):
    """Two payments and a discount for every course; past `save`, as only the loader may."""
    named = {"created_by": by, "changed_by": by}
    plans = TreatmentPlan.objects.only("pk", "started_on")
    Payment.objects.bulk_create(
        Payment(
            plan=plan,
            amount=100,
            method="card",
            paid_on=plan.started_on,
            receipt_number=f"R-{plan.pk}-{number}",
            **named,
        )
        for plan in plans
        for number in range(2)
    )
    Discount.objects.bulk_create(
        Discount(plan=plan, amount=10, reason="A colleague.", **named) for plan in plans
    )


def give_everybody_a_card(by):
    """A document of every patient; past `save`, as only the loader may."""
    IssuedDocument.objects.bulk_create(
        IssuedDocument(
            patient=patient,
            kind="appointment_card",
            number=f"D-{patient.pk:06d}",
            digest=f"card {patient.pk}",
            size=1,
            created_by=by,
            changed_by=by,
        )
        for patient in Patient.objects.only("pk")
    )


def searches():
    someone = Patient.objects.order_by("-pk").first()
    return {
        "rare": RARE_FAMILY_NAME[:4],
        "common": "ma",
        "two words": "ma an",
        "phone": someone.phone[-6:],
        "birth date": someone.date_of_birth.isoformat(),
        "number": someone.record_number,
        "nobody": "qqqq",
    }


def list_urls(client):
    """Every way to look through a list: its first page, a deep one, every search and filter."""
    words = searches().values()
    for model in MODELS:
        url = admin_url(model, "changelist")
        specs = client.get(url).context["cl"].filter_specs
        chosen = [f"{one.parameter_name}={key}" for one in specs for key, _ in one.lookup_choices]
        yield from (url, f"{url}?p=5")
        yield from (f"{url}?q={word}" for word in words)
        yield from (f"{url}?{choice}" for choice in chosen)
        yield from (f"{url}?{choice}&q=ma" for choice in chosen)


def form_urls():
    for model, kind in MODELS.items():
        if record := kind.objects.order_by("-pk").first():
            pages = ("change", "history", "entered_in_error")[: 2 if model in NEVER_IN_ERROR else 3]
            yield from (admin_url(model, page, record.pk) for page in pages)
    for model in ("consultation", "treatmentsession"):
        signed = MODELS[model].objects.filter(signed_at__isnull=False).order_by("-pk").first()
        yield from (admin_url(model, page, signed.pk) for page in ("change", "history", "addendum"))
    plan = TreatmentPlan.objects.order_by("-pk").first()
    untreated = AreaAssessment.objects.treatable().filter(plans=None).first()
    yield admin_url("patient", "add")
    yield f"{admin_url('consultation', 'add')}?patient={untreated.patient.pk}"
    yield f"{admin_url('treatmentplan', 'add')}?assessment={untreated.pk}"
    yield f"{admin_url('surgicalreferral', 'add')}?assessment={untreated.pk}"
    yield f"{admin_url('treatmentsession', 'add')}?plan={plan.pk}"
    yield admin_url("treatmentplan", "money", plan.pk)
    yield f"{admin_url('payment', 'add')}?plan={plan.pk}"
    yield f"{admin_url('discount', 'add')}?plan={plan.pk}"
    yield f"{admin_url('appointment', 'add')}?patient={plan.patient.pk}&plan={plan.pk}"
    yield admin_url("patient", "chart", plan.patient.pk)
    yield admin_url("patient", "photos", plan.patient.pk)
    yield admin_url("patient", "visit", plan.patient.pk)
    session = TreatmentSession.objects.filter(laser_mode__isnull=False).latest("day")
    laser = session.laser_mode.laser
    yield f"{admin_url('laser', 'register', laser.pk)}?month={session.day:%Y-%m}"
    yield admin_url("laser", "change", laser.pk)
    yield reverse("admin:index")


def find_urls():
    yield from (f"{admin_url('patient', 'find')}?q={word}" for word in searches().values())


def autocomplete_urls():
    url = reverse("admin:autocomplete")
    for model, field in AUTOCOMPLETE:
        for word in ("", *searches().values()):
            yield f"{url}?app_label=consultations&model_name={model}&field_name={field}&term={word}"


def figure_urls(client):
    """The figures of a short span, and one of each kind of list behind them."""
    week = timezone.localdate() - timedelta(days=30)
    days = f"?from={week.isoformat()}&to={(week + timedelta(days=6)).isoformat()}"
    url = reverse("admin:consultations_figures") + days
    links = re.findall(r'href="(/admin/consultations/[^"]+)"', client.get(url).content.decode())
    kinds = {re.sub("=[^&]+", "", link): link.replace("&amp;", "&") for link in links}
    return [url, *kinds.values()]


def troubles_of(client, url):
    """What a page asks that reads too much, and whether it fails; [] where all is well."""
    with explained() as asked:
        answer = client.get(url)
    found = [(one.trouble, one.sql[one.sql.find(" FROM") :]) for one in asked if one.trouble]
    return found if answer.status_code in {200, 302} else [*found, answer.status_code]


def test_no_page_reads_a_whole_table(client, manager, client_for, contexts):
    urls = [*list_urls(client), *form_urls(), *find_urls(), *autocomplete_urls()]
    troubles = {url: troubles_of(client, url) for url in urls}
    manages = client_for(manager)
    for url in (reverse("admin:index"), *figure_urls(manages)):
        troubles[f"{url} of a manager"] = troubles_of(manages, url)
    assert {page: found for page, found in troubles.items() if found} == {}


def test_every_list_of_records_is_swept():
    swept = {one._meta.model_name for one in site._registry if hasattr(one, "history")}
    small = {"laser", "lasermode", "consentwording", "clinicsettings", "user"}
    small |= {"authoriseduser", "laserservice", "laserincident", *OF_THE_DIARY}
    small |= {"messagetemplate", "precare", "surgeon"}
    assert swept - small == set(MODELS)


def test_what_reads_a_whole_table_is_noticed(db):
    with explained() as asked:
        list(Patient.objects.filter(address="nowhere"))
        Patient.objects.count()
        list(Patient.objects.order_by("sort_name", "pk")[:50])
    assert [bool(one.trouble) for one in asked] == [True, True, False]
