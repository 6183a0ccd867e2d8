"""The languages in which patients may be written to."""

from functools import cache

from django.conf import global_settings


@cache
def languages():
    """Every language that Django knows the days and months of, by its English name."""
    return sorted(global_settings.LANGUAGES, key=lambda one: one[1])
