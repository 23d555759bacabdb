"""When the overlays of a scheme were, are and will be switched on."""

from __future__ import annotations

from tiering.models import OverlayActivation, TierScheme


def activations_of(scheme: TierScheme) -> list[OverlayActivation]:
    """Every stretch of time that was ever asked for, the latest first, with the two people of each."""
    rows = OverlayActivation.objects.filter(scheme=scheme)
    return list(rows.select_related("requested_by", "approved_by").order_by("-starts", "-pk"))
