"""The clinic's country. The search keys that follow from it are made by 0018."""

from django.db import migrations, models

import consultations.models.phone

COUNTRY = models.CharField(
    choices=consultations.models.phone.countries,
    default="GB",
    help_text="Used only to read phone numbers that are written without a country code.",
    max_length=2,
    verbose_name="country",
)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0008_search_indexes")]

    operations = [
        migrations.AddField("clinicsettings", "country", COUNTRY),
        migrations.AddField("historicalclinicsettings", "country", COUNTRY),
    ]
