"""What a patient has answered: the last answer to each question by a day, from every visit."""

from dataclasses import dataclass

from consultations.models import AreaAssessment, Consultation, TreatmentSession
from consultations.vocabulary import Isotretinoin, RecentProcedure


@dataclass(frozen=True, slots=True)
class Told:
    """All standing consultations and assessments of a patient, and the sessions that were done."""

    consultations: tuple[Consultation, ...]
    assessments: tuple[AreaAssessment, ...]
    sessions: tuple[TreatmentSession, ...]

    def newest(self, own, on):
        """Return the last assessment of the area of `own` by a day, or `own` itself."""
        made = [(day, one.pk, one) for day, one in self.assessed(own.area) if day <= on]
        newest = max(made, default=(None, None, own))[2]
        return own if newest.pk == own.pk else newest

    def done_on(self, area):
        """Return the done sessions on an area, of any plan, latest first."""
        on_area = [one for one in self.sessions if one.plan.area == area]
        return sorted(on_area, key=lambda one: (one.performed_on, one.pk), reverse=True)

    def consulted(self):
        return [(one.consulted_on, one) for one in self.consultations]

    def assessed(self, area):
        on_area = (one for one in self.assessments if one.area == area)
        return [(one.consultation.consulted_on, one) for one in on_area]

    def treated(self, area=None):
        sessions = self.sessions if area is None else self.done_on(area)
        return [(one.performed_on, one) for one in sessions]


# The day that belongs to the answer of a question, and to no other.
DAY_OF = {"tanned": "tanned_on"}


LAST_DOSE = "isotretinoin_last_dose_on"


def last_said(records, names, on):
    """Return by name the last answer that one of `records` gave by a day, or None.

    Each record comes with its day. Of several answers on one day, a "yes" or the latest date
    counts. A day that belongs to an answer is not kept beside a later one.
    """
    known = sorted(
        ((day, one.pk, one) for day, one in records if day <= on), key=lambda known: known[:2]
    )
    said = {name: _said_last(known, name) for name in names}
    for question, day in DAY_OF.items():
        if question in said and day in said:
            said[day] = _said_last(_since_answered(known, question), day)
    if LAST_DOSE in said:
        said[LAST_DOSE] = _said_last(_since_taken(known), LAST_DOSE)
    return said


def procedures_said(records, on):
    """Return what was told of an area as done elsewhere by a day: each kind with the day told last,
    since a visit at which nothing had been done."""
    told = {}
    known = sorted(((day, one.pk, one) for day, one in records if day <= on), key=lambda k: k[:2])
    for one in (record for _day, _key, record in known if record.recent_procedure):
        if one.recent_procedure == RecentProcedure.NONE:
            told = {}
        else:
            told[RecentProcedure(one.recent_procedure)] = one.recent_procedure_on
    return told


def _since_taken(known):
    """Return what was recorded after isotretinoin was last said to be taken: a dose before that is
    not the last."""
    taken = [place for place, one in enumerate(known) if one[2].isotretinoin == Isotretinoin.TAKING]
    return known[taken[-1] + 1 :] if taken else known


def _since_answered(known, question):
    """Return what was recorded on the day of the last answer to a question, or later."""
    days = [day for day, _key, one in known if getattr(one, question) not in (None, "")]
    return [one for one in known if not days or one[0] >= days[-1]]


def _said_last(known, name):
    answers = [(day, getattr(record, name)) for day, _key, record in known]
    answers = [(day, answer) for day, answer in answers if answer not in (None, "")]
    if not answers:
        return None
    last_day, last = answers[-1]
    return last if isinstance(last, str) else max(one for day, one in answers if day == last_day)


def told_of(patient, *, past, done=None, consultations=None):
    """Return what a patient's record was told; `past` holds the assessments.

    Done sessions and standing consultations are read if not given: two queries.
    """
    if consultations is None:
        consultations = Consultation.objects.standing().filter(patient=patient)
    if done is None:
        done = TreatmentSession.objects.done().of(patient).select_related("plan__assessment")
    return Told(tuple(consultations), past.assessments, tuple(done))
