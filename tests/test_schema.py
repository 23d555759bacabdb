"""The database has what the models declare: Django drops an index by its column, whoever else needs it, and installs a
trigger only where a migration says so."""

import pgtrigger
from django.apps import apps
from django.db import connection


def test_every_declared_constraint_and_index_exists(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        existing = {name for (name,) in cursor.fetchall()}
    declared = {
        declaration.name
        for model in apps.get_models()
        for declaration in (*model._meta.constraints, *model._meta.indexes)
    }
    assert declared - existing == set()


def test_every_declared_trigger_exists(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        existing = {name for (name,) in cursor.fetchall()}
    declared = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}
    assert declared - existing == set()
