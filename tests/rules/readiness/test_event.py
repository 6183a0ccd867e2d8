"""What is not cleared on the area stops the session."""

from consultations.rules.readiness.event import open_event

from ..builders import BLOCK, EVERY, messages, said, session


def test_silent_where_all_is_cleared():
    assert open_event(session()) == []


def test_names_every_event_that_is_not_cleared():
    findings = open_event(session(open_events=("burn since 1 Mar 2026", "scar since 2 Apr 2026")))
    assert said(findings) == [("event.open", BLOCK, EVERY, None)]
    assert messages(findings) == [
        "Not cleared on this area: burn since 1 Mar 2026; scar since 2 Apr 2026."
    ]
