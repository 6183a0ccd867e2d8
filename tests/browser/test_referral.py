"""A referral at the screen: sent with its letter; the day of a step is there once it is chosen."""

import pytest
from django.utils import timezone

from consultations.admin.parts.days import DayInput
from consultations.models import ReferralSending
from tests.admin.browsing import change_url, page_url
from tests.factories import ReferralFactory, SurgeonFactory

from . import words

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


def test_a_severe_area_goes_to_a_surgeon_with_its_letter_in_four_presses(story, clinician):
    referral, surgeon = ReferralFactory(), SurgeonFactory(name="Mr A. Rao")
    SurgeonFactory(name="Ms B. Sato")
    screen = story(clinician).open(page_url(referral.patient, "chart"))
    screen.press(words.SEND_REFERRAL)
    screen.fill({"Surgeon": str(surgeon)})
    screen.press("Preview the letter")
    screen.page.locator("iframe[title='As it will be printed']").wait_for()
    screen.press("Issue the letter and send")
    screen.shows_page(words.CHART.format(referral.patient.full_name))
    sending = ReferralSending.objects.get()
    assert [sending.surgeon, sending.document.recipient] == [surgeon, "Mr A. Rao"]
    assert (screen.presses, screen.answers) == (3, 1)
