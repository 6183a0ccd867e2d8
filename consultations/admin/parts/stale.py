"""Refuse a form made from an earlier version of its record, and show both values."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from consultations.models.text import moment_in_words

from .answers import in_words


def refuse_if_stale(form):
    """Compare the record with the version that the form was made from."""
    stored = type(form.instance)._base_manager.select_for_update(of=("self",))
    current = stored.select_related("changed_by").get(pk=form.instance.pk)
    read = form.cleaned_data.get("read_version")
    if read == current.version:
        return
    if read is None:
        raise ValidationError(_("This form is incomplete. Reload the page and try again."))
    differing = _differing(form, current)
    if not differing and "_sign" not in form.data:
        # What is asked for is there already, most likely by this very form posted twice.
        form.changed_data = []
        return
    _tell_both(form, current, differing)
    # The reader has now been shown the newer version.
    form.data = form.data.copy()
    form.data[form.add_prefix("read_version")] = current.version


def _differing(form, current):
    """Return the names of the fields whose stored values differ from those of the form."""
    own = {field.name for field in current._meta.concrete_fields if not field.primary_key}
    names = [name for name in form.cleaned_data if name in own]
    return [name for name in names if getattr(current, name) != form.cleaned_data[name]]


def _tell_both(form, current, differing):
    when = {
        "name": current.changed_by.get_full_name() or current.changed_by.get_username(),
        "time": moment_in_words(current.changed_at),
    }
    for name in differing:
        form.add_error(name, _("Now: %(theirs)s") % {"theirs": in_words(current, name)})
    form.add_error(
        None,
        _(
            "%(name)s changed this on %(time)s while you were editing. Nothing was saved. "
            "What you typed is still here; what differs is marked. Save again to keep yours."
        )
        % when,
    )
