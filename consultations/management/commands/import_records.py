"""Command: bring in the records of another system from its files, or undo that."""

import csv
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from consultations.exchange.imports import checking, running, saving, staging, undoing
from consultations.exchange.imports.column_readings import ORDERS, UnclearColumnsError, kinds_of
from consultations.exchange.imports.targets import TARGETS
from consultations.exchange.reading.columns import SYSTEMS, template, template_rows
from consultations.exchange.reading.tables import UnreadableFileError
from consultations.management.running import progress
from consultations.management.staff import staff_named
from consultations.models import ImportBatch
from consultations.vocabulary import ImportState, RowDecision

MAY_IMPORT = "consultations.import_records"
MOST_TOLD = 20  # problems of one file


class Command(BaseCommand):
    help = (
        "Import patients, lasers, consultations, sessions and appointments from the files of "
        "another system, each as a whole or not at all. Begin with --dry-run, which checks every "
        "row and saves nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", metavar="FILE")
        parser.add_argument(
            "--from",
            dest="format",
            default="auto",
            choices=["auto", "own", *SYSTEMS],
            help="the system that the files come from (auto: told by the headings)",
        )
        parser.add_argument("--by", help="the account of whoever imports")
        parser.add_argument("--dry-run", action="store_true", help="check and show, save nothing")
        parser.add_argument(
            "--resume", action="store_true", help="go on with what was read and not saved"
        )
        parser.add_argument("--batch", type=int, metavar="N", help="of --resume: this import only")
        parser.add_argument(
            "--dates", choices=ORDERS["date"], help="which comes first where days leave it open"
        )
        parser.add_argument(
            "--decimals", choices=ORDERS["number"], help="what stands before decimals, likewise"
        )
        parser.add_argument(
            "--duplicates",
            choices=RowDecision.values,
            help="what to do with everybody who may be known already",
        )
        parser.add_argument(
            "--leave-out", action="store_true", help="save without the rows that have problems"
        )
        parser.add_argument("--yes", action="store_true", help="ask nothing")
        parser.add_argument("--undo", type=int, metavar="N", help="undo import N as a whole")
        parser.add_argument(
            "--template", choices=list(TARGETS), help="write our own file of this to fill in"
        )

    def handle(self, *, files, by, template, undo, resume, **options):
        if template:
            self.write_template(template)
            return
        if not by:
            raise CommandError("Give the account of whoever imports: --by USERNAME.")
        self.options, self.user = options, staff_named(by, MAY_IMPORT)
        if undo is not None:
            self.undo(undo)
        elif resume:
            self.resume(files)
        elif files:
            self.take_all([batch for file in files for batch in self.stage(file)])
        else:
            raise CommandError("Give the files to import, or --resume, --undo N or --template.")

    def write_template(self, target):
        """The headings of our own file with an example, as CSV on the standard output."""
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(template(target))
        writer.writerows(template_rows(target))

    def stage(self, path):
        path = Path(path)
        try:
            with open(path, "rb") as file, self.refusing(path.name), progress(None, "rows") as bar:
                return staging.stage(
                    file, path.name, format=self.options["format"], by=self.user, step=bar.update
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def resume(self, files):
        """Go on with all that waits, or with the batches of these files alone."""
        waiting = ImportBatch.objects.waiting().order_by("pk")
        if self.options["batch"]:
            waiting = waiting.filter(pk=self.options["batch"])
        if files:
            waiting = waiting.filter(digest__in=[self.digest_of(one) for one in files])
        if not waiting:
            # Of a file that was being read when that was killed, nothing is gone on with.
            half = ImportBatch.objects.filter(state=ImportState.READING).order_by("pk")
            told = [f"{one} was not read to its end: give the file anew." for one in half]
            raise CommandError(" ".join(["Nothing waits to be gone on with.", *told]))
        self.take_all(list(waiting))

    def digest_of(self, path):
        try:
            with open(path, "rb") as file:
                return staging.digest_of(file)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def take_all(self, batches):
        """Check and save each, first what the others rest on. A dry run leaves nothing behind."""
        order = list(TARGETS)
        try:
            for batch in sorted(batches, key=lambda one: (order.index(one.target), one.pk)):
                with self.refusing(batch):
                    self.take(batch)
        finally:
            if self.options["dry_run"]:
                for batch in batches:
                    staging.give_up(batch)
                self.stdout.write("Nothing was saved: this was a dry run.")

    def take(self, batch):
        self.tell_columns(batch)
        self.choose_orders(batch)
        if batch.state == ImportState.READ:
            self.check_rows(batch)
            batch.refresh_from_db()
        if decision := self.options["duplicates"]:
            checking.decide_all(batch, decision)
        self.tell_rows(batch)
        if self.options["dry_run"]:
            return
        saving.refuse_unless_ready(batch, self.options["leave_out"])
        self.ask_to_hold_others_up(batch)
        with progress(batch.counts["rows"], "rows") as bar:
            batch = running.save(
                batch, by=self.user, leaves_out=self.options["leave_out"], step=bar.update
            )
        made = ", ".join(f"{count} {name}" for name, count in saving.made_of(batch))
        self.stdout.write(f"Import {batch.pk} is saved: {made or 'nothing new'}.")

    def choose_orders(self, batch):
        """Give the answers of the command line to whatever columns are to be asked about."""
        if batch.state != ImportState.READ or batch.readings:
            return
        chosen = {"date": self.options["dates"], "number": self.options["decimals"]}
        for key, kind in kinds_of(batch).items():
            if chosen[kind]:
                batch.orders[key] = chosen[kind]
        batch.save(update_fields=["orders"])

    def check_rows(self, batch):
        left = batch.rows.filter(is_checked=False).count()
        with progress(left, "rows") as bar:
            checking.check(batch, by=self.user, step=bar.update)

    def tell_columns(self, batch):
        told = [f"Import {batch.pk}: {batch}, {batch.counts['rows']} rows of {batch.target}."]
        told += batch.notes
        pairs = list(zip(batch.headings, batch.mapping, strict=True))
        told.append("Columns: " + ", ".join(f"{head} → {key}" for head, key in pairs if key) + ".")
        if left := [head for head, key in pairs if head and not key]:
            told.append("Not taken: " + ", ".join(left) + ".")
        self.stdout.write("\n".join(map(str, told)))

    def tell_rows(self, batch):
        wrong = batch.rows.exclude(problems=[]).order_by("number")
        for row in wrong[:MOST_TOLD]:
            for heading, words in row.problems:
                self.stdout.write(f"Row {row.number}{', ' + heading if heading else ''}: {words}")
        if (count := wrong.count()) > MOST_TOLD:
            self.stdout.write(f"… and {count - MOST_TOLD} more rows with problems.")
        known = checking.undecided(batch).order_by("number")
        patients = checking.patients_of(known[:MOST_TOLD])
        for row in known[:MOST_TOLD]:
            for words in checking.candidates_in_words(row, patients):
                self.stdout.write(f"Row {row.number} may be {words}.")
        if (count := known.count()) > MOST_TOLD:
            self.stdout.write(f"… and {count - MOST_TOLD} more who may be known.")
        if known:
            self.stdout.write("Say who they are in the browser, or for all: --duplicates.")

    def ask_to_hold_others_up(self, batch):
        """On SQLite one writes at a time."""
        if connection.vendor != "sqlite" or self.options["yes"]:
            return
        seconds = max(2, saving.about_seconds(batch))
        words = f"For about {seconds} seconds nobody else can save. Go on? (yes/no) "
        try:
            answer = input(words)
        except EOFError:
            raise CommandError("Nobody is there to ask: give --yes.") from None
        if answer.strip().casefold() not in {"y", "yes"}:
            raise CommandError("Nothing was saved. Go on later with --resume.")

    def undo(self, number):
        batch = ImportBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        with self.refusing(batch), progress(batch.records.count(), "records") as bar:
            count = undoing.undo(batch, by=self.user, step=bar.update)
        self.stdout.write(f"Import {number} is undone: {count} records.")

    @contextmanager
    def refusing(self, what):
        """Say what was refused, of which file or import."""
        name = f"Import {what.pk}" if isinstance(what, ImportBatch) else what
        try:
            yield
        except UnclearColumnsError as error:
            lines = [f"{name}: {error}"]
            for one in error.questions:
                option = "--dates" if one.kind == "date" else "--decimals"
                lines.append(f"{one.heading}: {one.doubt}".rstrip(": "))
                for order, examples in one.examples.items():
                    lines.append(f"  {option} {order}: {'; '.join(examples)}")
            again = "Give the option" if self.options["dry_run"] else "Go on with --resume and it"
            lines.append(f"{again}.")
            raise CommandError("\n".join(lines)) from None
        except UnreadableFileError as error:
            raise CommandError(f"{name}: {error}") from None
        except ValidationError as error:
            raise CommandError(f"{name}: {' '.join(error.messages)}") from None
