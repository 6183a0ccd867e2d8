"""A patient's documents: those issued, what can be issued now, and each looked at before it is."""

import io
import logging
from functools import partial
from uuid import UUID, uuid4

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from consultations.admin.parts.access_log import opened, shown
from consultations.admin.parts.displays import admin_url, send_step
from consultations.admin.parts.documents import (
    ABOUT_READ,
    about_in_words,
    offers_of,
    preview_url,
    replaced_quotes,
    surgeon_named,
)
from consultations.admin.parts.forms import is_key
from consultations.documents.issuing import draft_of, issue, last_issued, missing_of
from consultations.documents.kinds import KINDS, may_issue, may_open, model_of
from consultations.documents.letter_to import LETTER, addressed
from consultations.models import IssuedDocument, Patient, StaleRecordError
from consultations.summaries.integrity import is_as_recorded, read_file
from consultations.vocabulary import AccessKind

logger = logging.getLogger(__name__)
MAY_LIST = "consultations.view_issueddocument"
# Our own pages may show it in a frame; nobody else's.
FRAMED_BY_US = {"frame-ancestors": [SELF]}


def documents(model_admin, request, object_id):
    """List what was issued to or about a patient, latest first, and offer what can be."""
    patient = model_admin.record_or_404(request, object_id, MAY_LIST)
    found = patient.documents.latest_first().select_related(
        "created_by", "entered_in_error_by", *ABOUT_READ
    )
    told, replaced = about_in_words(found), replaced_quotes(found)
    context = {
        **model_admin.page_context(request, patient, _("Documents")),
        "documents": [
            (one, may_open(request.user, one), told[one.pk], replaced.get(one.pk)) for one in found
        ],
        "offers": offers_of(patient, request.user),
        "sees_clinical": request.user.has_perm("consultations.view_clinical"),
        "may_withdraw": request.user.has_perm("consultations.enter_in_error"),
    }
    return TemplateResponse(request, "admin/consultations/documents.html", context)


def document(model_admin, request, object_id):
    """Show a document as it would be issued, with what it lacks; issue it when that is posted."""
    patient, kind, about = _asked_for(model_admin, request, object_id)
    with_photos = "photos" in (request.POST if request.method == "POST" else request.GET)
    refused = ""
    if request.method == "POST" and "_look" not in request.POST:
        if with_photos != ("shown_with_photos" in request.POST):
            refused = _("The photos were chosen since. Look at it again, then issue it.")
        else:
            options = {"with_photos": with_photos, **seen_in(request)}
            options["only_if"] = partial(_saw_the_last, request, kind, about)
            try:
                if made := issue(kind, about, request.user, **options):
                    return _issued(model_admin, request, made)
                refused = _("It was issued meanwhile. Issue another one only if you need it.")
            except (ValidationError, StaleRecordError) as error:
                refused = " ".join(getattr(error, "messages", [str(error)]))
    return _preview(model_admin, request, patient, kind, about, with_photos, refused)


def _saw_the_last(request, kind, about):
    """Whether the page showed the latest document of this kind about this, if there is one."""
    last = last_issued(kind, about)
    return request.POST.get("last", "") == str(last.pk if last else "")


def seen_in(request):
    """The stamp and the token of the draft that was looked at, as posted."""
    return {"stamp": request.POST.get("stamp", ""), "token": _token_of(request)}


