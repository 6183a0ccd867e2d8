"""What the diary is set up with: by the manager; absences also by those who are away."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine

from consultations.models import (
    Absence,
    AppointmentLength,
    AppointmentReason,
    ClinicSettings,
    ClosedDay,
    OpeningHours,
    Room,
)
from tests.factories import (
    AbsenceFactory,
    AppointmentFactory,
    AppointmentLengthFactory,
    AppointmentReasonFactory,
    ClinicSettingsFactory,
    ClosedDayFactory,
    OpeningHoursFactory,
    PatientFactory,
    RoomFactory,
    UserFactory,
)
from tests.factories.appointment import at

from .browsing import Browser, add_url, change_url, list_url, page_url, words

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(datetime(2026, 6, 1, 8, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def browser(manager):
    return Browser(manager)


@pytest.mark.parametrize(
    ("model", "typed", "kept"),
    [
        (Room, {"name": "Upstairs"}, {"name": "Upstairs", "in_use": True}),
        (
            OpeningHours,
            {"weekday": "2", "opens_at": "9", "closes_at": "12.30"},
            {"weekday": 2, "opens_at": time(9), "closes_at": time(12, 30)},
        ),
        (ClosedDay, {"day": "24/12/2026", "why": "Eve"}, {"why": "Eve"}),
        (
            AppointmentReason,
            {"words": "Snow", "reason_of": "clinic"},
            {"words": "Snow", "reason_of": "clinic", "in_use": True},
        ),
        (
            AppointmentLength,
            {"kind": "treatment", "area": "face", "minutes": "35"},
            {"kind": "treatment", "area": "face", "laser_type": "", "minutes": 35},
        ),
    ],
)
def test_the_manager_sets_up_the_diary(browser, manager, model, typed, kept):
    page = browser.fill(add_url(model._meta.model_name), typed)
    assert page.errors == {}
    record = model.objects.get()
    assert {name: getattr(record, name) for name in kept} == kept
    assert record.created_by == manager
    assert page.path == list_url(model._meta.model_name)


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: RoomFactory(name="A", in_use=False), ["A", "not in use"]),
        (lambda: OpeningHoursFactory(weekday=0), ["Monday", "09:00–18:00"]),
        (lambda: ClosedDayFactory(why="Eve"), ["1 Jul 2026", "Eve"]),
        (lambda: AppointmentReasonFactory(words="Snow"), ["Snow", "The patient’s", "in use"]),
        (lambda: AppointmentLengthFactory(area="face"), ["Treatment", "Face", "any", "30"]),
        (lambda: AbsenceFactory(user__first_name="Ada"), ["Ada", "2 Jun 2026", "–"]),
    ],
)
def test_lists_say_what_is_set(browser, make, shown):
    record = make()
    if isinstance(record, ClosedDay):
        record.day = datetime(2026, 7, 1).date()
        record.save(by=record.created_by)
    assert browser.open(list_url(record._meta.model_name)).rows == [shown]


def test_hours_are_listed_from_monday_on(browser):
    for weekday, opens in ((4, 9), (0, 13), (0, 9)):
        OpeningHoursFactory(weekday=weekday, opens_at=time(opens), closes_at=time(opens + 3))
    assert browser.open(list_url("openinghours")).rows == [
        ["Monday", "09:00–12:00"],
        ["Monday", "13:00–16:00"],
        ["Friday", "09:00–12:00"],
    ]


@pytest.mark.parametrize("hours", [("8", "10"), ("10", "11"), ("17", "19"), ("8", "19")])
def test_hours_that_overlap_are_refused(browser, hours):
    OpeningHoursFactory(weekday=0)
    typed = {"weekday": "0", "opens_at": hours[0], "closes_at": hours[1]}
    page = browser.fill(add_url("openinghours"), typed)
    assert page.errors == {"opens_at": ["The clinic is open then already: 09:00–18:00."]}


def test_hours_that_touch_or_change_are_kept(browser):
    first = OpeningHoursFactory(weekday=0)
    typed = {"weekday": "0", "opens_at": "18:00", "closes_at": "20:00"}
    assert browser.fill(add_url("openinghours"), typed).errors == {}
    assert browser.fill(change_url(first), {"closes_at": "17:00"}).errors == {}


def test_the_manager_takes_hours_back(browser):
    hours = OpeningHoursFactory(weekday=0)
    page = browser.open(change_url(hours))
    browser.fill(page.links["Entered in error"], {"reason": "Closed on Mondays."})
    assert not OpeningHours.objects.standing().exists()


def test_a_closed_day_names_what_is_booked_on_it(browser):
    patient = PatientFactory(given_name="Eva", family_name="Ek")
    AppointmentFactory(patient=patient, starts_at=at(10, days=1))
    page = browser.fill(add_url("closedday"), {"day": "2/6/2026"})
    assert page.messages[0] == (
        "Still booked in this time, nothing was moved: Ek, Eva (2 Jun 2026 10:00)."
    )


def test_settings_of_the_diary(browser):
    settings = ClinicSettingsFactory()
    typed = {"grid_minutes": "20", "late_cancellation_hours": "48"}
    assert browser.fill(change_url(settings), typed).errors == {}
    settings = ClinicSettings.objects.get()
    assert (settings.grid_minutes, settings.late_cancellation_hours) == (20, 48)
    page = browser.fill(change_url(settings), {"late_cancellation_hours": "241"})
    assert list(page.errors) == ["late_cancellation_hours"]


# Absences


def enter(browser, start, end, **others):
    """Type an absence: days, and times behind them where there are any."""
    start, end = (one if isinstance(one, tuple) else (one, "") for one in (start, end))
    typed = {"starts_at_0": start[0], "starts_at_1": start[1]}
    typed |= {"ends_at_0": end[0], "ends_at_1": end[1]}
    return browser.fill(add_url("absence"), typed | others)


@pytest.mark.parametrize("role", ["practitioner", "clinician"])
def test_those_who_treat_enter_their_own(request, role):
    user = request.getfixturevalue(role)
    page = enter(Browser(user), "8/6/2026", "12/6/2026", why="Course")
    absence = Absence.objects.get()
    assert page.errors == {}
    assert (absence.user, absence.starts_at, absence.ends_at, absence.why) == (
        *(user, at(0, days=7), at(0, days=12)),
        "Course",
    )
    browser = Browser(user)
    assert browser.fill(change_url(absence), {"ends_at_0": "9/6/2026"}).errors == {}
    absence.refresh_from_db()
    assert absence.ends_at == at(0, days=9)
    browser.fill(page_url(absence, "entered_in_error"), {"reason": "Not away."})
    assert not Absence.objects.standing().exists()


def test_own_name_is_there_and_no_other_is_taken(practitioner):
    browser, other = Browser(practitioner), UserFactory()
    assert browser.open(add_url("absence")).form["user"] == str(practitioner.pk)
    page = enter(browser, "8/6/2026", "8/6/2026", user=other.pk)
    assert page.errors == {"user": ["You enter your own absences only."]}


def test_those_of_others_are_read(practitioner):
    absence = AbsenceFactory(user__first_name="Ada")
    browser = Browser(practitioner)
    page = browser.open(change_url(absence))
    assert (page.status, page.select("[name=_save]")) == (200, [])
    assert "Entered in error" not in page.links
    assert words(page.soup.select_one(".field-when")) == "Away 2 Jun 2026"
    assert browser.post(change_url(absence), {"why": "Forged"}).status == 403
    assert browser.open(page_url(absence, "entered_in_error")).status == 403


def test_reception_reads_absences_and_enters_none(reception):
    AbsenceFactory(user__first_name="Ada")
    browser = Browser(reception)
    assert browser.open(list_url("absence")).rows == [["Ada", "2 Jun 2026", "–"]]
    assert browser.open(add_url("absence")).status == 403


def test_the_manager_enters_those_of_anybody(browser):
    user = UserFactory()
    assert "user" not in browser.open(add_url("absence")).form
    assert browser.open(add_url("absence", user=user.pk)).form["user"] == str(user.pk)
    assert enter(browser, "8/6/2026", "8/6/2026", user=user.pk).errors == {}
    assert Absence.objects.get().user == user
    assert browser.fill(change_url(Absence.objects.get()), {"why": "Course"}).errors == {}


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("29/3/2026", "29/3/2026", ["2026-03-29 00:00", "2026-03-29 23:00"]),
        ("25/10/2026", "25/10/2026", ["2026-10-24 23:00", "2026-10-26 00:00"]),
        (("8/6/2026", "9"), ("8/6/2026", "12.30"), ["2026-06-08 08:00", "2026-06-08 11:30"]),
        (("8/6/2026", "14"), "9/6/2026", ["2026-06-08 13:00", "2026-06-09 23:00"]),
        ("8/6/2026", ("9/6/2026", "12"), ["2026-06-07 23:00", "2026-06-09 11:00"]),
    ],
    ids=["spring", "autumn", "hours", "from a time", "until a time"],
)
def test_days_are_whole_without_a_time_and_shown_as_typed(practitioner, start, end, kept):
    browser = Browser(practitioner)
    assert enter(browser, start, end).errors == {}
    absence = Absence.objects.get()
    assert [
        f"{one.astimezone(UTC):%Y-%m-%d %H:%M}" for one in (absence.starts_at, absence.ends_at)
    ] == kept
    form = browser.open(change_url(absence)).form
    assert bool(form["starts_at_1"]) is isinstance(start, tuple)
    assert bool(form["ends_at_1"]) is isinstance(end, tuple)
    browser.post(change_url(absence), form | {"_save": "1"})
    assert Absence.objects.get().version == 1


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        ("9/6/2026", "8/6/2026", {"ends_at": ["An absence ends after it starts."]}),
        (
            ("8/6/2026", "12"),
            ("8/6/2026", "9"),
            {"ends_at": ["An absence ends after it starts."]},
        ),
        ("8/6/2026", "9/6/2028", {"ends_at": ["An absence lasts two years at most."]}),
        ("", "8/6/2026", {"starts_at": ["This field is required."]}),
        (("", "9"), "8/6/2026", {"starts_at": ["Write the day too."]}),
        (
            "8/6/2026",
            "31/12/9999",
            {"ends_at": ["There is no such day."]},
        ),
        (
            "8/6/2026",
            ("25/13/2026", "25:00"),
            {"ends_at": ["There is no such day.", "Enter a valid time."]},
        ),
    ],
)
def test_absences_that_cannot_be_are_refused_beside_the_field(practitioner, start, end, errors):
    page = enter(Browser(practitioner), start, end)
    assert page.errors == errors
    assert not Absence.objects.exists()


def test_two_whole_years_are_taken(practitioner):
    assert enter(Browser(practitioner), "1/1/2027", "31/12/2028").errors == {}


def test_a_stale_absence_shows_both_times(practitioner):
    absence, browser = AbsenceFactory(user=practitioner), Browser(practitioner)
    old = browser.open(change_url(absence)).form
    browser.fill(change_url(absence), {"ends_at_0": "9/6/2026"})
    page = browser.post(change_url(absence), old | {"ends_at_0": "7/6/2026", "_save": "1"})
    assert list(page.errors) == ["", "ends_at"]
    absence.refresh_from_db()
    assert absence.last_day == datetime(2026, 6, 9).date()


def test_an_absence_names_what_is_booked_and_moves_none(practitioner):
    patient = PatientFactory(given_name="Eva", family_name="Ek")
    booked = AppointmentFactory(
        patient=patient, practitioner=practitioner, starts_at=at(10, days=7)
    )
    AppointmentFactory(practitioner=practitioner, starts_at=at(10, days=8))
    AppointmentFactory(starts_at=at(11, days=7))
    page = enter(Browser(practitioner), "8/6/2026", "8/6/2026")
    assert page.messages == [
        "Still booked in this time, nothing was moved: Ek, Eva (8 Jun 2026 10:00). Other times",
        "Saved: Practitioner away, 8 Jun 2026.",
    ]
    booked.refresh_from_db()
    assert (booked.status, booked.version) == ("booked", 1)


def test_of_many_booked_the_first_are_named(practitioner, monkeypatch):
    monkeypatch.setattr("consultations.admin.diary.setup.MOST_TOLD", 1)
    for hour in (9, 10, 11):
        AppointmentFactory(practitioner=practitioner, starts_at=at(hour, days=7))
    page = enter(Browser(practitioner), "8/6/2026", "8/6/2026")
    assert page.messages[0].endswith("(8 Jun 2026 09:00). And 2 more. Other times")
