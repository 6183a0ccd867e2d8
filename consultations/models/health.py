"""The questions asked at every visit: about the person's health, and about the area itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import Isotretinoin


def yes_no(question, **options):
    """A question whose third answer, None, is "not asked" and never "no"."""
    return models.BooleanField(question, null=True, blank=True, **options)


class HealthScreen(models.Model):
    pregnant_or_breastfeeding = yes_no(_("pregnant or breastfeeding"))
    isotretinoin = models.CharField(
        _("isotretinoin"), max_length=10, choices=Isotretinoin, blank=True
    )
    isotretinoin_last_dose_on = models.DateField(
        _("last dose of isotretinoin"), null=True, blank=True
    )
    photosensitising_drug = yes_no(_("photosensitising drug"))
    immunosuppressed = yes_no(_("immunosuppressed"))
    uncontrolled_diabetes = yes_no(_("uncontrolled diabetes"))
    anticoagulants = yes_no(_("anticoagulants"))
    tanned_on = models.DateField(_("last tanned"), null=True, blank=True)
    filler_on = models.DateField(_("last filler"), null=True, blank=True)

    FIELDS = (
        "pregnant_or_breastfeeding",
        "isotretinoin",
        "isotretinoin_last_dose_on",
        "photosensitising_drug",
        "immunosuppressed",
        "uncontrolled_diabetes",
        "anticoagulants",
        "tanned_on",
        "filler_on",
    )

    class Meta:
        abstract = True


class AreaCheck(models.Model):
    skin_problem = yes_no(_("acne or other skin problem"))
    infection = yes_no(_("infection"))
    suspicious_lesion = yes_no(_("suspicious lesion"))
    tattoo = yes_no(_("tattoo or permanent make-up"))

    CHECK_FIELDS = ("skin_problem", "infection", "suspicious_lesion", "tattoo")

    class Meta:
        abstract = True


def answers(record, names):
    """The named answers of a record as the rules want them: blank text is None."""
    return {name: None if (value := getattr(record, name)) == "" else value for name in names}
