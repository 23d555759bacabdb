"""Overrides as pages and the API tell them: what each does, against what, and what the reader may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.errors import DomainError
from crm.formats import day, localized, percent
from crm.models import Client, Project, User
from crm.presence import may_have
from tiering import display
from tiering.core.authority import Demand
from tiering.core.metric import Catalogue
from tiering.models import Assessment, Committee, CriteriaVersion, Override, OverrideVote, Tier, TierScheme
from tiering.selectors.authority import authority_at
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import document_of, effective_version
from tiering.selectors.override_authority import committee_of, demand_of, limits_in, voice_of
from tiering.selectors.override_bearing import Bearing, assessment_of, bearing_now
from tiering.selectors.override_usage import Usage, book_of, usage_by_officer, usage_of
from tiering.selectors.override_warnings import Defeat, defeats
from tiering.selectors.overrides import (
    EXPIRING,
    history_of,
    holding_at,
    in_force_of,
    open_of,
    segments_of,
)
from tiering.selectors.standing import tier_at

CHIPS = {"in_force": "chip-ok", "requested": "chip-warn", "rejected": "chip-bad"}


@dataclass(frozen=True)
class Line:
    """An override in a list: `what` it does, in words for a value; `chip` is the colour of its state."""

    override: Override
    what: str
    segment: str
    chip: str
    ends_soon: bool

    @property
    def is_tier(self) -> bool:
        return self.override.tier is not None


@dataclass(frozen=True)
class Now:
    """What the criteria say of the subject now, and where an override leads from there; `bearing` is None where they
    have come to say the same."""

    assessment: Assessment
    says: Tier
    held: Tier | None
    score: str
    bearing: Bearing | None
    gates: Sequence[str]


@dataclass(frozen=True)
class Detail:
    """All that the page of an override says. `committee`: that which an officer asked for; `refusal`: why this reader
    does not decide; `may` name what they may do."""

    line: Line
    now: Now | None
    votes: Sequence[OverrideVote]
    demand: Demand
    demand_text: str
    committee: Committee | None
    refusal: DomainError | None
    warnings: Sequence[str]
    usage: Sequence[str]
    others: Sequence[Line]
    may_decide: bool
    may_call_committee: bool
    may_withdraw: bool
    may_end: bool
    may_renew: bool


@dataclass(frozen=True)
class Held:
    """Overrides of a subject as the client page tells them: the one that holds the tier, in words, and the others."""

    holding: Override | None
    text: str
    others: Sequence[Line]


def lines_of(overrides: Iterable[Override], at: datetime) -> list[Line]:
    """A line for each; a constant number of queries."""
    rows, names = list(overrides), catalogue()
    segments = segment_names({row.scheme for row in rows}, at) if rows else {}
    return [
        Line(
            row,
            what_of(row, names),
            segments.get((row.scheme_id, row.assessment.scorecard), row.assessment.scorecard),
            CHIPS.get(row.status, ""),
            row.status == Override.Status.IN_FORCE and row.ends <= at + EXPIRING,
        )
        for row in rows
    ]


def what_of(override: Override, names: Catalogue) -> str:
    """What an override does: a tier by its name, a metric with the value that it is given."""
    if override.tier:
        return f"{override.tier.key} · {override.tier.label}"
    label = display.metric_label(override.metric, names)
    return f"{label}: {display.metric_value(override.metric, override.given, names)}"


def segment_names(schemes: Iterable[TierScheme], at: datetime) -> dict[tuple[int, str], str]:
    """By scheme and key, what the criteria in effect call their segments."""
    versions = {scheme.pk: effective_version(scheme, at) for scheme in schemes}
    return {
        (scheme, card.key): display.label(card.label)
        for scheme, version in versions.items()
        if version
        for card in document_of(version).scorecards
    }


def detail_of(override: Override, user: User, at: datetime) -> Detail:
    """The override with the evidence of this moment."""
    in_effect = authority_at()
    waits, holds = override.status == Override.Status.REQUESTED, override.status == Override.Status.IN_FORCE
    now = now_of(override, at) if waits or holds else None
    bearing = now.bearing if now and waits else None
    demand = demand_of(override, bearing, in_effect)
    decides = user.has_perm("tiering.decide_proposals")
    refusal = None
    if waits and decides:
        refusal = voice_of(override, override.client.rm_id, user, demand, timezone.localdate(at)).refusal
    votes = list(override.votes.select_related("voter", "acting_for"))
    may_decide = waits and decides and refusal is None
    return Detail(
        line=lines_of([override], at)[0],
        now=now,
        votes=votes,
        demand=demand,
        demand_text=demand_text(demand),
        committee=committee_of(override),
        refusal=refusal,
        warnings=warnings_of(override, now, bearing) if now else [],
        usage=usage_lines(override, user if decides and waits else None) if waits else [],
        others=lines_of(history_of(override), at),
        may_decide=may_decide,
        may_call_committee=may_decide and not votes and not demand.is_committee,
        may_withdraw=waits and override.requested_by_id == user.pk,
        may_end=holds and decides and user.pk not in (override.requested_by_id, override.client.rm_id),
        may_renew=holds and user.has_perm("tiering.request_overrides", override.client),
    )


def now_of(override: Override, at: datetime) -> Now | None:
    """What the criteria say of the override's subject; None where they say nothing any more."""
    assessment = assessment_of(override.client_id, override.scheme, override.project)
    if assessment is None:
        return None
    return _now(assessment, bearing_now(override, assessment), at)


def now_of_subject(client: Client, scheme: TierScheme, project: Project | None, at: datetime) -> Now | None:
    assessment = assessment_of(client, scheme, project)
    return _now(assessment, None, at) if assessment else None


