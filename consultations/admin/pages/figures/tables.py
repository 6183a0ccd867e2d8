"""The figures as tables: each number with the list behind it, and a plot beside."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.figure_filters import days_in_address, way_in_address
from consultations.admin.parts.plots import Plot, bars
from consultations.models.money import in_words, rounded
from consultations.summaries.clinic_figures.numbers import Both
from consultations.vocabulary import AppointmentStatus, PlanStatus, ReferralStatus


@dataclass(frozen=True, slots=True)
class Cell:
    """One number in words, and as it is in a file of others; `behind` is of how many records it is
    a mean or rate, None where it counts them."""

    words: str
    plain: str
    url: str = ""
    behind: int | None = None
    is_few: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Two cells a column: of the days, and of the days before. A part of the row above is not
    `is_whole`."""

    label: str
    cells: tuple[Cell, ...]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are titles, each over two cells of a row."""

    key: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    plot: Plot | None = None


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    tables: tuple[Table, ...]


class Tables:
    """Makes the tables of figures, with links to the lists that `user` may read."""

    def __init__(self, figures, user):
        self.figures = figures
        self.spans = Both(figures.span, figures.span.before)
        self.user = user

    def groups(self):
        return (
            Group("consultations", _("Consultations"), (self.outcomes(),)),
            Group("referrals", _("Referrals"), (self.referrals(), self.days_between())),
            Group("courses", _("Courses"), (self.courses(), self.course_means(), self.grades())),
            Group("sessions", _("Sessions"), tuple(self.sessions())),
            Group("appointments", _("Missed and cancelled late"), tuple(self.missed())),
            Group("events", _("Adverse events"), tuple(self.events())),
            Group("money", _("Money"), (self.money(), self.outstanding())),
        )

    # Cells

    def count(self, both, model="", *, days="days", **filters):
        """Two numbers, each with the list that shows as many records, if there is one."""
        return tuple(
            Cell(number_format(one), str(one), self.url(one, model, {days: span} | filters))
            for one, span in self.with_spans(both)
        )

    def mean(self, both, model="", *, days="days", decimals=1, **filters):
        """Two means, each with what is behind it."""
        means = [one.with_decimals(decimals) for one in (both.now, both.before)]
        return tuple(
            Cell(
                "–" if mean is None else number_format(mean, decimals),
                "" if mean is None else str(mean),
                self.url(one.number, model, {days: span} | filters),
                one.number,
                one.is_few,
            )
            for (one, span), mean in zip(self.with_spans(both), means, strict=True)
        )

    def amount(self, found, model, *, days="days", **filters):
        """Two sums of money, each with the list of the entries that it is the sum of."""
        currency = self.figures.money.currency
        return tuple(
            Cell(
                in_words(one, currency),
                str(rounded(one, currency)),
                self.url(number, model, {days: span} | filters),
            )
            for (one, span), number in zip(
                self.with_spans(found.amount),
                (found.entries.now, found.entries.before),
                strict=True,
            )
        )

    def with_spans(self, both):
        return (both.now, self.spans.now), (both.before, self.spans.before)

    def url(self, number, model, query):
        if not (number and model and self.user.has_perm(f"consultations.view_{model}")):
            return ""
        days = {name: days_in_address(one) for name, one in query.items() if hasattr(one, "first")}
        return admin_url(model, "changelist", **query | days)

    # Tables

    def outcomes(self):
        found = self.figures.consultations
        area = "areaassessment"
        rows = [
            Row(
                _("All"),
                (
                    *self.count(found.held, "consultation"),
                    *self.count(found.areas, area),
                    *self.count(found.decided, area, decided="otherwise"),
                ),
                is_whole=True,
            )
        ]
        for one in found.outcomes:
            chosen = {"outcome": one.outcome.value}
            cells = (
                *self.count(one.consultations, "consultation", **chosen),
                *self.count(one.areas, area, **chosen),
                *self.count(one.decided, area, decided="otherwise", **chosen),
            )
            rows.append(Row(one.outcome.label, cells))
        return _table(
            "outcomes",
            _("Consultations by outcome"),
            _(
                "A consultation with areas of two outcomes counts under both. Left by decision: a "
                "clinician decided otherwise than the verdict."
            ),
            (_("Consultations"), _("Areas"), _("Left by decision")),
            rows,
            pairs=[(one.outcome.label, one.areas.now) for one in found.outcomes],
            plotted=_("Areas by outcome"),
        )

    def referrals(self):
        found, model = self.figures.referrals, "surgicalreferral"
        rows = [Row(_("All"), self.count(found.made, model), is_whole=True)]
        for status, both in found.states.items():
            rows.append(Row(status.label, self.count(both, model, status=status.value)))
            if status == ReferralStatus.CLOSED:
                rows += [
                    Row(
                        _("Closed: %(how)s") % {"how": closure.label.lower()},
                        self.count(one, model, status=status.value, closure=closure.value),
                    )
                    for closure, one in found.closures.items()
                ]
        return _table(
            "referrals",
            _("Referrals by state"),
            _("Of areas assessed in these days, as they stand today."),
            (_("Referrals"),),
            rows,
            pairs=[(status.label, both.now) for status, both in found.states.items()],
        )

    def days_between(self):
        names = {
            "assessment__consultation__consulted_on": _("assessed"),
            "sent_on": _("sent"),
            "accepted_on": _("accepted"),
            "operated_on": _("operated"),
            "recovered_on": _("recovered"),
            "closed_on": _("closed"),
        }
        rows = []
        for (first, second), both in self.figures.referrals.days.items():
            label = _("From %(first)s to %(second)s")
            label %= {"first": names[first], "second": names[second]}
            way = way_in_address(first, second)
            rows.append(Row(label, self.mean(both, "surgicalreferral", way=way)))
        return _table(
            "referral-days",
            _("Days between the steps of referrals"),
            _("Means of the referrals that have both days."),
            (_("Days"),),
            rows,
        )

    def courses(self):
        found, model = self.figures.courses, "treatmentplan"
        labels = {
            PlanStatus.ACTIVE: _("Of these open, active"),
            PlanStatus.PAUSED: _("Of these open, paused"),
            PlanStatus.COMPLETED: _("Of these completed"),
            PlanStatus.STOPPED: _("Of these stopped"),
        }
        rows = [Row(_("Begun"), self.count(found.begun, model, days="begun"), is_whole=True)]
        rows += [
            Row(labels[status], self.count(both, model, days="begun", status=status.value))
            for status, both in found.states.items()
        ]
        completed = self.count(found.completed, model, days="completed")
        rows.append(Row(_("Completed, whenever begun"), completed, is_whole=True))
        return _table(
            "courses",
            _("Courses begun and completed"),
            _("Begun in these days, and how those stand today; completed in these days."),
            (_("Courses"),),
            rows,
            pairs=[(status.label, both.now) for status, both in found.states.items()],
            plotted=_("Courses begun, by status"),
        )

    def course_means(self):
        found, model, days = self.figures.courses, "treatmentplan", "completed"
        rows = [
            Row(_("Sessions"), self.mean(found.sessions, model, days=days)),
            Row(_("Days from start to end"), self.mean(found.days, model, days=days)),
        ]
        return _table(
            "course-means",
            _("What a course takes"),
            _("Means of the courses completed in these days; sessions done here."),
            (_("Mean"),),
            rows,
        )

    def grades(self):
        def both(one):
            chosen = {"days": "completed", "graded": "both", "area": one.area.value}
            return tuple(
                cell
                for mean in (one.at_first, one.at_last)
                for cell in self.mean(mean, "treatmentplan", **chosen)
            )

        rows = [Row(one.area.label, both(one)) for one in self.figures.courses.grades]
        return _table(
            "grades",
            _("Grade before and after"),
            _(
                "Mean laxity, 0 to 4, when assessed and at the last session with a grade, of the "
                "courses completed in these days that have both."
            ),
            (_("Before"), _("After")),
            rows,
        )

    def sessions(self):
        found = self.figures.sessions
        for key, title, shares, name in (
            ("sessions-laser", _("Sessions by laser"), found.by_laser, "laser"),
            ("sessions-type", _("Sessions by laser type"), found.by_type, "type"),
            ("sessions-area", _("Sessions by area"), found.by_area, "area"),
            ("sessions-operator", _("Sessions by operator"), found.by_operator, "operator"),
        ):
            rows = [Row(_("All"), self.done(found.done, found.satisfaction), is_whole=True)]
            rows += [
                Row(one.label, self.done(one.sessions, one.satisfaction, **{name: one.key}))
                for one in shares
            ]
            yield _table(
                key,
                title,
                _("Done here. Satisfaction is the mean of what patients said, 0 to 10."),
                (_("Sessions"), _("Satisfaction")),
                rows,
                pairs=[(one.label, one.sessions.now) for one in shares],
            )

    def done(self, sessions, satisfaction, **chosen):
        model = "treatmentsession"
        return (
            *self.count(sessions, model, **chosen),
            *self.mean(satisfaction, model, rated="yes", **chosen),
        )

    def missed(self):
        found = self.figures.missed
        whole = Row(_("All"), self.called_off(found.all), is_whole=True)
        kinds = [
            Row(one.key.label, self.called_off(one, kind=one.key.value)) for one in found.by_kind
        ]
        weekdays = [
            Row(str(WEEKDAYS[one.key - 1]), self.called_off(one, weekday=one.key))
            for one in found.by_weekday
        ]
        about = _("Cancelled late: by the patient, within the clinic’s hours of notice.")
        heads = (_("Missed"), _("Cancelled late"))
        yield _table("missed-kind", _("By kind"), about, heads, [whole, *kinds])
        yield _table(
            "missed-weekday",
            _("By weekday"),
            about,
            heads,
            [whole, *weekdays],
            pairs=[(WEEKDAYS[one.key - 1], one.missed.now) for one in found.by_weekday],
            plotted=_("Missed, by weekday"),
        )

    def called_off(self, found, **chosen):
        missed = {"status": AppointmentStatus.MISSED.value}
        late = {"status": AppointmentStatus.CANCELLED.value, "late": "yes"}
        return (
            *self.count(found.missed, "appointment", **missed, **chosen),
            *self.count(found.late, "appointment", **late, **chosen),
        )

    def events(self):
        found = self.figures.events
        for key, title, rates, name in (
            ("events-laser", _("Adverse events by laser"), found.by_laser, "laser"),
            ("events-type", _("Adverse events by laser type"), found.by_type, "type"),
        ):
            rows = [Row(_("All"), self.rated(found.all), is_whole=True)]
            rows += [Row(one.label, self.rated(one, **{name: one.key})) for one in rates]
            yield _table(
                key,
                title,
                _("Begun in these days, to a hundred sessions done in the same days."),
                (_("Events"), _("To 100 sessions")),
                rows,
                pairs=[(one.label, one.events.now) for one in rates],
            )

    def rated(self, found, **chosen):
        return (
            *self.count(found.events, "adverseevent", **chosen),
            *self.mean(found.rate, "treatmentsession", **chosen),
        )

    def money(self):
        found = self.figures.money
        rows = [
            self.entries(_("Kept"), found.kept, is_whole=True),
            self.entries(_("Received"), found.received, way="in"),
            self.entries(_("Given back"), found.returned, way="back"),
        ]
        rows += [
            self.entries(one.label, amount, method=one.value)
            for one, amount in found.by_method.items()
        ]
        return _table(
            "money",
            _("Money received"),
            _("By the day it was paid; a correction counts with what it corrects."),
            (_("Amount"), _("Entries")),
            rows,
        )

    def entries(self, label, found, *, is_whole=False, **chosen):
        entries = self.count(found.entries, "payment", **chosen)
        return Row(label, (*self.amount(found, "payment", **chosen), *entries), is_whole)

    def outstanding(self):
        found = self.figures.money.outstanding
        chosen = {"model": "treatmentplan", "days": "begun", "owing": "yes"}
        cells = (*self.amount(found, **chosen), *self.count(found.entries, **chosen))
        return _table(
            "outstanding",
            _("Outstanding"),
            _(
                "Of the courses begun in these days: what was done and is not paid for today, "
                "course by course."
            ),
            (_("Amount"), _("Courses")),
            [Row(_("Outstanding"), cells)],
        )


def _table(key, title, about, columns, rows, *, pairs=(), plotted=""):
    """A table, and beside it a plot of the pairs, if there is anything in them."""
    plot = None
    if any(number for _label, number in pairs):
        plot = bars(f"plot-{key}", plotted or title, "", pairs)
    return Table(key, title, about, columns, tuple(rows), plot)
