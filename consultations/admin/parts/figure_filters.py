"""The filters that figures lead to a list with: what a number counts, and nothing else.

They stand beside a list only where its address asks for them, and only for those who may read the
figures: others could find out by them what their lists do not show.
"""

import re
from datetime import date

from django.contrib.admin import SimpleListFilter
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from consultations.models import ClinicSettings, TreatmentPlan
from consultations.models.text import day_in_words, yes_or_no
from consultations.summaries.clinic_figures import counts
from consultations.summaries.clinic_figures.referrals import WAYS
from consultations.summaries.clinic_figures.span import Span
from consultations.summaries.money import REFUNDS, outstanding_in
from consultations.vocabulary import AppointmentKind, Closure, LaserType, PaymentMethod

from .changelist import few_by_key
from .forms import is_key

MAY_READ = "consultations.view_figures"
DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)


def days_in_address(span):
    """The days of a span as the address of a list has them."""
    return f"{span.first.isoformat()}..{span.last.isoformat()}"


def way_in_address(first, second):
    """Two steps of a referral as the address of its list has them, by the last of their names."""
    return "..".join(name.rpartition("__")[2] for name in (first, second))


class FigureFilter(SimpleListFilter):
    """Narrows to `condition()`; to nothing where that is None, as for a value that is none."""

    def lookups(self, request, model_admin):
        may_read = request.user.has_perm(MAY_READ)
        return [(self.value(), self.words())] if self.value() and may_read else []

    def words(self):
        """What was asked for, in the words of the page."""
        return self.value()

    def condition(self):
        raise NotImplementedError

    def queryset(self, request, queryset):
        condition = self.condition()
        return queryset.none() if condition is None else self.narrow(queryset, condition)

    def narrow(self, queryset, condition):
        return queryset.filter(condition)


class DaysFilter(FigureFilter):
    """What counts in a span of days."""

    title, parameter_name = _("figures of"), "days"
    counts = None

    def span(self):
        found = DAYS.fullmatch(self.value())
        try:
            return Span(*map(date.fromisoformat, found.groups())) if found else None
        except ValueError:
            return None

    def words(self):
        span = self.span()
        return f"{day_in_words(span.first)} – {day_in_words(span.last)}" if span else self.value()

    def condition(self):
        span = self.span()
        return type(self).counts(span) if span else None

    def narrow(self, queryset, condition):
        return few_by_key(queryset.filter(condition))


class ConsultationDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_consultations)


class AreaDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_areas)


class ReferralDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_referrals)


class BegunFilter(DaysFilter):
    title, parameter_name = _("begun"), "begun"
    counts = staticmethod(counts.of_courses_begun)


class CompletedFilter(DaysFilter):
    title, parameter_name = _("completed"), "completed"
    counts = staticmethod(counts.of_courses_completed)


class SessionDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_sessions)


class AppointmentDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_appointments)


class EventDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_events)


class PaymentDaysFilter(DaysFilter):
    counts = staticmethod(counts.of_payments)


class OneOfFilter(FigureFilter):
    """One of a list of values of a column."""

    choices_class = None
    column = ""

    def words(self):
        return dict(self.choices_class.choices).get(self.value(), self.value())

    def condition(self):
        known = self.value() in self.choices_class.values
        return Q(**{self.column: self.value()}) if known else None


class ClosureFilter(OneOfFilter):
    title, parameter_name, column = _("closure"), "closure", "closure"
    choices_class = Closure


class LaserTypeFilter(OneOfFilter):
    title, parameter_name, column = _("laser type"), "type", "laser_mode__laser_type"
    choices_class = LaserType


class EventTypeFilter(LaserTypeFilter):
    column = "session__laser_mode__laser_type"


class KindFilter(OneOfFilter):
    title, parameter_name, column = _("kind"), "kind", "kind"
    choices_class = AppointmentKind


class MethodFilter(OneOfFilter):
    title, parameter_name, column = _("method"), "method", "method"
    choices_class = PaymentMethod


class KeyFilter(FigureFilter):
    """Those that lead to the record of this key."""

    column = ""

    def condition(self):
        return Q(**{self.column: self.value()}) if is_key(self.value()) else None


class LaserFilter(KeyFilter):
    title, parameter_name, column = _("laser"), "laser", "laser_mode__laser"


class EventLaserFilter(LaserFilter):
    column = "session__laser_mode__laser"


class OperatorFilter(KeyFilter):
    title, parameter_name, column = _("operator"), "operator", "operator"


class WhetherFilter(FigureFilter):
    """A condition by its name in the address; `conditions` are its words and itself."""

    conditions = {}

    def words(self):
        return self.conditions.get(self.value(), (self.value(),))[0]

    def condition(self):
        return self.conditions.get(self.value(), (None, None))[1]


class DecidedFilter(WhetherFilter):
    title, parameter_name = _("decision"), "decided"
    conditions = {"otherwise": (_("Otherwise than the verdict"), counts.DECIDED_OTHERWISE)}


class GradedFilter(WhetherFilter):
    title, parameter_name = _("grades"), "graded"
    conditions = {"both": (_("Before and after"), counts.GRADED_BEFORE_AND_AFTER)}


class StepsFilter(WhetherFilter):
    """Referrals that know the days of two steps."""

    title, parameter_name = _("days known"), "way"
    conditions = {
        way_in_address(*way): (
            _("Both"),
            Q(**{f"{name}__isnull": False for name in way}),
        )
        for way in WAYS
    }


class OwingFilter(FigureFilter):
    """Courses of which something was done and is not paid for; of those that the list is narrowed
    to already."""

    title, parameter_name = _("outstanding"), "owing"

    def words(self):
        return yes_or_no(True) if self.value() == "yes" else self.value()

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset.none()
        plans = TreatmentPlan.objects.filter(pk__in=queryset.order_by().values("pk"))
        owing = outstanding_in(plans, ClinicSettings.objects.current(), F("pk"))
        return queryset.filter(pk__in={key for key, _amount, _number in owing})


class RatedFilter(WhetherFilter):
    title, parameter_name = _("satisfaction"), "rated"
    conditions = {"yes": (_("Said"), Q(satisfaction__isnull=False))}


class LateFilter(WhetherFilter):
    title, parameter_name = _("cancelled late"), "late"
    conditions = {"yes": (_("Yes"), Q(cancelled_late=True))}


class WayFilter(WhetherFilter):
    title, parameter_name = _("money"), "way"
    conditions = {"in": (_("Received"), ~REFUNDS), "back": (_("Given back"), REFUNDS)}


class WeekdayFilter(WhetherFilter):
    title, parameter_name = _("weekday"), "weekday"
    conditions = {
        str(number + 1): (name, Q(starts_at__iso_week_day=number + 1))
        for number, name in WEEKDAYS.items()
    }
