"""Staff accounts: kept by the manager, who can give roles but not make anybody superuser."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _

from consultations.actions.roles import sees_clinical

from .base import is_choosing
from .changelist import CappedPaginator
from .forms import is_key
from .pages.history import staff_history

admin.site.unregister(User)
admin.site.unregister(Group)


class RolesField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        """A key that no database could hold is a wrong choice like any other."""
        if wrong := [one for one in value or () if not is_key(one)]:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": wrong[0]},
            )
        return super().clean(value)


@admin.register(User)
class StaffAdmin(UserAdmin):
    paginator = CappedPaginator
    list_display = ["username", "first_name", "last_name", "roles", "is_active"]
    list_filter = []
    list_per_page = 50
    show_full_result_count = False
    ordering = ["username"]
    sortable_by = ["username"]
    search_fields = ["username__istartswith", "first_name__istartswith", "last_name__istartswith"]
    actions = ()
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Role"), {"fields": ["is_active", "is_staff", "groups"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "usable_password",
                    "password1",
                    "password2",
                    "first_name",
                    "last_name",
                    "is_staff",
                    "groups",
                ]
            },
        ),
    ]

    @property
    def media(self):
        """Nothing on these pages needs a script."""
        return forms.Media()

    def get_queryset(self, request):
        users = super().get_queryset(request).prefetch_related("groups")
        return users.filter(is_active=True, is_staff=True) if is_choosing(request) else users

    def has_view_permission(self, request, obj=None):
        """Whoever records care may pick a colleague by name; accounts are the manager's."""
        picks = is_choosing(request) and sees_clinical(request.user)
        return picks or super().has_view_permission(request, obj)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": RolesField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Nobody but a superuser gives themselves another role."""
        own = obj is not None and obj == request.user and not request.user.is_superuser
        return ["groups", "is_staff", "is_active"] if own else []

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": _("Staff"), **(extra_context or {})})

    def get_changeform_initial_data(self, request):
        return {"is_staff": True}

    def has_change_permission(self, request, obj=None):
        """Nobody but a superuser changes a superuser."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Accounts are switched off: the records they wrote keep their name."""
        return False

    def history_view(self, request, object_id, extra_context=None):
        return staff_history(self, request, object_id)

    def log_addition(self, request, obj, message):
        """As with records: history is kept by the account itself."""

    def log_change(self, request, obj, message):
        """As log_addition."""

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all()) or None
