"""Sessions done here: by laser, area, operator and laser type, with what patients said."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Sum

from consultations.models import LaserMode, TreatmentSession
from consultations.vocabulary import Area, LaserType

from .counts import of_sessions
from .numbers import NO_MEANS, Both, all_of, averaged, counted


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
    rows = list(
        TreatmentSession.objects.filter(of_sessions(span.with_before))
        .order_by()
        .values(
            "laser_mode", "operator", area=F("plan__assessment__area"), is_now=span.is_now("day")
        )
        .annotate(count=Count("pk"), satisfied=Sum("satisfaction"), rated=Count("satisfaction"))
    )
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


def _shares(rows, key, labels):
    """In the order of their labels, those that have any."""
    done, said = counted(rows, key), averaged(rows, key, "satisfied", "rated")
    return tuple(
        Share(one, str(label), done[one], said[one]) for one, label in labels.items() if one in done
    )
