"""Who is answered what: every address of the program, by the roles of design section 5.

One line an address: what GET is answered to each role, then POST. The name of an address is its
URL name without "admin:" and "consultations_", or its pattern where it has none; after an @, which
of several cases of it (autocomplete has a line for each model that is chosen from). `kept` is a
POST that stores something; every other answer stores nothing at all.

Those who are not let in – not staff, switched off, nobody – are sent to log in from every address
that is not in OPEN.

To add an address: a line here, by thought and not by running it; where it takes more than the key
of its model's record, its arguments in `stage.py` (ARGUMENTS), and what a POST would send there
(POSTED).
"""

ROLES = ("reception", "practitioner", "clinician", "manager", "superuser", "without a role")
OUTSIDERS = ("not staff", "switched off", "nobody")

TABLE = """
# address                       GET: R   P   C   M   S   – | POST: R    P    C    M    S    –

                                     302 302 302 302 302 302 |       302  302  302  302  302  302
favicon.ico                          302 302 302 302 302 302 |       302  302  302  302  302  302
calendar_feed                        404 404 404 404 404 404 |       405  405  405  405  405  405
calendar_feed@known                  200 200 200 200 200 200 |       405  405  405  405  405  405
source                               200 200 200 200 200 200 |       405  405  405  405  405  405
login                                302 302 302 302 302 302 |       200  200  200  200  200  200
logout                               405 405 405 405 405 405 |       200  200  200  200  200  200
index                                200 200 200 200 200 200 |       200  200  200  200  200  200
password_change                      200 200 200 200 200 200 |       kept kept kept kept kept kept
password_change_done                 200 200 200 200 200 200 |       405  405  405  405  405  405
jsi18n                               200 200 200 200 200 200 |       405  405  405  405  405  405
draft                                200 200 200 200 200 200 |       kept kept kept kept kept kept
time_left                            200 200 200 200 200 200 |       200  200  200  200  200  200
sessions                             200 200 200 200 200 200 |       302  302  302  302  302  302
your_calendar                        200 200 200 200 200 200 |       kept kept kept kept kept kept
second_factor                        302 302 302 302 302 302 |       302  302  302  302  302  302
second_factor_code                   302 302 302 302 302 302 |       302  302  302  302  302  302
second_factor_set_up                 200 200 200 200 200 200 |       kept kept kept kept kept kept
second_factor_new_codes              405 405 405 405 405 405 |       302  302  302  302  302  302
diary                                200 200 200 200 200 403 |       302  302  302  302  302  403
diary_week                           200 200 200 200 200 403 |       302  302  302  302  302  403
diary_move                           405 405 405 403 405 403 |       kept kept kept 403  kept 403
audit                                403 403 403 200 200 403 |       403  403  403  200  200  403
audit_export                         403 403 403 200 200 403 |       403  403  403  200  200  403
import                               403 403 403 200 200 403 |       403  403  403  kept kept 403
import_batch                         403 403 403 200 200 403 |       403  403  403  kept kept 403
import_template                      403 403 403 200 200 403 |       403  403  403  405  405  403
figures                              403 403 403 200 200 403 |       403  403  403  405  405  403
figures_export                       403 403 403 200 200 403 |       403  403  403  405  405  403
rulebook                             403 403 200 200 200 403 |       403  403  200  200  200  403
try_case                             403 403 200 200 200 403 |       403  403  200  200  200  403
app_list                             200 200 200 200 200 404 |       200  200  200  200  200  404
app_list@auth                        404 404 404 200 200 404 |       404  404  404  200  200  404
view_on_site                         404 404 404 404 404 404 |       404  404  404  404  404  404
(?P<url>.*)$                         404 404 404 404 404 404 |       404  404  404  404  404  404

autocomplete@patient                 200 200 200 200 200 403 |       200  200  200  200  200  403
autocomplete@consultation            403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@areaassessment          403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@surgicalreferral        403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@surgeon                 403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@treatmentplan           200 200 200 200 200 403 |       200  200  200  200  200  403
autocomplete@treatmentsession        200 200 200 200 200 403 |       200  200  200  200  200  403
autocomplete@appointment             200 200 200 200 200 403 |       200  200  200  200  200  403
autocomplete@payment                 200 200 200 200 200 403 |       200  200  200  200  200  403
autocomplete@room                    403 403 403 200 200 403 |       403  403  403  200  200  403
autocomplete@adverseevent            403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@photo                   403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@laser                   403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@lasermode               403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@consent                 403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@issueddocument          403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@consentwording          403 200 200 200 200 403 |       403  200  200  200  200  403
autocomplete@user                    403 200 200 200 200 403 |       403  200  200  200  200  403

patient_changelist                   200 200 200 200 200 403 |       200  200  200  200  200  403
patient_list_out                     403 403 403 200 200 403 |       403  403  403  405  405  403
patient_add                          200 200 200 403 200 403 |       kept kept kept 403  kept 403
patient_change                       200 200 200 200 200 403 |       kept kept kept 403  kept 403
patient_history                      200 200 200 200 200 403 |       200  200  200  200  200  403
patient_delete                       403 403 403 403 403 403 |       403  403  403  403  403  403
patient_entered_in_error             403 403 200 403 200 403 |       403  403  kept 403  kept 403
patient_find                         200 200 200 200 200 403 |       200  200  200  200  200  403
patient_namesakes                    405 405 405 403 405 403 |       200  200  200  403  200  403
patient_chart                        403 200 200 200 200 403 |       403  200  200  200  200  403
patient_visit                        403 200 200 403 200 403 |       403  kept kept 403  kept 403
patient_visit_check                  403 405 405 403 405 403 |       403  200  200  403  200  403
patient_photos                       403 200 200 200 200 403 |       403  kept kept 403  kept 403
patient_photos@consent               403 200 200 200 200 403 |       403  kept kept 403  kept 403
patient_dicom                        403 403 403 405 405 403 |       403  403  403  200  200  403
patient_consents                     200 200 200 200 200 403 |       200  200  200  200  200  403
patient_photo_consent                403 200 200 403 200 403 |       403  kept kept 403  kept 403
patient_publicity_consent            403 200 200 403 200 403 |       403  kept kept 403  kept 403
consent_withdraw                     200 200 200 403 200 403 |       kept kept kept 403  kept 403
patient_documents                    200 200 200 200 200 403 |       200  200  200  200  200  403
patient_document                     200 200 200 403 200 403 |       kept kept kept 403  kept 403
patient_document@letter              403 403 200 403 200 403 |       403  403  kept 403  kept 403
patient_document@plan                403 200 200 403 200 403 |       403  kept kept 403  kept 403
patient_document@chart               403 403 200 200 200 403 |       403  403  kept kept kept 403
patient_document@receipt             200 200 200 200 200 403 |       kept kept kept kept kept 403
patient_document_draft               200 200 200 403 200 403 |       200  200  200  403  200  403
patient_document_draft@letter        403 403 200 403 200 403 |       403  403  200  403  200  403
patient_document_draft@receipt       200 200 200 200 200 403 |       200  200  200  200  200  403
patient_merge                        403 403 200 403 200 403 |       403  403  kept 403  kept 403
patient_merge@choose                 403 403 200 403 200 403 |       403  403  200  403  200  403
patient_looked                       403 403 403 200 200 403 |       403  403  403  200  200  403
patient_send_again                   405 405 405 403 405 403 |       kept kept kept 403  kept 403
patient_export                       403 403 403 405 405 403 |       403  403  403  200  200  403
patient_fhir                           403 403 403 405 405 403 |       403  403  403  200  200  403
patient_erase                        403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/patient/<path:object_id>/        302 302 302 302 302 302 | 302 302 302 302 302 302

consultation_changelist              403 200 200 200 200 403 |       403  200  200  200  200  403
consultation_list_out                403 403 403 200 200 403 |       403  403  403  405  405  403
consultation_add                     403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultation_change                  403 200 200 200 200 403 |       403  403  kept 403  kept 403
consultation_change@signed           403 200 200 200 200 403 |       403  302  302  302  302  403
consultation_history                 403 200 200 200 200 403 |       403  200  200  200  200  403
consultation_delete                  403 403 403 403 403 403 |       403  403  403  403  403  403
consultation_entered_in_error        403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultation_verdict                 403 403 405 403 405 403 |       403  403  200  403  200  403
consultation_move                    403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultation_move@choose             403 403 200 403 200 403 |       403  403  200  403  200  403
consultation_move@signed             403 403 200 403 200 403 |       403  403  200  403  200  403
consultation_addendum                403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultation_addendum@unsigned       403 403 302 403 302 403 |       403  403  302  403  302  403
consultations/consultation/<path:object_id>/   302 302 302 302 302 302 | 302 302 302 302 302 302

areaassessment_changelist            403 200 200 200 200 403 |       403  200  200  200  200  403
areaassessment_list_out              403 403 403 200 200 403 |       403  403  403  405  405  403
areaassessment_add                   403 403 403 403 403 403 |       403  403  403  403  403  403
areaassessment_change                403 302 302 302 302 403 |       403  302  302  302  302  403
areaassessment_history               403 200 200 200 200 403 |       403  200  200  200  200  403
areaassessment_delete                403 403 403 403 403 403 |       403  403  403  403  403  403
areaassessment_entered_in_error      403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/areaassessment/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

surgicalreferral_changelist          403 200 200 200 200 403 |       403  200  200  200  200  403
surgicalreferral_list_out            403 403 403 200 200 403 |       403  403  403  405  405  403
surgicalreferral_add                 403 403 200 403 200 403 |       403  403  kept 403  kept 403
surgicalreferral_change              403 200 200 200 200 403 |       403  403  kept 403  kept 403
surgicalreferral_history             403 200 200 200 200 403 |       403  200  200  200  200  403
surgicalreferral_letters             403 403 200 403 200 403 |       403  403  kept 403  kept 403
surgicalreferral_delete              403 403 403 403 403 403 |       403  403  403  403  403  403
surgicalreferral_entered_in_error    403 403 200 403 200 403 |       403  403  kept 403  kept 403
surgicalreferral_accepted            403 403 405 403 405 403 |       403  403  kept 403  kept 403
surgicalreferral_declined            403 403 405 403 405 403 |       403  403  kept 403  kept 403
surgicalreferral_another             403 403 405 403 405 403 |       403  403  kept 403  kept 403
surgicalreferral_goes_on             403 403 405 403 405 403 |       403  403  kept 403  kept 403
surgicalreferral_close               403 403 405 403 405 403 |       403  403  kept 403  kept 403
consultations/surgicalreferral/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

referralsending_changelist           403 200 200 200 200 403 |       403  200  200  200  200  403
referralsending_list_out             403 403 403 200 200 403 |       403  403  403  405  405  403
referralsending_add                  403 403 200 403 200 403 |       403  403  kept 403  kept 403
referralsending_change               403 200 200 200 200 403 |       403  403  403  403  403  403
referralsending_history              403 200 200 200 200 403 |       403  200  200  200  200  403
referralsending_delete               403 403 403 403 403 403 |       403  403  403  403  403  403
referralsending_entered_in_error     403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/referralsending/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

surgeon_changelist                   403 200 200 200 200 403 |       403  200  200  200  200  403
surgeon_list_out                     403 403 403 200 200 403 |       403  403  403  405  405  403
surgeon_add                          403 403 200 200 200 403 |       403  403  kept kept kept 403
surgeon_change                       403 200 200 200 200 403 |       403  403  kept kept kept 403
surgeon_history                      403 200 200 200 200 403 |       403  200  200  200  200  403
surgeon_delete                       403 403 403 403 403 403 |       403  403  403  403  403  403
surgeon_entered_in_error             403 403 200 200 200 403 |       403  403  kept kept kept 403
consultations/surgeon/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

treatmentplan_changelist             200 200 200 200 200 403 |       200  200  200  200  200  403
treatmentplan_list_out               403 403 403 200 200 403 |       403  403  403  405  405  403
treatmentplan_add                    403 403 200 403 200 403 |       403  403  kept 403  kept 403
treatmentplan_change                 200 200 200 200 200 403 |       403  403  kept 403  kept 403
treatmentplan_history                200 200 200 200 200 403 |       200  200  200  200  200  403
treatmentplan_delete                 403 403 403 403 403 403 |       403  403  403  403  403  403
treatmentplan_consent                403 200 200 403 200 403 |       403  kept kept 403  kept 403
treatmentplan_entered_in_error       403 403 200 403 200 403 |       403  403  kept 403  kept 403
treatmentplan_money                  200 200 200 200 200 403 |       405  405  405  405  405  403
consultations/treatmentplan/<path:object_id>/  302 302 302 302 302 302 | 302 302 302 302 302 302

treatmentsession_changelist          200 200 200 200 200 403 |       200  200  200  200  200  403
treatmentsession_list_out            403 403 403 200 200 403 |       403  403  403  405  405  403
treatmentsession_add@booking         302 302 302 403 302 403 |       302  302  302  403  302  403
treatmentsession_add@done            403 200 200 403 200 403 |       403  kept kept 403  kept 403
treatmentsession_change@former       302 302 302 302 302 403 |       302  302  302  302  302  403
treatmentsession_change@done         200 200 200 200 200 403 |       403  403  kept 403  kept 403
treatmentsession_change@signed       200 200 200 200 200 403 |       302  302  302  302  302  403
treatmentsession_history             200 200 200 200 200 403 |       200  200  200  200  200  403
treatmentsession_delete              403 403 403 403 403 403 |       403  403  403  403  403  403
treatmentsession_entered_in_error    403 403 200 403 200 403 |       403  403  kept 403  kept 403
treatmentsession_call_off@former     302 302 302 302 302 403 |       302  302  302  302  302  403
treatmentsession_call_off            404 404 404 404 404 403 |       404  404  404  404  404  403
treatmentsession_addendum            403 403 200 403 200 403 |       403  403  kept 403  kept 403
treatmentsession_addendum@unsigned   403 403 302 403 302 403 |       403  403  302  403  302  403
consultations/treatmentsession/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

appointment_changelist               200 200 200 200 200 403 |       200  200  200  200  200  403
appointment_list_out                 403 403 403 200 200 403 |       403  403  403  405  405  403
appointment_add                      200 200 200 403 200 403 |       kept kept kept 403  kept 403
appointment_change                   200 200 200 200 200 403 |       kept kept kept 403  kept 403
appointment_history                  200 200 200 200 200 403 |       200  200  200  200  200  403
appointment_delete                   403 403 403 403 403 403 |       403  403  403  403  403  403
appointment_entered_in_error         403 403 200 403 200 403 |       403  403  kept 403  kept 403
appointment_arrive                   405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_enter                    405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_finish                   405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_put_back                 405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_call_off                 405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_call_off@done            404 404 404 404 404 403 |       404  404  404  404  404  403
appointment_fill                     405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_decline                  405 405 405 403 405 403 |       kept kept kept 403  kept 403
appointment_to_move                  200 200 200 403 200 403 |       302  302  302  403  302  403
appointment_book_course              405 405 405 403 405 403 |       kept kept kept 403  kept 403
consultations/appointment/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

adverseevent_changelist              403 200 200 200 200 403 |       403  200  200  200  200  403
adverseevent_list_out                403 403 403 200 200 403 |       403  403  403  405  405  403
adverseevent_add                     403 200 200 403 200 403 |       403  kept kept 403  kept 403
adverseevent_change                  403 200 200 200 200 403 |       403  kept kept 403  kept 403
adverseevent_history                 403 200 200 200 200 403 |       403  200  200  200  200  403
adverseevent_delete                  403 403 403 403 403 403 |       403  403  403  403  403  403
adverseevent_entered_in_error        403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/adverseevent/<path:object_id>/   302 302 302 302 302 302 | 302 302 302 302 302 302

followup_changelist                  403 200 200 200 200 403 |       403  200  200  200  200  403
followup_list_out                    403 403 403 200 200 403 |       403  403  403  405  405  403
followup_add                         403 200 200 403 200 403 |       403  kept kept 403  kept 403
followup_change                      403 200 200 200 200 403 |       403  kept kept 403  kept 403
followup_history                     403 200 200 200 200 403 |       403  200  200  200  200  403
followup_delete                      403 403 403 403 403 403 |       403  403  403  403  403  403
followup_entered_in_error            403 403 200 403 200 403 |       403  403  kept 403  kept 403
followup_done                        403 405 405 403 405 403 |       403  kept kept 403  kept 403
followup_no_answer                   403 405 405 403 405 403 |       403  kept kept 403  kept 403
consultations/followup/<path:object_id>/       302 302 302 302 302 302 | 302 302 302 302 302 302

testpatch_changelist                 403 200 200 200 200 403 |       403  200  200  200  200  403
testpatch_list_out                   403 403 403 200 200 403 |       403  403  403  405  405  403
testpatch_add                        403 200 200 403 200 403 |       403  kept kept 403  kept 403
testpatch_change                     403 200 200 200 200 403 |       403  kept kept 403  kept 403
testpatch_history                    403 200 200 200 200 403 |       403  200  200  200  200  403
testpatch_delete                     403 403 403 403 403 403 |       403  403  403  403  403  403
testpatch_entered_in_error           403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/testpatch/<path:object_id>/      302 302 302 302 302 302 | 302 302 302 302 302 302

payment_changelist                   200 200 200 200 200 403 |       200  200  200  200  200  403
payment_list_out                     403 403 403 200 200 403 |       403  403  403  405  405  403
payment_add                          200 200 200 200 200 403 |       kept kept kept kept kept 403
payment_add@refund                   200 200 200 200 200 403 |       200  200  200  kept kept 403
payment_change                       200 200 200 200 200 403 |       403  403  403  403  403  403
payment_history                      200 200 200 200 200 403 |       200  200  200  200  200  403
payment_delete                       403 403 403 403 403 403 |       403  403  403  403  403  403
payment_entered_in_error             403 403 403 403 403 403 |       403  403  403  403  403  403
payment_correct                      403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/payment/<path:object_id>/        302 302 302 302 302 302 | 302 302 302 302 302 302

discount_changelist                  200 200 200 200 200 403 |       200  200  200  200  200  403
discount_list_out                    403 403 403 200 200 403 |       403  403  403  405  405  403
discount_add                         403 403 200 200 200 403 |       403  403  kept kept kept 403
discount_change                      200 200 200 200 200 403 |       403  403  403  403  403  403
discount_history                     200 200 200 200 200 403 |       200  200  200  200  200  403
discount_delete                      403 403 403 403 403 403 |       403  403  403  403  403  403
discount_entered_in_error            403 403 200 200 200 403 |       403  403  kept kept kept 403
consultations/discount/<path:object_id>/       302 302 302 302 302 302 | 302 302 302 302 302 302

laser_changelist                     403 200 200 200 200 403 |       403  200  200  200  200  403
laser_list_out                       403 403 403 200 200 403 |       403  403  403  405  405  403
laser_add                            403 403 403 200 200 403 |       403  403  403  kept kept 403
laser_change                         403 200 200 200 200 403 |       403  403  403  kept kept 403
laser_history                        403 200 200 200 200 403 |       403  200  200  200  200  403
laser_delete                         403 403 403 403 403 403 |       403  403  403  403  403  403
laser_entered_in_error               403 403 200 403 200 403 |       403  403  kept 403  kept 403
laser_register                       403 200 200 200 200 403 |       403  302  302  302  302  403
laser_register_pdf                   403 200 200 200 200 403 |       403  405  405  405  405  403
laser_register_export                403 200 200 200 200 403 |       403  405  405  405  405  403
consultations/laser/<path:object_id>/          302 302 302 302 302 302 | 302 302 302 302 302 302

lasermode_changelist                 403 200 200 200 200 403 |       403  200  200  200  200  403
lasermode_list_out                   403 403 403 200 200 403 |       403  403  403  405  405  403
lasermode_add                        403 403 403 200 200 403 |       403  403  403  kept kept 403
lasermode_change                     403 200 200 200 200 403 |       403  403  403  kept kept 403
lasermode_history                    403 200 200 200 200 403 |       403  200  200  200  200  403
lasermode_delete                     403 403 403 403 403 403 |       403  403  403  403  403  403
lasermode_entered_in_error           403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/lasermode/<path:object_id>/      302 302 302 302 302 302 | 302 302 302 302 302 302

authoriseduser_changelist            403 200 200 200 200 403 |       403  200  200  200  200  403
authoriseduser_list_out              403 403 403 200 200 403 |       403  403  403  405  405  403
authoriseduser_add                   403 403 403 200 200 403 |       403  403  403  kept kept 403
authoriseduser_change                403 200 200 200 200 403 |       403  403  403  kept kept 403
authoriseduser_history               403 200 200 200 200 403 |       403  200  200  200  200  403
authoriseduser_delete                403 403 403 403 403 403 |       403  403  403  403  403  403
authoriseduser_entered_in_error      403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/authoriseduser/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

laserservice_changelist              403 200 200 200 200 403 |       403  200  200  200  200  403
laserservice_list_out                403 403 403 200 200 403 |       403  403  403  405  405  403
laserservice_add                     403 403 403 200 200 403 |       403  403  403  kept kept 403
laserservice_change                  403 200 200 200 200 403 |       403  403  403  kept kept 403
laserservice_history                 403 200 200 200 200 403 |       403  200  200  200  200  403
laserservice_delete                  403 403 403 403 403 403 |       403  403  403  403  403  403
laserservice_entered_in_error        403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/laserservice/<path:object_id>/   302 302 302 302 302 302 | 302 302 302 302 302 302

laserincident_changelist             403 200 200 200 200 403 |       403  200  200  200  200  403
laserincident_list_out               403 403 403 200 200 403 |       403  403  403  405  405  403
laserincident_add                    403 403 403 200 200 403 |       403  403  403  kept kept 403
laserincident_change                 403 200 200 200 200 403 |       403  403  403  kept kept 403
laserincident_history                403 200 200 200 200 403 |       403  200  200  200  200  403
laserincident_delete                 403 403 403 403 403 403 |       403  403  403  403  403  403
laserincident_entered_in_error       403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/laserincident/<path:object_id>/  302 302 302 302 302 302 | 302 302 302 302 302 302

photo_changelist                     403 200 200 200 200 403 |       403  200  200  200  200  403
photo_list_out                       403 403 403 200 200 403 |       403  403  403  405  405  403
photo_add                            403 403 403 403 403 403 |       403  403  403  403  403  403
photo_change                         403 200 200 200 200 403 |       403  kept kept 403  kept 403
photo_history                        403 200 200 200 200 403 |       403  200  200  200  200  403
photo_delete                         403 403 403 403 403 403 |       403  403  403  403  403  403
photo_entered_in_error               403 403 200 403 200 403 |       403  403  kept 403  kept 403
photo_image                          403 200 200 200 200 403 |       403  200  200  200  200  403
photo_turn                           403 405 405 403 405 403 |       403  kept kept 403  kept 403
photo_thumbnail                      403 200 200 200 200 403 |       403  200  200  200  200  403
consultations/photo/<path:object_id>/          302 302 302 302 302 302 | 302 302 302 302 302 302

photouse_changelist                  403 200 200 200 200 403 |       403  200  200  200  200  403
photouse_list_out                    403 403 403 200 200 403 |       403  403  403  405  405  403
photouse_add                         403 200 200 403 200 403 |       403  kept kept 403  kept 403
photouse_change                      403 200 200 200 200 403 |       403  kept kept 403  kept 403
photouse_history                     403 200 200 200 200 403 |       403  200  200  200  200  403
photouse_delete                      403 403 403 403 403 403 |       403  403  403  403  403  403
photouse_entered_in_error            403 403 200 403 200 403 |       403  403  kept 403  kept 403
photouse_taken_down                  403 405 405 405 405 403 |       403  kept kept kept kept 403
consultations/photouse/<path:object_id>/       302 302 302 302 302 302 | 302 302 302 302 302 302

consent_changelist                   403 200 200 200 200 403 |       403  200  200  200  200  403
consent_list_out                     403 403 403 200 200 403 |       403  403  403  405  405  403
consent_add                          403 403 403 403 403 403 |       403  403  403  403  403  403
consent_change                       403 200 200 200 200 403 |       403  403  403  403  403  403
consent_history                      403 200 200 200 200 403 |       403  200  200  200  200  403
consent_delete                       403 403 403 403 403 403 |       403  403  403  403  403  403
consent_entered_in_error             403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/consent/<path:object_id>/        302 302 302 302 302 302 | 302 302 302 302 302 302

issueddocument_changelist            403 200 200 200 200 403 |       403  200  200  200  200  403
issueddocument_list_out              403 403 403 200 200 403 |       403  403  403  405  405  403
issueddocument_add                   403 403 403 403 403 403 |       403  403  403  403  403  403
issueddocument_change                403 302 302 302 302 403 |       403  302  302  302  302  403
issueddocument_history               403 200 200 200 200 403 |       403  200  200  200  200  403
issueddocument_delete                403 403 403 403 403 403 |       403  403  403  403  403  403
issueddocument_entered_in_error      403 403 200 403 200 403 |       403  403  kept 403  kept 403
issueddocument_file                  200 200 200 200 200 403 |       200  200  200  200  200  403
issueddocument_file@letter           403 200 200 200 200 403 |       403  200  200  200  200  403
consultations/issueddocument/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

consentwording_changelist            403 200 200 200 200 403 |       403  200  200  200  200  403
consentwording_list_out              403 403 403 200 200 403 |       403  403  403  405  405  403
consentwording_add                   403 403 403 200 200 403 |       403  403  403  kept kept 403
consentwording_change                403 200 200 200 200 403 |       403  403  403  kept kept 403
consentwording_history               403 200 200 200 200 403 |       403  200  200  200  200  403
consentwording_delete                403 403 403 403 403 403 |       403  403  403  403  403  403
consentwording_entered_in_error      403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/consentwording/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

addendum_changelist                  403 200 200 200 200 403 |       403  200  200  200  200  403
addendum_list_out                    403 403 403 200 200 403 |       403  403  403  405  405  403
addendum_add                         403 403 403 403 403 403 |       403  403  403  403  403  403
addendum_change                      403 302 302 302 302 403 |       403  302  302  302  302  403
addendum_history                     403 200 200 200 200 403 |       403  200  200  200  200  403
addendum_delete                      403 403 403 403 403 403 |       403  403  403  403  403  403
addendum_entered_in_error            403 403 200 403 200 403 |       403  403  kept 403  kept 403
consultations/addendum/<path:object_id>/       302 302 302 302 302 302 | 302 302 302 302 302 302

room_changelist                      403 403 403 200 200 403 |       403  403  403  200  200  403
room_list_out                        403 403 403 200 200 403 |       403  403  403  405  405  403
room_add                             403 403 403 200 200 403 |       403  403  403  kept kept 403
room_change                          403 403 403 200 200 403 |       403  403  403  kept kept 403
room_history                         403 403 403 200 200 403 |       403  403  403  200  200  403
room_delete                          403 403 403 403 403 403 |       403  403  403  403  403  403
room_entered_in_error                403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/room/<path:object_id>/           302 302 302 302 302 302 | 302 302 302 302 302 302

openinghours_changelist              403 403 403 200 200 403 |       403  403  403  200  200  403
openinghours_list_out                403 403 403 200 200 403 |       403  403  403  405  405  403
openinghours_add                     403 403 403 200 200 403 |       403  403  403  kept kept 403
openinghours_change                  403 403 403 200 200 403 |       403  403  403  kept kept 403
openinghours_history                 403 403 403 200 200 403 |       403  403  403  200  200  403
openinghours_delete                  403 403 403 403 403 403 |       403  403  403  403  403  403
openinghours_entered_in_error        403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/openinghours/<path:object_id>/   302 302 302 302 302 302 | 302 302 302 302 302 302

closedday_changelist                 403 403 403 200 200 403 |       403  403  403  200  200  403
closedday_list_out                   403 403 403 200 200 403 |       403  403  403  405  405  403
closedday_add                        403 403 403 200 200 403 |       403  403  403  kept kept 403
closedday_change                     403 403 403 200 200 403 |       403  403  403  kept kept 403
closedday_history                    403 403 403 200 200 403 |       403  403  403  200  200  403
closedday_delete                     403 403 403 403 403 403 |       403  403  403  403  403  403
closedday_entered_in_error           403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/closedday/<path:object_id>/      302 302 302 302 302 302 | 302 302 302 302 302 302

absence_changelist                   200 200 200 200 200 403 |       200  200  200  200  200  403
absence_list_out                     403 403 403 200 200 403 |       403  403  403  405  405  403
absence_add@own                      403 200 200 200 200 403 |       403  kept kept 200  200  403
absence_add@others                   403 200 200 200 200 403 |       403  200  200  kept kept 403
absence_change                       200 200 200 200 200 403 |       403  403  403  kept kept 403
absence_history                      200 200 200 200 200 403 |       200  200  200  200  200  403
absence_delete                       403 403 403 403 403 403 |       403  403  403  403  403  403
absence_entered_in_error             403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/absence/<path:object_id>/        302 302 302 302 302 302 | 302 302 302 302 302 302

appointmentreason_changelist         403 403 403 200 200 403 |       403  403  403  200  200  403
appointmentreason_list_out           403 403 403 200 200 403 |       403  403  403  405  405  403
appointmentreason_add                403 403 403 200 200 403 |       403  403  403  kept kept 403
appointmentreason_change             403 403 403 200 200 403 |       403  403  403  kept kept 403
appointmentreason_history            403 403 403 200 200 403 |       403  403  403  200  200  403
appointmentreason_delete             403 403 403 403 403 403 |       403  403  403  403  403  403
appointmentreason_entered_in_error   403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/appointmentreason/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

appointmentlength_changelist         403 403 403 200 200 403 |       403  403  403  200  200  403
appointmentlength_list_out           403 403 403 200 200 403 |       403  403  403  405  405  403
appointmentlength_add                403 403 403 200 200 403 |       403  403  403  kept kept 403
appointmentlength_change             403 403 403 200 200 403 |       403  403  403  kept kept 403
appointmentlength_history            403 403 403 200 200 403 |       403  403  403  200  200  403
appointmentlength_delete             403 403 403 403 403 403 |       403  403  403  403  403  403
appointmentlength_entered_in_error   403 403 403 200 200 403 |       403  403  403  kept kept 403
consultations/appointmentlength/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

messagetemplate_changelist           403 403 403 200 200 403 |       403  403  403  200  200  403
messagetemplate_list_out             403 403 403 200 200 403 |       403  403  403  405  405  403
messagetemplate_add                  403 403 403 200 200 403 |       403  403  403  kept kept 403
messagetemplate_change               403 403 403 200 200 403 |       403  403  403  kept kept 403
messagetemplate_history              403 403 403 200 200 403 |       403  403  403  200  200  403
messagetemplate_delete               403 403 403 403 403 403 |       403  403  403  403  403  403
messagetemplate_entered_in_error     403 403 403 403 200 403 |       403  403  403  403  kept 403
consultations/messagetemplate/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

precare_changelist                   403 403 403 200 200 403 |       403  403  403  200  200  403
precare_list_out                     403 403 403 200 200 403 |       403  403  403  405  405  403
precare_add                          403 403 403 200 200 403 |       403  403  403  kept kept 403
precare_change                       403 403 403 200 200 403 |       403  403  403  kept kept 403
precare_history                      403 403 403 200 200 403 |       403  403  403  200  200  403
precare_delete                       403 403 403 403 403 403 |       403  403  403  403  403  403
precare_entered_in_error             403 403 403 403 200 403 |       403  403  403  403  kept 403
consultations/precare/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

clinicsettings_changelist            403 403 403 302 302 403 |       403  403  403  302  302  403
clinicsettings_add                   403 403 403 302 302 403 |       403  403  403  200  200  403
clinicsettings_change                403 403 403 200 200 403 |       403  403  403  kept kept 403
clinicsettings_history               403 403 403 200 200 403 |       403  403  403  200  200  403
clinicsettings_delete                403 403 403 403 403 403 |       403  403  403  403  403  403
clinicsettings_entered_in_error      403 403 403 403 200 403 |       403  403  403  403  200  403
clinicsettings_logo                  403 403 403 200 200 403 |       403  403  403  kept kept 403
clinicsettings_logo_file             404 404 404 404 404 404 |       404  404  404  404  404  404
clinicsettings_due_for_erasure       403 403 403 200 200 403 |       403  403  403  200  200  403
consultations/clinicsettings/<path:object_id>/ 302 302 302 302 302 302 | 302 302 302 302 302 302

auth_user_changelist                 403 403 403 200 200 403 |       403  403  403  200  200  403
auth_user_list_out                   403 403 403 200 200 403 |       403  403  403  405  405  403
auth_user_add                        403 403 403 200 200 403 |       403  403  403  kept kept 403
auth_user_change                     403 403 403 200 200 403 |       403  403  403  kept kept 403
auth_user_change@superuser           403 403 403 200 200 403 |       403  403  403  403  kept 403
auth_user_history                    403 403 403 200 200 403 |       403  403  403  200  200  403
auth_user_delete                     403 403 403 403 403 403 |       403  403  403  403  403  403
auth_user_password_change            403 403 403 200 200 403 |       403  403  403  kept kept 403
auth_user_password_change@superuser  403 403 403 403 302 403 |       403  403  403  403  302  403
auth_user_unlock                     403 403 403 405 405 403 |       403  403  403  kept kept 403
auth_user_unlock@superuser           403 403 403 403 403 403 |       403  403  403  403  403  403
auth_user_reset_second_factor        403 403 403 405 405 403 |       403  403  403  kept kept 403
auth_user_reset_second_factor@superuser 403 403 403 403 403 403 |       403  403  403  403  403  403
auth_user_end_calendar               403 403 403 405 405 403 |       403  403  403  kept kept 403
auth_user_end_calendar@superuser     403 403 403 403 403 403 |       403  403  403  403  403  403
auth/user/<path:object_id>/                    302 302 302 302 302 302 | 302 302 302 302 302 302
"""

