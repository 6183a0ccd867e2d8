"""Referrals: sent, answered, operated, recovered, closed – and the way back to touch-up."""

from itertools import pairwise

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.referral_steps import address_to, refuse_step
from consultations.actions.referrals import change_referral, refuse_open_beside_plan
from consultations.documents.batch import LETTER
from consultations.documents.kinds import may_issue
from consultations.models import SurgicalReferral
from consultations.models.referral import STEPS
from consultations.models.text import day_in_words
from consultations.vocabulary import Closure, ReferralStatus

from .base import RecordAdmin
from .pages.letters import letters
from .pages.referral_acts import (
    referral_accepted,
    referral_close,
    referral_declined,
    referral_goes_on,
    referral_to_another,
)
from .parts.displays import admin_url, chip, send_step, struck, touch_up_step
from .parts.figure_filters import ClosureFilter, ReferralDaysFilter, StepsFilter
from .parts.filters import ReferralStatusFilter
from .parts.forms import RecordForm, hide_when_known
from .parts.referrals import closing_acts, day_acts, referral_presses, told_sendings
from .parts.surgeons import MAY_ADD, NewSurgeonForm, fold

DATE_OF_STATUS = {
    ReferralStatus.SENT: "sent_on",
    ReferralStatus.ACCEPTED: "accepted_on",
    ReferralStatus.OPERATED: "operated_on",
    ReferralStatus.RECOVERED: "recovered_on",
    ReferralStatus.CLOSED: "closed_on",
}
# Each can be told by its day alone.
GOES_ON = [
    *(ReferralStatus.TO_SEND, ReferralStatus.SENT, ReferralStatus.ACCEPTED),
    *(ReferralStatus.OPERATED, ReferralStatus.RECOVERED),
]
# What a sending says is not typed as well.
SAID_BY_SENDING = {"addressed_to", "surgeon", "sent_on"}


def is_with_surgeon(referral):
    """Whether a sending says to whom a referral went; one that goes to another surgeon is to be
    addressed anew."""
    return referral.sent_on is not None and referral.latest_sending() is not None


class ReferralForm(NewSurgeonForm, RecordForm):
    SURGEON = "addressed_to"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "assessment")
        if self.instance.pk and is_with_surgeon(self.instance):
            self.offer_no_new_surgeon()
            for name in SAID_BY_SENDING & {*self.fields}:
                self.fields[name].disabled = True
        self._offer_today()

    def _offer_today(self):
        """What is chosen has mostly just happened: its day is filled in, to be seen and changed."""
        for status, name in DATE_OF_STATUS.items():
            if name in self.fields:
                widget = self.fields[name].widget
                today = widget.format_value(timezone.localdate())
                widget.attrs |= {"data-offered-for": status, "data-today": today}

    def clean(self):
        cleaned = super().clean()
        self._follow_the_dates(cleaned)
        self._date_what_is_done_now(cleaned)
        for name in STEPS:
            if cleaned.get(name) and cleaned[name] > timezone.localdate():
                self.add_error(name, _("This date is in the future."))
        self._keep_the_order(cleaned)
        needed = DATE_OF_STATUS.get(cleaned.get("status"))
        if needed and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Give the date."))
        is_recovered = cleaned.get("status") == ReferralStatus.RECOVERED
        is_undated = not cleaned.get("operated_on") and "operated_on" not in self.errors
        if is_recovered and is_undated:
            self.add_error("operated_on", _("Give the day of the operation."))
        if cleaned.get("status") == ReferralStatus.CLOSED and not cleaned.get("closure"):
            self.add_error("closure", _("Say how it ended."))
        if cleaned.get("closure") == Closure.OTHER and not cleaned.get("closure_words"):
            self.add_error("closure_words", _("Say in words how it ended."))
        return cleaned

    def _keep_the_order(self, cleaned):
        """A day that is out of order is told beside it: the one that was typed, else the later."""
        days = [(name, cleaned[name]) for name in STEPS if cleaned.get(name)]
        for (earlier, one), (later, other) in pairwise(days):
            if one > other and not {earlier, later} & {*self.errors}:
                is_earlier = earlier in self.changed_data and later not in self.changed_data
                told = _("The dates are out of order: sent, accepted, operated, recovered, closed.")
                self.add_error(earlier if is_earlier else later, told)

    def _follow_the_dates(self, cleaned):
        """A day that is typed says how far the referral has come, where nobody chose that."""
        status = cleaned.get("status")
        if "status" in self.changed_data or status not in GOES_ON:
            return
        for further in GOES_ON[max(GOES_ON.index(status), 1) + 1 :]:
            name = DATE_OF_STATUS[further]
            if name in self.changed_data and cleaned.get(name):
                cleaned["status"] = further

    def _date_what_is_done_now(self, cleaned):
        """What was just chosen happened today, where nobody says otherwise; a step that was left
        out did not."""
        name = DATE_OF_STATUS.get(cleaned.get("status"))
        if name and "status" in self.changed_data and name not in self.errors:
            cleaned[name] = cleaned.get(name) or timezone.localdate()

    def complete(self):
        """Whom it is addressed to is named, until it says to whom it was sent. What goes back to
        “Sent” was not accepted."""
        super().complete()
        if self.new_surgeon or "addressed_to" in self.changed_data:
            address_to(self.instance, self.instance.addressed_to)
        is_sent_now = self.instance.status == ReferralStatus.SENT and "status" in self.changed_data
        if is_sent_now and "accepted_on" not in self.changed_data:
            self.instance.accepted_on = None

    def check_with_others(self):
        self.try_to(refuse_open_beside_plan, self.instance)
        if not self.errors:
            self.try_to(
                refuse_step, self.instance, self.before("status") if self.instance.pk else ""
            )


