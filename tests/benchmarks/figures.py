"""The figures of a month, a quarter, a year and all days, beside our list of patients and beside
the same counts written by hand in SQL."""

import statistics
import time
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.models.days import start_of
from consultations.summaries.clinic_figures import clinic_figures
from consultations.summaries.clinic_figures.span import Span, months_of

from .measure import cost_of
from .pages import Page

A_SPAN = 5 * 365  # days that the benchmark's records go back
# One statement a group of figures, as somebody would write it for one span; in braces stand days
# between two columns. Each begins with what it counts.
BY_HAND = {
    "consultations": """
        SELECT COUNT(*) FROM consultations_consultation c
        WHERE c.entered_in_error_at IS NULL AND c.consulted_on BETWEEN %(first)s AND %(last)s""",
    "areas": """
        SELECT COUNT(*), a.effective_outcome, COUNT(DISTINCT c.id),
            SUM(CASE WHEN a.outcome <> a.effective_outcome THEN 1 ELSE 0 END)
        FROM consultations_consultation c
        JOIN consultations_areaassessment a ON a.consultation_id = c.id
        WHERE c.entered_in_error_at IS NULL AND a.entered_in_error_at IS NULL
            AND c.consulted_on BETWEEN %(first)s AND %(last)s
        GROUP BY a.effective_outcome""",
    "referrals": """
        SELECT COUNT(*), r.status, r.closure,
            {sent}, {accepted}, {operated}, {recovered}, {closed}
        FROM consultations_consultation c
        JOIN consultations_areaassessment a ON a.consultation_id = c.id
        JOIN consultations_surgicalreferral r ON r.assessment_id = a.id
        WHERE c.entered_in_error_at IS NULL AND a.entered_in_error_at IS NULL
            AND r.entered_in_error_at IS NULL AND c.consulted_on BETWEEN %(first)s AND %(last)s
        GROUP BY r.status, r.closure""",
    "begun": """
        SELECT COUNT(*), status FROM consultations_treatmentplan
        WHERE entered_in_error_at IS NULL AND started_on BETWEEN %(first)s AND %(last)s
        GROUP BY status""",
    "completed": """
        SELECT COUNT(*), area, SUM(done), SUM(days),
            AVG(CASE WHEN after IS NOT NULL THEN before END),
            AVG(CASE WHEN before IS NOT NULL THEN after END)
        FROM (
            SELECT a.area AS area, a.grade AS before, {took} AS days,
                (SELECT COUNT(*) FROM consultations_treatmentsession s WHERE s.plan_id = p.id
                    AND s.status = 'done' AND s.performed_elsewhere = ''
                    AND s.entered_in_error_at IS NULL) AS done,
                (SELECT s.grade FROM consultations_treatmentsession s WHERE s.plan_id = p.id
                    AND s.status NOT IN ('booked', 'missed', 'cancelled') AND s.grade IS NOT NULL
                    AND s.entered_in_error_at IS NULL
                    ORDER BY s.day DESC, s.id DESC LIMIT 1) AS after
            FROM consultations_treatmentplan p
            JOIN consultations_areaassessment a ON a.id = p.assessment_id
            WHERE p.entered_in_error_at IS NULL AND p.completed_on BETWEEN %(first)s AND %(last)s
        ) AS courses GROUP BY area""",
    "sessions": """
        SELECT COUNT(*), m.laser_id, m.laser_type, s.operator_id, a.area,
            SUM(s.satisfaction), COUNT(s.satisfaction)
        FROM consultations_treatmentsession s
        JOIN consultations_treatmentplan p ON p.id = s.plan_id
        JOIN consultations_areaassessment a ON a.id = p.assessment_id
        JOIN consultations_lasermode m ON m.id = s.laser_mode_id
        WHERE s.status = 'done' AND s.performed_elsewhere = '' AND s.entered_in_error_at IS NULL
            AND s.day BETWEEN %(first)s AND %(last)s
        GROUP BY m.laser_id, m.laser_type, s.operator_id, a.area""",
    "missed": """
        SELECT COUNT(*), kind, status, starts_at FROM consultations_appointment
        WHERE entered_in_error_at IS NULL AND starts_at >= %(start)s AND starts_at < %(end)s
            AND (status = 'missed' OR status = 'cancelled' AND cancelled_late)
        GROUP BY kind, status, starts_at""",
    "events": """
        SELECT COUNT(*), m.laser_id, m.laser_type FROM consultations_adverseevent e
        JOIN consultations_treatmentsession s ON s.id = e.session_id
        JOIN consultations_lasermode m ON m.id = s.laser_mode_id
        WHERE e.entered_in_error_at IS NULL AND s.performed_elsewhere = ''
            AND e.onset_on BETWEEN %(first)s AND %(last)s
        GROUP BY m.laser_id, m.laser_type""",
    "money": """
        SELECT COUNT(*), p.method, SUM(p.amount),
            CASE WHEN p.kind = 'refund' OR c.kind = 'refund' THEN 1 ELSE 0 END
        FROM consultations_payment p
        LEFT JOIN consultations_payment c ON c.id = p.counters_id
        WHERE p.entered_in_error_at IS NULL AND p.paid_on BETWEEN %(first)s AND %(last)s
        GROUP BY p.method, 4""",
    # Of courses without a quote or a discount, as the benchmark's are.
    "outstanding": """
        SELECT COUNT(*), SUM(owed) FROM (
            SELECT (SELECT COUNT(*) FROM consultations_treatmentsession s WHERE s.plan_id = p.id
                    AND s.status = 'done' AND s.performed_elsewhere = ''
                    AND s.entered_in_error_at IS NULL) * p.price_per_session
                - COALESCE((SELECT SUM(d.amount) FROM consultations_discount d
                    WHERE d.plan_id = p.id AND d.entered_in_error_at IS NULL), 0)
                - COALESCE((SELECT SUM(e.amount) FROM consultations_payment e
                    WHERE e.plan_id = p.id AND e.entered_in_error_at IS NULL), 0) AS owed
            FROM consultations_treatmentplan p
            WHERE p.entered_in_error_at IS NULL AND p.started_on BETWEEN %(first)s AND %(last)s
        ) AS courses WHERE owed > 0""",
}
DIFFERENCE = {
    "sqlite": "(julianday({1}) - julianday({0}))",
    "postgresql": "({1} - {0})",
}


