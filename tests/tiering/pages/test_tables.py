"""The tables of a version as an Excel file: everything that decides, numbers as numbers, and never a formula."""

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client as Browser
from django.utils import translation

from crm.models import Role
from tests.factories import make_user
from tests.tiering.core.sensible import by_matrix, by_rank, by_score, of_projects
from tests.tiering.helpers import a_document, label, publish
from tiering.core.editing import Edit, value_at
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.pages.tables import tables_of
from tiering.services.criteria import load_criteria
from tiering.services.drafts import edit_draft, start_draft

pytestmark = pytest.mark.django_db

SPACE = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
Table = list[list[str | float | None]]


class Book:
    """What Excel would read: tables by title, and the raw parts."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as file:
            self.parts = {name: file.read(name).decode() for name in file.namelist() if name.endswith(".xml")}
        texts = ElementTree.fromstring(self.parts["xl/sharedStrings.xml"])
        self._texts = ["".join(part.itertext()) for part in texts.findall("s:si", SPACE)]
        sheets = ElementTree.fromstring(self.parts["xl/workbook.xml"]).findall("s:sheets/s:sheet", SPACE)
        self.titles = [sheet.attrib["name"] for sheet in sheets]

    def part(self, title: str) -> str:
        return self.parts[f"xl/worksheets/sheet{self.titles.index(title) + 1}.xml"]

    def table(self, title: str) -> Table:
        rows = ElementTree.fromstring(self.part(title)).findall("s:sheetData/s:row", SPACE)
        return [[self._value(cell) for cell in row.findall("s:c", SPACE)] for row in rows]

    def _value(self, cell: ElementTree.Element) -> str | float | None:
        value = cell.findtext("s:v", None, SPACE)
        if value is None:
            return None
        return self._texts[int(value)] if cell.attrib.get("t") == "s" else float(value)


def book_of(version: CriteriaVersion) -> Book:
    name, content = tables_of(version, make_user(Role.CRITERIA_ADMIN))
    assert name == f"{version.criteria.scheme.key}-{version.number}.xlsx"
    return Book(content)


def a_version(document: dict[str, Any] | None = None) -> CriteriaVersion:
    return load_criteria(document=document or a_document(), author=make_user(Role.CRITERIA_ADMIN))


def test_workbook_tells_how_points_are_earned_and_tiers_begin():
    book = book_of(a_version(by_score()))
    scorecards = book.table("Scorecards")
    assert len(scorecards) == 1 + 4 + 10 + 3 + 3 + 3
    assert scorecards[1] == [
        "company", "Kind of client is one of Corporate", "strength", 0.6, "Current ratio", 0.5, 0.3, "below 1×", 0,
        "counts as the worst band", 400,
    ]  # fmt: skip
    assert scorecards[14][7:9] == ["D", "not applicable"]
    assert book.table("Placement")[1] == ["every scorecard", "By score", "A", 80, None, None, None]
    assert book.table("Tiers")[1:] == [[rank, key, key, key, rank] for rank, key in enumerate("ABCD", 1)]
    assert ["overdue", "Days overdue is above 90 days", "no better than C", "yes"] in book.table("Gates")
    assert [row[0] for row in book.table("Overlays")[1:]][:2] == ["supported", "downturn"]
    assert ["It rises", "by 1 tier at most"] in book.table("Policy")


@pytest.mark.parametrize("document", [by_matrix(), by_rank(), of_projects()])
def test_every_way_of_placing_has_its_table(document):
    placement = book_of(a_version(document)).table("Placement")
    assert {row[2] for row in placement[1:]} == {tier["key"] for tier in document["tiers"]}


def test_workbook_tells_who_took_part_and_what_changes():
    published, author, helper = publish(), make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    draft = start_draft(author=author, based_on=published)
    edit_draft(version=draft, edits=[Edit("set", "cutoffs/1/min", 50, 55)], by=helper)
    draft.refresh_from_db()
    CriteriaTest.objects.create(
        version=draft, name="good", facts={"credit_score": 800, "leverage": 0.5}, tier="High", gates=[]
    )
    book = book_of(draft)
    overview = {row[0]: row[1] for row in book.table("Overview")}
    assert (overview["Written by"], overview["Edited by"]) == (str(author), str(helper))
    assert overview["Content (SHA-256)"] == draft.content_hash
    assert overview["Version"] == 2
    assert isinstance(overview["Begun"], float)
    (change,) = book.table("Changes since version 1")[1:]
    assert change == [
        "changed",
        "Document",
        "Document: placement High 80, Middle 50, Low 0 → High 80, Middle 55, Low 0",
    ]
    assert book.table("Test cases")[1] == [
        "good", "Credit score: 800\nLeverage: 50%", None, None, None, "High", "none", None
    ]  # fmt: skip
    assert "Changes since version 1" not in book_of(published).titles


def test_workbook_is_in_the_readers_language():
    with translation.override("zh-hans"):
        titles = book_of(a_version()).titles
    assert len(titles) == len(set(titles)) == 8


def test_tables_are_printed_on_a4_with_heads_that_stay():
    part = book_of(a_version()).part("Scorecards")
    assert re.search(r'<pane ySplit="1"[^>]*state="frozen"', part)
    assert re.search(r'<pageSetup paperSize="9"[^>]*orientation="landscape"', part)
    assert "fitToPage" in part
    assert "<cols>" in part


def test_text_that_looks_like_a_formula_stays_text():
    names = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")']
    document = a_document(
        label=label(names[0]),
        tiers=[
            {"key": key, "label": label(name)}
            for key, name in zip(("High", "Middle", "Low"), names[1:4], strict=True)
        ],
        note=label(names[4]),
    )
    book = book_of(a_version(document))
    assert [row[2] for row in book.table("Tiers")[1:]] == names[1:4]
    assert not any("<f>" in part for part in book.parts.values())
    assert "quotePrefix" in book.parts["xl/styles.xml"]
    assert not any("<hyperlink" in part for part in book.parts.values())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("scorecards/all/dimensions/credit/indicators/credit_score/metric", "nobody_knows"),
        ("scorecards/all/dimensions/credit/indicators/credit_score/bands", [{"lo": None, "hi": None, "points": 5}]),
        ("tiers/High/key", "Other"),
        ("cutoffs", {"by": "matrix", "axes": [
            {"key": axis, "label": label(axis), "dimensions": ["gone"],
             "levels": [{"key": "a", "label": label("a"), "min": 0}]}
            for axis in ("one", "two")], "cells": [["High", "Low"], ["Low"]]}),
    ],
)  # fmt: skip
def test_unfinished_draft_has_tables_too(path, value):
    draft = a_version()
    edit_draft(
        version=draft, edits=[Edit("set", path, value_at(draft.document, path), value)], by=draft.author
    )
    draft.refresh_from_db()
    assert book_of(draft).table("Tiers")


def test_page_offers_the_tables():
    version, browser = publish(), Browser()
    browser.force_login(make_user(Role.RM))
    answer = browser.get(f"/criteria/{version.pk}/tables/")
    assert answer["Content-Disposition"] == 'attachment; filename="small-1.xlsx"'
    assert Book(answer.content).titles[0] == "Overview"
    assert f"/criteria/{version.pk}/tables/" in browser.get(f"/criteria/{version.pk}/").content.decode()
