"""Records as our own files: what is written from one clinic comes in whole to an empty one."""

import csv
import io
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.transaction import atomic, set_rollback
from django.test.utils import CaptureQueriesContext

from consultations.exchange.reading.columns import template
from consultations.exchange.reading.fields import (
    AREA,
    CONSULTATION,
    LASER,
    MODE,
    PATIENT,
    SESSION,
    TARGETS,
)
from consultations.exchange.records_export import RecordsExportError, export_records
from consultations.models import (
    AccessRecord,
    AppointmentPlan,
    AreaAssessment,
    Consultation,
    Laser,
    LaserMode,
    Patient,
    TreatmentSession,
)
from consultations.summaries.integrity import differences
from tests.exchange.fhir.people import made_in_error
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    ConsultationFactory,
    LaserFactory,
    LaserModeFactory,
    PatientFactory,
    PlanFactory,
    RoomFactory,
    SessionFactory,
    UserFactory,
    at,
)

DAY = date(2026, 3, 2)
# The rulebook gives the verdict; who decided otherwise has tests of its own.
WRITTEN_APART = {"outcome", "decision", "decision_reason", "override_reason"}
# What spreadsheets calculate, what CSV files part, and what is written in other scripts.
LINES = [
    "=1+1",
    "+44 20",
    "-5",
    "@home",
    "'tis",
    'say "hi"; a, b',
    "Ελένη 王 العلي é",
    "＝1",
    "'=2",
]
TEXTS = ["=A1\n-2", 'one\r\ntwo, "three"\n', "0012", "1e5", "yes", "N/A", "a;b|c"]


def typed(model, names, **chosen):
    """A value for each field that is stored here: texts that files spoil, yes, the last choice."""
    found = {}
    for name in names:
        field = model._meta.get_field(name)
        if field.is_relation:
            continue
        if field.choices:
            found[name] = [value for value, _label in field.flatchoices if value][-1]
        elif isinstance(field, models.BooleanField):
            found[name] = True
        elif isinstance(field, models.DateField):
            found[name] = DAY - timedelta(days=40)
        elif isinstance(field, models.DecimalField):
            found[name] = Decimal("1.5")
        elif isinstance(field, models.IntegerField):
            found[name] = 2
        elif isinstance(field, models.TextField):
            found[name] = TEXTS[len(name) % len(TEXTS)].strip()
        else:
            found[name] = LINES[len(name) % len(LINES)]
    return found | chosen


def make_people(by):
    """Two patients with all that is known of one, and others who are in no file."""
    known = {
        "record_number": "",
        "date_of_birth": date(1980, 2, 29),
        "sex": "female",
        "phone": "+44 20 7946 0000",
        "email": "ann@example.com",
        "allergies": "=Latex\n-dust",
    }
    ann = PatientFactory(by=by, **typed(Patient, PATIENT, **known))
    PatientFactory(by=by, family_name="de la Cruz", given_name="", any_allergies=False)
    made_in_error(PatientFactory(by=by), by)
    PatientFactory(by=by, erased_at="2026-01-01T00:00:00Z", family_name="", given_name="")
    return ann


def make_laser(by):
    ranges = {f"{name}_{end}": Decimal(5) for name in ("passes",) for end in ("min", "max")}
    laser = LaserFactory(by=by, **typed(Laser, LASER, local_rules_review_due_on=DAY))
    chosen = {"laser_type": "non_ablative", "wavelength_nm": 1064, **ranges}
    return LaserModeFactory(by=by, laser=laser, **typed(LaserMode, MODE, **chosen))


