"""Files of stage events."""

from crm.models import ImportJob, Role, User
from tests.crm.imports.making import Rows, imported
from tests.factories import make_user

LONG = {
    "code": "case",
    "client": "client",
    "stage": "stage",
    "entered_at": "at",
    "amount": "amount",
}
HEAD = ["case", "client", "stage", "at", "amount"]
WIDE_HEAD = ["deal", "company", "Seen", "Signed", "Paid out"]
WIDE = {
    "code": "deal",
    "client": "company",
    "stage:Seen": "Seen",
    "stage:Signed": "Signed",
    "stage:Won": "Paid out",
}


def events(rows: Rows, *, by: User | None = None, **options) -> ImportJob:
    """The job of a file with a row per event, into a pipeline called Past that is made of its stages."""
    by = by or make_user(Role.SYSTEM_ADMIN)
    constants = {"pipeline": "Past", **options.pop("constants", {})}
    mapping = options.pop("mapping", LONG)
    head = options.pop("head", HEAD)
    return imported(
        "stage_events", [head, *rows], by=by, mapping=mapping, constants=constants,
        add=options.pop("add", True), **options,
    )  # fmt: skip


def a_past(by: User | None = None) -> ImportJob:
    """Two cases from being seen to their ends, and one that is still open."""
    return events(
        [
            ["D1", "Acme", "Seen", "2025-01-01", "1000"],
            ["D1", "Acme", "Signed", "2025-01-11", "1200"],
            ["D1", "Acme", "Won", "2025-02-01", "1100"],
            ["D2", "Betta", "Seen", "2025-01-05", "500"],
            ["D2", "Betta", "Lost", "2025-01-25", "500"],
            ["D3", "Acme", "Seen", "2025-02-03", "800"],
        ],
        by=by,
    )
