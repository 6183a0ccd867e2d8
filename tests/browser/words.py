"""The words on the screen that stories act by: when a label changes, it changes here."""

MESSAGES = ".messagelist li"

LOG_IN = "Log in"
USERNAME = "Username"
PASSWORD = "Password"
TODAY = "Clinic"
PATIENTS = "Patients"

CHART = "Chart of {}"

SAVE = "Save"
ADD_AREA = "Add another Area"
NEW_CONSULTATION = "New consultation"
ADD_PATIENT = "Add patient"
SEND_REFERRAL = "Send referral"
