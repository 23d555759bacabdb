"""A book of any size as a run left it the day before: clients, facts, assessments, and the tiers in force."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from crm.models import Client, Role, Team, User
from tiering.bench import criteria
from tiering.bench.metrics import TABLE, make_metrics
from tiering.bench.rows import bulk_load, execute, insert
from tiering.core.compile import compile_assessment
from tiering.core.document import Document
from tiering.core.sql import quoted
from tiering.models import Assessment, Assignment, CriteriaVersion, Facts, TieringRun
from tiering.services.clock import database_now
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import put_in_effect


@dataclass(frozen=True)
class Book:
    """What was made: clients with ids from 1 to ``clients``, tiered by ``version`` as of ``as_of``; ``rm`` has them."""

    clients: int
    version: CriteriaVersion
    document: Document
    as_of: datetime
    rm: User


def make_book(clients: int, tiered: bool = True) -> Book:
    """The book, and the table of its metrics beside it. Expects a database without clients.

    One that is not ``tiered`` has facts only, and its first run is still to come.
    """
    document = criteria.document()
    make_metrics(document, clients)
    as_of = database_now() - timedelta(days=1)
    book = Book(clients, _publish(as_of), document, as_of, _manager())
    with bulk_load():
        _clients(book)
        _facts(book)
        execute("ANALYZE tiering_facts")
        if tiered:
            _ledgers(book)
    settle(Client, Facts, Assessment, Assignment)
    return book


def change_facts(book: Book, share: float = 0.01) -> int:
    """From now on let that share of the clients, spread over the book, have the facts of somebody in another tier.

    Nobody's facts change twice. How many clients it is. What was written before has been vacuumed by then, as it would
    have been by itself: the ledgers' tables ask for that after one change in two hundred rows.
    """
    settle(Facts, Assessment, Assignment)
    moment = {"at": database_now(), "as_of": book.as_of, "step": round(1 / share), "clients": book.clients}
    with bulk_load():
        execute(MOVED, moment)
        execute(CLOSED, moment)
        changed = insert(
            Facts,
            f"bench_moved AS m JOIN {TABLE} AS f ON f.client_id = m.other",
            {**_facts_columns(book.document), "client_id": "m.client_id", "valid_from": "%(at)s"},
            moment,
        )
        execute("DROP TABLE bench_moved")
    return changed


# Of each stretch of `step` clients the first with its first facts whose neighbour began in another tier.
MOVED = """
CREATE TEMPORARY TABLE bench_moved AS
SELECT DISTINCT ON ((a.client_id - 1) / %(step)s) a.client_id, b.client_id AS other
FROM tiering_facts f
JOIN tiering_assessment a ON a.client_id = f.client_id AND a.valid_from = %(as_of)s
JOIN tiering_assessment b ON b.client_id = a.client_id %% %(clients)s + 1 AND b.valid_from = %(as_of)s
WHERE f.valid_to IS NULL AND f.valid_from = %(as_of)s AND a.tier_id <> b.tier_id
ORDER BY (a.client_id - 1) / %(step)s, a.client_id
"""
CLOSED = """
UPDATE tiering_facts f SET valid_to = %(at)s FROM bench_moved m WHERE f.client_id = m.client_id AND f.valid_to IS NULL
"""


def settle(*models: type[Model]) -> None:
    """Statistics and visibility as in a database at rest."""
    for model in models:
        execute(f"VACUUM ANALYZE {quoted(model._meta.db_table)}")


def _publish(as_of: datetime) -> CriteriaVersion:
    author, approver = (
        User.objects.create_user(username=f"bench-{name}", name=name, role=Role.CRITERIA_ADMIN)
        for name in ("author", "approver")
    )
    version = load_criteria(document=criteria.data(), author=author)
    return put_in_effect(version=version, approver=approver, effective_from=as_of)


def _manager() -> User:
    team = Team.objects.create(code="bench", name="Bench")
    return User.objects.create_user(username="bench-rm", name="RM", role=Role.RM, team=team)


def _clients(book: Book) -> None:
    numbered = {
        "id": "n",
        "code": "'C' || n",
        "name_en": "'Client ' || n",
        "sort_key": "'client ' || lpad(n::text, 9, '0')",
        "rm_id": "%(rm)s",
        "team_id": "%(team)s",
    }
    given = {"clients": book.clients, "rm": book.rm.pk, "team": book.rm.team_id}
    insert(Client, "generate_series(1, %(clients)s) AS n", numbered, given)
    execute("SELECT setval(pg_get_serial_sequence('crm_client', 'id'), %(clients)s)", given)


def _facts(book: Book) -> None:
    columns = {**_facts_columns(book.document), "client_id": "f.client_id", "valid_from": "%(as_of)s"}
    insert(Facts, f"{TABLE} AS f ORDER BY f.client_id", columns, {"as_of": book.as_of})


def _facts_columns(document: Document) -> dict[str, str]:
    metrics = {metric: f"f.{metric}" for metric in sorted(document.metrics)}
    return {**metrics, "content_hash": "lpad(to_hex(f.client_id), 64, '0')"}


def _ledgers(book: Book) -> None:
    """Assessments by the compiled criteria, and everybody's tier as they say."""
    run = TieringRun.objects.create(
        trigger=TieringRun.Trigger.SCHEDULE,
        slot="bench",
        version=book.version,
        as_of=book.as_of,
        status=TieringRun.Status.DONE,
        finished_at=book.as_of,
    )
    scheme = book.version.criteria.scheme_id
    given: dict[str, Any] = {
        "as_of": book.as_of, "scheme": scheme, "version": book.version.pk, "run": run.pk,
    }  # fmt: skip
    result, params = compile_assessment(book.document, TABLE)
    named = {f"c{number}": value for number, value in enumerate(params)}
    result = result % tuple(f"%({name})s" for name in named)
    tiers = {f"{step}_id": f"{step}.id" for step in ("model_tier", "base_tier", "overlay_tier", "tier")}
    joins = "".join(
        f" JOIN tiering_tier {step} ON {step}.scheme_id = %(scheme)s AND {step}.rank = x.{step}"
        for step in ("model_tier", "base_tier", "overlay_tier", "tier")
    )
    insert(
        Assessment,
        f"({result}) AS x JOIN tiering_facts f ON f.client_id = x.client_id{joins} ORDER BY x.client_id",
        {
            **tiers,
            **{column: f"x.{column}" for column in ("client_id", "scorecard", "score", "provisional", "gates")},
            "facts_id": "f.id", "scheme_id": "%(scheme)s", "version_id": "%(version)s", "run_id": "%(run)s",
            "valid_from": "%(as_of)s",
        },
        {**given, **named},
    )  # fmt: skip
    insert(
        Assignment,
        "tiering_assessment AS a ORDER BY a.client_id",
        {
            "client_id": "a.client_id", "scheme_id": "a.scheme_id", "tier_id": "a.tier_id",
            "valid_from": "a.valid_from", "assessment_id": "a.id",
        },
        given,
    )  # fmt: skip
