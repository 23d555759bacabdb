"""The report as a file: PDF that opens and says what the page says, and the figures as CSV."""

import csv
import io
import re

import pytest
from django.urls import reverse
from django.utils import translation
from reportlab.pdfbase.pdfmetrics import getFont

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.validation.making import a_validation
from tiering.paper import Paper, Section, Table
from tiering.paper_pdf import CHINESE, pdf_of

pytestmark = pytest.mark.django_db
SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\) Tj", re.S)
PAGES = re.compile(rb"/Type /Page\b")


@pytest.fixture(autouse=True)
def plain_pages(monkeypatch):
    """Pages that are not compressed, so that what they show can be read."""
    monkeypatch.setattr("reportlab.rl_config.pageCompression", 0)


def texts_of(pdf: bytes) -> str:
    """What the pages show in Helvetica."""
    return " ".join(text.decode("cp1252", "replace") for text in SHOWN.findall(pdf)).replace("\\", "")


def shows_chinese(pdf: bytes, text: str) -> bool:
    return getFont(CHINESE).formatForPdf(text).encode("latin-1") in pdf


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def test_paper_says_what_the_page_says(officer):
    version = publish()
    found = a_validation(version, officer)
    response = visitor_of(officer).get(reverse("tiering:validation-paper", args=[found.pk]))
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert response.content.rstrip().endswith(b"%%EOF")
    said = texts_of(response.content)
    for figure in (
        "Validation of criteria",
        version.content_hash,
        officer.name,
        "0.72 to 0.88",
        "10.0%",
        "the wrong way round",
        "hardly chance (p = 0.04)",
        "CAP curve",
        "look into it",
        "Page 1 of",
    ):
        assert figure in said, figure


def test_paper_is_in_the_language_of_its_reader(officer):
    found = a_validation(publish(), officer)
    address = reverse("tiering:validation-paper", args=[found.pk])
    chinese = visitor_of(officer).get(address, headers={"Accept-Language": "zh-hans"}).content
    assert shows_chinese(chinese, "信用")
    assert not shows_chinese(chinese, "Credit")
    assert "Credit" in texts_of(visitor_of(officer).get(address).content)


def test_long_texts_wrap_and_long_tables_run_over_pages_with_their_heads():
    row = ["A tier that somebody described at great length, " * 6, "没有空格的很长的说明" * 12, "1"]
    table = Table(["Described", "说明", "Number"], [row] * 60, texts=2)
    content = pdf_of(
        Paper("Title", "Subtitle " * 40, [("Name", "<b>&amp; value</b>")], [Section("Part", [table])])
    )
    pages = len(PAGES.findall(content))
    assert pages > 5
    said = texts_of(content)
    assert said.count("Described") >= pages - 1
    assert f"Page {pages} of {pages}" in said
    assert "<b>&amp;value</b>" in said.replace(" ", "")


def test_same_paper_is_the_same_file():
    paper = Paper("Title", "Subtitle", [], [Section("Part", ["Text"], "Formula")])
    assert pdf_of(paper) == pdf_of(paper)
    with translation.override("zh-hans"):
        assert pdf_of(paper)


def test_figures_come_as_csv_one_a_row(officer):
    found = a_validation(publish(), officer)
    answer = Asker(officer).browser.get(
        f"/api/v1/validations/{found.pk}/figures/", headers=Asker(officer).headers
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = {tuple(row[:3]): row[3] for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))}
    assert rows["section", "item", "figure"] == "value"
    assert rows["score", "", "gini"] == "0.8"
    assert rows["tier", "Middle", "bad"] == "30"
    assert rows["indicator", "credit_score", "gini"] == ""
    assert rows["migration", "2025-11-30 2026-03-31", "High High"] == "90"
    assert rows["overrides", "down rejected", "bad"] == "1"
