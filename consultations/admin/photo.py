"""Photos: taken on the patient's own page; here put right, and told apart from others."""

from datetime import datetime
from functools import partial

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from consultations.actions.photo_uses import agreed_to_publicity, agrees_to_publicity
from consultations.actions.photos import refuse_day
from consultations.models import Photo

from .base import RecordAdmin
from .pages.photo_file import photo_file
from .pages.turn import turn
from .parts.displays import admin_url, struck
from .parts.filters import AreaFilter
from .parts.forms import RecordForm
from .parts.photo_uses import shown_uses


class PhotoForm(RecordForm):
    def check_with_others(self):
        self.try_to(refuse_day, self.instance)


def taken_when(photo):
    """The day, and the time where the camera wrote it."""
    return datetime.combine(photo.taken_on, photo.taken_at) if photo.taken_at else photo.taken_on


@admin.register(Photo)
class PhotoAdmin(RecordAdmin):
    form = PhotoForm
    change_form_template = "admin/consultations/photo_form.html"
    when_empty = _("Photos are added on the patient’s photo page.")
    own_pages = {
        "image": ("<path:object_id>/image/", partial(photo_file, name="image")),
        "thumbnail": ("<path:object_id>/thumbnail/", partial(photo_file, name="thumbnail")),
        "turn": ("<path:object_id>/turn/", turn),
    }
    list_display = ["photo", "who", "side", "taken", "compare"]
    in_files = {"taken": taken_when}
    not_in_files = ["compare"]
    list_filter = [AreaFilter]
    ordering = ["-taken_on", "-pk"]
    fieldsets = [(None, {"fields": [("area", "view", "taken_on")]})]

    def has_add_permission(self, request):
        """Photos are added on the patient's page, where the consent is."""
        return False

    def more_on_page(self, request, obj):
        shows_photo = obj is not None and obj.may_be_shown
        turns = shows_photo and self.has_change_permission(request, obj)
        return {"shows_photo": shows_photo, "turns_photo": turns, **_uses(request.user, obj)}

    def after_save(self, request, obj):
        return admin_url("patient", "photos", obj.patient_id)

    @admin.display(description=_("area"))
    def photo(self, photo):
        link = format_html('<a href="{}">{}</a>', self.url_of(photo), photo.get_area_display())
        return struck(photo, link)

    @admin.display(description=_("view"))
    def side(self, photo):
        return photo.get_view_display()

    @admin.display(description=_("taken on"))
    def taken(self, photo):
        return photo.taken

    @admin.display(description=_("compare"))
    def compare(self, photo):
        """The other photos of its view, side by side with it."""
        url = admin_url("patient", "photos", photo.patient_id)
        return format_html('<a href="{}#{}-{}">{}</a>', url, photo.area, photo.view, _("Compare"))


def _uses(user, photo):
    """Where a photo is used outside the record, and whether that may be added to."""
    if photo is None or not user.has_perm("consultations.view_photouse"):
        return {}
    agrees = photo.may_be_shown and agrees_to_publicity(photo.patient)
    # What went up before a withdrawal may be found after it.
    agreed = agrees or (photo.may_be_shown and agreed_to_publicity(photo.patient).exists())
    may_add = agreed and user.has_perm("consultations.add_photouse")
    return {
        "uses": shown_uses(photo.uses.select_related("photo").order_by("-since", "-pk"), user),
        "agrees_to_publicity": agrees,
        "add_use_url": admin_url("photouse", "add", photo=photo.pk) if may_add else "",
    }
