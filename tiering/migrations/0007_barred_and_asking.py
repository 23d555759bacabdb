"""What tables alone do not say: who may not decide, and which changes of records ask to tier clients again."""

from django.db import migrations

IS_BARRED = """
CREATE FUNCTION tiering_is_barred(proposal bigint, person bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT person IS NOT NULL AND (
        EXISTS (SELECT FROM tiering_proposal p JOIN crm_client c ON c.id = p.client_id
                WHERE p.id = proposal AND person IN (p.requested_by_id, c.rm_id))
        OR EXISTS (SELECT FROM tiering_proposal p JOIN crm_interest i ON i.client_id = p.client_id
                   WHERE p.id = proposal AND i.user_id = person AND i.ended_at IS NULL))
$$
"""
IS_BARRED_FROM_OVERRIDE = """
CREATE FUNCTION tiering_is_barred_from_override(asked bigint, person bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT person IS NOT NULL AND (
        EXISTS (SELECT FROM tiering_override o JOIN crm_client c ON c.id = o.client_id
                WHERE o.id = asked AND person IN (o.requested_by_id, c.rm_id))
        OR EXISTS (SELECT FROM tiering_override o JOIN crm_interest i ON i.client_id = o.client_id
                   WHERE o.id = asked AND i.user_id = person AND i.ended_at IS NULL))
$$
"""

OF_CLIENT = "SELECT client_id FROM {rows}"
# What somebody brings into a project changes the shares and ranks of everyone who takes part in it.
OF_PARTNERS = """
SELECT client_id FROM {rows}
UNION SELECT p.client_id FROM {rows} JOIN crm_participation p ON p.project_id = changed.project_id"""
OF_PARTNERS_IF_OF_ALL = (
    f"{OF_PARTNERS} WHERE changed.metric IN ('project_dscr', 'project_llcr', 'project_revenue_share')"
)
OF_PLACE = (
    "SELECT c.id AS client_id FROM {{rows}} JOIN crm_client c ON c.{key} = changed.id "
    "UNION SELECT p.client_id FROM {{rows}} JOIN crm_project j ON j.{key} = changed.id "
    "JOIN crm_participation p ON p.project_id = j.id"
)

# Table: (columns that count, the clients that rows of it concern).
TABLES = {
    "crm_client": (
        (
            "kind", "industry_id", "region_id", "life_cycle", "size_class", "risk_appetite", "demand_level",
            "registered_capital", "client_since", "employees", "status",
        ),
        "SELECT id AS client_id FROM {rows}",
    ),
    "crm_financialstatement": (
        (
            "client_id", "period_end", "received_on", "revenue", "operating_profit", "interest_expense", "net_profit",
            "operating_cash_flow", "total_assets", "current_assets", "inventory", "receivables", "total_liabilities",
            "current_liabilities", "retained_earnings",
        ),
        OF_CLIENT,
    ),
    "crm_creditreport": (("client_id", "reported_on", "received_on", "score", "pd", "rating"), OF_CLIENT),
    "crm_facility": (("client_id", "product", "limit", "drawn", "opened_on", "closed_on"), OF_CLIENT),
    "crm_payment": (
        ("facility_id", "due_on", "principal", "paid_on"),
        "SELECT f.client_id FROM {rows} JOIN crm_facility f ON f.id = facility_id",
    ),
    "crm_interaction": (("client_id", "kind", "at"), OF_CLIENT),
    "crm_observation": (
        ("client_id", "metric", "value", "text", "observed_on", "received_on", "project_id"), OF_PARTNERS_IF_OF_ALL,
    ),
    "crm_participation": (("client_id", "project_id", "revenue_share", "since", "part", "until"), OF_PARTNERS),
    "crm_revenue": (("client_id", "project_id", "month", "amount", "received_on", "source"), OF_PARTNERS),
}
# Reference data and projects concern clients only once something of theirs changes.
REFERENCES = {
    "crm_industry": (("risk_coefficient", "size_rule"), OF_PLACE.format(key="industry_id")),
    "crm_region": (("factor", "city_tier"), OF_PLACE.format(key="region_id")),
    "crm_project": (
        ("status", "amount", "currency", "es_category", "industry_id", "region_id"),
        "SELECT p.client_id FROM {rows} JOIN crm_participation p ON p.project_id = changed.id",
    ),
}  # fmt: skip

MOVED = """(
    SELECT n.* FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE ({new}) IS DISTINCT FROM ({old})
    UNION ALL
    SELECT o.* FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE ({new}) IS DISTINCT FROM ({old})
) AS changed"""

REQUEST = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tiering_retierrequest (client_id)
    SELECT DISTINCT client_id FROM ({clients}) AS concerned;
    RETURN NULL;
END $$;
CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {transition}
FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""
FORGET = """
DROP TRIGGER {name} ON {table};
DROP FUNCTION {name}();
"""
TRANSITIONS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


def rows(event, columns):
    if event != "UPDATE":
        return f"{'new' if event == 'INSERT' else 'old'}_rows AS changed"
    new, old = (", ".join(f'{alias}."{column}"' for column in columns) for alias in "no")
    return MOVED.format(new=f"ROW({new})", old=f"ROW({old})")


def trigger(table, event, columns, clients):
    """Ask to tier the clients that a statement concerns."""
    names = {"name": f"retier_{table}_{event.lower()}", "table": table, "event": event}
    request = REQUEST.format(
        **names, clients=clients.format(rows=rows(event, columns)), transition=TRANSITIONS[event]
    )
    return migrations.RunSQL(request, FORGET.format(**names))


def triggers():
    for table, (columns, clients) in TABLES.items():
        # A client that goes takes its requests along.
        for event in ("INSERT", "UPDATE") if table == "crm_client" else TRANSITIONS:
            yield trigger(table, event, columns, clients)
    for table, (columns, clients) in REFERENCES.items():
        yield trigger(table, "UPDATE", columns, clients)


class Migration(migrations.Migration):
    replaces = [("tiering", "0029_assessments_rest_on_what_there_is")]
    dependencies = [("crm", "0004_search_and_context"), ("tiering", "0006_warnings")]

    operations = [
        migrations.RunSQL(IS_BARRED, "DROP FUNCTION tiering_is_barred(bigint, bigint)"),
        migrations.RunSQL(
            IS_BARRED_FROM_OVERRIDE, "DROP FUNCTION tiering_is_barred_from_override(bigint, bigint)"
        ),
        *triggers(),
    ]
