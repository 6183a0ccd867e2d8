"""A patient's photos: the gallery, above it the upload, and before that the consent it needs."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.actions.consents import (
    give_photo_consent,
    photo_consent_of,
)
from consultations.actions.photos import keep_photo
from consultations.actions.pictures import MOST_BYTES
from consultations.admin.parts.days import DayField, DayInput
from consultations.admin.parts.displays import admin_url
from consultations.admin.parts.forms import is_key
from consultations.models import Consent, ConsentWording
from consultations.models.first_wordings import first_wording
from consultations.models.photo import VIEWS_OF_AREA
from consultations.rules.protocol import ADULT_AGE
from consultations.summaries.photos import photos_of
from consultations.vocabulary import AccessKind, Area, ConsentKind, PhotoView

from .consents.signing import RefusalForm, add_refusal, is_refused
from .dicom import may_export_photos
from .merged import led_on

MOST_FILES = 20


class PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class PicturesField(forms.Field):
    """Several files; each is judged by itself when it is kept."""

    widget = PicturesInput

    def clean(self, value):
        files = super().clean(value)
        if len(files) > MOST_FILES:
            raise ValidationError(
                _("At most %(most)s photos at once; these are %(count)s. None was saved.")
                % {"most": MOST_FILES, "count": len(files)}
            )
        return files


class UploadForm(forms.Form):
    photos = PicturesField(error_messages={"required": gettext_lazy("Choose at least one photo.")})
    area = forms.ChoiceField(
        choices=Area.choices, error_messages={"required": gettext_lazy("Choose an area.")}
    )
    view = forms.ChoiceField(
        choices=PhotoView.choices, error_messages={"required": gettext_lazy("Choose a view.")}
    )
    taken_on = DayField(required=False)

    def __init__(self, *args, patient, **kwargs):
        super().__init__(*args, **kwargs)
        self.patient = patient

    def clean_taken_on(self):
        day = self.cleaned_data["taken_on"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This date is in the future."))
        if day and day < self.patient.date_of_birth:
            raise ValidationError(_("This is before the patient was born."))
        return day

    def clean(self):
        area, view = self.cleaned_data.get("area"), self.cleaned_data.get("view")
        if area and view and view not in VIEWS_OF_AREA[area]:
            self.add_error("view", _("This area has no such view."))

    def keep(self, by):
        """Keep each photo by itself; returns those kept, and what `told_of` tells of the others."""
        kept, refused = [], []
        where = {name: self.cleaned_data[name] for name in ("area", "view", "taken_on")}
        for file in self.cleaned_data["photos"]:
            try:
                kept.append(keep_photo(patient=self.patient, file=file, by=by, **where))
            except ValidationError as refusal:
                refused.append(told_of(file.name, refusal))
        return kept, refused


def told_of(name, refusal):
    """A file that was refused and why; "ask" says what has to be told of it to be taken."""
    told = {"name": name, "reason": " ".join(refusal.messages)}
    return told | {"ask": "day"} if getattr(refusal, "code", None) == "day" else told


class PhotoConsentForm(forms.ModelForm):
    """`wording` says which words were on the page that was signed; blank for the first."""

    wording = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Consent
        fields = ["signed_name", "given_on", "by_guardian"]
        field_classes = {"given_on": DayField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.patient.age_on(timezone.localdate()) >= ADULT_AGE:
            del self.fields["by_guardian"]

    def keep(self, by):
        """Keep the consent; False, with the reasons in the form, where that cannot be."""
        try:
            give_photo_consent(
                patient=self.instance.patient,
                signed_name=self.cleaned_data["signed_name"],
                given_on=self.cleaned_data["given_on"],
                by_guardian=self.cleaned_data.get("by_guardian", False),
                wording=self._wording_shown(),
                by=by,
            )
        except ValidationError as refusal:
            add_refusal(self, refusal)
            return False
        return True

    def _wording_shown(self):
        """None for the first wording; one that nobody knows is none that was shown."""
        key = self.cleaned_data["wording"]
        found = ConsentWording.objects.filter(pk=key).first() if is_key(key) else None
        return found or (ConsentWording() if key else None)


def photos(model_admin, request, object_id):
    """Show a patient's photos to those who may read clinical fields; take new ones."""
    patient = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    if patient.merged_into_id:
        return led_on(model_admin, request, patient, "photos")
    if not request.user.has_perm("consultations.view_photo"):
        raise PermissionDenied
    consent = photo_consent_of(patient)
    upload = UploadForm(patient=patient, initial=_chosen_before(request))
    typed = request.POST.dict()  # also beside the button that was pressed: it is not lost
    signing = PhotoConsentForm(instance=Consent(patient=patient), initial=typed)
    refusal = RefusalForm(initial=typed)
    if request.method == "POST" and "_consent" in request.POST:
        _require(request, "consultations.add_consent")
        signing = PhotoConsentForm(request.POST, instance=Consent(patient=patient))
        if consent or (signing.is_valid() and signing.keep(request.user)):
            messages.success(request, _("The patient has agreed to photos."))
            return HttpResponseRedirect(request.path)
    elif request.method == "POST" and "_refuse" in request.POST:
        _require(request, "consultations.add_consent")
        refusal = RefusalForm(request.POST)
        if refusal.is_valid() and is_refused(request, patient, ConsentKind.PHOTO, refusal):
            messages.success(request, _("Recorded: not agreed."))
            return HttpResponseRedirect(request.path)
    elif request.method == "POST":
        _require(request, "consultations.add_photo")
        upload = UploadForm(request.POST, request.FILES, patient=patient)
        answer = _take(request, upload)
        if answer is not None:
            return answer
    context = {
        **model_admin.page_context(request, patient, _("Photos"), AccessKind.PHOTO),
        **_about_upload(request, patient, upload),
        "sees_clinical": True,
        "areas": (areas := photos_of(patient)),
        "can_export": bool(areas) and may_export_photos(request.user),
        "consent": consent,
        **({} if consent else _about_consent(request, patient, signing)),
        "refusal": refusal,
    }
    return TemplateResponse(request, "admin/consultations/photos.html", context)


