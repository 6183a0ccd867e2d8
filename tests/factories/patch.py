"""A test patch of the face a week ago, clear."""

from datetime import timedelta

import factory
from django.utils import timezone

from consultations.models import TestPatch
from consultations.vocabulary import Area, TestPatchResult

from .patient import PatientFactory
from .record import RecordFactory, part


class TestPatchFactory(RecordFactory):
    __test__ = False

    class Meta:
        model = TestPatch

    class Params:
        reaction = factory.Trait(result=TestPatchResult.REACTION)
        awaited = factory.Trait(result=TestPatchResult.AWAITED)

    patient = part(PatientFactory)
    area = Area.FACE
    done_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=7))
    result = TestPatchResult.CLEAR
