"""Command: erase a person's identity, words and photos; anonymous rows stay."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from consultations.actions.photos import remove_files_of_nobody
from consultations.management.staff import from_command, patient_numbered, staff_named
from consultations.models import Patient
from consultations.trust.access import record_access
from consultations.trust.erasure import erase
from consultations.vocabulary import AccessKind


class Command(BaseCommand):
    help = (
        "Erase a person: name, contacts, everything typed, and the photos, from the history too. "
        "What stays tells nobody who it was. This cannot be undone."
    )

    def add_arguments(self, parser):
        parser.add_argument("record_number", nargs="?", help="such as P-000001")
        parser.add_argument("--by", help="the account of whoever erases")
        parser.add_argument("--reason", default="", help="why; kept for good, so name nobody")
        parser.add_argument(
            "--legal-reason", default="", help="needed before the retention period ends"
        )
        parser.add_argument("--confirm", help="the record number once more, instead of typing it")
        parser.add_argument(
            "--files",
            action="store_true",
            help="only delete photo files that no record names any more",
        )

    def handle(self, *, record_number, by, reason, legal_reason, confirm, files, **options):
        if files:
            self.clear_files()
            return
        if not record_number or not by:
            raise CommandError("Give the record number and --by.")
        user = staff_named(by, "consultations.erase_patient")
        patient = patient_numbered(record_number)
        if confirm is None:
            confirm = self.asked()
        if confirm.strip().upper() != patient.record_number:
            raise CommandError("That is another number. Nothing was erased.")
        try:
            with transaction.atomic():
                erase(patient=patient, by=user, reason=reason, legal_reason=legal_reason)
                record_access(
                    by=user,
                    kind=AccessKind.RECORD,
                    address=None,
                    patient=patient,
                    record=patient,
                    detail=f"{_('Erased.')} {from_command()}",
                )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        number = Patient.objects.get(pk=patient.pk).record_number
        self.stdout.write(f"Erased. The record is now {number}.")

    def asked(self):
        try:
            return input("This cannot be undone. Type the record number again: ")
        except EOFError:
            raise CommandError("Nobody is there to ask: give --confirm.") from None

    def clear_files(self):
        deleted, left = remove_files_of_nobody()
        self.stdout.write(f"{deleted} files deleted.")
        if left:
            raise CommandError(f"{left} files could not be deleted. Look at their folder's rights.")
