"""Drafts: one per user and form, theirs alone."""

import pytest
from django.db import IntegrityError

from consultations.models import Draft
from tests.factories import DraftFactory

pytestmark = pytest.mark.django_db


def test_second_draft_of_one_form(clinician):
    DraftFactory(user=clinician)
    with pytest.raises(IntegrityError):
        DraftFactory(user=clinician)
    assert "draft_one_per_user_and_form" in {one.name for one in Draft._meta.constraints}


def test_own_drafts_latest_first(clinician, practitioner):
    DraftFactory(user=practitioner)
    first, second = (DraftFactory(user=clinician, form=f"/admin/{n}/") for n in (1, 2))
    assert list(Draft.objects.of(clinician)) == [second, first]
