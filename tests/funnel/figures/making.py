"""A past with figures that can be counted by hand."""

from datetime import date, datetime, time

from django.http import QueryDict
from django.utils import timezone

from crm.models import Role, User
from funnel.forms_figures import FiguresForm
from funnel.models import Pipeline, Stage
from funnel.pages.figure import Figure, plain
from funnel.selectors.figures.selection import Selection
from tests.factories import make_user
from tests.funnel.imports.making import events

LINES = [
    # won after 31 days, 10 of them seen and 21 signed
    ["D1", "Acme", "Seen", "2025-01-01", "1000"],
    ["D1", "Acme", "Signed", "2025-01-11", "1200"],
    ["D1", "Acme", "Won", "2025-02-01", "1100"],
    # lost after 20 days
    ["D2", "Betta", "Seen", "2025-01-05", "500"],
    ["D2", "Betta", "Lost", "2025-01-25", "500"],
    # won, and jumped a stage: 40 days
    ["D3", "Acme", "Seen", "2025-02-01", "300"],
    ["D3", "Acme", "Won", "2025-03-13", "300"],
    # still in its second stage
    ["D4", "Cora", "Seen", "2025-04-01", "800"],
    ["D4", "Cora", "Signed", "2025-04-21", "800"],
    # came back once, and is still seen
    ["D5", "Cora", "Seen", "2025-04-01", "50"],
    ["D5", "Cora", "Signed", "2025-04-02", "50"],
    ["D5", "Cora", "Seen", "2025-04-05", "50"],
]
AS_OF = date(2025, 5, 1)


def a_past() -> Pipeline:
    """Five cases: two won, one lost, one signed, one seen again. Stages: seen, signed, won, lost."""
    job = events(LINES, constants={"currency": "USD", "stages": "Seen|Signed|Won|Lost"})
    assert job.counts == {"create": len(LINES)}
    pipeline = Pipeline.objects.get(key="past")
    for key, chance, days in (("seen", 0.4, 20), ("signed", 0.7, 10)):
        Stage.objects.filter(pipeline=pipeline, key=key).update(
            probability=chance, expected_days=days, limit_days=20
        )
    return pipeline


def asked(user: User | None = None, **chosen: str) -> FiguresForm:
    """The form of figures as of the first of May 2025."""
    query = QueryDict(mutable=True)
    query.update({"pipeline": "past", "as_of": AS_OF.isoformat(), **chosen})
    return FiguresForm(query, user=user or make_user(Role.AUDITOR))


def chosen(user: User | None = None, **options: str) -> Selection:
    selection = asked(user, **options).selection()
    assert selection
    return selection


def table(figure: Figure) -> dict[str, list]:
    """The rows by their first cell, as programs read them."""
    return {plain(row[0].value): [plain(cell.value) for cell in row[1:]] for row in figure.rows}


def at(day: str) -> datetime:
    return timezone.make_aware(datetime.combine(date.fromisoformat(day), time()))
