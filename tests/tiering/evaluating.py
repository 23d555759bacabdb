"""Documents tried on rows by both engines, which have to write the same file."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tiering.core.catalogue import METRICS
from tiering.core.check import load
from tiering.core.metric import Catalogue
from tiering.evaluation.facts_file import FactsFile
from tiering.evaluation.run import ENGINES, Evaluation


def write_facts(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """A CSV; None is an empty cell and a float is written so that it reads back as the same."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return path


def both(
    folder: Path,
    data: Mapping[str, Any],
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    catalogue: Catalogue = METRICS,
    overlays: Iterable[str] = (),
) -> list[dict[str, str]]:
    """What both engines wrote about each row of facts."""
    document = load(data, catalogue)
    facts = FactsFile(write_facts(folder / "facts.csv", header, rows), document, catalogue)
    written = []
    for engine in ENGINES:
        out = folder / f"{engine}.csv"
        Evaluation(document, catalogue, facts, engine, frozenset(overlays)).run(out)
        written.append(out.read_bytes())
    assert written[0] == written[1]
    return list(csv.DictReader(written[0].decode().splitlines()))


def tiers(*args: Any, **options: Any) -> list[str]:
    """The final tier of each row."""
    return [row["tier"] for row in both(*args, **options)]
