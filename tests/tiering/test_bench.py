import pytest
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def test_bench_tiers_every_made_up_client_and_leaves_nothing(capsys):
    before = connection.introspection.table_names()
    call_command("bench", "tier", "--clients", "3000")
    said = capsys.readouterr().out
    assert said.startswith("3,000 clients in ")
    counts = [int(part.split()[-1].replace(",", "")) for part in said.strip().split(": ")[1].split(", ")]
    assert sum(counts) == 3000
    assert connection.introspection.table_names() == before
