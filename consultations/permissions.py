"""Who may do what: the roles of the clinic, kept in code."""

from .vocabulary import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION

_READ_LISTS = {
    "view_patient",
    "view_treatmentplan",
    "view_treatmentsession",
    "view_appointment",
    "view_absence",
    "view_payment",
    "view_discount",
    "view_issueddocument",
}
_RECEPTION = _READ_LISTS | {
    "add_patient",
    "change_patient",
    "add_appointment",
    "change_appointment",
    "overbook_appointment",
    "withdraw_consent",
    "add_payment",
    "issue_handouts",
}
_READ_CLINICAL = _READ_LISTS | {
    "view_clinical",
    "view_consultation",
    "view_areaassessment",
    "view_surgicalreferral",
    "view_referralsending",
    "view_surgeon",
    "view_laser",
    "view_lasermode",
    "view_authoriseduser",
    "view_laserservice",
    "view_laserincident",
    "view_adverseevent",
    "view_testpatch",
    "view_followup",
    "view_photo",
    "view_photouse",
    "view_consent",
    "view_consentwording",
    "view_addendum",
}
_PRACTITIONER = (
    _RECEPTION
    | _READ_CLINICAL
    | {
        "add_treatmentsession",
        "change_treatmentsession",
        "sign_treatmentsession",
        "add_absence",
        "change_absence",
        "add_adverseevent",
        "change_adverseevent",
        "add_testpatch",
        "change_testpatch",
        "add_followup",
        "change_followup",
        "add_photo",
        "change_photo",
        "add_photouse",
        "change_photouse",
        "take_down_photouse",
        "add_consent",
        "change_consent",
        "add_addendum",
        "issue_plans",
    }
)
_CLINICIAN = _PRACTITIONER | {
    "add_consultation",
    "change_consultation",
    "sign_consultation",
    "add_areaassessment",
    "change_areaassessment",
    "add_surgicalreferral",
    "change_surgicalreferral",
    "add_referralsending",
    "add_surgeon",
    "change_surgeon",
    "add_treatmentplan",
    "change_treatmentplan",
    "add_discount",
    "override_treatmentsession",
    "take_any_consent",
    "clear_adverseevent",
    "clear_testpatch",
    "view_rulebook",
    "enter_in_error",
    "move_consultation",
    "merge_patient",
    "issue_letters",
    "issue_chart",
}
_MANAGER = _READ_CLINICAL | {
    "take_down_photouse",
    "add_payment",
    "refund_payment",
    "correct_payment",
    "add_discount",
    "add_laser",
    "change_laser",
    "add_lasermode",
    "change_lasermode",
    "add_authoriseduser",
    "change_authoriseduser",
    "add_laserservice",
    "change_laserservice",
    "add_laserincident",
    "change_laserincident",
    "add_absence",
    "change_absence",
    "view_room",
    "add_room",
    "change_room",
    "view_openinghours",
    "add_openinghours",
    "change_openinghours",
    "view_closedday",
    "add_closedday",
    "change_closedday",
    "view_appointmentreason",
    "add_appointmentreason",
    "change_appointmentreason",
    "view_appointmentlength",
    "add_appointmentlength",
    "change_appointmentlength",
    "view_messagetemplate",
    "add_messagetemplate",
    "change_messagetemplate",
    "view_precare",
    "add_precare",
    "change_precare",
    "add_surgeon",
    "change_surgeon",
    "add_consentwording",
    "change_consentwording",
    "view_user",
    "add_user",
    "change_user",
    "view_accessrecord",
    "view_figures",
    "view_rulebook",
    "view_clinicsettings",
    "add_clinicsettings",
    "change_clinicsettings",
    "export_patient",
    "export_lists",
    "export_fhir",
    "import_records",
    "export_clinic",
    "erase_patient",
    "issue_chart",
}

ROLES = {
    RECEPTION: frozenset(_RECEPTION),
    PRACTITIONER: frozenset(_PRACTITIONER),
    CLINICIAN: frozenset(_CLINICIAN),
    MANAGER: frozenset(_MANAGER),
}

MAY_SEE_MONEY = "consultations.view_payment"


def keeps_absences_of_all(user):
    """Whether somebody may enter the absences of others too: whoever sets the clinic's hours."""
    return user.has_perm("consultations.change_openinghours")


def may_export_lists(user):
    """Whether somebody may take a list that they see out as a file."""
    return user.has_perm("consultations.export_lists")


def may_refund(user):
    """Whether somebody may give money back."""
    return user.has_perm("consultations.refund_payment")


def may_correct_all(user):
    """Whether somebody may counter entries of everybody and of any day."""
    return user.has_perm("consultations.correct_payment")


def sees_clinical(user):
    """Whether somebody may read health answers, verdicts, settings and what came of them."""
    return user.has_perm("consultations.view_clinical")


def writes_clinical(user):
    """Whether somebody may write them: who treats, and so signs. To read what somebody else
    wrote and to book is not that, even where one person may do both."""
    return sees_clinical(user) and user.has_perm("consultations.sign_treatmentsession")