def _token_of(request):
    """The token of a form, as posted; None without one."""
    try:
        return UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def _preview(model_admin, request, patient, kind, about, with_photos, refused):
    draft = None
    try:
        draft = draft_of(kind, about, request.user, with_photos=with_photos)
        draft.pdf()
    except ValidationError as error:
        draft, refused = None, " ".join(error.messages)
    draft_url = preview_url(kind, about, patient, "document_draft") + (
        "&photos=on" if with_photos else ""
    )
    context = {
        **model_admin.page_context(request, patient, kind.label, AccessKind.DOCUMENT),
        "kind": kind,
        "about": about,
        "send": send_step(about, request.user) if kind == LETTER and draft is None else None,
        "about_url": admin_url(about._meta.model_name, "change", about.pk),
        "draft": draft,
        "token": uuid4(),
        "draft_url": draft_url,
        "refused": refused,
        "missing": missing_of(kind, about),
        "last": last_issued(kind, about),
        "photos": KINDS[kind].photos(about) if draft else [],
        "with_photos": with_photos,
        "sees_clinical": request.user.has_perm("consultations.view_clinical"),
    }
    return TemplateResponse(request, "admin/consultations/document.html", context)


def _issued(model_admin, request, made):
    words = _("Issued: %(document)s.") % {"document": made}
    link = format_html('<a class="step" href="{}">{}</a>', file_url(made), _("Open"))
    send = _way_to_send(made, request.user)
    model_admin.message_user(request, format_html("{} {} {}", words, link, send), messages.SUCCESS)
    url = admin_url("patient", "documents", made.patient_id)
    return HttpResponseRedirect(f"{url}#document-{made.pk}")


def _way_to_send(made, user):
    """From a letter on to saying that it was sent."""
    step = send_step(made.referral, user) if made.referral_id else None
    return format_html('<a class="step" href="{}">{}</a>', step.url, step.label) if step else ""


def file_url(made):
    return admin_url("issueddocument", "file", made.pk)


@xframe_options_sameorigin
@csp_replace(FRAMED_BY_US)
def document_draft(model_admin, request, object_id):
    """The PDF of a document as it would be issued now; it is stored nowhere."""
    patient, kind, about = _asked_for(model_admin, request, object_id)
    if kind == LETTER and (to := request.GET.get("to")):
        about = _addressed_to(about, to)
    try:
        draft = draft_of(kind, about, request.user, with_photos="photos" in request.GET)
        content = draft.pdf()
    except ValidationError:
        raise Http404 from None  # the page around it says why
    shown(request, patient, about, kind=AccessKind.DOCUMENT, on=[AccessKind.DOCUMENT])
    return HttpResponse(content, content_type="application/pdf")


def _addressed_to(referral, token):
    try:
        return addressed(referral, surgeon_named(token))
    except BadSignature:
        raise Http404 from None


def _asked_for(model_admin, request, object_id):
    """The patient, the kind and the record that a document is to be about, of those who may."""
    kind = next((one for one in KINDS if one.value == request.GET.get("kind")), None)
    if kind is None:
        patient = model_admin.record_or_404(request, object_id, MAY_LIST)
        raise Http404
    if not may_issue(request.user, kind):
        raise PermissionDenied
    patient = model_admin.record_or_404(request, object_id)
    key, model = request.GET.get("about", ""), model_of(kind)
    if not is_key(key):
        raise Http404
    about = patient if model is Patient else model.objects.of(patient).filter(pk=key).first()
    if about is None or str(about.pk) != key:
        raise Http404
    return patient, kind, about


@xframe_options_sameorigin
@csp_replace(FRAMED_BY_US)
def document_file(model_admin, request, object_id):
    """The file of an issued document, as it was issued, to those who may read it."""
    if not request.user.has_perm(MAY_LIST):
        raise PermissionDenied
    known = IssuedDocument.objects.select_related("patient")
    made = known.filter(pk=object_id).first() if is_key(object_id) else None
    if made is None or not made.file:
        raise Http404
    if not may_open(request.user, made):
        raise PermissionDenied
    content = read_file(made.file)
    if content is None or not is_as_recorded(made, "file", content):
        logger.error("The file of document %s is not the one that was issued.", made.pk)
        raise Http404
    opened(request, AccessKind.DOCUMENT, patient=made.patient, record=made)
    return FileResponse(
        io.BytesIO(content), content_type="application/pdf", filename=f"{made.number}.pdf"
    )
