"""What every record's admin shares: nothing deleted, nobody overwritten, every write named."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.actions.drafts import discard_draft
from consultations.actions.signing import may_add_addendum, may_sign, patient_of, sign
from consultations.models import (
    AreaAssessment,
    Patient,
    SignedRecordError,
    StaleRecordError,
    TreatmentPlan,
    TreatmentSession,
)
from consultations.models.record import SignedRecord
from consultations.models.search import found_at
from consultations.models.transactions import current
from consultations.permissions import sees_clinical
from consultations.summaries.asking import number_unasked
from consultations.summaries.signed_copy import seen_in
from consultations.summaries.timeline import name_of
from consultations.vocabulary import AccessKind

from .pages.addendum import addendum
from .pages.drafts import address_of, draft_of
from .pages.entered_in_error import entered_in_error
from .pages.history import history
from .pages.signed import as_signed
from .parts.access_log import opened, patients_chosen
from .parts.asking import not_agreed, sign_unasked_url, words_unasked
from .parts.changelist import CappedPaginator, RecordChangeList, few_by_key
from .parts.days import DayAndTimeField, DayAndTimeInput, DayField, DayInput, TimeField, TimeInput
from .parts.forms import KnownChoice, RecordForm, Segments, Words, YesNo, is_key, unanswered
from .parts.mail import MailField
from .parts.numbers import NumberInput
from .parts.searches import SearchedLists

WIDGETS = {
    models.DateTimeField: {"form_class": DayAndTimeField, "widget": DayAndTimeInput},
    models.DateField: {"form_class": DayField, "widget": DayInput},
    models.TimeField: {"form_class": TimeField, "widget": TimeInput},
    models.EmailField: {"form_class": MailField},
    models.IntegerField: {"widget": NumberInput},
    models.DecimalField: {"widget": NumberInput},
    models.TextField: {"widget": Words(attrs={"rows": 2, "class": "vLargeTextField"})},
}


TOO_LATE = (IntegrityError, SignedRecordError, StaleRecordError, ValidationError)


def without_links(field):
    """A chooser without the links that would add, change or view what it chooses."""
    widget = field.widget
    widget.can_add_related = widget.can_change_related = False
    widget.can_view_related = widget.can_delete_related = False
    return field


class RecordSelect(AutocompleteSelect):
    """A chooser that shows nothing where something was posted that cannot be a key."""

    @property
    def media(self):
        """Its shape only: its colours are the theme's."""
        shape = "admin/css/vendor/select2/select2.min.css"
        return forms.Media(js=super().media._js, css={"screen": [shape]})

    def build_attrs(self, base_attrs, extra_attrs=None):
        """What somebody types to find a choice is posted, so that no address holds it."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-ajax--type": "POST"}

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [one for one in value if not one or is_key(one)], attr)


def _replaced(fieldsets, others):
    """Fieldsets with some fields exchanged for others; for None they are left out."""

    def of(fields):
        for field in fields:
            if not isinstance(field, str):
                yield tuple(of(field))
            elif others.get(field, field):
                yield others.get(field, field)

    return [
        (name, options | {"fields": list(of(options["fields"]))}) for name, options in fieldsets
    ]


class RecordFields:
    """What ModelAdmins and inlines of records share."""

    form = RecordForm
    formfield_overrides = WIDGETS
    hidden_fields = RecordForm.HIDDEN
    segmented = ()  # the names of fields whose choices all stand side by side
    read_as = {}  # what stands for a field on a read-only page

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.BooleanField) and db_field.null:
            kwargs["widget"] = YesNo(blank=unanswered(db_field.name))
        if db_field.name in self.segmented:
            blank = [("", _("Not asked"))]
            choices = db_field.get_choices(include_blank=db_field.blank, blank_choice=blank)
            kwargs |= {"widget": Segments.of(choices), "choices": choices}
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        field.widget.attrs.setdefault("aria-label", capfirst(field.label or db_field.name))
        if db_field.related_model is get_user_model():
            field.label_from_instance = name_of
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # The record behind a field is opened from its own page, not from a pop-up.
            return without_links(field)
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", KnownChoice)
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        fieldsets = self.fieldsets_for(request, obj)
        if not self.may_write(request, obj):
            return _replaced(fieldsets, self.read_as)
        fields = _replaced(fieldsets, dict.fromkeys(RecordForm.HIDDEN))
        return [*fields, (None, {"fields": self.hidden_fields, "classes": ["hidden"]})]

    def fieldsets_for(self, request, obj):
        """The fieldsets this person sees of this record."""
        return super().get_fieldsets(request, obj)

    def may_write(self, request, obj):
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False


class RecordAdmin(RecordFields, SearchedLists, admin.ModelAdmin):
    """Subclasses set `patient_path`, the way from the record to its patient."""

    paginator = CappedPaginator
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ()
    save_on_top = False
    sortable_by = ()
    list_display_links = None
    list_select_related = ()
    patient_path = ""
    when_empty = ""  # where such records come from, told in a list that has none
    is_signed_here = False  # whether such a record is signed, and added to once it is

    @property
    def media(self):
        """No script of Django's: its fields and cards bring their own."""
        return forms.Media()

    # Lists

    def get_changelist(self, request, **kwargs):
        return RecordChangeList

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def rows(self, request, keys):
        """The records of one page in the order of `keys`, with what their columns show."""
        records = self.model._default_manager.all()
        if self.list_select_related:
            records = records.select_related(*self.list_select_related)
        found = records.in_bulk(keys)
        rows = [found[key] for key in keys if key in found]
        self.add_columns(request, rows)
        return rows

    def add_columns(self, request, rows):
        """Fetch what columns show beyond the rows themselves, grouped."""

    def get_search_results(self, request, queryset, search_term):
        """Records are looked up by their patient; what has none is searched as Django does."""
        if not self.patient_path:
            return super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return queryset, False
        condition, few = found_at(self.patient_path, search_term)
        found = queryset.filter(condition)
        return few_by_key(found) if few else found, False

    def lookup_allowed(self, lookup, value, request):
        """Only the filters on the page: no other column can be asked through the address."""
        return lookup in {one.parameter_name for one in self.get_list_filter(request)}

    # Forms

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user, form.asked_for = request.user, request.GET
        form.locked_patient = getattr(request, "locked_patient", None)
        return form

    def has_change_permission(self, request, obj=None):
        if is_closed(obj):
            return False
        return super().has_change_permission(request, obj)

    def get_object(self, request, object_id, from_field=None):
        """The record by its key; an empty `?_to_field=` names no other field. The one that a form
        was posted about is read once, its patient locked."""
        key, record = getattr(request, "posted_about", (None, None))
        if key == object_id and key is not None:
            return record
        return super().get_object(request, object_id, from_field or None)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        refuse_buttons(request, *(() if self.is_signed_here else ("_sign",)))
        return self.once_more(
            request, lambda: self._post(request, object_id, form_url, extra_context)
        )

    def once_more(self, request, post):
        """Answer a post; where somebody was quicker by a moment, run it again: it then sees and
        explains what the other did."""
        try:
            return post()
        except TOO_LATE:
            # What was said of a save that did not come to be is not said.
            get_messages(request)._queued_messages.clear()
        try:
            return post()
        except TOO_LATE as refusal:
            words = getattr(refusal, "messages", None) or [
                _("This could not be saved. Check the page and try again.")
            ]
            self.message_user(request, " ".join(words), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @transaction.atomic
    def _post(self, request, object_id, form_url, extra_context):
        """Hold the patient before anything is read, so that all that is checked still stands
        when it is written."""
        self._lock_patient_posted_about(request, object_id)
        request.signs_what_was_seen = self._signs_what_was_seen(request, object_id)
        request.was_signed, request.number_unasked = False, 0
        # Django's own `changeform_view` would only open a savepoint around this.
        return self._answer_early(request, object_id) or self._changeform_view(
            request, object_id, form_url, extra_context
        )

    def _lock_patient_posted_about(self, request, object_id):
        """Let the request know the patient, locked, and the record as it then stands."""
        request.posted_about, request.locked_patient = (None, None), None
        request.locked_parent = None
        find = self._parent_posted_about
        if object_id is not None:
            find, object_id = self.get_object, unquote(object_id)
        record = find(request, object_id)
        if record is None or (patient := patient_of(record)) is None:
            return
        locked = request.locked_patient = Patient.objects.locked(patient.pk)
        if isinstance(record, Patient) and object_id is None:
            return
        record = find(request, object_id)
        if record is None or patient_of(record) != locked:
            raise StaleRecordError(_("This moved to another patient’s record. Reload the page."))
        if object_id is None:
            request.locked_parent = record
        else:
            request.posted_about = (object_id, record)
        _let_know(record, locked)

    def _signs_what_was_seen(self, request, object_id):
        """Whether nothing was added to, taken from or changed in what is signed, since the page
        was opened."""
        if "_sign" not in request.POST or object_id is None:
            return True
        record = self.get_object(request, unquote(object_id))
        return record is None or request.POST.get("seen") == seen_in(record)

    def _parent_posted_about(self, request, _object_id):
        """What a new record is to hang on, as it was posted; None without one."""
        for name, records in (
            ("patient", Patient.objects.all()),
            ("assessment", AreaAssessment.objects.select_related("consultation__patient")),
            ("plan", TreatmentPlan.objects.select_related("assessment__consultation__patient")),
            (
                "session",
                TreatmentSession.objects.select_related("plan__assessment__consultation__patient"),
            ),
        ):
            if record := by_key(request.POST.get(name, ""), records):
                return record
        return None

    def _answer_early(self, request, object_id):
        """Where a form was posted before, or its record has been signed meanwhile."""
        if object_id is not None:
            record = self.get_object(request, unquote(object_id))
            if record is None or not self.has_view_permission(request, record):
                return None
            return self._refuse_closed(request, record)
        token = request.POST.get("token", "")
        try:
            record = self.model._default_manager.filter(form_token=token).first() if token else None
        except ValidationError:
            return None
        if record is None or not self.has_view_permission(request, record):
            return None
        self.message_user(
            request, _("This form was already saved. Nothing was stored twice."), messages.INFO
        )
        return HttpResponseRedirect(self.url_of(record))

    def _refuse_closed(self, request, record):
        if record.in_error:
            reason = _("This was marked as entered in error and can no longer be changed.")
        elif getattr(record, "is_signed", False):
            reason = _("This was signed by %(name)s and can no longer be changed.") % {
                "name": record.signed_by.get_full_name() or record.signed_by.get_username()
            }
        else:
            return None
        self.message_user(request, reason, messages.ERROR)
        return HttpResponseRedirect(self.url_of(record))

    def url_of(self, record, page="change"):
        meta = record._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk])

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        obj.save(by=request.user)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "_sign" not in request.POST:
            return
        if not self.can_sign(request, form.instance):
            words = _("Saved, not signed: you do not have permission to sign this.")
        elif not request.signs_what_was_seen:
            words = _("Saved, not signed: this changed after you opened it. Check it, then sign.")
        elif number := not_agreed(request, form.instance):
            request.number_unasked, words = number, words_unasked(number)
        else:
            sign(record=form.instance, by=request.user)
            request.was_signed = True
            return
        self.message_user(request, words, messages.WARNING)

    def can_sign(self, request, record):
        return self.is_signed_here and may_sign(record, request.user)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and context["errors"]:
            # The form's record already holds what was refused; the page is about what is stored.
            obj = self.get_queryset(request).get(pk=obj.pk)
            context |= {"original": obj, "subtitle": str(obj)}
        record = obj if obj is not None else context["adminform"].form.instance
        title, patient = self.title_of_form(obj), self.patient_on_page(request, obj)
        may_write = self.may_write(request, obj)
        context |= {
            "title": title,
            "record": obj,
            "patient": patient,
            "draft_title": f"{title} · {patient}" if patient else title,
            "can_sign": self.can_sign(request, record) and may_write,
            "seen": seen_in(obj) if self.is_signed_here and obj is not None else "",
            "unasked": number_unasked(obj) if obj is not None and "unasked" in request.GET else 0,
            "entered_in_error_url": self.url_of(obj, "entered_in_error") if obj else "",
            "can_mark_in_error": obj is not None
            and not obj.in_error
            and request.user.has_perm("consultations.enter_in_error"),
            "sees_clinical": sees_clinical(request.user),
            "may_write": may_write,
            "draft": draft_of(request),
            "draft_address": address_of(request),
            "show_save_and_add_another": False,
            "show_save_and_continue": self.save_leaves_page(request),
            "show_delete": False,
            **self.more_on_page(request, obj),
        }
        if not may_write:
            context["media"] = forms.Media()
        self._log_opening(request, context, patient, obj)
        if self._is_shown_as_signed(request, obj):
            context |= as_signed(obj, areas=context.get("areas", ()))
            context["can_add_addendum"] = not obj.in_error and may_add_addendum(obj, request.user)
            context["addendum_url"] = self.url_of(obj, "addendum")
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if "signed" in context:
            response.template_name = "admin/consultations/signed.html"
        return response

    def _log_opening(self, request, context, patient, obj):
        """Log every patient that the page shows: whose record it is, and whoever was chosen in
        it."""
        forms = [context["adminform"].form]
        forms += [form for one in context["inline_admin_formsets"] for form in one.formset.forms]
        if patient is not None:
            opened(request, AccessKind.RECORD, patient=patient, record=obj)
        others = patients_chosen(forms) - {patient and patient.pk}
        for other in Patient.objects.filter(pk__in=others) if others else ():
            opened(request, AccessKind.RECORD, patient=other)

    def _is_shown_as_signed(self, request, obj):
        """What was signed is shown as it was to those who may read all of it."""
        signed = self.is_signed_here and obj is not None and obj.is_signed
        return signed and sees_clinical(request.user)

    def more_on_page(self, request, obj):
        """What the page shows beside the form, of the record as it is stored."""
        return {}

    def title_of_form(self, obj):
        """What the page is about, beside whose it is."""
        if obj is None:
            return _("New %(name)s") % {"name": self.opts.verbose_name}
        return self.title_of(obj)

    def title_of(self, record):
        return capfirst(str(record))

    def patient_on_page(self, request, obj):
        """Whose record the page is about, for the banner; None where not known yet."""
        return patient_of(obj) if obj is not None else None

    def after_save(self, request, obj):
        """Where staff go next: the patient's chart for those who may read it."""
        patient = patient_of(obj)
        if patient is not None and sees_clinical(request.user):
            return reverse("admin:consultations_patient_chart", args=[patient.pk])
        return reverse(f"admin:consultations_{self.model._meta.model_name}_changelist")

    def save_leaves_page(self, request):
        """Whether Save leads elsewhere, so that there is a reason to save and stay."""
        return True

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_signed(request, obj) or self._response_saved(request, obj, added=True)

    def response_change(self, request, obj):
        return self._response_signed(request, obj) or self._response_saved(request, obj)

    def _response_saved(self, request, obj, *, added=False):
        words = self.added_words(obj) if added else self.saved_words(obj)
        self.message_user(request, words, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(self.url_of(obj))
        return self.response_post_save_change(request, obj)

    def added_words(self, obj):
        return self.saved_words(obj)

    def saved_words(self, obj):
        patient, what = patient_of(obj), self.title_of(obj)
        if patient in (None, obj):
            return _("Saved: %(what)s.") % {"what": what}
        return _("Saved for %(who)s: %(what)s.") % {"who": patient.full_name, "what": what}

    def _response_signed(self, request, obj):
        """Of what was signed that is said, instead of that it was saved."""
        discard_draft(form=address_of(request), by=request.user)
        if not request.was_signed:
            return None
        self.message_user(request, _("Signed. It is now read-only."), messages.SUCCESS)
        return self.response_post_save_change(request, obj)

    def response_post_save_change(self, request, obj):
        if request.number_unasked:
            return HttpResponseRedirect(sign_unasked_url(obj))
        if not request.signs_what_was_seen:
            return HttpResponseRedirect(self.url_of(obj))
        return HttpResponseRedirect(self.after_save(request, obj))

    response_post_save_add = response_post_save_change

    # Pages beside the form

    def get_urls(self):
        name = self.model._meta.model_name
        own = [
            path(
                "<path:object_id>/entered-in-error/",
                self.admin_site.admin_view(self.entered_in_error_view),
                name=f"consultations_{name}_entered_in_error",
            ),
        ]
        if self.is_signed_here:
            view = self.admin_site.admin_view(self.addendum_view)
            page = f"consultations_{name}_addendum"
            own.append(path("<path:object_id>/addendum/", view, name=page))
        return own + super().get_urls()

    def record_or_404(self, request, object_id, permission=None):
        """The record of a page beside the form, for those who may see it and hold `permission`."""
        allowed = permission is None or request.user.has_perm(permission)
        if not (allowed and self.has_view_permission(request)):
            # Before the record is looked for: who may not see it is not told whether it exists.
            raise PermissionDenied
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return record

    def page_context(self, request, record, title, kind=AccessKind.RECORD):
        """What pages beside the form show of their record, whose opening is kept with it."""
        patient = patient_of(record)
        if patient is not None:
            opened(request, kind, patient=patient, record=record)
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "record": record,
            "record_url": self.url_of(record),
            "patient": patient,
        }

    def entered_in_error_view(self, request, object_id):
        return entered_in_error(self, request, object_id)

    def addendum_view(self, request, object_id):
        return addendum(self, request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        return history(self, request, object_id)

    def records_in_history(self, request, record):
        """What the history page tells of: the record, and those edited on its page; each with
        the fields to show."""
        return [(record, self.fields_in_history(request))]

    def fields_in_history(self, request):
        """The names of the fields whose changes this person may read."""
        return {
            field.name
            for field in self.model._meta.concrete_fields
            if field.editable or field.name in {"decided_by", "overridden_by", "signed_by"}
        }

    def log_addition(self, request, obj, message):
        """History is kept by the record itself; a second, thinner log would only disagree."""

    def log_change(self, request, obj, message):
        """As log_addition."""


def _let_know(record, patient):
    """What a record hangs on, read with its patient locked, leads to the patient as locked."""
    while record is not None:
        if isinstance(record, TreatmentPlan):
            record.read_in = current()
        if isinstance(record, SignedRecord) and not (record.is_signed or record.in_error):
            record.open_in = current()
        if getattr(record, "patient_id", None) == patient.pk:
            record.patient = patient
        ups = (getattr(record, name, None) for name in ("session", "plan", "assessment"))
        record = next(filter(None, ups), None) or getattr(record, "consultation", None)


class RecordInline(RecordFields, admin.StackedInline):
    extra = 0
    max_num = 20
    show_change_link = False
    hidden_fields = RecordForm.HIDDEN_INLINE

    def get_formset(self, request, obj=None, **kwargs):
        # However many cards a forged form claims, few more than are allowed are built.
        kwargs["absolute_max"] = self.max_num + 8
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        formset.form.locked_patient = getattr(request, "locked_patient", None)
        return formset

    def title_of(self, record):
        return str(record)

    def may_write(self, request, obj):
        return self.has_change_permission(request, obj) or self.has_add_permission(request, obj)


def refuse_buttons(request, *others):
    """Raise BadRequest for a button that no form of ours has: Django would make a second record of
    it, or nobody knows what."""
    if not request.POST.keys().isdisjoint({"_saveasnew", *others}):
        raise BadRequest("a button that is not on the form")


def is_closed(record):
    """Whether a stored record is only read: in error, signed, or of an erased person."""
    if record is None:
        return False
    patient = patient_of(record)
    erased = patient is not None and patient.erased_at
    return bool(record.in_error or getattr(record, "is_signed", False) or erased)


def is_choosing(request):
    """Whether a form's field is looking for a record, rather than somebody reading a list."""
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"


def is_listing(request):
    """Whether somebody reads a list, rather than opening a record."""
    return _page_name(request).endswith("_changelist")


def is_charting(request):
    """Whether somebody opens a patient's chart."""
    return _page_name(request).endswith("_chart")


def _page_name(request):
    return (request.resolver_match and request.resolver_match.url_name) or ""


def by_key(text, queryset):
    """The record whose key was sent, or None where that is missing, wrong or out of reach."""
    return queryset.filter(pk=text).first() if is_key(text) else None


def patient_from_query(request):
    """The patient that `?patient=` points to, or the record that went on for that person; None
    where nothing may be added to it."""
    patient = from_query(request, "patient", Patient.objects.all())
    kept = patient.kept_record if patient is not None else None
    return kept if kept is not None and not kept.in_error else None


def from_query(request, name, queryset):
    """The record that `?name=` points to, or None."""
    return by_key(request.GET.get(name, ""), queryset)
