"""A photo of a face from the front, with two tiny files, and its use on a website; the patient has
agreed to neither."""

import hashlib
from datetime import date

import factory
from django.core.files.base import ContentFile

from consultations.models import Photo, PhotoUse
from consultations.vocabulary import Area, PhotoView

from .patient import PatientFactory
from .record import RecordFactory, part


class PhotoFactory(RecordFactory):
    class Meta:
        model = Photo

    class Params:
        content = factory.Sequence("image {}".format)

    patient = part(PatientFactory)
    area = Area.FACE
    view = PhotoView.FRONT
    taken_on = date(2025, 3, 3)
    image = factory.LazyAttribute(lambda photo: ContentFile(photo.content.encode(), "image.jpg"))
    thumbnail = factory.LazyFunction(lambda: ContentFile(b"thumbnail", name="thumbnail.jpg"))
    width = 600
    height = 800
    digest = factory.LazyAttribute(lambda photo: hashlib.sha256(photo.content.encode()).hexdigest())
    thumbnail_digest = hashlib.sha256(b"thumbnail").hexdigest()
    taken_by = factory.SelfAttribute("by")


class PhotoUseFactory(RecordFactory):
    class Meta:
        model = PhotoUse

    photo = part(PhotoFactory)
    where = "Clinic’s website, third row"
    since = date(2025, 3, 10)
