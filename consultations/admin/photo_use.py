"""Uses of photos: added from a photo's page, taken down with one press from wherever they stand."""

from django.contrib import admin, messages
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.photo_uses import agrees_to_publicity, keep_use, refuse_use
from consultations.models import PhotoUse
from consultations.models.text import day_in_words

from .base import RecordAdmin
from .pages.taken_down import taken_down
from .parts.displays import admin_url, struck
from .parts.filters import PhotoUseStateFilter
from .parts.form_checks import refuse_record_that_ended
from .parts.forms import RecordForm, hide_when_known
from .parts.photo_uses import use_state


class PhotoUseForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "photo")

    def clean(self):
        cleaned = super().clean()
        if photo := cleaned.get("photo"):
            refuse_record_that_ended(self, photo.patient)
        return cleaned

    def check_with_others(self):
        self.try_to(refuse_use, self.instance)


@admin.register(PhotoUse)
class PhotoUseAdmin(RecordAdmin):
    form = PhotoUseForm
    when_empty = gettext_lazy("A use is added from the page of a photo.")
    own_pages = {"taken_down": ("<path:object_id>/taken-down/", taken_down)}
    list_display = ["shown", "who", "photographed", "began", "state"]
    in_files = {"began": "since"}
    list_select_related = ["photo"]
    list_filter = [PhotoUseStateFilter]
    ordering = ["-since", "-pk"]
    autocomplete_fields = ["photo"]
    fieldsets = [(None, {"fields": ["photo", "where", ("since", "down_on")]})]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo")

    def title_of(self, record):
        return _("Photo used: %(where)s") % {"where": record.where}

    def after_save(self, request, obj):
        return admin_url("photo", "change", obj.photo_id)

    def save_model(self, request, obj, form, change):
        if not change or form.changed_data:
            keep_use(use=obj, by=request.user)
            if obj.is_up and not agrees_to_publicity(obj.photo.patient):
                words = _("The patient does not agree to it any more: take it down.")
                self.message_user(request, words, messages.WARNING)

    @admin.display(description=gettext_lazy("where"))
    def shown(self, use):
        return struck(use, format_html('<a href="{}">{}</a>', self.url_of(use), use.where))

    @admin.display(description=gettext_lazy("photo"))
    def photographed(self, use):
        url = admin_url("photo", "change", use.photo_id)
        return format_html('<a href="{}">{}</a>', url, use.photo)

    @admin.display(description=gettext_lazy("since"))
    def began(self, use):
        return day_in_words(use.since)

    @admin.display(description=gettext_lazy("state"))
    def state(self, use):
        return use_state(use)
