"""The base of every record: who and when, a version, history, and "entered in error"."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import Kept, KeptHistory, KeptHistoryQuerySet
from .in_memory import CannotTell, holds
from .spine import Spine, SpineQuerySet
from .text import no_invisible_characters, readable
from .transactions import InThisTransaction, atomic

# Counted in days, so that nothing older than 48 hours is ever left out.
DAYS_TO_SIGN = 2


class AnonymousWriteError(ValueError):
    """Somebody tried to write a record without saying who is writing."""


class StaleRecordError(Exception):
    """The record was changed by somebody else since it was read; nothing was written."""


class SignedRecordError(Exception):
    """The record is signed and may only be marked as entered in error."""


def user_key(**options):
    """A foreign key to a user that nobody looks up backwards, so it needs no index."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        **options,
    )


def is_free_text(field):
    return isinstance(field, models.CharField | models.TextField) and not field.choices


def check_text(field, text):
    """Raise ValidationError where what stands in this field is not what it looks like."""
    if isinstance(field, models.CharField):
        no_invisible_characters(text or "")
    readable(text or "")


class RecordQuerySet(SpineQuerySet):
    def delete(self):
        raise NotImplementedError("records are kept; mark them as entered in error")


class Record(Spine, models.Model):
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = user_key(verbose_name=_("created by"))
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    changed_by = user_key(verbose_name=_("changed by"))
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # The form that made this row: a form posted twice finds it and stores nothing new.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    entered_in_error_at = models.DateTimeField(
        _("entered in error at"), null=True, blank=True, editable=False
    )
    entered_in_error_by = user_key(verbose_name=_("entered in error by"), null=True, blank=True)
    entered_in_error_reason = models.TextField(
        _("why entered in error"), blank=True, max_length=2000, editable=False
    )

    # The version of the stored row that a save is about to write over.
    _read_version = None

    history = KeptHistory(
        inherit=True,
        bases=[Kept],
        historical_queryset=KeptHistoryQuerySet,
        excluded_fields=["form_token"],
        history_change_reason_field=models.TextField(null=True),
    )
    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_in_error_says_who_when_why",
                condition=Q(
                    entered_in_error_at__isnull=True,
                    entered_in_error_by__isnull=True,
                    entered_in_error_reason="",
                )
                | (
                    Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False)
                    & ~Q(entered_in_error_reason="")
                ),
                violation_error_message=_("Say why this was entered in error."),
            )
        ]

    def save(self, *args, by=None, reason="", correcting=False, **kwargs):
        """Write the record and its history row as one, in the name of `by`.

        A new record may name its writer in `created_by` instead. `correcting` lets a read-only
        record be marked as entered in error; to others it is nothing. Raises AnonymousWriteError
        without a writer and StaleRecordError when the row has moved on since it was read.
        """
        adding = self._state.adding
        if by is None and adding and self.created_by_id:
            by = self.created_by
        if by is None:
            raise AnonymousWriteError(f"who is writing this {self._meta.verbose_name}?")
        with atomic():
            if adding:
                self.created_by = by
            else:
                self._read_version, self.version = self.version, self.version + 1
            self.changed_by, self.changed_at = by, timezone.now()
            self._history_user, self._change_reason = by, reason or None
            super().save(*args, **kwargs)

    def clean_fields(self, exclude=None):
        """Whichever field it stands in, a text is what it looks like, and a line is one line.
        Whether a key is one is not asked where its record was just read."""
        told = {}
        read = {
            field.name
            for field in self._meta.concrete_fields
            if field.many_to_one and field.is_cached(self)
        }
        try:
            super().clean_fields(read | set(exclude or ()))
        except ValidationError as error:
            told = error.update_error_dict({})
        for field in self._meta.concrete_fields:
            if is_free_text(field) and field.name not in told.keys() | (exclude or ()):
                try:
                    check_text(field, getattr(self, field.attname))
                except ValidationError as error:
                    told[field.name] = error.error_list
        if told:
            raise ValidationError(told)

    def _do_update(self, base_qs, *args, **kwargs):
        """Only the version that was read is written over."""
        if self._state.adding:
            return super()._do_update(base_qs, *args, **kwargs)
        rows = base_qs.filter(version=self._read_version)
        if not (written := super()._do_update(rows, *args, **kwargs)):
            self.version = self._read_version
            raise StaleRecordError(f"{self} was changed by somebody else")
        return written

    def delete(self, *args, **kwargs):
        raise NotImplementedError("records are kept; mark them as entered in error")

    def full_clean(self, exclude=None, validate_unique=True, validate_constraints=True):
        """As Django does, but promises are asked of whole records only: a form, which leaves fields
        out, completes its record first and asks then."""
        super().full_clean(exclude, validate_unique, validate_constraints and not exclude)

    def validate_constraints(self, exclude=None):
        """As Django does, but each broken promise is told next to a field.

        A constraint names that field in its `violation_error_code`.
        """
        told = {}
        for model, constraints in self.get_constraints():
            for constraint in constraints:
                if not exclude and self._keeps(constraint):
                    continue
                try:
                    constraint.validate(model, self, exclude=exclude)
                except ValidationError as error:
                    told.setdefault(constraint.violation_error_code, []).extend(error.error_list)
        if None in told:
            told["__all__"] = told.pop(None)
        if told:
            raise ValidationError(told)

    def _keeps(self, constraint):
        """Whether this constraint holds; False also where Django has to ask. What can be told in
        memory is, and what is asked of the database needs no savepoint."""
        try:
            match constraint:
                case models.CheckConstraint():
                    return holds(constraint.condition, self) is not False
                case models.UniqueConstraint(fields=[_, *_], condition=models.Q() as condition):
                    return holds(condition, self) is not True or self._is_alone(constraint)
        except CannotTell:
            pass
        return False

    def _is_alone(self, constraint):
        columns = [self._meta.get_field(name).attname for name in constraint.fields]
        own = {column: getattr(self, column) for column in columns}
        if None in own.values():
            return True
        others = type(self)._base_manager.filter(constraint.condition, **own)
        return not others.exclude(pk=self.pk).exists()

    @property
    def in_error(self):
        return self.entered_in_error_at is not None


