"""Ask to re-tier everyone who takes part when something changes that counts for all of them within a project: shares and
ranks follow from what the others bring in."""

from importlib import import_module

from django.db import migrations

asking = import_module("tiering.migrations.0002_retier_triggers")
metrics = import_module("tiering.migrations.0009_metrics_and_benchmarks")

PARTNERS = """
SELECT client_id FROM {rows}
UNION SELECT p.client_id FROM {rows} JOIN crm_participation p ON p.project_id = changed.project_id"""
OBSERVED_OF_ALL = f"{PARTNERS} WHERE changed.metric IN ('project_dscr', 'project_llcr', 'project_revenue_share')"
OF_PLACE = "UNION SELECT p.client_id FROM {{rows}} JOIN crm_project j ON j.{key} = changed.id " \
    "JOIN crm_participation p ON p.project_id = j.id"


def columns_of(table):
    return asking.TABLES[table][0]


# Table, events, columns and clients until now, columns that count, and the clients that rows of it concern.
CHANGED = (
    (
        "crm_participation", asking.TRANSITIONS, *asking.TABLES["crm_participation"],
        (*columns_of("crm_participation"), "part", "until"), PARTNERS,
    ),
    (
        "crm_observation", asking.TRANSITIONS, *asking.TABLES["crm_observation"],
        (*columns_of("crm_observation"), "project_id"), OBSERVED_OF_ALL,
    ),
    (
        "crm_revenue", asking.TRANSITIONS, metrics.REVENUE_COLUMNS, asking.OF_CLIENT,
        metrics.REVENUE_COLUMNS, PARTNERS,
    ),
    (
        "crm_project", ["UPDATE"], ("status", "amount", "currency"), metrics.OF_PROJECT,
        ("status", "amount", "currency", "es_category", "industry_id", "region_id"), metrics.OF_PROJECT,
    ),
    (
        "crm_industry", ["UPDATE"], ("risk_coefficient", "size_rule"), metrics.OF_INDUSTRY,
        ("risk_coefficient", "size_rule"), f"{metrics.OF_INDUSTRY} {OF_PLACE.format(key='industry_id')}",
    ),
    (
        "crm_region", ["UPDATE"], *asking.REFERENCES["crm_region"],
        asking.REFERENCES["crm_region"][0],
        f"{asking.REFERENCES['crm_region'][1]} {OF_PLACE.format(key='region_id')}",
    ),
)  # fmt: skip


def asks_otherwise(table, event, before, asked, after, asks):
    """The trigger of a table that asks to re-tier clients, made anew."""
    old, new = asking.trigger(table, event, before, asked), asking.trigger(table, event, after, asks)
    return migrations.RunSQL(old.reverse_sql + new.sql, new.reverse_sql + old.sql)


class Migration(migrations.Migration):
    dependencies = [("crm", "0008_within_projects"), ("tiering", "0009_metrics_and_benchmarks")]

    operations = [
        asks_otherwise(table, event, *change) for table, events, *change in CHANGED for event in events
    ]
