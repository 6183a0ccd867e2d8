"""Judging a session on its day, once, until what was judged is changed."""

from consultations.models import TreatmentSession
from consultations.rules import RULEBOOK
from consultations.rules.readiness import check
from consultations.summaries.facts import is_judged, session_facts


def judge_session(session, **known):
    """What readiness finds about this session, kept on it unsaved; () where it is not judged.
    `known` is what was read already, by the names that `session_facts` has for it.

    A done session keeps what was found until something that was judged is changed: what is known
    or in force since does not judge it anew.
    """
    if is_as_judged(session):
        return ()
    findings = check(session_facts(session, **known)) if is_judged(session) else ()
    session.findings = [finding.as_json() for finding in findings]
    session.rulebook = RULEBOOK if is_judged(session) else ""
    return findings


def is_as_judged(session):
    """Whether a done session was judged, and nothing that readiness sees of it has changed."""
    if session.pk is None or not is_judged(session):
        return False
    stored = TreatmentSession.objects.exclude(rulebook="").filter(pk=session.pk).first()
    return (
        stored is not None
        and is_judged(stored)
        and all(
            getattr(stored, name) == getattr(session, name)
            for name in TreatmentSession.JUDGED_FIELDS
        )
    )
