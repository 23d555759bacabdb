"""manage.py criteria test: stored cases or a CSV against a document, and failures by name."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document
from tiering.core.cases import Case
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.criteria_tests import add_test

pytestmark = pytest.mark.django_db


def run(*args: object) -> str:
    out = StringIO()
    call_command("criteria", "test", *map(str, args), stdout=out, no_color=True)
    return out.getvalue()


@pytest.fixture
def document(tmp_path) -> Path:
    path = tmp_path / "criteria.json"
    path.write_text(json.dumps(a_document()), "utf-8")
    return path


def cases(folder: Path, *rows: str) -> Path:
    path = folder / "cases.csv"
    path.write_text("\n".join(["name,expect_tier,credit_score", *rows]), "utf-8")
    return path


def test_cases_of_a_file_that_pass_are_counted_with_what_they_cover(document, tmp_path):
    said = run(document, "--cases", cases(tmp_path, "Good,High,720", "Weak,Low,500"))
    assert said.splitlines()[-1] == "2 test cases pass."
    assert "Bands: 2 of 3" in said


def test_each_failure_is_said_by_name(document, tmp_path):
    with pytest.raises(CommandError) as failed:
        run(document, "--cases", cases(tmp_path, "Good,High,720", "Weak,High,500"))
    assert str(failed.value) == "Weak: tier Low instead of High"


def test_file_that_cannot_be_used_is_refused_by_row(document, tmp_path):
    with pytest.raises(CommandError, match=r"cases\.csv:2:credit_score: “x” is not a finite number\."):
        run(document, "--cases", cases(tmp_path, "Good,High,x"))


def test_stored_criteria_are_tested_by_their_own_cases(document):
    author = make_user(Role.CRITERIA_ADMIN)
    version = load_criteria(document=a_document(), author=author)
    assert "There are no test cases." in run("small@1")
    add_test(version=version, case=Case("Weak", {"credit_score": 500.0}, "High"), by=author)
    with pytest.raises(CommandError, match="Weak: tier Low instead of High"):
        run("small@1")
    assert "There are no test cases." in run(document)


def test_purpose_of_an_import_is_kept(document):
    author, approver = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    people = ("--author", author.username, "--approver", approver.username)
    call_command("criteria", "import", str(document), *people, "--purpose", "First.", stdout=StringIO())
    version = CriteriaVersion.objects.get()
    assert (version.purpose, version.status) == ("First.", "published")
