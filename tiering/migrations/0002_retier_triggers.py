"""Every change of a record that facts are derived from leaves a request to re-tier its client, in the transaction of
the change: bulk SQL included, whoever writes it. One call a statement, so mass changes are not slowed row by row."""

import django.db.models.functions.datetime
from django.db import migrations, models

# What a facts statement reads of each table; a change of anything else asks for nothing.
CLIENT_COLUMNS = (
    "kind", "industry_id", "region_id", "life_cycle", "size_class", "risk_appetite", "demand_level",
    "registered_capital", "client_since",
)
STATEMENT_COLUMNS = (
    "client_id", "period_end", "received_on", "revenue", "operating_profit", "interest_expense", "net_profit",
    "operating_cash_flow", "total_assets", "current_assets", "inventory", "receivables", "total_liabilities",
    "current_liabilities", "retained_earnings",
)
OF_CLIENT = "SELECT client_id FROM {rows}"

# Table: (columns that count, the clients that rows of it concern).
TABLES = {
    "crm_client": (CLIENT_COLUMNS, "SELECT id AS client_id FROM {rows}"),
    "crm_financialstatement": (STATEMENT_COLUMNS, OF_CLIENT),
    "crm_creditreport": (("client_id", "reported_on", "received_on", "score", "pd", "rating"), OF_CLIENT),
    "crm_facility": (("client_id", "product", "limit", "drawn", "opened_on", "closed_on"), OF_CLIENT),
    "crm_payment": (
        ("facility_id", "due_on", "principal", "paid_on"),
        "SELECT f.client_id FROM {rows} JOIN crm_facility f ON f.id = facility_id",
    ),
    "crm_interaction": (("client_id", "kind", "at"), OF_CLIENT),
    "crm_observation": (
        ("client_id", "metric", "value", "text", "observed_on", "received_on"), OF_CLIENT,
    ),
    "crm_participation": (("client_id", "project_id", "revenue_share", "since"), OF_CLIENT),
}
# Reference data and projects concern clients only once something of theirs changes.
REFERENCES = {
    "crm_industry": (
        ("risk_coefficient",),
        "SELECT c.id AS client_id FROM {rows} JOIN crm_client c ON c.industry_id = changed.id",
    ),
    "crm_region": (
        ("factor", "city_tier"),
        "SELECT c.id AS client_id FROM {rows} JOIN crm_client c ON c.region_id = changed.id",
    ),
    "crm_project": (
        ("status",),
        "SELECT p.client_id FROM {rows} JOIN crm_participation p ON p.project_id = changed.id",
    ),
}

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


ENDS_AFTER_IT_BEGINS = models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from"))


class Migration(migrations.Migration):
    dependencies = [("tiering", "0001_initial"), ("crm", "0002_search_and_cache")]

    operations = [
        migrations.AddField(
            "retierrequest", "due_at",
            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField("retierrequest", "attempts", models.PositiveSmallIntegerField(db_default=0)),
        migrations.AddConstraint(
            "facts", models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="facts_end_after_they_begin")
        ),
        migrations.AddConstraint(
            "assessment",
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="assessment_ends_after_it_begins"),
        ),
        *triggers(),
    ]
