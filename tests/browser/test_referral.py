"""A referral at the screen: the day of a step is there once the step is chosen."""

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from tests.admin.browsing import change_url
from tests.factories import ReferralFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_day_of_a_step_is_offered_and_taken_back(screen_of, clinician):
    screen = screen_of(clinician).open(change_url(ReferralFactory()))
    today = DayInput().format_value(timezone.localdate())
    screen.fill({"Status": "Operated"})
    screen.has_value("#id_operated_on", today)
    screen.fill({"Status": "Accepted"})
    screen.has_value("#id_operated_on", "")
    screen.has_value("#id_accepted_on", today)
    screen.page.fill("#id_accepted_on", "Thu 20 Mar 2025")
    screen.fill({"Status": "Sent"})
    screen.has_value("#id_accepted_on", "Thu 20 Mar 2025")
