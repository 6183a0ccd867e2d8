"""Saving a consultation with its areas, and telling the verdicts."""

from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from consultations.actions.assessments import record_assessments
from consultations.actions.attended import finish_with_consultation, open_again_without_consultation
from consultations.actions.courses import keep_decision_in_step
from consultations.actions.patients import keep_lifetime_answers
from consultations.admin.parts.displays import next_steps, resume_steps, words_paused
from consultations.models.text import day_in_words

from .telling import open_plans, outcome_and_unasked, referrals_of


class SavedConsultation:
    def save_model(self, request, obj, form, change):
        keep_lifetime_answers(consultation=obj, answers=form.lifetime_answers(), by=request.user)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        changed = formset.save(commit=False)
        areas = record_assessments(
            consultation=form.instance, changed=changed, by=request.user, past=formset.past()
        )
        finish_with_consultation(consultation=form.instance, by=request.user)
        if change and "consulted_on" in form.changed_data:
            former, patient = form.before("consulted_on"), form.instance.patient_id
            open_again_without_consultation(patient=patient, day=former, by=request.user)
        referrals = referrals_of(form.instance.patient, areas)
        plans = open_plans(areas)
        for assessment in areas:
            if not assessment.in_error:
                plan = plans.get(assessment.area) if assessment.is_treatable else None
                resuming = resume_steps(plan, assessment, request.user) if plan else []
                steps = resuming or next_steps(assessment, request.user, referrals)
                self._tell_verdict(request, assessment, steps)
        paused = [plan for one in areas for plan in getattr(one, "paused", ())]
        if change:
            paused += self._paused_by_correcting(request, form, formset)
        for plan in paused:
            self.message_user(request, words_paused(plan), messages.WARNING)

    def _paused_by_correcting(self, request, form, formset):
        """Plans of areas whose latest assessment is another, now that a day or an area is
        corrected."""
        cards = formset.initial_forms
        corrected = [one for one in cards if "area" in one.changed_data]
        if "consulted_on" in form.changed_data:
            corrected = cards
        areas = {area for one in corrected for area in (one.before("area"), one.instance.area)}
        return [
            plan
            for area in sorted(areas)
            for plan in keep_decision_in_step(
                patient=form.instance.patient_id, area=area, by=request.user
            )
        ]

    def _tell_verdict(self, request, assessment, steps):
        is_clear = assessment.is_treatable and not assessment.number_unasked
        level = messages.SUCCESS if is_clear else messages.WARNING
        words = format_html(
            "<strong>{}: {}.</strong> {} {}",
            assessment.get_area_display(),
            outcome_and_unasked(assessment),
            self._why(assessment),
            format_html_join(
                " ", '<a class="step" href="{}">{}</a>', ((s.url, s.label) for s in steps[:1])
            ),
        )
        self.message_user(request, words, level)

    def _why(self, assessment):
        if assessment.is_decided_otherwise:
            return _("Verdict (%(verdict)s) overridden: %(reason)s") % {
                "verdict": assessment.get_outcome_display(),
                "reason": assessment.decision_reason,
            }
        if assessment.until:
            until = _("Can be treated from %(day)s.") % {"day": day_in_words(assessment.until)}
            return f"{assessment.reason} {until}"
        return assessment.reason
