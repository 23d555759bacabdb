import json

import pytest
from django.core.management import CommandError, call_command

from crm.models import Client
from tests.crm.imports.making import as_csv
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ROWS = [["nr", "name"], ["K1", "A"], ["K2", ""]]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_bytes(as_csv(ROWS))
    return path


def test_command_imports_and_accounts_for_every_row(file, tmp_path, capsys):
    errors = tmp_path / "errors.csv"
    call_command(
        "import_records",
        "clients",
        str(file),
        "--map",
        "code=nr",
        "--set",
        "status=active",
        "--errors",
        str(errors),
    )
    assert (
        "2 rows = 1 create, 0 update, 0 same, 0 repeat, 0 alike, 0 skip, 1 refuse" in capsys.readouterr().out
    )
    assert Client.objects.get().status == "active"
    assert "A new record needs a name." in errors.read_text()


def test_command_dry_run_writes_nothing(file, capsys):
    call_command("import_records", "clients", str(file), "--map", "code=nr", "--dry-run")
    assert "1 create" in capsys.readouterr().out
    assert not Client.objects.exists()


def test_command_all_or_nothing_fails_and_writes_nothing(file):
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("import_records", "clients", str(file), "--map", "code=nr", "--all-or-nothing")
    assert not Client.objects.exists()


def test_command_with_a_user_imports_into_their_book(file):
    rm = make_user(username="anna")
    call_command("import_records", "clients", str(file), "--map", "code=nr", "--user", "anna")
    assert Client.objects.get().rm == rm


def test_command_takes_a_profile(file, tmp_path):
    profile = tmp_path / "profile.json"
    profile.write_text(
        json.dumps(
            {
                "map": {"code": "nr", "name": "name"},
                "set": {"kind": "机构"},
                "values": {"name": {"A": "Alpha"}},
            }
        )
    )
    call_command("import_records", "clients", str(file), "--profile", str(profile))
    assert Client.objects.values_list("name_en", "kind").get() == ("Alpha", "institution")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"kind": "statements", "map": {"client": "nr"}}', "profile for statements"),
        ('{"mapping": {}}', "is not a mapping profile"),
        ('{"map": ["nr"]}', "is not a mapping profile"),
        ('{"set": {"code": 1}}', "is not a mapping profile"),
        ('{"values": {"name": "A"}}', "is not a mapping profile"),
        ("[1]", "is not a mapping profile"),
        ("{", "is not a mapping profile"),
    ],
)
def test_command_refuses_a_profile_that_is_none_or_of_another_kind(file, tmp_path, text, complaint):
    profile = tmp_path / "profile.json"
    profile.write_text(text)
    with pytest.raises(CommandError, match=complaint):
        call_command("import_records", "clients", str(file), "--profile", str(profile))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--map", "code"],
        ["--map", "code=missing"],
        ["--map", "colour=nr"],
        ["--user", "nobody"],
        ["--profile", "/nowhere.json"],
    ],
)
def test_command_says_what_is_wrong_with_its_arguments(file, arguments):
    with pytest.raises(CommandError):
        call_command("import_records", "clients", str(file), *arguments)


def test_command_names_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_records", "clients", str(tmp_path / "missing.csv"))
