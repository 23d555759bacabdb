import csv
import io

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.imports import error_file, values
from crm.imports.error_file import disarmed
from crm.imports.readers import read_table
from crm.models import Client
from tests.crm.imports.making import imported

SKIPPED = " \t\r\n\u00a0\u3000\ufeff\u200b\x0b\x1f"
SIGNS = "=+-@＝＋－＠"


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\ufeff=1",
        "＝1",
        "\r=1",
        "\u200b=1",
        "|x",
        "%0A",
    ],
)
def test_disarmed_cells_are_no_formula(cell):
    assert disarmed(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "-5", "+3.2", "12.5%", "a=b", "华信", "2025-03-31", "a@b.cn", "0.5-1"])
def test_disarmed_leaves_harmless_cells_alone(cell):
    assert disarmed(cell) == cell


@given(st.text(SKIPPED, max_size=5), st.sampled_from(SIGNS), st.text(max_size=20))
def test_disarmed_looks_through_whatever_a_spreadsheet_skips(before, sign, after):
    cell = before + sign + after
    safe = disarmed(cell)
    assert safe.startswith("'") or error_file.PLAIN_NUMBER.fullmatch(cell)


@given(st.text(max_size=40))
def test_disarmed_adds_a_mark_and_changes_nothing_else(cell):
    assert disarmed(cell).removeprefix("'") == cell.removeprefix("'") or disarmed(cell) == "'" + cell


@pytest.mark.django_db
def test_error_file_says_line_field_reason_and_fix_and_can_be_mended_and_imported():
    rows = [
        ["code", "name", "size class"],
        ["K1", "=HYPERLINK(1)", "huge"],
        ["K2", "B", "large"],
        ["K3", "", "tiny"],
    ]
    job = imported("clients", rows)
    written = list(csv.reader(io.StringIO("".join(error_file.write(job)).removeprefix("\ufeff"))))
    header, first, second = written
    assert header[3:] == ["Line", "Field", "Reason", "How to mend it"]
    assert first[:5] == ["K1", "'=HYPERLINK(1)", "huge", "2", "Size class"]
    assert second[3] == "4"
    assert len(second[5].split("\n")) == len(second[6].split("\n")) == 2
    first[2] = "small"
    mended = imported("clients", [header, first])
    assert mended.counts == {"create": 1}
    assert Client.objects.get(code="K1").name_en == "=HYPERLINK(1)"


@pytest.mark.django_db
def test_error_file_reads_back_as_utf_8_with_its_mark():
    job = imported("clients", [["编号", "名称"], ["K1", ""]])
    table = read_table("e.csv", "".join(error_file.write(job)).encode())
    assert (table.encoding, table.header[:2]) == ("utf-8-sig", ["编号", "名称"])


def test_tidy_takes_off_the_mark_that_disarms():
    with translation.override("en"):
        assert values.tidy(disarmed("=1+1")) == "=1+1"
        assert values.tidy("'tis") == "'tis"
