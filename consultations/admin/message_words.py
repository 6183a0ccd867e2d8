"""Message templates and how to prepare: the clinic's words, with a preview; kept by the manager."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import MessageTemplate, PreCare
from consultations.models.message_words import PLACES
from consultations.summaries.message_words import preview_of, usual
from consultations.vocabulary import MessageChannel, MessageKind

from .base import RecordAdmin
from .parts.displays import struck
from .parts.forms import RecordForm

PREVIEW = "_preview"


class MessageTemplateForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.only_looks = PREVIEW in self.data
        if "body" in self.fields:
            places = ", ".join(f"{{{name}}} ({about})" for name, about in PLACES.items())
            self.fields["body"].help_text = _(
                "Places: %(places)s. A line whose places have nothing to say is left out. Messages "
                "hold nothing clinical and name nobody; only English words are checked for it."
            ) % {"places": places}


class ByKind:
    """A list of texts, each called what it is for."""

    @admin.display(description=gettext_lazy("for"))
    def name(self, record):
        return struck(record, format_html('<a href="{}">{}</a>', self.url_of(record), record))


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ByKind, RecordAdmin):
    form = MessageTemplateForm
    change_form_template = "admin/consultations/messagetemplate_form.html"
    when_empty = gettext_lazy("Messages are written in our own words until a template is saved.")
    list_display = ["name", "beginning"]
    ordering = ["kind", "channel", "language", "pk"]
    search_fields = ["body"]
    fieldsets = [(None, {"fields": [("kind", "channel", "language"), "subject", "body"]})]

    def get_changeform_initial_data(self, request):
        """A new template starts from our own words."""
        initial = super().get_changeform_initial_data(request)
        kind = initial.setdefault("kind", MessageKind.CONFIRMATION)
        channel = initial.setdefault("channel", MessageChannel.EMAIL)
        if kind in MessageKind and channel in MessageChannel:
            words = usual(MessageKind(kind), MessageChannel(channel))
            initial = {"subject": words.subject, "body": words.body} | initial
        return initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Filled in for an appointment that nobody has: what is typed, or what is saved."""
        form = context["adminform"].form
        if form.is_bound and not form.errors:
            context["preview"], context["is_typed"] = preview_of(form.instance), True
        elif obj is not None and not form.is_bound:
            context["preview"] = preview_of(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("beginning"))
    def beginning(self, template):
        return (template.subject or template.body)[:80]


@admin.register(PreCare)
class PreCareAdmin(ByKind, RecordAdmin):
    when_empty = gettext_lazy("E-mails say nothing of preparing until a text is saved.")
    list_display = ["name", "beginning"]
    ordering = ["laser_type", "language", "pk"]
    search_fields = ["text"]
    fieldsets = [(None, {"fields": [("laser_type", "language"), "text"]})]

    @admin.display(description=gettext_lazy("beginning"))
    def beginning(self, text):
        return text.text[:80]
