"""Choosing a surgeon on a form, or adding one who is not on the list yet, without leaving it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.models import Surgeon

from .widgets import Segments

MAY_ADD = "consultations.add_surgeon"
MOST_SIDE_BY_SIDE = 6
NEW_SURGEON = {"name": "new_name", "practice": "new_practice", "address": "new_address"}


def _typed(name, widget=None):
    field = Surgeon._meta.get_field(name).formfield(required=False)
    field.widget = widget or field.widget
    return field


def fold(request):
    """The fieldset to add a surgeon in, open where one was typed."""
    is_open = any(request.POST.get(name, "").strip() for name in NEW_SURGEON.values())
    fields = [("new_name", "new_practice"), "new_address"]
    classes = ["collapse", "open"] if is_open else ["collapse"]
    return _("Add a surgeon who is not on the list"), {"fields": fields, "classes": classes}


class NewSurgeonForm(forms.Form):
    """To come before the form of a record that has a surgeon in its field `SURGEON`. Who is typed
    in goes before who is chosen; `new_surgeon` is that one, checked, and stored by `add_surgeon`
    when the form is saved."""

    SURGEON = "surgeon"
    new_surgeon = None
    new_name = _typed("name")
    new_practice = _typed("practice")
    new_address = _typed("address", forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.get(self.SURGEON)
        if field is None or field.disabled or not self.user.has_perm(MAY_ADD):
            self.offer_no_new_surgeon()
        elif str(self.data.get("new_name", "")).strip():
            field.required = False

    def offer_no_new_surgeon(self):
        for name in NEW_SURGEON.values():
            self.fields.pop(name, None)

    def offer_side_by_side(self):
        """Show who takes referrals as buttons, where they are few: one press chooses."""
        surgeons = list(
            Surgeon.objects.active().order_by("name", "practice")[: MOST_SIDE_BY_SIDE + 1]
        )
        if self.SURGEON not in self.fields or not 0 < len(surgeons) <= MOST_SIDE_BY_SIDE:
            return surgeons
        field = self.fields[self.SURGEON]
        label = field.widget.attrs.get("aria-label", str(field.label))
        field.widget = Segments({"class": "pills", "aria-label": label})
        field.widget.choices = [(one.pk, str(one)) for one in surgeons]
        return surgeons

    def clean(self):
        cleaned = super().clean()
        if "new_name" not in self.fields:
            return cleaned
        typed = {name: cleaned.get(field) or "" for name, field in NEW_SURGEON.items()}
        if typed["name"]:
            self._check_new(Surgeon(**typed))
        elif any(typed.values()) and "new_name" not in self.errors:
            self.add_error("new_name", _("Write the surgeon’s name too."))
        return cleaned

    def _check_new(self, surgeon):
        try:
            surgeon.full_clean()
        except ValidationError as error:
            for name, told in error.update_error_dict({}).items():
                self.add_error(NEW_SURGEON.get(name, "new_name"), told)
        else:
            self.new_surgeon = surgeon
            # Shown again, the form names one surgeon only.
            self.data = self.data.copy()
            self.data[self.SURGEON] = ""

    def complete(self):
        super().complete()
        if self.new_surgeon is not None:
            setattr(self.instance, self.SURGEON, self.new_surgeon)

    def add_surgeon(self, by):
        """Store who was typed in, and let the record hold that one."""
        if self.new_surgeon is not None:
            self.new_surgeon.save(by=by)
            setattr(self.instance, self.SURGEON, self.new_surgeon)
