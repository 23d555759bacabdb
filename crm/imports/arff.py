"""ARFF (attribute-relation file format): CSV with the header written as `@attribute` lines; `?` is a missing value."""

import csv
import re
from collections.abc import Iterator

from crm.imports.errors import DamagedArff

ATTRIBUTE = re.compile(r"""@attribute\s+(?:'([^']+)'|"([^"]+)"|(\S+))\s+\S""", re.IGNORECASE)
MISSING = "?"


def read(text: str) -> Iterator[tuple[int, list[str]]]:
    """The attribute names as a first row, then the data; missing values are empty cells."""
    names: list[str] = []
    lines = enumerate(text.splitlines(), 1)
    for number, line in lines:
        statement = line.strip()
        if statement.lower().startswith("@attribute"):
            names.append(_name(number, statement))
        elif statement.lower() == "@data":
            break
        elif statement and not statement.lower().startswith(("%", "@relation")):
            raise DamagedArff(line=number)
    if not names:
        raise DamagedArff(line=1)
    yield 1, names
    for number, line in lines:
        if line.strip() and not line.startswith("%"):
            yield number, _values(number, line)


def _name(number: int, statement: str) -> str:
    found = ATTRIBUTE.match(statement)
    if not found:
        raise DamagedArff(line=number)
    return next(group for group in found.groups() if group)


def _values(number: int, line: str) -> list[str]:
    if line.startswith("{"):  # the sparse form
        raise DamagedArff(line=number)
    cells = next(csv.reader([line], quotechar="'", skipinitialspace=True))
    return ["" if cell.strip() == MISSING else cell for cell in cells]
