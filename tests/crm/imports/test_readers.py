"""Any file becomes a header and rows, or a refusal that says what to do."""

import gzip
import io
import json
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from crm.imports import errors, workbook
from crm.imports.readers import read_table
from tests.crm.imports.making import as_csv, as_xlsx

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "import_samples"
ROWS = [["客户编号", "名称"], ["K1", "华信能源"], ["K2", "东方制造"]]


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "a,b\n1,2\n")
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_read_finds_the_encoding_and_says_it(encoding):
    table = read_table("clients.csv", as_csv(ROWS, encoding))
    assert (table.encoding, [table.header, *(cells for _, cells in table.rows)]) == (encoding, ROWS)


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_read_finds_the_separator(delimiter):
    table = read_table("clients.csv", as_csv([["a", "b"], ["1,5", "x"], ["2;5", "y"]], delimiter=delimiter))
    assert (table.delimiter, table.header) == (delimiter, ["a", "b"])


def test_read_in_a_named_encoding_follows_it():
    data = "name,city\nCafé,Zürich\n".encode("cp1252")
    with pytest.raises(errors.UnknownEncoding):
        read_table("a.csv", data)
    assert next(read_table("a.csv", data, "cp1252").rows) == (2, ["Café", "Zürich"])
    with pytest.raises(errors.WrongEncoding):
        read_table("a.csv", data, "utf-8")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_read_utf_16_without_a_mark_once_it_is_named(codec):
    data = as_csv(ROWS, codec)
    with pytest.raises(errors.HasNulBytes):
        read_table("a.csv", data)
    assert read_table("a.csv", data, "utf-16").header == ROWS[0]


def test_read_passes_over_the_line_in_which_excel_names_the_separator():
    assert read_table("a.csv", b"sep=;\ncode;name\nK1;A\n").header == ["code", "name"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_read_counts_lines_as_an_editor_does(newline):
    text = newline.join(["a,b", "", '"one', 'two",2', "", "3,4", ""])
    assert list(read_table("a.csv", text.encode()).rows) == [(3, [f"one{newline}two", "2"]), (6, ["3", "4"])]


def test_read_workbook_takes_the_first_sheet_with_content():
    data = as_xlsx([["Code", "Since", "Capital"], ["K1", date(2025, 3, 31), 1200.5], ["K2", None, 3]], True)
    table = read_table("clients.xlsx", data)
    assert table.sheet == "Clients"
    assert list(table.rows) == [(2, ["K1", "2025-03-31", "1200.5"]), (3, ["K2", "", "3"])]


def test_read_gzip_reads_what_is_inside():
    assert read_table("a.csv.gz", gzip.compress(as_csv(ROWS))).header == ROWS[0]


def test_read_arff_takes_names_from_attributes_and_leaves_missing_empty():
    text = "@relation r\n% note\n@attribute 'net profit / assets' numeric\n@attribute class {0,1}\n@data\n0.5,0\n?,1\n"
    table = read_table("a.arff", text.encode())
    assert (table.header, list(table.rows)) == (
        ["net profit / assets", "class"],
        [(6, ["0.5", "0"]), (7, ["", "1"])],
    )


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", errors.EmptyFile),
        (b"  \n\n", errors.EmptyFile),
        (b"code,name\n", errors.NoRows),
        (b"code,name,code\n1,2,3\n", errors.DuplicateHeader),
        (b"a,b\n1,\x00\n", errors.HasNulBytes),
        (b"a,b\n1,\x07\n", errors.HasControlCharacters),
        (b'a,b\n1,"open\n2,3\n', errors.DamagedTable),
        (b"a,b\n1,2\n" + b'3,"' + b"x" * 30_000 + b'"\n', errors.CellTooLong),
        (",".join(f"c{n}" for n in range(501)).encode() + b"\n1\n", errors.TooManyColumns),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)), errors.NotText),
        (b"PK\x03\x04 not really", errors.DamagedWorkbook),
        (b"%PDF-1.7\n1 0 obj\x00", errors.NotText),
        (archive("clients.csv"), errors.NotAWorkbook),
        (b"<html><table><tr><td>code</td></tr></table></html>", errors.IsWebPage),
        ("客户清单 2026\n\n代码,名称\nK1,宏信\n".encode(), errors.HasTitle),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not really", errors.DamagedWorkbook),
        (b"\x1f\x8b broken", errors.NotText),
    ],
)
def test_read_refuses_what_is_no_table_and_says_what_to_do(data, refusal):
    with pytest.raises(refusal) as refused:
        list(read_table("a.csv", data).rows)
    assert "%(" not in str(refused.value)


