"""Authenticate staff by password, and limit how fast anybody can guess it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied

from consultations.accounts.lock_out import Attempt, known_browser
from consultations.accounts.passwords import with_given_password
from consultations.accounts.second_factor import with_second_factor


class StaffBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        """Authenticate as Django does, unless there were too many failures.

        Then the password is not checked: sets `request.seconds_to_wait` and raises
        PermissionDenied.
        """
        # Without a request this is called from code, not from an address.
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **kwargs)
        account = get_user_model().objects.filter(username=username).first()
        attempt = Attempt(
            username=username,
            user=account,
            address=request.META.get("REMOTE_ADDR"),
            browser=known_browser(request, account),
        )
        request.seconds_to_wait = attempt.begin()
        if request.seconds_to_wait:
            raise PermissionDenied
        user = super().authenticate(request, username, password, **kwargs)
        if user is not None:
            attempt.succeeded()
        return user

    def user_can_authenticate(self, user):
        """Return True always: the form tells the owner of a closed account why it is refused."""
        return True

    def get_user(self, user_id):
        """Return the account with everything that each request needs of it, in one query."""
        users = with_given_password(with_second_factor(get_user_model().objects))
        user = users.filter(pk=user_id).first()
        return user if user and user.is_active else None
