"""The clinic's logo, as it is printed: looked at, changed, taken off."""

import io

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.logos import keep_logo, take_logo_off
from consultations.models import ClinicSettings
from consultations.summaries.integrity import read_file


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=gettext_lazy("New logo"),
        help_text=gettext_lazy(
            "A JPEG, PNG, WebP or HEIC picture; no SVG. Its colours are turned into RGB."
        ),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )


def logo(model_admin, request):
    """Show it; a picture that is posted takes its place. It is taken off once somebody is sure."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST" and "sure" in request.POST:
        take_logo_off(by=request.user)
        model_admin.message_user(request, _("No logo is printed any more."), messages.SUCCESS)
        return HttpResponseRedirect(request.path)
    asks = "remove" in request.POST
    is_sent = request.method == "POST" and not asks
    form = LogoForm(request.POST, request.FILES) if is_sent else LogoForm()
    if is_sent and _is_kept(form, request):
        model_admin.message_user(request, _("The logo was changed."), messages.SUCCESS)
        return HttpResponseRedirect(request.path)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Logo"),
        "opts": model_admin.opts,
        "form": form,
        "asks": asks,
        "clinic": ClinicSettings.objects.current(),
    }
    return TemplateResponse(request, "admin/consultations/logo.html", context)


def _is_kept(form, request):
    if not form.is_valid():
        return False
    try:
        keep_logo(file=form.cleaned_data["logo"], by=request.user)
    except ValidationError as error:
        form.add_error("logo", error)
        return False
    return True


def logo_file(model_admin, request):
    """The picture itself, for everybody who is signed in: it stands on every printed page."""
    content = read_file(ClinicSettings.objects.current().logo)
    if content is None:
        raise Http404
    return FileResponse(io.BytesIO(content), content_type="image/png", filename="logo.png")
