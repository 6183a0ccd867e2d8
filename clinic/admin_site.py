"""The clinic's admin site: its name, and the way lists and forms are grouped."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ClinicAdminSite(admin.AdminSite):
    site_title = _("Turgor")
    site_header = _("Turgor")
    index_title = _("Clinic")
    site_url = None
    empty_value_display = "–"
