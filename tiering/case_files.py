"""Test cases as CSV: a row each, ``expect_tier`` and what else is asked of it, and a column for each metric by its key.

Keys of gates and overlays are parted by semicolons; ``-`` expects that no gate fires. An empty cell is not known, or not
asked.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext_lazy

from crm.imports.error_file import disarmed
from tiering.core.cases import Case, is_score
from tiering.core.document import Document
from tiering.core.metric import Catalogue
from tiering.core.refusals import Refusal
from tiering.core.texts import N_
from tiering.errors import CriteriaRefused
from tiering.evaluation import cells

NAME, TIER, SCORE, GATES = "name", "expect_tier", "expect_score", "expect_gates"
HELD, HELD_DAYS, OVERLAYS = "held", "held_days", "overlays"
OWN: Final = (NAME, TIER, SCORE, GATES, HELD, HELD_DAYS, OVERLAYS)
NO_GATE: Final = "-"
MOST_REFUSALS: Final = 20


class CasesRefused(CriteriaRefused):
    """The file cannot be used; `refusals` says in which row and column, why, and what to change."""

    code = "cases_refused"
    message = gettext_lazy("The test cases cannot be used as they are. Nothing was stored.")


def write_cases(cases: Sequence[Case], document: Document) -> str:
    """The cases as CSV that `read_cases` reads; a metric that only a case has comes after those of the document."""
    named = sorted(document.metrics)
    more = sorted({key for case in cases for key in case.facts} - set(named))
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([*OWN, *named, *more])
    for case in cases:
        gates = None if case.gates is None else sorted(case.gates) or [NO_GATE]
        rows.writerow(
            [
                disarmed(case.name),
                case.tier,
                "" if case.score is None else format(case.score.normalize(), "f"),
                ";".join(gates or []),
                case.held or "",
                "" if case.held_days is None else case.held_days,
                ";".join(sorted(case.overlays)),
                *(_written(case.facts.get(key)) for key in [*named, *more]),
            ]
        )
    return out.getvalue()


def read_cases(data: bytes, document: Document, catalogue: Catalogue, file: str = "cases.csv") -> list[Case]:
    """The cases of a file. Raises CasesRefused with everything in it that cannot be used, by row and column."""
    records = list(_records(data, file))
    header = records[0][1] if records else []
    if refusals := list(islice(_header_refusals(file, header, catalogue), MOST_REFUSALS)):
        raise CasesRefused(refusals)
    reader = _Reader(document, catalogue, header, file)
    cases = [reader.case(row, record) for row, record in records[1:]]
    if not cases and not reader.refusals:
        reader.refuse(
            1, "", _bad("no_cases", N_("The file has no rows."), N_("Give it a row for each case."))
        )
    if reader.refusals:
        raise CasesRefused(reader.refusals[:MOST_REFUSALS])
    return cases


class _Reader:
    """Reads rows, and collects what cannot be used."""

    def __init__(self, document: Document, catalogue: Catalogue, header: Sequence[str], file: str):
        self.header, self.file, self.refusals = header, file, list[Refusal]()
        self._ranks = document.ranks
        self._gates = [gate.key for gate in document.gates]
        self._overlays = [overlay.key for overlay in document.overlays]
        self._metrics = {key: cells.parser_of(catalogue[key]) for key in header if key in catalogue}
        self._seen: dict[str, int] = {}

    def case(self, row: int, record: Sequence[str]) -> Case:
        """The case of a row; what cannot be used of it is left out and told in ``refusals``."""
        if len(record) != len(self.header):
            self.refuse(row, "", _bad("row_ragged", N_("The row has another number of cells than the header."),
                                      N_("Give the row one cell for each column.")))  # fmt: skip
            record = [""] * len(self.header)
        texts = {name: text.strip() for name, text in zip(self.header, record, strict=True)}

        def read(column: str, parse: Callable[[str], Any]) -> Any:
            text = texts.get(column, "")
            if not text:
                return None
            try:
                return parse(text)
            except cells.BadCell as bad:
                self.refuse(row, column, bad)
                return None

        facts = {key: read(key, parse) for key, parse in self._metrics.items()}
        return Case(
            name=self._name(row, texts.get(NAME, "")),
            facts={key: value for key, value in facts.items() if value is not None},
            tier=self._tier(row, texts.get(TIER, "")),
            held=texts.get(HELD) or None if read(HELD, self._rank) is not None else None,
            held_days=read(HELD_DAYS, cells.days),
            overlays=frozenset(read(OVERLAYS, lambda text: _keys(text, self._overlays)) or ()),
            gates=read(GATES, lambda text: _gate_keys(text, self._gates)),
            score=read(SCORE, _score),
        )

    def refuse(self, row: int, column: str, bad: cells.BadCell) -> None:
        place = f"{self.file}:{row}:{column}" if column else f"{self.file}:{row}"
        self.refusals.append(Refusal(bad.code, place, bad.message, bad.fix, bad.params))

    def _rank(self, text: str) -> int:
        return cells.rank(text, self._ranks)

    def _name(self, row: int, text: str) -> str:
        name = text[1:] if text.startswith("'") and disarmed(text[1:]) == text else text
        if not name or len(name) > 120:
            self.refuse(row, NAME, _bad("case_name", N_("A test case has a name of up to 120 characters."),
                                        N_("Write what it is a case of.")))  # fmt: skip
        elif name in self._seen:
            self.refuse(row, NAME, _bad("case_twice", N_("Row %(row)s has the same name."),
                                        N_("Give each case a name of its own."), {"row": self._seen[name]}))  # fmt: skip
        self._seen.setdefault(name, row)
        return name

    def _tier(self, row: int, text: str) -> str:
        try:
            self._rank(text)
        except cells.BadCell as bad:
            self.refuse(row, TIER, bad)
        return text


def _records(data: bytes, file: str) -> Iterator[tuple[int, list[str]]]:
    """The header and the rows, each with the line it begins at; empty lines are passed over."""
    try:
        reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        line = 1
        for record in reader:
            if any("\0" in cell for cell in record):
                raise csv.Error("NUL")
            if any(record):
                yield line, record
            line = reader.line_num + 1
    except (UnicodeDecodeError, csv.Error) as error:
        raise CasesRefused(
            [
                Refusal(
                    "cases_unreadable",
                    file,
                    N_("The file cannot be read: %(reason)s."),
                    N_("Send a CSV file in UTF-8, with commas between its columns."),
                    {"reason": str(error)},
                )
            ]
        ) from error


def _header_refusals(file: str, header: Sequence[str], catalogue: Catalogue) -> Iterator[Refusal]:
    place = f"{file}:1"
    for name in (name for name, count in Counter(header).items() if count > 1):
        yield Refusal(
            "column_twice", f"{place}:{name}",
            N_("Two columns are called “%(name)s”."),
            N_("Rename or remove one of them."),
            {"name": name},
        )  # fmt: skip
    for name in (NAME, TIER):
        if name not in header:
            yield Refusal(
                "column_missing", place,
                N_("There is no column “%(name)s”."),
                N_("Name one of these: %(columns)s."),
                {"name": name, "columns": ", ".join(header[:MOST_REFUSALS])},
            )  # fmt: skip
    for name in header:
        if name not in OWN and name not in catalogue:
            yield Refusal(
                "column_unknown", f"{place}:{name}",
                N_("“%(name)s” is no metric of the catalogue."),
                N_("Call a column by the key of a metric, or one of these: %(columns)s."),
                {"name": name, "columns": ", ".join(OWN)},
            )  # fmt: skip


def _keys(text: str, known: Iterable[str]) -> frozenset[str]:
    keys, names = frozenset(filter(None, (part.strip() for part in text.split(";")))), list(known)
    for key in sorted(keys.difference(names)):
        raise _bad(
            "key_unknown",
            N_("The criteria do not have “%(key)s”."),
            N_("Write some of these, parted by semicolons: %(keys)s."),
            {"key": key, "keys": ", ".join(names) or "–"},
        )
    return keys


def _gate_keys(text: str, known: Iterable[str]) -> frozenset[str]:
    return frozenset() if text == NO_GATE else _keys(text, known)


def _score(text: str) -> Decimal:
    try:
        score = Decimal(text)
    except InvalidOperation:
        score = Decimal("NaN")
    if not is_score(score):
        raise _bad(
            "not_a_score",
            N_("“%(value)s” is not a score."),
            N_("Write points from 0 to 100, such as 75.2, or leave the cell empty."),
            {"value": text},
        )
    return score


def _bad(code: str, message: str, fix: str, params: Mapping[str, Any] | None = None) -> cells.BadCell:
    return cells.BadCell(code, message, fix, params or {})


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else repr(value).removesuffix(".0")
