"""Surgeons: whom referrals are sent to, kept once."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from consultations.models import Surgeon

from .diary.setup import SetupAdmin
from .pages.quick_actions import way_back
from .parts.asked_for import is_choosing
from .parts.displays import chip


@admin.register(Surgeon)
class SurgeonAdmin(SetupAdmin):
    when_empty = _("Surgeons are kept once, and chosen when a referral is sent.")
    list_display = ["surgeon", "practice", "speciality", "phone", "state"]
    search_fields = ["name", "practice", "speciality"]
    ordering = ["name", "practice", "pk"]
    fieldsets = [
        (None, {"fields": [("name", "practice"), "speciality"]}),
        (_("Contact"), {"fields": ["address", ("phone", "email")]}),
        (_("Referrals"), {"fields": ["is_active"]}),
    ]

    def get_queryset(self, request):
        surgeons = super().get_queryset(request)
        return surgeons.active() if is_choosing(request) else surgeons

    def after_save(self, request, obj):
        """Back to the referral that was being sent, with this surgeon chosen."""
        if not (page := way_back(request)):
            return super().after_save(request, obj)
        return f"{page}{'&' if '?' in page else '?'}surgeon={obj.pk}"

    @admin.display(description=_("surgeon"))
    def surgeon(self, surgeon):
        return self.linked(surgeon, surgeon.name)

    @admin.display(description=_("referrals"))
    def state(self, surgeon):
        if surgeon.is_active:
            return chip("", _("takes referrals"), "good")
        return chip("", _("takes no more"), "quiet")
