"""The rule for stages, switched on before the first run, and a few stages that managers set by hand."""

from collections.abc import Sequence
from datetime import date, timedelta

from config.demo.subjects import Subject
from crm.models import ClientRules
from crm.services.stages import derive_book, set_stage

HELD = (
    ("正在洽谈并购，视同成长期。", "A merger is being talked about: treated as growth."),
    ("集团重组期间暂不调整。", "Left as it is while the group is reorganised."),
)


def derive_stages(subjects: Sequence[Subject], anchor: date) -> None:
    """Let the rule decide of the whole book, but for what is set by hand."""
    ClientRules.objects.update_or_create(pk=1, defaults={"derives": True})
    held = (
        one
        for one in subjects
        if one.client.life_cycle == "mature" and one.rm.has_perm("crm.change_client", one.client)
    )
    for subject, (chinese, english) in zip(held, HELD, strict=False):
        set_stage(
            by=subject.rm,
            client=subject.client,
            axis="life_cycle",
            value="growth",
            reason=chinese if subject.writes_chinese else english,
            until=anchor + timedelta(days=120),
        )
    derive_book(day=anchor)
