"""What proves the record: who looked at it, the seals over all of it, and lawful erasures.

The history of every write is kept by the records themselves (`Record.history`). All of these rows
are only ever added; the program has no way to change or delete one.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import AccessKind

from .append_only import Kept
from .patient import Patient
from .record import user_key
from .spine import Spine


class AccessRecord(Spine, Kept):
    """Somebody opened something: who, whose, what, when and from where.

    `model` and `object_id` name the record that was opened (`consultation`, 12); `detail` says
    what else must be known, such as how many rows an export had. It never holds health answers.
    """

    hangs_on = ("patient",)

    at = models.DateTimeField(_("when"), default=timezone.now)
    user = user_key(verbose_name=_("who"), null=True)
    kind = models.CharField(_("kind"), max_length=20, choices=AccessKind)
    patient = models.ForeignKey(
        Patient,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        null=True,
        verbose_name=_("patient"),
    )
    model = models.CharField(_("record"), max_length=40, blank=True)
    object_id = models.PositiveBigIntegerField(null=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        indexes = [
            models.Index(fields=["-at", "-id"], name="access_latest"),
            models.Index(fields=["patient", "-at", "-id"], name="access_of_patient"),
            models.Index(fields=["user", "-at", "-id"], name="access_by_user"),
            models.Index(fields=["kind", "-at", "-id"], name="access_of_kind"),
        ]
        permissions = [("export_lists", "Can take lists out as files")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"


class AuditSeal(Kept):
    """Keyed digests of the rows that one table gained since its last seal, chained to the seal
    before.

    `digests` holds 24 bytes a row, in the order of the keys: the key (8, big-endian) and its
    digest (16). `columns` are the columns that were digested, so that a column added by a later
    release does not break older seals. `key_name` tells which key made it, without telling the key.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    sealed_at = models.DateTimeField(_("sealed at"), default=timezone.now)
    table = models.CharField(_("table"), max_length=80)
    columns = models.JSONField(_("columns"))
    up_to = models.PositiveBigIntegerField(_("up to key"))
    rows = models.PositiveIntegerField(_("rows"))
    digests = models.BinaryField(_("digests"))
    key_name = models.CharField(_("key"), max_length=16)
    head = models.CharField(_("head"), max_length=64)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        indexes = [models.Index(fields=["table", "number"], name="seal_of_table")]

    def __str__(self):
        return _("Seal %(number)s") % {"number": self.number}


class Erasure(Spine, Kept):
    """The tombstone of a person's identity: who erased it, when, why, and which audited rows
    changed by it.

    `rows` maps each table to the keys of its changed rows and their new digests, "" for a row that
    was removed. `proof` is a keyed digest over all of it, so that nobody without the key can pass
    an alteration off as an erasure.
    """

    hangs_on = ("patient",)

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="erasure")
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = user_key(verbose_name=_("who"))
    reason = models.TextField(_("reason"), max_length=2000)
    legal_reason = models.TextField(
        _("legal reason to erase before the retention period ends"), blank=True, max_length=2000
    )
    rows = models.JSONField(default=dict)
    key_name = models.CharField(max_length=16)
    proof = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.CheckConstraint(
                name="erasure_says_why",
                condition=~Q(reason=""),
                violation_error_code="reason",
                violation_error_message=_("Say why this person's data are erased."),
            )
        ]

    def __str__(self):
        return _("Erasure of %(at)s") % {"at": f"{self.at:%Y-%m-%d}"}
