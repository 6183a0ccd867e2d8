"""Nobody is in two places: held by PostgreSQL; on SQLite by the action, which writes alone."""

from django.db import migrations

HOLDS = "entered_in_error_at IS NULL AND status IN ('booked', 'arrived', 'in_room')"
ONE_AT_A_TIME = {
    "patient": f"{HOLDS} AND NOT before_diary",
    "practitioner": f"{HOLDS} AND overbooked_at IS NULL",
    "room": f"{HOLDS} AND overbooked_at IS NULL",
    "laser": HOLDS,
}


def exclude(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for name, rows in ONE_AT_A_TIME.items():
        schema_editor.execute(
            f"ALTER TABLE consultations_appointment ADD CONSTRAINT appointment_{name}_once "
            f"EXCLUDE USING gist ({name}_id WITH =, tstzrange(starts_at, ends_at) WITH &&) "
            f"WHERE ({rows})"
        )


def admit(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in ONE_AT_A_TIME:
        schema_editor.execute(
            f"ALTER TABLE consultations_appointment DROP CONSTRAINT appointment_{name}_once"
        )


class Migration(migrations.Migration):
    dependencies = [("consultations", "0023_diary")]

    operations = [migrations.RunPython(exclude, admit)]
