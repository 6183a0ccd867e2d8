"""The money of a course in the admin: its ledger, payments, refunds, corrections, discounts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from consultations.actions.money import fix_price
from consultations.models import ClinicSettings, Discount, Payment
from consultations.summaries.money import balance_of
from tests.factories import (
    AssessmentFactory,
    ClinicSettingsFactory,
    DiscountFactory,
    PaymentFactory,
    PlanFactory,
    SessionFactory,
)

from .browsing import Browser, add_url, change_url, list_url, page_url
from .browsing import words as shown

pytestmark = pytest.mark.django_db

WHO = ("reception", "practitioner", "clinician", "manager")


@pytest.fixture
def plan():
    return PlanFactory(price_per_session=Decimal(100))


def take(browser, plan, button="_save", **typed):
    typed = {"amount": "100", "method": "card"} | typed
    query = {"kind": typed["kind"]} if "kind" in typed else {}
    return browser.fill(add_url("payment", plan=plan.pk, **query), typed, button)


def ledger(browser, plan):
    return browser.open(page_url(plan, "money"))


@pytest.mark.parametrize("role", WHO)
def test_everybody_takes_payments(role, plan, request):
    user = request.getfixturevalue(role)
    page = take(Browser(user), plan)
    assert page.path == page_url(plan, "money")
    payment = Payment.objects.get()
    stored = [payment.receipt_number, payment.amount, payment.method, payment.created_by]
    assert stored == ["R-000001", Decimal("100.00"), "card", user]
    assert page.select("h2#balance")[0].text == "£400.00 to pay"


def test_ledger_tells_who_took_a_payment_from_the_remark(reception, plan):
    page = take(Browser(reception), plan, words="Paid by her husband.")
    what = page.select("tbody tr td:nth-child(2)")[-1]
    assert shown(what).startswith("Payment, card by reception Remark: Paid by her husband.")
    heads = [head.text for head in page.select("th[scope=col]")]
    assert heads == ["Receipt", "What", "Amount", "Paid so far"]


@pytest.mark.parametrize("role", WHO)
def test_receipt_is_offered_where_a_payment_was_saved(role, plan, request):
    page = take(Browser(request.getfixturevalue(role)), plan)
    [link] = page.select(".messagelist a")
    query = f"?kind=receipt&about={Payment.objects.get().pk}"
    assert (link.text, link["href"]) == (
        "Issue receipt",
        page_url(plan.patient, "document") + query,
    )


def test_what_is_to_pay_stands_in_the_form(reception, plan):
    form = Browser(reception).open(add_url("payment", plan=plan.pk)).form
    assert [form["plan"], form["kind"], form["amount"]] == [str(plan.pk), "payment", "500.00"]


def test_payment_above_the_balance_is_refused_until_it_says_so(reception, plan):
    browser = Browser(reception)
    page = take(browser, plan, amount="540")
    words = "£500.00 is to pay. If the patient pays ahead, say so below."
    assert page.errors == {"amount": [words]}
    assert page.form["amount"] == "540"
    page = take(browser, plan, amount="540", above_balance="on")
    assert page.errors == {"words": ["Say why."]}
    page = take(browser, plan, amount="540", above_balance="on", words="For the neck.")
    assert page.select("h2#balance")[0].text == "£40.00 in credit"
    assert Payment.objects.get().above_balance


def test_payment_within_the_balance_was_not_ahead(reception, plan):
    take(Browser(reception), plan, above_balance="on", words="For the neck.")
    assert not Payment.objects.get().above_balance


def test_payment_for_a_course_without_a_price_says_so(reception):
    page = take(Browser(reception), PlanFactory(), kind="deposit")
    words = "£0.00 is to pay. If the patient pays ahead, say so below."
    assert page.errors == {"amount": [words]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "This field is required."),
        ("0", "Type an amount above 0."),
        ("0.00", "Type an amount above 0."),
        ("-5", "Type an amount above 0."),
        ("−5", "Type an amount above 0."),
        ("NaN", "Type an amount in digits, such as 120 or 99.50."),
        ("1e5", "Type an amount in digits, such as 120 or 99.50."),
        ("1_000", "Type an amount in digits, such as 120 or 99.50."),
        ("99.999", "GBP has at most 2 decimals."),
        ("1000000000000", "This is too much money."),
    ],
)
def test_what_is_no_amount_is_told_beside_the_field(reception, plan, typed, words):
    page = take(Browser(reception), plan, amount=typed)
    assert page.errors == {"amount": [words]}
    assert page.form["amount"] == typed
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("currency", "typed", "words"),
    [
        ("JPY", "150.00", "JPY has no decimals."),
        ("KWD", "1.2345", "KWD has at most 3 decimals."),
        ("KWD", "1,500", "1,500 can be read in two ways. Type 1500 or 1.5."),
    ],
)
def test_decimals_that_the_currency_does_not_have(reception, plan, currency, typed, words):
    ClinicSettingsFactory(currency=currency)
    assert take(Browser(reception), plan, amount=typed).errors == {"amount": [words]}


@pytest.mark.parametrize(
    ("currency", "typed", "shown"),
    [("JPY", "150", "¥350 to pay"), ("KWD", "1.250", "KWD\u00a0498.750 to pay")],
)
def test_decimals_that_the_currency_has(reception, plan, currency, typed, shown):
    ClinicSettingsFactory(currency=currency)
    page = take(Browser(reception), plan, amount=typed)
    assert page.select("h2#balance")[0].text == shown


def test_payment_of_tomorrow_is_refused(reception, plan):
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = take(Browser(reception), plan, paid_on=f"{tomorrow:%Y-%m-%d}")
    assert page.errors == {"paid_on": ["This date is in the future."]}


def test_form_posted_twice_is_one_payment(reception, plan):
    browser = Browser(reception)
    url = add_url("payment", plan=plan.pk)
    data = browser.open(url).form | {"amount": "100", "method": "cash", "_save": "1"}
    browser.post(url, data)
    browser.post(url, data)
    assert Payment.objects.count() == 1


def test_one_payment_for_two_courses_has_one_receipt(reception, plan):
    patient = plan.patient
    neck = PlanFactory(
        assessment=AssessmentFactory(consultation__patient=patient, area="neck"),
        price_per_session=Decimal(50),
    )
    browser = Browser(reception)
    url = add_url("payment", plan=plan.pk)
    assert browser.open(url).help_of(f"also_{neck.pk}") == "£250.00 to pay"
    page = take(browser, plan, amount="500", **{f"also_{neck.pk}": "251"})
    words = "£250.00 is to pay. If the patient pays ahead, say so below."
    assert page.errors == {f"also_{neck.pk}": [words]}
    take(browser, plan, amount="500", **{f"also_{neck.pk}": "200"})
    stored = Payment.objects.order_by("pk").values_list("plan", "amount", "receipt_number")
    assert list(stored) == [
        (plan.pk, Decimal("500.00"), "R-000001"),
        (neck.pk, Decimal("200.00"), "R-000001"),
    ]
    assert [balance_of(plan).words, balance_of(neck).words] == ["Paid", "£50.00 to pay"]


def test_two_courses_of_one_area_are_told_apart_when_paying(reception, plan):
    patient, day = plan.patient, date(2026, 5, 4)
    again = AssessmentFactory(consultation__patient=patient, consultation__consulted_on=day)
    second = PlanFactory(assessment=again, price_per_session=Decimal(50))
    page = Browser(reception).open(add_url("payment", plan=plan.pk))
    assert page.select("h2")[0].text == "Face, from 3 Mar 2025"
    [label] = page.select(f'label[for="id_also_{second.pk}"]')
    assert label.text == "Also for: Face, from 4 May 2026"


def test_another_patients_course_cannot_be_paid_along(reception, plan):
    other = PlanFactory(price_per_session=Decimal(50))
    page = take(Browser(reception), plan, **{f"also_{other.pk}": "50"})
    words = "A course for which an amount was typed is no longer offered. Check them."
    assert page.errors == {"": [words]}
    assert not Payment.objects.exists()


def test_course_that_ended_and_is_paid_is_not_offered(reception, plan):
    neck = PlanFactory(
        assessment=AssessmentFactory(consultation__patient=plan.patient, area="neck"),
        status="stopped",
        status_reason="Moved.",
        price_per_session=Decimal(50),
    )
    url = add_url("payment", plan=plan.pk)
    assert f"also_{neck.pk}" not in Browser(reception).open(url).names()
    SessionFactory(plan=neck)
    assert f"also_{neck.pk}" in Browser(reception).open(url).names()


def test_receipt_is_one_press_from_the_ledger(reception, plan):
    browser = Browser(reception)
    for _time in range(2):
        take(browser, plan)
    first, second = Payment.objects.order_by("pk")
    browser.fill(page_url(second, "correct"), {"reason": "Twice."})
    counter = Payment.objects.get(kind="correction")
    links = ledger(browser, plan).links
    receipts = {words: url for words, url in links.items() if words.startswith("Receipt ")}
    url = f"{page_url(plan.patient, 'document')}?kind=receipt&about="
    assert receipts == {
        "Receipt R-000001": f"{url}{first.pk}",
        "Receipt R-000003": f"{url}{counter.pk}",
    }


# Giving back


def test_manager_gives_back(manager, plan):
    browser = Browser(manager)
    take(browser, plan)
    page = take(browser, plan, kind="refund", amount="30", words="Moved away.")
    assert page.select("h2#balance")[0].text == "£430.00 to pay"
    refund = Payment.objects.get(kind="refund")
    assert [refund.amount, refund.receipt_number] == [Decimal("-30.00"), "R-000002"]


def test_refund_above_what_was_paid_is_refused(manager, plan):
    browser = Browser(manager)
    take(browser, plan)
    page = take(browser, plan, kind="refund", amount="100.01", words="Moved away.")
    words = "The clinic holds £100.00 for this course. No more can be given back."
    assert page.errors == {"amount": [words]}
    assert page.form["amount"] == "100.01"
    assert Payment.objects.count() == 1


def test_refund_says_why(manager, plan):
    take(Browser(manager), plan)
    assert take(Browser(manager), plan, kind="refund").errors == {"words": ["Say why."]}


@pytest.mark.parametrize("role", ["reception", "practitioner", "clinician"])
def test_nobody_else_gives_back(role, plan, request):
    browser = Browser(request.getfixturevalue(role))
    take(browser, plan)
    assert "Refund" not in ledger(browser, plan).links
    page = take(browser, plan, kind="refund", words="Moved away.")
    assert list(page.errors) == ["kind"]
    assert Payment.objects.count() == 1


# Correcting


def test_own_entry_of_the_same_day_is_countered(reception, plan):
    browser = Browser(reception)
    take(browser, plan, amount="10")
    payment = Payment.objects.get()
    assert page_url(payment, "correct") in ledger(browser, plan).links.values()
    page = browser.fill(page_url(payment, "correct"), {"reason": "It was 100."})
    assert page.path == page_url(plan, "money")
    assert page.messages == ["R-000001 is countered. Issue receipt"]
    entry = Payment.objects.get(kind="correction")
    assert [entry.amount, entry.counters] == [Decimal("-10.00"), payment]
    assert entry.words == "It was 100."
    assert page.select("h2#balance")[0].text == "£500.00 to pay"
    page = browser.fill(page_url(payment, "correct"), {"reason": "Again."})
    assert page.errors == {"": ["This entry is already countered."]}


def test_correction_says_why(reception, plan):
    take(Browser(reception), plan)
    page = Browser(reception).fill(page_url(Payment.objects.get(), "correct"), {"reason": " "})
    assert "This field is required." in page.text
    assert Payment.objects.count() == 1


def test_entry_of_another_or_of_yesterday_is_the_managers(reception, practitioner, manager, plan):
    take(Browser(practitioner), plan)
    payment = Payment.objects.get()
    url = page_url(payment, "correct")
    assert Browser(reception).open(url).status == 403
    yesterday = timezone.now() - timedelta(days=1)
    Payment.objects.filter(pk=payment.pk).update(created_at=yesterday)
    assert Browser(practitioner).open(url).status == 403
    assert Browser(manager).open(url).status == 200


def test_correction_of_what_was_given_back_is_refused(manager, plan):
    browser = Browser(manager)
    take(browser, plan)
    payment = Payment.objects.get()
    take(browser, plan, kind="refund", amount="30", words="Moved away.")
    page = browser.fill(page_url(payment, "correct"), {"reason": "A slip."})
    words = "The clinic holds £70.00 for this course. No more can be given back."
    assert page.errors == {"": [words]}


def test_entry_is_neither_changed_nor_in_error(admin, plan):
    take(Browser(admin), plan)
    payment = Payment.objects.get()
    browser = Browser(admin)
    assert browser.open(change_url(payment)).names() == set()
    assert browser.open(page_url(payment, "entered_in_error")).status == 403


# Discounts


def discount(browser, plan, **typed):
    return browser.fill(add_url("discount", plan=plan.pk), {"amount": "50"} | typed)


@pytest.mark.parametrize("role", ["clinician", "manager"])
def test_discount_with_a_reason(role, plan, request):
    browser = Browser(request.getfixturevalue(role))
    assert discount(browser, plan).errors == {"reason": ["This field is required."]}
    page = discount(browser, plan, reason="A colleague.")
    assert page.path == page_url(plan, "money")
    assert page.select("h2#balance")[0].text == "£450.00 to pay"


@pytest.mark.parametrize("role", ["reception", "practitioner"])
def test_nobody_else_takes_off(role, plan, request):
    browser = Browser(request.getfixturevalue(role))
    assert "Discount" not in ledger(browser, plan).links
    assert browser.open(add_url("discount", plan=plan.pk)).status == 403


def test_discount_above_the_price_is_refused(clinician, plan):
    DiscountFactory(plan=plan, amount=Decimal(100))
    page = discount(Browser(clinician), plan, amount="400.01", reason="A colleague.")
    words = "The course costs £400.00. No more can be taken off."
    assert page.errors == {"amount": [words]}


def test_discount_of_a_course_without_a_price_is_refused(clinician):
    page = discount(Browser(clinician), PlanFactory(), reason="A colleague.")
    assert page.errors == {"": ["This course has no price yet."]}


def test_discount_in_error_counts_no_more(manager, plan):
    browser = Browser(manager)
    discount(browser, plan, reason="A colleague.")
    browser.fill(page_url(Discount.objects.get(), "entered_in_error"), {"reason": "It was not."})
    assert balance_of(plan).words == "£500.00 to pay"


# The price


def test_price_that_was_quoted_changes_with_a_reason(clinician, plan):
    fix_price(plan=plan, by=clinician)
    browser = Browser(clinician)
    page = browser.fill(change_url(plan), {"price_per_session": "90"})
    assert page.errors == {"price_reason": ["Say why the price changes: it was quoted."]}
    why = {"price_per_session": "90", "price_reason": "As for others."}
    browser.fill(change_url(plan), why)
    assert plan.history.first().history_change_reason == "As for others."
    page = ledger(browser, plan)
    assert page.select("h2#balance")[0].text == "£500.00 to pay"
    assert "price changed: needs a new quote" in page.text
    fix_price(plan=plan, by=clinician)
    page = ledger(browser, plan)
    assert page.select("h2#balance")[0].text == "£450.00 to pay"
    assert "needs a new quote" not in page.text


def test_price_that_was_not_quoted_changes_as_it_likes(clinician, plan):
    page = Browser(clinician).fill(change_url(plan), {"course_price": "450"})
    assert page.errors == {}
    assert balance_of(plan).words == "£450.00 to pay"


def test_price_in_a_form_has_the_digits_of_the_currency(clinician, plan):
    form = Browser(clinician).open(change_url(plan)).form
    assert [form["price_per_session"], form["course_price"]] == ["100.00", ""]
    page = Browser(clinician).fill(change_url(plan), {"price_per_session": "1e2"})
    assert list(page.errors) == ["price_per_session"]


def test_money_leads_to_the_quote_and_first_where_a_new_one_is_needed(clinician, reception, plan):
    quote = f"{page_url(plan.patient, 'document')}?kind=plan_and_quote&about={plan.pk}"
    page = ledger(Browser(clinician), plan)
    assert page.links["Issue quote"] == quote
    assert page.select("#content .button:not(.button-quiet)")[0].text == "Take payment"
    fix_price(plan=plan, by=clinician)
    plan.refresh_from_db()
    plan.price_per_session = Decimal(90)
    plan.save(by=clinician)
    page = ledger(Browser(clinician), plan)
    assert page.links["price changed: needs a new quote"] == quote
    assert [one.text for one in page.select("#content .button:not(.button-quiet)")] == [
        "Issue quote"
    ]
    chart = Browser(clinician).open(page_url(plan.patient, "chart"))
    assert chart.links["price changed: needs a new quote"] == quote
    for url in (page_url(plan, "money"), change_url(plan.patient)):
        page = Browser(reception).open(url)
        assert "price changed: needs a new quote" in page.text
        assert quote not in page.links.values()


def test_desk_is_led_from_money_to_the_patient(reception, plan):
    take(Browser(reception), plan)
    payment = Payment.objects.get()
    details = change_url(plan.patient)
    for url in (
        page_url(plan, "money"),
        add_url("payment", plan=plan.pk),
        change_url(payment),
        page_url(payment, "correct"),
    ):
        [link] = Browser(reception).open(url).select(".banner-who a")
        assert (link["href"], link.text) == (details, plan.patient.full_name)
    assert Browser(reception).open(details).select(".banner-who a") == []


def test_quote_of_a_course_that_ended_or_has_no_price_is_not_led_to(clinician, plan):
    assert "Issue quote" not in ledger(Browser(clinician), PlanFactory()).links
    assert "Issue quote" not in ledger(Browser(clinician), stopped(plan)).links


# The clinic's currency


def test_currency_stays_once_something_was_paid(manager, reception):
    plan = PlanFactory(price_per_session=Decimal(100), consented=False)
    settings = ClinicSettingsFactory()
    browser = Browser(manager)
    assert browser.fill(change_url(settings), {"currency": "EUR"}).errors == {}
    take(Browser(reception), plan)
    page = browser.fill(change_url(settings), {"currency": "JPY"})
    words = "There are payments, discounts, quotes or consents in EUR already."
    assert page.errors == {"currency": [words]}
    assert ClinicSettings.objects.get().currency == "EUR"
    assert browser.fill(change_url(settings), {"name": "Another", "vat_rate": "20"}).errors == {}


def test_first_settings_keep_the_currency_in_which_was_paid(manager, reception, plan):
    take(Browser(reception), plan)
    page = Browser(manager).fill(add_url("clinicsettings"), {"name": "New", "currency": "EUR"})
    assert list(page.errors) == ["currency"]


def test_currency_that_there_is_not(manager):
    page = Browser(manager).fill(change_url(ClinicSettingsFactory()), {"currency": "BTC"})
    assert list(page.errors) == ["currency"]


# Where the balance stands


def test_balance_stands_where_the_course_does(reception, clinician, plan):
    take(Browser(reception), plan)
    money = page_url(plan, "money")
    for user, url in (
        (reception, change_url(plan.patient)),
        (reception, change_url(plan)),
        (clinician, page_url(plan.patient, "chart")),
        (clinician, change_url(plan)),
    ):
        page = Browser(user).open(url)
        [link] = page.select(f'a[href="{money}"]')
        assert link.text.startswith("£400.00 to pay")


def stopped(plan):
    plan.refresh_from_db()
    plan.status, plan.status_reason = "stopped", "Moved away."
    plan.save(by=plan.created_by)
    return plan


def test_ended_course_stands_with_its_patient_until_it_is_paid(reception, plan):
    SessionFactory(plan=plan)
    stopped(plan)
    browser = Browser(reception)
    [link] = browser.open(change_url(plan.patient)).select(f'a[href="{page_url(plan, "money")}"]')
    assert link.text.startswith("£100.00 to pay")
    take(browser, plan)
    assert not browser.open(change_url(plan.patient)).select(f'a[href="{page_url(plan, "money")}"]')


def test_payments_are_found_by_their_patient(reception, plan):
    take(Browser(reception), plan)
    [row] = Browser(reception).open(list_url("payment", q=plan.patient.record_number)).rows
    assert row[0] == "R-000001"
    assert row[2:4] == ["Payment, card", "£100.00"]


def test_ledger_asks_as_much_for_forty_entries_as_for_one(
    clinician, plan, django_assert_max_num_queries
):
    browser = Browser(clinician)
    PaymentFactory(plan=plan)
    ledger(browser, plan)
    PaymentFactory.create_batch(39, plan=plan)
    with django_assert_max_num_queries(10):
        ledger(browser, plan)
