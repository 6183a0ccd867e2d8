"""Take away what django-axes kept of failed sign-ins: names and passwords as they were typed.

On the page where one changes one's password, a wrong old password made it keep the new one.
"""

import sys

from django.conf import settings
from django.db import migrations, transaction

TABLES = [
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accessfailurelog",
    "axes_accesslog",
]
TOLD = """
  ! Failed sign-ins were kept with what was typed, new passwords among it. They are deleted.
  ! Backups made before today still hold them: destroy those, or keep them as secret as passwords.
"""
TOLD_WHO = "  ! Must choose a new password when they next sign in: {}.\n"
TOLD_NAMES = "  ! Names typed that are no account's: {}. Somebody may have typed a password there.\n"
TOLD_OPEN = """\
  ! The database is in use, so its write-ahead log may still hold them until every process of
  ! Turgor has ended: stop the server, then start it again.
"""


def forget(apps, schema_editor):
    """Drop the tables, have their accounts choose new passwords, and say what was found."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        tables = [table for table in TABLES if table in present]
        if not tables:
            return
        with transaction.atomic(using=connection.alias):
            names = names_in(cursor, tables)
            exposed = expose(apps, names)
            drop(apps, cursor, tables)
        is_open = overwrite(connection, cursor)
    tell(names, exposed, is_open)


def names_in(cursor, tables):
    """The user names that were typed, each once."""
    found = set()
    for table in tables:
        if table != TABLES[0]:
            cursor.execute(f'SELECT DISTINCT username FROM "{table}"')  # noqa: S608
            found.update(name for (name,) in cursor.fetchall() if name)
    return found


def expose(apps, names):
    """Have the accounts of these names choose new passwords; returns their names."""
    users = apps.get_model("auth", "User").objects.order_by("username").in_bulk()
    exposed = [user for user in users.values() if user.username in names]
    for user in exposed:
        apps.get_model("consultations", "GivenPassword").objects.update_or_create(
            user=user, defaults={"is_exposed": True}
        )
    return [user.username for user in exposed]


def drop(apps, cursor, tables):
    """Leave nothing behind: neither tables nor what Django knows of them."""
    for table in tables:
        cursor.execute(f'DROP TABLE "{table}"')
    cursor.execute("DELETE FROM django_migrations WHERE app = 'axes'")
    about = {"content_type__app_label": "axes"}
    apps.get_model("auth", "Permission").objects.filter(**about).delete()
    apps.get_model("contenttypes", "ContentType").objects.filter(app_label="axes").delete()


def overwrite(connection, cursor):
    """Let go of what free pages and the write-ahead log hold; returns whether the log is in use.

    PostgreSQL deletes the file of a table that is dropped.
    """
    if connection.vendor != "sqlite":
        return False
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return bool(cursor.fetchone()[0])


def tell(names, exposed, is_open):
    if not names and not is_open:
        return
    told = TOLD
    if exposed:
        told += TOLD_WHO.format(", ".join(exposed))
    if others := len(names) - len(exposed):
        told += TOLD_NAMES.format(others)
    sys.stdout.write(told + TOLD_OPEN * is_open + "  ")


class Migration(migrations.Migration):
    # SQLite writes its file anew outside transactions only.
    atomic = False

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('consultations', '0011_sign_in_limits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