def make_courses(by, ann, mode):
    """A visit with all that can be asked; a course that is done, one under way, one not begun."""
    asked = {
        "consulted_on": DAY,
        "height_cm": 170,
        "weight_kg": Decimal("61.5"),
        "clinician": by,
    }
    visit = ConsultationFactory(by=by, patient=ann, **typed(Consultation, CONSULTATION, **asked))
    seen = typed(AreaAssessment, AREA, area="face", severity="mild", grade=Decimal("1.5"))
    for name in WRITTEN_APART:
        seen.pop(name, None)
    face = AssessmentFactory(by=by, consultation=visit, **seen)
    other = ConsultationFactory(by=by, patient=ann, consulted_on=DAY, clinician=by)
    neck, arms, legs = (
        AssessmentFactory(by=by, consultation=visit, area=area) for area in ("neck", "arms", "legs")
    )
    made_in_error(AssessmentFactory(by=by, consultation=other, area="stomach"), by)
    AssessmentFactory(by=by, consultation=other, area="stomach")
    course = {"by": by, "started_on": DAY, "interval_days": 14, "laser_type": mode.laser_type}
    prices = {"price_per_session": Decimal("120.50"), "course_price": Decimal(500)}
    done = PlanFactory(assessment=face, extension_reason="=more\nof it", **prices, **course)
    answers = {"operator": by, "laser_mode": mode, "performed_elsewhere": ""}
    answers |= dict.fromkeys(WRITTEN_APART & {*SESSION}, "")
    for number in range(5):
        answers["performed_on"] = DAY + timedelta(days=14 * (number + 1))
        SessionFactory(by=by, plan=done, **typed(TreatmentSession, SESSION, **answers))
    under_way = PlanFactory(assessment=neck, **course)
    made_in_error(SessionFactory(by=by, plan=under_way, laser_mode=mode), by)
    SessionFactory(by=by, plan=under_way, elsewhere=True)
    begun = PlanFactory(
        assessment=arms,
        planned_sessions=3,
        short_course_reason="touch_up",
        status="stopped",
        status_reason="@no more",
        **course,
    )
    PlanFactory(assessment=legs, status="paused", status_reason="Away", **course)
    return done, under_way, begun


def make_diary(by, ann, plans, mode):
    """What is to come, and what was: done, missed, cancelled and booked again, cancelled late."""
    room = RoomFactory(by=by, name="Room 1")
    held = {"by": by, "patient": ann, "practitioner": by, "room": room, "laser": mode.laser}
    came = {"status": "done", "arrived_at": at(8, 55, days=-9)}
    AppointmentFactory(plans=plans[:2], starts_at=at(9, days=-9), **came, **held)
    off = {"reason": "=Ill", "reason_of": "patient", "reason_words": "a\n+b"}
    missed = {"status": "missed", "rebook": "open", **off}
    AppointmentFactory(starts_at=at(9, days=-8), kind="review", **missed, **held)
    to_come = AppointmentFactory(
        plans=plans[1:2],
        starts_at=at(9, days=8),
        would_come_earlier=True,
        note="-bring\nglasses",
        overbooked=True,
        **held,
    )
    again = {"status": "cancelled", "rebook": "booked", "booked_again": to_come, **off}
    AppointmentFactory(starts_at=at(10, days=-7), **again, **held)
    declined = {"status": "cancelled", "rebook": "declined", "declined_reason": "+no", **off}
    AppointmentFactory(starts_at=at(9, days=9), cancelled_late=True, **declined, **held)
    made_in_error(AppointmentFactory(starts_at=at(9, days=20), **held), by)


def make_clinic(by):
    ann, mode = make_people(by), make_laser(by)
    make_diary(by, ann, make_courses(by, ann, mode), mode)


@contextmanager
def another_clinic(by):
    """What is made within is in no database afterwards; rooms and accounts are there again."""
    with atomic():
        yield
        set_rollback(True)
    RoomFactory(by=by, name="Room 1")


def told(command, *args, **options):
    out = io.StringIO()
    try:
        call_command(command, *map(str, args), by="ida", stdout=out, **options)
    finally:
        print(out.getvalue())
    return out.getvalue()


