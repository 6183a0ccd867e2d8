"""The way in and out: who came, who was refused, who left, all of it recorded."""

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.access import record_access
from consultations.actions.lock_out import locks_of
from consultations.actions.passwords import choose_password
from consultations.actions.second_factor import GIVEN_ON, is_still_to_come
from consultations.actions.signed_in import begin_session
from consultations.admin.openings import where_from
from consultations.vocabulary import AccessKind


class SignInForm(AdminAuthenticationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Django tells the browser how long a name may be, and believes it.
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))

    def clean(self):
        try:
            return super().clean()
        except ValidationError:
            # Not what was typed: people type passwords there.
            users = get_user_model().objects
            account = users.filter(username=self.cleaned_data.get("username")).first()
            locked = getattr(self.request, "axes_locked_out", False)
            detail = _("locked out") if locked else _("password")
            record_refusal(self.request, account, detail)
            raise


class OwnPasswordForm(AdminPasswordChangeForm):
    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not is_own_password(self.request, password):
            raise ValidationError(self.error_messages["password_incorrect"])
        return password

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        # Compared with what was proven right: to ask the hash would answer any guess.
        if password == self.cleaned_data.get("old_password"):
            raise ValidationError(_("This is the password you have now. Choose another."))
        return password

    def save(self, commit=True):
        user = super().save(commit)
        choose_password(user=user)
        return user


def is_own_password(request, password):
    """Whether whoever is signed in typed their password; a wrong one is recorded, and counts
    towards the lock like any at the door."""
    user = request.user
    if authenticate(request, username=user.get_username(), password=password) == user:
        return True
    record_refusal(request, user, _("password"))
    return False


def signed_in(request):
    """The password was right; where no second factor is to come, that is all."""
    # Whoever signs in over a session of their own begins a new one, too.
    request.session.cycle_key()
    request.session.pop(GIVEN_ON, None)
    begin_session(request.session)
    if not is_still_to_come(request):
        record_sign_in(request, detail="")


def record_sign_in(request, detail):
    record_access(
        by=request.user,
        kind=AccessKind.SIGN_IN,
        address=where_from(request),
        detail=detail,
    )


def record_refusal(request, account, detail):
    record_access(
        by=account,
        kind=AccessKind.SIGN_IN_REFUSED,
        address=where_from(request),
        detail=detail,
    )


def record_sign_out(request):
    record_access(by=request.user, kind=AccessKind.SIGN_OUT, address=where_from(request))


def locked_out(request, _response, credentials):
    """Instead of the form, after too many failures: when to try again, and nothing of what was
    typed."""
    locks = locks_of((credentials or {}).get("username"))
    here = request.axes_ip_address
    until = next((lock.until for lock in locks if lock.address == here), None)
    answer = render(request, "admin/sign_in/locked_out.html", {"until": until}, status=429)
    if until is not None:
        seconds = (until - timezone.now()).total_seconds()
        answer.headers["Retry-After"] = str(max(1, round(seconds)))
    return answer
