"""Every address of the program: the admin, redirects to it, and the source."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import path
from django.views.generic import RedirectView

from clinic.source import source

handler500 = "clinic.failures.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("favicon.ico", RedirectView.as_view(url=static("consultations/mark.svg"))),
    path("source/", source, name="source"),
    path("admin/", admin.site.urls),
]
