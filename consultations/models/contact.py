"""ContactAnswers: whether a patient may be written to, in what, and who asked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .languages import languages
from .record import user_key

ANSWERS = ("email_reminders", "text_reminders", "email_instructions")


def _answer(label):
    return models.BooleanField(label, null=True, blank=True)


def _day(label):
    return models.DateField(label, null=True, blank=True, editable=False)


def _all_blank(name, is_blank):
    return Q(**{f"{one}__isnull": is_blank for one in (name, f"{name}_on", f"{name}_by")})


def contact_promises():
    """The promises that each answer says who took it, and when."""
    return [
        models.CheckConstraint(
            name=f"patient_{name}_says_who_when",
            condition=_all_blank(name, True) | _all_blank(name, False),
            violation_error_code=name,
            violation_error_message=_("An answer has a day and somebody who took it."),
        )
        for name in ANSWERS
    ]


class ContactAnswers(models.Model):
    """Yes, no, or not asked: a blank sends nothing."""

    email_reminders = _answer(_("e-mails about appointments"))
    email_reminders_on = _day(_("e-mails about appointments, answered on"))
    email_reminders_by = user_key(
        verbose_name=_("e-mails about appointments, answer taken by"), null=True, blank=True
    )
    text_reminders = _answer(_("text messages about appointments"))
    text_reminders_on = _day(_("text messages about appointments, answered on"))
    text_reminders_by = user_key(
        verbose_name=_("text messages about appointments, answer taken by"), null=True, blank=True
    )
    email_instructions = _answer(_("how to prepare, by e-mail"))
    email_instructions_on = _day(_("how to prepare, answered on"))
    email_instructions_by = user_key(
        verbose_name=_("how to prepare, answer taken by"), null=True, blank=True
    )
    language = models.CharField(
        _("language of messages"),
        max_length=10,
        choices=languages,
        blank=True,
        help_text=_("Blank for the clinic’s."),
    )

    class Meta:
        abstract = True

    def date_answers(self, by, changed=()):
        """Say who took each answer, and when; one that changed is taken anew."""
        for name in ANSWERS:
            if getattr(self, name) is None:
                day = who = None
            elif name in changed or getattr(self, f"{name}_on") is None:
                day, who = timezone.localdate(), by
            else:
                continue
            setattr(self, f"{name}_on", day)
            setattr(self, f"{name}_by", who)

    def take_refusals(self, other, by):
        """Of two records of one person the stricter answer counts; a blank takes no yes."""
        refused = [
            name
            for name in ANSWERS
            if getattr(other, name) is False and getattr(self, name) is not False
        ]
        for name in refused:
            setattr(self, name, False)
        self.date_answers(by, refused)
        self.language = self.language or other.language
