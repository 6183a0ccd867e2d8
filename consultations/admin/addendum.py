"""Addenda: a list to look through. Each is written and read on the page of its signed record."""

from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from consultations.models import Addendum
from consultations.models.text import moment_in_words
from consultations.summaries.timeline import name_of

from .base import RecordAdmin
from .parts.displays import addendum_url, person, struck

LONGEST_IN_LIST = 120


@admin.register(Addendum)
class AddendumAdmin(RecordAdmin):
    when_empty = gettext_lazy("An addendum is added on the page of a signed record.")
    list_display = ["written", "who", "words", "author"]
    in_files = {"written": "created_at"}
    list_select_related = ["created_by"]
    ordering = ["-pk"]
    fields = ["text"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An addendum is read under what it adds to."""
        addendum = self.get_object(request, object_id)
        if addendum is None or not self.has_view_permission(request, addendum):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(addendum_url(addendum))

    @admin.display(description=gettext_lazy("written"))
    def written(self, addendum):
        when = moment_in_words(addendum.created_at)
        return struck(addendum, format_html('<a href="{}">{}</a>', addendum_url(addendum), when))

    @admin.display(description=gettext_lazy("to"))
    def who(self, addendum):
        return person(str(addendum.corrects))

    @admin.display(description=gettext_lazy("addendum"))
    def words(self, addendum):
        return struck(addendum, person(Truncator(addendum.text).chars(LONGEST_IN_LIST)))

    @admin.display(description=gettext_lazy("by"))
    def author(self, addendum):
        return name_of(addendum.created_by)
