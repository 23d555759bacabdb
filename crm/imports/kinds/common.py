"""What a kind of import is, and the fields that several kinds have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from crm.imports.fields import Field, choice, text
from crm.models import Facility
from crm.names import clean_name, sort_key

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from crm.models import ImportJob

CHINESE = re.compile(r"[\u3400-\u9fff]")
UNITS = {
    **dict.fromkeys(("1", "one", "元", "yuan"), "1"),
    **dict.fromkeys(("1000", "thousand", "千元", "千"), "1000"),
    **dict.fromkeys(("10000", "万元", "万"), "10000"),
    **dict.fromkeys(("1000000", "million", "m", "百万元", "百万"), "1000000"),
    **dict.fromkeys(("100000000", "亿元", "亿"), "100000000"),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of import. `help` says what a row is about and when it changes a record; `more` gives the fields that are
    declared in records, as they are now.

    Where `column_prefix` is set, columns may be mapped to names that begin with it, beside the fields: what they mean
    is the kind's own. `check` raises a DomainError for a mapping that lacks something; one of `one_of` must be given.
    New rows of one that `has_twins` are compared with what is there (`crm.imports.twins`).
    `derive` adds to the parsed values of a row what follows from them, under the names `derived`.
    """

    name: str
    help: _StrOrPromise
    fields: tuple[Field, ...]
    more: Callable[[], tuple[Field, ...]] = tuple
    column_prefix: str = ""
    column_label: _StrOrPromise = ""
    check: Callable[[ImportJob], None] | None = None
    one_of: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    derive: Callable[[dict[str, Any]], None] = lambda values: None
    has_twins: bool = False

    def __iter__(self) -> Iterator[Field]:
        return iter((*self.fields, *self.more()))

    def field(self, name: str) -> Field | None:
        return next((field for field in self if field.name == name), None)

    def takes(self, name: str) -> bool:
        """Whether the name is one of the kind's own beside its fields."""
        return bool(self.column_prefix) and name.startswith(self.column_prefix)

    def own_columns(self, job: ImportJob) -> dict[str, str]:
        """What is behind the prefix → the column, in the order of the header."""
        said = {column: name for name, column in job.mapping.items() if self.takes(name)}
        return {
            said[column].removeprefix(self.column_prefix): column for column in job.header if column in said
        }

    @property
    def stored(self) -> list[Field]:
        return [field for field in self if not field.virtual]


CLIENT = Field(
    name="client",
    label=_("Client"),
    limit=300,
    required=True,
    aliases="client code|code|registration number|client name|company|company name|customer|account"
    "|客户|客户编号|客户代码|统一社会信用代码|客户名称|公司|公司名称|企业名称|名称",
)
NAME = Field(
    name="name",
    label=_("Name in either language"),
    limit=300,
    virtual=True,
    aliases="company|company name|client name|customer name|account|客户名称|公司名称|企业名称|名称",
)
UNIT = Field(
    name="money_unit",
    label=_("Unit of amounts"),
    type="choice",
    words=UNITS,
    choices=(
        ("1", _("units")),
        ("1000", _("thousands")),
        ("10000", _("ten thousands (万)")),
        ("1000000", _("millions")),
        ("100000000", _("hundred millions (亿)")),
    ),
    virtual=True,
    aliases="unit|amount unit|currency unit|单位|金额单位|货币单位",
)
RECEIVED = Field(
    name="received_on",
    label=_("Received on"),
    type="date",
    aliases="received|receipt date|收到日期|接收日期",
)
SOURCE = Field(name="source", label=_("Source"), limit=80, aliases="data source|来源|数据来源")
INDUSTRY = Field(
    name="industry",
    label=_("Industry"),
    limit=120,
    aliases="sector|industry name|行业|所属行业|行业名称",
)
REGION = Field(
    name="region",
    label=_("Region"),
    limit=120,
    aliases="country|city|province|location|地区|区域|城市|省份|国家|所在地",
)


def english_and_chinese_names() -> tuple[Field, Field]:
    return (
        Field(
            name="name_en",
            label=_("English name"),
            limit=300,
            aliases="name english|name (en)|英文名|英文名称|公司英文名",
        ),
        Field(
            name="name_zh",
            label=_("Chinese name"),
            limit=300,
            aliases="name chinese|name (zh)|中文名|中文名称|公司中文名",
        ),
    )


def project_of_client(aliases: str = "") -> Field:
    return text(
        "project", _("Project code"), 40, f"project|project number|project id|项目|项目编号|项目代码{aliases}"
    )


PRODUCT = choice(
    "product",
    _("Product"),
    Facility.Product,
    "product line|产品|业务品种",
    term_loan="loan 贷款 定期贷款",
    working_capital="流动资金贷款 流贷",
    project_loan="项目贷款",
    lease="leasing 融资租赁 租赁",
    letter_of_credit="lc 信用证",
    guarantee="保函 担保",
    supply_chain="供应链金融",
)


def named(values: dict[str, Any]) -> None:
    """A name of either language goes where its script says; names are stored tidy, with what a list orders by."""
    if name := values.pop("name", None):
        values.setdefault("name_zh" if CHINESE.search(name) else "name_en", name)
    for field in ("name_en", "name_zh"):
        if field in values:
            values[field] = clean_name(values[field])
    values["name_sort"] = sort_key(values.get("name_zh", ""), values.get("name_en", "")) or None
