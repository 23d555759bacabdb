"""The figures of a validation as a table that programs and spreadsheets read: one figure a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crm.imports.error_file import disarmed
from tiering.models import Validation

Row = tuple[str, str, str, Any]
Found = Mapping[str, Any]
HEAD = ("section", "item", "figure", "value")


def figures_csv(validation: Validation) -> tuple[str, str]:
    """The name of the file and its content; a byte-order mark tells spreadsheets that it is UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(HEAD)
    for section, item, figure, value in rows_of(validation.findings):
        writer.writerow([section, disarmed(item), figure, "" if value is None else value])
    return f"validation-{validation.pk}.csv", "\ufeff" + buffer.getvalue()


def rows_of(found: Found) -> Iterator[Row]:
    """Everything but the points of curves; what is not known has no value."""
    yield "validation", "", "content_hash", found["content_hash"]
    yield "validation", "", "subjects", found["subjects"]
    yield "validation", "", "bad", found["bad"]
    for one in found["cohorts"]:
        yield from _plain("cohort", one["day"], one, ("clients", "tiered", "in_scope", "bad"))
    for one in found["tiers"]:
        yield from _plain("tier", one["key"], one, ("subjects", "bad", "rate", "low", "high", "exposure"))
    keys = [one["key"] for one in found["tiers"]]
    for one in found["inversions"]:
        yield "inversion", f"{keys[one['better']]} {keys[one['worse']]}", "p_value", one["p_value"]
    yield from _discrimination(found["discrimination"])
    for one in found["dimensions"]:
        yield from _plain("dimension", one["key"], one, ("gini", "information_value", "subjects", "bad"))
    for one in found["indicators"]:
        yield from _plain(
            "indicator", one["metric"], one, ("gini", "information_value", "known", "subjects", "bad")
        )
    yield from _stability(found["stability"])
    for one in found["migrations"]:
        yield from _migration(one, keys)
    yield from _concentration(found["concentration"])
    yield from _overrides(found["overrides"])


def _plain(section: str, item: str, one: Found, names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        yield section, item, name, one[name]


def _discrimination(power: Found | None) -> Iterator[Row]:
    if power is None:
        return
    yield from _plain("score", "", power, ("auc", "gini", "ks", "tier_gini", "good", "bad"))
    for name, value in zip(("gini_low", "gini_high"), power["gini_interval"], strict=True):
        yield "score", "", name, value


def _stability(stability: Found | None) -> Iterator[Row]:
    if stability is None:
        return
    for name in ("tiers", "scores"):
        yield "stability", name, "psi", stability[name]
    for one in stability["indicators"]:
        yield "stability", one["metric"], "psi", one["index"]


def _migration(one: Found, keys: Sequence[str]) -> Iterator[Row]:
    item = f"{one['from']} {one['to']}"
    yield from _plain("migration", item, one, ("entered", "left", "up", "down"))
    for before, row in zip(keys, one["matrix"], strict=True):
        for after, clients in zip(keys, row, strict=True):
            yield "migration", item, f"{before} {after}", clients


def _concentration(spread: Found) -> Iterator[Row]:
    for name in ("clients", "exposure"):
        yield "concentration", name, "hhi", spread[name]
        change = spread[f"{name}_change"] or {"z": None, "p_value": None}
        yield from _plain("concentration", name, change, ("z", "p_value"))


def _overrides(overrides: Found) -> Iterator[Row]:
    yield from _plain("overrides", "", overrides, ("decided", "rejected", "rate", "assessed", "of_assessed"))
    for one in overrides["ways"]:
        names = ("decided", "subjects", "bad", "rate", "low", "high")
        yield from _plain("overrides", f"{one['way']} {one['decision']}", one, names)
    for one in overrides["officers"]:
        yield from _plain("officer", str(one["officer"]), one, ("decided", "rejected", "rate", "up", "down"))
