"""The document of an ``authority`` policy: its shape, how it is read, and what makes no sense in it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from tiering.core.authority import (
    HIGHEST_GRADE,
    LOWEST_GRADE,
    SEVERITIES,
    Assignment,
    Authority,
    Demand,
    Escalation,
    OverrideLimits,
    Row,
    TierName,
    Work,
)
from tiering.core.check_shape import shape_refusals, validator_of
from tiering.core.policies import Json, Known, PolicyKind
from tiering.core.refusals import CriteriaError, Refusal
from tiering.core.schema_parts import KEY, TEXT, items, obj, told
from tiering.core.texts import N_

MOST_MEMBERS: Final = 15
MOST_HOURS: Final = 8_760
MOST_EXPOSURE: Final = 1e15

_GRADE: Final = {"type": "integer", "minimum": LOWEST_GRADE, "maximum": HIGHEST_GRADE}
_LABEL: Final = obj({"en": {**TEXT, "maxLength": 200}, "zh": {**TEXT, "maxLength": 200}})
_NOTCHES: Final = {"type": "integer", "minimum": 1, "maximum": 19}
_AMOUNT: Final = {"type": "number", "minimum": 0, "maximum": MOST_EXPOSURE}
_SHARE: Final = {"type": "integer", "minimum": 0, "maximum": 10_000}
_HOURS: Final = {"type": "integer", "minimum": 1, "maximum": MOST_HOURS}
_CODE: Final = {**TEXT, "maxLength": 60}
_COMMITTEE: Final = told(
    "So many officers vote, so many of them have to approve; each of that grade or more.",
    obj(
        {
            "of": {"type": "integer", "minimum": 2, "maximum": MOST_MEMBERS},
            "needs": {"type": "integer", "minimum": 1, "maximum": MOST_MEMBERS},
        },
        grade=_GRADE,
    ),
)
_TIERS: Final = told(
    "Tiers by key, or by rank from 0, the best.",
    items(
        {"type": ["string", "integer"], "minLength": 1, "maxLength": 32, "minimum": 0, "maximum": 19}, 1, 20
    ),
)
_ROW: Final = obj(
    {
        "needs": told(
            "The grade of the one officer who decides, or the committee.",
            obj({}, grade=_GRADE, committee=_COMMITTEE),
        )
    },
    label=_LABEL,
    direction={"enum": ["up", "down"]},
    notches=told("Both included.", obj({}, min=_NOTCHES, max=_NOTCHES)),
    exposure=told("From (included) to below.", obj({}, **{"from": _AMOUNT, "below": _AMOUNT})),
    scheme=KEY,
    **{"from": _TIERS, "to": _TIERS},
)
_WORK: Final = obj(
    {
        "assignment": obj(
            {"by": {"enum": ["round_robin", "sector", "team"]}},
            officers=told(
                "By the code of a sector or a team, the user names of its officers.",
                {
                    "type": "object",
                    "propertyNames": _CODE,
                    "additionalProperties": items({**TEXT, "maxLength": 40}, 1, 50),
                },
            ),
        ),
        "hours": told(
            "Within how many working hours (nine a day, Monday to Friday) a change has to be decided, by severity.",
            obj(dict.fromkeys(SEVERITIES, _HOURS)),
        ),
    },
    escalation=told(
        "So many working hours after that, it goes to an officer of a grade.",
        obj(
            {
                "after_hours": {"type": "integer", "minimum": 0, "maximum": MOST_HOURS},
                "grade": _GRADE,
            }
        ),
    ),
)
_DIRECTION_LIMITS: Final = obj(
    {},
    share=told("Of the clients of a scheme, in basis points.", _SHARE),
    officer_share=told("Of them, approved by one officer, in basis points.", _SHARE),
)
_OVERRIDES: Final = obj(
    {},
    up=_DIRECTION_LIMITS,
    down=_DIRECTION_LIMITS,
    longest_days={"type": "integer", "minimum": 1, "maximum": 3_650},
    notches=_NOTCHES,
    warn_share=told(
        "From which part of a segment or of a gate's clients on upward overrides are warned of, in basis points.",
        _SHARE,
    ),
)
SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Strata authority document",
    **obj(
        {
            "format": {"const": 1},
            "decisions": told("Tried in order; the last describes every change.", items(_ROW, 1, 60)),
        },
        work=_WORK,
        overrides=_OVERRIDES,
    ),
}
"""Draft 2020-12 schema of an authority document."""
_VALIDATOR: Final = validator_of(SCHEMA)


def read(data: Json) -> Authority:
    """The authority that the JSON describes. Raises CriteriaError with every fault of its shape."""
    refusals = shape_refusals(data, _VALIDATOR)
    if refusals:
        raise CriteriaError(refusals)
    work = data.get("work")
    return Authority(
        rows=tuple(_row(row, number) for number, row in enumerate(data["decisions"])),
        work=_work(work) if work else None,
        overrides=_overrides(data.get("overrides", {})),
    )


def _row(data: Json, number: int) -> Row:
    notches, exposure = data.get("notches", {}), data.get("exposure", {})
    return Row(
        demand=_demand(data["needs"], number),
        label=data.get("label"),
        direction=data.get("direction"),
        least_notches=int(notches.get("min", 1)),
        most_notches=_optional(notches.get("max")),
        exposure_from=exposure.get("from"),
        exposure_below=exposure.get("below"),
        scheme=data.get("scheme"),
        from_tiers=tuple(map(_tier, data.get("from", ()))),
        to_tiers=tuple(map(_tier, data.get("to", ()))),
    )


def _demand(data: Json, number: int) -> Demand:
    committee = data.get("committee")
    if committee is None:
        return Demand(int(data.get("grade", LOWEST_GRADE)), row=number)
    grade = int(committee.get("grade", LOWEST_GRADE))
    return Demand(grade, int(committee["of"]), int(committee["needs"]), number)


def _tier(name: Any) -> TierName:
    return name if isinstance(name, str) else int(name)


def _optional(number: Any) -> int | None:
    return None if number is None else int(number)


def _work(data: Json) -> Work:
    assignment, escalation = data["assignment"], data.get("escalation")
    officers = {code: tuple(names) for code, names in assignment.get("officers", {}).items()}
    return Work(
        assignment=Assignment(assignment["by"], MappingProxyType(officers)),
        hours=MappingProxyType({severity: int(hours) for severity, hours in data["hours"].items()}),
        escalation=Escalation(int(escalation["after_hours"]), int(escalation["grade"]))
        if escalation
        else None,
    )


def _overrides(data: Json) -> OverrideLimits:
    up, down = data.get("up", {}), data.get("down", {})
    return OverrideLimits(
        up_share=_optional(up.get("share")),
        down_share=_optional(down.get("share")),
        longest_days=_optional(data.get("longest_days")),
        notches=_optional(data.get("notches")),
        up_officer_share=_optional(up.get("officer_share")),
        down_officer_share=_optional(down.get("officer_share")),
        warn_share=_optional(data.get("warn_share")),
    )


def check(authority: Authority, known: Known) -> tuple[Refusal, ...]:
    """Every reason why an authority makes no sense among the schemes, teams and sectors that there are."""
    return tuple(_check(authority, known))


def _check(authority: Authority, known: Known) -> Iterator[Refusal]:
    for number, row in enumerate(authority.rows):
        path = f"$.decisions[{number}]"
        yield from _check_demand(row.demand, f"{path}.needs")
        yield from _check_ranges(row, path)
        yield from _check_tiers(row, path, known)
    yield from _check_order(authority.rows)
    if authority.work:
        yield from _check_assignment(authority.work.assignment, known)


def _check_demand(demand: Demand, path: str) -> Iterator[Refusal]:
    if demand.needs > demand.of:
        yield Refusal(
            "committee_too_small", path,
            N_("%(needs)s approvals cannot come from a committee of %(of)s."),
            N_("Ask for fewer approvals, or for more members."),
            {"needs": demand.needs, "of": demand.of},
        )  # fmt: skip


def _check_ranges(row: Row, path: str) -> Iterator[Refusal]:
    if row.most_notches is not None and row.most_notches < row.least_notches:
        yield Refusal(
            "notches_reversed", f"{path}.notches",
            N_("No change moves by %(least)s tiers or more and by %(most)s or less."),
            N_("Exchange the two numbers, or remove one."),
            {"least": row.least_notches, "most": row.most_notches},
        )  # fmt: skip
    low, high = row.exposure_from, row.exposure_below
    if low is not None and high is not None and high <= low:
        yield Refusal(
            "exposure_reversed", f"{path}.exposure",
            N_("No exposure is %(low)s or more and below %(high)s."),
            N_("Exchange the two amounts, or remove one."),
            {"low": low, "high": high},
        )  # fmt: skip


def _check_tiers(row: Row, path: str, known: Known) -> Iterator[Refusal]:
    if row.scheme is not None and row.scheme not in known.tiers:
        yield Refusal(
            "unknown_scheme", f"{path}.scheme",
            N_("There is no scheme “%(scheme)s”."),
            N_("Choose one of: %(schemes)s."),
            {"scheme": row.scheme, "schemes": ", ".join(sorted(known.tiers))},
        )  # fmt: skip
        return
    tiers = None if row.scheme is None else known.tiers[row.scheme]
    for side, names in (("from", row.from_tiers), ("to", row.to_tiers)):
        for name in names:
            yield from _check_tier(name, f"{path}.{side}", tiers)


def _check_tier(name: TierName, path: str, tiers: tuple[str, ...] | None) -> Iterator[Refusal]:
    if isinstance(name, str) and tiers is None:
        yield Refusal(
            "tier_without_scheme", path,
            N_("“%(tier)s” can be a tier of several schemes."),
            N_("Name the scheme of the row, or the rank of the tier: 0 is the best."),
            {"tier": name},
        )  # fmt: skip
    elif tiers is not None and (name not in tiers if isinstance(name, str) else name >= len(tiers)):
        yield Refusal(
            "tier_not_in_scheme", path,
            N_("The scheme has no tier “%(tier)s”."),
            N_("Choose among: %(tiers)s."),
            {"tier": name, "tiers": ", ".join(tiers)},
        )  # fmt: skip


def _check_order(rows: tuple[Row, ...]) -> Iterator[Refusal]:
    for number, row in enumerate(rows[:-1]):
        if row.is_open:
            yield Refusal(
                "rows_behind_default", f"$.decisions[{number}]",
                N_("This row describes every change, so the rows after it are never reached."),
                N_("Move it to the end, or say which changes it is for."),
            )  # fmt: skip
            return
    if not rows[-1].is_open:
        yield Refusal(
            "no_default_row", f"$.decisions[{len(rows) - 1}]",
            N_("The last row does not describe every change, so some change is left to nobody."),
            N_("Add a last row that says only what it asks for."),
        )  # fmt: skip


def _check_assignment(assignment: Assignment, known: Known) -> Iterator[Refusal]:
    path = "$.work.assignment.officers"
    if assignment.by == "round_robin":
        if assignment.officers:
            yield Refusal(
                "officers_not_used", path,
                N_("Work goes round all officers, so nobody looks at this list."),
                N_("Remove officers, or let work go by sector or by team."),
            )  # fmt: skip
        return
    codes = known.sectors if assignment.by == "sector" else known.teams
    for code in assignment.officers:
        if code not in codes:
            yield Refusal(
                "unknown_code", f"{path}.{code}",
                N_("The house has no sector or team “%(code)s”."),
                N_("Correct the code, or remove the entry."),
                {"code": code},
            )  # fmt: skip


def blank(known: Known) -> Json:
    """What holds without an authority, written down: any officer decides alone."""
    return {"format": 1, "decisions": [{"needs": {"grade": LOWEST_GRADE}}]}


def example() -> dict[str, Any]:
    """An authority that a house could begin with: large falls and rises to the top are agreed by several."""
    return {
        "format": 1,
        "decisions": [
            {
                "label": {"en": "Large exposure, two tiers or more", "zh": "大额敞口，变动两级及以上"},
                "notches": {"min": 2},
                "exposure": {"from": 100_000_000},
                "needs": {"committee": {"of": 3, "needs": 2, "grade": 2}},
            },
            {
                "label": {"en": "Up to the best tier", "zh": "升至最高层级"},
                "direction": "up",
                "to": [0],
                "needs": {"grade": 2},
            },
            {
                "label": {"en": "Large exposure", "zh": "大额敞口"},
                "exposure": {"from": 50_000_000},
                "needs": {"grade": 2},
            },
            {"label": {"en": "Everything else", "zh": "其余变动"}, "needs": {"grade": 1}},
        ],
        "work": {
            "assignment": {"by": "round_robin"},
            "hours": {"high": 9, "medium": 27, "low": 45},
            "escalation": {"after_hours": 9, "grade": 2},
        },
        "overrides": {
            "up": {"share": 200, "officer_share": 100},
            "down": {"share": 500, "officer_share": 200},
            "longest_days": 365,
            "notches": 2,
            "warn_share": 1_000,
        },
    }


KIND: Final = PolicyKind(read, check, blank)
