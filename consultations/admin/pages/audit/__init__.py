"""Everything that was opened, written and erased, in one list: for whoever may read the audit."""

import csv
import re
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.days import DayField
from consultations.admin.parts.forms import is_key
from consultations.admin.parts.searches import redirect_posted_search, searched
from consultations.models import AccessRecord, AuditSeal, Patient
from consultations.permissions import sees_clinical
from consultations.summaries.timeline import name_of
from consultations.trust.access import record_access
from consultations.trust.audit import CHANGED, CREATED, ERASED, OPENED, After, Asked, entries
from consultations.trust.cells import cell
from consultations.trust.digests import unsealed_rows
from consultations.vocabulary import AccessKind

MAY_READ = "consultations.view_accessrecord"
ON_A_PAGE = 50
IN_A_PIECE = 500
OFFERED = 8
MOST_UNSEALED = 1000  # counted no further
KINDS = {
    OPENED: gettext_lazy("Any view"),
    CREATED: gettext_lazy("Created"),
    CHANGED: gettext_lazy("Changed"),
    ERASED: gettext_lazy("Erased"),
    **dict(AccessKind.choices),
}
TONES = {
    CREATED: "good",
    CHANGED: "info",
    ERASED: "stop",
    AccessKind.EXPORT: "refer",
    AccessKind.SIGN_IN_REFUSED: "wait",
}
MOMENT = re.compile(r"(19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
YEARS = range(1900, 2200)
NOBODY = 0  # no record has this key
NARROWED_BY = ("patient", "user", "since", "until", "kind")


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


@dataclass(frozen=True)
class Row:
    """One entry in words."""

    at: datetime
    kind: str
    tone: str
    who: str
    what: str
    url: str
    patient: Patient | None
    address: str
    reason: str


def audit(site, request):
    """Show one page of the list, with what it is narrowed to and how far it is sealed."""
    _require(request)
    if answer := redirect_posted_search(request, name="who", keep=NARROWED_BY):
        return answer
    staff = _staff()
    form = AskedForm(_said(request), staff)
    asked, patient, found = _asked(form)
    # What cannot be understood is not everything.
    page = entries(asked, after=_after(request), limit=ON_A_PAGE + 1) if form.is_valid() else []
    shown = page[:ON_A_PAGE]
    waiting = unsealed_rows(MOST_UNSEALED)
    # The next to be shown.
    _keep_opening(request, AccessKind.RECORD, asked, patient)
    context = {
        **site.each_context(request),
        "title": _("Audit"),
        "form": form,
        "patient": patient,
        "found": found,
        "looks_for_nobody": bool(form.data.get("who")) and patient is None and not found,
        "rows": _in_words(shown, staff, site, sees_clinical(request.user)),
        "earlier": _earlier(asked, shown[-1]) if len(page) > ON_A_PAGE else "",
        "is_first": "after" not in request.GET,
        "is_narrowed": asked != Asked() or bool(form.errors),
        "query": _query(asked),
        "rest_of_query": _query(replace(asked, patient=None)),
        "seal": AuditSeal.objects.defer("digests").order_by("-number").first(),
        "unsealed": waiting,
        "is_unsealed_capped": waiting > MOST_UNSEALED,
    }
    return TemplateResponse(request, "admin/consultations/audit.html", context)


def audit_export(site, request):
    """The whole list as it is narrowed, as a table that opens anywhere; itself an entry."""
    _require(request)
    staff = _staff()
    form = AskedForm(_said(request), staff)
    asked, patient, _found = _asked(form)
    if form.errors:
        return audit(site, request)  # which says what is wrong
    _keep_opening(request, AccessKind.EXPORT, asked, patient)
    # What is recorded from now on would never end.
    asked = replace(asked, until=min(filter(None, (asked.until, timezone.now()))))
    lines = _lines(asked, staff, site, sees_clinical(request.user))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _said(request):
    """What the address asks for, with the words of the search that it names."""
    said = request.GET.copy()
    said["who"] = said.get("who") or searched(request)
    return said


def _require(request):
    if not request.user.has_perm(MAY_READ):
        raise PermissionDenied


def _keep_opening(request, kind, asked, patient):
    """Whoever reads the audit is in it as well, with what they asked for: a patient by number."""
    record_access(
        by=request.user,
        kind=kind,
        address=where_from(request),
        patient=patient,
        record=AccessRecord(),
        detail=f"audit {_query(asked)}".strip()[:200],
    )


# What is asked


def _asked(form):
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


def _query(asked):
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


def _earlier(asked, entry):
    after = f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}~{entry.place}~{entry.key}"
    return "&".join(filter(None, [_query(asked), urlencode({"after": after})]))


def _after(request):
    """The entry that the page before ended with; the first page where none can be read."""
    at, _sign, rest = request.GET.get("after", "").partition("~")
    place, _sign, key = rest.partition("~")
    if not (MOMENT.fullmatch(at) and is_key(place) and is_key(key)):
        return None
    try:
        return After(parse_datetime(at), int(place), int(key))
    except ValueError:
        return None


# In words


def _staff():
    columns = ("username", "first_name", "last_name")
    return {user.pk: name_of(user) for user in get_user_model().objects.only(*columns)}


def _in_words(shown, staff, site, reads_reasons):
    patients = Patient.objects.in_bulk({one.patient for one in shown if one.patient})
    return [
        Row(
            at=one.at,
            kind=KINDS[one.kind],
            tone=TONES.get(one.kind, "quiet"),
            who=staff.get(one.user, ""),
            what=_what(one, staff),
            url=_history_url(one, site),
            patient=patients.get(one.patient),
            address=one.address or "",
            reason=(one.reason if reads_reasons else "") or one.detail,
        )
        for one in shown
    ]


def _what(entry, staff):
    """The record by its name and number, an account by whose it is; the patient's name stands
    beside it anyway."""
    if entry.model in {"", "patient"}:
        return str(_("Details")) if entry.model and entry.kind in {CREATED, CHANGED} else ""
    try:
        name = _model(entry.model)._meta.verbose_name
    except LookupError:
        name = entry.model
    which = staff.get(entry.object_id) if entry.model == "user" else entry.object_id
    return f"{capfirst(name)} {which or ''}".strip()


def _model(name):
    return apps.get_model("auth" if name == "user" else "consultations", name)


def _history_url(entry, site):
    """Where each field before and after is told."""
    if entry.kind not in {CREATED, CHANGED} or not site.is_registered(_model(entry.model)):
        return ""
    meta = _model(entry.model)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[entry.object_id])


# As a table


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def _lines(asked, staff, site, reads_reasons):
    writer, after = csv.writer(Echo()), None
    heads = (_("When"), _("What"), _("Who"), _("Record"), _("Number"), _("Patient"))
    yield "\ufeff" + writer.writerow([*heads, _("Address"), _("Reason")])
    while True:
        some = entries(asked, after=after, limit=IN_A_PIECE)
        for row in _in_words(some, staff, site, reads_reasons):
            yield writer.writerow([cell(value) for value in _cells(row)])
        if len(some) < IN_A_PIECE:
            return
        after = After(some[-1].at, some[-1].place, some[-1].key)


def _cells(row):
    yield timezone.localtime(row.at).isoformat(timespec="seconds")
    yield from (row.kind, row.who, row.what)
    yield from (row.patient.record_number, row.patient.full_name) if row.patient else ("", "")
    yield from (row.address, row.reason)
