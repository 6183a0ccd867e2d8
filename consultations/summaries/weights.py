"""What a patient weighed, against last time."""

from django.utils.translation import gettext as _

from consultations.models.text import day_in_words


def weights_told(consultations):
    """Return by consultation key what was weighed there, in words, with the difference to the last
    time before; of standing consultations of one patient."""
    weighed = sorted(
        (one for one in consultations if one.weight_kg and not one.in_error),
        key=lambda one: (one.consulted_on, one.pk),
    )
    before = [None, *weighed]
    return {one.pk: _in_words(one, last) for one, last in zip(weighed, before, strict=False)}


def _in_words(consultation, last):
    words = _("Weight %(kg)s kg") % {"kg": _plain(consultation.weight_kg)}
    if consultation.bmi:
        words += _(", BMI %(bmi)s") % {"bmi": consultation.bmi}
    if last is None:
        return f"{words}."
    change = consultation.weight_kg - last.weight_kg
    since = {"kg": _plain(abs(change)), "day": day_in_words(last.consulted_on)}
    if not change:
        told = _("as on %(day)s")
    else:
        told = (
            _("%(kg)s kg more than on %(day)s")
            if change > 0
            else _("%(kg)s kg less than on %(day)s")
        )
    return f"{words}, {told % since}."


def _plain(number):
    return f"{number.normalize():f}"
