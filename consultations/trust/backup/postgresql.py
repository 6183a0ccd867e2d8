"""PostgreSQL: dump and restore with its own tools.

They get the password through their environment, never on the command line.
"""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager

from django.db import connection, transaction

from .manifest import BackupError, miscounted

BEGINS = re.compile(rb'COPY (?:"?\w+"?\.)?"?(\w+)"? .*FROM stdin;')
ENDS = b"\\."


@contextmanager
def snapshot(target, without):
    """Dump a snapshot of the database; yield a function that runs SQL on the same snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [moment] = cursor.fetchone()
        left_out = [f"--exclude-table-data=*.{table}" for table in without]
        asked = [f"--snapshot={moment}", f"--file={target}", *left_out]
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", *asked)

        def ask(sql):
            cursor.execute(sql)
            return cursor.fetchall()

        yield ask


def tables(ask):
    return sorted(
        name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    )


def faults(path, manifest):
    """Yield what is wrong with a dump, as sentences. Needs no server."""
    try:
        found = counted(path)
    except BackupError as error:
        yield f"The database cannot be opened: {error}"
        return
    yield from miscounted(found, manifest)


def counted(path):
    """Return the number of rows of each table in a dump: each row is a line of its script."""
    command = [tool("pg_restore"), "--data-only", "--file=-", str(path)]
    _run([tool("pg_restore"), "--list", str(path)])
    rows, table = {}, None
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as script:
        for line in script.stdout:
            if table is None and (begins := BEGINS.match(line)):
                table = begins[1].decode()
                rows[table] = 0
            elif line.rstrip() == ENDS:
                table = None
            elif table:
                rows[table] += 1
    if script.returncode:
        raise BackupError("its end cannot be read.")
    return rows


def is_empty():
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def bring_back(copy, manifest):
    """Restore in one transaction; drop all tables again if the counts of rows differ.

    Raises BackupError.
    """
    connection.close()
    whole = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    run("pg_restore", *whole, str(copy))
    with transaction.atomic(), connection.cursor() as cursor:
        found = {
            name: _count(cursor, name) for name in connection.introspection.table_names(cursor)
        }
        wrong = [*miscounted(found, manifest)]
        if wrong:
            for table in found:
                cursor.execute(f'DROP TABLE "{table}" CASCADE')
    if wrong:
        raise BackupError(wrong[0])


def _count(cursor, table):
    cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
    return cursor.fetchone()[0]


def workshop():
    """Return None: a dump can be unpacked in any folder."""
    return None


def run(program, *arguments):
    """Run one of PostgreSQL's tools on our database."""
    # The tools take the same arguments as psql, which Django can make.
    [_psql, *place, name], told = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    place += ["--no-password", "--dbname", name]
    _run([tool(program), *place, *arguments], told)


def _run(command, environment=None):
    """Run a command. Raises BackupError with the first line of its error output."""
    ran = subprocess.run(  # noqa: S603
        command,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ran.returncode:
        raise BackupError(_first_line(ran.stderr.decode(errors="replace")))


def tool(name):
    if path := shutil.which(name):
        return path
    raise BackupError(
        f"{name} was not found: install PostgreSQL's own tools (on Debian, postgresql-client)."
    )


def _first_line(told):
    lines = [line for line in told.splitlines() if line.strip()]
    return lines[0] if lines else "it ended without a word."
