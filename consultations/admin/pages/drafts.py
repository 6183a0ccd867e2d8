"""Drafts of whoever is signed in: stored while they type, given back, discarded."""

import json
import re
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import site
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import Resolver404, resolve
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from consultations.actions.drafts import discard_draft, keep_draft
from consultations.admin.parts.access_log import shown
from consultations.models import Draft, Patient
from consultations.models.draft import LONGEST_ADDRESS
from consultations.models.health import HealthScreen
from consultations.summaries.person import patients_named_by

from .quick_actions import way_back

FORMS = re.compile(r"consultations_(?P<model>[a-z]+)_(?P<page>add|addendum|change|visit)")
# What it takes to open each kind of form.
NEEDED = {
    "add": ("add_{}",),
    "change": ("view_{}",),
    "addendum": ("view_{}", "add_addendum"),
    "visit": ("view_{}", "view_clinical", "sign_treatmentsession"),
}
LONGEST_DRAFT = 200_000
LONGEST_TITLE = 300
ABOUT = ("patient", "follows", "assessment", "plan", "status", "session", "referral", "elsewhere")


def drafts(request):
    """GET gives the draft of `form` and a fresh token; POST stores it, or discards it."""
    form = (request.POST if request.method == "POST" else request.GET).get("form", "")
    if form_at(form) is None:
        return JsonResponse({"error": _("There is no such form.")}, status=400)
    if request.method != "POST":
        return _give(request, form)
    if "discard" in request.POST:
        discard_draft(form=form, by=request.user)
        back = way_back(request)
        return HttpResponseRedirect(back) if back else JsonResponse({})
    values = values_of(request.POST.get("values", ""))
    if values is None:
        return JsonResponse({"error": _("This draft is too long to save.")}, status=400)
    title = clean(request.POST.get("title", ""))[:LONGEST_TITLE]
    try:
        draft = keep_draft(form=form, title=title, values=values, by=request.user)
    except ValidationError as refusal:
        status = 409 if refusal.code == "too_many" else 410
        return JsonResponse({"error": " ".join(refusal.messages)}, status=status)
    return JsonResponse({"saved_at": clock(draft)})


def address_of(request):
    """The address under which the draft of this form page is kept: a new record's with what it is
    about, whichever way one came."""
    about = {name: request.GET[name] for name in ABOUT if request.GET.get(name)}
    is_new = request.path.endswith("/add/")
    return f"{request.path}?{urlencode(about)}" if is_new and about else request.path


def draft_of(request):
    """What this person typed here before and did not save; nothing where a form came back."""
    return None if request.method == "POST" else _draft_for(request, address_of(request))


def _draft_for(request, form):
    """The draft of this form, or None; only where this person may open the form now and finds
    every field on it that the draft has: their role may have changed since."""
    draft = Draft.objects.of(request.user).filter(form=form).first()
    return draft if draft is not None and _is_open_to(request, draft) else None


def _is_open_to(request, draft):
    if not may_open(request.user, draft.form):
        return False
    match, model, page = form_at(draft.form)
    if page not in {"add", "change"}:
        return True
    model_admin = site.get_model_admin(model)
    key = match.kwargs.get("object_id")
    record = model_admin.get_object(request, unquote(key)) if key else None
    fields = {field.name for field in model._meta.concrete_fields}
    on_form = flatten_fieldsets(model_admin.fieldsets_for(request, record))
    # What no form asks any more hides nobody's draft; the page says that it has no place.
    asked = fields - {*HealthScreen.EARLIER_FIELDS}
    return asked & {*draft.values} <= {*on_form}


def may_open(user, address):
    """Whether somebody may open the form at this address, as things stand now."""
    found = form_at(address)
    if found is None:
        return False
    _match, model, page = found
    return user.has_perms(
        f"consultations.{one.format(model._meta.model_name)}" for one in NEEDED[page]
    )


def form_at(address):
    """The resolved address of a page where records are typed in, its model and which page it is;
    None for any other address."""
    if len(address) > LONGEST_ADDRESS or clean(address) != address:
        return None
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return None
    named = FORMS.fullmatch(match.url_name or "") if match.namespace == "admin" else None
    return named and (match, apps.get_model("consultations", named["model"]), named["page"])


def values_of(text):
    """The typed values by field name, or None for what cannot be kept."""
    if len(text) > LONGEST_DRAFT:
        return None
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    kept = {clean(name): _value_of(value) for name, value in values.items()}
    return None if None in kept.values() else kept


def _value_of(value):
    """A text, several of a box to tick, or what a chooser shows; None for anything else."""
    match value:
        case str():
            return clean(value)
        case list():
            return [clean(str(one)) for one in value]
        case {"value": str(), "label": str()}:
            return {name: clean(value[name]) for name in ("value", "label")}
    return None


def clean(text):
    """Text without what no database keeps: NUL, and halves of characters."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _give(request, form):
    draft = _draft_for(request, form)
    for patient in Patient.objects.filter(pk__in=patients_named_by(draft) if draft else ()):
        shown(request, patient)
    found = draft and {"saved_at": clock(draft), "values": draft.values}
    return JsonResponse({"token": get_token(request), "draft": found})


def clock(draft):
    return formats.date_format(timezone.localtime(draft.saved_at), "H:i")
