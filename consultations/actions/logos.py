"""The clinic's logo: checked, made printable, and kept under a new name each time."""

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings
from consultations.models.transactions import atomic

from .files import without_stray_files
from .pictures import read_logo


def keep_logo(*, file, by):
    """Store an uploaded picture as the clinic's logo; raise ValidationError for what is none."""
    picture = read_logo(file)
    clinic = ClinicSettings.objects.current()
    with without_stray_files(clinic, "logo"), atomic():
        clinic.logo.save("", ContentFile(picture), save=False)
        clinic.save(by=by, reason=_("Logo changed."))
    return clinic


@atomic()
def take_logo_off(*, by):
    """Print no logo any more. Its file stays, as history names it."""
    clinic = ClinicSettings.objects.current()
    if clinic.logo:
        clinic.logo = ""
        clinic.save(by=by, reason=_("Logo taken off."))
    return clinic
