"""Source records for the clients of a book: what facts are derived from."""

from collections.abc import Mapping
from typing import Any, Final

from crm.models import Client, Facility, FinancialStatement, Interaction, Payment, Revenue
from tiering.bench.book import Book, settle
from tiering.bench.rows import bulk_load, execute, insert
from tiering.facts import local_day

STATEMENTS: Final = 3
MONTHS: Final = 12
FACILITIES: Final = 2
PAYMENTS: Final = 6
INTERACTIONS: Final = 20


Given = Mapping[str, Any]


def make_records(book: Book) -> None:
    """Three annual statements, twelve months of revenue, two facilities with six payments each, and twenty
    interactions of every client; the same at each call on the same day."""
    given = {"day": local_day(book.as_of), "rm": book.rm.pk, "clients": book.clients}
    with bulk_load():
        execute("SELECT setseed(0.42)")
        _statements(given)
        _revenue(given)
        _facilities(given)
        _interactions(given)
    settle(Client, FinancialStatement, Revenue, Facility, Payment, Interaction)


def _each(count: int, alias: str = "n") -> str:
    return f"generate_series(1, %(clients)s) AS c, generate_series(1, {count}) AS {alias}"


def _money(least: float, most: float) -> str:
    return f"round(({least} + {most - least} * random())::numeric, 2)"


def _statements(given: Given) -> None:
    year = "make_date(extract(year FROM %(day)s::date)::int - n, 12, 31)"
    figures = {
        "revenue": (1e6, 9e8), "operating_profit": (-1e6, 1e8), "interest_expense": (1e5, 2e7),
        "net_profit": (-2e6, 8e7), "operating_cash_flow": (-1e6, 1e8), "total_assets": (5e6, 1e9),
        "current_assets": (2e6, 4e8), "inventory": (1e5, 1e8), "receivables": (1e5, 1e8),
        "total_liabilities": (2e6, 7e8), "current_liabilities": (1e6, 3e8), "retained_earnings": (-1e6, 2e8),
    }  # fmt: skip
    columns = {name: _money(*ends) for name, ends in figures.items()}
    insert(
        FinancialStatement,
        _each(STATEMENTS),
        {**columns, "client_id": "c", "period_end": year, "received_on": f"{year} + 90"},
        given,
    )


def _revenue(given: Given) -> None:
    month = "(date_trunc('month', %(day)s::date) - n * interval '1 month')::date"
    columns = {"client_id": "c", "month": month, "received_on": f"{month} + 35", "amount": _money(0, 5e4)}
    insert(Revenue, _each(MONTHS), columns, given)


def _facilities(given: Given) -> None:
    insert(
        Facility,
        _each(FACILITIES),
        {
            "client_id": "c",
            "number": "'F' || c || '-' || n",
            "product": "(ARRAY['term_loan', 'working_capital'])[n]",
            "limit": _money(5e6, 9e6),
            "drawn": _money(1e6, 5e6),
            "opened_on": "%(day)s::date - 200",
            "matures_on": "%(day)s::date + 900",
        },
        given,
    )
    due = "%(day)s::date - 190 + 30 * n"
    paid = f"CASE WHEN random() < 0.9 THEN {due} + floor(random() * 12)::int END"
    insert(
        Payment,
        f"crm_facility AS f, generate_series(1, {PAYMENTS}) AS n",
        {"facility_id": "f.id", "due_on": due, "principal": "round(f.drawn / 30, 2)", "paid_on": paid},
        given,
    )


def _interactions(given: Given) -> None:
    columns = {
        "client_id": "c",
        "kind": "(ARRAY['meeting', 'call', 'email', 'site_visit'])[1 + n %% 4]",
        "at": "%(day)s::timestamptz - n * interval '23 days' - random() * interval '9 days'",
        "subject": "'Call ' || n",
        "author_id": "%(rm)s",
    }
    insert(Interaction, _each(INTERACTIONS), columns, given)
