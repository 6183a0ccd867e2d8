"""Every address of the program: the admin, redirects to it, the source, and calendars."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView

from clinic.source import source
from consultations.accounts.pages.calendar import feed

handler500 = "clinic.failures.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("favicon.ico", RedirectView.as_view(url=static("consultations/mark.svg"))),
    path("source/", source, name="source"),
    path("calendar/<str:secret>.ics", feed, name="calendar_feed"),
    path("admin/", admin.site.urls),
]
