"""Sign in, sign out and change the password; log who did, and who was refused."""

from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.accounts.lock_out import know_browser
from consultations.accounts.login_sessions import begin_session
from consultations.accounts.passwords import choose_password
from consultations.accounts.second_factor import GIVEN_ON, is_still_to_come
from consultations.admin.parts.access_log import where_from
from consultations.trust import access
from consultations.trust.access import record_access
from consultations.vocabulary import AccessKind


class SignInForm(AdminAuthenticationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Django leaves this limit to the browser.
        name = self.fields["username"]
        name.validators.append(MaxLengthValidator(name.max_length))
        if self.data.get("username"):
            # The name is filled in already: the password is typed next.
            name.widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True

    def confirm_login_allowed(self, user):
        """Refuse a closed account with a message: only someone who knows its password gets here."""
        if user.is_active and user.is_staff:
            return
        record_refusal(self.request, user, _("does not work here"))
        raise ValidationError(
            _("This account is closed. Ask your manager if it should not be."), code="closed"
        )

    def clean(self):
        try:
            return super().clean()
        except ValidationError as refusal:
            if refusal.code == "closed":
                raise
            # Do not log the typed name: people type passwords there.
            users = get_user_model().objects
            account = users.filter(username=self.cleaned_data.get("username")).first()
            refuse_password(self.request, account)
            raise


class OwnPasswordForm(AdminPasswordChangeForm):
    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def validate_password_for_user(self, user, *_where):
        """Show errors of the new password beside its first field."""
        super().validate_password_for_user(user, "new_password1")

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not is_own_password(self.request, password):
            raise ValidationError(self.error_messages["password_incorrect"])
        return password

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        # Compare with the password just proven right: checking the hash would answer any guess.
        if password == self.cleaned_data.get("old_password"):
            raise ValidationError(_("This is the password you have now. Choose another."))
        return password

    def save(self, commit=True):
        user = super().save(commit)
        choose_password(user=user)
        return user


def is_own_password(request, password):
    """Whether the signed-in user typed their password; a wrong one is logged and counted.

    Raises ValidationError after too many wrong ones.
    """
    user = request.user
    if authenticate(request, username=user.get_username(), password=password) == user:
        return True
    refuse_password(request, user)
    return False


def refuse_password(request, account):
    """Log that a password was refused. Raises ValidationError if it was not even checked."""
    if seconds := getattr(request, "seconds_to_wait", 0):
        record_refusal(request, account, _("too many attempts"))
        raise ValidationError(
            ngettext(
                "Too many wrong passwords. Try again in %(number)s second.",
                "Too many wrong passwords. Try again in %(number)s seconds.",
                seconds,
            ),
            params={"number": seconds},
        )
    record_refusal(request, account, _("password"))


def signed_in(request, answer):
    """Begin the session after a right password; log the sign-in if no second factor is needed."""
    # Signing in over one's own session begins a new one, too.
    request.session.cycle_key()
    request.session.pop(GIVEN_ON, None)
    agent = request.headers.get("user-agent", "")
    begin_session(request.session, address=where_from(request), agent=agent)
    if not is_still_to_come(request):
        record_sign_in(request, answer, detail="")


def record_sign_in(request, answer, detail):
    """Log the sign-in, and mark the browser as known to the account."""
    record_access(
        by=request.user,
        kind=AccessKind.SIGN_IN,
        address=where_from(request),
        detail=detail,
    )
    know_browser(request, answer)


def record_refusal(request, account, reason):
    access.record_refusal(account=account, address=where_from(request), reason=reason)


def record_sign_out(request):
    record_access(by=request.user, kind=AccessKind.SIGN_OUT, address=where_from(request))
