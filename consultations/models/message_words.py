"""MessageTemplate and PreCare: what messages say, in the clinic's words; nothing clinical."""

import re
from string import Formatter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from consultations.vocabulary import Area, LaserType, MessageChannel, MessageKind

from .languages import languages
from .record import Record
from .spine import STANDING
from .text import no_invisible_characters

# What a place stands for. In a subject stand only those of SUBJECT_PLACES, in a text message all
# but the instructions.
PLACES = {
    "when": _("day and time, of each appointment"),
    "clinic": _("name of the clinic"),
    "address": _("address of the clinic"),
    "phone": _("phone of the clinic"),
    "instructions": _("how to prepare, for whoever asked for it"),
}
SUBJECT_PLACES = ("when", "clinic")
TEXT_PLACES = ("when", "clinic", "address", "phone")
ABOUT_THE_PATIENT = {"name", "patient", "family_name", "given_name", "first_name", "last_name"}
CLINICAL = {
    *("area", "areas", "laser", "laser_type", "treatment", "treatments", "kind", "plan", "plans"),
    *("course", "session", "verdict", "severity", "outcome", "device", "diagnosis", "reason"),
    *("allergies", "medicines", "note", "notes"),
}
LONGEST_TEXT = 480  # three parts of a text message


def places_in(text):
    """The names of the places in a text. Raises ValidationError for what is none."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        raise ValidationError(
            _now("A { or } stands alone. Write places as {when}, and a brace itself twice: {{.")
        ) from None
    names = []
    for _text, name, as_what, how in pieces:
        if name is None:
            continue
        if as_what or how or not name.isidentifier():
            raise ValidationError(_now("{%(name)s} is not a place.") % {"name": name})
        names.append(name)
    return names


def check_places(text, allowed):
    """Raise ValidationError for a place that does not exist here, or says too much."""
    for name in places_in(text):
        if name in allowed:
            continue
        if name in ABOUT_THE_PATIENT:
            words = _now("{%(name)s} would name the patient. Messages name nobody.")
        elif name in CLINICAL:
            words = _now("{%(name)s} would tell something clinical. Messages hold none of it.")
        else:
            words = _now("There is no place {%(name)s} here. There are: %(known)s.")
        known = ", ".join(f"{{{one}}}" for one in allowed)
        raise ValidationError(words % {"name": name, "known": known})


def refuse_clinical_words(text):
    """Raise ValidationError where a text names an area, a laser or a treatment."""
    names = {*map(str, Area.labels), *map(str, LaserType.labels), _now("laser"), _now("treatment")}
    for name in sorted(names):
        if re.search(rf"\b{re.escape(name)}s?\b", text, re.IGNORECASE):
            raise ValidationError(
                _now("“%(word)s” would tell what it is about. Messages hold nothing clinical.")
                % {"word": name.lower()}
            )


class MessageTemplate(Record):
    kind = models.CharField(_("kind"), max_length=20, choices=MessageKind)
    channel = models.CharField(
        _("by"), max_length=10, choices=MessageChannel, default=MessageChannel.EMAIL
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages,
        blank=True,
        help_text=_("Blank for the clinic’s."),
    )
    subject = models.CharField(
        _("subject"), max_length=150, blank=True, validators=[no_invisible_characters]
    )
    body = models.TextField(_("text"), max_length=5000)

    class Meta(Record.Meta):
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "channel", "language"],
                condition=STANDING,
                name="messagetemplate_once",
                violation_error_code="kind",
                violation_error_message=_("This template is already there. Change it there."),
            ),
            models.CheckConstraint(
                name="messagetemplate_subject_of_emails_alone",
                condition=Q(channel=MessageChannel.EMAIL) & ~Q(subject="")
                | Q(channel=MessageChannel.TEXT, subject=""),
                violation_error_code="subject",
                violation_error_message=_("An e-mail has a subject; a text message has none."),
            ),
        ]

    def __str__(self):
        parts = [self.get_kind_display(), self.get_channel_display()]
        parts += [self.get_language_display()] if self.language else []
        return ", ".join(map(str, parts))

    def clean(self):
        """Refuse places that do not exist, and whatever is clinical, next to their field."""
        super().clean()
        is_text = self.channel == MessageChannel.TEXT
        told = {}
        for name, allowed in (
            ("subject", SUBJECT_PLACES),
            ("body", TEXT_PLACES if is_text else tuple(PLACES)),
        ):
            try:
                check_places(getattr(self, name), allowed)
                refuse_clinical_words(getattr(self, name))
            except ValidationError as error:
                told[name] = error.error_list
        if is_text and len(self.body) > LONGEST_TEXT:
            words = _now("A text message has at most %(most)s characters.")
            told.setdefault("body", []).append(words % {"most": LONGEST_TEXT})
        if told:
            raise ValidationError(told)


class PreCare(Record):
    """How to prepare, by laser type. Stands in e-mails only, to patients who asked for it."""

    laser_type = models.CharField(_("laser"), max_length=30, choices=LaserType)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages,
        blank=True,
        help_text=_("Blank for the clinic’s."),
    )
    text = models.TextField(
        _("text"),
        max_length=5000,
        help_text=_(
            "Such as sun, retinoids and make-up. It goes into e-mails: name no laser, area or "
            "treatment."
        ),
    )

    class Meta(Record.Meta):
        verbose_name = _("how to prepare")
        verbose_name_plural = _("how to prepare")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["laser_type", "language"],
                condition=STANDING,
                name="precare_once",
                violation_error_code="laser_type",
                violation_error_message=_("This text is already there. Change it there."),
            ),
        ]

    def __str__(self):
        parts = [self.get_laser_type_display()]
        parts += [self.get_language_display()] if self.language else []
        return ", ".join(map(str, parts))

    def clean(self):
        super().clean()
        try:
            refuse_clinical_words(self.text)
        except ValidationError as error:
            raise ValidationError({"text": error.error_list}) from None
