"""Staff accounts: the manager administers them and gives roles, but makes nobody superuser."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group, User
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts.calendar_addresses import made_at, take_away
from consultations.accounts.lock_out import slowed
from consultations.accounts.passwords import give_password, is_exposed
from consultations.accounts.second_factor import device_id_of
from consultations.admin.pages.history import staff_history
from consultations.admin.parts.asked_for import is_choosing, refuse_buttons
from consultations.permissions import sees_clinical
from consultations.summaries.timeline import name_of

from .fields import StaffFields
from .forms import ColleaguesPasswordForm, NewStaffForm, StaffForm
from .lists import StaffList
from .pages.colleague import colleague_urls

# Accounts have their own admin here; the keys of authenticators have none.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


@admin.register(User)
class StaffAdmin(StaffList, StaffFields):
    form = StaffForm
    add_form = NewStaffForm
    change_password_form = ColleaguesPasswordForm
    change_form_template = "admin/auth/user/staff_form.html"
    add_form_template = None
    fieldsets = [
        (None, {"fields": ["username"]}),
        (_("Person"), {"fields": [("first_name", "last_name", "email")]}),
        (_("Role"), {"fields": [("is_active", "is_staff"), "groups"]}),
        (None, {"fields": StaffForm.HIDDEN, "classes": ["hidden"]}),
    ]
    add_fieldsets = [
        (_("Person"), {"fields": [("first_name", "last_name")]}),
        (_("Role"), {"fields": ["groups", "is_staff"]}),
        (_("Signing in"), {"fields": ["username", ("password1", "password2")]}),
    ]

    def get_object(self, request, object_id, from_field=None):
        """Return the account by its key, also with an empty `?_to_field=`."""
        return super().get_object(request, object_id, from_field or None)

    def has_view_permission(self, request, obj=None):
        """Let those who read clinical fields choose a colleague; only the manager sees accounts."""
        picks = is_choosing(request) and sees_clinical(request.user)
        return picks or super().has_view_permission(request, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        refuse_buttons(request, "_sign")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_changeform_initial_data(self, request):
        return {"is_staff": True}

    def has_change_permission(self, request, obj=None):
        """Only a superuser may change a superuser."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            give_password(user=obj)
        if not (obj.is_active and obj.is_staff):
            # Opening the account again does not open an address that nobody remembers.
            take_away(user=obj)

    def response_add(self, request, obj, post_url_continue=None):
        words = gettext("%(name)s signs in as %(username)s and then chooses a password.")
        named = {"name": name_of(obj), "username": obj.username}
        self.message_user(request, words % named, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[obj.pk]))

    def response_change(self, request, obj):
        words = gettext("Saved: %(what)s.") % {"what": name_of(obj)}
        self.message_user(request, words, messages.SUCCESS)
        page = ["change", obj.pk] if "_continue" in request.POST else ["changelist"]
        return HttpResponseRedirect(reverse(f"admin:auth_user_{page[0]}", args=page[1:]))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        user = form.instance
        if not user.is_superuser and not user.groups.exists():
            words = gettext("No role yet: %(name)s can open nothing.")
            self.message_user(request, words % {"name": user}, messages.WARNING)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_change = obj is not None and self.has_change_permission(request, obj)
        context |= {
            "show_save_and_add_another": False,
            "title": _("New staff account") if obj is None else name_of(obj),
            "list_name": _("Staff"),
        }
        if may_change and obj != request.user:
            context |= {
                "colleague": obj,
                "limits": slowed(obj),
                "is_exposed": is_exposed(obj),
                "has_second_factor": device_id_of(obj) is not None,
                "calendar_made_at": made_at(obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_urls(self):
        return colleague_urls(self) + super().get_urls()

    def user_change_password(self, request, id, form_url=""):
        """Redirect one's own account to the page that asks for the old password."""
        user = self.get_object(request, unquote(id))
        if user == request.user and self.has_change_permission(request, user):
            return HttpResponseRedirect(reverse("admin:password_change"))
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request, obj=None):
        """Accounts are closed, never deleted: records keep the names of their writers."""
        return False

    def history_view(self, request, object_id, extra_context=None):
        return staff_history(self, request, object_id)

    def log_addition(self, request, obj, message):
        """Log nothing: the account has its own history, as records do."""

    def log_change(self, request, obj, message):
        """Log nothing, as in log_addition."""
