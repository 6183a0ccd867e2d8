"""The clinic's admin site: its name, and the way lists and forms are grouped."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.urls import path
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from . import navigation


class Chooser(AutocompleteJsonView):
    """Names to choose from; people by their full name."""

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        if hasattr(obj, "get_full_name"):
            result["text"] = obj.get_full_name() or obj.get_username()
        return result


class ClinicAdminSite(admin.AdminSite):
    site_title = _("Turgor")
    site_header = _("Turgor")
    index_title = _("Clinic")
    site_url = None
    empty_value_display = mark_safe('<span class="none">–</span>')

    def get_urls(self):
        # Both need the records to be loaded.
        from consultations.admin.pages.audit import audit, audit_export
        from consultations.admin.pages.drafts import drafts

        def page(address, view, name):
            return path(address, self.admin_view(partial(view, self)), name=name)

        own = [
            path("drafts/", self.admin_view(drafts), name="consultations_draft"),
            page("audit/", audit, "consultations_audit"),
            page("audit/export/", audit_export, "consultations_audit_export"),
        ]
        return own + super().get_urls()

    def autocomplete_view(self, request):
        return Chooser.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None):
        # Here, because the records' admin is registered with this very site.
        from consultations.admin.pages.today import today

        return today(self, request)

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == "auth":
                app["name"] = _("Staff")
            app["models"].sort(key=lambda model: navigation.place(model["object_name"]))
        return sorted(apps, key=lambda app: app["app_label"] != "consultations")

    def each_context(self, request):
        context = super().each_context(request)
        care, clinic = navigation.groups(context["available_apps"], request.path)
        if request.user.has_perm("consultations.view_accessrecord"):
            clinic.append(navigation.audit(request.path))
        return context | {"care_navigation": care, "clinic_navigation": clinic}
