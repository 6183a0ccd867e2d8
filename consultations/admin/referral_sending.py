"""Sending a referral: to whom, with which letter, how and when. The letter is written, looked at
and issued on the way. What was sent is read, and never edited."""

from django import forms
from django.contrib import admin
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.referral_steps import refuse_sending, send_referral, was_sent_alike
from consultations.documents.issuing import missing_of
from consultations.documents.kinds import may_issue
from consultations.documents.letter_to import LETTER, letter_of, send_with_letter
from consultations.models import IssuedDocument, ReferralSending, Surgeon
from consultations.models.text import day_in_words
from consultations.summaries.sendings import answer_in_words, unsent
from consultations.vocabulary import (
    DocumentKind,
    ReferralStatus,
    SendingMethod,
    SurgeonAnswer,
)

from .base import RecordAdmin
from .pages.documents import file_url
from .parts.asked_for import from_query
from .parts.displays import chip, struck
from .parts.documents import letter_draft_url
from .parts.forms import RecordForm, hide_when_known, is_key
from .parts.referrals import told_sendings
from .parts.surgeons import MAY_ADD, NewSurgeonForm, fold

NEW_LETTER = "new"


class LetterChoices(ModelChoiceIterator):
    def __iter__(self):
        yield "", self.field.empty_label
        if self.field.may_write:
            yield NEW_LETTER, _("New letter, issued as it is sent")
        for letter in self.queryset:
            yield self.choice(letter)


class LetterField(forms.ModelChoiceField):
    """A letter that was issued, or one that is written now, for those who may."""

    iterator = LetterChoices
    may_write = False

    def to_python(self, value):
        return value if value == NEW_LETTER and self.may_write else super().to_python(value)


