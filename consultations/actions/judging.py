"""Judge a session on its day, once, until something that was judged is changed."""

from consultations.models import TreatmentSession
from consultations.rules import RULEBOOK
from consultations.rules.readiness import check
from consultations.summaries.facts import is_judged, session_facts


def judge_session(session, **known):
    """Return the readiness findings of a session, set on it unsaved; () if it is not judged.

    `known` is what was already read, by the argument names of `session_facts`.

    A done session keeps its findings until something that was judged is changed: what is known or
    in force since does not change them.
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
