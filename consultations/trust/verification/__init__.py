"""Verify the audit: the chain of seals, every sealed row, and every live row.

Rows changed by lawful erasures are known from their tombstones.
"""

from functools import partial

from consultations.models import IssuedDocument
from consultations.summaries.integrity import Difference, files_not_as_recorded
from consultations.trust.backdated import Moments, backdated
from consultations.trust.digests import audited, columns_of

from .chain import Chain
from .problems import Kind, Verification
from .rows import compare_live, compare_sealed, compare_unsealed
from .tombstones import Tombstones
from .words import row_in_words, seal_in_words

OF_FILES = {Difference.GONE: Kind.MISSING, Difference.EXCHANGED: Kind.EXCHANGED}


def verify(*, head="", step=lambda rows: None):
    """Verify the chain, every sealed row, and every live row against its history.

    `head` is a head that was kept elsewhere. `step` is called with numbers of rows as they are
    verified. Returns a Verification.
    """
    found = Verification()
    tombstones, moments, ends = Tombstones(found), Moments(), {}
    for link in Chain(found, given_head=head.strip().lower()).valid_links():
        seal = link.seal
        model = audited().get(seal.table)
        if model is None or not set(seal.columns) <= set(columns_of(model)):
            found.add(Kind.NOT_CHECKED, seal_in_words(seal), seal=seal.number)
            continue
        late = backdated(model, moments.add(seal), after=link.after, up_to=seal.up_to)
        wrong = dict.fromkeys(late, Kind.BACKDATED)
        wrong |= dict(compare_sealed(found, model, link, tombstones))
        for key in sorted(wrong):
            subject = partial(row_in_words, model, key, seal, link.previous)
            found.add(wrong[key], subject, seal=seal.number, table=seal.table, key=key)
        ends[seal.table] = seal
        found.rows += seal.rows
        step(seal.rows)
    compare_unsealed(found, moments.complete, ends)
    compare_live(found, step)
    return found


def verify_roles(found, out_of_step):
    """Add the roles whose permissions differ from the code to what was found."""
    for name in out_of_step:
        found.add(Kind.NOT_AS_CODE, f"The role {name}")


def verify_photos(found, keys, *, step=lambda photos: None):
    """Verify the files of these photos, and add to what was found."""
    for key, name, what in files_not_as_recorded(keys, step=step):
        found.add(OF_FILES[what], f"The {name} of photo {key}", key=key)
    found.photos = len(keys)


def verify_documents(found, keys, *, step=lambda documents: None):
    """Verify the files of these issued documents, and add to what was found."""
    for key, _name, what in files_not_as_recorded(keys, IssuedDocument, step=step):
        found.add(OF_FILES[what], f"The file of document {key}", key=key)
    found.documents = len(keys)
