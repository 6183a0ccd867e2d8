"""Sessions done here: by laser, area, operator and laser type, with what patients said."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, Sum

from consultations.models import AreaAssessment, LaserMode, TreatmentPlan, TreatmentSession
from consultations.vocabulary import Area, LaserType

from .counts import of_sessions
from .numbers import NO_MEANS, Both, all_of, averaged, counted

COLUMNS = ("laser_mode", "operator", "area", "is_now", "count", "satisfied", "rated")
PLANS, AREAS = TreatmentPlan._meta.db_table, AreaAssessment._meta.db_table
BY_AREA = """
    SELECT s.laser_mode, s.operator, a.area, s.is_now,
        CAST(SUM(s.count) AS integer), CAST(SUM(s.satisfied) AS integer),
        CAST(SUM(s.rated) AS integer)
    FROM ({by_course}) s
    JOIN {plan} p ON p.id = s.plan
    JOIN {assessment} a ON a.id = p.assessment_id
    GROUP BY s.laser_mode, s.operator, a.area, s.is_now"""


@dataclass(frozen=True, slots=True)
class Mode:
    """Of which laser a mode is, and of which laser type."""

    laser: int
    name: str
    laser_type: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the sessions: `key` is what lists know it by. `satisfaction` is 0 to 10."""

    key: object
    label: str
    sessions: Both
    satisfaction: Both


@dataclass(frozen=True, slots=True)
class Sessions:
    """`modes` are the modes of lasers by key, and `by_mode` the sessions done with each."""

    done: Both
    satisfaction: Both
    by_laser: tuple[Share, ...]
    by_area: tuple[Share, ...]
    by_operator: tuple[Share, ...]
    by_type: tuple[Share, ...]
    modes: dict
    by_mode: dict


def sessions_of(span):
    """Return the sessions of a span and of the one before; in three queries."""
    rows = _rows(span)
    columns = ("pk", "laser", "laser__name", "laser_type")
    modes = {key: Mode(*rest) for key, *rest in LaserMode.objects.values_list(*columns)}
    people = get_user_model().objects.in_bulk({row["operator"] for row in rows})
    names = {key: one.get_full_name() or one.get_username() for key, one in people.items()}
    lasers = {mode.laser: mode.name for mode in modes.values()}
    return Sessions(
        done=counted(rows, all_of).get(None, Both()),
        satisfaction=averaged(rows, all_of, "satisfied", "rated").get(None, NO_MEANS),
        by_laser=_shares(rows, lambda row: modes[row["laser_mode"]].laser, lasers),
        by_area=_shares(rows, lambda row: row["area"], dict(Area.choices)),
        by_operator=_shares(rows, lambda row: row["operator"], names),
        by_type=_shares(
            rows, lambda row: modes[row["laser_mode"]].laser_type, dict(LaserType.choices)
        ),
        modes=modes,
        by_mode=counted(rows, lambda row: row["laser_mode"]),
    )


def _rows(span):
    """Sessions by laser mode, operator, area and span. They are counted by course first: an area
    is looked up once for each course, not for each session, which took most of the time."""
    by_course = (
        TreatmentSession.objects.filter(of_sessions(span.with_before))
        .order_by()
        .values("plan", "laser_mode", "operator", is_now=span.is_now("day"))
        .annotate(count=Count("pk"), satisfied=Sum("satisfaction"), rated=Count("satisfaction"))
    )
    sql, values = by_course.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(BY_AREA.format(by_course=sql, plan=PLANS, assessment=AREAS), values)
        return [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def _shares(rows, key, labels):
    """In the order of their labels, those that have any."""
    done, said = counted(rows, key), averaged(rows, key, "satisfied", "rated")
    return tuple(
        Share(one, str(label), done[one], said[one]) for one, label in labels.items() if one in done
    )
