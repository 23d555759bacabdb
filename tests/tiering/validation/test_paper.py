"""The report as a file: PDF that opens and says what the page says, and the figures as CSV."""

import csv
import io
from typing import Any, cast

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.validation.making import a_validation
from tiering.paper import Paper, Section, Table
from tiering.paper_font import BOLD, REGULAR
from tiering.paper_pdf import pdf_of

pytestmark = pytest.mark.django_db


def read(pdf: bytes) -> tuple[str, int]:
    """What somebody copies out of the paper, and how many pages it has."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(page.extract_text() for page in pages), len(pages)


@pytest.fixture
def officer():
    return make_user(Role.RISK_OFFICER)


def test_paper_says_what_the_page_says(officer):
    version = publish()
    found = a_validation(version, officer)
    response = visitor_of(officer).get(reverse("tiering:validation-paper", args=[found.pk]))
    assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
    assert response.content.rstrip().endswith(b"%%EOF")
    said, _ = read(response.content)
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
    chinese, _ = read(visitor_of(officer).get(address, headers={"Accept-Language": "zh-hans"}).content)
    assert ("信用" in chinese, "Credit" in chinese) == (True, False)
    assert "Credit" in read(visitor_of(officer).get(address).content)[0]


def test_paper_carries_its_fonts_and_names_what_they_lack():
    rare = "㛃镕喆𠮷𬭎"
    table = Table(["Name", "说明"], [[f"Nguyễn {rare}", "−3 → ½ 😀"]])
    content = pdf_of(Paper("苏州恒威", rare, [], [Section("依据", [table])]))
    fonts = [
        font.get_object()
        for page in PdfReader(io.BytesIO(content)).pages
        for font in cast(Any, page["/Resources"])["/Font"].values()
    ]
    assert {font["/BaseFont"].split("+")[1] for font in fonts} == {REGULAR, BOLD}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
    said, _ = read(content)
    assert said.count(rare) >= 2
    assert all(words in said for words in ("苏州恒威", f"Nguyễn {rare}", "−3 → ½ [U+1F600]"))
    assert len(content) < 150_000


def test_long_texts_wrap_and_long_tables_run_over_pages_with_their_heads():
    row = ["A tier that somebody described at great length, " * 6, "没有空格的很长的说明" * 12, "1"]
    table = Table(["Described", "说明", "Number"], [row] * 60, texts=2)
    content = pdf_of(
        Paper("Title", "Subtitle " * 40, [("Name", "<b>&amp; value</b>")], [Section("Part", [table])])
    )
    said, pages = read(content)
    assert pages > 5
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
