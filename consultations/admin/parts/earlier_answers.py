"""Questions that are not asked any more, shown to be read where they were answered."""

from django.utils.translation import gettext_lazy as _

from consultations.permissions import sees_clinical


class EarlierAnswers:
    """For the admin of a record with a health screen."""

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *_answered(request, obj))

    def get_fieldsets(self, request, obj=None):
        fieldsets, answered = super().get_fieldsets(request, obj), _answered(request, obj)
        if not answered:
            return fieldsets
        *shown, last = fieldsets
        return [*shown, (_("Answered before these were asked anew"), {"fields": [answered]}), last]


def _answered(request, record):
    return record.answered_earlier() if record and sees_clinical(request.user) else ()