def read(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows(folder, target):
    text = (folder / f"{target}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def ida():
    return UserFactory(username="ida", is_superuser=True)


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["auto", "own"])
def test_what_leaves_one_clinic_comes_in_whole_to_an_empty_one(ida, tmp_path, format):
    first, second = tmp_path / "first", tmp_path / "second"
    with another_clinic(ida):
        make_clinic(ida)
        told("export_records", first)
    assert Patient.objects.count() == 0
    files = [first / f"{target}.csv" for target in TARGETS]
    told("import_records", *files, format=format, yes=True)
    told("export_records", second)
    for target in TARGETS:
        assert rows(second, target) == rows(first, target), target
    assert read(second) == read(first)
    assert list(differences()) == []
    assert AppointmentPlan.objects.count() == 3


@pytest.mark.django_db
def test_every_column_of_every_template_is_filled_in(ida, tmp_path):
    make_clinic(ida)
    export_records(tmp_path / "out", by=ida)
    for target in TARGETS:
        written = rows(tmp_path / "out", target)
        assert [*written[0]] == [*template(target)]
        blank = {key for key in template(target) if not any(row[key] for row in written)}
        assert blank <= WRITTEN_APART, target


def decided_otherwise(by):
    decided = {"decided_by": by, "decided_at": at(9, days=-3)}
    visit = ConsultationFactory(by=by, consulted_on=DAY, clinician=by)
    departing = {"decision": "not_a_candidate", "decision_reason": "=Not now"}
    AssessmentFactory(by=by, consultation=visit, **departing, **decided)


def treated_anyway(by):
    visit = ConsultationFactory(by=by, consulted_on=DAY, clinician=by)
    area = AssessmentFactory(by=by, consultation=visit)
    overridden = {"overridden_by": by, "overridden_at": at(9, days=-3), "override_reason": "+Asked"}
    plan = PlanFactory(by=by, assessment=area, started_on=DAY)
    SessionFactory(by=by, plan=plan, laser_mode__by=by, **overridden)


def allergies_named_alone(by):
    PatientFactory(by=by, allergies="Latex", any_allergies=None)


def two_visits_on_a_day(by):
    ann = PatientFactory(by=by)
    for concern, area in (("My neck.", "neck"), ("My face.", "face"), ("My neck again.", "neck")):
        seen = {"patient": ann, "consulted_on": DAY, "clinician": by, "concern": concern}
        AssessmentFactory(by=by, consultation=ConsultationFactory(by=by, **seen), area=area)


def planned_in_another_order_than_assessed(by):
    for area, days in (("face", 0), ("neck", 9), ("arms", 4)):
        visit = ConsultationFactory(by=by, consulted_on=DAY - timedelta(days=days), clinician=by)
        area = AssessmentFactory(by=by, consultation=visit, area=area)
        PlanFactory(by=by, assessment=area, started_on=DAY, status="paused", status_reason="Away")


def nobody_wrote_what_became_of_it(by):
    AppointmentFactory(by=by, starts_at=at(9, days=-5))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        decided_otherwise,
        treated_anyway,
        two_visits_on_a_day,
        planned_in_another_order_than_assessed,
        nobody_wrote_what_became_of_it,
        allergies_named_alone,
    ],
)
def test_what_comes_in_as_it_was(ida, tmp_path, make):
    first, second = tmp_path / "first", tmp_path / "second"
    with another_clinic(ida):
        make(ida)
        told("export_records", first)
    told("import_records", *(first / f"{one}.csv" for one in filled(first)), yes=True)
    told("export_records", second)
    assert read(second) == read(first)


def filled(folder):
    return [target for target in TARGETS if rows(folder, target)]


@pytest.mark.django_db
def test_who_ended_is_in_no_file(ida, tmp_path):
    for ended in ({}, {"erased_at": "2026-01-01T00:00:00Z"}):
        area = AssessmentFactory(by=ida, consultation__patient__by=ida)
        patient, plan = area.patient, PlanFactory(by=ida, assessment=area)
        AppointmentFactory(by=ida, plans=[plan])
        Patient.objects.filter(pk=patient.pk).update(**(ended or {"changed_at": at(9)}))
        if not ended:
            made_in_error(patient, ida)
    made_in_error(LaserModeFactory(by=ida).laser, ida)
    export_records(tmp_path / "out", by=ida)
    assert filled(tmp_path / "out") == []


@pytest.mark.django_db
def test_what_no_template_has_a_row_for_is_counted(ida, tmp_path):
    ConsultationFactory(by=ida)
    LaserFactory(by=ida)
    said = told("export_records", tmp_path / "out").splitlines()
    assert said == [
        f"{tmp_path / 'out'}: 1 patients.",
        "Left out: 1 consultations without an area, 1 lasers without a mode.",
        "It is not encrypted: encrypt what leaves this computer.",
    ]


