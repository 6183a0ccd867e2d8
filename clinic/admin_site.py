"""The clinic's admin site: its name, its sign-in, its own pages and its navigation."""

from functools import partial

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import get_user_model
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from consultations.accounts.login_sessions import seconds_left
from consultations.accounts.passwords import has_given_password, is_exposed
from consultations.accounts.second_factor import is_still_to_come, next_step
from consultations.models import ClinicSettings, Patient
from consultations.models.search import former_names

from .navigation import navigation
from .source import source_url

MOST_APP_LISTS = 100
# Pages without a model in the menu, and the permission that opens each.
OWN_PAGES = {
    "diary": "consultations.view_appointment",
    "figures": "consultations.view_figures",
    "audit": "consultations.view_accessrecord",
    "rulebook": "consultations.view_rulebook",
    "import": "consultations.import_records",
}


class Chooser(AutocompleteJsonView):
    """Autocomplete. Staff are shown by full name, namesakes with their user name too; patients
    found by a former name are shown with it."""

    def post(self, request, *args, **kwargs):
        """Answer as to GET, but keep the typed words out of the address."""
        request.GET = request.GET.copy()
        request.GET.update(request.POST)
        return self.get(request, *args, **kwargs)

    def serialize_result(self, obj, to_field_name):
        from consultations.admin.parts.displays import formerly

        result = super().serialize_result(obj, to_field_name)
        if isinstance(obj, Patient):
            before = formerly(former_names([obj], self.term).get(obj.pk, ()))
            result["text"] += f" ({before})" if before else ""
        if hasattr(obj, "get_full_name"):
            result["text"] = obj.get_full_name() or obj.get_username()
        if getattr(obj, "has_namesake", False):
            result["text"] += f" ({obj.get_username()})"
        return result


class ClinicAdminSite(admin.AdminSite):
    site_title = _("Turgor")
    site_header = _("Turgor")
    index_title = _("Clinic")
    site_url = None
    empty_value_display = mark_safe('<span class="none">–</span>')

    def __init__(self, name="admin"):
        super().__init__(name)
        self._app_lists = {}

    def get_urls(self):
        # Imported here: these pages need the models to be loaded.
        from .own_pages import own_pages, second_factor_pages

        return [*own_pages(self), *second_factor_pages(self), *super().get_urls()]

    def has_permission(self, request):
        return super().has_permission(request) and not is_still_to_come(request)

    def login(self, request, extra_context=None):
        from consultations.accounts.pages.sign_in import SignInForm, signed_in
        from consultations.admin.pages.quick_actions import way_back

        if request.method == "GET" and self.has_permission(request) and way_back(request):
            return HttpResponseRedirect(way_back(request))
        if request.method == "GET" and is_still_to_come(request):
            step = reverse(f"admin:{next_step(request)}", query=request.GET or None)
            return HttpResponseRedirect(step)
        self.login_form = SignInForm
        answer = super().login(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            # Django also redirects to addresses that are no page.
            answer = HttpResponseRedirect(way_back(request) or reverse("admin:index"))
            signed_in(request, answer)
        return answer

    def logout(self, request, extra_context=None):
        from consultations.accounts.pages.sign_in import record_sign_out

        if request.method == "POST" and request.user.is_authenticated:
            record_sign_out(request)
        return super().logout(request, extra_context)

    def password_change(self, request, extra_context=None):
        from consultations.accounts.pages.sign_in import OwnPasswordForm

        context = {**self.each_context(request), **(extra_context or {})}
        if has_given_password(request.user):
            # A step of signing in, without the menu: nothing else opens yet.
            context |= {
                "has_permission": False,
                "is_given": True,
                "is_exposed": is_exposed(request.user),
                "title": _("Your own password"),
            }
        view = PasswordChangeView.as_view(
            form_class=partial(OwnPasswordForm, request=request),
            success_url=reverse("admin:password_change_done"),
            extra_context=context,
        )
        if request.method != "POST":
            return view(request)
        with transaction.atomic():
            # A manager may have closed the account, or set another password, a moment ago.
            known = request.user.password
            held = get_user_model().objects.select_for_update()
            request.user.refresh_from_db(from_queryset=held)
            if request.user.password != known or not request.user.is_active:
                return HttpResponseRedirect(reverse("admin:login"))
            return view(request)

    def autocomplete_view(self, request):
        return Chooser.as_view(admin_site=self)(request)

    def index(self, request, extra_context=None):
        # Imported here: the records' admin is registered with this site.
        from consultations.admin.pages.today import today

        return today(self, request)

    def app_index(self, request, app_label, extra_context=None):
        """The Clinic page: the lists that are not in the menu."""
        return super().app_index(request, app_label, {"title": _("Clinic")} | (extra_context or {}))

    def get_app_list(self, request, app_label=None):
        """As in Django, but cached for everybody with the same permissions: every page needs it."""
        user = request.user
        may = "everything" if user.is_superuser else frozenset(user.get_all_permissions())
        key = app_label, may
        # One `get`: another thread may clear the cache meanwhile.
        found = self._app_lists.get(key)
        if found is None:
            if len(self._app_lists) >= MOST_APP_LISTS:
                self._app_lists.clear()
            found = self._app_lists[key] = super().get_app_list(request, app_label)
        return found

    def _build_app_dict(self, request, label=None):
        """As in Django, but translate each name once, not again with every comparison."""
        found = super()._build_app_dict(request, label)
        for one in (one for app in found.values() for one in app["models"]):
            one["name"] = str(one["name"])
        return found

    def each_context(self, request):
        context = super().each_context(request)
        return context | {
            "navigation": navigation(
                context["available_apps"],
                request.path,
                own_pages={
                    name for name, needs in OWN_PAGES.items() if request.user.has_perm(needs)
                },
            ),
            "source_url": source_url(),
            "seconds_left": seconds_left(request.session),
            # Asked for only by pages with a head on paper, which saves that show no page are not.
            "clinic": SimpleLazyObject(ClinicSettings.objects.current),
        }
