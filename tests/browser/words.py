"""The words on the screen that stories act by: when a label changes, it changes here."""

MESSAGES = ".messagelist li"

LOG_IN = "Log in"
USERNAME = "Username"
PASSWORD = "Password"
TODAY = "Today"
PATIENTS = "Patients"

CHART = "Chart of {}"

SAVE = "Save"
ADD_AREA = "Add another Area"
NEW_CONSULTATION = "New consultation"
ADD_PATIENT = "New patient"
SEND_REFERRAL = "Send referral"
RECORD_SESSION = "Record session"
NO_TO_THE_REST = "No to all the rest"
MISSED = "Missed"
DID_NOT_COME = "Did not attend"
GO_ON = "Continue"
DISCARD = "Discard"
VISIT = "Record sessions"
FIND = "Find a patient"
ADVERSE_EVENT = "Adverse event"
SAVE_PHOTOS = "Save photos"


def nothing_changed(day):
    return f"No changes since {day}"


STAY = "Stay signed in"
SIGN_IN_AGAIN = "Sign in again"
