"""Begin the history of accounts that are older than the history of accounts."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

COLUMNS = [
    "id", "is_superuser", "username", "first_name", "last_name", "email", "is_staff", "is_active",
    "date_joined",
]


def begin(apps, schema_editor):
    history = apps.get_model("consultations", "HistoricalUser").objects
    known = history.values("id")
    for user in apps.get_model("auth", "User").objects.exclude(pk__in=known).order_by("pk"):
        roles = user.groups.order_by("name").values_list("name", flat=True)
        history.create(
            **{name: getattr(user, name) for name in COLUMNS},
            roles=", ".join(roles),
            history_date=timezone.now(),
            history_type="~",
            history_change_reason="As it was when its history began.",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0012_forget_failed_sign_ins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
