"""The addresses of the site's own pages, those that are about no single record."""

from functools import partial

from django.urls import path

from consultations.accounts.pages import second_factor
from consultations.accounts.pages.calendar import your_calendar
from consultations.accounts.pages.login_sessions import sessions
from consultations.accounts.pages.time_left import time_left
from consultations.admin.pages.audit import audit, audit_export
from consultations.admin.pages.diary import diary_day, diary_week, move
from consultations.admin.pages.drafts import drafts
from consultations.admin.pages.figures import figures, figures_export
from consultations.admin.pages.imports import import_batch, import_template, imports
from consultations.admin.pages.rulebook import rulebook, try_case


def own_pages(site):
    closed = site.admin_view
    return [
        path("diary/", closed(partial(diary_day, site)), name="consultations_diary"),
        path("diary/week/", closed(partial(diary_week, site)), name="consultations_diary_week"),
        path("diary/move/", closed(partial(move, site)), name="consultations_diary_move"),
        path("drafts/", closed(drafts), name="consultations_draft"),
        path("time-left/", closed(time_left), name="time_left"),
        path("sessions/", closed(partial(sessions, site)), name="sessions"),
        path("your-calendar/", closed(partial(your_calendar, site)), name="your_calendar"),
        path("audit/", closed(partial(audit, site)), name="consultations_audit"),
        path(
            "audit/export/",
            closed(partial(audit_export, site)),
            name="consultations_audit_export",
        ),
        path("import/", closed(partial(imports, site)), name="consultations_import"),
        path(
            "import/<int:key>/",
            closed(partial(import_batch, site)),
            name="consultations_import_batch",
        ),
        path(
            "import/template/<str:target>/",
            closed(partial(import_template, site)),
            name="consultations_import_template",
        ),
        path("figures/", closed(partial(figures, site)), name="consultations_figures"),
        path(
            "figures/export/",
            closed(partial(figures_export, site)),
            name="consultations_figures_export",
        ),
        path("rulebook/", closed(partial(rulebook, site)), name="consultations_rulebook"),
        path("rulebook/try/", closed(partial(try_case, site)), name="consultations_try_case"),
        # Open before the sign-in code is given.
        path("logout/", site.logout, name="logout"),
    ]


def second_factor_pages(site):
    closed, base = site.admin_view, "second-factor/"
    return [
        # The first two are open before the sign-in code is given.
        path(f"{base}code/", partial(second_factor.enter_code, site), name="second_factor_code"),
        path(f"{base}set-up/", partial(second_factor.set_up, site), name="second_factor_set_up"),
        path(base, closed(partial(second_factor.overview, site)), name="second_factor"),
        path(
            f"{base}recovery-codes/",
            closed(partial(second_factor.new_codes, site)),
            name="second_factor_new_codes",
        ),
    ]
