"""Staff accounts are Django's own; their history is kept as that of any record."""

from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.db.models import Q
from django.db.models.signals import m2m_changed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history import register

from consultations.vocabulary import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION

from .append_only import Kept, KeptHistory, KeptHistoryQuerySet

ROLES = (RECEPTION, PRACTITIONER, CLINICIAN, MANAGER)
# Written by signing in, not by anybody who changes the account.
BY_THE_PROGRAM = {"last_login", "password"}


def roles_of(key):
    """The roles that the account with this key holds, as its history keeps them."""
    names = Group.objects.filter(user=key).order_by("name").values_list("name", flat=True)
    return ", ".join(names)


def permissions_of(key):
    """The permissions of the account with this key that its roles do not give: its own, and those
    of other groups."""
    others = Group.objects.filter(user=key).exclude(name__in=ROLES)
    found = Permission.objects.filter(Q(user=key) | Q(group__in=others))
    names = found.values_list("content_type__app_label", "codename").distinct()
    return ", ".join(sorted(".".join(one) for one in names))


def tell_of_account(user, words):
    """Tell in the history of an account that something was done about it, which is none of its
    columns."""
    user._change_reason = words
    user.save(update_fields=["username"])


class KeptAccount(Kept):
    """What an account was: its columns, the roles it held, and what it could do beside them."""

    RIGHTS = {"roles": roles_of, "permissions": permissions_of}

    roles = models.TextField(gettext_lazy("roles"), blank=True)
    permissions = models.TextField(gettext_lazy("permissions beside the roles"), blank=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """A save that changes nothing leaves no row."""
        if not self._state.adding:
            super().save(*args, **kwargs)
        for name, of in self.RIGHTS.items():
            setattr(self, name, of(self.id))
        before = type(self)._base_manager.filter(id=self.id).order_by("history_id").last()
        tells = self.history_change_reason or self.history_type == "-"
        if before is None or tells or self._told() != before._told():
            super().save(*args, **kwargs)

    def _told(self):
        fields = self._meta.concrete_fields
        return [getattr(self, one.attname) for one in fields if "history" not in one.name]


class StaffHistory(KeptHistory):
    """Also tracks changes of roles, permissions and passwords, but not sign-ins. The password
    itself is never kept, neither as it is nor hashed."""

    def finalize(self, sender, **kwargs):
        super().finalize(sender, **kwargs)
        for field in (User.groups, User.user_permissions):
            m2m_changed.connect(self.rights_changed, sender=field.through, weak=False)
        m2m_changed.connect(self.group_changed, sender=Group.permissions.through, weak=False)

    def post_save(self, instance, created, using=None, **kwargs):
        by_the_program = BY_THE_PROGRAM.issuperset(kwargs.get("update_fields") or {"username"})
        if not (by_the_program and instance._password is None):
            super().post_save(instance, created, using=using, **kwargs)

    def rights_changed(self, instance, action, reverse, pk_set, **kwargs):
        if not action.startswith("post_"):
            return
        for user in User.objects.filter(pk__in=pk_set or ()) if reverse else [instance]:
            self.create_historical_record(user, "~")

    def group_changed(self, instance, action, reverse, pk_set, **kwargs):
        """What a group may do that is no role, its members may do."""
        if not action.startswith("post_"):
            return
        others = Group.objects.exclude(name__in=ROLES)
        others = others.filter(pk__in=(pk_set or ()) if reverse else [instance.pk])
        for user in User.objects.filter(groups__in=others).distinct().order_by("pk"):
            self.create_historical_record(user, "~")

    def get_change_reason_for_object(self, instance, history_type, using):
        # Django lets go of a new password once it is stored, which it is only just now.
        if history_type == "~" and instance._password is not None:
            return _("Password changed")
        return super().get_change_reason_for_object(instance, history_type, using)


class GivenPassword(models.Model):
    """The password of this account was set by somebody else, or may have been read by others
    (`is_exposed`). What is done under it would not be its owner's beyond doubt, so it opens nothing
    but the page on which they choose their own."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="given_password"
    )
    is_exposed = models.BooleanField(gettext_lazy("may be known to others"), default=False)

    class Meta:
        verbose_name = gettext_lazy("given password")

    def __str__(self):
        return str(self.user)


register(
    User,
    app="consultations",
    records_class=StaffHistory,
    excluded_fields=sorted(BY_THE_PROGRAM),
    bases=[KeptAccount],
    historical_queryset=KeptHistoryQuerySet,
    history_change_reason_field=models.TextField(null=True),
)
