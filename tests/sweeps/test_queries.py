"""Every page asks as often with thirty rows as with one, and never often."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consultations.models import Patient
from consultations.vocabulary import Area
from tests.factories import (
    AddendumFactory,
    AssessmentFactory,
    ConsultationFactory,
    DraftFactory,
    EventFactory,
    FollowUpFactory,
    LaserFactory,
    LaserModeFactory,
    PhotoFactory,
    PhotoUseFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SessionFactory,
    UserFactory,
    appointment_for,
)

from .world import (
    MODELS,
    NEVER_IN_ERROR,
    OF_THE_DIARY,
    WITHOUT_ADD,
    WITHOUT_LIST,
    admin_url,
    make_more,
    make_world,
)

MOST_QUERIES = 24
MOST_TO_BOOK = 31
MORE = 29
LISTS = [
    "patient",
    "consultation",
    "areaassessment",
    "surgicalreferral",
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
    "addendum",
    "testpatch",
    "referralsending",
    "surgeon",
    *OF_THE_DIARY,
    "user",
]
FILTERS = {
    "consultation": ["outcome=candidate", "severity=mild", "area=face", "signed=no"],
    "areaassessment": ["outcome=candidate", "severity=mild", "area=face"],
    "surgicalreferral": ["status=to_send"],
    "treatmentplan": ["status=active", "due=overdue", "area=face"],
    "treatmentsession": [
        "area=face",
        "signed=no",
        "signed=mine",
        "signed=late",
        "day=past",
    ],
    "appointment": [
        *("day=today", "day=to_come", "status=booked", "state=to_book_again"),
        *("state=not_written_down", "state=to_move", "state=waiting"),
    ],
    "adverseevent": ["state=open", "state=to_report"],
    "followup": ["state=waiting", "state=due", "state=missed"],
    "photo": ["area=face"],
    "photouse": ["state=up", "state=to_take_down"],
}
SIGNED_PAGES = ("change", "history", "addendum")
AUTOCOMPLETE = [
    ("consultation", "patient"),
    ("consultation", "clinician"),
    ("surgicalreferral", "assessment"),
    ("referralsending", "referral"),
    ("referralsending", "surgeon"),
    ("treatmentplan", "assessment"),
    ("treatmentsession", "plan"),
    ("treatmentsession", "operator"),
    ("treatmentsession", "laser_mode"),
    ("lasermode", "laser"),
    ("authoriseduser", "user"),
    ("adverseevent", "session"),
    ("followup", "patient"),
    ("testpatch", "patient"),
    ("photouse", "photo"),
]


@pytest.fixture
def by(db):
    return UserFactory(username="colleague")


@pytest.fixture
def world(by):
    return make_world(by)


def queries(client, url, known=False):
    """How often a page asks, once all that is asked only once has been: of a `known` one it has."""
    if not known:
        client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return len(asked)


def costs(client, urls):
    return {url: queries(client, url) for url in urls}


def assert_same(few, client):
    """That these pages ask as often with many rows as they did with few."""
    many = {url: queries(client, url, known=True) for url in few}
    assert many == few
    dear = {url: cost for url, cost in many.items() if cost > MOST_QUERIES}
    # The booking page looks for free times of everybody who could treat.
    assert {url: cost for url, cost in dear.items() if not _searches(url, cost)} == {}


def _searches(url, cost):
    return "/appointment/add/?" in url and cost <= MOST_TO_BOOK


def list_urls():
    words = {
        "laser": "Laser",
        "lasermode": "Laser",
        **dict.fromkeys(("authoriseduser", "laserservice", "laserincident"), "Laser"),
        "user": "colleague",
        "consentwording": "agree",
        "surgeon": "Surgeon",
    }
    for model in LISTS:
        url = admin_url(model, "changelist")
        yield url
        yield f"{url}?q={words.get(model, 'Family')}"
        yield from (f"{url}?{chosen}" for chosen in FILTERS.get(model, ()))
        yield from (f"{url}?q=Family&{chosen}" for chosen in FILTERS.get(model, ()))


def test_lists_cost_the_same(world, by, admin, client_for, monkeypatch):
    client = client_for(admin)
    show_rows(monkeypatch, 150)
    few = costs(client, list_urls())
    make_more(MORE, by)
    assert_same(few, client)


@pytest.mark.parametrize("role", ["reception", "practitioner"])
def test_lists_of_other_roles_cost_the_same(world, by, client_for, role, request, monkeypatch):
    show_rows(monkeypatch, 100)
    client = client_for(request.getfixturevalue(role))
    urls = [admin_url(model, "changelist") for model in LISTS[:1] + LISTS[4:6]]
    few = costs(client, urls)
    make_more(MORE, by)
    assert_same(few, client)


def test_second_pages_cost_the_same(world, by, admin, client_for, monkeypatch):
    """One row on the second page, then thirty."""
    client = client_for(admin)
    make_more(1, by)
    urls = [f"{admin_url(model, 'changelist')}?p=2" for model in LISTS[:5]]
    show_rows(monkeypatch, 1)
    # One of every two patients has no plan, and costs less.
    monkeypatch.setattr(site.get_model_admin(Patient), "list_per_page", 2)
    few = costs(client, urls)
    make_more(58, by)
    show_rows(monkeypatch, 30)
    # Twice as many patients: the second page is the last again, and counts nothing.
    monkeypatch.setattr(site.get_model_admin(Patient), "list_per_page", 60)
    assert_same(few, client)


def show_rows(monkeypatch, count):
    for model_admin in site._registry.values():
        monkeypatch.setattr(model_admin, "list_per_page", count)


def documents_asked(world):
    """What the page before a document is asked for: its kind, and what it is about. Not the whole
    chart, which reads each consultation and session in full."""
    for kind, model in (
        ("referral_letter", "surgicalreferral"),
        ("gp_letter", "patient"),
        ("plan_and_quote", "treatmentplan"),
        ("appointment_card", "patient"),
        ("aftercare", "treatmentplan"),
        ("session_record", "treatmentsession"),
    ):
        yield f"kind={kind}&about={world.records[model].pk}"


def form_urls(world):
    add = [(model, "") for model in MODELS if model not in (*WITHOUT_ADD, *WITHOUT_LIST)]
    add += [
        ("consultation", f"patient={world.patient.pk}"),
        ("treatmentplan", f"assessment={world.untreated.pk}"),
        ("surgicalreferral", f"assessment={world.untreated.pk}"),
        ("referralsending", f"referral={world.surgicalreferral.pk}"),
        ("treatmentsession", f"plan={world.treatmentplan.pk}"),
        ("appointment", f"patient={world.patient.pk}&plan={world.treatmentplan.pk}"),
        ("adverseevent", f"session={world.treatmentsession.pk}"),
        ("photouse", f"photo={world.photo.pk}"),
        ("testpatch", f"patient={world.patient.pk}&area=neck"),
        ("followup", f"plan={world.treatmentplan.pk}"),
        ("payment", f"plan={world.treatmentplan.pk}"),
        ("discount", f"plan={world.treatmentplan.pk}"),
    ]
    yield from (f"{admin_url(model, 'add')}?{query}" for model, query in add)
    for model in MODELS:
        if model not in {"areaassessment", "addendum", "issueddocument"}:
            yield world.url(model, "change")
        yield world.url(model, "history")
        if model not in ("user", *NEVER_IN_ERROR):
            yield world.url(model, "entered_in_error")
    yield world.url("treatmentplan", "money")
    yield world.url("patient", "chart")
    yield world.url("patient", "visit")
    yield world.url("patient", "photos")
    yield world.url("patient", "documents")
    yield from (f"{world.url('patient', 'document')}?{query}" for query in documents_asked(world))
    yield world.url("patient", "consents")
    yield from (admin_url("consultation", page, world.signed.pk) for page in SIGNED_PAGES)
    yield world.url("clinicsettings", "due_for_erasure")
    yield reverse("admin:consultations_clinicsettings_logo")
    yield reverse("admin:consultations_surgicalreferral_letters")
    yield from moving_urls(world)
    yield world.url("patient", "looked")
    yield reverse("admin:index")


def moving_urls(world):
    """Choosing the other patient, and the preview with one."""
    for model, page, name in (("consultation", "move", "to"), ("patient", "merge", "with")):
        yield world.url(model, page)
        yield f"{world.url(model, page)}?{name}={world.other.pk}"


def make_today(by):
    """Something on every list of Today, and a course that each of them shows."""
    now, today = timezone.now(), timezone.localdate()
    for days in (-1, 0, 1):
        appointment_for(by=by, starts_at=now + timedelta(days=days))
    PlanFactory(by=by, next_due_on=today - timedelta(days=1))
    session = SessionFactory(by=by)
    EventFactory(by=by, session=session, severity="severe")
    LaserFactory(by=by, service_due_on=today)
    FollowUpFactory(by=by, session=session, kind="infection_watch", patient=session.patient)
    FollowUpFactory(by=by, plan=session.plan, patient=session.patient)
    ReferralFactory(by=by)
    referral = ReferralFactory(by=by, status="sent", sent_on=today)
    FollowUpFactory(by=by, referral=referral, kind="referral_reply", patient=referral.patient)
    PhotoUseFactory(by=by)
    DraftFactory(user=by, form=f"/admin/?draft={session.pk}")


@pytest.mark.parametrize(
    ("role", "most"),
    [("reception", 21), ("practitioner", 23), ("clinician", 27), ("manager", 30), ("admin", 31)],
)
def test_today_costs_the_same(client_for, role, most, request):
    user = request.getfixturevalue(role)
    client = client_for(user)
    make_today(user)
    few = queries(client, reverse("admin:index"))
    for _number in range(MORE):
        make_today(user)
    assert queries(client, reverse("admin:index"), known=True) == few <= most


def test_the_audit_costs_the_same(world, by, manager, client_for):
    """One question a table, whatever the tables hold."""
    client, url = client_for(manager), reverse("admin:consultations_audit")
    urls = [url, *(f"{url}?{asked}" for asked in ("kind=created", "kind=chart", f"user={by.pk}"))]
    few = costs(client, urls)
    whose = f"{url}?patient={world.patient.pk}"
    few_of_one = queries(client, whose)
    make_more(MORE, by)
    assert {url: queries(client, url, known=True) for url in urls} == few
    assert max(few.values()) <= 51
    assert queries(client, whose, known=True) == few_of_one <= 60


def test_forms_and_histories_cost_the_same_beside_other_patients(world, by, admin, client_for):
    client = client_for(admin)
    few = costs(client, form_urls(world))
    make_more(MORE, by)
    assert_same(few, client)


def autocomplete_urls():
    url = reverse("admin:autocomplete")
    words = {
        "clinician": "colleague",
        "operator": "colleague",
        "laser_mode": "Laser",
        "laser": "Laser",
    }
    for model, field in AUTOCOMPLETE:
        app = f"{url}?app_label=consultations&model_name={model}&field_name={field}"
        yield f"{app}&term="
        yield f"{app}&term={words.get(field, 'Family')}"


def test_autocomplete_costs_the_same(world, by, admin, client_for):
    client = client_for(admin)
    few = costs(client, autocomplete_urls())
    make_more(MORE, by)
    assert_same(few, client)


def test_the_pages_of_a_long_story_cost_the_same(world, by, clinician, client_for, monkeypatch):
    """One patient with one session and one consultation, then with thirty of each."""
    client = client_for(clinician)
    show_rows(monkeypatch, 100)
    urls = [
        world.url("patient", "chart"),
        world.url("patient", "photos"),
        world.url("patient", "change"),
        *moving_urls(world),
        world.url("treatmentplan", "change"),
        world.url("treatmentsession", "change"),
        f"{admin_url('treatmentsession', 'add')}?plan={world.treatmentplan.pk}",
        f"{admin_url('consultation', 'add')}?patient={world.patient.pk}",
        admin_url("patient", "changelist"),
        admin_url("treatmentsession", "changelist"),
    ]
    few = costs(client, urls)
    lengthen(world, by)
    assert_same(few, client)


def lengthen(world, by):
    plan = world.treatmentplan
    plan.refresh_from_db()
    plan.planned_sessions = 60
    plan.save(by=by)
    for _number in range(MORE):
        SessionFactory(by=by, plan=plan, laser_mode=world.lasermode)
    for weeks in range(1, MORE + 1):
        day = world.consultation.consulted_on + timedelta(weeks=weeks)
        consultation = ConsultationFactory(by=by, patient=world.patient, consulted_on=day)
        AssessmentFactory(by=by, consultation=consultation)
        PhotoFactory(by=by, patient=world.patient, taken_on=day)


def test_many_sendings_cost_what_one_does(world, by, clinician, client_for):
    client = client_for(clinician)
    urls = [world.url("patient", "chart"), world.url("surgicalreferral", "change")]
    urls.append(f"{admin_url('referralsending', 'add')}?referral={world.surgicalreferral.pk}")
    few = costs(client, urls)
    for _number in range(MORE):
        SendingFactory(by=by, referral=world.surgicalreferral)
    assert_same(few, client)


def test_a_consultation_of_every_area_costs_what_one_area_does(by, clinician, client_for):
    client = client_for(clinician)
    consultation = ConsultationFactory(by=by)
    AssessmentFactory(by=by, consultation=consultation, area=Area.FACE)
    urls = [admin_url("consultation", "change", consultation.pk)]
    few = costs(client, urls)
    for area in (Area.NECK, Area.STOMACH, Area.ARMS, Area.LEGS):
        AssessmentFactory(by=by, consultation=consultation, area=area)
    assert_same(few, client)


def test_a_laser_of_many_modes_costs_what_one_mode_does(by, admin, client_for):
    client = client_for(admin)
    mode = LaserModeFactory(by=by)
    urls = [admin_url("laser", "change", mode.laser_id), admin_url("laser", "changelist")]
    few = costs(client, urls)
    for number in range(MORE):
        LaserModeFactory(by=by, laser=mode.laser, name=f"Mode {number}")
    assert_same(few, client)


@pytest.mark.parametrize("model", [one for one in MODELS if one != "user"])
def test_a_long_history_costs_what_a_short_one_does(world, admin, client_for, model):
    client = client_for(admin)
    urls = [world.url(model, "history")]
    few = costs(client, urls)
    record = world.records[model]
    record.refresh_from_db()
    # These take no change but the one that takes them back.
    kept = {"addendum", "payment", "discount", "issueddocument"}
    correcting = {"correcting": True} if model in kept else {}
    for _number in range(MORE):
        record.save(by=admin, **correcting)
    assert_same(few, client)


def test_many_addenda_cost_what_one_does(world, by, clinician, client_for):
    client = client_for(clinician)
    urls = [admin_url("consultation", page, world.signed.pk) for page in SIGNED_PAGES]
    urls += [world.url("patient", "chart"), admin_url("addendum", "changelist")]
    few = costs(client, urls)
    for _number in range(MORE):
        AddendumFactory(by=by, consultation=world.signed)
    assert_same(few, client)
