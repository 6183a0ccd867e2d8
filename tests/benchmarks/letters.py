"""python -m tests.benchmarks.letters: a letter against the chart it is asked from, and the same
words set by weasyprint, on the database of DATABASE_URL (the demo's will do).

weasyprint is installed by hand into an environment of its own, whose Python is given with
--weasyprint; without it only our own times are printed.
"""

import argparse
import html
import json
import os
import statistics
import subprocess
import time

TIMES = 15
# Run by the other Python: the page comes in, the median of some renderings goes out.
OTHER = """
import json, statistics, sys, time
from weasyprint import HTML
page, taken = sys.stdin.read(), []
for _time in range(int(sys.argv[1])):
    start = time.perf_counter()
    content = HTML(string=page, base_url=sys.argv[2]).write_pdf(pdf_variant="pdf/ua-1")
    taken.append(time.perf_counter() - start)
print(json.dumps([1000 * statistics.median(taken[1:]), len(content)]))
"""
STYLE = """
@font-face { font-family: Noto; src: url(NotoSans-Regular.ttf) }
@font-face { font-family: Noto; src: url(NotoSans-Bold.ttf); font-weight: bold }
@page { size: A4; margin: 18mm 22mm 24mm; @bottom-right { content: counter(page) } }
body { font: 10pt Noto } p { border-bottom: 0.3pt solid #ddd; margin: 0; padding: 3pt 0 }
"""


def timed(draw):
    """The median of several calls in milliseconds, after a first one."""
    taken = []
    for _time in range(TIMES + 1):
        start = time.perf_counter()
        draw()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken[1:])


def as_html(data):
    """The same words as a page."""
    parts = [*data["clinic"].values(), *data["to"], data["day"], data["opening"]]
    body = "".join(f"<div>{html.escape(str(one))}</div>" for one in parts)
    for section in data["sections"]:
        body += f"<h2>{html.escape(section['title'])}</h2><div>{html.escape(section['text'])}</div>"
        body += "".join(f"<li>{html.escape(one)}</li>" for one in section["points"])
        for row in section["rows"]:
            body += f"<p>{html.escape(row['label'])}: {html.escape(row['value'])}</p>"
    title = html.escape(data["title"])
    return (
        f"<html lang=en><head><title>{title}</title><style>{STYLE}</style></head>"
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def set_by_weasyprint(python, data):
    from consultations.documents.typesetting import HERE

    command = [python, "-c", OTHER, str(TIMES + 1), f"{HERE / 'fonts'}/"]
    done = subprocess.run(command, input=as_html(data), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]


def lines(weasyprint):
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from consultations.documents.issuing import draft_of
    from consultations.models import SurgicalReferral
    from consultations.vocabulary import DocumentKind

    kind, user = DocumentKind.REFERRAL_LETTER, get_user_model().objects.get(username="clinician")
    referral = SurgicalReferral.objects.open().exclude(surgeon="").first()
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    patient = reverse("admin:consultations_patient_chart", args=[referral.patient.pk])
    draft = reverse("admin:consultations_patient_document_draft", args=[referral.patient.pk])
    data = draft_of(kind, referral, user)
    letter, chart = timed(data.pdf), timed(lambda: client.get(patient))
    asked = timed(lambda: client.get(f"{draft}?kind={kind.value}&about={referral.pk}"))
    yield f"letter, set               {letter:8.1f} ms"
    yield f"letter, asked for         {asked:8.1f} ms"
    yield f"chart page                {chart:8.1f} ms, {asked / chart:.2f} of it for the letter"
    if weasyprint:
        other = set_by_weasyprint(weasyprint, data.data)
        yield f"letter, set by weasyprint {other:8.1f} ms, {other / letter:.1f} times ours"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.letters", description=__doc__)
    parser.add_argument("--weasyprint", metavar="PYTHON", help="a Python that has weasyprint")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

    import django

    django.setup()
    for line in lines(options.weasyprint):
        print(line)


if __name__ == "__main__":
    main()
