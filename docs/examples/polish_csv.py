"""The Polish companies (UCI, fifth year) as a CSV of metrics, for `manage.py criteria evaluate`.

    python docs/examples/polish_csv.py polish_5year.arff.gz polish.csv

Columns are called as in polish_observations.json. `id` is the number of the row, `bankrupt` is 1 for a company that was
bankrupt within a year; what the file does not say (`?`) stays empty.
"""

import csv
import gzip
import json
import sys
from pathlib import Path

PROFILE = Path(__file__).with_name("polish_observations.json")


def convert(arff: Path, out: Path) -> int:
    """Write the CSV and return its number of rows."""
    keys = {name: key for key, name in json.loads(PROFILE.read_text("utf-8"))["map"].items()}
    with gzip.open(arff, "rt", encoding="utf-8") as lines:
        names = []
        for line in lines:
            if line.startswith("@attribute '"):
                names.append(line.split("'")[1])
            elif line.startswith("@data"):
                break
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["id", *(keys[name] for name in names), "bankrupt"])
            number = 0
            for number, cells in enumerate(filter(None, csv.reader(lines)), 1):
                writer.writerow([number, *("" if cell == "?" else cell for cell in cells)])
    return number


if __name__ == "__main__":
    print(convert(Path(sys.argv[1]), Path(sys.argv[2])), "rows")  # noqa: T201
