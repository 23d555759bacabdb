"""The rule for stages, switched on before the first run, and a few stages that managers set by hand."""

from collections.abc import Sequence
from datetime import date, timedelta

from config.demo.subjects import Subject
from crm.models import Client, ClientRules
from crm.models.conduct import today
from crm.services.stages import derive_book, set_stage

HELD = (
    ("正在洽谈并购，视同成长期。", "A merger is being talked about: treated as growth."),
    ("集团重组期间暂不调整。", "Left as it is while the group is reorganised."),
)


def derive_stages(subjects: Sequence[Subject], anchor: date) -> None:
    """Let the rule decide of the whole book, but for what is set by hand."""
    ClientRules.objects.update_or_create(pk=1, defaults={"derives": True})
    chinese = {subject.client.pk: subject.writes_chinese for subject in subjects}
    mature = Client.objects.filter(pk__in=chinese, life_cycle="mature", rm__is_active=True)
    companies = mature.select_related("rm", "team").order_by("pk")[: len(HELD)]
    ends = anchor + timedelta(days=120)
    for client, reasons in zip(companies, HELD, strict=False):
        assert client.rm is not None, "every client of the book has a manager"
        set_stage(
            by=client.rm,
            client=client,
            axis="life_cycle",
            value="growth",
            reason=reasons[0] if chinese[client.pk] else reasons[1],
            until=ends if ends >= today() else None,  # a book of the past may end before today
        )
    derive_book(day=anchor)
