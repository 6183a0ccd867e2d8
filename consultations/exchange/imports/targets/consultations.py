"""Rows of consultations: an assessed area each; those of one patient and day are one visit, unless
the rows tell the visits of that day apart."""

from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.assessments import give_verdict
from consultations.exchange.imports.records import OfPatients, Together, staff_by_name
from consultations.models import AreaAssessment, Consultation
from consultations.models.text import folded
from consultations.rules.protocol import LOWEST_GRADE
from consultations.summaries.past import Past
from consultations.vocabulary import Severity

# What is not known of an area from before its own row.
NOTHING_BEFORE = Past(assessments=(), referrals=())
# Written by area as often as by visit: what the rows say stands below each other.
FREE_TEXT = ("concern", "notes")
# Written once the area is judged: by itself a decision departs from no verdict.
JUDGED = ("outcome", "decision", "decision_reason")
AFTER_VISIT = (
    *("isotretinoin_last_dose_on", "topical_retinoid_on", "delivered_on", "tanned_on"),
    *("filler_on", "surgery_on", "recent_procedure_on", "test_patch_on"),
)


class Consultations(OfPatients):
    model = AreaAssessment

    def __init__(self, batch, by):
        super().__init__(batch, by)
        self.staff = staff_by_name()
        self.visits = {}  # by patient, day and which of that day, the consultation of this batch
        self.assessed = set()
        self.together = Together("consultations", "consultation", adds=FREE_TEXT)
        self.last, self.closed = None, set()  # the visit of the row before, and those above it
        self.waiting = []  # rows of a visit that may go on with the next piece

    def prepare(self, givens):
        super().prepare(givens)
        kept = AreaAssessment.objects.standing().filter(
            consultation__patient__in=self.finder.keys()
        )
        kept = kept.values_list("consultation__patient", "consultation__consulted_on", "area")
        mine = {visit[:2] for visit in self.visits}
        self.assessed = {one for one in kept if one[:2] not in mine}

    def build(self, given, *, checks=True):
        """Put the visit of a row and its area together, and judge the area as of that day."""
        patient = self.finder.patient(given)
        visit = Consultation(created_by=self.by, changed_by=self.by)
        area = AreaAssessment(created_by=self.by, changed_by=self.by)
        given.fill(visit, "consultation", leaves_out=("clinician",))
        given.fill(area, "area", leaves_out=JUDGED)
        given.visit, given.record = visit, area
        if patient is None or given.problems:
            return
        visit.patient, area.consultation = patient, visit
        self._say_who_saw(given, visit)
        if not area.severity and area.grade is not None:
            area.severity = severity_of(area.grade)
        if checks:
            self._check(given, visit, area)
        if not given.problems:
            self._judge(given, area)

    def _say_who_saw(self, given, visit):
        """A colleague here; another name stands in the notes, and who imports is named."""
        name = given.text("clinician")
        visit.clinician = self.staff.get(folded(name)) or self.by
        if name and visit.clinician is self.by and self.staff.get(folded(name)) is None:
            words = _("Seen by %(name)s (%(source)s).")
            said = words % {"name": name, "source": self.batch.source}
            visit.notes = f"{visit.notes}\n{said}".strip()

    def _check(self, given, visit, area):
        if visit.consulted_on is None:
            given.refuse("consulted_on", _("Say the day of the consultation."))
            return
        if visit.consulted_on > timezone.localdate():
            given.refuse("consulted_on", _("A consultation cannot be in the future."))
        given.refuse_before(visit.patient.date_of_birth)
        for record in (visit, area):
            for name in AFTER_VISIT:
                if (day := getattr(record, name, None)) and day > visit.consulted_on:
                    given.refuse(name, _("This date is after the visit."))
        if (visit.patient.pk, visit.consulted_on, area.area) in self.assessed:
            words = _("This patient has an assessment of this area on this day already.")
            given.refuse("area", words)
        given.check(visit, "consultation")
        # Its verdict is given afterwards.
        given.check(area, "area", leaves_out=("consultation", "outcome", "rulebook"))

    def _judge(self, given, area):
        """Our verdict stands beside what the other clinic decided."""
        decision, reason = given.text("decision"), given.text("decision_reason")
        theirs = given.value("outcome")
        area.decision = area.decision_reason = ""
        area.decided_by = area.decided_at = None
        give_verdict(area, past=NOTHING_BEFORE)
        area.decision = decision or (theirs if theirs and theirs != area.outcome else "")
        area.decision_reason = reason
        if area.decision and area.decision != area.outcome:
            area.decision_reason = reason or _("As %(source)s has it.") % {
                "source": self.batch.source
            }
            area.decided_by, area.decided_at = self.by, timezone.now()

    def same(self, given):
        return *_visit_of(given), given.record.area

    def compared(self, givens):
        """Rows of one visit fill each other in where they stand together."""
        found = super().compared(givens)
        for given in givens:
            if given.problems:
                continue
            visit = _visit_of(given)
            new = self.together.compare(given, visit)
            if visit in self.closed:
                words = _("Rows of this visit stand further up and do not say this. Join them.")
                for key in new:
                    given.refuse(key, words)
            if not given.problems and visit != self.last:
                self.closed.add(self.last)
                self.last = visit
        return found

    def keep(self, givens, keeper):
        """Closed as it comes in: nobody here signs it, and it is corrected by an addendum."""
        givens = self.waiting + givens
        place, last = len(givens), _visit_of(givens[-1])
        while place and _visit_of(givens[place - 1]) == last:
            place -= 1
        done, self.waiting = givens[:place], givens[place:]
        self._write(done, keeper)

    def finish(self, keeper):
        """Write the last visit."""
        self._write(self.waiting, keeper)

    def _write(self, givens, keeper):
        new = []
        for given in givens:
            visit = self.visits.setdefault(_visit_of(given), given.visit)
            if visit is given.visit:
                visit.signed_by, visit.signed_at = self.by, self.batch.saved_at
                new.append(visit)
            elif visit.pk is None:
                self._add(given, visit)
            given.record.consultation = visit
        for given in givens:
            # Once more, with what the other rows tell of the visit.
            self._judge(given, given.record)
        keeper.keep(Consultation, new)
        for given in givens:
            given.record.consultation_id = given.record.consultation.pk
        keeper.keep(AreaAssessment, [given.record for given in givens])

    def _add(self, given, visit):
        """What a further row tells of a visit."""
        given.fill(visit, "consultation", leaves_out=("clinician", *FREE_TEXT))
        if given.text("clinician"):
            visit.clinician = given.visit.clinician
        for name in FREE_TEXT:
            lines = getattr(visit, name).split("\n")
            lines += [one for one in getattr(given.visit, name).split("\n") if one not in lines]
            setattr(visit, name, "\n".join(lines).strip())


def _visit_of(given):
    return given.visit.patient.pk, given.visit.consulted_on, given.text("visit_of_day")


def severity_of(grade):
    """Return the laxity that a grade means."""
    for severity in (Severity.SEVERE, Severity.MODERATE):
        if grade >= LOWEST_GRADE[severity]:
            return severity
    return Severity.MILD
