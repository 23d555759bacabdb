"""The tiers of a scheme: made by the first version that is published, named and coloured by the latest."""

from typing import Final

from tiering.core.document import Document
from tiering.errors import TiersDiffer
from tiering.models import Tier, TierScheme

SHOWN: Final = ("label_en", "label_zh", "colour_step")
"""What a later version may change of a tier that clients hold."""


def settle_tiers(scheme: TierScheme, document: Document) -> None:
    """Make the tiers that a document names, or call and colour those of the scheme as it does; part of the transaction
    that publishes it.

    Raises TiersDiffer where the scheme has others, or in another order.
    """
    wanted = _tiers(scheme, document)
    known = list(scheme.tiers.order_by("rank"))
    if not known:
        Tier.objects.bulk_create(wanted)
        return
    if [tier.key for tier in known] != [tier.key for tier in wanted]:
        raise TiersDiffer(
            known=", ".join(tier.key for tier in known), named=", ".join(tier.key for tier in wanted)
        )
    for tier, shown in zip(known, wanted, strict=True):
        for field in SHOWN:
            setattr(tier, field, getattr(shown, field))
    Tier.objects.bulk_update(known, SHOWN)


def forget_tiers(scheme: TierScheme) -> None:
    """Take back what its first version made, which was called off before anybody was placed by it."""
    scheme.tiers.all().delete()


def _tiers(scheme: TierScheme, document: Document) -> list[Tier]:
    return [
        Tier(
            scheme=scheme,
            key=tier.key,
            label_en=tier.label["en"][:80],
            label_zh=tier.label["zh"][:80],
            rank=rank,
            colour_step=document.colours[rank],
        )
        for rank, tier in enumerate(document.tiers)
    ]
