"""What a field of an import is, and how a header finds its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from crm.imports import values

if TYPE_CHECKING:
    from django.db.models import TextChoices
    from django.utils.functional import _StrOrPromise

    from crm.models import ImportJob

    Label = _StrOrPromise

SQL_TYPES = {
    "text": "text",
    "amount": "numeric(20,2)",
    "measure": "double precision",
    "date": "date",
    "month": "date",
    "moment": "timestamptz",
    "choice": "text",
    "email": "text",
    "phone": "text",
    "choices": "varchar[]",
    "flag": "boolean",
}
FLAGS = {
    **dict.fromkeys(("yes", "true", "1", "y", "是", "已审计", "audited"), "true"),
    **dict.fromkeys(("no", "false", "0", "n", "否", "未审计", "unaudited"), "false"),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a kind.

    `aliases` are headers that mean it, in either language, between bars; the name itself always does. `type` is a key
    of SQL_TYPES; `limit` the longest text; `words` what cells may say of a choice or flag → its value, and `choices`
    its values with their labels; `lowest` and `highest` bound a measure. A `virtual` field guides the reading of
    others and is not stored. A `sealed` one is kept sealed in the records, and as it came only until it is in them.
    `meanings` gives what the cells of a column may be said to stand for on the page; those
    of a choice may be said to stand for one of its values.
    """

    name: str
    label: Label
    aliases: str = ""
    type: str = "text"
    limit: int = 80
    words: Mapping[str, str] = field(default_factory=dict)
    choices: Sequence[tuple[str, Label]] = ()
    lowest: float | None = None
    highest: float | None = None
    required: bool = False
    virtual: bool = False
    sealed: bool = False
    meanings: Callable[[ImportJob], Sequence[tuple[str, Label]]] | None = None

    @property
    def skips_missing(self) -> bool:
        """Whether "n/a" and the like are empty cells here; in texts they may be meant."""
        return self.type in ("amount", "measure") or self.is_dated

    @property
    def is_dated(self) -> bool:
        """Whether cells are dates, which some write with the day first and others with the month."""
        return self.type in ("date", "month", "moment")

    @property
    def headers(self) -> list[str]:
        """The headers that mean the field, the plainest first: its name, its aliases, its label in both languages."""
        said = (self.name, *self.aliases.split("|"), *values.spellings(self.label))
        return [values.word(header) for header in said]

    def parser(self, date_order: str = "") -> Callable[[str], Any]:
        """From a cell to what COPY writes; amounts take their scale from the row (see `cleaning`)."""
        if self.type == "date":
            return partial(values.day, order=date_order)
        if self.type == "moment":
            return partial(values.moment, order=date_order)
        if self.type == "month":
            return partial(values.month, order=date_order)
        if self.type == "measure":
            return self._measure
        if self.type in ("email", "phone"):
            return values.email if self.type == "email" else values.phone
        if self.type == "amount":
            return partial(values.amount, scale=Decimal(1))
        if self.type == "choices":
            return partial(values.choices, words=self.words)
        if self.words:
            return partial(values.choice, words=self.words)
        return partial(values.text, limit=self.limit)

    def _measure(self, raw: str) -> float:
        value = values.measure(raw)
        check_bounds(value, raw, self.lowest, self.highest)
        return value


def check_bounds(value: float, raw: str, lowest: float | None, highest: float | None) -> None:
    """Raises BadCell for a number outside its bounds."""
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        raise values.BadCell("out_of_range", value=values.shown(raw), lowest=lowest, highest=highest)


def text(name: str, label: Label, limit: int, aliases: str = "", **more: Any) -> Field:
    return Field(name=name, label=label, limit=limit, aliases=aliases, **more)


def amount(name: str, label: Label, aliases: str = "", **more: Any) -> Field:
    return Field(name=name, label=label, type="amount", aliases=aliases, **more)


def measure(name: str, label: Label, lowest: float, highest: float, aliases: str = "") -> Field:
    return Field(name=name, label=label, type="measure", lowest=lowest, highest=highest, aliases=aliases)


def date(name: str, label: Label, aliases: str = "", **more: Any) -> Field:
    return Field(name=name, label=label, type="date", aliases=aliases, **more)


def choice(
    name: str,
    label: Label,
    choices: type[TextChoices],
    aliases: str = "",
    *,
    required: bool = False,
    **also: str,
) -> Field:
    """One of `choices`; `also` names further words for each, separated by blanks."""
    return Field(
        name=name,
        label=label,
        type="choice",
        choices=choices.choices,
        words=words_of(choices, **also),
        aliases=aliases,
        required=required,
    )


def flag(name: str, label: Label, aliases: str = "") -> Field:
    return Field(
        name=name,
        label=label,
        type="flag",
        words=FLAGS,
        choices=(("yes", _("Yes")), ("no", _("No"))),
        aliases=aliases,
    )


def words_of(choices: type[TextChoices], **also: str) -> dict[str, str]:
    """What cells may say for each choice: its value (the English word), and further words, separated by blanks."""
    return {
        values.word(said): str(value)
        for value in choices.values
        for said in (value, *also.get(value, "").split())
    }
