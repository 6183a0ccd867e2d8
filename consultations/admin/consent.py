"""Consents and their wordings: given on the page that needs them, withdrawn here."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Consent, ConsentWording, patient_of
from consultations.models.first_wordings import first_wording
from consultations.models.signature import as_svg
from consultations.models.text import day_in_words
from consultations.summaries.timeline import name_of
from consultations.vocabulary import ConsentKind

from .base import RecordAdmin
from .pages.consents.states import withdraw_step
from .pages.consents.withdrawal import withdrawal
from .parts.displays import chip, struck, whose
from .parts.documents import document_steps
from .parts.forms import RecordForm


@admin.register(Consent)
class ConsentAdmin(RecordAdmin):
    own_pages = {"withdraw": ("<path:object_id>/withdraw/", withdrawal)}
    when_empty = gettext_lazy("A patient consents on the page that needs it, such as their photos.")
    list_display = ["what", "who", "signed_name", "given", "state"]
    in_files = {"given": "given_on"}
    list_select_related = ["wording"]
    ordering = ["-pk"]
    readonly_fields = [
        *("wording", "words", "signed_name", "given_on", "seal"),
        *("beside", "drawing", "taken_by", "kept_at", "said"),
        *("withdrawn_on", "no_reason"),
    ]

    class Media:
        css = {"all": ["consultations/photos.css", "consultations/consents.css"]}

    def fieldsets_for(self, request, obj):
        signed = ["signed_name", "given_on", "taken_by", *(["kept_at"] if obj.kept_at else [])]
        drawing = ["drawing"] if obj.points else []
        beside = ["beside"] if obj.read_as else []
        return [
            (None, {"fields": ["said", tuple(signed), *drawing, ("withdrawn_on", "no_reason")]}),
            (gettext_lazy("What was signed"), {"fields": ["words", *beside, ("wording", "seal")]}),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_add_permission(self, request):
        """A consent is given on the page that needs it, where its words can be read in full."""
        return False

    def has_change_permission(self, request, obj=None):
        """What was signed stays; it is withdrawn on its own page, and to agree again is to sign
        again."""
        return False

    def more_on_page(self, request, obj):
        if obj.is_given and request.user.has_perm("consultations.withdraw_consent"):
            return {"documents": [*document_steps(obj, request.user), withdraw_step(obj)]}
        return {}

    @admin.display(description=gettext_lazy("consent to"))
    def said(self, consent):
        if consent.plan_id is None:
            return consent.wording.get_kind_display()
        return _("%(area)s, %(severity)s: %(laser)s laser, %(sessions)s sessions") % {
            "area": consent.plan.assessment.get_area_display(),
            "severity": consent.get_severity_display().lower(),
            "laser": consent.get_laser_type_display().lower(),
            "sessions": consent.sessions,
        }

    @admin.display(description=gettext_lazy("taken and witnessed by"))
    def taken_by(self, consent):
        return name_of(consent.created_by)

    @admin.display(description=gettext_lazy("signature"))
    def drawing(self, consent):
        return format_html('<div class="signed-drawing">{}</div>', as_svg(consent.points))

    @admin.display(description=gettext_lazy("read beside it"))
    def beside(self, consent):
        sections = consent.read_as.get("parts", [])
        return format_html_join(
            "", "<h3>{}</h3>{}", ((one["title"], _list(one)) for one in sections)
        )

    @admin.display(description=gettext_lazy("text"))
    def words(self, consent):
        if consent.kept_at:
            return _("What was read and signed stands on the paper.")
        return consent.wording.text

    @admin.display(description=gettext_lazy("seal"))
    def seal(self, consent):
        if patient_of(consent).erased_at:
            return chip("", _("erased"), "quiet")
        if consent.kept_at:
            return chip("", _("on paper"), "quiet")
        if consent.is_as_signed:
            return chip("", _("unchanged since it was signed"), "good")
        return chip("", _("not what was signed"), "stop")

    @admin.display(description=gettext_lazy("consent to"))
    def what(self, consent):
        link = format_html('<a href="{}">{}</a>', self.url_of(consent), str(consent.wording))
        return struck(consent, link)

    @admin.display(description=gettext_lazy("patient"))
    def who(self, consent):
        return whose(patient_of(consent))

    @admin.display(description=gettext_lazy("given on"))
    def given(self, consent):
        return day_in_words(consent.given_on)

    @admin.display(description=gettext_lazy("state"))
    def state(self, consent):
        if consent.refused:
            return chip("", _("refused"), "stop")
        if consent.withdrawn_on:
            words = _("withdrawn on %(day)s")
            return chip("", words % {"day": day_in_words(consent.withdrawn_on)}, "stop")
        return chip("", _("in force"), "good")


def _list(section):
    lines = format_html_join("", "<li>{}</li>", ((line,) for line in section["lines"]))
    return format_html('<ul class="bullets">{}</ul>', lines)


class ConsentWordingForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "text" in self.fields:
            self.fields["text"].widget.attrs["rows"] = 18

    def complete(self):
        wording = self.instance
        if wording.pk is None and wording.kind:
            wording.edition = ConsentWording.objects.next_edition(wording.kind, wording.laser_type)

    def check_with_others(self):
        self.try_to(self.instance.refuse_change_once_used)


@admin.register(ConsentWording)
class ConsentWordingAdmin(RecordAdmin):
    form = ConsentWordingForm
    list_display = ["name", "beginning"]
    ordering = ["-pk"]
    search_fields = ["text"]
    fieldsets = [(None, {"fields": [("kind", "laser_type"), "text"]})]

    def get_changeform_initial_data(self, request):
        """The first wording for photos starts from the one that would be used without it."""
        initial = super().get_changeform_initial_data(request)
        is_first = ConsentWording.objects.current(ConsentKind.PHOTO) is None
        if is_first and initial.setdefault("kind", ConsentKind.PHOTO) == ConsentKind.PHOTO:
            initial["text"] = first_wording(ConsentKind.PHOTO)
        return initial

    @admin.display(description=gettext_lazy("wording"))
    def name(self, wording):
        return struck(wording, format_html('<a href="{}">{}</a>', self.url_of(wording), wording))

    @admin.display(description=gettext_lazy("beginning"))
    def beginning(self, wording):
        return wording.text[:80]
