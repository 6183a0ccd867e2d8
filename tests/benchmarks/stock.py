"""The same records under plain ModelAdmins, written as a first admin usually is."""

from django.contrib import admin
from django.urls import path

from clinic.source import source
from consultations.actions.assessments import give_verdict
from consultations.models import (
    AdverseEvent,
    Appointment,
    AreaAssessment,
    Consultation,
    FollowUp,
    Patient,
    SurgicalReferral,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.vocabulary import SessionStatus

site = admin.AdminSite(name="stock")


def named(path_to_patient):
    return [
        f"{path_to_patient}{name}"
        for name in ("family_name", "given_name", "record_number", "phone", "date_of_birth")
    ]


class StockAdmin(admin.ModelAdmin):
    list_per_page = 50

    def save_model(self, request, obj, form, change):
        obj.save(by=request.user)


def done_of(plan):
    done = plan.sessions.filter(status=SessionStatus.DONE, entered_in_error_at=None).count()
    return f"{done} of {plan.planned_sessions}"


@admin.register(Patient, site=site)
class PatientAdmin(StockAdmin):
    list_display = ["__str__", "record_number", "date_of_birth", "phone", "courses"]
    search_fields = named("")
    ordering = ["family_name", "given_name"]

    def courses(self, patient):
        plans = TreatmentPlan.objects.filter(assessment__consultation__patient=patient)
        return ", ".join(f"{plan.assessment.area} {done_of(plan)}" for plan in plans)


class AreaInline(admin.StackedInline):
    model = AreaAssessment
    extra = 1
    exclude = ["follows_referral"]


@admin.register(Consultation, site=site)
class ConsultationAdmin(StockAdmin):
    list_display = ["consulted_on", "patient", "areas", "clinician", "signed_at"]
    search_fields = named("patient__")
    list_filter = [
        "assessments__effective_outcome",
        "assessments__severity",
        "assessments__area",
        "signed_at",
    ]
    ordering = ["-consulted_on"]
    inlines = [AreaInline]

    def areas(self, consultation):
        return ", ".join(
            f"{one.area}: {one.effective_outcome} {', '.join(map(str, one.referrals.all()))}"
            for one in consultation.assessments.all()
        )

    def save_formset(self, request, form, formset, change):
        for area in formset.save(commit=False):
            give_verdict(area)
            area.save(by=request.user)


class OfPatient(StockAdmin):
    @admin.display(description="patient")
    def who(self, record):
        return record.patient


@admin.register(AreaAssessment, site=site)
class AreaAssessmentAdmin(OfPatient):
    list_display = ["__str__", "who", "severity", "effective_outcome"]
    search_fields = named("consultation__patient__")
    list_filter = ["effective_outcome", "severity", "area"]


@admin.register(SurgicalReferral, site=site)
class ReferralAdmin(OfPatient):
    list_display = ["__str__", "who", "status", "urgency", "sent_on", "surgeon"]
    search_fields = named("assessment__consultation__patient__")
    list_filter = ["status"]


@admin.register(TreatmentPlan, site=site)
class PlanAdmin(OfPatient):
    list_display = ["__str__", "who", "laser_type", "progress", "status", "next_due_on"]
    search_fields = named("assessment__consultation__patient__")
    list_filter = ["status", "next_due_on", "assessment__area"]

    def progress(self, plan):
        return done_of(plan)


@admin.register(TreatmentSession, site=site)
class SessionAdmin(OfPatient):
    list_display = ["day", "who", "area", "number", "status", "operator", "signed_at"]
    search_fields = named("plan__assessment__consultation__patient__")
    list_filter = ["status", "plan__assessment__area", "signed_at"]
    ordering = ["-day"]

    def area(self, session):
        return session.plan.assessment.get_area_display()

    def number(self, session):
        return done_of(session.plan)


@admin.register(Appointment, site=site)
class AppointmentAdmin(StockAdmin):
    list_display = ["starts_at", "patient", "kind", "status", "practitioner", "room"]
    search_fields = named("patient__")
    list_filter = ["status", "kind", "starts_at"]
    ordering = ["-starts_at"]


@admin.register(AdverseEvent, site=site)
class EventAdmin(OfPatient):
    list_display = ["__str__", "who", "severity", "onset_on", "resolved_on", "cleared_at"]
    search_fields = named("session__plan__assessment__consultation__patient__")
    list_filter = ["severity", "resolved_on"]


@admin.register(FollowUp, site=site)
class FollowUpAdmin(StockAdmin):
    list_display = ["patient", "kind", "due_on", "done_on", "done_by"]
    search_fields = named("patient__")
    list_filter = ["kind", "done_on"]


urlpatterns = [
    path("admin/", admin.site.urls),
    path("source/", source, name="source"),
    path("stock/", site.urls),
]
