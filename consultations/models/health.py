"""The questions asked at every visit: about the person's health, and about the area itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import (
    Isotretinoin,
    Photosensitiser,
    RecentProcedure,
    WeightLossMedicine,
)


def yes_no(question, **options):
    """A question whose third answer, None, is "not asked" and never "no"."""
    return models.BooleanField(question, null=True, blank=True, **options)


class HealthScreen(models.Model):
    pregnant = yes_no(_("pregnant"))
    breastfeeding = yes_no(_("breastfeeding"))
    delivered_on = models.DateField(_("last gave birth"), null=True, blank=True)
    isotretinoin = models.CharField(
        _("isotretinoin"), max_length=10, choices=Isotretinoin, blank=True
    )
    isotretinoin_last_dose_on = models.DateField(
        _("last dose of isotretinoin"), null=True, blank=True
    )
    photosensitiser = models.CharField(
        _("drug that makes skin sensitive to light"),
        max_length=40,
        choices=Photosensitiser,
        blank=True,
    )
    topical_retinoid_on = models.DateField(_("last retinoid on the skin"), null=True, blank=True)
    immunosuppressed = yes_no(_("immunosuppressed"))
    uncontrolled_diabetes = yes_no(_("uncontrolled diabetes"))
    anticoagulants = yes_no(_("blood thinner or bleeding disorder"))
    koebner_disease = yes_no(_("psoriasis, vitiligo or lichen planus within 12 months"))
    weight_changing = yes_no(_("weight is changing"))
    weight_loss_medicine = models.CharField(
        _("weight-loss medicine"), max_length=10, choices=WeightLossMedicine, blank=True
    )
    tanned = yes_no(_("tanned"))
    tanned_on = models.DateField(_("last tanned"), null=True, blank=True)
    filler_on = models.DateField(_("last filler"), null=True, blank=True)
    # Asked until edition 2026.12; kept, counted and shown where they were answered.
    pregnant_or_breastfeeding = yes_no(_("pregnant or breastfeeding"))
    photosensitising_drug = yes_no(_("photosensitising drug"))

    FIELDS = (
        "pregnant",
        "breastfeeding",
        "delivered_on",
        "immunosuppressed",
        "uncontrolled_diabetes",
        "anticoagulants",
        "koebner_disease",
        "weight_changing",
        "filler_on",
        "weight_loss_medicine",
        "photosensitiser",
        "topical_retinoid_on",
        "isotretinoin",
        "isotretinoin_last_dose_on",
        "tanned",
        "tanned_on",
    )
    EARLIER_FIELDS = ("pregnant_or_breastfeeding", "photosensitising_drug")
    ANSWERS = (*FIELDS, *EARLIER_FIELDS)

    class Meta:
        abstract = True

    def answered_earlier(self):
        """The names of the questions not asked any more that were answered here."""
        return tuple(name for name in self.EARLIER_FIELDS if getattr(self, name) is not None)


class AreaCheck(models.Model):
    skin_problem = yes_no(_("acne, rosacea, eczema, psoriasis or another active problem here"))
    infection = yes_no(_("infection"))
    suspicious_lesion = yes_no(_("suspicious lesion"))
    tattoo = yes_no(_("tattoo or permanent make-up"))
    melasma = yes_no(_("melasma"))
    recent_procedure = models.CharField(
        _("recent procedure elsewhere"),
        max_length=20,
        choices=RecentProcedure,
        blank=True,
        help_text=_("Of several, the one that has to wait longest."),
    )
    recent_procedure_on = models.DateField(_("procedure on"), null=True, blank=True)

    CHECK_FIELDS = (
        "skin_problem",
        "infection",
        "suspicious_lesion",
        "tattoo",
        "melasma",
        "recent_procedure",
        "recent_procedure_on",
    )

    class Meta:
        abstract = True


def answers(record, names):
    """The named answers of a record as the rules want them: blank text is None."""
    return {name: None if (value := getattr(record, name)) == "" else value for name in names}