# What those who are not let in are answered instead of the way to the login: GET, POST.
OPEN = {
    "": ("302", "302"),
    "favicon.ico": ("302", "302"),
    "calendar_feed": ("404", "405"),
    "calendar_feed@known": ("200", "405"),
    "source": ("200", "405"),
    "login": ("200", "200"),
    "logout": ("405", "200"),
    # To log in as well, but not to come back here.
    "second_factor_code": ("302", "302"),
    "second_factor_set_up": ("302", "302"),
}


def rows():
    """By address: what each role is answered to GET, and what to POST."""
    found = {}
    for line in TABLE.splitlines():
        if "|" not in line or line.startswith("#"):
            continue
        get, post = (part.split() for part in line.split("|"))
        address = "" if len(get) == len(ROLES) else get.pop(0)
        if address in found or len(get) != len(ROLES) or len(post) != len(ROLES):
            raise ValueError(f"twice, or not one answer for each role: {line}")
        outside = OPEN.get(address, ("302", "302"))
        found[address] = {
            "GET": dict(zip(ROLES, get, strict=True)) | dict.fromkeys(OUTSIDERS, outside[0]),
            "POST": dict(zip(ROLES, post, strict=True)) | dict.fromkeys(OUTSIDERS, outside[1]),
        }
    return found


MATRIX = rows()
