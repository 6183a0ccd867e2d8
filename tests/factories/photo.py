"""A photo of a face from the front, with two tiny files; the patient has not agreed to it."""

from datetime import date

import factory
from django.core.files.base import ContentFile

from consultations.models import Photo
from consultations.vocabulary import Area, PhotoView

from .patient import PatientFactory
from .record import RecordFactory, part


class PhotoFactory(RecordFactory):
    class Meta:
        model = Photo

    patient = part(PatientFactory)
    area = Area.FACE
    view = PhotoView.FRONT
    taken_on = date(2025, 3, 3)
    image = factory.LazyFunction(lambda: ContentFile(b"image", name="image.jpg"))
    thumbnail = factory.LazyFunction(lambda: ContentFile(b"thumbnail", name="thumbnail.jpg"))
    width = 600
    height = 800
    digest = factory.Sequence("{:064d}".format)
    taken_by = factory.SelfAttribute("by")
