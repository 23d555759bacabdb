"""Facilities and their payments, contacts and tasks."""

from functools import partial

from crm.imports.batch import Batch
from crm.imports.records import Records, Rule, not_to_come
from crm.imports.resolve import find_clients, find_facilities, find_own_projects, find_people
from crm.models import Collateral, Facility, Interaction, Note, Payment, Role, Task

OF_CLIENT = {"client_id": "bigint"}
NUMBER = "jsonb_build_object('value', n.number)"


def refuse_foreign_numbers(batch: Batch) -> None:
    """A number that stands for a facility of another client is no number of this one."""
    batch.refuse(
        "code_unavailable",
        "number",
        "n.client_id IS NOT NULL AND t.client_id <> n.client_id",
        tables="import_clean n JOIN crm_facility t ON t.number = n.number",
        params=NUMBER,
    )


def _negative(field: str) -> Rule:
    return Rule(
        code="negative_amount",
        field=field,
        where=f'n."{field}" < 0',
        params=f"""jsonb_build_object('value', n."{field}"::text)""",
    )


FACILITIES = Records(
    model=Facility,
    counted="facilities",
    key={"client_id": "r.client_id", "number": "r.number"},
    fixed=("client_id", "number"),
    columns=("product", "project", "limit", "drawn", "rate", "opened_on", "matures_on", "closed_on"),
    defaults={"drawn": "0"},
    also={"created_at": "now()"},
    extra={**OF_CLIENT, "project_id": "bigint"},
    resolve=(find_clients, find_own_projects),
    needed=("product", "limit", "opened_on", "matures_on"),
    rules=(
        refuse_foreign_numbers,
        _negative("limit"),
        _negative("drawn"),
        Rule(
            code="drawn_above_limit",
            field="drawn",
            where='coalesce(n.drawn, t.drawn) > coalesce(n."limit", t."limit")',
        ),
        Rule(
            code="matures_before_opening",
            field="matures_on",
            where="coalesce(n.matures_on, t.matures_on) <= coalesce(n.opened_on, t.opened_on)",
        ),
        Rule(
            code="closes_before_opening",
            field="closed_on",
            where="coalesce(n.closed_on, t.closed_on) < coalesce(n.opened_on, t.opened_on)",
        ),
    ),
)

DUE = "coalesce(n.principal, t.principal) + coalesce(n.interest, t.interest, 0)"

PAYMENTS = Records(
    model=Payment,
    counted="payments",
    key={"facility_id": "r.facility_id", "due_on": "r.due_on"},
    fixed=("facility_id", "due_on"),
    columns=("principal", "interest", "paid_on", "paid_amount"),
    defaults={"interest": "0"},
    extra={"facility_id": "bigint"},
    resolve=(find_facilities,),
    needed=("principal",),
    rules=(
        _negative("principal"),
        _negative("interest"),
        _negative("paid_amount"),
        not_to_come("paid_on"),
        Rule(
            code="paid_above_due",
            field="paid_amount",
            where=f"coalesce(n.paid_amount, t.paid_amount) > {DUE}",
        ),
        Rule(
            code="paid_in_part",
            field="paid_on",
            where=f"coalesce(n.paid_on, t.paid_on) IS NOT NULL AND coalesce(n.paid_amount, t.paid_amount) < {DUE}",
        ),
    ),
)


def find_secured_clients(batch: Batch) -> None:
    """Set `client_id` by the facility."""
    batch.run(
        "UPDATE import_clean n SET client_id = f.client_id FROM crm_facility f WHERE f.id = n.facility_id"
    )


COLLATERAL = Records(
    model=Collateral,
    counted="collateral",
    key={"facility_id": "r.facility_id", "name_key": "lower(r.name)"},
    prepare={"name_key": "lower(name)"},
    alive="r.released_on IS NULL",
    fixed=("client_id", "facility_id", "name"),
    columns=("kind", "value", "valued_on", "valuer"),
    defaults={"valuer": "''"},
    also={"created_at": "now()"},
    extra={**OF_CLIENT, "facility_id": "bigint", "name_key": "text"},
    resolve=(find_facilities, find_secured_clients),
    needed=("kind", "value", "valued_on"),
    rules=(_negative("value"), not_to_come("valued_on")),
)


def _still_to_come(field: str) -> Rule:
    return Rule(
        code="date_in_future",
        field=field,
        where=f"n.{field} > now()",
        params=f"jsonb_build_object('value', n.{field}::date, 'today', %(today)s::date)",
    )


def keep_authors(batch: Batch) -> None:
    """Where nobody is named, whoever imports it is the author."""
    batch.run("UPDATE import_clean SET author_id = %(user)s WHERE author IS NULL")


def refuse_authorless(batch: Batch) -> None:
    """Nobody imports for the house itself: then each row names who spoke with the client."""
    if batch.user is None:
        batch.refuse("required", "author", "n.author IS NULL")


INTERACTIONS = Records(
    model=Interaction,
    counted="interactions",
    key={"client_id": "r.client_id", "at": "r.at", "kind": "r.kind", "subject": "r.subject"},
    fixed=("client_id", "kind", "at", "subject"),
    columns=("body", "author"),
    defaults={"body": "''", "author_id": "%(user)s::bigint"},
    also={"created_at": "now()"},
    extra={**OF_CLIENT, "author_id": "bigint"},
    resolve=(find_clients, partial(find_people, field="author")),
    rules=(
        refuse_authorless,
        _still_to_come("at"),
    ),
)


NOTES = Records(
    model=Note,
    counted="notes",
    key={"client_id": "r.client_id", "text": "r.text"},
    prepare={"created_at": "coalesce(created_at, now())"},
    alive="r.removed_at IS NULL",
    fixed=("client_id", "text", "author", "created_at"),
    columns=("is_pinned",),
    defaults={"is_pinned": "false"},
    extra={**OF_CLIENT, "author_id": "bigint"},
    resolve=(find_clients, partial(find_people, field="author"), keep_authors),
    rules=(refuse_authorless, _still_to_come("created_at")),
)


def keep_tasks(batch: Batch) -> None:
    """Where nobody is named, a task is for whoever imports it; what the house itself imports waits for the team."""
    if not batch.is_unrestricted:
        batch.run("UPDATE import_clean SET assignee_id = %(user)s WHERE assignee IS NULL")


def refuse_assignees(batch: Batch) -> None:
    """Tasks are for oneself; a team lead and the house give them to colleagues who may see the client."""
    if batch.user and batch.user.role == Role.RM:
        batch.refuse("task_of_a_colleague", "assignee", "n.assignee_id <> %(user)s")
    batch.refuse(
        "not_an_assignee",
        "assignee",
        """u.id = n.assignee_id AND c.id = n.client_id AND (
               NOT u.is_active OR u.role IN ('system_admin', 'auditor')
           OR u.role IN ('rm', 'team_lead') AND u.team_id IS DISTINCT FROM c.team_id)""",
        tables="import_clean n, crm_user u, crm_client c",
        params="jsonb_build_object('value', n.assignee)",
    )


TASKS = Records(
    model=Task,
    counted="tasks",
    key={"client_id": "r.client_id", "title_key": "lower(r.title)"},
    prepare={"title_key": "lower(title)"},
    alive="r.status = 'open'",
    fixed=("client_id", "title"),
    columns=("due_on", "assignee"),
    also={"kind": "''", "params": "'{}'", "created_by_id": "%(user)s::bigint"},
    extra={**OF_CLIENT, "title_key": "text", "assignee_id": "bigint"},
    resolve=(find_clients, partial(find_people, field="assignee"), keep_tasks),
    rules=(refuse_assignees,),
)