class SendingForm(NewSurgeonForm, RecordForm):
    """`letter` is the new letter as it would be issued, where one goes; without having looked at
    it nobody sends it."""

    letter = None
    has_changed_letter = False
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    again = forms.BooleanField(
        label=gettext_lazy("Sent once more on the same day"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "referral")
        if "document" not in self.fields:
            return
        former = self.fields["document"]
        field = self.fields["document"] = LetterField(
            self.letters(),
            label=former.label,
            help_text=former.help_text,
            empty_label=_("No letter from here"),
            required=False,
        )
        field.may_write = may_issue(self.user, LETTER)
        field.choices = field.iterator(field)
        surgeons = self.offer_side_by_side()
        if len(surgeons) == 1 and not self.has_declined(surgeons[0]):
            self.initial.setdefault("surgeon", surgeons[0].pk)

    def has_declined(self, surgeon):
        sendings = ReferralSending.objects.standing().filter(surgeon=surgeon)
        return sendings.filter(referral=self.named(), answer=SurgeonAnswer.DECLINED).exists()

    def named(self):
        """The key of the referral, as far as it is told."""
        named = self.initial.get("referral") or self.data.get("referral") or ""
        return named if is_key(named) else None

    def letters(self):
        """The letters that were issued about the referral."""
        letters = IssuedDocument.objects.standing().filter(kind=DocumentKind.REFERRAL_LETTER)
        return letters.filter(referral=self.named()).latest_first()

    @property
    def writes_letter(self):
        return "document" in self.told_later

    def clean_document(self):
        """A new letter is issued when all of this is saved."""
        letter = self.cleaned_data["document"]
        if letter != NEW_LETTER:
            return letter
        self.told_later = frozenset({"document"})
        return None

    def clean(self):
        cleaned = super().clean()
        is_other = cleaned.get("how") == SendingMethod.OTHER
        if self.writes_letter and is_other and not cleaned.get("words"):
            self.add_error("words", _("Say how it went."))
        return cleaned

    def look_at_letter(self, sending):
        """Draw the new letter up. Where it is not the one that was looked at, that is to be done
        before it goes."""
        self.letter = self.try_to(letter_of, sending, self.user)
        if self.letter is None:
            return
        looked_at = self.cleaned_data["stamp"]
        self.only_looks = looked_at != self.letter.stamp
        self.has_changed_letter = self.only_looks and bool(looked_at)
        self.data = self.data.copy()
        self.data["stamp"] = self.letter.stamp

    def check_with_others(self):
        self.try_to(refuse_sending, self.instance)
        if not self.errors and not self.cleaned_data["again"] and was_sent_alike(self.instance):
            self.fields["again"].widget = forms.CheckboxInput()
            words = _("It went to %(surgeon)s on that day already. Tick this if it went again.")
            self.add_error("again", words % {"surgeon": self.instance.surgeon})
        if not self.errors and self.writes_letter:
            self.look_at_letter(self.instance)


@admin.register(ReferralSending)
class ReferralSendingAdmin(RecordAdmin):
    form = SendingForm
    change_form_template = "admin/consultations/referralsending_form.html"
    when_empty = gettext_lazy("A referral is sent from its own page, or from Today.")
    list_display = ["sent", "who", "area", "to", "how_sent", "reply"]
    in_files = {"sent": "sent_on"}
    list_select_related = ["surgeon"]
    ordering = ["-pk"]
    autocomplete_fields = ["referral", "surgeon"]
    segmented = ["how"]
    SENT = ("document", "how", "words", "sent_on", "photographs")

    def fieldsets_for(self, request, obj):
        if obj is not None:
            told = ["referral", "surgeon", *self.SENT, ("answer", "answered_on")]
            return [(None, {"fields": told})]
        return [
            (None, {"fields": ["referral", "surgeon"]}),
            *([fold(request)] if request.user.has_perm(MAY_ADD) else []),
            (None, {"fields": [*self.SENT, "again", "stamp"]}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return () if obj is None else ("answer", "answered_on")

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("surgeon", "referral__assessment")

    def get_changeform_initial_data(self, request):
        """Whom it is addressed to, or who is to be reminded; and the letter that went to nobody
        yet, or else a new one."""
        known = super().get_changeform_initial_data(request)
        referral = self.parent_asked_for(request)
        surgeon = from_query(request, "surgeon", Surgeon.objects.active())
        surgeon = surgeon or (referral and referral.addressed_to)
        if surgeon is None and referral is not None and referral.status == ReferralStatus.SENT:
            latest = referral.latest_sending()
            surgeon = latest and latest.surgeon
        letters = referral and unsent(referral.documents.standing())
        letter = letters.latest_first().first() if letters is not None else None
        if letter:
            known["document"] = letter.pk
        elif referral and referral.status == ReferralStatus.TO_SEND:
            known["document"] = NEW_LETTER if may_issue(request.user, LETTER) else None
        return known | ({"surgeon": surgeon.pk} if surgeon else {})

    def more_on_page(self, request, obj):
        referral = self.parent_asked_for(request) if obj is None else obj.referral
        if referral is None:
            return {}
        return {
            "area": referral.assessment,
            "referral_url": self.url_of(referral),
            "sendings": told_sendings(referral) if obj is None else (),
        }

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context |= self._letter_on_page(context["adminform"].form)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_leaves_page(self, request):
        """What was sent is not edited: there is nothing to stay for."""
        return False

    def _letter_on_page(self, form):
        """What the page shows of a new letter, once it is known to whom it goes."""
        told = self._button(form)
        if form.letter is None:
            return told
        sending = form.instance
        return told | {
            "letter": form.letter,
            "letter_url": letter_draft_url(sending),
            "letter_lacks": missing_of(LETTER, sending.referral),
            "has_changed_letter": form.has_changed_letter,
            "is_unsaved": True,
        }

    def _button(self, form):
        """What the button says: for a new letter, and for anything else."""
        with_letter = _("Issue the letter and send") if form.letter else _("Preview the letter")
        words = [with_letter, _("Save")]
        if form["document"].value() != NEW_LETTER:
            words.reverse()
        return {"save_words": words[0], "save_words_otherwise": words[1]}

    def title_of_form(self, obj):
        return _("Send referral") if obj is None else self.title_of(obj)

    def title_of(self, record):
        return _("Referral sent on %(day)s") % {"day": day_in_words(record.sent_on)}

    def save_model(self, request, obj, form, change):
        form.add_surgeon(request.user)
        if form.writes_letter:
            send_with_letter(sending=obj, by=request.user, stamp=form.cleaned_data["stamp"])
        else:
            send_referral(sending=obj, by=request.user)

    def added_words(self, request, obj):
        """With the way to the letter, which goes to the printer now."""
        words = super().added_words(request, obj)
        if obj.document is None:
            return words
        link = format_html('<a class="step" href="{}">{}</a>', file_url(obj.document), _("Open"))
        return format_html("{} {} {}", words, obj.document, link)

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, sending):
        day = day_in_words(sending.sent_on)
        return struck(sending, format_html('<a href="{}">{}</a>', self.url_of(sending), day))

    @admin.display(description=gettext_lazy("area"))
    def area(self, sending):
        return sending.referral.assessment.get_area_display()

    @admin.display(description=gettext_lazy("to"))
    def to(self, sending):
        return str(sending.surgeon)

    @admin.display(description=gettext_lazy("by"))
    def how_sent(self, sending):
        return sending.get_how_display()

    @admin.display(description=gettext_lazy("answer"), empty_value="–")
    def reply(self, sending):
        if not sending.answer:
            return None
        tone = "good" if sending.answer == SurgeonAnswer.ACCEPTED else "quiet"
        return chip("", answer_in_words(sending), tone)
