"""Command: bring in the records of another system from its files, or undo that."""

import csv
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from consultations.exchange.imports import checking, running, saving, staging, undoing
from consultations.exchange.imports.column_readings import ORDERS, UnclearColumnsError, kinds_of
from consultations.exchange.imports.targets import TARGETS
from consultations.exchange.reading.columns import (
    SYSTEMS,
    for_all_rows,
    template,
    template_rows,
)
from consultations.exchange.reading.encodings import ENCODINGS
from consultations.exchange.reading.fields import FOR_ALL_ROWS
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
        parser.add_argument(
            "--encoding",
            choices=list(ENCODINGS),
            default="",
            help="of CSV that is not in UTF-8 (without it: told by the letters, or asked)",
        )
        parser.add_argument("--by", help="the account of whoever imports")
        parser.add_argument("--dry-run", action="store_true", help="check and show, save nothing")
        parser.add_argument(
            "--resume", action="store_true", help="go on with what was read and not saved"
        )
        parser.add_argument(
            "--batch", type=int, metavar="N", help="of --resume: this import only, whoever's it is"
        )
        parser.add_argument(
            "--dates",
            choices=ORDERS["date"],
            help="which comes first where days leave it open; or whether dates of a spreadsheet "
            "are kept or swapped (day and month) where some were taken for others",
        )
        parser.add_argument(
            "--decimals", choices=ORDERS["number"], help="what stands before decimals, likewise"
        )
        parser.add_argument(
            "--for-all",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="what all rows say where no column does: laser_type=non_ablative",
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
            "--give-up", type=int, metavar="N", help="let import N go, which was not saved"
        )
        parser.add_argument(
            "--template", choices=list(TARGETS), help="write our own file of this to fill in"
        )

    def handle(self, *, files, by, template, undo, give_up, resume, **options):
        if template:
            self.write_template(template)
            return
        if not by:
            raise CommandError("Give the account of whoever imports: --by USERNAME.")
        self.options, self.user = options, staff_named(by, MAY_IMPORT)
        self.is_resumed = resume
        if undo is not None:
            self.undo(undo)
        elif give_up is not None:
            self.give_up(give_up)
        elif resume:
            self.take_all(self.waiting(files))
        elif files:
            self.take_all(self.stage_all(files))
        else:
            raise CommandError(
                "Give the files to import, or --resume, --undo N, --give-up N or --template."
            )

    def write_template(self, target):
        """The headings of our own file with an example, as CSV on the standard output."""
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(template(target))
        writer.writerows(template_rows(target))

    def stage_all(self, files):
        """Read all files; where one cannot be, none stays, and all may be given again."""
        batches = []
        try:
            for file in files:
                batches += self.stage(file)
        except BaseException:
            self.let_go(batches)
            raise
        return batches

    def let_go(self, batches):
        for batch in batches:
            staging.give_up(batch)

    def stage(self, path):
        path = Path(path)
        try:
            with open(path, "rb") as file, self.refusing(path.name), progress(None, "rows") as bar:
                return staging.stage(
                    file,
                    path.name,
                    format=self.options["format"],
                    encoding=self.options["encoding"],
                    by=self.user,
                    step=bar.update,
                )
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def waiting(self, files):
        """What is gone on with: the batch that is named, those of these files, or all of one's own
        that nobody is saving. A colleague may be deciding on theirs."""
        waiting = ImportBatch.objects.waiting().order_by("pk")
        if self.options["batch"]:
            found = list(waiting.filter(pk=self.options["batch"]))
        elif files:
            found = list(waiting.filter(digest__in=[self.digest_of(one) for one in files]))
        else:
            found = [
                one for one in waiting.filter(made_by=self.user) if not running.is_running(one)
            ]
        if not found:
            words = "Nothing waits to be gone on with."
            # Of a file that was being read when that was killed, nothing is gone on with.
            for half in ImportBatch.objects.filter(state=ImportState.READING).order_by("pk"):
                words += f" {half} was not read to its end: give the file anew."
            if others := waiting.exclude(made_by=self.user).values_list("pk", flat=True):
                words += f" Of others: give --batch {' or '.join(map(str, others))}."
            raise CommandError(words)
        return found

    def digest_of(self, path):
        try:
            with open(path, "rb") as file:
                return staging.digest_of(file)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def take_all(self, batches):
        """Check and save each, first what the others rest on. A dry run leaves nothing behind of
        what it read."""
        order = list(TARGETS)
        batches.sort(key=lambda one: (order.index(one.target), one.pk))
        if not self.options["dry_run"]:
            for batch in batches:
                self.take(batch)
            return
        try:
            self.try_all(batches)
        finally:
            if not self.is_resumed:
                self.let_go(batches)
            self.stdout.write("Nothing was saved: this was a dry run.")

    def try_all(self, batches):
        """Check each. Where later ones rest on earlier ones, these are saved for that, as far as
        they can be, in a transaction that is rolled back."""
        if len({batch.target for batch in batches}) == 1:
            for batch in batches:
                self.take(batch)
            return
        self.ask_to_hold_others_up(*batches)
        with transaction.atomic():
            for batch in batches:
                self.take(batch)
                if batch is not batches[-1]:
                    with self.refusing(batch):
                        checking.decide_all(batch, RowDecision.SAME)
                        saving.save(batch, by=self.user, leaves_out=True)
            transaction.set_rollback(True)

    def take(self, batch):
        # What the browser began tells it why it ended.
        is_begun = running.is_begun(batch)
        telling = running.telling_why_not(batch) if is_begun else nullcontext()
        with self.refusing(batch), telling:
            self.take_unless_refused(batch)

    def take_unless_refused(self, batch):
        self.tell_columns(batch)
        self.choose_orders(batch)
        wrong = batch.rows.exclude(problems=[])
        if self.is_resumed and wrong.exists() and not running.is_running(batch):
            # Others may have come in since, whom these rows are about.
            checking.to_be_checked_again(batch, wrong)
            batch.refresh_from_db()
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
        made = ", ".join(saving.made_of(batch))
        self.stdout.write(f"Import {batch.pk} is saved: {made or 'nothing new'}.")

    def choose_orders(self, batch):
        """Give the answers of the command line to whatever columns are to be asked about. Another
        answer than before lets every row be checked anew."""
        chosen = {"date": self.options["dates"], "number": self.options["decimals"]}
        answers = {key: chosen[kind] for key, kind in kinds_of(batch).items() if chosen[kind]}
        answers |= self.for_all(batch)
        orders = batch.orders | answers
        if not batch.readings:
            batch.orders = orders
            batch.save(update_fields=["orders"])
        elif any(batch.orders.get(key, one) != one for key, one in answers.items()):
            staging.change_mapping(batch, target=batch.target, mapping=batch.mapping, orders=orders)
            batch.refresh_from_db()

    def for_all(self, batch):
        """What the command line says of all rows, as far as this file has no column for it."""
        said = dict(one.partition("=")[::2] for one in self.options["for_all"])
        known = {one.key: dict(one.choices) for one in for_all_rows(batch.target, batch.places())}
        for key, value in said.items():
            if not any(key in keys for keys in FOR_ALL_ROWS.values()):
                raise CommandError(f"--for-all {key}: this cannot be said of all rows.")
            if key in known and value not in known[key]:
                raise CommandError(f"--for-all {key}: one of {', '.join(known[key])}.")
        return {key: value for key, value in said.items() if key in known}

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

    def ask_to_hold_others_up(self, *batches):
        """On SQLite one writes at a time."""
        if connection.vendor != "sqlite" or self.options["yes"]:
            return
        seconds = max(2, sum(map(saving.about_seconds, batches)))
        words = f"For about {seconds} seconds nobody else can save. Go on? (yes/no) "
        if self.options["dry_run"]:
            words = "While these files are checked nobody else can save. Go on? (yes/no) "
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

    def give_up(self, number):
        batch = ImportBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        with self.refusing(batch):
            staging.give_up(batch)
        self.stdout.write(f"Import {number} is given up.")

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
