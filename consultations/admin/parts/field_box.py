"""One field of a form as it stands on its page, drawn at once: its label, its box, what is wrong
with it and what helps."""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from consultations.rules.candidacy.screen import QUESTIONS, UNREMARKABLE

from .form_renderer import attributes, escaped
from .widgets import unanswered

DECIMAL = re.compile(r"\d+\.\d+")
LINK = re.compile(r"</?a\b[^>]*>")
ICON = re.compile(r'<img [^>]*alt="(True|False|None)"[^>]*>')


def field_box(field):
    """An admin's field, to be filled in or only read."""
    drawn = _read(field) if field.is_readonly else _asked(field)
    return mark_safe(drawn)  # noqa: S308  each piece is escaped


def _asked(field):
    bound = field.field
    errors = field.errors() if bound.errors else ""
    classes = {
        "field-box": True,
        f"field-{bound.name}": True,
        "errors": errors,
        "hidden": bound.is_hidden,
        "checkbox-row": field.is_checkbox,
    }
    attrs = {"class": " ".join(name for name, is_so in classes.items() if is_so)}
    if is_question(bound.name):
        attrs["data-question"] = unremarkable(bound.name)
    pieces = [_label(field), bound]
    told = "".join(map(str, reversed(pieces) if field.is_checkbox else pieces))
    return f"<div{attributes(attrs)}>{told}{errors}{_help(bound)}</div>"


def _label(field):
    """As the admin's `label_tag`, which goes through a context and a renderer for it."""
    bound = field.field
    if bound.form.label_suffix:
        return field.label_tag()
    names = {
        "vCheckboxLabel": field.is_checkbox,
        "required": bound.field.required,
        "inline": not field.is_first,
    }
    classes = " ".join(name for name, is_so in names.items() if is_so)
    attrs = {"class": classes} if classes else {}
    if target := bound.id_for_label:
        attrs["for"] = target
    return f"<label{attributes(attrs)}>{escaped(bound.label)}</label>"


def _help(bound):
    if not bound.help_text:
        return ""
    attrs = {"class": "help hidden" if bound.is_hidden else "help"}
    if bound.auto_id:
        attrs["id"] = f"{bound.auto_id}_helptext"
    return f"<div{attributes(attrs)}>{escaped(bound.help_text)}</div>"


def _read(field):
    name = field.field["name"]
    hidden = " hidden" if field.field["is_hidden"] else ""
    attrs = {"class": f"field-box field-{name}{hidden}" if name else f"field-box{hidden}"}
    answer = plain_answer(field.contents(), name)
    return (
        f"<div{attributes(attrs)}>{field.label_tag()}"
        f'<div class="readonly">{escaped(answer)}</div></div>'
    )


def plain_answer(contents, name=""):
    """Yes, no or not asked in words: a red cross beside "pregnant" would say the wrong thing.
    Numbers without the zeros that only the database needs; names without a link to a page that
    the reader may not open."""
    if DECIMAL.fullmatch(str(contents)):
        return str(contents).rstrip("0").rstrip(".")
    words = {"True": _("Yes"), "False": _("No"), "None": unanswered(name)}
    return mark_safe(  # noqa: S308  escaped first; only whole icons and links are replaced
        LINK.sub("", ICON.sub(lambda icon: words[icon[1]], conditional_escape(contents)))
    )


def is_question(name):
    """Whether a field is one of the questions that a verdict is given on."""
    return name in QUESTIONS


def unremarkable(name):
    """The value of the answer that "No to all the rest" may give for somebody; "" for none."""
    answer = UNREMARKABLE.get(name, "")
    return "false" if answer is False else answer
