"""Seals and rows in words, so that people find them."""

from datetime import datetime

from consultations.summaries.integrity import UNREADABLE
from consultations.trust.digests import looked_up, name_of_table


def seals_in_words(first, last):
    return f"Seal {first}" if first == last else f"Seals {first} to {last}"


def seal_in_words(seal):
    return f"Seal {seal.number} of {seal.sealed_at:%Y-%m-%d %H:%M} over {seal.table}"


def row_in_words(model, key, seal, before):
    told = [*_present(model, key)]
    if seal is not None:
        told.append(f"sealed by seal {seal.number} of {seal.sealed_at:%Y-%m-%d}")
    if before is not None:
        told.append(f"after seal {before.number} of {before.sealed_at:%Y-%m-%d}")
    return f"Row {key} of {name_of_table(model)} ({', '.join(told)})"


def _present(model, key):
    """Yield what helps to find a row: whose record, by whom, and when."""
    columns = looked_up(model)
    try:
        row = model._base_manager.filter(pk=key).values_list(*columns.values()).first()
    except UNREADABLE:
        row = None
    for name, value in zip(columns, row or (), strict=False):
        if value is not None:
            text = f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
            yield f"{name} {text}".strip()
