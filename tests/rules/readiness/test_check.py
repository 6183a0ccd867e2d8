"""All that speaks against one session, the weightiest first."""

from datetime import timedelta
from decimal import Decimal

from consultations.rules.readiness import DoneBefore, check
from consultations.vocabulary import Area, PlanStatus

from ..builders import AF, BLOCK, CAUTION, EVERY, ON, facts, said, session


def test_check_finds_nothing_on_a_good_day():
    assert check(session()) == ()


def test_check_puts_what_stops_the_session_first():
    today = session(
        facts(area=Area.NECK, infection=None),
        laser_type=AF,
        plan_status=PlanStatus.PAUSED,
        done=(DoneBefore(ON - timedelta(days=30), AF),),
        settings={"density_percent": Decimal("30")},
        last_settings={"density_percent": Decimal("20")},
    )
    assert said(check(today)) == [
        ("plan.not_active", BLOCK, EVERY, None),
        ("screen.required", BLOCK, EVERY, None),
        ("antiviral.missing", CAUTION, EVERY, None),
        ("neck.energy", CAUTION, EVERY, None),
        ("settings.jump", CAUTION, EVERY, None),
        ("watch.extended", CAUTION, EVERY, ON + timedelta(days=6)),
    ]
