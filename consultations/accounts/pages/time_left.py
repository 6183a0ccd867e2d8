"""How long the session goes on: asked by an open page, so that it can warn before it ends."""

from django.http import JsonResponse

from consultations.accounts.login_sessions import seconds_left


def time_left(request):
    """Seconds; asked with `?stay` they have just begun anew, as with any page."""
    return JsonResponse({"seconds": seconds_left(request.session)})
