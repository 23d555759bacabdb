"""Facilities with their schedules, payments and collateral."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.schedules import Instalment
from crm.errors import Conflict, Invalid, NotPermitted
from crm.history import events_of
from crm.models import Client, Collateral, Facility, Payment, Role
from crm.selectors.facilities import account_of
from crm.services import facilities as services
from crm.services import repayment
from tests.api.asking import Asker
from tests.factories import make_client, make_facility, make_payment, make_project, make_user
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db
OPENED, MATURES = date(2026, 1, 1), date(2026, 12, 31)


@pytest.fixture
def held() -> Client:
    return make_client(rm=make_user(Role.RM))


@pytest.fixture
def facility(held) -> Facility:
    return make_facility(
        held, limit=Decimal(1000), drawn=Decimal(1000), rate=0.08, opened_on=OPENED, matures_on=MATURES
    )


def enter(facility: Facility, *lines: tuple[date, int], **changes) -> list[Payment]:
    planned = [Instalment(day, Decimal(principal), Decimal(0)) for day, principal in lines]
    by = facility.client.rm
    assert by is not None
    return repayment.enter_schedule(
        **{"by": by, "facility": facility, "version": facility.version, "planned": planned, **changes}
    )


def pay(payment: Payment, amount: float, known: float | None = None, **changes) -> Payment:
    given = {"amount": Decimal(str(amount)), "known": None if known is None else Decimal(str(known))}
    by = payment.facility.client.rm
    return repayment.note_payment(
        **{"by": by, "payment": payment, "paid_on": date(2026, 4, 1), **given, **changes}
    )


def test_facility_in_another_currency_is_carried_in_the_book(client, held):
    client.force_login(held.rm)
    said = {
        "number": "US-1", "product": "term_loan", "currency": "usd", "exchange_rate": "", "limit": "1,000万",
        "drawn": "2.5 m", "rate": "4.5", "opened_on": "2026-01-01", "matures_on": "2028-01-01",
    }  # fmt: skip
    url = reverse("crm:facility-new", args=[held.pk])
    refused = client.post(url, said)
    assert (refused.status_code, "one USD is worth" in refused.content.decode()) == (422, True)
    client.post(url, {**said, "exchange_rate": "7.2"})
    made = Facility.objects.get()
    assert (made.limit, made.drawn, made.rate) == (72_000_000, 18_000_000, 0.045)
    assert (made.in_own(made.limit), made.own_currency) == (10_000_000, "USD")
    assert RetierRequest.objects.filter(client=held).exists()
    enter(made, (date(2027, 1, 1), 2_500_000))
    change = {"by": held.rm, "facility": made, "version": 2, "exchange_rate": Decimal(7)}
    services.change_facility(**change, reason="Valued at the year's end")
    made.refresh_from_db()
    assert (made.limit, made.drawn, made.payments.get().principal) == (70_000_000, 17_500_000, 17_500_000)


def test_change_is_kept_with_its_reason_and_checks_the_version(held, facility):
    change = {"by": held.rm, "facility": facility, "version": 1}
    with pytest.raises(Invalid, match="Say why"):
        services.change_facility(**change, reason=" ", rate=0.05)
    services.change_facility(**change, reason="Rate cut", rate=0.05)
    with pytest.raises(Conflict):
        services.change_facility(**change, reason="Again", rate=0.04)
    event = events_of(Facility).filter(pgh_obj=facility.pk).order_by("-pgh_id").first()
    assert (event.change_reason, event.rate) == ("Rate cut", 0.05)
    with pytest.raises(NotPermitted):
        services.change_facility(**{**change, "by": make_user(Role.RM), "version": 2}, reason="x")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"drawn": Decimal(2000)}, "__all__"),
        ({"drawn": Decimal(100)}, "drawn"),
        ({"rate": 4.5}, "rate"),
        ({"closed_on": date(2999, 1, 1)}, "closed_on"),
        ({"currency": "Dollar"}, "currency"),
    ],
)
def test_what_cannot_be_is_refused_by_field(held, facility, changes, field):
    make_payment(facility, date(2026, 3, 31), principal=500, paid_on=date(2026, 3, 31))
    with pytest.raises(Invalid) as refused:
        services.change_facility(by=held.rm, facility=facility, version=1, reason="x", **changes)
    assert field in refused.value.fields


def test_project_of_others_is_refused(held, facility):
    with pytest.raises(Invalid, match="takes no part"):
        services.change_facility(by=held.rm, facility=facility, version=1, reason="x", project=make_project())


def test_schedule_is_generated_for_what_is_owed_beside_what_is_paid(client, held, facility):
    make_payment(facility, date(2026, 3, 31), principal=200, paid_on=date(2026, 3, 31))
    make_payment(facility, date(2026, 6, 30), principal=800)
    client.force_login(held.rm)
    said = {"plan": "equal_principal", "first_on": "2026-06-30", "every": "3", "version": "1"}
    client.post(reverse("crm:facility-plan", args=[facility.pk]), said)
    rows = list(facility.payments.values_list("due_on", "principal", "interest"))
    assert [(day.month, principal) for day, principal, _ in rows] == [
        (3, 200),
        (6, Decimal("266.67")),
        (9, Decimal("266.67")),
        (12, Decimal("266.66")),
    ]
    assert rows[1][2] == 16
    again = client.post(reverse("crm:facility-plan", args=[facility.pk]), said)
    assert "Somebody changed this in the meantime" in again.content.decode()


def test_pasted_schedule_is_read_line_by_line(client, held, facility):
    client.force_login(held.rm)
    url = reverse("crm:facility-schedule", args=[facility.pk])
    bad = client.post(url, {"lines": "2026-06-30\t500\nsoon, 500, 1", "version": "1"})
    assert (bad.status_code, "Line 2 is no day" in bad.content.decode()) == (422, True)
    assert "2026-06-30" in bad.content.decode()
    over = client.post(url, {"lines": "2026-06-30, 1,002, 0", "version": "1"})
    assert "2.00 too much" in over.content.decode()
    client.post(url, {"lines": "2026/6/30\t500\t8.5\n\n2026年12月31日; 500", "version": "1"})
    assert list(facility.payments.values_list("due_on", "principal", "interest")) == [
        (date(2026, 6, 30), 500, Decimal("8.5")),
        (MATURES, 500, 0),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([(MATURES, 1), (MATURES, 1)], "given twice"),
        ([(date(2025, 12, 31), 1)], "not open yet"),
        ([], "at least one"),
        ([(date(2026, 3, 31), 1)], "stays"),
    ],
)
def test_days_that_cannot_be_are_refused_and_nothing_is_lost(facility, lines, said):
    make_payment(facility, date(2026, 3, 31), principal=500, paid_on=date(2026, 3, 31))
    make_payment(facility, date(2026, 6, 30), principal=500)
    with pytest.raises(Invalid, match=said):
        enter(facility, *lines)
    assert facility.payments.count() == 2


def test_part_payments_add_up_until_the_instalment_is_paid(facility):
    due = make_payment(facility, date(2026, 3, 31), principal=500, interest=20)
    pay(due, 100)
    with pytest.raises(Conflict):
        pay(due, 100)
    with pytest.raises(Invalid, match="is open"):
        pay(due, 421, known=100)
    account = account_of(facility, date(2026, 4, 10))
    assert (account.days_overdue, account.overdue, account.balance) == (10, 420, 1000)
    done = pay(due, 420, known=100, paid_on=date(2026, 4, 5))
    assert (done.paid_on, done.paid_amount) == (date(2026, 4, 5), 520)
    account = account_of(facility, date(2026, 4, 10))
    assert (account.days_overdue, account.balance, account.repaid) == (0, 500, 500)
    with pytest.raises(repayment.PaidAlready):
        pay(due, 1, known=520)
    by = facility.client.rm
    assert by is not None
    assert repayment.take_payment_back(by=by, payment=due).paid_on is None
    with pytest.raises(repayment.NotPaid):
        repayment.take_payment_back(by=by, payment=due)


@pytest.mark.parametrize(
    ("amount", "changes", "field"),
    [
        (0, {}, "amount"),
        (1, {"paid_on": date(2999, 1, 1)}, "paid_on"),
        (1, {"paid_on": date(2025, 1, 1)}, "paid_on"),
    ],
)
def test_payment_that_cannot_be_is_refused(facility, amount, changes, field):
    due = make_payment(facility, date(2026, 3, 31), principal=500)
    with pytest.raises(Invalid) as refused:
        pay(due, amount, **changes)
    assert field in refused.value.fields


def test_collateral_covers_until_it_is_released(client, held, facility):
    client.force_login(held.rm)
    today = timezone.localdate().isoformat()
    said = {"kind": "land", "name": "Plot", "currency": "CNY", "value": "750", "valued_on": today}
    client.post(reverse("crm:collateral-new", args=[facility.pk]), said)
    one = Collateral.objects.get()
    page = client.get(reverse("crm:facility", args=[facility.pk])).content.decode()
    assert "75%" in page
    edit = reverse("crm:collateral-edit", args=[one.pk])
    client.post(edit, {**said, "value": "500", "version": "1"})
    stale = client.post(edit, {**said, "value": "600", "version": "1"})
    assert stale.status_code == 422
    client.post(reverse("crm:collateral-release", args=[one.pk]))
    assert account_of(facility, date(2026, 4, 1)).cover == 0
    one.refresh_from_db()
    assert (one.value, one.released_on) == (500, timezone.localdate())


def test_api_opens_plans_and_pays(held):
    asker = Asker(held.rm)
    body = {
        "client": held.pk, "number": "A-1", "product": "lease", "limit": "1200.00", "drawn": "1200.00", "rate": 0.12,
        "opened_on": "2026-01-01", "matures_on": "2026-12-31",
    }  # fmt: skip
    made = asker.post("facilities/", body, key="k")
    assert (made.status_code, made.data["currency"]) == (201, "CNY")
    path = f"facilities/{made.data['id']}/"
    plan = {"plan": "bullet", "first_on": "2026-03-31", "every": 3, "version": 1}
    rows = asker.post(f"{path}plan/", plan).data
    assert [(row["principal"], row["interest"]) for row in rows] == [("0.00", "36.00")] * 3 + [
        ("1200.00", "36.00")
    ]
    paid = asker.post(f"payments/{rows[0]['id']}/pay/", {"paid_on": "2026-03-31", "amount": "36.00"})
    assert (paid.status_code, paid.data["paid_on"]) == (200, "2026-03-31")
    assert len(asker.get("payments/", client=held.pk, is_open="true").data["results"]) == 3
    over = {"version": 2, "instalments": [{"due_on": "2026-09-30", "principal": "5000.00"}]}
    assert "instalments" in asker.post(f"{path}schedule/", over).data["fields"]
    assert asker.patch(path, {"version": 2, "reason": "x", "rate": 0.1}).data["rate"] == 0.1
    assert asker.patch(path, {"version": 2, "reason": "x"}).status_code == 409
