"""The clinic's admin site: its name, and the way lists and forms are grouped."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ClinicAdminSite(admin.AdminSite):
    site_title = _("Turgor")
    site_header = _("Turgor")
    index_title = _("Clinic")
    site_url = None
    empty_value_display = "–"

    # The order in which staff work, in the sidebar and on the front page.
    ORDER = (
        "Patient",
        "Consultation",
        "AreaAssessment",
        "SurgicalReferral",
        "TreatmentPlan",
        "TreatmentSession",
        "Laser",
        "LaserMode",
    )

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: self._place(model["object_name"]))
        return sorted(apps, key=lambda app: app["app_label"] != "consultations")

    def _place(self, name):
        return self.ORDER.index(name) if name in self.ORDER else len(self.ORDER)