def late_to_sign(today=None):
    """The last day whose unsigned work is late."""
    return (today or timezone.localdate()) - timedelta(days=DAYS_TO_SIGN)


class SignedRecord(Record):
    """A record that is read-only once its author has signed it."""

    signed_by = user_key(verbose_name=_("signed by"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True, editable=False)
    # The page as it was signed: labels, answers and verdicts in the words of that day.
    signed_as = models.JSONField(_("as signed"), null=True, blank=True, editable=False)

    # Found neither signed nor in error, its patient locked: it and its parts may be written.
    is_open = InThisTransaction()

    class Meta(Record.Meta):
        abstract = True
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_signed_by_and_at_together",
                condition=Q(signed_by__isnull=True, signed_at__isnull=True)
                | Q(signed_by__isnull=False, signed_at__isnull=False),
                violation_error_message=_("A signature has a name and a time."),
            ),
        ]

    def save(self, *args, correcting=False, **kwargs):
        """As Record.save. Raises SignedRecordError once signed, unless `correcting` the record
        as a whole (entered in error)."""
        if not (correcting or self._state.adding or self.is_open):
            signed = type(self)._base_manager.filter(pk=self.pk, signed_at__isnull=False)
            if signed.exists():
                raise SignedRecordError(f"{self} is signed")
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            self.is_open = True  # nobody else sees it before the transaction ends

    @property
    def came_in_closed(self):
        """Whether it was imported: read-only from its first moment, and signed by nobody. The
        name beside that moment is of whoever imported it."""
        return self.signed_at is not None and self.signed_at == self.created_at

    @property
    def is_signed(self):
        return self.signed_at is not None
