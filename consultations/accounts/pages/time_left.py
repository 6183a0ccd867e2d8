"""How long the session goes on. An open page asks this, to warn before it ends."""

from django.http import JsonResponse

from consultations.accounts.login_sessions import seconds_left


def time_left(request):
    """Answer with the seconds left. With `?stay` the request counts as use, like any page."""
    return JsonResponse({"seconds": seconds_left(request.session)})
