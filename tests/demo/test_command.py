"""When the demo book may be put into a database, and what becomes of it otherwise."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from config.demo.load import load
from config.demo.seed import seed
from crm.models import Client, Interaction, Team, User
from tests.factories import make_client, make_user
from tiering.models import TieringRun

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def test_without_debug_it_asks_for_a_yes(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes-demo"):
        run("--clients", "2")
    assert not User.objects.exists()


def test_debug_needs_no_yes_and_a_book_of_the_past_ends_there(settings):
    settings.DEBUG = True
    day = timezone.localdate() - timedelta(days=400)
    assert "100 %" in run("--clients", "3", "--anchor", day.isoformat())
    assert Client.objects.count() == 3
    assert TieringRun.objects.order_by("as_of").last().slot == day.isoformat()


def test_what_was_published_and_switched_in_the_past_asks_for_no_further_run(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        run("--yes-demo", "--clients", "2")
    assert callbacks
    # Beside what overrides led to when they ended.
    assert set(TieringRun.objects.values_list("trigger", flat=True)) - {"change"} == {"schedule"}


def test_other_peoples_clients_are_left_alone():
    make_client(name_en="A client of ours")
    with pytest.raises(CommandError, match="not the demo's"):
        run("--yes-demo")
    assert Client.objects.count() == 1
    assert not Team.objects.filter(code__startswith="demo-").exists()


def test_if_empty_leaves_them_alone_without_an_error():
    make_client()
    assert "not the demo's" in run("--yes-demo", "--if-empty")
    assert Client.objects.count() == 1


def test_a_day_to_come_is_refused():
    with pytest.raises(CommandError, match="has not come yet"):
        run("--yes-demo", "--anchor", (timezone.localdate() + timedelta(days=2)).isoformat())


@pytest.mark.parametrize("clients", ["0", "-4", "many", "1000000"])
def test_a_senseless_number_of_clients_is_refused(clients):
    with pytest.raises(CommandError, match="clients"):
        run("--yes-demo", "--clients", clients)


def test_an_interruption_leaves_nothing_behind():
    def interrupted(text: str) -> None:
        if "run of" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(anchor=date(2026, 11, 21), clients=5, write=interrupted)
    assert not Client.objects.exists()
    assert not User.objects.exists()
    assert not TieringRun.objects.exists()


def test_without_a_book_there_are_no_logins():
    out = StringIO()
    call_command("demo_logins", stdout=out)
    assert "no demo" in out.getvalue()


def test_load_keeps_tabs_breaks_and_backslashes():
    author = make_user()
    body = "a\tb\\n\nc\r中文 \\N"
    moment = timezone.now()
    row = Interaction(
        client=make_client(rm=author),
        kind="call",
        at=moment,
        subject="s",
        body=body,
        author=author,
        created_at=moment,
    )
    load([row])
    stored = Interaction.objects.get(pk=row.pk)
    assert (stored.body, stored.at, stored.author) == (body, moment, author)
