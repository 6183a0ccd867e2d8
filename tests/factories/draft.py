"""What somebody typed into a new patient's form and did not save."""

import factory

from consultations.models import Draft

from .user import UserFactory


class DraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Draft

    user = factory.SubFactory(UserFactory)
    form = "/admin/consultations/patient/add/"
    title = "New patient"
    values = {"family_name": "Half a na"}
