"""manage.py criteria, from files and the database to files and words."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from jsonschema import Draft202012Validator

from crm.models import Role
from tests.factories import make_user
from tests.tiering.evaluating import write_facts
from tests.tiering.helpers import a_document, label, publish
from tiering.criteria_files import template, template_keys
from tiering.evaluation.run import ENGINES
from tiering.models import CriteriaVersion, Tier
from tiering.services.criteria import load_criteria

pytestmark = pytest.mark.django_db


def criteria(act: str, *args: object) -> str:
    out = StringIO()
    call_command("criteria", act, *map(str, args), stdout=out, no_color=True)
    return out.getvalue()


def a_file(folder: Path, document: object = None, name: str = "criteria.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(document or a_document()), "utf-8")
    return path


def overweight() -> dict[str, object]:
    document = a_document()
    document["scorecards"][0]["dimensions"][0]["weight"] = 9000
    return document


def test_check_of_sound_documents_says_so_of_each(tmp_path):
    first, second = a_file(tmp_path), a_file(tmp_path, a_document(scheme="other"), "other.json")
    said = criteria("check", first, second).splitlines()
    assert said == [f"{file}: nothing stands against publishing it." for file in (first, second)]


def test_check_lists_every_refusal_by_file_place_and_fix(tmp_path):
    fine, bad = a_file(tmp_path), a_file(tmp_path, overweight(), "bad.json")
    with pytest.raises(CommandError) as refused:
        criteria("check", fine, bad)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"{bad}: $.scorecards[0].dimensions: ")
    assert "9000" in line
    assert "Change them by 1000 basis points in all." in line


def test_refusals_are_said_in_the_language_that_is_asked_for(tmp_path):
    bad = a_file(tmp_path, overweight())
    with pytest.raises(CommandError) as refused:
        criteria("check", bad, "--language", "zh-hans")
    with translation.override("zh-hans"):
        expected = translation.gettext(
            "The weights add up to %(total)s basis points and not to %(whole)s."
        ) % {"total": 9000, "whole": 10000}
    assert expected in str(refused.value)
    assert not expected.isascii()
    assert translation.get_language() == "en"


def test_check_knows_metrics_that_come_with_a_file(tmp_path):
    document = json.loads(json.dumps(a_document()).replace("credit_score", "stars"))
    file, own = a_file(tmp_path, document), a_file(tmp_path, [{"key": "stars"}], "own.json")
    with pytest.raises(CommandError, match="stars"):
        criteria("check", file)
    assert "nothing stands against" in criteria("check", file, "--metrics", own)


def test_a_file_that_is_not_json_is_refused_by_line_and_column(tmp_path):
    file = tmp_path / "broken.json"
    file.write_text('{\n  "format": 1,\n  "scheme" "x"\n}')
    with pytest.raises(CommandError, match=r"broken\.json:3:12: "):
        criteria("check", file)


@pytest.mark.parametrize("name", ["nowhere.json", "nothing", "small@7", "small@x", "@1"])
def test_a_document_that_does_not_exist_is_refused(name):
    load_criteria(document=a_document(), author=make_user(Role.CRITERIA_ADMIN))
    with pytest.raises(CommandError):
        criteria("check", name)


def test_diff_says_each_difference_and_nothing_of_equals(tmp_path):
    publish()
    changed = a_file(tmp_path, a_document(gates=[]))
    assert criteria("diff", "small", "small@1") == "They do the same.\n"
    (line,) = criteria("diff", "small@1", changed).splitlines()
    assert line.startswith("$.gates[0]: ")
    assert "Late" in line


def test_diff_of_something_else_is_refused_by_place(tmp_path):
    with pytest.raises(CommandError, match=r"\$: .*“scheme”"):
        criteria("diff", a_file(tmp_path), a_file(tmp_path, {"format": 1}, "b.json"))


def test_exported_criteria_can_be_imported_unchanged(tmp_path):
    publish()
    load_criteria(document=a_document(gates=[]), author=make_user(Role.CRITERIA_ADMIN))
    file = tmp_path / "out.json"
    criteria("export", "small", "--out", file)
    assert json.loads(file.read_text("utf-8")) == a_document()
    assert json.loads(criteria("export", "small@2")) == a_document(gates=[])
    author = make_user(Role.CRITERIA_ADMIN)
    criteria("import", file, "--author", author.username)
    criteria("import", file, "--author", author.username)
    newest = CriteriaVersion.objects.order_by("-number").first()
    assert (newest.number, newest.status, newest.author) == (3, "draft", author)
    assert newest.content_hash == CriteriaVersion.objects.get(number=1).content_hash


def test_criteria_keep_their_content_through_yaml(tmp_path):
    first, file = publish(), tmp_path / "out.yaml"
    criteria("export", "small", "--out", file)
    assert file.read_text("utf-8") == criteria("export", "small", "--format", "yaml")
    assert file.read_text("utf-8").startswith("format: 1\nscheme: small\n")
    assert criteria("diff", "small", file) == "They do the same.\n"
    criteria("import", file, "--author", make_user(Role.CRITERIA_ADMIN).username)
    assert CriteriaVersion.objects.get().content_hash == first.content_hash


def test_yaml_that_could_be_misread_is_refused_by_line_and_column(tmp_path):
    file = tmp_path / "criteria.yml"
    file.write_text("format: 1\nscheme: no\n")
    with pytest.raises(CommandError, match=r"criteria\.yml:2:9: “no” is text to some"):
        criteria("check", file)
    file.write_text("format: [1\n")
    with pytest.raises(CommandError, match=r"criteria\.yml:2:1: This is not YAML"):
        criteria("check", file)


def test_import_by_two_people_publishes(tmp_path):
    author, approver = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    people = ("--author", author.username, "--approver", approver.username)
    said = criteria("import", a_file(tmp_path), *people, "--effective-from", "2026-01-31T00:00")
    assert said == "small: version 1, Published.\n"
    assert list(Tier.objects.values_list("key", flat=True)) == ["High", "Middle", "Low"]
    assert CriteriaVersion.objects.get().effective_from.date().isoformat() in ("2026-01-30", "2026-01-31")


def test_import_by_one_person_does_not_publish(tmp_path):
    author = make_user(Role.CRITERIA_ADMIN)
    with pytest.raises(CommandError, match="Somebody else"):
        criteria("import", a_file(tmp_path), "--author", author.username, "--approver", author.username)


def test_import_for_nobody_or_at_no_moment_is_refused(tmp_path):
    with pytest.raises(CommandError, match="nobody"):
        criteria("import", a_file(tmp_path), "--author", "nobody")
    people = [make_user(Role.CRITERIA_ADMIN).username for _ in range(2)]
    with pytest.raises(CommandError, match="soon"):
        criteria("import", a_file(tmp_path), "--author", people[0], "--approver", people[1],
                 "--effective-from", "soon")  # fmt: skip


def test_import_of_a_template_makes_a_draft_of_it():
    author = make_user(Role.CRITERIA_ADMIN)
    criteria("import", "--template", "slotting", "--author", author.username)
    assert CriteriaVersion.objects.get().document == template("slotting")
    with pytest.raises(CommandError, match="six_tier"):
        criteria("import", "--template", "seven_tier", "--author", author.username)


def test_every_template_can_be_published_beside_the_others():
    author, approver = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    for key in template_keys():
        criteria("import", "--template", key, "--author", author.username, "--approver", approver.username)
        tiers = Tier.objects.filter(scheme__key=key).order_by("rank").values_list("key", flat=True)
        assert list(tiers) == [tier["key"] for tier in template(key)["tiers"]]


def test_templates_are_listed_with_their_sources():
    said = criteria("templates")
    assert all(f"{key}: " in said for key in template_keys())
    assert said.count("Source: ") == len(template_keys())
    assert criteria("templates", "--language", "zh-hans").count("来源：") == len(template_keys())


def test_schema_that_is_written_accepts_documents(tmp_path):
    file = tmp_path / "schema.json"
    criteria("schema", "--out", file)
    assert file.read_text("utf-8") == criteria("schema")
    Draft202012Validator(json.loads(file.read_text("utf-8"))).validate(a_document())


@pytest.mark.parametrize("engine", ENGINES)
def test_evaluate_writes_results_and_says_what_they_come_to(tmp_path, capsys, engine):
    bonus = {"key": "support", "label": label("Support"), "effect": "bonus", "points": 20}
    document = a_file(tmp_path, a_document(overlays=[bonus]))
    rows = [("a", 650, 0), ("b", 500, 1), ("c", None, None)]
    facts = write_facts(tmp_path / "facts.csv", ("code", "credit_score", "bankrupt"), rows)
    out = tmp_path / "out.csv"
    said = criteria("evaluate", "--criteria", document, "--facts", facts, "--out", out, "--engine", engine,
                    "--id", "code", "--outcome", "bankrupt", "--overlays", "support")  # fmt: skip
    assert said.splitlines() == [
        "3 subjects: High 1, Middle 0, Low 2",
        "AUC 1.0000, Gini 1.0000: 1 with the outcome, 1 without it.",
    ]
    assert "days_overdue" in capsys.readouterr().err
    with out.open() as file:
        assert [(row["id"], row["tier"], row["overlays"]) for row in csv.DictReader(file)] == [
            ("a", "High", "support"),
            ("b", "Low", "support"),
            ("c", "Low", "support"),
        ]


def test_evaluate_reads_stored_criteria_and_refuses_bad_facts_by_place(tmp_path):
    publish()
    facts = write_facts(tmp_path / "facts.csv", ("credit_score",), [("high",)])
    out = tmp_path / "out.csv"
    with pytest.raises(
        CommandError, match=r"facts\.csv:2:credit_score: “high” is not .* leave the cell empty"
    ):
        criteria("evaluate", "--criteria", "small", "--facts", facts, "--out", out)
    assert not out.exists()


def test_evaluate_does_not_begin_with_a_document_that_makes_no_sense(tmp_path):
    facts = write_facts(tmp_path / "facts.csv", ("credit_score",), [(700,)])
    with pytest.raises(CommandError, match="9000"):
        criteria("evaluate", "--criteria", a_file(tmp_path, overweight()), "--facts", facts, "--out",
                 tmp_path / "out.csv")  # fmt: skip


def test_evaluate_into_a_folder_that_is_not_there_says_so(tmp_path):
    facts = write_facts(tmp_path / "facts.csv", ("credit_score",), [(700,)])
    with pytest.raises(CommandError, match="nowhere"):
        criteria("evaluate", "--criteria", a_file(tmp_path), "--facts", facts, "--out",
                 tmp_path / "nowhere" / "out.csv")  # fmt: skip


def test_calibrate_proposes_on_one_half_and_says_how_it_does_on_the_other(tmp_path):
    rows = [(500 + number, int(number % 200 < 40 and number % 3 > 0)) for number in range(400)]
    facts = write_facts(tmp_path / "facts.csv", ("credit_score", "bad"), rows)
    out = tmp_path / "proposed.json"
    said = criteria("calibrate", "--criteria", a_file(tmp_path, a_document()), "--facts", facts,
                    "--outcome", "bad", "--out", out)  # fmt: skip
    assert "Gini as proposed: " in said
    assert "all, credit_score: 100.0% of the score" in said
    assert criteria("check", out).endswith("nothing stands against publishing it.\n")