@admin.register(SurgicalReferral)
class SurgicalReferralAdmin(RecordAdmin):
    form = ReferralForm
    change_form_template = "admin/consultations/referral_form.html"
    own_pages = {
        "letters": ("letters/", letters),
        "accepted": ("<path:object_id>/accepted/", referral_accepted),
        "declined": ("<path:object_id>/declined/", referral_declined),
        "another": ("<path:object_id>/another-surgeon/", referral_to_another),
        "goes_on": ("<path:object_id>/goes-on/", referral_goes_on),
        "close": ("<path:object_id>/close/", referral_close),
    }
    when_empty = gettext_lazy("An area that needs surgery opens its referral by itself.")
    list_display = ["area", "who", "state", "urgency_name", "sent", "surgeon"]
    in_files = {"sent": "sent_on"}
    list_reads = [
        *(
            "status",
            "urgency",
            "closure",
            "closure_words",
            "sent_on",
            "surgeon",
            "entered_in_error_at",
        ),
        *("assessment__area", "assessment__consultation__consulted_on"),
    ]
    list_filter = [ReferralDaysFilter, ReferralStatusFilter, ClosureFilter, StepsFilter]
    ordering = ["-pk"]
    autocomplete_fields = ["assessment", "addressed_to"]
    SURGEON, TYPED_BEFORE = "addressed_to", ("addressed_to", "surgeon")
    MORE = [
        (
            gettext_lazy("Dates"),
            {"fields": [("sent_on", "accepted_on"), ("operated_on", "recovered_on")]},
        ),
        (gettext_lazy("Closing"), {"fields": [("closed_on", "closure"), "closure_words"]}),
        (gettext_lazy("Notes"), {"fields": ["notes"]}),
    ]

    def fieldsets_for(self, request, obj):
        """The surgeon's name, once typed, is shown where it still is all that is known."""
        typed = obj is not None and obj.surgeon and obj.addressed_to_id is None
        surgeon = self.TYPED_BEFORE if typed else self.SURGEON
        may_add = request.user.has_perm(MAY_ADD) and not (obj is not None and is_with_surgeon(obj))
        return [
            (None, {"fields": ["assessment", ("status", "urgency"), surgeon]}),
            *([fold(request)] if may_add and self.may_write(request, obj) else []),
            *self.MORE,
        ]

    def changelist_view(self, request, extra_context=None):
        url = admin_url("surgicalreferral", "letters") if may_issue(request.user, LETTER) else ""
        return super().changelist_view(request, {"letters_url": url} | (extra_context or {}))

    def more_on_page(self, request, obj):
        if obj is None:
            return {"area": self.parent_asked_for(request)}
        user = request.user
        steps = (send_step(obj, user), touch_up_step(obj, user))
        return {
            "area": obj.assessment,
            "steps": [step for step in steps if step],
            "presses": referral_presses(obj, user),
            "day_acts": day_acts(obj, user),
            "acts": closing_acts(obj, user),
            "sendings": told_sendings(obj),
        }

    def title_of(self, record):
        return _("Referral: %(area)s") % {"area": record.assessment.get_area_display().lower()}

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        form.add_surgeon(request.user)
        change_referral(referral=obj, by=request.user)
        self._tell_date(request, obj, form)
        step = touch_up_step(obj, request.user)
        if step and {"closure", "status", "recovered_on"} & set(form.changed_data):
            words = _("The area is back from surgery.")
            link = format_html('{} <a class="step" href="{}">{}</a>', words, step.url, step.label)
            self.message_user(request, link, messages.INFO)

    def _tell_date(self, request, referral, form):
        """Say a day that nobody typed."""
        name = DATE_OF_STATUS.get(referral.status)
        if name is None or name in form.changed_data or "status" not in form.changed_data:
            return
        words = _("%(status)s on %(day)s, as no other day was given.") % {
            "status": referral.get_status_display(),
            "day": day_in_words(getattr(referral, name)),
        }
        change = format_html('<a class="step" href="{}">{}</a>', self.url_of(referral), _("Change"))
        self.message_user(request, format_html("{} {}", words, change), messages.INFO)

    @admin.display(description=gettext_lazy("area"))
    def area(self, referral):
        assessment = referral.assessment
        link = format_html(
            '<a href="{}">{}, {}</a>',
            self.url_of(referral),
            assessment.get_area_display(),
            day_in_words(assessment.consultation.consulted_on),
        )
        return struck(referral, link)

    @admin.display(description=gettext_lazy("status"))
    def state(self, referral):
        label = referral.get_status_display()
        if referral.closure:
            label = f"{label}: {referral.closure_in_words}"
        return chip(ReferralStatus(referral.status), label)

    @admin.display(description=gettext_lazy("urgency"))
    def urgency_name(self, referral):
        return referral.get_urgency_display()

    @admin.display(description=gettext_lazy("sent"))
    def sent(self, referral):
        return day_in_words(referral.sent_on) if referral.sent_on else None
