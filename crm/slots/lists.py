"""Entries of the client list: columns, filters, views, conditions, acts on many clients, and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from crm.slots.entry import Entry

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString

    from crm.exporting.sources import Exportable
    from crm.models import Client, User
    from crm.querysets import ClientQuerySet


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """How a column orders the list: `field` after `prepare` has annotated or joined it. Missing values come last."""

    field: str
    prepare: Callable[[ClientQuerySet], ClientQuerySet] = lambda clients: clients


@dataclass(frozen=True)
class Place:
    """Where cells stand: in the list, or elsewhere; `list_param` is the query string by which a client's page knows the
    list that it was come from."""

    in_list: bool
    list_param: str


Draw = Callable[["Client", Any], "SafeString"]
"""Gives a cell, of the client and the value that its column loaded."""


@dataclass(frozen=True, kw_only=True)
class ListColumn(Entry):
    """A column of the client list.

    `load` gives the values of a whole page by client id. Of one that is on every page, `pen` gives what draws its cells
    (`crm.cells`); of any other `template` renders one from `client` and `value`.
    `classes` are CSS classes of the cell: `number`, `wide-only`, and for phone rows `phone-cell` with one of
    `tier-cell`, `name-cell`, `figure-cell`. `plain` gives what a file holds, of the client and the loaded value; without
    it that is the text of the cell. A column that is not `usual` is shown only to whom chooses it; one that is
    `fixed` to everybody.
    """

    template: str = ""
    pen: Callable[[Place], Draw] | None = None
    load: Callable[[Sequence[Client], User], Mapping[int, Any]] | None = None
    sorting: Sorting | None = None
    classes: str = ""
    usual: bool = True
    fixed: bool = False
    plain: Callable[[Client, Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Option:
    """A choice of a filter. `tier` shows its badge before the label."""

    value: str
    label: _StrOrPromise
    tier: Any = None


@dataclass(frozen=True, kw_only=True)
class ListFilter(Entry):
    """A checkbox menu above the client list. Only values among `options` reach `narrow`."""

    icon: str
    options: Callable[[User], Sequence[Option]]
    narrow: Callable[[ClientQuerySet, Sequence[str]], ClientQuerySet]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What conditions on clients may ask of each: a number in a `unit` of the metrics', or one of `categories`.

    `sql` gives it for the client `c`, from what `joins` add to it (at most one row for each client); our own text,
    never a user's. NULL is not known.

    With `rows`, what stands after FROM for the client's rows of another table, `sql` is of each of them: a comparison
    holds of a client where it holds of any row, "is not" where there are rows and none is so.
    """

    key: str
    label: _StrOrPromise
    group: _StrOrPromise
    sql: str
    joins: tuple[str, ...] = ()
    rows: str = ""
    type: Literal["number", "category"] = "number"
    unit: str = "none"
    categories: Mapping[str, _StrOrPromise] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FieldSource(Entry):
    """Fields of one kind, as of a day, each key unlike any other's. A constant number of queries."""

    fields: Callable[[User, date], Sequence[Field]]


@dataclass(frozen=True)
class Sentence:
    """A condition as it was understood: `text` to keep it by, `words` for people, `narrow` to leave whom it holds of.

    One that was not understood says why in `refusal`, and leaves nobody.
    """

    text: str
    words: str = ""
    refusal: str = ""
    narrow: Callable[[ClientQuerySet], ClientQuerySet] = field(
        default=lambda clients: clients.none(), compare=False
    )


@dataclass(frozen=True, kw_only=True)
class Conditions(Entry):
    """The language of conditions over the fields: an app above crm has it.

    `read` understands a text. `template` draws the builder, from what `builder` gives; `kit` is what it needs once for
    the page, `scripts` are its modules.
    """

    read: Callable[[str, User], Sentence]
    builder: Callable[[Sentence, User], Mapping[str, Any]]
    template: str
    kit: str
    styles: Sequence[str] = ()
    scripts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ListView(Entry):
    """A tab above the client list."""

    narrow: Callable[[ClientQuerySet, User], ClientQuerySet]


@dataclass(frozen=True, kw_only=True)
class BulkAction(Entry):
    """An act on the chosen clients: the form posts their ids as `client` to the URL, with `next` to return to.

    `template` may render further controls of the form from `action` and what `context` gives as `extra`.
    """

    icon: str
    url_name: str
    template: str = ""
    context: Callable[[User], Mapping[str, Any]] = lambda user: {}


@dataclass(frozen=True, kw_only=True)
class BulkAct(Entry):
    """A change of many clients to one value, which can be previewed and taken back.

    `options` are the values on offer; without them a text is asked for, which `value_of` may turn into the value and
    which `input` is the type of.
    `before` gives, for the client `c`, what stands there as text, `same` whether it is the value (%(value)s) already,
    `refusals` conditions by code for which the client is left as it is; `write` changes the clients of `crm_bulkitem`
    with the outcome `change`. SQL of our own; what a user says is a parameter. `models` are those it writes.
    """

    same: str
    write: str
    models: Sequence[type[Model]]
    options: Callable[[User], Sequence[Option]] | None = None
    value_of: Callable[[User, str], str] | None = None
    input: str = "text"
    before: str = "''"
    refusals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class ExportSource(Entry):
    """A list that can be taken out as a file: `read` gives it, of the address of the list, the keys of the columns asked
    for (none: those usual) and the user, starting at what they may see. `url_name` is its page."""

    read: Callable[[str, Sequence[str], User], Exportable]
    url_name: str = ""
