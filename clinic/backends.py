"""How staff are told apart: locked out after too many failures, then asked for their password."""

from axes.backends import AxesStandaloneBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from consultations.actions.passwords import with_given_password
from consultations.actions.second_factor import with_second_factor


class LockOut(AxesStandaloneBackend):
    """Refuses whoever is locked out, and signs nobody in."""

    def authenticate(self, request, **credentials):
        # Without a request somebody calls from code, not from an address.
        if request is not None:
            super().authenticate(request, **credentials)


class StaffBackend(ModelBackend):
    def get_user(self, user_id):
        """The account with what every request asks about it, in one query."""
        users = with_given_password(with_second_factor(get_user_model().objects))
        user = users.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