def test_read_refuses_too_large_files(settings):
    settings.IMPORT_MAX_BYTES = 1000
    with pytest.raises(errors.FileTooLarge):
        read_table("a.csv", b"a\n" + b"1\n" * 1000)
    with pytest.raises(errors.FileTooLarge):
        read_table("a.csv.gz", gzip.compress(b"a\n" + b"1\n" * 100_000))


def test_read_refuses_a_workbook_that_declares_too_much(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(errors.OversizedWorkbook):
        read_table("bomb.xlsx", bomb(b" " * 1_000_000))


def test_read_survives_a_workbook_that_lies_about_its_size():
    data = bytearray(bomb(b"<row>" + b"<c><v>1</v></c>" * 11_000_000))
    for position in range(len(data)):
        if data[position : position + 4] == b"PK\x01\x02":  # the central directory: 1 KB, it says
            data[position + 24 : position + 28] = struct.pack("<I", 1024)
    with pytest.raises((errors.OversizedWorkbook, errors.DamagedWorkbook)):
        read_table("bomb.xlsx", bytes(data))


def test_read_refuses_a_sheet_as_wide_and_high_as_excel_allows():
    """Two cells in opposite corners: seventeen thousand million cells for a reader that fills the rectangle."""
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(errors.OversizedWorkbook):
        read_table("corners.xlsx", bomb(rows))


def bomb(rows: bytes) -> bytes:
    """A workbook with the given XML as the rows of its sheet."""
    original = zipfile.ZipFile(io.BytesIO(as_xlsx([["a"], [1]])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in original.namelist():
            content = original.read(name)
            if name.endswith("sheet1.xml"):
                head, _, tail = content.partition(b"<sheetData>")
                content = head.replace(b'<dimension ref="A1:A2"/>', b"") + b"<sheetData>" + rows
                content += b"</sheetData>" + tail.partition(b"</sheetData>")[2]
            target.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared import samples are not here")
def test_read_agrees_with_csv_spectrum():
    for path in sorted((SAMPLES / "csv-spectrum" / "csvs").glob("*.csv")):
        if path.stem == "location_coordinates":  # its two halves speak of different phone numbers
            continue
        table = read_table(path.name, path.read_bytes())
        found = [dict(zip(table.header, cells, strict=True)) for _, cells in table.rows]
        expected = json.loads((SAMPLES / "csv-spectrum" / "json" / f"{path.stem}.json").read_text())
        assert found == expected, path.name


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared import samples are not here")
def test_read_reads_or_refuses_by_name_every_sample():
    refused = set()
    for path in sorted((SAMPLES / "csvkit").glob("*.*")):
        try:
            assert list(read_table(path.name, path.read_bytes()).rows)
        except errors.UnreadableFile as error:
            refused.add((path.name, error.code))
    assert refused == {
        ("Datagov_FY10_EDU_recp_by_State.csv", "title_above"),
        ("blanks_converted.csv", "no_rows"),
        ("empty.csv", "empty_file"),
        ("no_header_row.csv", "no_rows"),
        ("no_header_row2.csv", "no_rows"),
        ("null_byte.csv", "nul_bytes"),
        ("test_empty_columns_long_row.csv", "no_rows"),
        ("test_empty_columns_short_row.csv", "no_rows"),
        ("test_latin1.csv", "unknown_encoding"),
    }


@pytest.mark.skipif(not SAMPLES.exists(), reason="the shared import samples are not here")
@pytest.mark.parametrize("name", ["provinces", "cities", "areas"])
def test_read_gives_the_same_rows_in_every_chinese_encoding(name):
    folder = SAMPLES / "chinese_encodings"
    read = [list(read_table(p.name, p.read_bytes()).rows) for p in sorted(folder.glob(f"{name}_*.csv"))]
    assert len(read) >= 2
    assert all(rows == read[0] for rows in read)
