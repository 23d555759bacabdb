"""The token of a link that a client opens without an account: its nonce, signed under the house's secret.

Nobody can make one up, and what the database holds does not suffice to open one; it names neither client nor
questionnaire.
"""

from __future__ import annotations

import uuid

from django.core.signing import BadSignature, Signer

from crm.models import AnswerLink

SALT = "crm.answer-link"
LONGEST = 120


def token_of(link: AnswerLink) -> str:
    """What stands in the address, the same each time."""
    return _signer().sign(link.nonce.hex)


def nonce_of(token: str) -> uuid.UUID | None:
    """The nonce that a token was made of; None where we did not make it."""
    if len(token) > LONGEST:
        return None
    try:
        return uuid.UUID(hex=_signer().unsign(token))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    """With a dot between: mail programs end links at stranger signs."""
    return Signer(salt=SALT, sep=".")
