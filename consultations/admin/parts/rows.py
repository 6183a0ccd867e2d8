"""The rows of a list, each drawn at once: a lookup and a template for every cell take more time
than all the rest of the page."""

from django.contrib.admin.templatetags.admin_list import result_headers, results
from django.contrib.admin.utils import display_for_field
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from .form_renderer import escaped


def list_of(cl):
    """The headers and the rows of a list."""
    if cl.list_display_links is None:
        rows = _rows(cl)
    else:
        rows = [format_html_join("", "{}", ((cell,) for cell in row)) for row in results(cl)]
    return {"result_headers": list(result_headers(cl)), "rows": rows}


def _rows(cl):
    columns = [(f'<td class="field-{name}">', _cell(cl, name)) for name in cl.list_display]
    for record in cl.result_list:
        cells = (f"{start}{cell(record)}</td>" for start, cell in columns)
        yield mark_safe("".join(cells))  # noqa: S308  each cell is escaped


def _cell(cl, name):
    """What draws the column `name` of a record, escaped."""
    empty = escaped(cl.model_admin.get_empty_value_display())
    shown = getattr(cl.model_admin, name, None)
    if shown is None:
        field = cl.opts.get_field(name)
        return lambda record: escaped(display_for_field(getattr(record, name), field, empty))
    empty = escaped(getattr(shown, "empty_value_display", empty))

    def cell(record):
        value = shown(record)
        return empty if value is None or value == "" else escaped(value)

    return cell
