"""Rows of sessions: one each, of the course of an assessed area that comes with its first row."""

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.exchange.imports.records import OWN, OfPatients, staff_by_name
from consultations.models import AreaAssessment, LaserMode, TreatmentPlan, TreatmentSession
from consultations.models.text import day_in_words, folded
from consultations.rules.protocol import COURSE_SESSIONS
from consultations.vocabulary import PlanStatus, ShortCourseReason

USUAL_INTERVAL = 28  # days, where no file says


class Sessions(OfPatients):
    model = TreatmentSession

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.staff = staff_by_name()
        modes = LaserMode.objects.standing().select_related("laser").order_by("pk")
        self.modes = {(folded(one.laser.name), folded(one.name)): one for one in modes}
        self.areas = {}
        self.plans = {}  # by assessed area, the course of this batch
        self.givens = {}  # by assessed area, what its first row says of the course
        self.days = {}

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
        plan.assessment = self._area_of(given, patient)
        if plan.assessment is None:
            return
        session.plan = plan
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
            known = [one for one in known if one.consultation.consulted_on <= started] or known
        if not known:
            words = _("This area was not assessed. Import the consultations with areas first.")
            given.refuse("area", words)
            return None
        return known[-1]

    def _say_where(self, given, session):
        """Ours where our own file names a colleague and a mode that are here; else elsewhere."""
        operator = self.staff.get(folded(given.text("operator")))
        mode = self.modes.get((folded(given.text("laser")), folded(given.text("laser_mode"))))
        if self.is_own and operator and mode and not session.performed_elsewhere:
            session.operator, session.laser_mode = operator, mode
            return
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
        if not self.is_own:
            plan.price_per_session = plan.course_price = None
        plan.interval_days = plan.interval_days or USUAL_INTERVAL
        days = (session.performed_on, plan.assessment.consultation.consulted_on)
        if plan.started_on is None or "started_on" not in given.cells:
            plan.started_on = min(filter(None, days))
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
        if session.performed_on is None and not self._is_only_course(given):
            given.refuse("performed_on", _("Say when the session was performed."))
        if session.performed_on:
            today, is_ours = timezone.localdate(), session.operator_id is not None
            if session.performed_on > today or (session.performed_on == today and not is_ours):
                words = _("A session at another clinic is history: a day before today.")
                given.refuse("performed_on", words)
        given.refuse_before(patient.date_of_birth)
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

    def keep(self, givens, keeper):
        """The sessions wait for their courses, of which all rows have to be known."""
        for given in givens:
            key = given.plan.assessment.pk
            self.plans.setdefault(key, given.plan)
            if given.record.performed_on:
                self.days.setdefault(key, []).append(given.record)

    def finish(self, keeper):
        """Write the courses with their state, then their sessions, closed as they come in."""
        for key, plan in self.plans.items():
            self._settle(plan, sorted(one.performed_on for one in self.days.get(key, ())))
        keeper.keep(TreatmentPlan, list(self.plans.values()))
        sessions = []
        for key, some in self.days.items():
            for session in some:
                session.plan = self.plans[key]
                session.day = session.performed_on
                session.signed_by, session.signed_at = self.by, self.batch.saved_at
                sessions.append(session)
        keeper.keep(TreatmentSession, sessions)

    def _settle(self, plan, days):
        """Completed or stopped, unless the file says active and names the next day: nothing here
        falls due by an import."""
        done, said = len(days), plan.status
        is_active = said == PlanStatus.ACTIVE and plan.next_due_on and self._says_status()
        stays = is_active or (self.is_own and said == PlanStatus.PAUSED)
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
        elif not stays:
            plan.status = PlanStatus.STOPPED
            plan.status_reason = plan.status_reason or self._reason()
        if plan.status != PlanStatus.ACTIVE:
            plan.next_due_on = None
        if plan.status == PlanStatus.PAUSED:
            plan.status_reason = plan.status_reason or self._reason()

    def _says_status(self):
        return "plan_status" in self.batch.places()
