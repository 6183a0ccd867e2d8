"""Draws the plain parts of forms without a template: a page of questions has hundreds of them, and
finding, filling and joining as many templates took most of its time.

What comes out is what Django's own templates give, to the letter.
"""

from html import escape

from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

INPUTS = ("text", "number", "email", "hidden", "password", "date", "time", "datetime", "checkbox")


class FormRenderer(TemplatesSetting):
    def render(self, template_name, context, request=None):
        drawn = DRAWN.get(template_name)
        return drawn(context) if drawn else super().render(template_name, context, request)


def attributes(attrs):
    """The attributes of a tag, escaped, each after a space; False leaves one out."""
    told = (
        f" {escape(name)}" if value is True else f' {escape(name)}="{escaped(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return "".join(told)


def escaped(value):
    """A value as it stands in a page."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _input(context):
    widget = context["widget"]
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    start = f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"'
    return mark_safe(f"{start}{value}{attributes(widget['attrs'])}>")  # noqa: S308  escaped


def _textarea(context):
    widget = context["widget"]
    start = f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n'
    return mark_safe(f"{start}{escaped(widget['value'] or '')}</textarea>")  # noqa: S308  escaped


def _select(context):
    widget = context["widget"]
    start = f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>'
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    return mark_safe(f"{start}{groups}\n</select>")  # noqa: S308  escaped


def _group(name, options):
    drawn = "".join(
        f'\n  <option value="{escaped(one["value"])}"{attributes(one["attrs"])}>'
        f"{escaped(one['label'])}</option>\n"
        for one in options
    )
    return f'\n  <optgroup label="{escaped(name)}">{drawn}\n  </optgroup>' if name else drawn


def _errors(context):
    errors = context["errors"]
    if not errors:
        return ""
    field = f' id="{escaped(errors.field_id)}_error"' if errors.field_id else ""
    told = "".join(f"<li>{escaped(error)}</li>" for error in errors)
    start = f'<ul class="{escaped(context["error_class"])}"{field}>'
    return mark_safe(f"{start}{told}</ul>")  # noqa: S308  escaped


def _label(context):
    label = escaped(context["label"])
    if not context["use_tag"]:
        return mark_safe(label)  # noqa: S308  escaped
    tag = context["tag"]
    return mark_safe(f"<{tag}{attributes(context['attrs'] or {})}>{label}</{tag}>")  # noqa: S308  escaped


DRAWN = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/errors/list/default.html": _errors,
    "django/forms/label.html": _label,
}
