"""The list of staff accounts, and of colleagues to choose from."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.admin.pages.lists_out import ListsOut
from consultations.admin.parts.asked_for import is_choosing
from consultations.admin.parts.changelist import CappedPaginator
from consultations.admin.parts.displays import chip


class StaffList(ListsOut, UserAdmin):
    paginator = CappedPaginator
    list_display = [
        "username",
        "first_name",
        "last_name",
        "roles",
        "works_here",
        "password_to_come",
    ]
    list_filter = []
    list_per_page = 50
    show_full_result_count = False
    ordering = ["username"]
    sortable_by = ["username"]
    search_fields = ["username__istartswith", "first_name__istartswith", "last_name__istartswith"]
    actions = ()

    def get_queryset(self, request):
        users = super().get_queryset(request).select_related("given_password")
        users = users.prefetch_related("groups")
        if not is_choosing(request):
            return users
        here = User.objects.filter(is_active=True, is_staff=True)
        same = here.filter(first_name=OuterRef("first_name"), last_name=OuterRef("last_name"))
        namesakes = same.exclude(pk=OuterRef("pk")).exclude(first_name="", last_name="")
        return users.filter(is_active=True, is_staff=True).annotate(has_namesake=Exists(namesakes))

    def changelist_view(self, request, extra_context=None):
        words = {"title": _("Staff"), "new_name": _("staff account")}
        return super().changelist_view(request, words | (extra_context or {}))

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all()) or None

    @admin.display(description=_("works here"))
    def works_here(self, user):
        if not user.is_staff:
            return chip("", gettext("does not work here"), "quiet")
        if not user.is_active:
            return chip("", gettext("may not sign in"), "stop")
        return chip("", gettext("Yes"), "good")

    @admin.display(description=_("password"))
    def password_to_come(self, user):
        given = getattr(user, "given_password", None)
        if given is None:
            return None
        if given.is_exposed:
            return _("must choose a new one: others may know it")
        return _("must choose their own")
