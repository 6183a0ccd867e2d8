"""What lawful erasures left of the rows that they changed."""

import hmac

from django.core.exceptions import ObjectDoesNotExist

from consultations.models import AuditSeal, Erasure
from consultations.summaries.integrity import UNREADABLE
from consultations.trust.digests import newer_keys, proof_of

from .problems import Kind


class Tombstones:
    """The latest lawful erasure of each audited row, and the digest that it left."""

    def __init__(self, found):
        self.found, self.last, self.rows = found, 0, {}
        self.read()

    def read(self):
        """Read new erasures; return whether there were any."""
        keys = list(Erasure.objects.filter(pk__gt=self.last).order_by("pk").values_list("pk"))
        for (key,) in keys:
            erasure = _genuine(key)
            self.last = key
            if erasure is None:
                self.found.add(
                    Kind.FORGED,
                    f"Erasure {key}",
                    table=Erasure._meta.db_table,
                    key=key,
                )
                continue
            for table, rows in erasure.rows.items():
                self.rows |= {(table, int(row)): (erasure, rows[row]) for row in rows}
            erasure.rows = {}
        return bool(keys)

    def later(self, seal, key):
        """Return the erasure that changed a row after it was sealed, if any."""
        erasure, _ = self.rows.get((seal.table, key), (None, None))
        return erasure if erasure is not None and erasure.at > seal.sealed_at else None

    def explains(self, table, key, digest):
        """Return the erasure that left a row with this digest, if any.

        Includes erasures committed during the verification.
        """
        erasure, made = self.rows.get((table, key), (None, None))
        if erasure is not None and made == digest:
            return erasure
        return self.explains(table, key, digest) if self.read() else None


def _genuine(key):
    """Return the erasure if its proof is valid, or None."""
    try:
        erasure = Erasure.objects.get(pk=key)
        if not hmac.compare_digest(erasure.proof, proof_of(erasure)):
            return None
        # An earlier key must not prove new erasures.
        later = AuditSeal.objects.filter(key_name__in=newer_keys(erasure.key_name))
        return None if later.filter(sealed_at__lte=erasure.at).exists() else erasure
    except (*UNREADABLE, ObjectDoesNotExist):
        return None


def who_erased(erasure):
    """Return the name of the account, or its key if it is gone or its name cannot be read."""
    try:
        return erasure.by.get_username()
    except (*UNREADABLE, ObjectDoesNotExist):
        return f"account {erasure.by_id}"