def _about_upload(request, patient, upload):
    return {
        "upload": upload,
        "choices": _choices(upload),
        "each_day": DayInput().render("each-day", None),
        "may_add": request.user.has_perm("consultations.add_photo") and _goes_on(patient),
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // 1024**2,
    }


def _require(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _goes_on(patient):
    return not (patient.in_error or patient.erased_at)


def _chosen_before(request):
    """Area and view of the last upload, so that the next begins there."""
    return {name: request.GET.get(name, "") for name in ("area", "view")}


def _take(request, upload):
    """Keep what was uploaded: answer the page's script in JSON, a plain form by going back.

    None where the form itself is not right yet.
    """
    scripted = request.headers.get("Accept") == "application/json"
    if not upload.is_valid():
        told = [message for told in upload.errors.values() for message in told]
        return JsonResponse({"errors": told}, status=400) if scripted else None
    kept, refused = upload.keep(request.user)
    if scripted:
        return JsonResponse({"kept": len(kept), "refused": refused})
    if kept:
        words = ngettext("%(count)s photo saved.", "%(count)s photos saved.", len(kept))
        messages.success(request, words % {"count": len(kept)})
    for one in refused:
        messages.error(request, _("Not saved: %(name)s. %(reason)s") % one)
    chosen = {name: upload.cleaned_data[name] for name in ("area", "view")}
    return HttpResponseRedirect(admin_url("patient", "photos", upload.patient.pk, **chosen))


def _choices(upload):
    """What the figure offers: each area, and each view with the areas it fits."""
    fits = {view: [area for area in Area if view in VIEWS_OF_AREA[area]] for view in PhotoView}
    return {
        "areas": [(area.value, area.label, upload["area"].value() == area) for area in Area],
        "views": [
            (view.value, view.label, upload["view"].value() == view, fits[view])
            for view in PhotoView
        ],
    }


def _about_consent(request, patient, signing):
    """What is shown instead of the upload: the words to sign, or when they were taken back."""
    wording = ConsentWording.objects.current(ConsentKind.PHOTO)
    answers = Consent.objects.answers().to_photos().filter(patient=patient)
    latest = answers.order_by("-given_on", "-pk").first()
    return {
        "signing": signing,
        "wording": wording,
        "wording_text": wording.text if wording else first_wording(ConsentKind.PHOTO),
        "withdrawn": latest if latest and latest.withdrawn_on else None,
        "refused": latest if latest and latest.refused else None,
        "may_consent": request.user.has_perm("consultations.add_consent") and _goes_on(patient),
    }
