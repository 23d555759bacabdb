"""Size classes of the People's Republic of China by industry, as data and as the two things that read it.

Source: 中小企业划型标准规定 (2011) by its wording. A company is in the best class all of whose lower bounds it meets,
and micro below them. Amounts of the table are in 万元, 10 000 yuan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from tiering.core.metric import is_missing

Figure = Literal["employees", "revenue", "assets"]
CLASSES: Final = ("large", "medium", "small")
BELOW: Final = "micro"
WAN: Final = 10_000


@dataclass(frozen=True, slots=True)
class SizeRule:
    """The lower bounds of large, medium and small for each figure that counts in an industry: people or yuan."""

    bounds: Mapping[Figure, tuple[float, ...]]


Bounds = tuple[int, int, int]


def _rule(
    *, employees: Bounds | None = None, revenue: Bounds | None = None, assets: Bounds | None = None
) -> SizeRule:
    """Bounds of people, and of amounts in 万元."""
    bounds: dict[Figure, tuple[float, ...]] = {"employees": employees} if employees else {}
    amounts: dict[Figure, Bounds | None] = {"revenue": revenue, "assets": assets}
    bounds |= {figure: tuple(bound * WAN for bound in given) for figure, given in amounts.items() if given}
    return SizeRule(MappingProxyType(bounds))


RULES: Final[Mapping[str, SizeRule]] = MappingProxyType(
    {
        "agriculture": _rule(revenue=(20_000, 500, 50)),
        "manufacturing": _rule(employees=(1_000, 300, 20), revenue=(40_000, 2_000, 300)),
        "construction": _rule(revenue=(80_000, 6_000, 300), assets=(80_000, 5_000, 300)),
        "wholesale": _rule(employees=(200, 20, 5), revenue=(40_000, 5_000, 1_000)),
        "retail": _rule(employees=(300, 50, 10), revenue=(20_000, 500, 100)),
        "transport": _rule(employees=(1_000, 300, 20), revenue=(30_000, 3_000, 200)),
        "storage": _rule(employees=(200, 100, 20), revenue=(30_000, 1_000, 100)),
        "post": _rule(employees=(1_000, 300, 20), revenue=(30_000, 2_000, 100)),
        "lodging": _rule(employees=(300, 100, 10), revenue=(10_000, 2_000, 100)),
        "catering": _rule(employees=(300, 100, 10), revenue=(10_000, 2_000, 100)),
        "telecommunications": _rule(employees=(2_000, 100, 10), revenue=(100_000, 1_000, 100)),
        "software": _rule(employees=(300, 100, 10), revenue=(10_000, 1_000, 50)),
        "real_estate": _rule(revenue=(200_000, 1_000, 100), assets=(10_000, 5_000, 2_000)),
        "property_management": _rule(employees=(1_000, 300, 100), revenue=(5_000, 1_000, 500)),
        "business_services": _rule(employees=(300, 100, 10), assets=(120_000, 8_000, 100)),
        "other": _rule(employees=(300, 100, 10)),
    }
)
"""By the code of the industry group."""


def size_class(
    rule: str | None, employees: float | None, revenue: float | None, assets: float | None
) -> str | None:
    """The class by an industry group's rule; None where the group or a figure that counts in it is not known.

    ``employees`` is a number of people, ``revenue`` and ``assets`` are in yuan.
    """
    bounds = RULES[rule].bounds if rule is not None and rule in RULES else {}
    figures: dict[Figure, float | None] = {"employees": employees, "revenue": revenue, "assets": assets}
    if not bounds or any(is_missing(figures[figure]) for figure in bounds):
        return None
    for position, name in enumerate(CLASSES):
        if all((figures[figure] or 0) >= lowest[position] for figure, lowest in bounds.items()):
            return name
    return BELOW


def size_class_sql(rule: str, employees: str, revenue: str, assets: str) -> str:
    """``size_class`` as an SQL expression over expressions of text and of double precision."""
    figures: dict[Figure, str] = {"employees": employees, "revenue": revenue, "assets": assets}
    groups = "".join(f" WHEN '{code}' THEN {_class_sql(found, figures)}" for code, found in RULES.items())
    return f"CASE {rule}{groups} END"


def _class_sql(rule: SizeRule, figures: Mapping[Figure, str]) -> str:
    known = " AND ".join(f"{figures[figure]} IS NOT NULL" for figure in rule.bounds)
    steps = "".join(
        f" WHEN {_reached(rule, figures, position)} THEN '{name}'" for position, name in enumerate(CLASSES)
    )
    return f"CASE WHEN {known} THEN CASE{steps} ELSE '{BELOW}' END END"


def _reached(rule: SizeRule, figures: Mapping[Figure, str], position: int) -> str:
    return " AND ".join(
        f"{figures[figure]} >= {lowest[position]:.0f}" for figure, lowest in rule.bounds.items()
    )