def _now(assessment: Assessment, bearing: Bearing | None, at: datetime) -> Now:
    labels = {gate.key: display.label(gate.label) for gate in document_of(assessment.version).gates}
    return Now(
        assessment=assessment,
        says=assessment.overlay_tier,
        held=tier_at(assessment.client, assessment.scheme, at, assessment.project),
        score=display.score(assessment.score),
        bearing=bearing,
        gates=[labels[key] for key in assessment.gates if key in labels],
    )


def demand_text(demand: Demand) -> str:
    """What the decision asks for, in words."""
    if demand.needs == 1 and demand.of == 1:
        return _("One risk officer of grade %(grade)d or more decides.") % {"grade": demand.grade}
    words = _("%(needs)d of %(of)d risk officers of grade %(grade)d or more have to approve.")
    return words % {"needs": demand.needs, "of": demand.of, "grade": demand.grade}


def warnings_of(override: Override, now: Now, bearing: Bearing | None) -> list[str]:
    """Where this override, or it beside those in force, defeats the criteria."""
    limits = limits_in(authority_at())
    adding = (now.assessment, bearing) if bearing and override.renews_id is None else None
    found = defeats(override.scheme, now.assessment.version, limits, adding)
    concerned = {now.assessment.scorecard, *now.assessment.gates}
    return [defeat_text(one) for one in found if one.key in concerned]


def defeats_of(version: CriteriaVersion, scheme: TierScheme) -> list[str]:
    """What is to be warned of in a scheme as things are."""
    return [defeat_text(one) for one in defeats(scheme, version, limits_in(authority_at()))]


def defeat_text(defeat: Defeat) -> str:
    values = {
        "name": display.label(defeat.label),
        "count": defeat.overridden,
        "of": defeat.of,
        "share": percent(defeat.share, 1),
    }
    if defeat.kind == "hard_gate":
        text = ngettext(
            "The gate “%(name)s” is binding, and %(count)d client is overridden above it.",
            "The gate “%(name)s” is binding, and %(count)d clients are overridden above it.",
            defeat.overridden,
        )
    elif defeat.kind == "gate":
        text = _(
            "%(count)d of %(of)d clients whom the gate “%(name)s” bounds (%(share)s) are overridden above it."
        )
    else:
        text = _("%(count)d of %(of)d clients of the segment “%(name)s” (%(share)s) are overridden upward.")
    return text % values


def usage_lines(override: Override, officer: User | None) -> list[str]:
    """How much of the caps is used, of the scheme and of the officer who looks."""
    limits, scheme, direction = limits_in(authority_at()), override.scheme, override.direction
    book, standing = book_of(scheme), in_force_of(override)
    without = standing.pk if standing else None
    usage = usage_of(scheme, direction, limits, book, without)
    lines = [usage_text(usage)]
    if officer:
        own = usage_by_officer(scheme, direction, officer.pk, limits, book, without)
        if own.most is not None:
            lines.append(
                _("%(count)d of them approved by you; %(most)d may be.")
                % {"count": own.count, "most": own.most}
            )
    return lines


def usage_text(usage: Usage) -> str:
    values = {"count": usage.count, "book": usage.book, "most": usage.most}
    if usage.direction == "up":
        text = _("%(count)d of %(book)d are overridden upward") % values
    else:
        text = _("%(count)d of %(book)d are overridden downward") % values
    if usage.most is None:
        return text
    return _("%(text)s; %(most)d may be.") % {"text": text, "most": usage.most}


def held_overrides(
    client: Client,
    scheme: TierScheme,
    at: datetime,
    project: Project | None = None,
    *,
    says: Tier,
    is_past: bool = False,
) -> Held:
    """The overrides of a subject at a moment, beside what the criteria alone say; of a past one, only what held then."""
    if not may_have(client, Override):
        return Held(None, "", [])
    holding = holding_at(client, scheme, at, project)
    rows = [] if is_past else [row for row in open_of(client, scheme, project) if row != holding]
    return Held(holding, holds_text(holding, says) if holding else "", lines_of(rows, at))


def holds_text(override: Override, says: Tier | None) -> str:
    """That an override holds a tier, by whom, until when, and what the criteria alone say."""
    text = _("An override holds tier %(tier)s until %(day)s: approved by %(who)s, %(reason)s.") % {
        "tier": override.tier.key if override.tier else "",
        "day": day(override.last_day),
        "who": localized(override.decided_by),
        "reason": override.get_reason_display(),
    }
    if says is None:
        return text
    return text + _(" By the criteria alone it would be %(tier)s.") % {"tier": says.key}


def scheme_warnings(at: datetime) -> list[tuple[TierScheme, list[str]]]:
    """What is to be warned of in each scheme that has overrides in force, and how much of its caps is used."""
    held = Override.objects.filter(status=Override.Status.IN_FORCE).values("scheme")
    found = []
    for scheme in TierScheme.objects.filter(pk__in=held).order_by("-is_primary", "pk"):
        version = effective_version(scheme, at)
        texts = defeats_of(version, scheme) if version else []
        if texts:
            found.append((scheme, texts))
    return found


def segment_choices(user: User, at: datetime) -> list[tuple[str, str]]:
    """The segments that overrides were asked for in, by key, as the criteria in effect call them."""
    keys = segments_of(user)
    if not keys:
        return []
    names = segment_names(TierScheme.objects.all(), at)
    by_key = {key: name for (_scheme, key), name in names.items()}
    return [(key, by_key.get(key, key)) for key in keys]
