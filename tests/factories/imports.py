"""A file of one patient that was read, and what it became."""

import factory

from consultations.models import ImportBatch, ImportedRecord, ImportRow

from .user import UserFactory


class ImportBatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportBatch

    file_name = "clients.csv"
    digest = factory.Sequence("{:064}".format)
    source = "clients.csv"
    target = "patients"
    state = "read"
    headings = ("family_name", "date_of_birth")
    mapping = ("family_name", "date_of_birth")
    counts = factory.LazyFunction(lambda: {"rows": 1})
    made_by = factory.SubFactory(UserFactory)


class ImportRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportRow

    batch = factory.SubFactory(ImportBatchFactory)
    number = 2
    cells = ("Smith", "1980-05-17")


class ImportedRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportedRecord

    batch = factory.SubFactory(ImportBatchFactory, state="saved")
    model = "patient"
    key = 1