def spans():
    """The last whole month, quarter and year, and all days there are."""
    today = timezone.localdate()
    whole = {"month": 1, "quarter": 3, "year": 12}
    found = {name: months_of(today, months).before for name, months in whole.items()}
    return found | {"all days": Span(today - timedelta(days=A_SPAN), today)}


def by_hand(span):
    """Every count of one span by hand: the rows of each statement, by its name."""
    difference = DIFFERENCE[connection.vendor].format
    between, before = {}, "c.consulted_on"
    for name in ("sent", "accepted", "operated", "recovered", "closed"):
        between[name] = f"AVG({difference(before, f'r.{name}_on')})"
        before = f"r.{name}_on"
    between["took"] = difference("p.started_on", "p.completed_on")
    asked = {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "start": _moment(span.first),
        "end": _moment(span.last + timedelta(days=1)),
    }
    found = {}
    with connection.cursor() as cursor:
        for name, sql in BY_HAND.items():
            cursor.execute(sql.format(**between), asked)
            found[name] = cursor.fetchall()
    return found


def _moment(day):
    return connection.ops.adapt_datetimefield_value(start_of(day))


def counts_by_hand(span):
    """What every statement counted, by its name."""
    return {name: sum(row[0] for row in rows) for name, rows in by_hand(span).items()}


def counts_of(figures):
    """The same of the figures."""
    outcomes, money = figures.consultations, figures.money
    missed = figures.missed.all
    return {
        "consultations": outcomes.held.now,
        "areas": outcomes.areas.now,
        "referrals": figures.referrals.made.now,
        "begun": figures.courses.begun.now,
        "completed": figures.courses.completed.now,
        "sessions": figures.sessions.done.now,
        "missed": missed.missed.now + missed.late.now,
        "events": figures.events.all.events.now,
        "money": money.kept.entries.now,
        "outstanding": money.outstanding.entries.now,
    }


@dataclass(frozen=True)
class Measured:
    """Milliseconds: of the page of figures counted anew, of the counts alone, and of those by hand;
    of the page asked for again, and of our list of patients."""

    name: str
    page: float
    counts: float
    by_hand: float
    again: float
    patients: float


def measure_figures(manager, times):
    """Measure the figures of each span, one after the other with what they are compared to."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(manager)
    patients = Page("patients", (reverse("admin:consultations_patient_changelist"),))
    for name, span in spans().items():
        query = f"?from={span.first.isoformat()}&to={span.last.isoformat()}"
        page = Page(name, (reverse("admin:consultations_figures") + query,))
        yield Measured(
            name,
            page=_median(lambda page=page: client.get(page.ours[0]), times),
            counts=_median(lambda span=span: clinic_figures(span), times),
            again=cost_of(client, page.ours, page, times).milliseconds,
            by_hand=_median(lambda span=span: (by_hand(span), by_hand(span.before)), times),
            patients=cost_of(client, patients.ours, patients, times).milliseconds,
        )


def _median(act, times):
    """Milliseconds of the median, each counted anew."""
    taken = []
    for _time in range(times):
        cache.clear()
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def figures_table(measured):
    """What was measured as text: milliseconds, and what is promised as ratios."""
    head = (
        f"{'figures of':10}  {'page ms':>8}  {'counts':>8}  {'by hand':>8}  {'again':>8}  "
        f"{'patients':>8}  page/patients  again/patients  counts/by hand"
    )
    return "\n".join([head, *map(_row, measured)])


def _row(one):
    return (
        f"{one.name:10}  {one.page:8.1f}  {one.counts:8.1f}  {one.by_hand:8.1f}  {one.again:8.1f}  "
        f"{one.patients:8.1f}  {one.page / one.patients:13.2f}  {one.again / one.patients:14.2f}  "
        f"{one.counts / one.by_hand:14.2f}"
    )
