"""Rows of sessions: one each, of the course of an assessed area that comes with its first row."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.exchange.imports.records import OWN, OfPatients, Together, staff_by_name
from consultations.exchange.reading.fields import fields
from consultations.exchange.reading.words import NO, NOT_ASKED, YES
from consultations.models import (
    AreaAssessment,
    LaserMode,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.text import day_in_words, folded
from consultations.rules.protocol import COURSE_SESSIONS
from consultations.vocabulary import PlanStatus, ShortCourseReason

USUAL_INTERVAL = 28  # days, where no file says
LONGEST_INTERVAL = 730
# A course may pause for as long; what comes later, after a new assessment, is a new course.
LONGEST_PAUSE = timedelta(days=183)
# What is kept in words of a session elsewhere.
IN_WORDS = ("treatment", "performed_at", "laser", "laser_mode")
PRICES = ("price_per_session", "course_price")


@dataclass
class Course:
    """What the rows of one course said: of its plan by field, and its sessions."""

    plan: TreatmentPlan
    told: dict = field(default_factory=dict)
    names_day: bool = False  # of the assessment that it rests on
    sessions: list = field(default_factory=list)

    @property
    def days(self):
        return sorted(one.performed_on for one in self.sessions)

    @property
    def assessed_on(self):
        return self.plan.assessment.consultation.consulted_on

    @property
    def where(self):
        area = self.plan.assessment
        return area.consultation.patient_id, area.area

    def place(self):
        """Its place among the courses of a file."""
        return self.assessed_on, self.plan.assessment.pk

    def goes_on_with(self, later):
        """Whether what the rows put down to a later assessment is more of this course."""
        if self.names_day or later.names_day or not (self.sessions and later.sessions):
            return False
        planned = self.plan.planned_sessions or COURSE_SESSIONS
        pause = later.days[0] - self.days[-1]
        is_same = all(self.told.get(key, value) == value for key, value in later.told.items())
        return is_same and len(self.sessions) < planned and pause <= LONGEST_PAUSE

    def take(self, later):
        """Make the sessions of a later one, and what was told of it, those of this course."""
        for key in later.told.keys() - self.told.keys():
            name = fields("sessions")[key].name
            setattr(self.plan, name, getattr(later.plan, name))
        self.told |= later.told
        self.sessions += later.sessions


class Sessions(OfPatients):
    model = TreatmentSession

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.staff = staff_by_name()
        modes = LaserMode.objects.standing().select_related("laser").order_by("pk")
        self.modes = {(folded(one.laser.name), folded(one.name)): one for one in modes}
        self.areas, self.referred, self.open = {}, {}, set()
        self.courses = {}  # by assessed area, the course of this batch
        self.together = Together("sessions", "plan")
        self.active = {}  # by patient and area, the assessed area of the active course

    @property
    def is_own(self):
        return self.batch.format == OWN

    def prepare(self, givens):
        super().prepare(givens)
        areas = AreaAssessment.objects.standing().filter(
            consultation__patient__in=self.finder.keys()
        )
        areas = areas.select_related("consultation__patient").prefetch_related("plans")
        self.areas = {}
        for one in areas.order_by("consultation__consulted_on", "pk"):
            self.areas.setdefault((one.consultation.patient_id, one.area), []).append(one)
        path, area = "assessment__consultation__patient", "assessment__area"
        of_these = {f"{path}__in": self.finder.keys()}
        referrals = SurgicalReferral.objects.open().filter(**of_these)
        self.referred = {
            key: tuple(where) for key, *where in referrals.values_list("assessment", path, area)
        }
        plans = TreatmentPlan.objects.open().filter(**of_these)
        self.open = set(plans.values_list(path, area))

    def build(self, given, *, checks=True):
        """Put the course of a row and its session together."""
        patient = self.finder.patient(given)
        plan = TreatmentPlan(created_by=self.by, changed_by=self.by)
        plan.planned_sessions = None
        session = TreatmentSession(created_by=self.by, changed_by=self.by)
        given.fill(plan, "plan")
        given.fill(session, "session", leaves_out=("operator", "laser_mode"))
        given.plan, given.record = plan, session
        if patient is None or given.problems:
            return
        area = self._area_of(given, patient)
        if area is None:
            return
        plan.assessment = area
        session.plan = plan
        if session.override_reason:
            session.overridden_by, session.overridden_at = self.by, timezone.now()
        self._say_where(given, session)
        self._complete(given, plan, session)
        if checks:
            self._check(given, plan, session, patient)

    def _area_of(self, given, patient):
        """The assessment that the course rests on: that of the day named, or the last before."""
        area, on = given.value("area"), given.value("consulted_on")
        known = self.areas.get((patient.pk, area), [])
        if on:
            known = [one for one in known if one.consultation.consulted_on == on]
        elif started := given.record.performed_on or given.plan.started_on:
            before = [one for one in known if one.consultation.consulted_on <= started]
            known = before or known[:1]
        if not known:
            words = _("This area was not assessed. Import the consultations with areas first.")
            given.refuse("area", words)
            return None
        return known[-1]

    def _say_where(self, given, session):
        """Ours where our own file names a colleague and a mode that are here; else elsewhere."""
        elsewhere = folded(session.performed_elsewhere)
        is_ours = self.is_own and elsewhere not in YES
        if elsewhere in YES | NO | NOT_ASKED:
            session.performed_elsewhere = ""
        operator = self.staff.get(folded(given.text("operator")))
        mode = self.modes.get((folded(given.text("laser")), folded(given.text("laser_mode"))))
        if is_ours and operator and mode and not session.performed_elsewhere:
            session.operator, session.laser_mode = operator, mode
            return
        known = fields("sessions")
        for key in IN_WORDS if self.is_own else (*IN_WORDS, *PRICES):
            if text := given.text(key):
                session.notes = f"{session.notes}\n{known[key].label}: {text}".strip()
        said = given.text("operator") or given.text("operator_name")
        if said:
            words = _("Treated by %(name)s (%(source)s).")
            said = words % {"name": said, "source": self.batch.source}
            session.notes = f"{session.notes}\n{said}".strip()
        if not session.performed_elsewhere:
            session.performed_elsewhere = _("%(source)s, before %(day)s") % {
                "source": self.batch.source,
                "day": day_in_words(timezone.localdate(self.batch.saved_at or timezone.now())),
            }

    def _complete(self, given, plan, session):
        """What follows for the course from where it comes; what it lacks."""
        if session.laser_mode_id and not plan.laser_type:
            plan.laser_type = session.laser_mode.laser_type
        plan.interval_days = plan.interval_days or USUAL_INTERVAL
        if given.value("started_on") is None:
            plan.started_on = session.performed_on or plan.assessment.consultation.consulted_on
        session.day = session.performed_on or plan.started_on
        # Of the course as a whole more is known once all its rows are.
        plan.completed_on = None
        if plan.status == PlanStatus.COMPLETED:
            plan.completed_on = session.day
        elif plan.status == PlanStatus.STOPPED and not plan.status_reason:
            plan.status_reason = self._reason()

    def _reason(self):
        return _("Imported from %(source)s.") % {"source": self.batch.source}

    def _check(self, given, plan, session, patient):
        if any(not one.in_error for one in plan.assessment.plans.all()):
            given.refuse("area", _("This area has a course already. Record the session there."))
        where, is_open = (
            (patient.pk, plan.assessment.area),
            self._is_open(self.together.told(given)),
        )
        is_active = is_open and plan.status == PlanStatus.ACTIVE
        if plan.assessment.pk in self.referred or (is_active and where in self.referred.values()):
            words = _("This area has an open referral to a surgeon. Close the referral first.")
            given.refuse("area", words)
        elif is_open and where in self.open:
            words = _("This patient already has an open plan for this area.")
            given.refuse("plan_status", words)
        if session.performed_on is None and not self._is_only_course(given):
            given.refuse("performed_on", _("Say when the session was performed."))
        if session.performed_on:
            today, is_ours = timezone.localdate(), session.operator_id is not None
            if session.performed_on > today or (session.performed_on == today and not is_ours):
                words = _("A session at another clinic is history: a day before today.")
                given.refuse("performed_on", words)
        given.refuse_before(patient.date_of_birth)
        if not plan.laser_type:
            given.refuse("laser_type", _("Say which type of laser it was."))
        planned = plan.planned_sessions
        plan.planned_sessions = planned or COURSE_SESSIONS
        given.check(plan, "plan", leaves_out=("assessment",))
        plan.planned_sessions = planned
        if session.performed_on:
            given.check(session, "session", leaves_out=("plan",))

    def _is_only_course(self, given):
        """A course of which nothing was done yet: our own file names it in a row of its own."""
        return self.is_own and bool(given.plan.laser_type)

    def same(self, given):
        return given.plan.assessment.pk, given.record.performed_on

    def compared(self, givens):
        """The rows of one course fill each other in, and one course of an area is open."""
        found = super().compared(givens)
        for given in givens:
            if given.problems:
                continue
            key, area = given.plan.assessment.pk, given.plan.assessment
            self.together.compare(given, key)
            if given.problems or not self._is_open(self.together.told_of(key)):
                continue
            where = (area.consultation.patient_id, area.area)
            first, row = self.active.setdefault(where, (key, given.row.number))
            if first != key and not self._may_be_one(given, first, key):
                words = _("Row %(number)s is of another course of this area that is open.")
                given.refuse("plan_status", words % {"number": row})
        return found

    def _is_open(self, told):
        """Whether what was told of a course leaves it open."""
        status = told.get("plan_status")
        if status == PlanStatus.PAUSED:
            return self.is_own
        return status == PlanStatus.ACTIVE and "next_due_on" in told

    def _may_be_one(self, given, first, key):
        one, two = self.together.told_of(first), self.together.told_of(key)
        is_same = all(one[name] == two[name] for name in one.keys() & two.keys())
        return is_same and given.value("consulted_on") is None

    def keep(self, givens, keeper):
        """The sessions wait for their courses, of which all rows have to be known."""
        for given in givens:
            course = self.courses.setdefault(given.plan.assessment.pk, Course(given.plan))
            if course.plan is not given.plan:
                given.fill(course.plan, "plan")
            course.told |= self.together.told(given)
            course.names_day |= given.value("consulted_on") is not None
            if given.record.performed_on:
                course.sessions.append(given.record)

    def finish(self, keeper):
        """Write the courses with their state, then their sessions, closed as they come in."""
        places = {id(one): place for place, one in enumerate(self.courses.values())}
        courses = self._joined()
        open_ones = {}
        for course in courses:
            self._settle(course)
            if course.plan.is_open:
                # What the file says of both, it says of the last.
                earlier = open_ones.pop(course.where, None)
                if earlier is not None:
                    self._stop(earlier.plan)
                open_ones[course.where] = course
        # In the order of the file, in which our own goes out again.
        courses.sort(key=lambda one: places[id(one)])
        keeper.keep(TreatmentPlan, [one.plan for one in courses])
        sessions = []
        for course in courses:
            for session in course.sessions:
                session.plan, session.day = course.plan, session.performed_on
                session.signed_by, session.signed_at = self.by, self.batch.saved_at
                sessions.append(session)
        keeper.keep(TreatmentSession, sessions)

    def _joined(self):
        """The courses in order. One is not split where its area was assessed again meanwhile."""
        joined, last = [], {}
        for course in sorted(self.courses.values(), key=Course.place):
            before = last.get(course.where)
            if before is not None and before.goes_on_with(course):
                before.take(course)
                continue
            last[course.where] = course
            joined.append(course)
        return joined

    def _settle(self, course):
        """Completed or stopped, unless the file says active and names the next day: nothing here
        falls due by an import."""
        plan, days = course.plan, course.days
        done, said, given_interval = len(days), course.told.get("plan_status"), plan.interval_days
        if not self.is_own:
            plan.price_per_session = plan.course_price = None
        if "started_on" not in course.told:
            plan.started_on = days[0] if days else course.assessed_on
        if plan.planned_sessions is None:
            plan.planned_sessions = max(COURSE_SESSIONS, done)
        plan.planned_sessions = max(plan.planned_sessions, done, 1)
        if said == PlanStatus.COMPLETED and 0 < done < plan.planned_sessions and not self.is_own:
            plan.planned_sessions = done
        if plan.planned_sessions < COURSE_SESSIONS and not plan.short_course_reason:
            plan.short_course_reason = ShortCourseReason.CONTINUED_ELSEWHERE
        plan.completed_on = None
        if done >= plan.planned_sessions:
            plan.status, plan.completed_on = PlanStatus.COMPLETED, days[-1]
            plan.status_reason = ""
        elif said == PlanStatus.ACTIVE and self._lacks_sessions(course):
            self._wait_for_sessions(plan)
        elif said == PlanStatus.ACTIVE and _fit_next_day(plan, days):
            plan.status = PlanStatus.ACTIVE
        elif not (self.is_own and said == PlanStatus.PAUSED):
            plan.interval_days = given_interval
            self._stop(plan)
        if plan.status != PlanStatus.ACTIVE:
            plan.next_due_on = None
        if plan.status == PlanStatus.PAUSED:
            plan.status_reason = plan.status_reason or self._reason()

    def _lacks_sessions(self, course):
        """Whether a course of our own file, which says interval and next day, has other sessions
        here than there: some were left out, or whoever filled it in erred."""
        plan, days = course.plan, course.days
        if not (self.is_own and days and plan.next_due_on and "interval_days" in course.told):
            return False
        return days[-1] + timedelta(days=plan.interval_days) != plan.next_due_on

    def _wait_for_sessions(self, plan):
        """Neither the interval nor the day is changed to fit the other: somebody looks at it."""
        words = _(
            "The next day in %(source)s, %(day)s, does not follow from these sessions and the "
            "interval. See whether a session is missing."
        )
        told = {"source": self.batch.source, "day": day_in_words(plan.next_due_on)}
        plan.status, plan.status_reason = PlanStatus.PAUSED, words % told

    def _stop(self, plan):
        plan.status, plan.next_due_on = PlanStatus.STOPPED, None
        plan.status_reason = plan.status_reason or self._reason()


def _fit_next_day(plan, days):
    """Let the named next day be what the sessions add up to: a course is due one interval after
    its last session, or at its start. Returns whether that can be."""
    if plan.next_due_on is None:
        return False
    if not days:
        plan.started_on = plan.next_due_on
        return True
    plan.interval_days = (plan.next_due_on - days[-1]).days
    return 1 <= plan.interval_days <= LONGEST_INTERVAL
