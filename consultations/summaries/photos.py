"""A patient's photos as they are compared: by area and view, from first to latest."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import groupby

from django.utils.translation import gettext as _

from consultations.models import Photo
from consultations.vocabulary import Area, PhotoView

AREAS, VIEWS = list(Area), list(PhotoView)


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo, and the words that tell it from the others of its series.

    These are the day, the time and the session if known, and a number if that is not enough.
    """

    photo: Photo
    taken: str


@dataclass(frozen=True, slots=True)
class Series:
    """The photos of one area from one side, first to latest.

    `sessions` has the number of the session of a day, if known.
    """

    area: str
    label: str
    view: str
    view_label: str
    photos: tuple[Photo, ...]
    sessions: dict = field(default_factory=dict, hash=False)

    @property
    def key(self):
        """Return the name of the series in a page."""
        return f"{self.area}-{self.view}"

    @property
    def shots(self):
        alike = Counter(photo.taken for photo in self.photos)
        numbers = Counter()
        for photo in self.photos:
            numbers[photo.taken] += 1
            number = f" ({numbers[photo.taken]})" if alike[photo.taken] > 1 else ""
            yield Shot(photo, self._taken(photo) + number)

    def _taken(self, photo):
        if (number := self.sessions.get(photo.taken_on)) is None:
            return photo.taken
        return _("%(taken)s, session %(number)s") % {"taken": photo.taken, "number": number}

    @property
    def first(self):
        return next(self.shots)

    @property
    def latest(self):
        return [*self.shots][-1]

    @property
    def is_comparable(self):
        return len(self.photos) > 1


@dataclass(frozen=True, slots=True)
class PhotosOfArea:
    area: str
    label: str
    series: tuple[Series, ...]


def photos_of(patient):
    """Return the photos that may be shown, by area and view, in one query; none without consent."""
    agreed = Photo.objects.agreed().filter(patient=patient).select_related("taken_by")
    photos = sorted(agreed, key=_place)
    series = [_series(*which, tuple(of_one)) for which, of_one in groupby(photos, _which)]
    return tuple(
        PhotosOfArea(area, str(Area(area).label), tuple(of_area))
        for area, of_area in groupby(series, lambda one: one.area)
    )


def beside_sessions(photos, courses):
    """Return the same photos with the session of their day, if exactly one was done there.

    `courses` are those of the chart.
    """
    numbers = {course.area: _numbers_by_day(course.done) for course in courses}
    return tuple(
        replace(area, series=_with(area.series, numbers.get(area.area))) for area in photos
    )


def _with(series, sessions):
    return tuple(replace(one, sessions=sessions or {}) for one in series)


def _numbers_by_day(done):
    """Return the number within its plan of each session that was alone on its day."""
    on_day, of_plan, numbers = Counter(one.performed_on for one in done), Counter(), {}
    for session in done:
        of_plan[session.plan_id] += 1
        if on_day[session.performed_on] == 1:
            numbers[session.performed_on] = of_plan[session.plan_id]
    return numbers


def _which(photo):
    return photo.area, photo.view


def _place(photo):
    at = photo.taken_at or time.min
    return AREAS.index(photo.area), VIEWS.index(photo.view), photo.taken_on, at, photo.pk


def _series(area, view, photos):
    return Series(area, str(Area(area).label), view, str(PhotoView(view).label), photos)
