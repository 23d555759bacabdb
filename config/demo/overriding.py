"""Overrides of the demo book in every state: lapsed, ended and renewed within the year, in force, and waiting.

They go through the services of the house, at moments of the past, between the runs of the year.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from config.demo.cast import Cast
from config.demo.clock import moment, working_day
from crm.models import Attachment, Notice, Role, User
from crm.services.attachments import attach
from tiering.models import Assessment, Assignment, Override, Proposal, Tier, TieringRun
from tiering.services.override_decisions import decide_override
from tiering.services.override_lapse import lapse_overrides
from tiering.services.overrides import Wanted, ask_override, end_override, withdraw_override


@dataclass(frozen=True, slots=True)
class Story:
    """An override that began so many months before the anchor: from one tier to another, for so many days.

    `end`: what became of it before its last day. Chinese and English stand side by side, as officers write.
    """

    months_back: int
    before: str
    after: str
    days: int
    reason: str
    grounds: str
    end: str = ""
    evidence: str = ""


STORIES = (
    Story(
        9, "B", "A", 120, "group_support", "集团公司出具连带责任担保函，覆盖全部敞口。", evidence="担保函.txt"
    ),
    Story(
        8, "A", "B", 90, "market_knowledge", "Two of its three largest buyers have stopped ordering.", "ended"
    ),
    Story(
        7,
        "B",
        "A",
        150,
        "new_information",
        "新签五年期承购协议，尚未进入报表。",
        "renewed",
        evidence="承购协议.txt",
    ),
    Story(
        6, "AA", "A", 100, "management_change", "The founder left, and the successor has no track record yet."
    ),
    Story(2, "B", "A", 300, "project_security", "项目收费权已质押登记，专户监管。", evidence="质押登记.txt"),
    Story(
        1,
        "A",
        "B",
        38,
        "data_error",
        "The bureau mixed the client up with a namesake; corrected figures are due.",
    ),
)
RENEWED = "协议已执行三个季度，回款正常，续期一年内有效。"
ENDED = "订单已恢复，不再需要人工下调。"
WAITING = (
    ("B", "A", "group_support", "母公司增资两亿元已到位，验资报告随附。", "requested"),
    (
        "A",
        "AA",
        "market_knowledge",
        "Sole supplier of the new metro line for the next six years.",
        "requested",
    ),
    ("A", "B", "new_information", "主要子公司停产，季报前先行下调。", "rejected"),
    ("B", "A", "other", "Long-standing client of the branch.", "withdrawn"),
)
REJECTED = "停产仅两周且已复工，证据不足。"


class Overriding:
    """The overrides of a year, told month by month as the year is lived."""

    def __init__(self, anchor: date, cast: Cast):
        self.anchor = anchor
        self.officers = cast.having(Role.RISK_OFFICER)
        self.used: set[int] = set()
        self.open: list[tuple[Story, Override]] = []

    def before_runs(self, day: date) -> None:
        """What is over by then lapses; what ends early or is renewed halfway does so."""
        for story, override in list(self.open):
            if story.end and day > halfway(story, override):
                self.open.remove((story, override))
                at = moment(working_day(day - timedelta(days=2)), 15)
                end_early(override, self.officers[1], at) if story.end == "ended" else self.renew(
                    override, at
                )
        lapse_overrides(at=moment(day - timedelta(days=1), 8))

    def after_runs(self, months_back: int, day: date) -> None:
        """The overrides that were asked for in the month after a run."""
        for story in STORIES:
            if story.months_back == months_back:
                at = moment(working_day(day + timedelta(days=16)), 10)
                self.open += [(story, override) for override in self.begin(story, at)]

    def begin(self, story: Story, at: datetime) -> Iterator[Override]:
        held = self.someone(story.before, at)
        if held is None:
            return
        by = rm_of(held)
        wanted = {
            "reason": story.reason,
            "grounds": story.grounds,
            "last_day": at.date() + timedelta(days=story.days),
            "evidence": paper(story, held, by) if story.evidence else None,
        }
        asked = ask(held, story.after, wanted, by, at)
        yield approve(asked, self.officers[0], at + timedelta(days=1, hours=3))

    def renew(self, override: Override, at: datetime) -> None:
        wanted = {
            "reason": override.reason,
            "grounds": RENEWED,
            "last_day": at.date() + timedelta(days=330),
            "evidence": override.evidence,
        }
        held = Assignment.objects.select_related("client__rm", "scheme").get(
            client=override.client, scheme=override.scheme, project=None, valid_to=None
        )
        asked = ask(held, override.tier.key if override.tier else "", wanted, override.requested_by, at)
        approve(asked, self.officers[1], at + timedelta(hours=20))

    def someone(self, tier: str, at: datetime) -> Assignment | None:
        """A client in a tier of the primary scheme that the criteria gave it and that nobody asks to change."""
        waiting = Proposal.objects.filter(status=Proposal.Status.PENDING).values("client")
        agreed = Assessment.objects.filter(
            client=OuterRef("client"),
            scheme=OuterRef("scheme"),
            project=None,
            valid_to=None,
            overlay_tier=OuterRef("tier"),
            gates=[],
            valid_from__lt=at,
        )
        held = Assignment.objects.filter(
            Exists(agreed),
            scheme__is_primary=True,
            project=None,
            valid_to=None,
            tier__key=tier,
            valid_from__lt=at,
            client__status="active",
            client__rm__isnull=False,
            override=None,
        )
        free = held.exclude(client__in=waiting).exclude(client__in=self.used).order_by("client__code")
        rows = list(free.select_related("client__rm", "scheme"))
        found = rows[3 * len(self.used) % len(rows)] if rows else None
        self.used |= {found.client_id} if found else set()
        return found

    def today(self) -> None:
        """What waits for a decision today, and what was turned down or taken back."""
        at = moment(working_day(self.anchor - timedelta(days=1)), 11)
        for before, after, reason, grounds, end in WAITING:
            held = self.someone(before, moment(self.anchor, 23))
            if held is None:
                continue
            wanted = {"reason": reason, "grounds": grounds, "last_day": self.anchor + timedelta(days=180)}
            asked = ask(held, after, wanted, rm_of(held), at)
            if end == "rejected":
                decide_override(
                    override=asked,
                    verdict="reject",
                    by=self.officers[1],
                    comment=REJECTED,
                    at=at + timedelta(hours=4),
                )
            elif end == "withdrawn":
                withdraw_override(override=asked, by=rm_of(held))
        self.tidy()

    def tidy(self) -> None:
        """Runs that overrides made are dated back, and what is long past has been read."""
        runs = TieringRun.objects.filter(trigger=TieringRun.Trigger.CHANGE)
        runs.update(created_at=F("as_of"), finished_at=F("as_of"), status=TieringRun.Status.DONE)
        past = Override.objects.exclude(status=Override.Status.REQUESTED).values("pk")
        events = [
            f"{kind}:{pk}" for (pk,) in past.values_list("pk") for kind in ("override-asked", "override-over")
        ]
        Notice.objects.filter(event__in=events).update(read_at=Now())


def rm_of(held: Assignment) -> User:
    """The client's RM; every client of the demo has one."""
    assert held.client.rm is not None
    return held.client.rm


def halfway(story: Story, override: Override) -> date:
    return override.last_day - timedelta(days=story.days // 2)


def ask(held: Assignment, tier: str, wanted: dict[str, Any], by: User, at: datetime) -> Override:
    key = Tier.objects.get(scheme=held.scheme, key=tier)
    return ask_override(
        wanted=Wanted(client=held.client, scheme=held.scheme, tier=key, **wanted), by=by, at=at
    )


def approve(asked: Override, officer: User, at: datetime) -> Override:
    return decide_override(override=asked, verdict="approve", by=officer, comment="材料齐全，同意。", at=at)


def end_early(override: Override, officer: User, at: datetime) -> None:
    end_override(override=override, by=officer, reason=ENDED, at=at)


def paper(story: Story, held: Assignment, by: User) -> Attachment:
    """A short text that stands for the paper."""
    file = io.BytesIO(f"{held.client.name}\n{story.grounds}\n".encode())
    file.name = story.evidence
    return attach(file=file, client=held.client, by=by)