@pytest.mark.django_db
def test_hour_that_the_clock_shows_twice_says_which(ida, tmp_path, settings):
    settings.TIME_ZONE = "Europe/London"
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    for moment in twice:
        AppointmentFactory(by=ida, starts_at=moment)
    export_records(tmp_path / "out", by=ida)
    starts = [row["starts_at"] for row in rows(tmp_path / "out", "appointments")]
    assert starts == ["2026-10-25 01:30", "2026-10-25 01:30+0000", "2026-10-25 02:30"]


@pytest.mark.django_db
def test_more_records_ask_no_more_queries(ida, tmp_path):
    def asked(folder):
        with CaptureQueriesContext(connection) as queries:
            export_records(tmp_path / folder, by=ida)
        return len(queries)

    make_clinic(ida)
    few = asked("few")
    for _more in range(3):
        plan = PlanFactory(by=ida)
        SessionFactory(by=ida, plan=plan, laser_mode__by=ida)
        AppointmentFactory(by=ida, plans=[plan], room=RoomFactory(by=ida), practitioner=ida)
    assert asked("more") == few


@pytest.mark.django_db(transaction=True)
def test_all_files_are_of_one_moment_and_nobody_waits(tmp_path):
    by = UserFactory(username="ida", is_superuser=True)
    PatientFactory(by=by)

    def register():
        AssessmentFactory(by=by, consultation__patient__by=by)
        connection.close()

    def while_it_runs(count, begun=[]):  # noqa: B006  once
        if not begun:
            begun.append(threading.Thread(target=register))
            begun[0].start()
            begun[0].join()

    export_records(tmp_path / "out", by=by, step=while_it_runs)
    assert AreaAssessment.objects.count() == 1
    assert filled(tmp_path / "out") == ["patients"]
    assert len(rows(tmp_path / "out", "patients")) == 1


# The folder


@pytest.mark.django_db
def test_it_is_for_its_owner_alone_and_logged(ida, tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    told("export_records", tmp_path / "out")
    modes = {one.stat().st_mode & 0o777 for one in (tmp_path / "out").iterdir()}
    assert (modes, (tmp_path / "out").stat().st_mode & 0o777) == ({0o600}, 0o700)
    kept = AccessRecord.objects.values_list("user", "kind", "patient", "detail")
    words = "Records as files for our import. By command, system user operator."
    assert list(kept) == [(ida.pk, "export", None, words)]


@pytest.mark.django_db
def test_ended_half_way_it_leaves_no_file(ida, tmp_path, monkeypatch):
    make_clinic(ida)

    left = iter(range(4))

    def stop(count):
        if next(left) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_records(tmp_path / "out", by=ida, step=stop)
    assert list((tmp_path / "out").iterdir()) == []
    # Killed, it cannot tidy up: the next run does.
    (tmp_path / "out" / ".unfinished").mkdir()
    (tmp_path / "out" / ".unfinished" / "patients.csv").write_text("half of it")
    export_records(tmp_path / "out", by=ida)
    assert sorted(one.stem for one in (tmp_path / "out").iterdir()) == sorted(TARGETS)


@pytest.mark.django_db
def test_folders_that_are_not_written_to(ida, tmp_path, settings):
    PatientFactory(by=ida)

    def refused(folder, **options):
        with pytest.raises(RecordsExportError) as refusal:
            export_records(folder, by=ida, **options)
        return str(refusal.value)

    out = tmp_path / "out"
    assert refused(out, step=lambda count: refused_again(out, ida)) == "again"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").touch()
    assert refused(tmp_path / "full").endswith(
        "full holds other files. Name a new or an empty folder."
    )
    assert (
        refused(tmp_path / "no" / "out")
        == f"There is no folder {tmp_path / 'no'}; make it first, with mode 700."
    )
    assert "holds the program's own files" in refused(Path(settings.MEDIA_ROOT))
    assert AccessRecord.objects.count() == 1


def refused_again(folder, by):
    with pytest.raises(RecordsExportError, match="Somebody else is exporting to"):
        export_records(folder, by=by)
    raise RecordsExportError("again")


@pytest.mark.django_db
def test_the_command_refuses_in_words(ida, clinician, tmp_path):
    with pytest.raises(CommandError, match=r"it lacks consultations\.export_clinic"):
        call_command("export_records", str(tmp_path / "out"), by="clinician")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(CommandError, match="holds other files"):
        told("export_records", tmp_path)
