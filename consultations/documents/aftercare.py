"""Aftercare by laser type: what to do at home, what is normal, what is not, and whom to call.

The words are our own and plain; each rests on the clinical reference, 6.1 to 6.3, by its source:
[UQU] what to do and how long redness lasts; [RENEW, FSDEV] retinoids and peels; [OPHTHWEB] when
infection and darker skin show; [HOMER, NAFLBACT] how long to watch; [INFSIGN] early signs;
[GMC20] that all of it is given in writing.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consultations.models import ClinicSettings
from consultations.rules.protocol import WATCH_ACTIVE_DAYS, WATCH_EXTENDED_DAYS
from consultations.vocabulary import ABLATIVE, LaserType

from .sheet import Section

AT_HOME = {
    # [UQU]: make-up is allowed after non-ablative treatment.
    "surface whole": (
        gettext_lazy("Wash the skin gently with lukewarm water and a mild cleanser; pat it dry."),
        gettext_lazy("Use a plain moisturiser. Make-up is allowed if the skin is not sore."),
    ),
    # [UQU]: an occlusive until the skin has closed, no make-up for several days.
    "surface open": (
        gettext_lazy("Wash the skin gently with lukewarm water as you were shown; pat it dry."),
        gettext_lazy("Keep it covered with the ointment you were given until the skin has closed."),
        gettext_lazy("No make-up until the skin has closed, for several days at least."),
    ),
    # [UQU], [RENEW, FSDEV].
    "all": (
        gettext_lazy("For one or two days cool the skin, and sleep with your head raised."),
        gettext_lazy("Do not pick, rub or scratch, and let crusts fall off by themselves."),
        gettext_lazy(
            "Stay out of the sun, and use sun protection of factor 30 or more every day, "
            "for one to two months."
        ),
        gettext_lazy("No retinoid creams for 7 days; no peels for 2 to 4 weeks."),
    ),
}
# 6.2: how long each lasts [UQU, TIERNEY-LID, CHICAGO].
NORMAL = {
    LaserType.NON_ABLATIVE: (
        gettext_lazy("Redness for two to three days; some swelling for less than a week."),
    ),
    LaserType.NON_ABLATIVE_FRACTIONAL: (
        gettext_lazy("Redness for two to three days; swelling for less than a week."),
        gettext_lazy("Spots like acne from the second to the fourth day."),
    ),
    LaserType.ABLATIVE_FRACTIONAL: (
        gettext_lazy("Oozing and pinpoint bleeding for a day, then fine crusts for two or three."),
        gettext_lazy("Redness for three to seven days; swelling for less than a week."),
    ),
    LaserType.ABLATIVE_FULL: (
        gettext_lazy("Oozing at first, then crusts, until new skin has grown."),
        gettext_lazy("Redness for weeks, for up to three months; swelling for less than a week."),
    ),
}
# 6.1 [INFSIGN]; a fever may mean that infection spreads [NAFLBACT].
WARNING_SIGNS = (
    gettext_lazy("pain that gets worse instead of better"),
    gettext_lazy("raw, red areas, or redness that spreads"),
    gettext_lazy("pus, or yellow crusts"),
    gettext_lazy("blisters or small sores, as of herpes"),
    gettext_lazy("fever, or feeling ill"),
)


def gather(plan, by):
    laser = LaserType(plan.laser_type)
    return {
        "title": _("After your laser treatment: %(area)s")
        % {"area": plan.assessment.get_area_display().lower()},
        "opening": _("Treatment: %(laser)s laser.") % {"laser": laser.label.lower()},
        "sections": [
            Section(_("At home"), points=[str(one) for one in _at_home(laser)]),
            Section(_("What is normal"), points=[str(one) for one in NORMAL[laser]]),
            Section(
                _("Call us at once"),
                _watch(laser),
                points=[str(one) for one in WARNING_SIGNS],
            ),
            Section(_("Whom to call"), points=_whom_to_call()),
            # 6.2: darker skin shows in the third or fourth week [OPHTHWEB].
            Section(
                _("Later"),
                _("Tell us too if the skin turns darker or lighter, or if a scar forms."),
            ),
        ],
    }


def refusal(plan):
    return "" if plan.stands else _("This plan was entered in error.")


def missing_of(plan):
    return [] if ClinicSettings.objects.current().phone else [_("the clinic’s phone: whom to call")]


def _at_home(laser):
    return (*AT_HOME["surface open" if laser in ABLATIVE else "surface whole"], *AT_HOME["all"])


def _watch(laser):
    if laser not in WATCH_ACTIVE_DAYS:
        return _("If you see any of these:")
    days = WATCH_ACTIVE_DAYS[laser]
    words = ngettext(
        "Look at the skin every day for %(n)s day. Call if you see any of these:",
        "Look at the skin every day for %(n)s days. Call if you see any of these:",
        days,
    ) % {"n": days}
    if laser in WATCH_EXTENDED_DAYS:
        late = _("An infection can still begin up to %(n)s weeks after the treatment.")
        words = f"{words}\n{late % {'n': WATCH_EXTENDED_DAYS[laser] // 7}}"
    return words


def _whom_to_call():
    clinic = ClinicSettings.objects.current()
    called = _("%(clinic)s: %(phone)s") % {
        "clinic": clinic.name or _("The clinic"),
        "phone": clinic.phone or _("see your appointment card"),
    }
    return [
        called,
        _("If nobody answers and you feel ill or the pain is severe: emergency services."),
    ]
