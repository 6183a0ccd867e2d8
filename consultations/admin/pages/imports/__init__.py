"""Bring in the records of another system, step by step, and undo that: for the manager."""

import csv
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.pictures import MOST_BYTES
from consultations.exchange.imports import staging
from consultations.exchange.imports.targets import TARGETS
from consultations.exchange.reading.columns import SYSTEMS, template, template_rows
from consultations.exchange.reading.encodings import ENCODINGS
from consultations.exchange.reading.tables import UnreadableFileError
from consultations.models import ImportBatch
from consultations.vocabulary import ImportState

from .steps import acts, context_of

MAY_IMPORT = "consultations.import_records"
MOST_ROWS = 5000  # of a file in the browser; the command takes more
MOST_LISTED = 50


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, XLSX, vCard or FHIR (JSON), up to 5,000 rows; larger ones by the command."
        ),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("From"),
        choices=[
            ("auto", gettext_lazy("Told by its headings")),
            ("own", gettext_lazy("Our own template")),
            *((system.key, system.name) for system in SYSTEMS.values()),
        ],
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        required=False,
        choices=[
            ("", gettext_lazy("Told by its letters")),
            *((one.codec, one.words) for one in ENCODINGS.values()),
        ],
        help_text=gettext_lazy("Of CSV that is not in UTF-8, where names come out wrong."),
    )

    def clean_file(self):
        """A larger file was not read to its end."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            words = _("The file is larger than %(most)s MB. Import it by the command.")
            raise ValidationError(words % {"most": MOST_BYTES // 1024**2})
        return file


def imports(site, request):
    """List what came in; a file that is posted is read, and leads on to its columns."""
    _require(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*posted, auto_id="id_import_%s")
    if request.method == "POST" and form.is_valid() and (batches := _staged(form, request.user)):
        if len(batches) > 1:
            messages.info(request, _("The file has several sheets. Each is an import of its own."))
        return HttpResponseRedirect(_url(batches[0]))
    context = {
        **site.each_context(request),
        "title": _("Import"),
        "form": form,
        "batches": ImportBatch.objects.listed()[:MOST_LISTED],
        "targets": list(TARGETS),
    }
    return TemplateResponse(request, "admin/consultations/imports/list.html", context)


def import_batch(site, request, key):
    """Show one import at the step it has come to; what is posted is its next step."""
    _require(request)
    batch = get_object_or_404(ImportBatch.objects.listed(), pk=key)
    if request.method == "POST":
        act = next((act for name, act in acts().items() if name in request.POST), None)
        if act is None:
            return HttpResponseRedirect(_url(batch))
        try:
            answer = act(request, batch)
        except ValidationError as error:
            # What was chosen of the columns is not lost.
            answer = {} if batch.state == ImportState.READ else None
            for words in error.messages:
                messages.error(request, words)
        # What goes on by itself is shown at once.
        if answer is None:
            return HttpResponseRedirect(_url(batch))
        context = answer
    else:
        context = {}
    batch = ImportBatch.objects.listed().get(pk=key)
    context = {
        **site.each_context(request),
        "title": _("Import %(number)s") % {"number": batch.pk},
        "batch": batch,
        **context_of(batch, request),
        **context,
    }
    return TemplateResponse(request, "admin/consultations/imports/batch.html", context)


def import_template(site, request, target):
    """Our own file of one kind, to be filled in."""
    _require(request)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    if target not in TARGETS:
        raise Http404
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{target}.csv"'
    writer = csv.writer(answer)
    writer.writerow(template(target))
    writer.writerows(template_rows(target))
    return answer


def _require(request):
    if not request.user.has_perm(MAY_IMPORT):
        raise PermissionDenied


def _url(batch):
    return reverse("admin:consultations_import_batch", args=[batch.pk])


def _staged(form, user):
    """The batches of a posted file; None where it is refused, which the form then says."""
    file = form.cleaned_data["file"]
    stage = partial(staging.stage, file, file.name, by=user, most=MOST_ROWS)
    try:
        return stage(format=form.cleaned_data["format"], encoding=form.cleaned_data["encoding"])
    except (UnreadableFileError, ValidationError) as error:
        form.add_error("file", getattr(error, "messages", None) or str(error))
    return None
