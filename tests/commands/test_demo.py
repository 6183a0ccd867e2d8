"""Command: a believable clinic on this computer, whose today is always today."""

import io
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from consultations.management.demo.dates import moved, moved_text
from consultations.models import (
    AdverseEvent,
    Appointment,
    AreaAssessment,
    Consent,
    Consultation,
    FollowUp,
    Laser,
    Patient,
    Photo,
    ReferralSending,
    SurgicalReferral,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words
from consultations.rules.candidacy.proposal import interval_days
from consultations.summaries.progress import progress_of
from consultations.vocabulary import (
    Area,
    Closure,
    LaserType,
    Outcome,
    Pace,
    PlanStatus,
    ReferralStatus,
)
from tests.admin.browsing import Browser
from tests.benchmarks.records import analyse
from tests.factories import PatientFactory

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WRITTEN = (
    Laser,
    Patient,
    Consultation,
    AreaAssessment,
    SurgicalReferral,
    ReferralSending,
    TestPatch,
    TreatmentPlan,
    TreatmentSession,
    AdverseEvent,
    FollowUp,
    Consent,
    Photo,
)


def demo(**options):
    out = io.StringIO()
    call_command("demo", **({"no_server": True} | options), stdout=out)
    return out.getvalue()


def values(model, name):
    return set(model.objects.standing().values_list(name, flat=True))


def due_today():
    return TreatmentPlan.objects.filter(next_due_on=timezone.localdate()).count()


def booked_today():
    today = Appointment.objects.holding().on(timezone.localdate())
    return sorted(f"{timezone.localtime(one.starts_at):%H:%M}" for one in today)


def follow_ups_due():
    """What is to be followed up today: since how many days, and what."""
    today = timezone.localdate()
    return [((one.due_on - today).days, one.kind) for one in FollowUp.objects.due()]


def rows():
    """How many rows there are of everything, history and accounts included."""
    models = [*apps.get_app_config("consultations").get_models(), get_user_model()]
    return {model.__name__: model.objects.count() for model in models}


def stored():
    """Everything the demo wrote, but who wrote last and how often."""
    last = {"changed_at", "changed_by", "version"}
    return {
        (model.__name__, record.pk): {
            field.name: getattr(record, field.attname)
            for field in model._meta.concrete_fields
            if field.name not in last
        }
        for model in WRITTEN
        for record in model.objects.all()
    }


@override_settings(PASSWORD_HASHERS=FAST)
class TestDemo(TestCase):
    @classmethod
    def setUpTestData(cls):
        with override_settings(PASSWORD_HASHERS=FAST):
            cls.today = timezone.localdate()
            cls.said = demo()
        # PostgreSQL plans by statistics, and those of a test before, rolled back, mislead it.
        analyse()

    def test_says_the_accounts(self):
        assert self.said == (
            "The demo clinic is loaded.\n"
            "Accounts: reception, practitioner, clinician, manager, admin. Password: demo.\n"
        )

    def test_accounts_log_in_with_their_role(self):
        for name, groups in {
            "reception": ["Reception"],
            "practitioner": ["Practitioner"],
            "clinician": ["Clinician"],
            "manager": ["Manager"],
            "admin": [],
        }.items():
            assert self.client.login(username=name, password="demo")
            user = get_user_model().objects.get(username=name)
            assert [group.name for group in user.groups.all()] == groups
            assert (user.is_staff, user.is_superuser) == (True, name == "admin")

    def test_patients_are_many_and_numbered(self):
        numbers = Patient.objects.order_by("pk").values_list("record_number", flat=True)
        assert len(numbers) >= 60
        assert list(numbers) == [f"D-{number:06d}" for number in range(1, len(numbers) + 1)]

    def test_every_word_of_the_clinic_occurs(self):
        assert values(AreaAssessment, "outcome") == set(Outcome)
        assert values(AreaAssessment, "area") == set(Area)
        assert values(TreatmentPlan, "status") == set(PlanStatus)
        assert values(TreatmentSession, "status") == {"done"}
        assert values(Appointment, "status") == {"booked", "done", "missed", "cancelled"}
        assert values(SurgicalReferral, "status") == set(ReferralStatus)
        assert values(SurgicalReferral, "closure") == {"", *Closure}
        types = Laser.objects.values_list("modes__laser_type", flat=True)
        assert set(types) == set(LaserType)

    def test_courses_stand_at_every_count(self):
        progress = progress_of(TreatmentPlan.objects.all()).values()
        done = Counter(course.done for course in progress if course.planned == 5)
        assert set(done) == {0, 1, 2, 3, 4, 5}
        assert any(course.done == 6 and course.planned == 7 for course in progress)
        assert any(course.planned < 5 for course in progress)

    def test_today_has_work(self):
        assert TreatmentPlan.objects.overdue().exists()
        assert due_today()
        assert booked_today() == ["10:30", "14:00"]
        assert Consultation.objects.unsigned().exists()
        assert sorted(follow_ups_due()) == [
            (-3, "result_review"),
            (0, "infection_watch"),
            (0, "recall"),
        ]

    def test_no_first_step_is_left(self):
        page = Browser(get_user_model().objects.get(username="manager")).open("/admin/")
        assert "First steps" not in page.text

    def test_today_is_empty_for_nobody(self):
        for name in ("reception", "practitioner", "clinician", "manager"):
            self.client.login(username=name, password="demo")
            page = self.client.get("/admin/").content.decode()
            assert 'class="item' in page

    def test_adverse_events_stand_at_every_point(self):
        open_events = AdverseEvent.objects.open()
        assert sorted(open_events.values_list("severity", flat=True)) == ["mild", "moderate"]
        assert AdverseEvent.objects.filter(cleared_at__isnull=False).count() == 1
        paused = TreatmentPlan.objects.get(paused_for__isnull=False)
        assert [paused.status, paused.paused_for] == [
            PlanStatus.PAUSED,
            AdverseEvent.objects.stopping().get(),
        ]

    def test_test_patches_left_a_reaction_and_one_is_cleared(self):
        found = TestPatch.objects.values_list("area", "result", "cleared_by__username")
        assert set(found) == {("stomach", "reaction", None), ("neck", "reaction", "clinician")}

    def test_nobody_was_treated_unprotected(self):
        found = {
            finding["id"] for one in TreatmentSession.objects.done() for finding in one.findings
        }
        assert found.isdisjoint({"eyewear", "antiviral.missing"})

    def test_the_unusual_occurs(self):
        done = TreatmentSession.objects.done()
        decided = AreaAssessment.objects.exclude(decision="").exclude(decision_reason="")
        assert decided.exists()
        assert AreaAssessment.objects.filter(
            follows_referral__closure=Closure.RETURNED_FOR_TOUCH_UP
        ).exists()
        assert done.exclude(override_reason="").filter(findings__0__level="block").exists()
        assert done.exclude(performed_elsewhere="").exists()
        for model in (Consultation, TreatmentSession):
            assert model.objects.filter(entered_in_error_at__isnull=False).exists()
            assert model.objects.filter(signed_at__isnull=False).exists()
        assert Laser.objects.filter(in_service=False).exists()
        assert Laser.objects.filter(in_service=True, service_due_on__lt=self.today).exists()

    def test_only_overridden_sessions_were_stopped(self):
        for session in TreatmentSession.objects.filter(override_reason=""):
            assert "block" not in [finding["level"] for finding in session.findings]

    def test_plans_keep_the_interval_of_their_laser(self):
        for plan in TreatmentPlan.objects.all():
            assert plan.interval_days == interval_days(LaserType(plan.laser_type), Pace(plan.pace))

    def test_two_patients_are_photographed_at_each_session(self):
        photos = Photo.objects.agreed()
        assert photos.values("patient").distinct().count() == 2
        assert photos.count() == Photo.objects.count()
        sessions = TreatmentSession.objects.done()
        for photo in photos:
            assert sessions.of(photo.patient, photo.area).filter(day=photo.taken_on).exists()

    def test_nothing_was_written_in_the_future(self):
        for model in WRITTEN:
            assert not model.objects.filter(created_at__gt=timezone.now()).exists()

    def test_courses_agree(self):
        call_command("check_courses", stdout=io.StringIO())

    def test_again_on_the_same_day_writes_nothing(self):
        before = rows(), stored()
        with time_machine.travel(datetime.combine(self.today, datetime.max.time()), tick=False):
            said = demo()
        assert said.startswith("The demo clinic is there already, and up to date.\n")
        assert (rows(), stored()) == before

    def test_later_its_today_is_today(self):
        patients = Patient.objects.count()
        due = set(TreatmentPlan.objects.values_list("pk", "next_due_on"))
        overdue = TreatmentPlan.objects.overdue().count()
        due_before = due_today()
        get_user_model().objects.filter(username="reception").update(password="changed")
        with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
            said = demo()
            assert said.startswith("The demo clinic was there already; its dates are moved")
            assert TreatmentPlan.objects.overdue().count() == overdue
            assert due_today() == due_before
            assert booked_today() == ["10:30", "14:00"]
            assert len(follow_ups_due()) == 3
            paused = TreatmentPlan.objects.get(paused_for__isnull=False)
            assert day_in_words(paused.paused_for.onset_on) in paused.status_reason
            call_command("check_courses", stdout=io.StringIO())
        moved_due = set(TreatmentPlan.objects.values_list("pk", "next_due_on"))
        assert moved_due == {(pk, day and day + timedelta(days=10)) for pk, day in due}
        assert Patient.objects.count() == patients
        assert get_user_model().objects.get(username="reception").password == "changed"
        last = TreatmentSession.history.latest("history_id")
        assert last.history_user.username == "admin"
        assert all(consent.is_as_signed for consent in Consent.objects.all())
        day = self.today + timedelta(days=10)
        assert last.history_change_reason == f"Demo: today is {day}"

    def test_back_again_all_is_as_it_was(self):
        Patient.objects.filter(record_number="D-000002").update(phone="07700 900001")
        before = stored()
        for days in (3, 0):
            with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
                demo()
        assert stored() == before

    def test_patient_registered_in_the_demo_stays_as_it_was(self):
        own = PatientFactory()
        with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
            demo()
        assert Patient.objects.get(pk=own.pk).version == own.version


# Refused


@pytest.mark.django_db
def test_other_patients_are_not_mixed_with_the_demo():
    PatientFactory()
    before = rows()
    with pytest.raises(CommandError, match="This database holds patients who are not of the demo"):
        demo()
    assert rows() == before


@pytest.mark.django_db
def test_number_alone_does_not_make_a_demo_patient():
    PatientFactory(record_number="D-000001")
    with pytest.raises(CommandError, match="D-000001 is not of the demo"):
        demo()
    assert Patient.objects.count() == 1


@pytest.mark.django_db
def test_hosts_beyond_this_computer_are_refused(settings):
    settings.LOCAL_ONLY = False
    with pytest.raises(CommandError, match="ALLOWED_HOSTS names a host beyond this computer"):
        demo()
    assert not Patient.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٣", "9" * 5000])
def test_what_is_no_port_is_refused_before_loading(port):
    with pytest.raises(CommandError, match="is not a port; write a number from 1 to 65535"):
        demo(no_server=False, port=port)
    assert not Patient.objects.exists()


@pytest.mark.django_db
def test_port_in_use_is_refused_before_loading():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use"):
            demo(no_server=False, port=port)
    assert not Patient.objects.exists()


# Dates


def test_booking_keeps_its_time_when_the_clocks_change():
    before = datetime(2026, 10, 20, 9, 30, tzinfo=UTC)
    assert moved(before, 10) == datetime(2026, 10, 30, 10, 30, tzinfo=UTC)


def test_days_in_text_are_moved():
    assert moved_text("Day 28 after 2026-02-20, 2026-99-99.", 10) == (
        "Day 28 after 2026-03-02, 2026-99-99."
    )
    assert moved_text("Since 20 Feb 2026, 99 Abc 2026.", 10) == "Since 2 Mar 2026, 99 Abc 2026."
