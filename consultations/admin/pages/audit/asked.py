"""What somebody asks of the audit: the form, the address, and what they come to."""

import re
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.days import DayField
from consultations.admin.parts.forms import is_key
from consultations.admin.parts.searches import searched
from consultations.models import Patient
from consultations.trust.audit import CHANGED, CREATED, ERASED, OPENED, After, Asked
from consultations.vocabulary import AccessKind

OFFERED = 8
KINDS = {
    OPENED: gettext_lazy("Any view"),
    CREATED: gettext_lazy("Created"),
    CHANGED: gettext_lazy("Changed"),
    ERASED: gettext_lazy("Erased"),
    **dict(AccessKind.choices),
}
MOMENT = re.compile(r"(19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
YEARS = range(1900, 2200)
NOBODY = 0  # no record has this key
NARROWED_BY = ("patient", "user", "since", "until", "kind")


def said_in(request):
    """What the address asks for, with the words of the search that it names."""
    said = request.GET.copy()
    said["who"] = said.get("who") or searched(request)
    return said


class AskedForm(forms.Form):
    """What the list is narrowed to. A patient is chosen by key, or looked for in words."""

    patient = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    who = forms.CharField(required=False, max_length=200, label=gettext_lazy("Patient"))
    user = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label=gettext_lazy("By")
    )
    since = DayField(required=False, label=gettext_lazy("From"))
    until = DayField(required=False, label=gettext_lazy("To"))
    kind = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("Everything")), *KINDS.items()],
        label=gettext_lazy("What"),
    )

    def __init__(self, said, staff):
        super().__init__(said)
        names = sorted(staff.items(), key=lambda one: one[1].casefold())
        self.fields["user"].choices = [("", _("Anyone")), *names]
        for name in ("user", "kind"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one from the list.")

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and start_of(day) is None:
                self.add_error(name, _("This date is out of range."))
        if since and until and until < since:
            self.add_error("until", _("This is before the first day."))


def asked_in(form):
    """What the address asks for, the patient it chose, and the patients it may mean."""
    form.is_valid()
    said = form.cleaned_data
    patient, found = _chosen(said.get("patient", ""), said.get("who", ""))
    looked_for = said.get("who", "") or said.get("patient", "")
    asked = Asked(
        # Who was looked for and not found is not everybody.
        patient=patient.pk if patient else (NOBODY if looked_for.strip() else None),
        user=said.get("user"),
        since=start_of(said.get("since")),
        until=start_of(said.get("until"), days=1),
        kind=said.get("kind", ""),
    )
    return asked, patient, found


def _chosen(key, words):
    if is_key(key) and (patient := Patient.objects.filter(pk=key).first()):
        return patient, []
    if not words.strip():
        return None, []
    found = list(Patient.objects.found_by(words).order_by("sort_name", "pk")[:OFFERED])
    return (found[0], []) if len(found) == 1 else (None, found)


def start_of(day, days=0):
    """The first moment of a day, or of one so many days later; None for no day of ours."""
    if day is None or day.year not in YEARS:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min))


def query(asked):
    """The address of what is asked for, without the page."""
    last = asked.until - timedelta(days=1) if asked.until else None
    said = {
        "patient": asked.patient,
        "user": asked.user,
        "since": asked.since and f"{timezone.localtime(asked.since):%Y-%m-%d}",
        "until": last and f"{timezone.localtime(last):%Y-%m-%d}",
        "kind": asked.kind,
    }
    return urlencode({name: value for name, value in said.items() if value not in (None, "")})


def earlier(asked, entry):
    after = f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}~{entry.place}~{entry.key}"
    return "&".join(filter(None, [query(asked), urlencode({"after": after})]))


def after_in(request):
    """The entry that the page before ended with; the first page where none can be read."""
    at, _sign, rest = request.GET.get("after", "").partition("~")
    place, _sign, key = rest.partition("~")
    if not (MOMENT.fullmatch(at) and is_key(place) and is_key(key)):
        return None
    try:
        return After(parse_datetime(at), int(place), int(key))
    except ValueError:
        return None
