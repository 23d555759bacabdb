"""The token of a source's web form: its nonce, signed under the house's secret, as those of questionnaires are."""

from __future__ import annotations

import uuid

from django.core.signing import BadSignature, Signer

from crm.link_tokens import LONGEST
from funnel.models import LeadSource

SALT = "funnel.lead-source"


def token_of(source: LeadSource) -> str:
    """What stands in the address, the same each time until the address is renewed."""
    return _signer().sign(source.nonce.hex)


def nonce_of(token: str) -> uuid.UUID | None:
    """The nonce that a token was made of; None where we did not make it."""
    if len(token) > LONGEST:
        return None
    try:
        return uuid.UUID(hex=_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
