"""Consent to treatment; courses that began before it was recorded here are told apart by the day."""

import django.core.validators
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

ONLY = 1


def consent_from_today(apps, schema_editor):
    """Set the day on which consent begins to be recorded, for a clinic that has courses already."""
    first = apps.get_model("consultations", "TreatmentPlan").objects.order_by("pk").first()
    if first is None:
        return
    ClinicSettings = apps.get_model("consultations", "ClinicSettings")
    found = ClinicSettings.objects.filter(pk=ONLY).first()
    row = found or ClinicSettings(
        pk=ONLY, created_by_id=first.created_by_id, changed_by_id=first.created_by_id
    )
    row.version += found is not None
    row.consent_from = timezone.localdate()
    row.changed_at = timezone.now()
    row.save()
    _write_history(apps.get_model("consultations", "HistoricalClinicSettings"), row, found)


def _write_history(history, row, found):
    columns = {field.attname for field in history._meta.concrete_fields}
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname in columns
    }
    history.objects.create(
        **values,
        history_date=row.changed_at,
        history_type="~" if found else "+",
        history_user_id=row.changed_by_id,
        history_change_reason="Consent to treatment is recorded from now on.",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0028_time_of_a_call'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='consent',
            options={'permissions': [('take_any_consent', 'Can take consent to any laser treatment'), ('withdraw_consent', 'Can record that a consent was withdrawn')], 'verbose_name': 'consent', 'verbose_name_plural': 'consents'},
        ),
        migrations.AddField(
            model_name='clinicsettings',
            name='consent_from',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='clinicsettings',
            name='reflection_days',
            field=models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(90)], verbose_name='before other lasers, days'),
        ),
        migrations.AddField(
            model_name='clinicsettings',
            name='reflection_days_ablative',
            field=models.PositiveSmallIntegerField(default=14, help_text='Counted from the day the consent was signed. 0 for none.', validators=[django.core.validators.MaxValueValidator(90)], verbose_name='time to reflect before ablative laser, days'),
        ),
        migrations.AddField(
            model_name='consent',
            name='by_guardian',
            field=models.BooleanField(default=False, verbose_name='signed by the guardian'),
        ),
        migrations.AddField(
            model_name='consent',
            name='digest_version',
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='consent',
            name='kept_at',
            field=models.CharField(blank=True, help_text='Where the signed paper is kept.', max_length=200, verbose_name='paper kept at'),
        ),
        migrations.AddField(
            model_name='consent',
            name='laser_type',
            field=models.CharField(blank=True, choices=[('non_ablative', 'Non-ablative'), ('non_ablative_fractional', 'Non-ablative fractional'), ('ablative_fractional', 'Ablative fractional'), ('ablative_full', 'Fully ablative')], editable=False, max_length=30, verbose_name='laser type'),
        ),
        migrations.AddField(
            model_name='consent',
            name='no_reason',
            field=models.TextField(blank=True, help_text="Why it was refused or withdrawn, in the patient's words.", max_length=2000, verbose_name='reason for the no'),
        ),
        migrations.AddField(
            model_name='consent',
            name='points',
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name='signature'),
        ),
        migrations.AddField(
            model_name='consent',
            name='read_as',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='what was read'),
        ),
        migrations.AddField(
            model_name='consent',
            name='refused',
            field=models.BooleanField(default=False, editable=False, verbose_name='refused'),
        ),
        migrations.AddField(
            model_name='consent',
            name='sessions',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='sessions agreed'),
        ),
        migrations.AddField(
            model_name='consent',
            name='severity',
            field=models.CharField(blank=True, choices=[('mild', 'Mild'), ('moderate', 'Moderate'), ('severe', 'Severe')], editable=False, max_length=10, verbose_name='severity'),
        ),
        migrations.AddField(
            model_name='consent',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='withdrawal recorded at'),
        ),
        migrations.AddField(
            model_name='historicalclinicsettings',
            name='consent_from',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='historicalclinicsettings',
            name='reflection_days',
            field=models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(90)], verbose_name='before other lasers, days'),
        ),
        migrations.AddField(
            model_name='historicalclinicsettings',
            name='reflection_days_ablative',
            field=models.PositiveSmallIntegerField(default=14, help_text='Counted from the day the consent was signed. 0 for none.', validators=[django.core.validators.MaxValueValidator(90)], verbose_name='time to reflect before ablative laser, days'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='by_guardian',
            field=models.BooleanField(default=False, verbose_name='signed by the guardian'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='digest_version',
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='kept_at',
            field=models.CharField(blank=True, help_text='Where the signed paper is kept.', max_length=200, verbose_name='paper kept at'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='laser_type',
            field=models.CharField(blank=True, choices=[('non_ablative', 'Non-ablative'), ('non_ablative_fractional', 'Non-ablative fractional'), ('ablative_fractional', 'Ablative fractional'), ('ablative_full', 'Fully ablative')], editable=False, max_length=30, verbose_name='laser type'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='no_reason',
            field=models.TextField(blank=True, help_text="Why it was refused or withdrawn, in the patient's words.", max_length=2000, verbose_name='reason for the no'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='points',
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name='signature'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='read_as',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='what was read'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='refused',
            field=models.BooleanField(default=False, editable=False, verbose_name='refused'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='sessions',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='sessions agreed'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='severity',
            field=models.CharField(blank=True, choices=[('mild', 'Mild'), ('moderate', 'Moderate'), ('severe', 'Severe')], editable=False, max_length=10, verbose_name='severity'),
        ),
        migrations.AddField(
            model_name='historicalconsent',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='withdrawal recorded at'),
        ),
        migrations.AlterField(
            model_name='consentwording',
            name='kind',
            field=models.CharField(choices=[('photo', 'Photos'), ('treatment', 'Treatment'), ('publicity', 'Photos in advertising')], max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='historicalconsentwording',
            name='kind',
            field=models.CharField(choices=[('photo', 'Photos'), ('treatment', 'Treatment'), ('publicity', 'Photos in advertising')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='clinicsettings',
            constraint=models.CheckConstraint(condition=models.Q(('reflection_days_ablative__lte', 90), ('reflection_days__lte', 90)), name='clinicsettings_reflection_within_90_days', violation_error_code='reflection_days', violation_error_message='At most 90 days.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('plan__isnull', True), models.Q(models.Q(('laser_type', ''), _negated=True), models.Q(('severity', ''), _negated=True), ('sessions__gte', 1), ('sessions__isnull', False)), _connector='OR'), name='consent_to_treatment_says_to_what', violation_error_code='plan', violation_error_message='A consent to treatment names laser, severity and number of sessions.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('refused', False), ('withdrawn_on__isnull', True), _connector='OR'), name='consent_refused_is_not_withdrawn', violation_error_code='withdrawn_on', violation_error_message='What was refused cannot be withdrawn.'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('no_reason', ''), ('refused', True), ('withdrawn_on__isnull', False), _connector='OR'), name='consent_reason_belongs_to_a_no', violation_error_code='no_reason', violation_error_message='A reason belongs to a no.'),
        ),
        migrations.RunPython(consent_from_today, migrations.RunPython.noop),
    ]
