"""The way from a record up to its patient. A record names one step; the rest follows from it."""

from functools import cache

from django.apps import apps
from django.db.models import OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Exact

from .in_order import AskedOfEach

STANDING = Q(entered_in_error_at__isnull=True)


class Spine:
    """What a record is part of, step by step up to its patient."""

    # The key of what this is part of. Several where it is part of one or another of them, the
    # nearest first. None for a patient, and for what the clinic is set up with.
    hangs_on = ()
    # The paths to what must not be in error either, for this to count.
    stands_with = ()

    @classmethod
    def keys_to_patient(cls):
        """The keys to follow to the patient: its own alone where every row has one."""
        own = "patient" in cls.hangs_on and not cls._meta.get_field("patient").null
        return ("patient",) if own else cls.hangs_on

    @classmethod
    @cache
    def paths_to(cls, column):
        """The paths to the nearest column of this name on the way up: from a session to "area",
        ("plan__assessment__area",)."""
        own = next((one for one in cls._meta.fields if one.name == column), None)
        if own is not None and not own.null:
            return (column,)
        above = (
            f"{key}__{path}"
            for key in cls.hangs_on
            if key != column
            for path in cls._meta.get_field(key).related_model.paths_to(column)
        )
        return ((column,) if own is not None else ()) + tuple(above)

    @classmethod
    def paths_to_patient(cls):
        """The paths to the patient, most often one; none from what the clinic is set up with."""
        return cls.paths_to("patient")

    @classmethod
    def about(cls, patients):
        """The condition that such a record is about one of these patients."""
        paths = cls.paths_to_patient()
        return Q(*((f"{path}__in", patients) for path in paths), _connector=Q.OR)

    @property
    def parent(self):
        """The record that this one is part of, or None."""
        found = (getattr(self, key, None) for key in self.hangs_on)
        return next((one for one in found if one is not None), None)

    def up(self):
        """This record and what it is part of, one after the other."""
        record = self
        while record is not None:
            yield record
            record = record.parent

    def nearest(self, model):
        """The record of this model on the way up, itself included, or None."""
        return next((one for one in self.up() if isinstance(one, model)), None)

    @property
    def patient(self):
        """The patient this is about, or None. A record with a key to its patient has that."""
        return patient_of(self.parent) if self.parent is not None else None

    @property
    def stands(self):
        """Whether neither this nor anything it stands with is in error."""
        steps = {path.partition("__")[0] for path in self.stands_with}
        return not self.in_error and all(getattr(self, step).stands for step in steps)


def patient_of(record):
    """The patient that a record is about; None for what the clinic is set up with, and where the
    patient was not chosen yet."""
    found = getattr(record, "patient", None)
    return patient_of(record.parent) if found is None and record.parent is not None else found


def is_area(path, area):
    """The condition that `path` is this area, in a form that no index answers: among the records
    of one patient SQLite would otherwise begin with that area of the whole clinic."""
    return Exact(Concat(path, Value("")), area)


class SpineQuerySet(QuerySet):
    def standing(self):
        """Without what was entered in error, or stands with what was."""
        above = {f"{path}__entered_in_error_at__isnull": True for path in self.model.stands_with}
        return self.filter(STANDING, **above)

    def standing_each(self):
        """As `standing`, but what a row stands with is asked of each row in its turn: for lists
        that are read in their order, as far as a page goes."""
        [step] = self.model.hangs_on
        above = (f"{path}__entered_in_error_at" for path in self.model.stands_with)
        names = [path.removeprefix(f"{step}__") for path in above]
        return self.filter(STANDING, self._blank_above(step, *names))

    def of(self, patient, area=None):
        """Those about a patient, or about one area of a patient."""
        paths = self.model.paths_to_patient()
        condition = Q(*((path, patient) for path in paths), _connector=Q.OR)
        if area is not None:
            [path] = self.model.paths_to("area")
            condition &= Q(is_area(path, area))
        return self.filter(condition)

    def not_erased(self):
        """Without those of somebody whose data were erased, asked of each row in its turn."""
        [key] = self.model.keys_to_patient()
        parent = self.model._meta.get_field(key).related_model
        [path] = parent.paths_to_patient()
        erased_at = "erased_at" if path == "id" else f"{path}__erased_at"
        return self.filter(self._blank_above(key, erased_at))

    def _blank_above(self, key, *names):
        """The condition that what `key` leads to has nothing in these columns, asked of each row
        in its turn."""
        parents = self.model._meta.get_field(key).related_model._base_manager
        blank = {f"{name}__isnull": True for name in names}
        return AskedOfEach(parents.filter(pk=OuterRef(key), **blank))

    def with_patient(self):
        """Read along with their patient."""
        paths = self.model.paths_to_patient()
        return self.select_related(*paths) if paths else self


@cache
def kinds():
    """Every model that is about a patient, in the order in which it is told."""
    models = apps.get_app_config("consultations").get_models()
    about = [one for one in models if issubclass(one, Spine) and one.paths_to_patient()]
    return tuple(sorted(about, key=_place))


@cache
def record_kinds():
    """Those of them that are records, with a history."""
    return tuple(one for one in kinds() if _is_record(one))


def _is_record(model):
    return hasattr(model, "history")


def _place(model):
    """Records in the order of the steps that they hang on; then what is kept beside them."""
    return not _is_record(model), _steps(model), model.__name__


def _steps(model):
    above = (model._meta.get_field(key).related_model for key in model.hangs_on)
    return max((1 + _steps(one) for one in above), default=0)
