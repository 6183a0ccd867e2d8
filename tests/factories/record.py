"""The base of every record's factory: saved in the name of `by`, made up where not given."""

import factory

from .user import UserFactory


class RecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    by = factory.SubFactory(UserFactory)

    @classmethod
    def _build(cls, model_class, *args, by=None, **kwargs):
        return model_class(*args, **kwargs)

    @classmethod
    def _create(cls, model_class, *args, by, **kwargs):
        record = model_class(*args, **kwargs)
        cls.complete(record)
        record.save(by=by)
        return record

    @classmethod
    def complete(cls, record):
        """What actions would work out before the record is saved."""


def part(factory_class, **options):
    """The record that this one hangs on, made by the same user."""
    return factory.SubFactory(factory_class, by=factory.SelfAttribute("..by"), **options)
