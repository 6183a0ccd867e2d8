"""The filters beside lists; each reads an index, none counts."""

from django.contrib.admin import SimpleListFilter
from django.db.models import OuterRef
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import AreaAssessment
from consultations.models.in_order import AskedOfEach, BesideOrder
from consultations.models.search import FOUND_AT_MOST
from consultations.vocabulary import (
    Area,
    Outcome,
    PlanStatus,
    ReferralStatus,
    Severity,
)

from .changelist import NARROWED_AT_MOST, few_by_key


class ChoiceFilter(SimpleListFilter):
    """One of a list of values of a column."""

    choices_class = None
    column = ""

    def lookups(self, request, model_admin):
        return self.choices_class.choices

    def wanted(self):
        """The chosen value, None where nothing or nothing known was chosen."""
        value = self.value()
        return value if value in self.choices_class.values else None

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.wanted() is None:
            return queryset.none()
        return self.narrow(queryset, self.wanted())

    def narrow(self, queryset, value):
        return queryset.filter(**{self.column: value})


class OutcomeFilter(ChoiceFilter):
    title, parameter_name, column = _("outcome"), "outcome", "effective_outcome"
    choices_class = Outcome


class SeverityFilter(ChoiceFilter):
    title, parameter_name, column = _("laxity"), "severity", "severity"
    choices_class = Severity


class AreaFilter(ChoiceFilter):
    title, parameter_name, column = _("area"), "area", "area"
    choices_class = Area


class OfOneArea:
    """On lists of consultations: all such filters must hold of one and the same area."""

    def queryset(self, request, queryset):
        wanted = {
            kind.column: request.GET[kind.parameter_name]
            for kind in CONSULTATION_FILTERS
            if request.GET.get(kind.parameter_name) in kind.choices_class.values
        }
        if self.value() is None or self.column != next(iter(wanted), None):
            return queryset.none() if self.value() is not None and not self.wanted() else queryset
        areas = AreaAssessment.objects.filter(entered_in_error_at__isnull=True, **wanted)
        keys = list(areas.values_list("consultation", flat=True)[: FOUND_AT_MOST + 1])
        if len(keys) <= FOUND_AT_MOST:
            return queryset.filter(pk__in=set(keys))
        return queryset.filter(AskedOfEach(areas.filter(consultation=OuterRef("pk"))))


class ConsultationOutcomeFilter(OfOneArea, OutcomeFilter):
    pass


class ConsultationSeverityFilter(OfOneArea, SeverityFilter):
    pass


class ConsultationAreaFilter(OfOneArea, AreaFilter):
    pass


CONSULTATION_FILTERS = (
    ConsultationOutcomeFilter,
    ConsultationSeverityFilter,
    ConsultationAreaFilter,
)


class ReferralStatusFilter(ChoiceFilter):
    title, parameter_name, column = _("referral"), "status", "status"
    choices_class = ReferralStatus


class PlanStatusFilter(ChoiceFilter):
    title, parameter_name, column = _("plan"), "status", "status"
    choices_class = PlanStatus


class PlanAreaFilter(AreaFilter):
    column = "assessment__area"

    def narrow(self, queryset, value):
        return few_by_key(queryset.filter(Exact(BesideOrder(self.column), value)))


class SessionAreaFilter(PlanAreaFilter):
    column = "plan__assessment__area"


class OverdueFilter(SimpleListFilter):
    title, parameter_name = _("due"), "due"

    def lookups(self, request, model_admin):
        return [("overdue", _("Overdue")), ("to_book", _("To book"))]

    def queryset(self, request, queryset):
        match self.value():
            case "overdue":
                return few_by_key(queryset.overdue(), NARROWED_AT_MOST)
            case "to_book":
                return few_by_key(queryset.to_book(), NARROWED_AT_MOST)
        return queryset


class SessionDayFilter(SimpleListFilter):
    title, parameter_name = _("day"), "day"

    def lookups(self, request, model_admin):
        return [("today", _("Today")), ("past", _("Past"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "today":
                return queryset.filter(day=today)
            case "past":
                return queryset.filter(day__lt=today)
        return queryset


class SignedFilter(SimpleListFilter):
    title, parameter_name = _("signature"), "signed"

    def lookups(self, request, model_admin):
        return [("no", _("Not signed")), ("yes", _("Signed"))]

    def queryset(self, request, queryset):
        match self.value():
            case "no":
                return queryset.filter(signed_at__isnull=True, entered_in_error_at__isnull=True)
            case "yes":
                return queryset.filter(signed_at__isnull=False)
        return queryset


class SessionSignedFilter(SignedFilter):
    def lookups(self, request, model_admin):
        more = [("mine", _("For me to sign")), ("late", _("Colleagues’, overdue"))]
        return [*super().lookups(request, model_admin), *more]

    def queryset(self, request, queryset):
        match self.value():
            case "no":
                return queryset.to_sign()
            case "mine":
                return queryset.to_sign_by(request.user)
            case "late":
                return queryset.late_of_others(request.user)
        return super().queryset(request, queryset)


class EventStateFilter(SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request, model_admin):
        return [("open", _("Open")), ("to_report", _("To report"))]

    def queryset(self, request, queryset):
        match self.value():
            case "open":
                return queryset.open()
            case "to_report":
                return queryset.to_report()
        return queryset


class PhotoUseStateFilter(SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request, model_admin):
        return [("up", _("Up")), ("to_take_down", _("To take down"))]

    def queryset(self, request, queryset):
        match self.value():
            case "up":
                return queryset.up()
            case "to_take_down":
                return queryset.to_take_down()
        return queryset


class FollowUpStateFilter(SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request, model_admin):
        return [("waiting", _("To do")), ("due", _("Due or overdue")), ("missed", _("Missed"))]

    def queryset(self, request, queryset):
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "due":
                return queryset.due()
            case "missed":
                return queryset.waiting().filter(due_on__lt=timezone.localdate())
        return queryset
