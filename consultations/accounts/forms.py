"""Forms of staff accounts. They refuse lost updates, and ask before closing an account."""

from django import forms
from django.contrib.admin.utils import display_for_value
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consultations.accounts.passwords import give_password
from consultations.admin.parts.forms import is_key
from consultations.models.text import moment_in_words
from consultations.summaries.timeline import name_of
from consultations.summaries.unfinished import unfinished_work


class RolesField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        """Refuse a key that no database could hold as an invalid choice."""
        if wrong := [one for one in value or () if not is_key(one)]:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": wrong[0]},
            )
        return super().clean(value)


class StaffForm(UserChangeForm):
    """Refuses to save if the account was changed since the page was opened.

    Shows what differs beside each field and keeps what was typed; saving again overwrites.
    """

    read_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    was_asked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    HIDDEN = ("read_version", "was_asked")
    WORKING = ("is_staff", "is_active")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["read_version"] = self._version()

    def _version(self):
        """Return the key of the latest history row: an account has no version of its own."""
        return self.instance.history.order_by("-history_id").values_list("pk", flat=True).first()

    def clean(self):
        cleaned = super().clean()
        current = User.objects.select_for_update().get(pk=self.instance.pk)
        # Fields not on the form are saved too: use their current values.
        self.instance.password, self.instance.last_login = current.password, current.last_login
        if cleaned.get("read_version") != (version := self._version()):
            self._refuse(current)
            self.data = self.data.copy()
            self.data[self.add_prefix("read_version")] = version or ""
        self._ask_before_they_leave(current, cleaned)
        return cleaned

    def _ask_before_they_leave(self, current, cleaned):
        """Name the unfinished work before an account is closed; saving again confirms."""
        shut = [
            name
            for name in self.WORKING
            if name in cleaned and getattr(current, name) and not cleaned[name]
        ]
        if not shut or cleaned.get("was_asked"):
            return
        unfinished = ", ".join(unfinished_work(current)) or gettext("nothing")
        words = gettext(
            "%(name)s can no longer sign in after this. Left unfinished: %(unfinished)s. "
            "Save again to confirm."
        )
        self.add_error(shut[0], words % {"name": name_of(current), "unfinished": unfinished})
        self.data = self.data.copy()
        self.data[self.add_prefix("was_asked")] = "on"

    def _refuse(self, current):
        last = self.instance.history.select_related("history_user").latest("history_id")
        when = {
            "name": name_of(last.history_user) or gettext("Somebody"),
            "time": moment_in_words(last.history_date),
        }
        shown = {
            name: ", ".join(map(str, current.groups.all()))
            if name == "groups"
            else display_for_value(getattr(current, name), "–")
            for name in self.changed_data
            if name not in self.HIDDEN
        }
        if not shown:
            return  # the account has these values already
        for name, now in shown.items():
            self.add_error(name, gettext("Now: %(theirs)s") % {"theirs": now or "–"})
        self.add_error(
            None,
            gettext(
                "%(name)s changed this on %(time)s while you were editing. Nothing was saved. "
                "What you typed is still here; what differs is marked. Save again to keep yours."
            )
            % when,
        )


class ToldBesideThePassword:
    """Shows errors of a new password beside its first field."""

    def validate_password_for_user(self, user, **_where):
        super().validate_password_for_user(user, password_field_name="password1")  # noqa: S106


class NewStaffForm(ToldBesideThePassword, UserCreationForm):
    """The form of a new account, with our help texts instead of Django's."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _("Hard to guess: a few words work well.")
        self.fields["password2"].label = _("Password again")
        self.fields["password2"].help_text = ""


class ColleaguesPasswordForm(ToldBesideThePassword, AdminPasswordChangeForm):
    """Always asks for a password: there is no account without one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        self.fields["password1"].required = self.fields["password2"].required = True

    @transaction.atomic
    def save(self, commit=True):
        user = super().save(commit)
        give_password(user=user)
        return user
