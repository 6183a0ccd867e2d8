"""A calendar address; its secret is "secret" and the name of its owner."""

import factory

from consultations.accounts.calendar_addresses import digest_of
from consultations.models import CalendarAddress

from .user import UserFactory


class CalendarAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarAddress

    user = factory.SubFactory(UserFactory)
    digest = factory.LazyAttribute(lambda one: digest_of(f"secret-{one.user.username}"))
