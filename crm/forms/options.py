"""The choices of a question as rows of a form: words in both languages, points and a key."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

PARTS: Final = ("en", "zh", "points", "key")
BLANK: Final = dict.fromkeys(PARTS, "")
BEGUN: Final = 2
"""So many empty rows stand in the form of a question that has no choices yet."""

Row = dict[str, str]


class OptionRows(forms.Widget):
    """Rows that are added, removed and put in order; an empty one counts for nothing."""

    class Media:
        js = (Script("js/rows.js", type="module"),)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        columns = [data.getlist(f"{name}_{part}") for part in PARTS]
        rows = (
            dict(zip(PARTS, (one.strip() for one in row), strict=True)) for row in zip(*columns, strict=False)
        )
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_en" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = value or [BLANK] * BEGUN
        return render_to_string(
            "crm/questionnaires/_option_rows.html", {"name": name, "rows": rows, "blank": BLANK}
        )


class OptionsField(forms.Field):
    """Choices as the document of a questionnaire has them. A row without a key is given one by its English words."""

    widget = OptionRows

    def prepare_value(self, value: Any) -> list[Row]:
        return [one if isinstance(one, dict) else _row(one) for one in value or ()]

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        rows: list[Row] = list(value or ())
        taken = {row["key"] for row in rows}
        found, faults = [], []
        for place, row in enumerate(rows, start=1):
            points = _whole(row["points"])
            if points is None:
                faults.append(_("Row %(place)d: points are a whole number.") % {"place": place})
                continue
            key = row["key"] or _fresh(row["en"], taken)
            taken.add(key)
            found.append({"key": key, "words": {"en": row["en"], "zh": row["zh"]}, "points": points})
        if faults:
            raise ValidationError(faults)
        return found


def _row(option: Any) -> Row:
    return {"key": option.key, "en": option.words.en, "zh": option.words.zh, "points": str(option.points)}


def _whole(text: str) -> int | None:
    try:
        return int(text or 0)
    except ValueError:
        return None


def _fresh(words: str, taken: set[str]) -> str:
    """A key that no other choice has."""
    stem = slugify(words).replace("-", "_")[:30] or "choice"
    return next(key for key in (stem, *(f"{stem}_{number}" for number in range(2, 1000))) if key not in taken)
