"""Noting what is taken away about a client."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import get_language

from crm.errors import NotPermitted
from crm.models import Brief, Client, User
from crm.services.saving import save


@transaction.atomic
def note_brief(*, by: User, client: Client) -> Brief:
    """Note that somebody takes a client's brief away, in the language they read. Raises NotPermitted."""
    if not Client.objects.visible_to(by).filter(pk=client.pk).exists():
        raise NotPermitted
    brief = Brief(client=client, by=by, language=get_language() or "")
    save(brief)
    return brief
