"""The fields of a staff account: their words, the roles on offer, and who may change what."""

from django import forms
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import CharField, Q
from django.utils.translation import gettext_lazy as _

from consultations.models.text import no_invisible_characters, readable
from consultations.permissions import ROLES

from .forms import RolesField

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


class StaffFields(UserAdmin):
    """The form of an account, but for its sections."""

    @property
    def media(self):
        """These pages need no script."""
        return forms.Media()

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
