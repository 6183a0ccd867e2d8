"""TestPatch: one small area treated first, to see how the skin answers before the course does."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import Area, TestPatchResult

from .consent import ConsentWording
from .laser import LaserMode
from .patient import Patient
from .record import Record, user_key
from .text import NOTE_LENGTH, day_in_words


class TestPatch(Record):
    __test__ = False  # a record, not a test of pytest's

    hangs_on = ("patient",)

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="test_patches", verbose_name=_("patient")
    )
    area = models.CharField(_("area"), max_length=10, choices=Area)
    done_on = models.DateField(_("done on"), default=timezone.localdate)
    laser_mode = models.ForeignKey(
        LaserMode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="test_patches",
        verbose_name=_("laser and mode"),
    )
    result = models.CharField(
        _("result"), max_length=10, choices=TestPatchResult, default=TestPatchResult.AWAITED
    )
    read_on = models.DateField(_("read on"), null=True, blank=True)
    # Not judged; kept with the words that were read: those of its laser type.
    agreed = models.BooleanField(_("the patient has read this and agrees"), null=True, blank=True)
    wording = models.ForeignKey(
        ConsentWording,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="test_patches",
        verbose_name=_("wording"),
    )
    note = models.TextField(_("note"), blank=True, max_length=NOTE_LENGTH)
    clearance = models.TextField(
        _("clearance"),
        blank=True,
        max_length=NOTE_LENGTH,
        help_text=_("A clinician's reason to treat this area in spite of the reaction."),
    )
    cleared_by = user_key(verbose_name=_("cleared by"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("cleared at"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("test patch")
        verbose_name_plural = _("test patches")
        indexes = [models.Index(fields=["-done_on", "-id"], name="test_patch_latest")]
        permissions = [("clear_testpatch", "Can clear an area after a reaction to a test patch")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="test_patch_clearance_says_who_when_why",
                condition=Q(cleared_by__isnull=True, cleared_at__isnull=True, clearance="")
                | Q(cleared_by__isnull=False, cleared_at__isnull=False) & ~Q(clearance=""),
                violation_error_code="clearance",
                violation_error_message=_("A clearance has a reason, a name and a time."),
            ),
            models.CheckConstraint(
                name="test_patch_only_reactions_are_cleared",
                condition=Q(clearance="") | Q(result=TestPatchResult.REACTION),
                violation_error_code="clearance",
                violation_error_message=_("Only a reaction is cleared."),
            ),
            models.CheckConstraint(
                name="test_patch_read_after_it_was_done",
                condition=Q(read_on__isnull=True) | Q(read_on__gte=F("done_on")),
                violation_error_code="read_on",
                violation_error_message=_("It cannot be read before it was done."),
            ),
            models.CheckConstraint(
                name="test_patch_wording_was_answered",
                condition=Q(wording__isnull=True) | Q(agreed__isnull=False),
                violation_error_code="agreed",
                violation_error_message=_("Say whether the patient agrees to what was read."),
            ),
            models.CheckConstraint(
                name="test_patch_awaited_is_not_read",
                condition=Q(read_on__isnull=True) | ~Q(result=TestPatchResult.AWAITED),
                violation_error_code="result",
                violation_error_message=_("Say what it showed on the day it was read."),
            ),
        ]

    def __str__(self):
        return _("%(patient)s, test patch of %(area)s on %(day)s") % {
            "patient": self.patient,
            "area": self.get_area_display().lower(),
            "day": day_in_words(self.done_on),
        }

    @property
    def is_cleared(self):
        return self.cleared_at is not None
