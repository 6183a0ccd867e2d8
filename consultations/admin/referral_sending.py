"""Sending a referral: to whom, how and when. What was sent is read, and never edited."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.referral_steps import refuse_sending, send_referral, was_sent_alike
from consultations.models import IssuedDocument, ReferralSending, Surgeon
from consultations.models.text import day_in_words
from consultations.summaries.sendings import answer_in_words, unsent
from consultations.vocabulary import DocumentKind, ReferralStatus, SurgeonAnswer

from .base import RecordAdmin
from .parts.asked_for import from_query
from .parts.displays import admin_url, chip, struck
from .parts.forms import RecordForm, hide_when_known, is_key
from .parts.referrals import told_sendings


class SendingForm(RecordForm):
    again = forms.BooleanField(
        label=gettext_lazy("Sent once more on the same day"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "referral")
        if "document" in self.fields:
            self.fields["document"].queryset = self.letters()

    def letters(self):
        """The letters that were issued about the referral."""
        named = self.initial.get("referral") or self.data.get("referral") or ""
        letters = IssuedDocument.objects.standing().filter(kind=DocumentKind.REFERRAL_LETTER)
        return letters.filter(referral=named if is_key(named) else None).latest_first()

    def check_with_others(self):
        self.try_to(refuse_sending, self.instance)
        if not self.errors and not self.cleaned_data["again"] and was_sent_alike(self.instance):
            self.fields["again"].widget = forms.CheckboxInput()
            words = _("It went to %(surgeon)s on that day already. Tick this if it went again.")
            self.add_error("again", words % {"surgeon": self.instance.surgeon})


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
    SENT = ("surgeon", "how", "document", "words", "sent_on", "photographs")

    def fieldsets_for(self, request, obj):
        more = ["again"] if obj is None else [("answer", "answered_on")]
        return [(None, {"fields": ["referral", *self.SENT, *more]})]

    def get_readonly_fields(self, request, obj=None):
        return () if obj is None else ("answer", "answered_on")

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("surgeon", "referral__assessment")

    def get_changeform_initial_data(self, request):
        """The surgeon that was just added, or who is to be reminded."""
        known = super().get_changeform_initial_data(request)
        referral = self.parent_asked_for(request)
        surgeon = from_query(request, "surgeon", Surgeon.objects.active())
        surgeon = surgeon or (referral and referral.addressed_to)
        if surgeon is None and referral is not None and referral.status == ReferralStatus.SENT:
            latest = referral.latest_sending()
            surgeon = latest and latest.surgeon
        letters = referral and unsent(referral.documents.standing())
        letter = letters.latest_first().first() if letters is not None else None
        known |= {"document": letter.pk} if letter else {}
        return known | ({"surgeon": surgeon.pk} if surgeon else {})

    def more_on_page(self, request, obj):
        referral = self.parent_asked_for(request) if obj is None else obj.referral
        if referral is None:
            return {}
        here = admin_url("referralsending", "add", referral=referral.pk)
        add = f"{admin_url('surgeon', 'add')}?{urlencode({'next': here})}"
        may_add = obj is None and request.user.has_perm("consultations.add_surgeon")
        return {
            "area": referral.assessment,
            "referral_url": self.url_of(referral),
            "sendings": told_sendings(referral) if obj is None else (),
            "add_surgeon_url": add if may_add else "",
        }

    def title_of_form(self, obj):
        return _("Send referral") if obj is None else self.title_of(obj)

    def title_of(self, record):
        return _("Referral sent on %(day)s") % {"day": day_in_words(record.sent_on)}

    def save_model(self, request, obj, form, change):
        send_referral(sending=obj, by=request.user)

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
