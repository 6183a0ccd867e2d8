"""Staff accounts: the manager administers them and gives roles, but makes nobody superuser."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts.lock_out import slowed, unlock
from consultations.accounts.passwords import give_password, is_exposed
from consultations.accounts.second_factor import device_id_of, reset
from consultations.admin.pages.history import staff_history
from consultations.admin.parts.access_log import where_from
from consultations.admin.parts.asked_for import is_choosing, refuse_buttons
from consultations.admin.parts.changelist import CappedPaginator
from consultations.admin.parts.displays import chip
from consultations.admin.parts.searches import SearchedLists
from consultations.models.staff import tell_of_account
from consultations.models.text import no_invisible_characters, readable
from consultations.permissions import ROLES, sees_clinical
from consultations.summaries.timeline import name_of
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind

from .forms import ColleaguesPasswordForm, NewStaffForm, RolesField, StaffForm

# Accounts have their own admin here; the keys of authenticators have none.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


# Django's labels are about permissions; a clinic has staff and roles.
LABELS = {
    "is_active": (
        _("May sign in"),
        _("Untick it for whoever leaves; what they wrote stays."),
    ),
    "is_staff": (_("Works here"), _("Without it nothing can be opened.")),
    "groups": (
        _("Roles"),
        _(
            "Reception registers and books. Practitioners record sessions. Clinicians also decide, "
            "sign and override. Managers keep the settings and these accounts."
        ),
    ),
    "username": (_("User name"), _("What they type to sign in, for example anna.smith.")),
}


@admin.register(User)
class StaffAdmin(SearchedLists, UserAdmin):
    form = StaffForm
    add_form = NewStaffForm
    change_password_form = ColleaguesPasswordForm
    change_form_template = "admin/auth/user/staff_form.html"
    add_form_template = None
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

    @property
    def media(self):
        """These pages need no script."""
        return forms.Media()

    def get_queryset(self, request):
        users = super().get_queryset(request).select_related("given_password")
        users = users.prefetch_related("groups")
        if not is_choosing(request):
            return users
        here = User.objects.filter(is_active=True, is_staff=True)
        same = here.filter(first_name=OuterRef("first_name"), last_name=OuterRef("last_name"))
        namesakes = same.exclude(pk=OuterRef("pk")).exclude(first_name="", last_name="")
        return users.filter(is_active=True, is_staff=True).annotate(has_namesake=Exists(namesakes))

    def get_object(self, request, object_id, from_field=None):
        """Return the account by its key, also with an empty `?_to_field=`."""
        return super().get_object(request, object_id, from_field or None)

    def has_view_permission(self, request, obj=None):
        """Let those who read clinical fields choose a colleague; only the manager sees accounts."""
        picks = is_choosing(request) and sees_clinical(request.user)
        return picks or super().has_view_permission(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Refuse invisible characters in names, as in records."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in LABELS:
            field.label, field.help_text = LABELS[db_field.name]
        if isinstance(db_field, CharField):
            field.validators += [no_invisible_characters, readable]
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": RolesField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offer only roles; a group that somebody made by hand can only be taken away."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if "groups" in form.base_fields:
            held = obj.groups.values("pk") if obj is not None else ()
            offered = Group.objects.filter(Q(name__in=ROLES) | Q(pk__in=held))
            form.base_fields["groups"].queryset = offered.order_by("name")
        return form

    def get_readonly_fields(self, request, obj=None):
        """Only a superuser may change their own role."""
        own = obj is not None and obj == request.user and not request.user.is_superuser
        return ["groups", "is_staff", "is_active"] if own else []

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        refuse_buttons(request, "_sign")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        words = {"title": _("Staff"), "new_name": _("staff account")}
        return super().changelist_view(request, words | (extra_context or {}))

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
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=_("works here"))
    def works_here(self, user):
        if not user.is_staff:
            return chip("", gettext("does not work here"), "quiet")
        if not user.is_active:
            return chip("", gettext("may not sign in"), "stop")
        return chip("", gettext("Yes"), "good")

    # Actions on how a colleague signs in

    def get_urls(self):
        acts = {"unlock": self.unlock_view, "reset-second-factor": self.reset_view}
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"auth_user_{name.replace('-', '_')}",
            )
            for name, view in acts.items()
        ]
        return own + super().get_urls()

    def unlock_view(self, request, object_id):
        done = gettext("Unlocked. They can try again at once.")
        return self._act(request, object_id, unlock, "Unlocked", done)

    def reset_view(self, request, object_id):
        done = gettext(
            "The sign-in codes are reset. They sign in by password, or set up new codes."
        )
        return self._act(request, object_id, reset, "Sign-in codes reset", done)

    def _act(self, request, object_id, do, words, done):
        """Call `do` on a colleague's account, log it, and add it to the account's history."""
        user = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, user) or user == request.user:
            raise PermissionDenied
        if user is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        do(user=user)
        tell_of_account(user, words)
        record_access(
            by=request.user,
            kind=AccessKind.RECORD,
            address=where_from(request),
            record=user,
            detail=words,
        )
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))

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

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all()) or None

    @admin.display(description=_("password"))
    def password_to_come(self, user):
        given = getattr(user, "given_password", None)
        if given is None:
            return None
        if given.is_exposed:
            return _("must choose a new one: others may know it")
        return _("must choose their own")
